"""The commands `allocate` and `unallocate`."""

from __future__ import annotations

import click

from o2c.cash.allocations import allocate as use_credit
from o2c.cash.unallocations import unallocate as take_back
from o2c.cli.approving import post_guarded
from o2c.cli.cash_lists import Verb
from o2c.cli.cash_lists import given
from o2c.cli.cash_lists import item_name
from o2c.cli.cash_lists import listing
from o2c.cli.cash_lists import showing
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.names import document_names
from o2c.cli.payment_reference import paid_item
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.model import names

_WORDS = (listing(names.ALLOCATION, "allocations", "allocate"), showing(names.ALLOCATION, "allocate"))


@click.command(cls=Verb, words=_WORDS)
@click.argument("credit", metavar="FROM-ITEM", shell_complete=document_names(names.RECEIPT, names.CREDIT_NOTE))
@click.argument("debit", metavar="TO-ITEM", shell_complete=document_names(names.INVOICE))
@click.argument("amount", metavar="[AMOUNT]", required=False)
@click.argument("currency", metavar="[CURRENCY]", required=False)
@posting_options
@pass_context
def allocate(context: Context, credit: str, debit: str, amount: str | None, currency: str | None, write: Write) -> None:
    """Use a credit (FROM-ITEM) to settle an open item (TO-ITEM).

    Credits are receipts on account and credit notes not used yet. Without an amount: as much as both allow. An invoice
    with instalments is settled oldest due first. TO-ITEM may be the RF reference of an invoice. `o2c unallocate` takes
    an allocation back.

    `o2c allocate list` and `o2c allocate show N` show allocations.

    \b
    Examples:
      o2c allocate RC-2026-0001 INV-2026-0002
      o2c allocate CN-2026-0001 INV-2026-0003 50.00 EUR
    """
    source, target = item_name(credit, "FROM-ITEM"), paid_item(context, debit, "TO-ITEM")
    part = given(amount, "AMOUNT", currency) if amount else None
    post_guarded(
        context,
        write,
        f"allocate {source} {target}{f' {amount}' if amount else ''}{f' {currency}' if currency else ''}",
        [source, target, amount, currency],
        lambda books, act, day: use_credit(books, act, day, source, target, part),
        about=[source, target],
    )


@click.command()
@click.argument(
    "number",
    metavar="ALLOCATION",
    shell_complete=document_names(names.ALLOCATION, names.RECEIPT, names.CREDIT_NOTE),
)
@click.option("--item", metavar="ITEM", help="Only what was applied to this item, or to this invoice.")
@posting_options
@pass_context
def unallocate(context: Context, number: str, item: str | None, write: Write) -> None:
    """Take an allocation back: the item is open again, the credit is there again.

    A receipt or credit note may be named too: then what it paid goes back to its own credit. The original entry stays,
    and the opposite one is dated on the posting date.

    \b
    Examples: an allocation; one of the invoices that a receipt paid:
      o2c unallocate AL-2026-0001 --why "applied to the wrong invoice"
      o2c unallocate RC-2026-0001 --item INV-2026-0002
    """
    name = item_name(number, "ALLOCATION")
    only = item_name(item, "--item") if item else ""
    post(
        context,
        write,
        f"unallocate {name}{f' --item {only}' if only else ''}",
        [name, only],
        lambda books, act, day: take_back(books, act, day, name, only),
        about=[name, only],
    )
