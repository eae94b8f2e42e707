"""Everything that was agreed with a customer, field by field, for a person to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from o2c.master.address import Address
    from o2c.master.master import Master


def described(books: Master, code: str) -> list[tuple[str, str]]:
    """List every field of a customer that has a value, and what follows from them."""
    one = books.customer(code)
    facts = [
        ("code", one.code),
        ("name", one.name),
        ("legal_name", one.legal_name if one.legal_name != one.name else ""),
    ]
    facts += [("address", _one_line(one.address))]
    facts += [(f"address {name}", _one_line(place)) for name, place in one.ship_to_addresses.items()]
    facts += [
        (f"contact {contact.role}", ", ".join(filter(None, (contact.name, contact.email, contact.phone))))
        for contact in one.contacts
    ]
    facts += [(name, ", ".join(getattr(one, name))) for name in ("tax_ids", "ibans", "external_ids")]
    facts += [(role, _partner(books, getattr(one, role))) for role in ("payer", "bill_to", "ship_to")]
    facts += [("terms", f"{one.terms}: {books.term(one.terms).text}")]
    facts += [
        (name, getattr(one, name)) for name in ("currency", "language", "price_list", "e_invoice_address", "status")
    ]
    facts += [("credit_group", one.credit_group), ("po_required", "yes" if one.po_required else "no")]
    facts += [("tax region", one.tax_region(books.company)), ("notes", one.notes), ("source", one.source)]
    return facts


def _one_line(place: Address) -> str:
    return ", ".join(place.text().splitlines())


def _partner(books: Master, code: str) -> str:
    return f"{code} {books.customers[code].name}" if code in books.customers else code
