"""The command `write-off`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cash.write_offs import write_off as give_up
from o2c.cli.approving import post_guarded
from o2c.cli.cash_lists import Verb
from o2c.cli.cash_lists import given
from o2c.cli.cash_lists import item_name
from o2c.cli.cash_lists import listing
from o2c.cli.cash_lists import showing
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import document_names
from o2c.cli.posting import Write
from o2c.cli.posting import posting_options
from o2c.model import names
from o2c.model.text import code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Entry

_WORDS = (listing(names.WRITE_OFF, "write-offs", "write-off"), showing(names.WRITE_OFF, "write-off"))


@click.command("write-off", cls=Verb, words=_WORDS)
@click.argument("item", metavar="ITEM", shell_complete=document_names(names.INVOICE, names.RECEIPT))
@click.argument("amount", metavar="[AMOUNT]", required=False)
@click.argument("currency", metavar="[CURRENCY]", required=False)
@click.option("--reason", required=True, metavar="CODE", help="A reason of policies.yaml: it decides account and VAT.")
@click.option("--keep-vat", is_flag=True, help="Leave the VAT as invoiced, whatever the reason says.")
@posting_options
@pass_context
def write_off(
    context: Context, item: str, amount: str | None, currency: str | None, reason: str, keep_vat: bool, write: Write
) -> None:
    """Write off an open item, or a part of it.

    The reason says which account bears it, and whether the VAT shrinks with it (`vat: correct`): then the VAT of the
    invoice is taken back in proportion, rate by rate. Items that were moved in have no VAT here; for those use a reason
    that keeps it, or --keep-vat. A credit that nobody claims (an overpayment of cents) is written off to income.

    Over what `approvals:` in policies.yaml leaves free, nothing is posted: a proposal waits for a second person.

    `o2c write-off list` and `o2c write-off show N` show write-offs.

    \b
    Examples: all that is open; the cents of an overpayment:
      o2c write-off INV-2026-0004 --reason bad-debt
      o2c write-off RC-2026-0003 0.04 EUR --reason small-difference
    """
    name, why = item_name(item, "ITEM"), usage(lambda: code(reason, "--reason"))
    part = given(amount, "AMOUNT", currency) if amount else None

    def compose(books: Books, act: Act, day: date) -> Sequence[Entry]:
        return give_up(books, act, day, name, part, why, keep_vat=keep_vat)

    asked = f"{f' {amount}' if amount else ''}{f' {currency}' if currency else ''}"
    request = [name, amount, currency, why, keep_vat]
    command = f"write-off {name}{asked} --reason {why}"
    post_guarded(context, write, command, request, compose, about=[name])
