"""What the master data of empty books say of the company so that something stands there: no customer may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.master import yaml_text
from o2c.master.faults import Faults
from o2c.master.places import FOLDER
from o2c.master.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.master.company import Company

#: What `o2c init --empty` writes, also behind a "#", of all that documents and letters say of the company.
EXAMPLES = {
    "name": "Our Company",
    "address.lines": "Street 1",
    "address.postcode": "00000",
    "address.city": "Town",
    "vat_id": "DE123456789",
    "tax_number": "12/345/67890",
    "registration": "Local court, number",
    "email": "billing@example.com",
    "phone": "+49 40 123456",
    "iban": "DE00000000000000000000",
    "bic": "XXXXDEXXXXX",
    "payment_link": "https://pay.example.com/{number}?amount={amount}&currency={currency}&reference={reference}",
}
_FILE = "company.yaml"


def left(company: Company) -> tuple[str, ...]:
    """Name the fields that are still as in empty books, in the order of the file; none where all are filled in."""
    return tuple(name for name, example in EXAMPLES.items() if _text(company, name) == example)


def require_own(company: Company, *files: Path) -> None:
    """Refuse to write to customers for a company that is not filled in: one sentence with line, fields and remedy.

    Among `files` is the one that the company was read from; without it, or when it was changed since, no line is named.
    """
    if not (names := left(company)):
        return
    said = ", ".join(f"{name} `{EXAMPLES[name]}`" for name in names)
    raise Refused(
        f"{_place(names[0], files)}: still the example of empty books, and customers would read it: {said}; "
        "write the company's own there (or take out what it does not have), then try again"
    )


def _text(company: Company, name: str) -> str:
    head, _, part = name.partition(".")
    value = getattr(company, head)
    value = getattr(value, part) if part else value
    return value if isinstance(value, str) else ", ".join(value)


def _place(name: str, files: tuple[Path, ...]) -> str:
    lines = [line for file in files if file.name == _FILE for line in _lines(file, name)]
    return ":".join((f"{FOLDER}/{_FILE}", *map(str, lines)))


def _lines(file: Path, name: str) -> Iterator[int]:
    """Find the line of a field, from 1."""
    faults = Faults(_FILE)
    text = yaml_text.decoded(file.read_bytes(), faults)
    node = yaml_text.composed(text, faults) if text is not None else None
    section = Section("company", node, faults) if node is not None else None
    head, _, part = name.partition(".")
    section = section.section(head) if section and part else section
    if section and (part or head) in section:
        section.fault(part or head, "")
        yield faults.found[-1].line
