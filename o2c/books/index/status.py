"""What there is of an index, and whether it is up to date: looked at, never changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.books.index import cleanliness
from o2c.books.index import files
from o2c.books.index import store
from o2c.books.index import sync
from o2c.books.loaded import stamp

if TYPE_CHECKING:
    from o2c.books.index.sync import Known


class Status(NamedTuple):
    """The state of an index.

    `changed` are files that the next command reads again (new and removed ones, too); `unfit` are files that the index
    cannot hold, so that commands load the books whole. `bytes` is the size of the index, `text_bytes` that of the text.
    """

    path: Path
    exists: bool
    files: int = 0
    entries: int = 0
    bytes: int = 0
    text_bytes: int = 0
    changed: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    is_known_clean: bool = False

    @property
    def is_up_to_date(self) -> bool:
        """Tell whether the next command need not read a ledger file."""
        return self.exists and not self.changed


def status(root: Path) -> Status:
    """Look at the index of these books; one that cannot be used counts as none."""
    path = store.path_of(root)
    connection = store.connect(path)
    if connection is None:
        return Status(path, exists=False)
    try:
        with store.reading(connection):
            return _status(path, connection, root)
    except sqlite3.DatabaseError:
        return Status(path, exists=False)
    finally:
        connection.close()


def _status(path: Path, connection: sqlite3.Connection, root: Path) -> Status:
    known = sync.known_files(connection)
    wanted, _ = sync.compare(root, known)
    changed = {name for name in wanted if name not in known or _is_changed(known[name])} | set(known) - wanted
    sizes = [path.with_name(path.name + suffix) for suffix in ("", "-wal")]
    return Status(
        path,
        exists=True,
        files=len(known),
        entries=connection.execute("select count(*) from entry").fetchone()[0],
        bytes=sum(found.size for one in sizes if (found := stamp(one))),
        text_bytes=sum(file.stamp.size for file in known.values()),
        changed=tuple(sorted(changed)),
        unfit=tuple(sorted(name for name, file in known.items() if not file.fit or file.errors)),
        is_known_clean=not changed and cleanliness.is_known(connection),
    )


def _is_changed(file: Known) -> bool:
    """Compare by content where the times do not tell."""
    if sync.is_same(file):
        return False
    try:
        return files.digest(Path(file.path).read_bytes()) != file.hash
    except OSError:
        return True
