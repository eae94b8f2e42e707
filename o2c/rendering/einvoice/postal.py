"""Addresses as the invoice froze them, one text, taken apart again into the terms of EN 16931.

`o2c.master.address` writes them: name, lines, place as the country writes it, country in capitals. What cannot be told
apart stays together, so that nothing of the frozen text is lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from o2c.master import countries
from o2c.rendering.einvoice.en16931 import PostalAddress

if TYPE_CHECKING:
    from o2c.master.address import Address

_COUNTRIES = {name.upper(): code for code, name in countries.NAMES.items()}
#: Countries whose place is written `Portland, ME 04101`, and those with the postcode on a line below the place.
_CITY_REGION_POSTCODE = {"US", "CA", "AU"}
_POSTCODE_BELOW = {"GB", "IE", "IM", "JE", "GG"}
_POSTCODE_CITY = re.compile(
    r"(?P<postcode>(?:[A-Z]{1,2}-)?[0-9][0-9A-Z-]*(?: [0-9]{2,3}| [A-Z]{2}(?= ))?) (?P<city>\D.*)"
)
_REGION_POSTCODE = re.compile(r"(?P<city>.+), (?P<region>[A-Z]{2,3})? ?(?P<postcode>[0-9A-Z -]*)")
_LAST_LINE = 3


def of_address(address: Address) -> PostalAddress:
    """Give an address of the master data; lines beyond the third join it, as the norm has three."""
    return _at_most_three(PostalAddress(address.lines, address.postcode, address.city, address.region, address.country))


def taken_apart(text: str) -> PostalAddress:
    """Take an address apart that was frozen as text, without the name.

    The country is "" where the last line names none.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    country = _COUNTRIES.get(lines[-1].upper(), "") if lines else ""
    return _at_most_three(_place(lines[:-1] if country else lines, country))


def _place(lines: list[str], country: str) -> PostalAddress:
    if not lines:
        return PostalAddress(country=country)
    if country in _POSTCODE_BELOW and len(lines) > 1 and any(letter.isdigit() for letter in lines[-1]):
        return PostalAddress(tuple(lines[:-2]), lines[-1], lines[-2], "", country)
    if country in _CITY_REGION_POSTCODE and (found := _REGION_POSTCODE.fullmatch(lines[-1])):
        return PostalAddress(
            tuple(lines[:-1]), found["postcode"].strip(), found["city"], found["region"] or "", country
        )
    for behind in (1, 2):  # a region may stand below the place
        if len(lines) >= behind and (found := _POSTCODE_CITY.fullmatch(lines[-behind])):
            region = lines[-1] if behind == 2 else ""
            return PostalAddress(tuple(lines[:-behind]), found["postcode"], found["city"], region, country)
    return PostalAddress(tuple(lines[:-1]), "", lines[-1], "", country)


def _at_most_three(address: PostalAddress) -> PostalAddress:
    lines = address.lines
    if len(lines) <= _LAST_LINE:
        return address
    return address._replace(lines=(*lines[: _LAST_LINE - 1], ", ".join(lines[_LAST_LINE - 1 :])))
