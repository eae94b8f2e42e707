"""The commands `credit-note ...`: create, show, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cli.approving import post_guarded
from o2c.cli.chain import print_chain
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import customer_names
from o2c.cli.names import document_names
from o2c.cli.posting import Write
from o2c.cli.posting import posting_options
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.errors import WrongUsage
from o2c.model import names
from o2c.model.money import parse_amount
from o2c.model.money import parse_number
from o2c.model.money import shown

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from beancount.core.amount import Amount


@click.group("credit-note")
def credit_note() -> None:
    """Credit notes: by line or in full, linked to their invoice, with a reason.

    \b
    Example:
      o2c credit-note create INV-2026-0001 --reason return --line 1=2
    """


@credit_note.command()
@click.argument("number", metavar="INVOICE", shell_complete=document_names(names.INVOICE))
@click.option("--reason", required=True, metavar="CODE", help="A reason of master/policies.yaml, like return or price.")
@click.option(
    "--line",
    "lines",
    multiple=True,
    metavar="N=QTY|N=AMOUNT",
    help='A quantity (1=2) or a net amount (1="20.00 EUR") of line N.',
)
@click.option("--full", is_flag=True, help="Credit all that is left of the invoice.")
@posting_options
@pass_context
def create(context: Context, number: str, reason: str, lines: tuple[str, ...], full: bool, write: Write) -> None:
    """Credit an invoice, by line or in full; what was paid already becomes a credit of the customer.

    Over what `approvals:` in policies.yaml leaves free, nothing is posted: a proposal waits for a second person.

    \b
    Example: two pieces of line 1, 20.00 off line 2, or all of it:
      o2c credit-note create INV-2026-0001 --reason return --line 1=2
      o2c credit-note create INV-2026-0001 --reason price --line 2="20.00 EUR"
      o2c credit-note create INV-2026-0001 --reason return --full
    """
    from o2c.sales import credit_notes

    if full == bool(lines):
        raise WrongUsage("say what to credit: --line N=QTY (or N=AMOUNT), or --full")
    asked = dict(_line(text) for text in lines)
    if len(asked) != len(lines):
        raise WrongUsage("--line names a line twice; give each once")
    post_guarded(
        context,
        write,
        f"credit-note create {number}",
        [number, reason, sorted((line, str(what)) for line, what in asked.items()), full],
        lambda books, act, day: credit_notes.create(books, act, day, number, reason, asked, full=full),
        about=[number],
    )


def _line(text: str) -> tuple[int, Decimal | Amount]:
    number, _, what = text.partition("=")
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        raise WrongUsage(f'--line: {shown(text)} does not name a line; write it like 1=2 or 1="20.00 EUR"')
    if " " in what:
        return int(number), usage(lambda: parse_amount(what, "--line"))
    return int(number), usage(lambda: parse_number(what, "--line"))


@credit_note.command()
@click.argument("number", metavar="CREDIT-NOTE", shell_complete=document_names(names.CREDIT_NOTE))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_context
def show(context: Context, number: str, as_json: bool) -> None:
    """Show a credit note with its chain.

    \b
    Example:
      o2c credit-note show CN-2026-0001
    """
    print_chain(context.books().about(number), number, names.CREDIT_NOTE, as_json=as_json)


@credit_note.command("list")
@click.option("--open", "only", flag_value="open", help="Only credit notes of which something can still be used.")
@click.option("--customer", default="", metavar="C", shell_complete=customer_names, help="Only this customer.")
@table_options
@pass_context
def list_(context: Context, only: str | None, customer: str, fmt: str, output: Path | None) -> None:
    """List credit notes with what is left of them as a credit.

    \b
    Example:
      o2c credit-note list --open
    """
    from o2c.reports import listings

    table = listings.sales_documents(
        context.books(), context.today, names.CREDIT_NOTE, only=only or "", customer=customer
    )
    show_table(table, fmt, output)
