"""The creditor reference of ISO 11649 (`RF18 5390 0754 7034`): check digits that banks and our matching can prove."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A reference in one piece: RF, two check digits, one to 21 capitals or digits.
_WHOLE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}", re.ASCII)
_LOOSE = re.compile(r"(?<![A-Z0-9])RF[0-9]{2}[A-Z0-9]{1,21}(?![A-Z0-9])", re.ASCII)
#: As printed: groups of four, the last one shorter or not.
_GROUPED = re.compile(r"(?<![A-Z0-9])RF[0-9]{2}(?: [A-Z0-9]{4}){0,5}(?: [A-Z0-9]{1,4})(?![A-Z0-9])", re.ASCII)
_LONGEST = 21
_PUNCTUATION = str.maketrans("", "", "._-")


def stem(number: str) -> str:
    """Give the part of a document number that a reference can carry: its capitals and digits.

    >>> stem("INV-2026-0001")
    'INV20260001'
    """
    return number.translate(_PUNCTUATION)


def creditor_reference(number: str) -> str:
    """Make the reference of a document number; "" where its capitals and digits are none or more than 21.

    >>> creditor_reference("INV-2026-0001")
    'RF16INV20260001'
    """
    body = stem(number)
    if not 0 < len(body) <= _LONGEST or not re.fullmatch(r"[A-Z0-9]+", body, re.ASCII):
        return ""
    return f"RF{98 - _value(body + 'RF00') % 97:02d}{body}"


def is_creditor_reference(text: str) -> bool:
    """Tell whether a text, in one piece, is a reference whose check digits are right.

    >>> is_creditor_reference("RF18539007547034"), is_creditor_reference("RF18539007547035")
    (True, False)
    """
    return bool(_WHOLE.fullmatch(text)) and _value(text[4:] + text[:4]) % 97 == 1


def printed(reference: str) -> str:
    """Write a reference in groups of four, as on paper.

    >>> printed("RF18539007547034")
    'RF18 5390 0754 7034'
    """
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def creditor_references(text: str) -> list[str]:
    """Find all references with right check digits in a text of a bank, in one piece or in groups of four.

    A word behind a reference in groups may itself look like a group, so shorter readings are tried as well; what is
    found is in the order of the text, each once.

    >>> creditor_references("inv rf18 5390 0754 7034 thanks")
    ['RF18539007547034']
    """
    found: dict[str, int] = {}
    upper = text.upper()
    for match in _LOOSE.finditer(upper):
        if is_creditor_reference(match.group()):
            found.setdefault(match.group(), match.start())
    for match in _GROUPED.finditer(upper):
        groups = match.group().split(" ")
        for count in range(len(groups), 1, -1):
            whole = "".join(groups[:count])
            if is_creditor_reference(whole):
                found.setdefault(whole, match.start())
    return sorted(found, key=lambda reference: found[reference])


def carriers(reference: str, numbers: Iterable[str]) -> list[str]:
    """List the document numbers that a reference, in one piece, is printed on; sorted, each once.

    They can be several, for numbers that differ only in punctuation share a reference: whoever matches money must ask
    then, and not choose.

    >>> carriers("RF16INV20260001", ["INV-2026-0001", "INV-2026-0002", "INV-20260001"])
    ['INV-2026-0001', 'INV-20260001']
    """
    return sorted({number for number in numbers if creditor_reference(number) == reference})


def _value(text: str) -> int:
    """Read the text as a number, letters as 10 to 35."""
    return int("".join(str(int(character, 36)) for character in text))
