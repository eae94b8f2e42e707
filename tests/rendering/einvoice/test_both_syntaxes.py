"""Whatever the invoice says, both syntaxes say: no text, code, day or number is lost on the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import ubl
from o2c.rendering.einvoice.making import e_invoice
from o2c.rendering.einvoice.xml_text import plain
from tests.rendering.einvoice.samples import credit_note
from tests.rendering.einvoice.samples import demo_master
from tests.rendering.einvoice.samples import invoice
from tests.rendering.einvoice.samples import item
from tests.rendering.einvoice.samples import part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.model.documents import Document

SOLD = invoice(
    item("S19", "39.90", "12", text="Desk lamp\nbrass, E27"),
    item("S07", "11.90", "20", "5", unit="KGM", delivery="DN-2026-0001"),
    item("EXEMPT", "0", "7", net="100.00")._replace(price=None),
    part("allowance", "S19", "18.80", "Opening offer"),
    part("charge", "S07", "12.00"),
    customer="C0006",
    refers="SO-2026-0001",
    reference="PO 7",
    facts={
        "terms_text": "2 % within 10 days",
        "discount_until": date(2026, 3, 12),
        "discount_percent": Decimal(2),
        "ship_to": "Tor 3\nHalle 9\nRampe 2\n28832 Achim\nGERMANY",
    },
)
BACK = credit_note(item("S07", "11.90", "2", "5"), customer="C0006", reason="return")


def said(value: object) -> Iterator[str]:
    """Give all that some values say, as the XML writes it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, Decimal):
        yield plain(value)
    elif isinstance(value, tuple):
        for one in value:
            yield from said(one)


def written(xml: bytes) -> set[str]:
    """Give all texts and attributes of the XML; days and numbers in one form."""
    found = set()
    for element in etree.fromstring(xml).iter():
        for text in (element.text or "", *element.attrib.values()):
            day = len(text) == 8 and element.get("format") == "102"
            found.add(f"{text[:4]}-{text[4:6]}-{text[6:]}" if day else text)
            found.add(plain(Decimal(text)) if text.replace(".", "", 1).replace("-", "", 1).isdecimal() else text)
    return found


@pytest.mark.parametrize("write", [cii.write, ubl.write], ids=["cii", "ubl"])
@pytest.mark.parametrize(("doc", "credited"), [(SOLD, None), (BACK, SOLD)], ids=["invoice", "credit-note"])
def test_nothing_that_the_invoice_says_is_lost(doc: Document, credited: Document | None, write: object) -> None:
    assert callable(write)
    made = e_invoice(doc, demo_master(), credited)._replace(remarks=())
    wanted = {text for text in said(made) if text not in {"", "0"}}
    assert len(wanted) > 40
    assert wanted - written(write(made)) == set()
