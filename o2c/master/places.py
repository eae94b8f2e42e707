"""Where master data lie: the files of the folder `master`, found without reading any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "master"
FILES = ("company", "customers", "products", "prices", "terms", "taxes", "policies")


def file_of(root: Path, name: str) -> Path:
    """Give the path of a master-data file: `file_of(root, "customers")`."""
    return root / FOLDER / f"{name}.yaml"


def all_files(root: Path) -> list[Path]:
    """List every file of the master-data folder that a load looks at, also those it refuses by their names."""
    folder = root / FOLDER
    return sorted(folder.glob("[!.]*.y*ml")) if folder.is_dir() else []
