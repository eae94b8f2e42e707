"""What the law wants on an invoice is there before it is posted, or is named with the place to fill it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from o2c.errors import Refused
from o2c.model import names
from o2c.model.documents import extra
from o2c.sales.legal_contents import missing
from o2c.sales.legal_contents import require
from tests.rendering.einvoice.samples import credit_note
from tests.rendering.einvoice.samples import demo_master
from tests.rendering.einvoice.samples import invoice
from tests.rendering.einvoice.samples import item

if TYPE_CHECKING:
    from o2c.master import Master
    from o2c.model.documents import Document
    from tests.scenarios.books import Story


def lacks(doc: Document, master: Master | None = None) -> list[str]:
    return [thing.what for thing in missing(doc, master or demo_master())]


def seller(**fields: object) -> Master:
    return replace(demo_master(), company=replace(demo_master().company, **fields))  # type: ignore[arg-type]  # by name


GOODS = item("S19", "200.00")


def test_a_complete_invoice_lacks_nothing() -> None:
    assert lacks(invoice(GOODS)) == []
    assert lacks(credit_note(GOODS)) == []
    assert lacks(invoice(item("EU-GOODS", "200.00"), customer="C0013")) == []
    assert lacks(invoice(item("EU-SERVICES", "200.00"), customer="C0013")) == []


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"seller_vat_id": ""}, "the seller's VAT number"),
        ({"bill_to": ""}, "the customer's name and address"),
        ({"bill_to": "Nobody Ltd\nGERMANY"}, "the customer's name and address"),
        ({"supplied": ""}, "the day of supply"),
    ],
)
def test_what_is_not_frozen_is_named(facts: dict[str, str], what: str) -> None:
    assert lacks(invoice(GOODS, facts=facts), seller(tax_number="")) == [what]


def test_each_line_says_what_how_many_and_at_what_price() -> None:
    doc = invoice(GOODS._replace(text="", sku="", price=None), GOODS._replace(quantity=GOODS.amount * 0))
    assert lacks(doc) == ["what line 1 is", "the unit price of line 1", "the quantity of line 2"]


def test_a_tax_number_will_do_in_germany_but_not_across_borders_and_not_in_france() -> None:
    domestic = invoice(GOODS, facts={"seller_vat_id": ""})
    across = invoice(item("EU-SERVICES", "200.00"), customer="C0013", facts={"seller_vat_id": ""})
    assert lacks(domestic) == []
    assert lacks(across) == ["the seller's VAT number"]
    assert lacks(domestic, seller(country="FR")) == ["the seller's VAT number"]


def test_a_french_company_names_its_register() -> None:
    assert lacks(invoice(GOODS), seller(country="FR", registration="")) == ["the seller's entry in the register"]


def test_an_invoice_outside_vat_needs_another_number_of_the_seller_and_says_where_to_fill_it_in() -> None:
    """The e-invoice may not give the VAT number there (BR-O-02), and must identify the seller (BR-CO-26)."""
    outside = invoice(item("OUTSIDE", "64.00"), customer="C0018")
    bare = seller(registration="")
    (thing,) = missing(outside, bare)
    assert str(thing) == (
        "a number that identifies the seller beside the VAT number (EN 16931 BR-CO-26); "
        "fill in registration in master/company.yaml (register and number; without an entry, the tax number)"
    )
    assert lacks(outside) == lacks(invoice(GOODS), bare) == []
    assert lacks(outside, seller(registration="", country="US")) == [], "the law there asks for nothing of the kind"


def test_a_tax_number_alone_does_not_identify_the_seller_in_an_e_invoice() -> None:
    domestic = invoice(GOODS, facts={"seller_vat_id": ""})
    assert lacks(domestic, seller(vat_id="", registration="")) == [
        "a number that identifies the seller beside the VAT number"
    ]
    assert lacks(domestic, seller(vat_id="")) == []
    assert lacks(domestic, seller(vat_id="", registration="", tax_number="")) == ["the seller's VAT number"], (
        "which will do"
    )


def test_a_seller_outside_the_union_needs_no_vat_number() -> None:
    doc = invoice(GOODS, facts={"seller_vat_id": ""})
    assert lacks(doc, seller(country="US")) == []
    assert lacks(doc, seller(country="GB")) == ["the seller's VAT number"]
    before = invoice(GOODS, facts={"seller_vat_id": ""}, date=date(2013, 6, 30))
    assert lacks(before, seller(country="HR")) == []
    assert lacks(doc, seller(country="HR")) == ["the seller's VAT number"]


def test_the_customers_vat_number_must_be_there_and_of_another_state_across_borders() -> None:
    goods = item("EU-GOODS", "200.00")
    assert lacks(invoice(goods, customer="C0013", facts={"vat_id": ""})) == ["the customer's VAT number"]
    for number in ("DE375749118", "US914144442"):
        found = lacks(invoice(goods, customer="C0013", facts={"vat_id": number}))
        assert found == ["a VAT number of another member state"]
    assert lacks(invoice(item("EU-SERVICES", "9.00"), customer="C0013", facts={"vat_id": ""})) == [
        "the customer's VAT number"
    ]


def test_a_small_invoice_needs_no_customer_unless_it_goes_across_borders() -> None:
    assert lacks(invoice(item("S19", "84.03"), facts={"bill_to": ""})) == []
    assert lacks(invoice(item("S19", "84.04"), facts={"bill_to": ""})) == ["the customer's name and address"]
    across = invoice(item("EU-GOODS", "10.00"), customer="C0013", facts={"bill_to": ""})
    assert lacks(across) == ["the customer's name and address"]


def test_a_supply_without_tax_says_why_and_reverse_charge_in_the_words_of_the_law() -> None:
    doc = invoice(item("EU-SERVICES", "200.00"), customer="C0013")
    silent = doc._replace(taxes=(doc.taxes[0]._replace(reason=""),))
    assert lacks(silent) == ["why there is no tax with code EU-SERVICES"]
    vague = doc._replace(taxes=(doc.taxes[0]._replace(reason="Art. 196"),))
    assert lacks(vague) == ['the words "Reverse charge" with code EU-SERVICES']
    german = doc._replace(taxes=(doc.taxes[0]._replace(reason="Steuerschuldnerschaft des Leistungsempfängers"),))
    assert lacks(german) == []


def test_a_line_without_a_taxed_code_is_named() -> None:
    doc = invoice(GOODS)
    assert lacks(doc._replace(taxes=())) == ["rate and tax of code S19"]


def test_a_credit_note_names_its_invoice_and_need_not_repeat_it() -> None:
    doc = credit_note(GOODS)
    assert lacks(doc._replace(extra=())) == []
    assert lacks(doc._replace(refers="")) == ["the number of the invoice that is credited"]


def test_other_documents_lack_nothing() -> None:
    assert lacks(invoice(GOODS)._replace(doc_type=names.RECEIPT, extra=())) == []


def test_many_documents_are_refused_with_each_fault_once() -> None:
    wrong = invoice(GOODS)._replace(extra=extra(seller_vat_id="DE345378383", bill_to="A\nB\nC"))
    with pytest.raises(Refused) as refused:
        require([wrong, wrong._replace(doc_id="INV-2026-0002")], demo_master())
    assert str(refused.value) == (
        "INV-2026-0001 and 1 more: the law wants the day of supply (Art. 226 (7)); deliver first"
    )


def test_a_company_without_vat_number_cannot_invoice_and_is_told_where_to_fill_it_in(story: Story) -> None:
    company = story.root / "master" / "company.yaml"
    company.write_text(company.read_text().replace("vat_id: DE345378383\n", ""))
    order = story.order("LAMP 3")
    story("deliver", order)
    said = story.refused("invoice", "create", order)
    assert "the law wants the seller's VAT number (Art. 226 (3)); fill in vat_id" in said
    assert story.open() == {}
