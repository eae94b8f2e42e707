"""The command `refund`."""

from __future__ import annotations

import click

from o2c.cash.bank import Terms
from o2c.cash.refunds import refund as pay_back
from o2c.cli.cash_lists import Verb
from o2c.cli.cash_lists import given
from o2c.cli.cash_lists import item_name
from o2c.cli.cash_lists import listing
from o2c.cli.cash_lists import showing
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.names import document_names
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.model import names

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

    `o2c refund list` and `o2c refund show N` show refunds.

    \b
    Example: an overpayment goes back:
      o2c refund RC-2026-0003 10.00 EUR
    """
    name = item_name(item, "ITEM")
    money = given(amount, "AMOUNT", currency)
    taken = given(paid, "--paid") if paid else None
    post(
        context,
        write,
        f"refund {name} {amount}{f' {currency}' if currency else ''}",
        [name, amount, currency, account, paid],
        lambda books, act, day: pay_back(
            books,
            act,
            day,
            name,
            money,
            Terms(account, converted=taken.within(books.master.company.currency, "--paid") if taken else None),
        ),
        about=[name],
    )
