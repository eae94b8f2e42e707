"""Seller, buyer and place of delivery, as the document froze them; what it did not freeze comes from master data."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.rendering.einvoice import endpoints
from o2c.rendering.einvoice import postal
from o2c.rendering.einvoice.en16931 import Contact
from o2c.rendering.einvoice.en16931 import Delivery
from o2c.rendering.einvoice.en16931 import Party
from o2c.rendering.einvoice.en16931 import PostalAddress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.master import Customer
    from o2c.master import Master
    from o2c.model.documents import Document

_TODAY = "are those of today's master data; the document does not hold them"
_IS_TODAY = "is that of today's master data; the document does not hold it"


class Found(NamedTuple):
    """A party, with remarks on what of it had to be taken from today's master data."""

    party: Party
    remarks: tuple[str, ...] = ()


def seller(doc: Document, master: Master, *, peppol: bool) -> Found:
    """Give the company: its VAT number as the document froze it, name and address as on the day it is drawn.

    They are frozen with the bytes when the document is issued: a letter comes from where the sender is then. Where the
    company has another VAT number by now it may be another company, and a remark says so.
    """
    company = master.company
    frozen = str(doc.fact("seller-vat-id"))
    vat_id = frozen or company.vat_id
    endpoint = endpoints.of_vat_id(vat_id) if peppol else None
    party = Party(
        name=company.name,
        address=postal.of_address(company.address),
        registration=company.registration,
        vat_id=vat_id,
        tax_number=company.tax_number,
        endpoint=endpoint or endpoints.of_email(company.email),
        contact=Contact(company.name, company.phone, company.email),
    )
    return Found(party, tuple(_of_the_seller(frozen, company.vat_id)))


def _of_the_seller(frozen: str, today: str) -> Iterator[str]:
    if frozen and frozen != today:
        yield f"the seller had the VAT number {frozen} when this was posted; name and address {_TODAY}"
    elif today and not frozen:
        yield f"the VAT number of the seller {_IS_TODAY}"


def buyer(doc: Document, master: Master) -> Found:
    """Give who gets the bill: the frozen name and address, told apart by the master data where these still agree."""
    known = list(_candidates(doc, master))
    frozen = str(doc.fact("bill-to"))
    vat_id = str(doc.fact("vat-id"))
    same = [customer for customer in known if not frozen or frozen == bill_to_text(customer)]
    if same:
        customer = same[0]
        party = Party(customer.legal_name, postal.of_address(customer.address))
        vat_id = vat_id or ("" if frozen else next(iter(customer.tax_ids), ""))
    else:
        name, _, rest = frozen.partition("\n")
        party = Party(name, postal.taken_apart(rest))
    desk = (same or known)[0] if known else None
    party = party._replace(
        identifier=doc.customer,
        vat_id=vat_id,
        endpoint=endpoints.of_customer(desk) if desk else None,
        contact=_billing(desk) if desk else Contact(),
    )
    return Found(party, () if frozen else (f"name, address and VAT number of the buyer {_TODAY}",))


def bill_to_text(customer: Customer) -> str:
    """Write name and address as they are frozen into an invoice."""
    return f"{customer.legal_name}\n{customer.address.text()}"


def delivery(doc: Document, master: Master, *, needs_country: bool) -> Delivery:
    """Give when and where it was supplied.

    `ship-to` is an address as text, or the code of a customer or of one of its places. Without one, the buyer's own
    address is given where the country of delivery must be said (`needs_country`: supplies within the Union, BR-IC-12).
    """
    supplied = doc.fact("supplied")
    where = str(doc.fact("ship-to"))
    name, address = _place(doc, master, where) if where else ("", None)
    if address is None and needs_country:
        address = buyer(doc, master).party.address
    if address is not None and not address.country:  # a place without a country is no address (BR-57): keep its text
        name, address = " ".join(where.split("\n")) or name, None
    return Delivery(supplied if isinstance(supplied, date) else None, name, address)


def _place(doc: Document, master: Master, where: str) -> tuple[str, PostalAddress | None]:
    for customer in _candidates(doc, master):
        if where in customer.ship_to_addresses:
            return customer.legal_name, postal.of_address(customer.ship_to_addresses[where])
    if where in master.customers:
        return master.customers[where].legal_name, postal.of_address(master.customers[where].address)
    return "", postal.taken_apart(where)


def _candidates(doc: Document, master: Master) -> Iterator[Customer]:
    """List who may have got the bill: the debtor's and the buyer's own choice, then they themselves."""
    codes = [code for code in (str(doc.fact("sold-to")), doc.customer) if code in master.customers]
    chosen = [master.customers[code].bill_to for code in codes]
    for code in dict.fromkeys([*chosen, doc.customer, *codes]):
        if code and code in master.customers:
            yield master.customers[code]


def _billing(customer: Customer) -> Contact:
    for contact in customer.contacts:
        if contact.role == "billing":
            return Contact(contact.name, contact.phone, contact.email)
    return Contact()
