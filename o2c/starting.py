"""New books: a copy of the demonstration company, or empty ones with master data to fill."""

from __future__ import annotations

import shutil
from pathlib import Path

from o2c.errors import NotFinished
from o2c.errors import Refused
from o2c.shipped import copy_ledger

BLANK = Path(__file__).parent / "blank"
_FOLDERS = ("journal", "manual", "statements", "documents", "proposals", "outbox")
_IGNORED = ".o2c/\n*.picklecache\n"


def start_demo(folder: Path) -> None:
    """Copy the demonstration books to a new or empty folder; raises Refused where something is in it."""
    copy_ledger(folder)
    _finish(folder)


def start_empty(folder: Path) -> None:
    """Make books without entries in a new or empty folder; raises Refused where something is in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder}: there is something here already; name a new or an empty folder")
    try:
        shutil.copytree(BLANK, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    except OSError as error:
        raise NotFinished(f"{folder}: the copy stopped ({error}); remove this folder and try again") from error
    _finish(folder)


def _finish(folder: Path) -> None:
    """Make the folders that are empty at first, and keep what is derived out of git."""
    try:
        for name in _FOLDERS:
            (folder / name).mkdir(exist_ok=True)
        (folder / ".gitignore").write_text(_IGNORED, "utf-8")
    except OSError as error:
        raise NotFinished(f"{folder}: {error.strerror}; remove this folder and try again") from error
