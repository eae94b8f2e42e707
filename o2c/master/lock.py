"""The lock that lets one writer at a time change the books: postings and master data share it.

It is advisory (`flock`) on a file of its own that is never deleted; the system frees it when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from o2c.errors import NotFinished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAUSE = 0.02


@contextmanager
def writer_lock(root: Path, timeout: float = 20.0, name: str = "lock") -> Iterator[None]:
    """Hold the books' lock, `.o2c/lock`; waits up to `timeout` seconds, then raises NotFinished "locked by ...".

    The outbox has a lock of its own name, so that slow mail servers never keep anybody from posting.
    """
    path = root / ".o2c" / name
    descriptor = _opened(path)
    try:
        _wait(descriptor, path, timeout)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise NotFinished(f"{path}: the lock cannot be opened ({error.strerror}); nothing was written") from error


def _wait(descriptor: int, path: Path, timeout: float) -> None:
    give_up = time.monotonic() + timeout
    while not _taken(descriptor):
        if time.monotonic() >= give_up:
            holder = os.pread(descriptor, 100, 0).decode("utf-8", "replace").strip() or "another process"
            raise NotFinished(f"{path}: locked by {holder} for {timeout:g} s; nothing was written, try again")
        time.sleep(_PAUSE)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
