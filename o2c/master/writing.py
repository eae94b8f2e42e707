"""Replacing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from o2c.errors import NotFinished


def replace(path: Path, before: bytes, after: bytes) -> None:
    """Put `after` in place of `before`, keeping the file's mode; a symbolic link stays, its target changes.

    Raises NotFinished, with the file as it was, when someone else changed it meanwhile or the disk refuses.
    """
    target = path.resolve()
    try:
        if target.read_bytes() != before:
            raise NotFinished(f"{path}: the file was changed by someone else meanwhile; nothing was written, try again")
        _written_beside(target, after).replace(target)
    except OSError as error:
        raise NotFinished(f"{path}: cannot be written ({error.strerror}); the file is as it was") from error
    _sync_folder(target.parent)


def _written_beside(target: Path, data: bytes) -> Path:
    """Write a temporary file in the same folder, with the mode of the target, and wait for the disk."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(stream.fileno(), target.stat().st_mode & 0o7777)
            os.fsync(stream.fileno())
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    """Wait until the new name is on the disk; some file systems cannot, and then it is as safe as they are."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
