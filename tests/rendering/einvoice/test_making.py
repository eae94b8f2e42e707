"""Every kind of invoice that the books can hold says the same in EN 16931, and passes the official rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount.core.amount import Amount

from o2c.errors import Refused
from o2c.master.address import Address
from o2c.model import names
from o2c.model.documents import Movement
from o2c.model.documents import Other
from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import ubl
from o2c.rendering.einvoice.en16931 import Endpoint
from o2c.rendering.einvoice.en16931 import Payment
from o2c.rendering.einvoice.en16931 import Preceding
from o2c.rendering.einvoice.making import e_invoice
from o2c.rendering.einvoice.making import without
from o2c.rendering.einvoice.verifying import verify_all
from tests.rendering.einvoice.samples import DAY
from tests.rendering.einvoice.samples import credit_note
from tests.rendering.einvoice.samples import demo_master
from tests.rendering.einvoice.samples import invoice
from tests.rendering.einvoice.samples import item
from tests.rendering.einvoice.samples import part

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from o2c.model.documents import Document
    from o2c.rendering.einvoice.en16931 import EInvoice
    from o2c.rendering.einvoice.schematron import Schematron

    Faults = Callable[[Sequence[tuple[Document, Document | None]]], list[str]]


def made(doc: Document, credited: Document | None = None) -> EInvoice:
    return e_invoice(doc, demo_master(), credited)


def test_two_rates_an_allowance_and_a_charge_are_summed_as_the_norm_says(faults: Faults) -> None:
    doc = invoice(
        item("S19", "39.90", "12"),
        item("S07", "11.90", "20", "5"),
        part("allowance", "S19", "18.80", "Opening offer"),
        part("charge", "S19", "12.00"),
    )
    sums = made(doc).totals
    assert [str(number) for number in sums] == [
        "704.90", "18.80", "12.00", "698.10", "105.51", "803.61", "0.00", "0", "803.61",
    ]  # fmt: skip
    assert [(x.charge, str(x.amount), x.reason) for x in made(doc).adjustments] == [
        (False, "18.80", "Opening offer"),
        (True, "12.00", "Freight"),
    ]
    assert faults([(doc, None)]) == []


def test_a_discount_is_an_allowance_of_the_line(faults: Faults) -> None:
    doc = invoice(item("S07", "11.90", "20", "5"))
    (line,) = made(doc).lines
    assert str(line.net) == "226.10"
    assert [(str(a.amount), str(a.base), str(a.percent), a.code) for a in line.adjustments] == [
        ("11.90", "238.00", "5", "95")
    ]
    assert faults([(doc, None)]) == []


def test_a_net_beside_quantity_and_price_is_explained_to_the_cent(faults: Faults) -> None:
    less, more = invoice(item("S19", "10.00", "3", net="29.99")), invoice(item("S19", "10.00", "3", net="30.01"))
    assert [(a.charge, str(a.amount)) for a in made(less).lines[0].adjustments] == [(False, "0.01")]
    assert [(a.charge, str(a.amount)) for a in made(more).lines[0].adjustments] == [(True, "0.01")]
    assert faults([(less, None), (more, None)]) == []


def test_a_line_without_a_price_has_its_net_as_price_of_its_quantity(faults: Faults) -> None:
    line = item("S19", "0", "7", net="100.00")._replace(price=None)
    doc = invoice(line, item("S19", "0", "0", net="-5.00")._replace(price=None, quantity=Decimal(0)))
    first, second = made(doc).lines
    assert (first.quantity, first.price, first.base_quantity) == (7, Decimal("100.00"), 7)
    assert (second.quantity, second.price, second.base_quantity) == (-1, Decimal("5.00"), 1)
    assert faults([(doc, None)]) == []


def test_a_deposit_that_is_taken_off_is_a_line_with_a_negative_quantity(faults: Faults) -> None:
    doc = invoice(item("S19", "80.00", "25"), item("S19", "500.00", "-1", text="Invoiced in advance"))
    assert str(made(doc).totals.due) == "1785.00"
    assert faults([(doc, None)]) == []


def test_a_deposit_invoice_is_of_type_386(faults: Faults) -> None:
    doc = invoice(item("S19", "500.00"), doc_type=names.DEPOSIT_INVOICE, doc_id="DI-2026-0001")
    assert made(doc).kind == "386"
    assert b">386</cbc:InvoiceTypeCode>" in ubl.write(made(doc))
    assert faults([(doc, None)]) == []


@pytest.mark.parametrize(
    ("code", "customer", "reason_code"),
    [
        ("EU-SERVICES", "C0013", "VATEX-EU-AE"),
        ("EU-GOODS", "C0013", "VATEX-EU-IC"),
        ("EXPORT", "C0018", "VATEX-EU-G"),
        ("EXEMPT", "C0001", "VATEX-EU-132"),
        ("OUTSIDE", "C0018", "VATEX-EU-O"),
        ("Z", "C0001", ""),
    ],
)
def test_a_supply_without_tax_says_why(faults: Faults, code: str, customer: str, reason_code: str) -> None:
    doc = invoice(item(code, "640.00"), customer=customer)
    (tax,) = made(doc).taxes
    assert (str(tax.base), tax.tax, tax.reason_code) == ("640.00", 0, reason_code)
    assert bool(tax.reason) == (code != "Z")
    assert faults([(doc, None), (credit_note(item(code, "64.00"), customer=customer), doc)]) == []


def test_outside_the_scope_of_vat_no_vat_numbers_are_given() -> None:
    alone = made(invoice(item("OUTSIDE", "64.00"), customer="C0018"))
    assert (alone.seller.vat_id, alone.buyer.vat_id, alone.remarks) == ("", "", ())


def test_what_is_outside_the_scope_beside_other_things_is_told_as_exempt(faults: Faults) -> None:
    doc = invoice(item("EXPORT", "640.00"), item("OUTSIDE", "64.00"), customer="C0018")
    one = made(doc)
    assert [(tax.rate.category, str(tax.base), tax.reason[:14], tax.reason_code) for tax in one.taxes] == [
        ("E", "64.00", "Place of suppl", ""),
        ("G", "640.00", "Tax-free expor", "VATEX-EU-G"),
    ]
    assert "BR-O-11" in one.remarks[-1]
    assert faults([(doc, None)]) == []


def test_codes_that_are_taxed_alike_are_one_row(faults: Faults) -> None:
    doc = invoice(item("S19", "100.00"), item("S19", "50.00"))
    twin = doc.taxes[0]._replace(code="TWIN", base=Amount(Decimal("50.00"), "EUR"), amount=Decimal("-9.50"))
    first = doc.taxes[0]._replace(base=Amount(Decimal("100.00"), "EUR"), amount=Decimal("-19.00"))
    lines = (doc.lines[0], doc.lines[1]._replace(tax_code="TWIN"))
    doc = doc._replace(taxes=(first, twin), lines=lines)
    assert [(str(tax.base), str(tax.tax)) for tax in made(doc).taxes] == [("150.00", "28.50")]
    assert faults([(doc, None)]) == []


def test_split_payment_is_not_owed_to_us(faults: Faults) -> None:
    doc = invoice(item("SPLIT", "100.00"), others=(Other("Liabilities:Tax:Split-Payment", Decimal("22.00"), "EUR"),))
    sums = made(doc).totals
    assert (str(sums.gross), str(sums.prepaid), str(sums.due)) == ("122.00", "22.00", "100.00")
    # The official rules allow category B between Italian parties only, and Factur-X not at all.
    assert all("[BR-B-01]" in fault or "'ram:CategoryCode' is not allowed" in fault for fault in faults([(doc, None)]))


def test_split_payment_between_italian_parties_passes_in_ubl(running: Schematron) -> None:
    italian = Address(("Via Roma 1",), "00184", "Roma", "", "IT")
    master = demo_master()
    master = replace(master, company=replace(master.company, country="IT", address=italian))
    doc = invoice(
        item("SPLIT", "100.00"),
        others=(Other("Liabilities:Tax:Split-Payment", Decimal("22.00"), "EUR"),),
        facts={"bill_to": f"Comune\n{italian.text()}", "seller_vat_id": "IT00743110157", "vat_id": "IT00159560366"},
    )
    assert verify_all([("x", ubl.write(e_invoice(doc, master)))], running) == [[]]


def test_rounding_to_five_cents_is_no_tax(faults: Faults) -> None:
    rounding = demo_master().company.accounts.rounding
    doc = invoice(item("S19", "10.01"), others=(Other(rounding, Decimal("-0.04"), "EUR"),))
    sums = made(doc).totals
    assert (str(sums.gross), str(sums.rounding), str(sums.prepaid), str(sums.due)) == ("11.91", "0.04", "0.00", "11.95")
    assert faults([(doc, None)]) == []


def test_a_credit_that_the_invoice_uses_up_is_prepaid(faults: Faults) -> None:
    doc = invoice(
        item("S19", "100.00"),
        movements=(
            Movement("Assets:AR:C0001", "INV-2026-0001", Decimal("69.00"), "EUR"),
            Movement("Liabilities:Customer-Deposits:C0001", "RC-2026-0001", Decimal("50.00"), "EUR"),
        ),
    )
    sums = made(doc).totals
    assert (str(sums.gross), str(sums.prepaid), str(sums.due)) == ("119.00", "50.00", "69.00")
    assert faults([(doc, None)]) == []


def test_instalments_stand_in_the_terms_and_the_first_day_is_the_due_date(faults: Faults) -> None:
    parts = (("0001.1", "35.70", date(2026, 4, 1)), ("0001.2", "83.30", date(2026, 5, 1)))
    doc = invoice(
        item("S19", "100.00"),
        due=None,
        facts={"terms_text": "In two parts"},
        movements=tuple(Movement("Assets:AR:C0001", f"INV-2026-{n}", Decimal(a), "EUR", d) for n, a, d in parts),
    )
    payment = made(doc).payment
    assert payment.due == date(2026, 4, 1)
    assert payment.terms.split("\n") == [
        "In two parts",
        "2026-04-01: 35.70 EUR (INV-2026-0001.1)",
        "2026-05-01: 83.30 EUR (INV-2026-0001.2)",
    ]
    assert str(made(doc).totals.due) == "119.00"
    assert faults([(doc, None)]) == []


def test_a_discount_for_paying_early_is_told_in_words_and_as_xrechnung_reads_it(faults: Faults) -> None:
    facts = {"terms_text": "2 % within 10 days", "discount_until": date(2026, 3, 12), "discount_percent": Decimal(2)}
    doc = invoice(item("S19", "100.00"), facts=facts)
    assert made(doc).payment.terms == "2 % within 10 days\n#SKONTO#TAGE=10#PROZENT=2.00#\n"
    assert b"#SKONTO#TAGE=10#PROZENT=2.00#\n<" in cii.write(made(doc))
    assert faults([(doc, None)]) == []
    finer = invoice(item("S19", "100.00"), facts={**facts, "discount_percent": Decimal("2.125")})
    assert made(finer).payment.terms == "2 % within 10 days"


def test_an_invoice_says_where_to_pay_with_a_reference_that_banks_can_prove() -> None:
    company = demo_master().company
    assert made(invoice(item("S19", "100.00"))).payment == Payment(
        "58", "RF16INV20260001", company.iban, company.name, company.bic, date(2026, 4, 1), ""
    )
    long = made(invoice(item("S19", "100.00"), doc_id="INV-OF-THE-NORTH-SEA-2026-0001")).payment
    assert long.reference == "INV-OF-THE-NORTH-SEA-2026-0001"


def test_the_tax_of_a_foreign_currency_invoice_is_told_in_the_currency_of_the_books_too(faults: Faults) -> None:
    doc = invoice(item("S19", "100.00", currency="USD"))
    tax = doc.taxes[0]._replace(amount=Decimal("-17.48"), currency="EUR", tax=Amount(Decimal("19.00"), "USD"))
    line = doc.lines[0]._replace(amount=Decimal("-92.00"), currency="EUR", net=Amount(Decimal("100.00"), "USD"))
    doc = doc._replace(taxes=(tax,), lines=(line,))
    one = made(doc)
    assert (one.currency, str(one.totals.tax), one.tax_currency, str(one.tax_in_it)) == ("USD", "19.00", "EUR", "17.48")
    assert one.payment.means == "30"
    assert faults([(doc, None)]) == []


def test_a_credit_note_names_its_invoice_its_reason_and_where_that_was_supplied(faults: Faults) -> None:
    sold = invoice(item("EU-GOODS", "100.00", "2"), customer="C0013", refers="SO-2026-0009", reference="PO 7")
    doc = credit_note(
        item("EU-GOODS", "100.00"), customer="C0013", reason="return", reference="PO 7", facts={"supplied": ""}
    )
    one = made(doc, sold)
    assert (one.kind, one.preceding) == ("381", (Preceding("INV-2026-0001", DAY),))
    assert one.notes == (demo_master().policies.reasons["return"].text,)
    assert (one.delivery.day, one.delivery.address) == (DAY, one.buyer.address)
    assert (one.purchase_order, one.sales_order) == ("PO 7", "SO-2026-0009")
    assert (str(one.totals.due), one.payment.means) == ("100.00", "")
    assert faults([(doc, sold)]) == []


def test_a_credit_note_of_an_amount_only_is_one_piece(faults: Faults) -> None:
    line = item("S19", "12.34")._replace(price=None, quantity=Decimal(0))
    doc = credit_note(line, part("allowance", "S19", "2.34", "Opening offer"))
    assert (made(doc).lines[0].quantity, made(doc).lines[0].price) == (1, Decimal("12.34"))
    assert (str(made(doc).totals.net), str(made(doc).totals.due)) == ("10.00", "11.90")
    assert faults([(doc, None)]) == []


def test_a_buyer_with_an_electronic_address_gets_a_peppol_invoice(faults: Faults) -> None:
    doc = invoice(item("S19", "100.00"), customer="C0006", refers="SO-2026-0001")
    one, xml = made(doc), ubl.write(made(doc))
    assert one.buyer.endpoint == Endpoint("0204", "991-01484-64")
    assert one.seller.endpoint == Endpoint("9930", "DE345378383")
    assert one.buyer_reference == "991-01484-64"
    assert b"urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>" in xml
    assert b"urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>" in xml
    assert b"<cbc:ID>NA</cbc:ID>" in xml
    assert faults([(doc, None)]) == []


def test_name_and_address_are_those_of_the_document_not_those_of_today(faults: Faults) -> None:
    old = "Alsterlicht & Söhne OHG\nAlter Wall 2\nHinterhaus\n20457 Hamburg\nGERMANY"
    doc = invoice(item("S19", "100.00"), facts={"bill_to": old, "vat_id": "DE375749118"})
    buyer = made(doc).buyer
    assert buyer.name == "Alsterlicht & Söhne OHG"
    assert buyer.address == (("Alter Wall 2", "Hinterhaus"), "20457", "Hamburg", "", "DE")
    assert faults([(doc, None)]) == []


def test_what_the_document_does_not_hold_is_taken_from_master_data_and_said() -> None:
    doc = invoice(item("S19", "100.00"))._replace(extra=())
    one = made(doc)
    assert (one.buyer.name, one.buyer.vat_id) == ("Alsterlicht Einrichtungen GmbH", "DE375749118")
    assert one.seller.vat_id == "DE345378383"
    assert [remark.split(" of ")[1].split()[1] for remark in one.remarks] == ["seller", "buyer"]


def test_goods_go_where_the_document_says(faults: Faults) -> None:
    named = invoice(item("S19", "100.00"), customer="C0002", facts={"ship_to": "warehouse"})
    assert made(named).delivery.address == (("Industriestraße 40", "Tor 3"), "28832", "Achim", "", "DE")
    text = invoice(item("S19", "100.00"), facts={"ship_to": "Quai 7\n44000 Nantes\nFRANCE"})
    assert made(text).delivery.address == (("Quai 7",), "44000", "Nantes", "", "FR")
    nowhere = invoice(item("S19", "100.00"), facts={"ship_to": "gate 4, behind the shed"})
    assert (made(nowhere).delivery.name, made(nowhere).delivery.address) == ("gate 4, behind the shed", None)
    assert faults([(named, None), (text, None), (nowhere, None)]) == []


def test_what_is_no_invoice_or_has_no_lines_is_refused() -> None:
    doc = invoice(item("S19", "100.00"))
    with pytest.raises(Refused, match="is of type receipt"):
        made(doc._replace(doc_type=names.RECEIPT))
    with pytest.raises(Refused, match="has no lines with taxes"):
        made(doc._replace(lines=()))
    with pytest.raises(Refused, match="no tax code that the document taxes"):
        made(doc._replace(lines=(doc.lines[0]._replace(tax_code=""),)))
    with pytest.raises(Refused, match="no other line"):
        made(invoice(part("charge", "S19", "5.00")))


def test_what_is_owed_beyond_lines_and_taxes_is_refused() -> None:
    doc = invoice(item("S19", "10.00"), others=(Other("Income:Fees", Decimal("-5.00"), "EUR"),))
    with pytest.raises(Refused, match=r"leaves 5\.00 EUR more open than its lines and taxes sum to"):
        made(doc)


def test_the_same_document_gives_the_same_bytes() -> None:
    doc = invoice(item("S19", "39.90", "12"), item("S07", "11.90", "20", "5"))
    assert cii.write(made(doc)) == cii.write(made(doc))
    assert ubl.write(made(doc)) == ubl.write(made(doc))


def test_three_decimals_in_the_invoice_or_in_its_tax_as_the_books_have_it_leave_no_room_for_an_e_invoice() -> None:
    euros, dinars = invoice(item("S19", "100.00")), invoice(item("S19", "100.000", currency="KWD"))
    told = euros._replace(taxes=tuple(tax._replace(currency="KWD") for tax in euros.taxes))
    assert (without(euros, "EUR"), without(euros, "KWD")) == ("", ""), "it says no tax in dinars"
    for doc, books in ((dinars, "EUR"), (dinars, "KWD"), (told, "KWD")):
        assert without(doc, books) == "an e-invoice (EN 16931) has amounts of two decimals, KWD has 3"
    assert not without(euros._replace(doc_type=names.ORDER, currency="KWD"), "EUR"), "an order never has one"
