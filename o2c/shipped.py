"""The folders that ship beside the code: document templates and the demonstration books."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from o2c.errors import NotFinished
from o2c.errors import Refused

#: What a run of the tool leaves in the books' own folder, and what new books therefore start without.
_MADE_BY_USE = ("documents", "outbox")


def _shipped(name: str) -> Path:
    """Find a shipped folder: inside the package in a wheel, beside the package in a checkout."""
    package = Path(str(files("o2c")))
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


TEMPLATES = _shipped("templates")
DEMO_LEDGER = _shipped("ledger")


def copy_ledger(target: str | Path) -> None:
    """Copy the demonstration books to a new or empty folder, which becomes books of its own.

    Hidden files and the folders `.o2c`, `documents` and `outbox` stay behind: they are made by use; the last two
    are there and empty in the copy. The copied files belong to the user and can be written, however the package was
    installed. Raises Refused when the target holds anything already, and NotFinished when the disk stops the copy.
    """
    target = Path(target)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(f"{target}: there is something here already; name a new or an empty folder")
    try:
        for source in _books_files(DEMO_LEDGER):
            copy = target / source.relative_to(DEMO_LEDGER)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
        for name in _MADE_BY_USE:
            (target / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotFinished(f"{target}: the copy stopped ({error.strerror}); remove this folder and try again") from error


def _books_files(ledger: Path) -> list[Path]:
    """List the files of the books that were not made by use, in a fixed order."""
    return [path for path in sorted(ledger.rglob("*")) if path.is_file() and _is_kept(path.relative_to(ledger).parts)]


def _is_kept(parts: tuple[str, ...]) -> bool:
    """Tell whether a file, given as path from the books' folder, goes into new books."""
    hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
    return not hidden and parts[0] not in _MADE_BY_USE
