"""Who receives a document: the customer's contacts whose role takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.model import names

if TYPE_CHECKING:
    from o2c.master import Contact
    from o2c.master import Customer
    from o2c.master import Master

#: Roles by kind of document; the first role that the customer has somebody for takes it.
ROLES = {
    names.ORDER: ("buying", "billing"),
    names.DELIVERY: ("delivery", "buying", "billing"),
    names.INVOICE: ("billing",),
    names.DEPOSIT_INVOICE: ("billing",),
    names.CREDIT_NOTE: ("billing",),
    names.RECEIPT: ("billing",),
    "statement": ("billing",),
    "reminder": ("dunning", "billing"),
}
_TO_THE_BILLED = frozenset({names.INVOICE, names.DEPOSIT_INVOICE, names.CREDIT_NOTE, "statement", "reminder"})


def receivers(master: Master, customer: str, kind: str) -> tuple[Contact, ...]:
    """Give the contacts that a document of this kind goes to; invoices go to the customer that is billed.

    Raises Refused naming customer and role where there is nobody, or an address that no mail server takes.
    """
    if kind not in ROLES:
        raise Refused(f"a {kind} is not sent to customers")
    receiver = _receiver(master, master.customer(customer), kind)
    for role in ROLES[kind]:
        found = tuple(contact for contact in receiver.contacts if contact.role == role and contact.email)
        if found:
            for contact in found:
                require_plain(contact.email, f"{receiver.code}, {role}")
            return found
    roles = " or ".join(ROLES[kind])
    raise Refused(f"{receiver.code} has no contact with a mail address for {roles}; add one, or give --to ADDRESS")


def require_plain(address: str, whose: str) -> None:
    """Refuse an address with letters that only look like others (danger D42); domains are written in ASCII."""
    if not address.isascii():
        raise Refused(
            f"{whose}: the mail address {address!a} has letters beyond a-z; write its domain as xn--..., "
            "as the provider names it"
        )


def _receiver(master: Master, customer: Customer, kind: str) -> Customer:
    return master.customer(customer.bill_to) if kind in _TO_THE_BILLED and customer.bill_to else customer
