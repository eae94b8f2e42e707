"""What the checks look at: the books (where they load), the master data, and the files in their folder."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from o2c import books as door
from o2c.errors import BooksBroken
from o2c.errors import NotFound
from o2c.model import integrity

if TYPE_CHECKING:
    from o2c.books import Books
    from o2c.master import Master
    from o2c.model.integrity import Sheet

_SKIPPED = frozenset({".git", "__pycache__"})
#: Folders whose files are not part of the ledger, whatever their names.
_NOT_LEDGER = frozenset({"proposals", "outbox", "documents", "statements"})


class Evidence:
    """The books of one folder, as the checks see them; each part is read at its first use.

    `loaded` is None where Beancount cannot load the books at all; `faults` then says why.
    """

    def __init__(self, root: Path, loaded: Books | None, faults: tuple[str, ...] = ()) -> None:
        """Hold what loading gave."""
        self.root = root
        self.loaded = loaded
        self.faults = faults

    @property
    def books(self) -> Books:
        """The books; only for checks that run on loaded books."""
        assert self.loaded is not None, "this check needs books that load"
        return self.loaded

    @cached_property
    def sheet(self) -> Sheet:
        """Transactions, documents and movements as the files say them, before plugins."""
        return integrity.sheet(self.books.booked)

    @cached_property
    def master(self) -> Master | None:
        """The master data; None where they do not load (`master_faults` says why)."""
        return self._master[0]

    @cached_property
    def master_faults(self) -> tuple[str, ...]:
        """Every fault of the master data."""
        return self._master[1]

    @cached_property
    def _master(self) -> tuple[Master | None, tuple[str, ...]]:
        from o2c import master

        try:
            return (self.loaded.master if self.loaded else master.load(self.root)), ()
        except BooksBroken as error:
            return None, error.faults

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """All files below the folder, sorted; version control left out."""
        found = []
        for folder, names, files in os.walk(self.root):
            names[:] = sorted(name for name in names if name not in _SKIPPED)
            found += [Path(folder, name) for name in files]
        return tuple(sorted(found))

    @cached_property
    def ledger_files(self) -> tuple[Path, ...]:
        """Ledger files below the folder, whether they are included or not."""
        return tuple(path for path in self.files if path.suffix in {".beancount", ".bean"} and self._in_ledger(path))

    def _in_ledger(self, path: Path) -> bool:
        parts = path.relative_to(self.root).parts
        return not any(part.startswith(".") for part in parts) and parts[0] not in _NOT_LEDGER

    @cached_property
    def read_files(self) -> tuple[Path, ...]:
        """Ledger files that Beancount read, the main file first; what plugins add (YAML, lists of seals) left out."""
        if self.loaded is None:
            return self.ledger_files
        names = (Path(name) for name in self.loaded.options["include"])
        return tuple(path for path in names if path.suffix not in {".yaml", ".yml", ".leaves"})


def gather(root: Path) -> Evidence:
    """Load the books of a folder for the checks; raises NotFound where there is no main file.

    Whatever else stops the load is evidence: plugins can raise anything when they are imported, even SystemExit.
    """
    try:
        return Evidence(root, door.load(root))
    except NotFound:
        raise
    except BooksBroken as error:
        return Evidence(root, None, error.faults)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - see above (danger D06)
        return Evidence(root, None, (f"{root / door.MAIN}:1: Beancount stopped with {error!r}; see `bean-check -C`",))
