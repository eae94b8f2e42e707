"""Numbers as other systems write them: decimal, group and minus sign are those of the profile, never guessed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.model.money import parse_number
from o2c.model.money import shown

if TYPE_CHECKING:
    from decimal import Decimal

DECIMALS = (".", ",")
#: What a profile may say under `group`, and the sign meant.
GROUPS = {"none": "", ",": ",", ".": ".", "'": "'", "space": " ", "no-break-space": "\u00a0", "thin-space": "\u202f"}
#: Where the minus of a negative number stands: `-5.00`, `5.00-`, `(5.00)`.
MINUS = ("before", "after", "brackets")


@lru_cache(maxsize=100_000)
def parse_written(text: str, decimal: str, group: str, minus: str, column: str) -> Decimal:
    """Read a number as a profile writes it; groups, where used, must be of three digits and complete.

    >>> parse_written("1.234,50-", ",", ".", "after", "Amount")
    Decimal('-1234.50')

    Raises BadInput for every other form: `1,234` where `,` is neither sign, U+2212, brackets nobody announced.
    """
    match = _pattern(decimal, group, minus).fullmatch(text)
    if match is None:
        example = _example(decimal, group, minus)
        advice = "correct it, or the signs in the profile"
        raise BadInput(f"{column}: {shown(text)} is not a number written like {example}; {advice}")
    digits = match["whole"].replace(group, "") if group else match["whole"]
    negative = "-" if any(match.groupdict().get(sign) for sign in ("before", "after", "bracket")) else ""
    return parse_number(f"{negative}{digits}.{match['rest']}" if match["rest"] else f"{negative}{digits}", column)


@lru_cache(maxsize=64)
def _pattern(decimal: str, group: str, minus: str) -> re.Pattern[str]:
    grouped = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+|" if group else ""
    body = rf"(?P<whole>{grouped}[0-9]+)(?:{re.escape(decimal)}(?P<rest>[0-9]+))?"
    if minus == "brackets":
        return re.compile(rf"(?P<bracket>\()?{body}(?(bracket)\))", re.ASCII)
    return re.compile(rf"(?P<before>-)?{body}" if minus == "before" else rf"{body}(?P<after>-)?", re.ASCII)


def _example(decimal: str, group: str, minus: str) -> str:
    number = f"1{group}234{decimal}50"
    return {"before": f"-{number}", "after": f"{number}-", "brackets": f"({number})"}[minus]
