"""The fields of one row at a time, typed as the profile says; faults are collected with line and column."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import TypeVar

from beancount.core.amount import Amount

from o2c.errors import BadInput
from o2c.importing.dates import parse_date
from o2c.importing.imported import BadRow
from o2c.importing.numbers import parse_written
from o2c.model.money import ZERO
from o2c.model.money import parse_number
from o2c.model.money import shown
from o2c.model.money import whole_units
from o2c.model.text import identifier
from o2c.model.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from o2c.importing.profile import Profile
    from o2c.importing.sheets import Row

T = TypeVar("T")
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_UNFIT = re.compile(r"[^A-Z0-9._-]+")
_BREAKS = re.compile(r"[\r\n\t]+")
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_one_line = lru_cache(maxsize=100_000)(one_line)


class Number(NamedTuple):
    """A document's number as we write it, and as it is written there where that differs."""

    doc_id: str
    there: str = ""


class Fields:
    """Reads the fields of a row; after a fault it gives a stand-in, and `faults` says what was wrong."""

    def __init__(self, profile: Profile, currency: str = "") -> None:
        """Read by a profile; `currency` is the one given with the command."""
        self.faults: list[BadRow] = []
        self.profile = profile
        self._currency = currency
        self._single = {name: columns[0] for name, columns in profile.columns.items() if len(columns) == 1}
        self._row: Row

    def turn_to(self, row: Row) -> None:
        """Read this row from now on, without faults so far."""
        self._row = row
        if self.faults:
            self.faults = []

    @property
    def line(self) -> int:
        """The line of the row in the file."""
        return self._row.line

    def fault(self, name: str, what: str) -> None:
        """Note a fault of a field."""
        self.faults.append(BadRow(self._row.line, self.profile.column(name), what))

    def raw(self, name: str) -> str:
        """Give the text of a field; empty where there is none."""
        column = self._single.get(name)
        if column is not None:
            return self._row.cells.get(column, "")
        parts = [self._row.cells.get(part, "") for part in self.profile.columns.get(name, ())]
        return "-".join(parts) if parts and all(parts) else ""

    def text(self, name: str, limit: int = 500) -> str:
        """Read a text that may be missing; line breaks and tabs in it become spaces."""
        raw = _BREAKS.sub(" ", self.raw(name))
        return self._typed(name, lambda column: _one_line(raw, column, limit), "") if raw else ""

    def number(self, name: str) -> Decimal:
        """Read a number that must be there."""
        raw, profile = self.raw(name), self.profile
        if not raw:
            self.fault(name, "is empty; enter the number")
            return ZERO
        if self._is_typed(name):
            return self._typed(name, lambda column: parse_number(raw, column), ZERO)
        return self._typed(
            name, lambda column: parse_written(raw, profile.decimal, profile.group, profile.minus, column), ZERO
        )

    def money(self, name: str, currency: str) -> Decimal:
        """Read an amount in whole units of its currency, signed as written."""
        number = self.number(name)
        zero = Amount(ZERO, currency)
        return self._typed(name, lambda column: whole_units(Amount(number, currency), column), zero).number or ZERO

    def day(self, name: str) -> date | None:
        """Read a day; None where the cell is empty or says that there is none yet."""
        raw = self.raw(name)
        if not raw or raw in self.profile.no_date:
            return None
        written = self.profile.dates
        if self._is_typed(name):
            if raw[:10] in self.profile.no_date:
                return None
            if not _DATED.match(raw):
                self.fault(name, f"{shown(raw)} is a number, not a day; format the column as date in the workbook")
                return None
            written = ""
        return self._typed(name, lambda column: parse_date(raw, written, column), None)

    def needed_day(self, name: str, stand_in: date) -> date:
        """Read a day that must be there."""
        before = len(self.faults)
        day = self.day(name)
        if day is None and len(self.faults) == before:
            self.fault(name, "is empty; enter the day")
        return day or stand_in

    def due(self, day: date) -> date | None:
        """Read the due date, or count it from the document's date; None: due at once."""
        found = self.day("due")
        if found is None and self.profile.due_days >= 0:
            return day + timedelta(days=self.profile.due_days)
        return found

    def currency(self) -> str:
        """Read the currency: the column's, the command's or the profile's; never two that differ."""
        raw = self.raw("currency") or self._currency or self.profile.currency
        if not raw:
            self.fault("currency", "there is no currency; give --currency, or a column or `currency:` in the profile")
        elif not _CURRENCY.fullmatch(raw):
            self.fault("currency", f"{shown(raw)} is not a currency; write its three capitals, like USD")
        elif self._currency and raw != self._currency:
            self.fault(
                "currency", f"the row is in {raw}, the command says --currency {self._currency}; leave the option out"
            )
        else:
            return raw
        return "XXX"

    def doc_number(self, name: str, prefix: str = "") -> Number:
        """Read a document's number, keeping leading zeros; adapted to our characters only if the profile says so."""
        raw = self.raw(name)
        if not raw:
            self.fault(name, "is empty; enter the number")
            return Number("")
        kept = prefix + (raw if self.profile.numbers == "as-is" else adapted(raw))
        doc_id = self._typed(name, lambda column: _identifier(kept, column), "")
        return Number(doc_id, raw if kept != raw else "")

    def meaning(self, name: str, meanings: Mapping[str, str]) -> str:
        """Say what a word of the other system means here; empty where the profile has no such column."""
        if name not in self.profile.columns:
            return ""
        raw = self.raw(name)
        if raw not in meanings:
            key = {"type": "types", "status": "statuses"}.get(name, name)
            self.fault(name, f"{shown(raw)} is not in the profile; add it under `{key}` there, or correct the cell")
        return meanings.get(raw, "")

    def _is_typed(self, name: str) -> bool:
        return bool(self._row.typed) and self._single.get(name, "") in self._row.typed

    def _typed(self, name: str, parse: Callable[[str], T], stand_in: T) -> T:
        column = self.profile.column(name)
        try:
            return parse(column)
        except BadInput as error:
            self.faults.append(BadRow(self._row.line, column, str(error).removeprefix(f"{column}: ")))
            return stand_in


@lru_cache(maxsize=100_000)
def _identifier(text: str, column: str) -> str:
    return identifier(text, column)


def adapted(text: str) -> str:
    """Write a number with our characters: capitals, and `-` for all that is not allowed.

    >>> adapted("inv/2024/0017"), adapted("# 00501")
    ('INV-2024-0017', '00501')
    """
    return _UNFIT.sub("-", text.upper()).strip("-._")
