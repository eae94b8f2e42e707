"""Putting a pack into its folder: all files at once, and never over anything else."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from o2c.errors import NotFinished
from o2c.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


def put(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Write files, named by paths with `/`, into a new or empty folder; False where exactly these are there already.

    The folder appears whole or not at all. Raises Refused where something else lies there, NotFinished where the
    system refuses.
    """
    target = folder.resolve()
    try:
        if target.is_dir() and any(target.iterdir()):
            return _require_same(folder, files)
        if target.exists() and not target.is_dir():
            raise Refused(f"{folder}: this is a file; name a folder")
        _write(target, files)
    except OSError as error:
        raise NotFinished(f"{folder}: {error.strerror or error}; the pack was not written") from error
    return True


def _require_same(folder: Path, files: Mapping[str, bytes]) -> bool:
    there = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if not path.is_dir()}
    if set(there) != set(files) or any(there[name].read_bytes() != content for name, content in files.items()):
        raise Refused(f"{folder}: something else lies here already; name a new or an empty folder")
    return False


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=".o2c-pack-"))
    try:
        for name, content in files.items():
            path = made / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        made.chmod(0o755)
        made.replace(target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
