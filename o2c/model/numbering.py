"""Numbers of documents: per series and fiscal year, gapless, never reused.

A pattern such as `INV-{year}-{number:04d}` makes the series; `{year}` is the fiscal year, named after the calendar year
in which it ends.
Numbers of other shapes (imported ones) belong to no series.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date as Date
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import BadInput
from o2c.errors import Refused
from o2c.model import names
from o2c.model.text import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from o2c.model.documents import Document

#: Series in which a later number may not have an earlier day (Art. 226 (2): sequential numbers of invoices).
MONOTONE = frozenset({names.INVOICE, names.DEPOSIT_INVOICE, names.CREDIT_NOTE})
_FIELD = re.compile(r"\{(year|number)(?::0?([0-9]+)d)?\}")


class Place(NamedTuple):
    """The place of a document in its series: which fiscal year, which number."""

    year: int
    number: int


def fiscal_year(day: Date, start_month: int) -> int:
    """Give the fiscal year of a day, named after the calendar year in which it ends.

    >>> fiscal_year(Date(2026, 3, 31), 4), fiscal_year(Date(2026, 4, 1), 4), fiscal_year(Date(2026, 1, 1), 1)
    (2026, 2027, 2026)
    """
    return day.year + (1 if start_month > 1 and day.month >= start_month else 0)


def place(doc_id: str, pattern: str) -> Place | None:
    """Read year and number out of a document's number; None where it is not of this series."""
    found = _expression(pattern).fullmatch(doc_id)
    if not found:
        return None
    groups = found.groupdict()
    return Place(int(groups.get("year") or 0), int(groups["number"]))


def write_number(pattern: str, year: int, number: int) -> str:
    """Write the number of a document; passes the gate for identifiers."""
    return identifier(pattern.format(year=year, number=number), "number")


@lru_cache(maxsize=64)
def _expression(pattern: str) -> re.Pattern[str]:
    fields = [match.group(1) for match in _FIELD.finditer(pattern)]
    if fields.count("number") != 1 or fields.count("year") > 1:
        raise BadInput(
            f"numbering: the pattern {pattern!r} must hold {{number}} once; write it like INV-{{year}}-{{number:04d}}"
        )
    parts, last = [], 0
    for match in _FIELD.finditer(pattern):
        digits = "[0-9]{4}" if match.group(1) == "year" else f"[0-9]{{{match.group(2) or 1},}}"
        parts += [re.escape(pattern[last : match.start()]), f"(?P<{match.group(1)}>{digits})"]
        last = match.end()
    return re.compile("".join(parts) + re.escape(pattern[last:]))


def require_not_ahead(documents: Iterable[Document], today: Date) -> None:
    """Refuse documents of monotone series dated after today: a mistyped day would block the series until then."""
    for doc in documents:
        if doc.doc_type in MONOTONE and doc.date > today:
            raise Refused(
                f"{doc.doc_id} would be dated {doc.date}, after today ({today}), and none could be dated before it any "
                f"more; correct --date, or say that it is that day: o2c --today {doc.date} ..."
            )


#: Gives the last number and the last day of a series (document type, pattern, fiscal year); None where it is new.
Last = Callable[[str, str, int], tuple[int, Date] | None]


def last_numbers(documents: Iterable[Document], patterns: Mapping[str, str]) -> Last:
    """Find the last number and day of each series and fiscal year among documents."""
    last: dict[tuple[str, int], tuple[int, Date]] = {}
    for doc in documents:
        pattern = patterns.get(doc.doc_type, "")
        found = place(doc.doc_id, pattern) if pattern else None
        if found:
            number, day = last.get((doc.doc_type, found.year), (0, doc.date))
            last[doc.doc_type, found.year] = (max(number, found.number), max(day, doc.date))
    return lambda doc_type, _, year: last.get((doc_type, year))


class Numbers:
    """Draws the next number of each series; made inside the lock, from the books as they are.

    One object serves one command, however many documents it makes.
    """

    def __init__(self, last: Last, patterns: Mapping[str, str], start_month: int) -> None:
        """Draw after the last numbers of the books."""
        self._known = last
        self._patterns = patterns
        self._start_month = start_month
        self._last: dict[tuple[str, int], tuple[int, Date]] = {}

    def _note(self, doc_type: str, found: Place, day: Date) -> None:
        number, last_day = self._last.get((doc_type, found.year), (0, day))
        self._last[doc_type, found.year] = (max(number, found.number), max(last_day, day))

    def draw(self, doc_type: str, day: Date) -> str:
        """Draw the next number for a day; raises Refused where an invoice series would go back in time."""
        pattern = self._patterns[doc_type]
        year = fiscal_year(day, self._start_month) if "{year}" in pattern else 0
        if (doc_type, year) not in self._last:
            self._last[doc_type, year] = self._known(doc_type, pattern, year) or (0, day)
        number, last_day = self._last[doc_type, year]
        if doc_type in MONOTONE and day < last_day:
            last = write_number(pattern, year, number)
            raise Refused(
                f"{last} is dated {last_day}; a later number may not have an earlier day; use --date {last_day}"
            )
        self._note(doc_type, Place(year, number + 1), day)
        return write_number(pattern, year, number + 1)
