"""How a figure is named: by a word or two of its row, and its column; what does not fit is refused with the nearest."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from o2c.errors import NotFound
from o2c.errors import WrongUsage
from o2c.model.money import shown
from o2c.reports.cells import written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from o2c.reports.table import Column
    from o2c.reports.table import Row
    from o2c.reports.table import Table

TOTAL = "total"
#: Kinds of columns that hold figures.
FIGURES = frozenset({"money", "number", "count"})
#: At most so many rows or columns are named in a refusal.
_NEAREST = 5


def column_of(table: Table, word: str, headline: str) -> Column:
    """Find a column with figures; an empty word means the one the report is about.

    Buckets may be written as people do: `31-60` for `d31_60`, `91+` for `d91_plus`. Raises NotFound with the names of
    the columns.
    """
    figures = [column for column in table.columns if column.kind in FIGURES]
    named = {column.name: column for column in figures}
    if not word:
        return named.get(headline) or figures[-1]
    for name in _spellings(word):
        if name in named:
            return named[name]
    raise NotFound(f"{table.report} has no figure {shown(word)}; it has {_near(word, list(named))}")


def split(table: Table, words: Sequence[str], column: str = "") -> tuple[Sequence[str], str]:
    """Tell the words of the row from the column, which is the last where it names one; `total` alone is a row."""
    if column or not words or (len(words) == 1 and words[0].casefold() == TOTAL):
        return words, column
    names = {one.name for one in table.columns if one.kind in FIGURES}
    is_last = any(name in names for name in _spellings(words[-1]))
    return (words[:-1], words[-1]) if is_last else (words, "")


def row_of(table: Table, words: Sequence[str]) -> Row:
    """Find the row in which every word stands in a cell of its own; `#3` is the third, `total` one of the totals.

    The only row needs no words. Raises NotFound with the nearest rows where none fits, WrongUsage with the rows that
    fit where they are several.
    """
    if words and words[0].lower() == TOTAL:
        return _only(table, table.totals, words[1:])
    if len(words) == 1 and words[0].startswith("#") and words[0][1:].isascii() and words[0][1:].isdecimal():
        number = int(words[0][1:])
        if 1 <= number <= len(table.rows):
            return table.rows[number - 1]
        raise NotFound(f"{table.report} has {len(table.rows)} rows, not {words[0]}; name one of them")
    return _only(table, table.rows, words)


def _only(table: Table, rows: Sequence[Row], words: Sequence[str]) -> Row:
    found = [row for row in rows if _fits(table, row, words)]
    if len(found) == 1:
        return found[0]
    if not rows:
        raise NotFound(f"{table.report} has no such rows to explain; see `o2c report {table.report}`")
    if not found:
        raise _not_found(table, rows, words)
    numbered = (_told(table, row, words, number) for number, row in enumerate(rows, 1) if _fits(table, row, words))
    raise WrongUsage(
        f"{table.report}: {len(found)} rows fit {shown(' '.join(words)) if words else 'without --row'}; "
        f"add a word of one row: {_some(numbered, len(found))}"
    )


def _not_found(table: Table, rows: Sequence[Row], words: Sequence[str]) -> NotFound:
    """Name the word that stands in no row, with the words and columns that are near to it, and all figures."""
    keys = list(dict.fromkeys(cell for row in rows for cell in cells_of(table, row)))
    known = {key.casefold() for key in keys}
    unknown = [word for word in words if word.casefold() not in known]
    if not unknown:
        return NotFound(f"{table.report} has no row with all of {shown(' '.join(words))}; leave a word out")
    columns = [column.name for column in table.columns if column.kind in FIGURES]
    near = _near(unknown[0], [*columns, *keys])
    said = f"{table.report} has no row and no figure {shown(unknown[0])}; near are {near}"
    return NotFound(f"{said}; its figures are {', '.join(columns)}")


def _fits(table: Table, row: Row, words: Iterable[str]) -> bool:
    cells = [cell.casefold() for cell in cells_of(table, row)]
    return all(word.casefold() in cells for word in words)


def cells_of(table: Table, row: Row) -> list[str]:
    """Write the cells that name a row: texts, codes and days, no figures."""
    named = (column for column in table.columns if column.kind not in FIGURES or column.name in {"line", "rate"})
    return [cell for column in named if (cell := written(row, column))]


def _told(table: Table, row: Row, words: Sequence[str], number: int) -> str:
    known = {word.casefold() for word in words}
    others = [cell for cell in cells_of(table, row) if cell.casefold() not in known]
    return " ".join([f"#{number}" if row in table.rows else TOTAL, *others[:3]])


def _near(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word.casefold(), [one.casefold() for one in known], _NEAREST, 0.4)
    named = [one for one in known if one.casefold() in near]
    return _some(named or known, len(named or known))


def _some(words: Iterable[str], count: int) -> str:
    listed = [word for word, _ in zip(words, range(_NEAREST), strict=False)]
    more = f" and {count - len(listed)} more" if count > len(listed) else ""
    return ", ".join(map(shown, listed)) + more


def _spellings(word: str) -> list[str]:
    plain = word.casefold().replace("-", "_").replace("+", "_plus").replace(" ", "_")
    return [word, plain, f"d{plain}"]
