"""The gates that turn the text of a master-data field into a value; each raises BadInput with the field's name."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING
from unicodedata import is_normalized

from o2c.errors import BadInput
from o2c.model import money
from o2c.model import text

if TYPE_CHECKING:
    from collections.abc import Callable

HUNDRED = Decimal(100)
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def line(value: str, field: str) -> str:
    """Pass one line of text; the common case is proved without looking at every character."""
    if value.isprintable() and len(value) <= 200 and is_normalized("NFC", value) and (short := value.strip()):
        return short
    return text.one_line(value, field)


def free_text(value: str, field: str) -> str:
    """Pass a text of several lines."""
    return text.free_text(value, field).strip("\n")


def flag(value: str, field: str) -> bool:
    """Read `yes` or `no` (also `true`, `false`)."""
    if value not in _FLAGS:
        raise BadInput(f"{field}: {money.shown(value)} is neither yes nor no; write one of the two")
    return _FLAGS[value]


def whole(low: int, high: int) -> Callable[[str, str], int]:
    """Make a gate for a whole number between two limits, both allowed."""

    def gate(value: str, field: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) <= 9 and low <= int(value) <= high):
            raise BadInput(f"{field}: {money.shown(value)} is not a whole number from {low} to {high}")
        return int(value)

    return gate


def percent(value: str, field: str) -> Decimal:
    """Read a percentage from 0 to 100: `19` or `2.5`, without a sign."""
    number = money.parse_number(value.removesuffix("%").rstrip(), field)
    if not 0 <= number <= HUNDRED:
        raise BadInput(f"{field}: {money.shown(value)} is not a percentage from 0 to 100")
    return number


def choice(*allowed: str) -> Callable[[str, str], str]:
    """Make a gate for one word out of a few."""

    def gate(value: str, field: str) -> str:
        if value not in allowed:
            raise BadInput(f"{field}: {money.shown(value)} is not known here; write one of {', '.join(allowed)}")
        return value

    return gate


def email(value: str, field: str) -> str:
    """Pass one mail address, without a name."""
    if len(value) > 254 or not value.isprintable() or not _EMAIL.fullmatch(value):
        raise BadInput(f"{field}: {money.shown(value)} is not a mail address; write it like name@example.com")
    return value


def language(value: str, field: str) -> str:
    """Pass a language, `de` or `de-AT`."""
    if not _LANGUAGE.fullmatch(value):
        raise BadInput(f"{field}: {money.shown(value)} is not a language; write it like de or de-AT")
    return value
