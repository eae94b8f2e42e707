"""What stands on a page, kind by kind and in hard cases: terms, discounts, reasons, currencies, logo, Swiss bill."""

from __future__ import annotations

import io
import shutil
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pypdf
import pytest
from beancount.core.amount import Amount

from o2c import master
from o2c.model import names
from o2c.rendering import page
from o2c.rendering.billing_sheet import billing_sheet
from o2c.rendering.einvoice import making
from o2c.rendering.pdf import pdf
from o2c.rendering.words import words
from o2c.shipped import DEMO_LEDGER
from tests.rendering.documents.conftest import text_of
from tests.rendering.einvoice.samples import demo_master
from tests.rendering.einvoice.samples import invoice
from tests.rendering.einvoice.samples import item
from tests.rendering.einvoice.samples import part

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.master import Master
    from o2c.model.documents import Document

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10" width="40" height="10">'
    '<rect width="40" height="10" fill="#0b6e4f"/></svg>'
)
EARLY = {
    "terms_text": "2 % discount within 10 days, or payable within 30 days",
    "discount_until": date(2026, 3, 12),
    "discount_percent": Decimal(2),
}


def printed(doc: Document, language: str = "de", known: Master | None = None, root: Path = DEMO_LEDGER) -> bytes:
    known = known or demo_master()
    shown = billing_sheet(root, known, doc, making.e_invoice(doc, known), words(root, language))
    return pdf(root, page.html(root, shown), doc.doc_id)


def said(doc: Document, language: str = "de", **more: Any) -> str:  # noqa: ANN401 - what `printed` takes
    return " ".join(text_of(printed(doc, language, **more)).split())


def test_a_discount_for_paying_early_is_said_with_its_day_and_both_amounts() -> None:
    doc = invoice(item("S19", "100.00", "10"), facts=EARLY)
    german = said(doc)
    assert "2 % Skonto innerhalb von 10 Tagen, sonst zahlbar innerhalb von 30 Tagen" in german
    assert "Bei Zahlung bis 12. März 2026: 2 % Skonto (23,80 EUR), zu zahlen sind dann 1.166,20 EUR" in german
    english = "If you pay until 12 March 2026: 2 % off (23.80 EUR), then 1,166.20 EUR settle this invoice"
    assert english in said(doc, "en")


def test_several_rates_allowances_and_charges_stand_below_the_lines() -> None:
    doc = invoice(
        item("S19", "129.90", "12", "10"),
        item("S07", "15.90", "24"),
        part("allowance", "S19", "50.00", "Loyalty"),
        part("charge", "S19", "14.50", "Freight"),
    )
    text = said(doc)
    for wanted in (
        "-10 %",
        "Summe der Positionen 1.784,52 EUR",
        "Nachlass: Loyalty -50,00 EUR",
        "Zuschlag: Freight 14,50 EUR",
        "Nettobetrag 1.749,02 EUR",
        "7 % USt. auf 381,60 EUR 26,71 EUR",
        "19 % USt. auf 1.367,42 EUR 259,81 EUR",
        "Gesamtbetrag 2.035,54 EUR",
    ):
        assert wanted in text, wanted


@pytest.mark.parametrize(
    ("code", "german"),
    [
        ("EU-SERVICES", "Steuerschuldnerschaft des Leistungsempfängers (Art. 196 MwStSystRL)"),
        ("EU-GOODS", "Steuerfreie innergemeinschaftliche Lieferung (Art. 138 MwStSystRL, § 4 Nr. 1b UStG)"),
        ("EXPORT", "Steuerfreie Ausfuhrlieferung (Art. 146 MwStSystRL, § 4 Nr. 1a UStG)"),
        ("EXEMPT", "Steuerfrei (Art. 132 MwStSystRL)"),
    ],
)
def test_why_there_is_no_tax_is_said_in_the_language_of_the_customer(code: str, german: str) -> None:
    doc = invoice(item(code, "95.00", "8"), customer="C0011")
    assert german in said(doc)
    assert "2006/112/EC" in said(doc, "en")
    assert "2006/112/EC" in making.e_invoice(doc, demo_master()).taxes[0].reason, "the e-invoice keeps the ledger's"


def test_terms_that_nobody_translated_are_printed_as_they_were_frozen() -> None:
    assert "Payable when the moon is full" in said(
        invoice(item("S19", "1.00"), facts={"terms_text": "Payable when the moon is full"})
    )


def test_every_text_of_the_demo_master_data_has_german_words() -> None:
    german, known = words(DEMO_LEDGER, "de"), demo_master()
    texts = [one.text for one in known.terms.values()]
    texts += [code.text for code in known.taxes.codes.values() if code.text]
    assert [text for text in texts if german.own(text) == text] == []


def test_a_foreign_currency_says_its_tax_in_the_currency_of_the_books() -> None:
    doc = invoice(item("S19", "100.00", "10", currency="USD"))
    rows = tuple(
        row._replace(amount=Decimal("-171.00"), currency="EUR", tax=Amount(Decimal(190), "USD")) for row in doc.taxes
    )
    text = said(doc._replace(taxes=rows), "en")
    assert "1,190.00 USD" in text
    assert "VAT in EUR: 171.00 EUR" in text
    assert "Scan with your banking app" not in text, "the European code knows euros only"


def test_a_deposit_invoice_names_itself() -> None:
    doc = invoice(item("S19", "5000.00"), doc_type=names.DEPOSIT_INVOICE, doc_id="DI-2026-0001")
    assert "Anzahlungsrechnung" in said(doc)


def test_a_long_article_is_wrapped_and_large_amounts_stay_on_the_page() -> None:
    doc = invoice(item("S19", "1234567.89", "1000", text="Desk lamp with a very long name " * 8))
    (only,) = pypdf.PdfReader(io.BytesIO(printed(doc, "en"))).pages
    text = " ".join(only.extract_text().replace("\u00a0", " ").split())
    assert "1,469,135,789.10 EUR" in text
    assert text.count("Desk lamp with") == 8


@pytest.fixture
def swiss(tmp_path: Path) -> Path:
    """A company in Zürich with a logo and its own colour."""
    root = tmp_path / "books"
    shutil.copytree(DEMO_LEDGER, root)
    (root / "logo.svg").write_text(LOGO)
    file = root / "master" / "company.yaml"
    text = file.read_text()
    for old, new in (
        ("iban: DE73200505500282389289", "iban: CH9300762011623852957"),
        ("bic: HASPDEHHXXX", "bic: POFICHBEXXX"),
        ("Speicherstadt 4", "Limmatquai 4"),
        ('"20457"', '"8001"'),
        ("city: Hamburg", "city: Zürich"),
        ("  country: DE  ", "  country: CH  "),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text + 'documents: {logo: logo.svg, colour: "#0b6e4f", paper: A4}\n')
    return root


def test_a_swiss_invoice_has_logo_colour_and_payment_part_on_a_page_of_its_own(swiss: Path) -> None:
    known = master.load(swiss)
    content = printed(invoice(item("S19", "100.00", "10", currency="CHF")), "de", known, swiss)
    first, bill = pypdf.PdfReader(io.BytesIO(content)).pages
    assert "1.190,00 CHF" in first.extract_text().replace("\u00a0", " ")
    assert "Nordlicht Handel GmbH\n" not in first.extract_text()[:40], "the logo stands in its place"
    text = bill.extract_text()
    assert "Zahlteil" in text
    assert "Empfangsschein" in text
    assert "1 190.00" in text.replace("\u00a0", " ")
    assert "Seite" not in text, "nothing else stands on the payment part"
