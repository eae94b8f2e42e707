"""The books of a Fava ledger, made once for each load and given to all pages."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import cast

from fava_o2c.ledger_books import LedgerBooks
from o2c.books.loaded import master_stamps
from o2c.model.memory import keep_for_good

if TYPE_CHECKING:
    from beancount.core.data import Directive
    from fava.core import FavaLedger

    from o2c.books.loaded import Stamp


class _Made(NamedTuple):
    """Books, the entries they were made of, and the master data they may have read."""

    entries: list[Directive]
    master: dict[Path, Stamp | None]
    books: LedgerBooks


class Shelf:
    """Where the books of one ledger lie between two requests."""

    def __init__(self) -> None:
        self._made: _Made | None = None
        self._lock = Lock()

    def books(self, ledger: FavaLedger) -> LedgerBooks:
        """Give the books of what the ledger holds now; made anew after Fava loaded again or master data changed."""
        with self._lock:
            main, entries = Path(ledger.beancount_file_path), cast("list[Directive]", ledger.all_entries)
            stamps = master_stamps(main.parent)
            made = self._made
            if made is None or made.entries is not entries or made.master != stamps:
                books = LedgerBooks(main, entries, cast("dict[str, Any]", ledger.options), ledger.errors)
                books.prepare()
                # Looking through a million objects that stay costs the garbage collector seconds, in any request.
                keep_for_good()
                made = self._made = _Made(entries, stamps, books)
            return made.books
