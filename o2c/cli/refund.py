"""The command `refund`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cash.bank import Terms
from o2c.cash.refunds import refund as pay_back
from o2c.cli.approving import post_guarded
from o2c.cli.cash_lists import Verb
from o2c.cli.cash_lists import given
from o2c.cli.cash_lists import item_name
from o2c.cli.cash_lists import listing
from o2c.cli.cash_lists import showing
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.names import document_names
from o2c.cli.posting import Write
from o2c.cli.posting import posting_options
from o2c.model import names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.cash.asked import Asked
    from o2c.model.documents import Act
    from o2c.model.documents import Entry

_WORDS = (listing(names.REFUND, "refunds", "refund"), showing(names.REFUND, "refund"))


@click.command(cls=Verb, words=_WORDS)
@click.argument("item", metavar="ITEM", shell_complete=document_names(names.RECEIPT, names.CREDIT_NOTE))
@click.argument("amount", metavar="AMOUNT")
@click.argument("currency", metavar="[CURRENCY]", required=False)
@click.option("--account", default="", metavar="BANK", help="Bank account, or its name in company.yaml [by currency].")
@click.option("--paid", metavar="AMOUNT", help="What the bank took for foreign money, in the currency of the books.")
@posting_options
@pass_context
def refund(
    context: Context, item: str, amount: str, currency: str | None, account: str, paid: str | None, write: Write
) -> None:
    """Pay a credit back to the customer: a receipt on account, or a credit note not used.

    Over what `approvals:` in policies.yaml leaves free, nothing is posted: a proposal waits for a second person.

    `o2c refund list` and `o2c refund show N` show refunds.

    \b
    Example: an overpayment goes back:
      o2c refund RC-2026-0003 10.00 EUR
    """
    name = item_name(item, "ITEM")
    money = given(amount, "AMOUNT", currency)
    taken = given(paid, "--paid") if paid else None
    post_guarded(
        context,
        write,
        f"refund {name} {amount}{f' {currency}' if currency else ''}",
        [name, amount, currency, account, paid],
        lambda books, act, day: _pay_back(books, act, day, name, money, account, taken),
        about=[name],
    )


def _pay_back(
    books: Books, act: Act, day: date, item: str, money: Asked, account: str, taken: Asked | None
) -> Sequence[Entry]:
    """Compose the refund; the customer's bank details must be approved, where the policy asks for that."""
    from o2c.model.documents import Document
    from o2c.proposals.bank_details import require_approved

    terms = Terms(account, converted=taken.within(books.master.company.currency, "--paid") if taken else None)
    entries = pay_back(books, act, day, item, money, terms)
    for entry in entries:
        if isinstance(entry, Document):
            require_approved(books, entry.customer, day)
    return entries
