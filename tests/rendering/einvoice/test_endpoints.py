"""Electronic addresses: what was agreed with the customer, or its VAT number, with the scheme that networks know."""

from __future__ import annotations

import pytest

from o2c.rendering.einvoice.en16931 import Endpoint
from o2c.rendering.einvoice.endpoints import is_peppol
from o2c.rendering.einvoice.endpoints import of_customer
from o2c.rendering.einvoice.endpoints import of_text
from o2c.rendering.einvoice.endpoints import of_vat_id
from tests.rendering.einvoice.samples import demo_master


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("0204:991-01484-64", Endpoint("0204", "991-01484-64")),
        ("4000001123452", Endpoint("0088", "4000001123452")),
        ("DE345378383", Endpoint("9930", "DE345378383")),
        ("EL123456789", Endpoint("9933", "EL123456789")),
        ("bills@example.org", Endpoint("EM", "bills@example.org")),
        ("EM:bills@example.org", Endpoint("EM", "bills@example.org")),
        ("by fax", None),
        ("", None),
    ],
)
def test_an_agreed_address_is_read_with_its_scheme(text: str, endpoint: Endpoint | None) -> None:
    assert of_text(text) == endpoint


def test_a_vat_number_of_a_country_without_scheme_is_no_address() -> None:
    assert of_vat_id("US123456789") is None
    assert of_vat_id("") is None


def test_without_an_agreement_the_billing_contact_gets_it_and_that_is_no_peppol() -> None:
    customers = demo_master().customers
    agreed, mailed = of_customer(customers["C0006"]), of_customer(customers["C0001"])
    assert agreed == Endpoint("0204", "991-01484-64")
    assert mailed == Endpoint("EM", "buchhaltung@alsterlicht.example")
    assert (is_peppol(agreed), is_peppol(mailed), is_peppol(None)) == (True, False, False)
