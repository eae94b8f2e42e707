"""The customers of an import file: each gets one code, and no two of them the same."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.importing.imported import NewCustomer
from o2c.master.countries import NAMES
from o2c.model.money import shown
from o2c.model.text import customer_code
from o2c.model.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o2c.importing.fields import Fields

_FIT = re.compile(r"[A-Z0-9][A-Z0-9-]*", re.ASCII)
_UNFIT = re.compile(r"[^A-Z0-9]+", re.ASCII)
#: Characters of a customer code, as the gate has it.
_LONGEST = 39


class Customers:
    """Gives codes to customers as they come, and remembers what the file first said of each."""

    def __init__(self, known: Mapping[str, tuple[str, ...]]) -> None:
        """Start with the customers of the books: code and the numbers they have in other systems."""
        self._known = known
        self._by_number = {number: code for code, numbers in known.items() for number in numbers}
        self._found: dict[str, NewCustomer] = {}
        self._numbers: dict[str, tuple[str, int]] = {}
        self._codes: dict[str, str] = {}
        self.renamed: set[str] = set()

    def read(self, fields: Fields, currency: str) -> tuple[str, str]:
        """Read the customer of a row; gives its code and name as first written, faults go to `fields`."""
        raw = fields.raw("customer")
        name = fields.text("name", 200)
        try:
            code = self._codes.get(raw) or self._code(raw, fields)
        except BadInput as error:
            column = fields.profile.column("customer")
            fields.fault("customer", str(error).removeprefix(f"{column}: "))
            return "", ""
        if code not in self._found:
            self._found[code] = _new(code, raw, name, currency, fields)
        elif name and raw and name != self._found[code].name:
            self.renamed.add(code)
        return code, self._found[code].name

    def all(self) -> tuple[NewCustomer, ...]:
        """Give every customer of the file, those the books know already included."""
        return tuple(self._found.values())

    def _code(self, raw: str, fields: Fields) -> str:
        column = fields.profile.column("customer")
        code = self._unused(raw, column, fields.profile.one_time) if raw else _one_time(fields.profile.one_time, column)
        other, line = self._numbers.setdefault(code, (raw, fields.line))
        if other != raw:
            there = f"{shown(other)} in line {line}"
            raise BadInput(f"{column}: {shown(raw)} would get the code {code}, as {there}; rename one of them")
        self._codes[raw] = code
        return code

    def _unused(self, raw: str, column: str, one_time: str) -> str:
        if raw in self._by_number:
            return self._by_number[raw]
        code = fitted(one_line(raw, column))
        if not code or len(code) > _LONGEST:
            raise BadInput(f"{column}: {shown(raw)} makes no customer code; give a short number in the file")
        customer_code(code, column)
        if code == one_time:
            raise BadInput(f"{column}: {code} is the one-time customer of the profile; choose another `one_time`")
        if code != raw and code in self._known:
            raise BadInput(
                f"{column}: {shown(raw)} would get the code {code}, which the books have; if it is the same customer, "
                f"write `external_ids: [{raw}]` to {code} in customers.yaml",
            )
        return code


def fitted(raw: str) -> str:
    """Write a customer's number or name as a code: capitals, digits, and a single `-` for all between.

    >>> fitted("0379-NEVHP"), fitted("Müller & Söhne GmbH")
    ('0379-NEVHP', 'MULLER-SOHNE-GMBH')
    """
    if _FIT.fullmatch(raw):
        return raw
    letters = unicodedata.normalize("NFKD", raw).upper()
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return _UNFIT.sub("-", plain).strip("-")


def _one_time(code: str, column: str) -> str:
    if not code:
        raise BadInput(f"{column}: is empty; enter the customer, or name a `one_time` customer in the profile")
    return code


def _new(code: str, raw: str, name: str, currency: str, fields: Fields) -> NewCustomer:
    if not raw:
        return NewCustomer(code, fields.profile.one_time_name, "", currency, has_number=False)
    shown_name = name or one_line(raw, fields.profile.column("customer"))
    return NewCustomer(code, shown_name, _country(fields), currency, raw if raw != code else "")


def _country(fields: Fields) -> str:
    raw, meanings = fields.raw("country"), fields.profile.countries
    if not raw or raw in meanings:
        return meanings.get(raw, "")
    if raw not in NAMES:
        fields.fault("country", f"{shown(raw)} is not a country's two letters; add it under `countries` in the profile")
    return raw if raw in NAMES else ""
