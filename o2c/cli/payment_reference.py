"""Lets a command take the creditor reference of an invoice, as it stands on the transfer, in place of its number."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from o2c.cli.cash_lists import item_name
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model import names
from o2c.model.creditor_reference import carriers
from o2c.model.creditor_reference import is_creditor_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.cli.context import Context


def paid_item(context: Context, text: str, field: str, customer: str = "") -> str:
    """Read the name of an item, or the reference (ISO 11649) of an invoice; give the item's name.

    The reference may be written in groups and in small letters. Open items come first, then settled invoices, so that a
    command with the same key can be repeated. With `customer` only that one's are looked at. Raises NotFound where
    none carries it, Refused where several do.
    """
    reference = "".join(text.split()).upper()
    if not is_creditor_reference(reference):
        return item_name(text, field)
    found = carriers(reference, _open(context, customer)) or carriers(reference, _posted(context, customer))
    if not found:
        of = f" of {customer}" if customer else ""
        raise NotFound(f"{field}: no invoice{of} carries the reference {reference}; name the item by its number")
    if len(found) > 1:
        raise Refused(f"{field}: {reference} stands on {', '.join(found)}; name the one that is paid by its number")
    return found[0]


def _open(context: Context, customer: str) -> Iterator[str]:
    return (item.doc_id for item in context.books().open_items(context.day(None), customer))


def _posted(context: Context, customer: str) -> Iterator[str]:
    invoices = context.books().documents(names.INVOICE, names.DEPOSIT_INVOICE, as_of=date.max)
    return (doc.doc_id for doc in invoices if customer in {"", doc.customer})
