"""Proves the index: row by row what Beancount reads now, and the same open items, balances and sales."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date as Date
from typing import TYPE_CHECKING
from typing import Any

from o2c.books.index.opening import indexed
from o2c.books.index.rows import Move
from o2c.books.index.rows import Quantity
from o2c.books.index.rows import Row
from o2c.books.index.rows import Unfit
from o2c.books.index.rows import row
from o2c.books.loading import load
from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.model.items import items
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from pathlib import Path

    from o2c.books.index.books import IndexedBooks
    from o2c.books.loaded import Books
    from o2c.model.items import Item

#: Where an entry stands: file and line.
Place = tuple[str, int]
_REBUILD = "run `o2c index rebuild`, and please report it"
#: Days at which open items and balances are compared, besides the last.
_DAYS = 4


def verify(root: Path) -> list[Finding]:
    """Compare the index of these books with a fresh load; nothing to compare where the index cannot hold them.

    Raises NotFound where there is no main file, BooksBroken where the books do not load.
    """
    return compare(load(root))


def compare(loaded: Books) -> list[Finding]:
    """Compare the index with books that are loaded already; they are loaded again where a file changed since."""
    books = indexed(loaded.root)
    if books is None:
        return []
    if any(loaded.stamps.get(path) != stamp for path, stamp in _stamps(books).items()):
        loaded = load(loaded.root)
    found: list[Finding] = []
    try:
        found += _rows(books, loaded)
        found += _answers(books, loaded)
    except (sqlite3.DatabaseError, LookupError, TypeError, ValueError) as error:  # whatever a damaged index may hold
        found.append(_finding(Source(str(loaded.main), 1), f"the index is damaged ({error!r})"))
    return found


def _stamps(books: IndexedBooks) -> dict[Path, Any]:
    return {path: stamp for path, stamp in books.stamps.items() if path.suffix not in {".yaml", ".yml"}}


# ---- rows ------------------------------------------------------------------------------------------------------------


def _rows(books: IndexedBooks, loaded: Books) -> Iterator[Finding]:
    kept, meant = kept_rows(books.connection), meant_rows(loaded)
    failed = {(error.source.file, error.source.line) for error in loaded.errors}
    for place in sorted({*kept, *meant}):
        if kept.get(place) != meant.get(place) and not (place in failed and place not in meant):
            message = _difference(kept.get(place, []), meant.get(place, []))
            yield _finding(Source(*place), message)


def _difference(kept: list[Row], meant: list[Row]) -> str:
    if not kept:
        return f"the index does not know this entry ({_name(meant[0])})"
    if not meant:
        return f"the index knows an entry ({_name(kept[0])}) that Beancount does not find here"
    if len(kept) != len(meant):
        return f"the index knows {len(kept)} entries here, Beancount finds {len(meant)}"
    one, other = next(pair for pair in zip(kept, meant, strict=True) if pair[0] != pair[1])
    field = next(name for name in Row._fields if getattr(one, name) != getattr(other, name))
    return f"the index says {field} {getattr(one, field)!r}, Beancount says {getattr(other, field)!r}"


def _name(one: Row) -> str:
    return one.doc_id or f"kind {one.kind!r} of {Date.fromordinal(one.date)}"


def meant_rows(loaded: Books) -> dict[Place, list[Row]]:
    """Make the rows of the directives as Beancount booked them, by place; movements split by booking are summed."""
    found: dict[Place, list[Row]] = defaultdict(list)
    for entry in loaded.booked:
        try:
            made = row(entry)
        except Unfit:
            made = None  # found as an entry that only the index knows
        if made is not None:
            found[str(entry.meta["filename"]), int(entry.meta["lineno"])].append(_normal(made))
    return {place: sorted(rows) for place, rows in found.items()}


def kept_rows(connection: sqlite3.Connection) -> dict[Place, list[Row]]:
    """Read the rows back from the tables of the index, by place."""
    paths = dict(connection.execute("select id, path from file"))
    about = _by_entry(connection, "select entry, name from name", lambda values: values[0])
    moves = _by_entry(connection, "select entry, account, item, amount, currency, due from move", Move._make)
    quantities = _by_entry(connection, "select entry, ordered, line, what, quantity from quantity", Quantity._make)
    found: dict[Place, list[Row]] = defaultdict(list)
    for key, file, line, lots, sale, made_by, *fields in connection.execute(
        "select id, file, line, lots, sale, made_by, kind, date, doc_type, doc_id, version, customer, key from entry"
    ):
        lists = (tuple(about[key]), tuple(moves[key]), tuple(quantities[key]))
        made = Row._make((*fields, *lists, bool(lots), bool(sale), made_by))
        found[paths[file], line].append(_normal(made))
    return {place: sorted(rows) for place, rows in found.items()}


def _by_entry(connection: sqlite3.Connection, query: str, make: Any) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for key, *values in connection.execute(query):
        found[key].append(make(values))
    return found


def _normal(one: Row) -> Row:
    sums: dict[tuple[str, str, str, int], int] = defaultdict(int)
    for move in one.moves:
        sums[move.account, move.item, move.currency, move.due] += move.amount
    moves = tuple(
        Move(account, item, amount, currency, due) for (account, item, currency, due), amount in sorted(sums.items())
    )
    return one._replace(moves=moves, names=tuple(sorted(one.names)), quantities=tuple(sorted(one.quantities)))


# ---- answers ---------------------------------------------------------------------------------------------------------


def _answers(books: IndexedBooks, loaded: Books) -> Iterator[Finding]:
    """Compare what reports ask; books with errors are not compared: what Beancount cannot book counts in the index."""
    if loaded.errors:
        return
    main = Source(str(loaded.main), 1)
    places = {(item.account, item.item, item.currency): item.source for item in items(loaded.facts.moved).values()}
    for day in days(loaded):
        for key, ours, theirs in _unequal(_items(books.open_items(day)), _items(loaded.open_items(day))):
            message = f"open item {key[1]} on {day}: the index says {_said(ours)}, Beancount {_said(theirs)}"
            yield _finding(places.get(key, main), message)
        for key, ours, theirs in _unequal(_not_zero(books.balances(day)), _not_zero(loaded.balances(day))):
            yield _finding(main, f"balance of {' '.join(key)} on {day}: the index says {ours}, Beancount {theirs}")
        for key, ours, theirs in _unequal(books.sales(Date.min, day), loaded.sales(Date.min, day)):
            yield _finding(main, f"sales in {key} through {day}: the index says {ours}, Beancount {theirs}")
    for key, ours, theirs in _unequal(_each_day(books), _each_day(loaded)):
        yield _finding(main, f"sales in {key[0]} on {key[1]}: the index says {ours}, Beancount {theirs}")
    for key, ours, theirs in _unequal(_numbers(books), _numbers(loaded)):
        yield _finding(main, f"the number {key}: the index says {ours}, Beancount {theirs}")


def _each_day(books: Books) -> dict[tuple[str, Date], Any]:
    found = books.sales_by_day(Date.max)
    return {(code, day): amount for code, by_day in found.items() for day, amount in by_day.items()}


def _numbers(books: Books) -> dict[str, tuple[str, Date]]:
    return {one.doc_id: (one.doc_type, one.date) for one in books.numbered(Date.max)}


def days(loaded: Books) -> list[Date]:
    """Choose days that lie evenly over the movements, the first and the last among them."""
    moved = sorted({move.date for move in loaded.facts.moved})
    step = max(1, len(moved) // _DAYS)
    return sorted({*moved[::step], *moved[-1:]})


def _items(found: Iterable[Item]) -> dict[tuple[str, str, str], Item]:
    """Look items up by account, name and currency."""
    return {(item.account, item.item, item.currency): comparable(item) for item in found}


def comparable(item: Item) -> Item:
    """Leave out what only loaded books know: what an item is worth in another currency; and what nobody knows.

    Of two entries of the same day at the same line of two files Beancount takes that one first whose file the file
    system lists first.
    """
    return item._replace(carrying=ZERO, carrying_currency="", source=Source("", item.source.line))


def _not_zero(balances: Mapping[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    return {key: amount for key, amount in balances.items() if amount}


def _unequal(ours: Mapping[Any, Any], theirs: Mapping[Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    keys: list[Hashable] = [*ours, *(key for key in theirs if key not in ours)]
    return ((key, ours.get(key), theirs.get(key)) for key in keys if ours.get(key) != theirs.get(key))


def _said(item: Item | None) -> str:
    if item is None:
        return "none"
    return f"{item.open} of {item.original} {item.currency}, {item.doc_type} {item.doc_id}, due {item.due}"


def _finding(place: Source, message: str) -> Finding:
    return Finding("index", place, f"{message}; {_REBUILD}")
