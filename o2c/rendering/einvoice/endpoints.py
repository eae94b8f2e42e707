"""Electronic addresses: the identifier under which a party receives, with its scheme of the EAS code list.

Source of the schemes: Electronic Address Scheme (EAS), European Commission, and Peppol's list of participant schemes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from o2c.master.countries import vat_country
from o2c.rendering.einvoice.en16931 import Endpoint

if TYPE_CHECKING:
    from o2c.master import Customer

EMAIL = "EM"
GLN = "0088"
#: The German number of a public buyer for routing; it is the buyer's reference (BT-10), too.
LEITWEG = "0204"
#: Country -> scheme of its VAT numbers.
_VAT_SCHEMES = {
    "HU": "9910", "AT": "9914", "ES": "9920", "BE": "9925", "BG": "9926", "CH": "9927", "CY": "9928", "CZ": "9929",
    "DE": "9930", "EE": "9931", "GB": "9932", "GR": "9933", "HR": "9934", "IE": "9935", "LI": "9936", "LT": "9937",
    "LU": "9938", "LV": "9939", "MT": "9943", "NL": "9944", "PL": "9945", "PT": "9946", "RO": "9947", "RS": "9948",
    "SI": "9949", "SK": "9950", "TR": "9952", "FR": "9957", "IT": "0211", "FI": "0213", "DK": "0198",
}  # fmt: skip
_WITH_SCHEME = re.compile(r"(?P<scheme>[0-9]{4}|EM|A[NQSU]):(?P<identifier>\S+)", re.ASCII)
_GLN = re.compile(r"[0-9]{13}", re.ASCII)
_VAT = re.compile(r"[A-Z]{2}[A-Z0-9]{2,20}", re.ASCII)


def of_vat_id(vat_id: str) -> Endpoint | None:
    """Give the electronic address that a VAT number is in its country; None where no scheme knows it.

    >>> of_vat_id("DE345378383")
    Endpoint(scheme='9930', identifier='DE345378383')
    """
    scheme = _VAT_SCHEMES.get(vat_country(vat_id)) if vat_id else None
    return Endpoint(scheme, vat_id) if scheme else None


def of_text(text: str) -> Endpoint | None:
    """Read `e_invoice_address` of a customer: `0204:991-01484-64`, a GLN, a VAT number, or an e-mail address.

    >>> of_text("4000001123452"), of_text("a@b.example")
    (Endpoint(scheme='0088', identifier='4000001123452'), Endpoint(scheme='EM', identifier='a@b.example'))
    """
    if found := _WITH_SCHEME.fullmatch(text):
        return Endpoint(found["scheme"], found["identifier"])
    if _GLN.fullmatch(text):
        return Endpoint(GLN, text)
    if "@" in text:
        return Endpoint(EMAIL, text)
    return of_vat_id(text) if _VAT.fullmatch(text) else None


def of_email(email: str) -> Endpoint | None:
    """Give an e-mail address as electronic address."""
    return Endpoint(EMAIL, email) if email else None


def of_customer(customer: Customer) -> Endpoint | None:
    """Give where a customer receives e-invoices: what was agreed, else the e-mail of its billing contact."""
    agreed = of_text(customer.e_invoice_address) if customer.e_invoice_address else None
    return agreed or of_email(billing_email(customer))


def billing_email(customer: Customer) -> str:
    """Give the e-mail address of the customer's billing contact; "" without one."""
    return next((contact.email for contact in customer.contacts if contact.role == "billing" and contact.email), "")


def is_peppol(endpoint: Endpoint | None) -> bool:
    """Tell whether an electronic address is one of the Peppol network: every scheme but e-mail and X.400."""
    return endpoint is not None and endpoint.scheme.isdigit()
