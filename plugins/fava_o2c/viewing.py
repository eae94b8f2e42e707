"""Lays one page of a table out: cells as text, heads that sort, ways to search, to turn the page and to take it along.

A cell leads where it points: a customer to its page, a document to its chain, a place in the books to its line.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from fava_o2c import links
from fava_o2c.narrowing import chosen
from fava_o2c.narrowing import values
from fava_o2c.parts import Choice
from fava_o2c.parts import Head
from fava_o2c.parts import Shown
from fava_o2c.parts import View
from o2c.model.findings import Source
from o2c.reports.cells import RIGHT
from o2c.reports.cells import safe
from o2c.reports.cells import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

    from fava_o2c.asked import Asked
    from fava_o2c.ledger_books import LedgerBooks
    from o2c.reports.table import Column
    from o2c.reports.table import Row
    from o2c.reports.table import Table

#: Rows on a page of a table.
ROWS = 25
PLACES = ("source", "place")
FORMATS = ("csv", "xlsx")
_HEADS = {"d1_30": "1-30", "d31_60": "31-60", "d61_90": "61-90", "d91_plus": "over 90", "dso": "DSO"}


class Here(NamedTuple):
    """Where a reader is: the books, what the address asks for, and the name of the page; `own` says whose page it is.

    `own` are the parameters that make the page the one of a customer or document: every link in it keeps them.
    """

    books: LedgerBooks
    asked: Asked
    page: str
    own: tuple[str, ...]

    def kept(self) -> dict[str, str]:
        """Give the parameters that say whose page it is."""
        return {name: self.asked.args[name] for name in self.own if self.asked.args.get(name)}


def view(here: Here, key: str, table: Table) -> View:
    """Show the part of a table that the address asks for."""
    found = chosen(table, key, here.asked.args)
    columns = [column for column in table.columns if _says_something(table, column)]
    pages = max(1, -(-len(found.rows) // ROWS))
    page = min(_page(here.asked.args.get(f"{key}-page", "")), pages)
    first = (page - 1) * ROWS
    choices = tuple(_choices(here, key, table))
    find = here.asked.args.get(f"{key}-find", "")
    return View(
        key=key,
        title=table.title,
        basis=table.basis,
        heads=tuple(_head(here, key, column) for column in columns),
        rows=tuple(_cells(here, row, columns) for row in found.rows[first : first + ROWS]),
        totals=tuple(_total(row, columns) for row in found.totals),
        find=find,
        choices=choices,
        kept={**here.asked.filters(), **_state(here, f"{key}-page", f"{key}-find", *(c.field for c in choices))},
        action=links.page(here.asked, here.page, {}).partition("?")[0],
        count=_count(first, len(found.rows), len(table.rows)),
        previous=_turned(here, key, page - 1) if page > 1 else "",
        following=_turned(here, key, page + 1) if page < pages else "",
        downloads=tuple(_download(here, key, fmt) for fmt in FORMATS),
        is_searched=bool(find) or any(choice.chosen for choice in choices),
    )


def label(name: str) -> str:
    """Say the name of a column as people do."""
    return _HEADS.get(name, name.replace("_", " "))


def _page(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _count(first: int, found: int, all_: int) -> str:
    if not found:
        return "nothing found" if all_ else "nothing to show"
    among = f" (searched among {all_:,})" if found != all_ else ""
    return f"{first + 1}-{min(first + ROWS, found)} of {found:,}{among}"


def _state(here: Here, *without: str) -> dict[str, str]:
    """Give what the address says about the tables of this page, but for some parameters."""
    args = here.asked.args
    said = {name: value for name, value in args.items() if _is_state(name) and name not in without and value}
    return {**here.kept(), **said}


def _is_state(name: str) -> bool:
    return name.partition("-")[2].startswith(("sort", "find", "page", "is-"))


def _turned(here: Here, key: str, page: int) -> str:
    return links.page(here.asked, here.page, {**_state(here), f"{key}-page": str(page)}) + f"#{key}"


def _download(here: Here, key: str, fmt: str) -> Shown:
    args = {**_state(here, f"{key}-page"), "table": key, "format": fmt}
    return Shown(fmt.upper(), links.page(here.asked, here.page, args, "download"))


def _head(here: Here, key: str, column: Column) -> Head:
    now = here.asked.args.get(f"{key}-sort", "")
    way = {"": "none", column.name: "ascending", "-" + column.name: "descending"}.get(now, "none")
    following = column.name if now == "-" + column.name else "-" + column.name
    if column.kind in {"text", "code", "date"} and now != column.name:
        following = column.name
    args = {**_state(here, f"{key}-page"), f"{key}-sort": following}
    return Head(
        label(column.name), way, links.page(here.asked, here.page, args) + f"#{key}", column.kind, column.kind in RIGHT
    )


def _choices(here: Here, key: str, table: Table) -> list[Choice]:
    found = []
    for column in table.columns:
        if known := values(table, column):
            field = f"{key}-is-{column.name}"
            found.append(Choice(field, label(column.name), known, here.asked.args.get(field, "")))
    return found


def _says_something(table: Table, column: Column) -> bool:
    """Tell whether any row has a value in a column; those that say nothing are left out on a page, never in a file."""
    return column is table.columns[0] or any(row.get(column.name, "") != "" for row in table.rows)


def _cells(here: Here, row: Row, columns: Iterable[Column]) -> tuple[Shown, ...]:
    return tuple(_cell(here, row, column) for column in columns)


def _cell(here: Here, row: Row, column: Column) -> Shown:
    text = safe(written(row, column))
    if column.kind in RIGHT:
        return figure(text, row.get(column.name, ""))
    if column.name in PLACES:
        return place(here, text)
    return Shown(text, _way(here, column, text) if column.kind == "code" and text else "")


def figure(text: str, value: object) -> Shown:
    """Show a number, with separators for reading; a negative one is marked."""
    if not isinstance(value, Decimal):
        return Shown(text, is_figure=True)
    return Shown(grouped(text), is_figure=True, is_negative=value < 0, is_zero=not value)


def grouped(text: str) -> str:
    """Separate the thousands of a written number.

    >>> grouped("-1234567.50"), grouped("999.00")
    ('-1,234,567.50', '999.00')
    """
    whole, point, rest = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{rest}" if digits.isdigit() else text


def place(here: Here, text: str) -> Shown:
    """Show a place in the books by the name of its file, below the books, with the way to its line."""
    file, _, line = text.rpartition(":")
    if not file or not line.isdigit():
        return Shown(text)
    name = file.removeprefix(f"{here.books.root}/")
    return Shown(f"{name}:{line}", links.source(here.asked, Source(f"{here.books.root / name}", int(line))))


def _way(here: Here, column: Column, text: str) -> str:
    if column.name in {"customer", "name", "of"} and text in here.books.slices.customers:
        return links.customer(here.asked, text)
    number = text if text in here.books.facts.versions else text.partition(".")[0]
    return links.document(here.asked, number) if number in here.books.facts.versions else ""


def _total(row: Row, columns: Iterable[Column]) -> tuple[Shown, ...]:
    cells = [
        figure(written(row, column), row.get(column.name, "")) if column.kind in RIGHT else Shown(written(row, column))
        for column in columns
    ]
    return (Shown("total"), *cells[1:]) if not cells[0].text else tuple(cells)


#: A table by its key on a page, made when it is shown or taken along.
Tables = dict[str, "Callable[[], Table]"]
