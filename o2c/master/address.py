"""Postal addresses, and how each country writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from o2c.master import countries
from o2c.master import gates

if TYPE_CHECKING:
    from o2c.master.section import Section

FIELDS = frozenset({"lines", "postcode", "city", "region", "country"})
#: Countries that write the postcode behind the place, or below it.
_CITY_REGION_POSTCODE = {"US", "CA", "AU"}
_POSTCODE_BELOW = {"GB", "IE", "IM", "JE", "GG"}


@dataclass(frozen=True, slots=True)
class Address:
    """A place where mail or goods arrive; `country` is ISO 3166-1 alpha-2."""

    lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""

    def text(self) -> str:
        """Write the address as on a letter, one line below the other, the country in capitals at the end.

        >>> print(Address(("Speicherstadt 4",), "20457", "Hamburg", "", "DE").text())
        Speicherstadt 4
        20457 Hamburg
        GERMANY
        """
        country = countries.NAMES.get(self.country, self.country).upper()
        return "\n".join(line for line in (*self.lines, *self._place(), country) if line)

    def _place(self) -> tuple[str, ...]:
        if self.country in _CITY_REGION_POSTCODE:
            return (", ".join(filter(None, (self.city, f"{self.region} {self.postcode}".strip()))),)
        if self.country in _POSTCODE_BELOW:
            return (self.city, self.region, self.postcode)
        return (f"{self.postcode} {self.city}".strip(), self.region)


def read(section: Section | None) -> Address:
    """Read an address; an absent one is empty."""
    if section is None:
        return Address()
    return Address(
        lines=section.many("lines", gates.line),
        postcode=section.value("postcode", gates.line, ""),
        city=section.value("city", gates.line, ""),
        region=section.value("region", gates.line, ""),
        country=section.needed("country", countries.country, "", "DE"),
    )
