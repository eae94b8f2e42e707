"""Codes are drawn as on paper and scanned back; what the scanner reads is what was asked for."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64encode
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import weasyprint
import zxingcpp
from beancount.core.amount import Amount
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from o2c.master.address import Address
from o2c.model.creditor_reference import creditor_reference
from o2c.rendering.payment_help import Asked
from o2c.rendering.payment_help import epc_code
from o2c.rendering.payment_help import payment_link
from o2c.rendering.payment_help import swiss_bill

if TYPE_CHECKING:
    from pathlib import Path

HAMBURG = Asked(
    Amount(Decimal("1222.49"), "EUR"),
    "INV-2026-0001",
    creditor_reference("INV-2026-0001"),
    "DE89370400440532013000",
    "COBADEFFXXX",
    "Nordlicht Handel GmbH & Söhne",
)
ZURICH = HAMBURG._replace(
    amount=Amount(Decimal("199.95"), "CHF"), iban="CH5604835012345678009", bic="", creditor="Nordlicht Schweiz AG"
)
SELLER = Address(("Bahnhofstrasse 1",), "8001", "Zürich", "", "CH")
BUYER = ("Möbel Müller AG", Address(("Marktplatz 2",), "3011", "Bern", "", "CH"))

needs_poppler = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="needs pdftoppm (Debian: poppler-utils)")


def scanned(svg: str, folder: Path, dots_per_inch: int = 200) -> str:
    picture = b64encode(svg.encode()).decode()
    page = f"<style>@page {{ size: 260mm 160mm; margin: 10mm }}</style><img src=data:image/svg+xml;base64,{picture}>"
    (folder / "code.pdf").write_bytes(weasyprint.HTML(string=page).write_pdf())
    drawing = ["pdftoppm", "-r", str(dots_per_inch), "-png", "-singlefile", "code.pdf", "code"]
    subprocess.run(drawing, cwd=folder, check=True)
    with Image.open(folder / "code.png") as seen:
        (code,) = zxingcpp.read_barcodes(seen)
    return code.bytes.decode().replace("\r\n", "\n")


@needs_poppler
def test_a_banking_app_reads_who_how_much_and_under_which_reference(tmp_path: Path) -> None:
    assert scanned(epc_code(HAMBURG), tmp_path).split("\n") == [
        *("BCD", "002", "1", "SCT", "COBADEFFXXX", "Nordlicht Handel GmbH & Söhne", "DE89370400440532013000"),
        *("EUR1222.49", "", "RF16INV20260001"),
    ]


@needs_poppler
def test_a_number_too_long_for_a_reference_is_scanned_as_the_message(tmp_path: Path) -> None:
    said = scanned(epc_code(HAMBURG._replace(reference="", number="MESSE-" + "7" * 30)), tmp_path).split("\n")
    assert said[-1] == "MESSE-" + "7" * 30
    assert said[-2] == ""


@needs_poppler
@pytest.mark.parametrize("dots_per_inch", [100, 200, 300])
def test_a_swiss_bill_is_scanned_with_creditor_debtor_amount_and_reference(tmp_path: Path, dots_per_inch: int) -> None:
    said = scanned(swiss_bill(ZURICH, SELLER, BUYER, "de"), tmp_path, dots_per_inch).split("\n")
    assert said[0] == "SPC"
    assert said[3] == "CH5604835012345678009"
    assert "Nordlicht Schweiz AG" in said
    assert "Möbel Müller AG" in said
    assert said[18:20] == ["199.95", "CHF"]
    assert said[27:29] == ["SCOR", "RF16INV20260001"]


def test_a_swiss_bill_says_its_words_in_the_customers_language() -> None:
    words = {language: swiss_bill(ZURICH, SELLER, None, language) for language in ("de", "fr", "it", "en", "sv")}
    assert "Zahlteil" in words["de"]
    assert "Section paiement" in words["fr"]
    assert "Sezione pagamento" in words["it"]
    assert "Payment part" in words["en"]
    assert words["sv"] == words["en"]


@pytest.mark.parametrize(
    "payment",
    [
        HAMBURG._replace(amount=Amount(Decimal("12.00"), "USD")),
        HAMBURG._replace(amount=Amount(Decimal("0.00"), "EUR")),
        HAMBURG._replace(amount=Amount(Decimal("1000000000.00"), "EUR")),
    ],
    ids=["dollars", "nothing", "too much"],
)
def test_no_code_where_the_guideline_knows_none(payment: Asked) -> None:
    assert epc_code(payment) == ""


def test_no_swiss_bill_for_other_currencies_and_other_countries() -> None:
    assert swiss_bill(ZURICH._replace(amount=Amount(Decimal(1), "USD")), SELLER, None, "de") == ""
    assert swiss_bill(HAMBURG, SELLER, None, "de") == ""


def test_the_same_payment_gives_the_same_bytes() -> None:
    assert epc_code(HAMBURG) == epc_code(HAMBURG)
    assert swiss_bill(ZURICH, SELLER, BUYER, "de") == swiss_bill(ZURICH, SELLER, BUYER, "de")


@given(st.text(max_size=40))
@example("../../x?amount=0#")
@example("{currency}")
def test_a_value_never_changes_where_a_link_leads(number: str) -> None:
    link = payment_link("https://pay.example/{number}?amount={amount}", HAMBURG._replace(number=number))
    assert link.startswith("https://pay.example/")
    assert link.endswith("?amount=1222.49")
    assert link.count("/") == 3
    assert link.count("?") == 1


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "A & B", '"quoted"', "x" * 200, "نور", "🏔"])
def test_names_are_text_in_the_drawing(name: str) -> None:
    drawing = swiss_bill(ZURICH._replace(creditor=name), SELLER, None, "en")
    root = etree.fromstring(drawing.encode())
    assert not list(root.iter("{*}script"))
    assert name[:70].partition(" ")[0] in "".join(root.itertext())
