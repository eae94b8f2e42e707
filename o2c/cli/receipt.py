"""The command `receipt`: money that came in, entered by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cash.bank import Terms
from o2c.cash.choosing import Use
from o2c.cash.receipts import Payment
from o2c.cash.receipts import receipt as receive
from o2c.cash.receipts import without_reference
from o2c.cli.cash_lists import Verb
from o2c.cli.cash_lists import given
from o2c.cli.cash_lists import listing
from o2c.cli.cash_lists import showing
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import customer_names
from o2c.cli.names import document_names
from o2c.cli.payment_reference import paid_item
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.text import customer_code
from o2c.model.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.cash.asked import Asked
    from o2c.model.documents import Act
    from o2c.model.documents import Entry

_WORDS = (listing(names.RECEIPT, "receipts", "receipt"), showing(names.RECEIPT, "receipt"))


@click.command(cls=Verb, words=_WORDS)
@click.argument("customer", metavar="CUSTOMER", shell_complete=customer_names)
@click.argument("amount", metavar="AMOUNT")
@click.argument("currency", required=False, metavar="[CURRENCY]")
@click.option("--ref", metavar="TEXT", help="What the bank or customer wrote; finds money entered twice, too.")
@click.option(
    "--apply",
    "uses",
    multiple=True,
    metavar="ITEM[=AMOUNT]",
    shell_complete=document_names(names.INVOICE),
    help="What it pays: an item, or an invoice with instalments (oldest due first), by number or RF reference; repeat.",
)
@click.option("--account", default="", metavar="BANK", help="Bank account, or its name in company.yaml [by currency].")
@click.option("--fee", metavar="AMOUNT", help="What the bank kept; the customer is credited with the whole amount.")
@click.option("--received", metavar="AMOUNT", help="What the bank made of foreign money, in the currency of the books.")
@click.option("--again", is_flag=True, help="Enter it although the same day, amount and reference (or none) is there.")
@posting_options
@pass_context
def receipt(
    context: Context,
    customer: str,
    amount: str,
    currency: str | None,
    ref: str | None,
    uses: tuple[str, ...],
    account: str,
    fee: str | None,
    received: str | None,
    again: bool,
    write: Write,
) -> None:
    """Record money that came in, and what it pays.

    Nothing is guessed: what no --apply names stays on account, as a credit with the number of the receipt, until it is
    allocated or refunded. Without an amount, an item takes what is open of it, or what is left of the money. Without a
    currency, the amount is in the customer's currency.

    `o2c receipt list [--unapplied]` and `o2c receipt show N` show receipts.

    \b
    Examples: one invoice paid in full; two invoices, the second in part;
    dollars that the bank changed into euros after taking its fee:
      o2c receipt C0001 1190.00 EUR --apply INV-2026-0001 --ref "transfer 4711"
      o2c receipt C0001 1500.00 EUR --apply INV-2026-0001 --apply INV-2026-0002=310.00
      o2c receipt C0020 1000.00 USD --apply INV-2026-0007 --received "905.00 EUR" --fee "15.00 EUR"
    """
    code = usage(lambda: customer_code(customer))
    money = given(amount, "AMOUNT", currency)
    asked = [_use(context, use, code) for use in uses]
    bank = (given(fee, "--fee") if fee else None, given(received, "--received") if received else None)
    reference = usage(lambda: one_line(ref, "--ref")) if ref else ""

    def compose(books: Books, act: Act, day: date) -> Sequence[Entry]:
        known = books.master.customer(code)
        unit = money.currency or known.currency or books.master.company.currency
        payment = Payment(
            customer=code,
            amount=money.within(unit),
            currency=unit,
            uses=tuple(Use(name, part.within(unit, f"--apply {name}") if part else None) for name, part in asked),
            reference=reference,
            terms=_terms(account, *bank, unit, books.master.company.currency),
            again=again,
        )
        return receive(books, act, day, payment)

    on = context.day(write.date)

    def about(books: Books) -> list[str]:
        equal = [f"{code}#{reference}"] if reference else without_reference(books, code, on)
        return [*(name for name, _ in asked), *equal]

    request = [code, amount, currency, ref, uses, account, fee, received]
    post(context, write, f"receipt {code} {amount} {currency or ''}".rstrip(), request, compose, about=about)


def _use(context: Context, text: str, customer: str) -> tuple[str, Asked | None]:
    name, equals, amount = text.partition("=")
    return paid_item(context, name, "--apply", customer), given(amount, f"--apply {name}") if equals else None


def _terms(account: str, fee: Asked | None, received: Asked | None, currency: str, books: str) -> Terms:
    """Read the bank's side: a fee is in the currency that reached the account."""
    reached = currency if received is None else books
    return Terms(
        account=account,
        fee=fee.within(reached, "--fee") if fee else ZERO,
        converted=received.within(books, "--received") if received else None,
    )
