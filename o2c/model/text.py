"""The gates through which every identifier and every text from outside must pass (rule R7)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from o2c.errors import BadInput
from o2c.model.money import shown

_IDENTIFIER = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,39}", re.ASCII)
_CUSTOMER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,38}", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
_ACCOUNT = re.compile(r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_RESERVED_NAMES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}

#: Characters that change the reading direction of what follows; they could disguise digits and names.
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Line separators that editors, Beancount's formatter and Fava treat in different ways.
_ODD_BREAKS = {"\x85", "\u2028", "\u2029"}
MAX_TEXT = 2000


def identifier(text: str, field: str) -> str:
    """Pass a document or item number: capitals, digits, `.`, `_`, `-`, at most 40, no file-name tricks.

    >>> identifier("INV-2026-0001", "invoice")
    'INV-2026-0001'
    """
    stem = text.split(".", maxsplit=1)[0]
    if not _IDENTIFIER.fullmatch(text) or text.endswith(".") or ".." in text or stem in _RESERVED_NAMES:
        raise BadInput(
            f"{field}: {shown(text)} is not a number we can use; "
            "write capitals, digits, '.', '_' and '-', starting with a letter or digit, at most 40 characters",
        )
    return text


def customer_code(text: str, field: str = "customer") -> str:
    """Pass a customer code, which becomes part of an account name: capitals, digits and `-`."""
    if not _CUSTOMER.fullmatch(text) or text in _RESERVED_NAMES:
        raise BadInput(f"{field}: {shown(text)} is not a customer code; write capitals, digits and '-', like C0001")
    return text


def code(text: str, field: str) -> str:
    """Pass a code from master data (terms, tax code, reason, price list): letters, digits, `.`, `_`, `-`."""
    if not _CODE.fullmatch(text):
        raise BadInput(f"{field}: {shown(text)} is not a code; write letters, digits, '.', '_' and '-'")
    return text


def account(text: str, field: str = "account") -> str:
    """Pass an account name in plain ASCII, as the ledger format asks for."""
    if not _ACCOUNT.fullmatch(text):
        raise BadInput(f"{field}: {shown(text)} is not an account; write it like Assets:Bank:Main")
    return text


def day(text: str, field: str = "date") -> date:
    """Read an ISO date, `2026-03-05`, between 1900 and 2199."""
    if _DAY.fullmatch(text):
        try:
            result = date.fromisoformat(text)
        except ValueError:
            pass
        else:
            if 1900 <= result.year <= 2199:
                return result
            raise BadInput(f"{field}: {shown(text)} lies outside the years 1900 to 2199; correct the year")
    raise BadInput(f"{field}: {shown(text)} is not a day; write it like 2026-03-05")


def free_text(text: str, field: str, limit: int = MAX_TEXT) -> str:
    """Pass a name, address or remark: any letters, in NFC, no control or direction characters.

    Line feeds and tabs may stand inside. Raises BadInput with the field's name for anything that could not come
    back from the ledger as it went in.
    """
    if len(text) > limit:
        raise BadInput(f"{field}: the text has {len(text)} characters; at most {limit} are allowed")
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    for position, character in enumerate(normal):
        category = unicodedata.category(character)
        if character in "\n\t":
            continue
        if category in {"Cc", "Cs", "Co", "Cn"} or character in _BIDI or character in _ODD_BREAKS:
            name = f"U+{ord(character):04X}"
            raise BadInput(f"{field}: the character {name} at position {position + 1} is not allowed; remove it")
    return normal


def one_line(text: str, field: str, limit: int = 200) -> str:
    """Pass a text that must fit on one line, such as a name or a reference; must not be empty."""
    result = free_text(text, field, limit).strip()
    if not result or "\n" in result or "\t" in result:
        raise BadInput(f"{field}: {shown(text)} must be one line of text and not empty")
    return result
