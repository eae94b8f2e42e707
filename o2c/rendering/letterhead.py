"""What stands on every document of the company: who writes, to whom, and the foot of the page."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.master import placeholders
from o2c.master.places import file_of
from o2c.rendering.sheet import Look

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.master import Customer
    from o2c.master.company import Company
    from o2c.rendering.words import Words

#: What the layout itself says, beside the facts of a document.
LAYOUT = ("carried", "scan", "pay-online", "payment", "ship-to", "preview", "page")
_PICTURES = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_MOST_BYTES = 2_000_000


def layout_words(words: Words) -> dict[str, str]:
    """Give the words of the layout; page numbers are left as `{page}` and `{pages}` for it to fill in."""
    return {name.replace("-", "_"): words.say(name, page="{page}", pages="{pages}") for name in LAYOUT}


def sender_line(company: Company) -> str:
    """Write the sender in one line, as it shows in the window of an envelope."""
    return " · ".join((company.name, *company.address.text().split("\n")[:-1]))


def receiver(customer: Customer) -> tuple[str, ...]:
    """Write name and address of a customer, as today, line by line."""
    return (customer.legal_name or customer.name, *customer.address.text().split("\n"))


def foot(company: Company, words: Words) -> tuple[tuple[str, ...], ...]:
    """Write the columns at the foot of each page: address, contact and register, tax numbers, bank."""
    address = (company.name, *company.address.text().split("\n"))
    contact = (
        f"{words.say('phone')} {company.phone}" if company.phone else "",
        company.email,
        company.registration,
    )
    numbers = (
        f"{words.say('vat-id')} {company.vat_id}" if company.vat_id else "",
        f"{words.say('tax-number')} {company.tax_number}" if company.tax_number else "",
    )
    bank = (
        f"{words.say('iban')} {grouped(company.iban)}" if company.iban else "",
        f"{words.say('bic')} {company.bic}" if company.bic else "",
    )
    columns = (address, contact, (*numbers, *bank))
    return tuple(kept for column in columns if (kept := tuple(line for line in column if line)))


def grouped(iban: str) -> str:
    """Write an IBAN in groups of four, as on paper.

    >>> grouped("DE73200505500282389289")
    'DE73 2005 0550 0282 3892 89'
    """
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def look(root: Path, company: Company) -> Look:
    """Find how the company's documents look.

    Raises Refused for a logo that is missing, foreign or huge, and for a company that nobody has filled in yet.
    """
    placeholders.require_own(company, file_of(root, "company"))
    paper = company.documents.paper
    return Look(paper, company.documents.colour, _logo(root, company.documents.logo))


def _logo(root: Path, name: str) -> str:
    if not name:
        return ""
    path = (root / name).resolve()
    media = _PICTURES.get(path.suffix.lower())
    if media is None or not path.is_relative_to(root.resolve()):
        raise Refused(f"{name}: a logo is a PNG, JPEG or SVG file inside the books' folder")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path}: the logo cannot be read ({error.strerror})") from error
    if len(content) > _MOST_BYTES:
        raise Refused(f"{path}: the logo has {len(content):,} bytes; {_MOST_BYTES:,} are allowed")
    return f"data:{media};base64,{b64encode(content).decode()}"
