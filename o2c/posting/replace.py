"""Replaces a file by one atomic step, or leaves it as it was.

Order (rule R2): temporary file beside the target, fsync, compare that nobody changed the target, `os.replace`, fsync
of the folder. A crash at any point leaves the old or the new content, and at most a temporary file, which the next
command removes under the lock.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from o2c.errors import NotFinished

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = ".o2c-new-"


def replace(path: Path, *, expected: bytes | None, content: bytes) -> None:
    """Replace a file's content; `expected` is what it must hold now (None: it must not exist).

    A link is followed, the mode kept. Raises NotFinished where the file changed meanwhile, has several names (hard
    links), or the disk refuses; the message says what is on disk.
    """
    import tempfile

    target = path.resolve()
    try:
        status = _status(target)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=PREFIX)
        try:
            _write(handle, content, status)
            _compare(target, expected)
            os.replace(name, target)
        except BaseException as stopped:
            try:
                os.unlink(name)
            except FileNotFoundError:  # the file had taken its place already
                raise NotFinished(
                    f"{path}: the entries are written; {stopped!r} came before the disk confirmed"
                ) from None
            raise
    except OSError as error:
        raise NotFinished(f"{path}: {error.strerror or error}; nothing was written, the books are as before") from error
    try:
        _sync_folder(target.parent, path)
    except KeyboardInterrupt as stopped:
        raise NotFinished(f"{path}: the entries are written; you stopped before the disk confirmed it") from stopped


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files of commands that died; call it under the lock only."""
    for leftover in folder.glob(PREFIX + "*"):
        leftover.unlink(missing_ok=True)


def current(path: Path) -> bytes | None:
    """Read a file whole; None where it does not exist yet."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _status(target: Path) -> os.stat_result | None:
    """Look at the file as it is; None where it does not exist yet. Refuses what a replacement would break."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if status.st_nlink > 1:
        raise NotFinished(
            f"{target}: the file has {status.st_nlink} names (hard links); nothing was written; keep one name"
        )
    if not os.access(target, os.W_OK):
        raise NotFinished(f"{target}: the file is read-only; nothing was written; make it writable if that is meant")
    return status


def _write(handle: int, content: bytes, status: os.stat_result | None) -> None:
    """Write the new file with the mode and, where we may, the owner of the old one."""
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        if status is None:
            os.fchmod(file.fileno(), 0o644)
        else:
            with contextlib.suppress(PermissionError):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            os.fchmod(file.fileno(), status.st_mode & 0o7777)
        os.fsync(file.fileno())


def _compare(target: Path, expected: bytes | None) -> None:
    if current(target) != expected:
        raise NotFinished(
            f"{target}: somebody changed the file while we were posting; nothing was written; run the command again"
        )


def _sync_folder(folder: Path, path: Path) -> None:
    """Make the new name durable; after a failure the new content stands, perhaps not yet safe from power loss."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise NotFinished(
            f"{path}: the entries are written, but the disk could not confirm it ({error.strerror}); "
            "look with `o2c check` before you repeat the command",
        ) from error
