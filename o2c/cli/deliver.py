"""The commands `deliver` and `delivery ...`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cli import credit_guard
from o2c.cli.chain import print_chain
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.credit_guard import CreditGuard
from o2c.cli.names import customer_names
from o2c.cli.names import document_names
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.errors import WrongUsage
from o2c.model import names
from o2c.model.money import parse_number
from o2c.model.money import shown
from o2c.sales import deliveries

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path


@click.command()
@click.argument("number", metavar="[ORDER]", required=False, shell_complete=document_names(names.ORDER))
@click.option(
    "--line", "lines", multiple=True, metavar="N=QTY", help="Deliver only this quantity of line N; repeat as needed."
)
@click.option("--all", "everything", is_flag=True, help="Deliver all that is open of every confirmed order.")
@posting_options
@pass_context
def deliver(context: Context, number: str | None, lines: tuple[str, ...], everything: bool, write: Write) -> None:
    """Record what was delivered of an order: all that is open, or the quantities given.

    Where the rules of credit hold the order (`deliver` in policies.yaml), it is held instead, with exit code 1.

    \b
    Example: six of line 1, the rest later:
      o2c deliver SO-2026-0001 --line 1=6
      o2c deliver SO-2026-0001
    """
    if (number is None) != everything or (everything and lines):
        raise WrongUsage("name one order (with --line for a part), or give --all alone")
    quantities = dict(_line(text) for text in lines)
    if len(quantities) != len(lines):
        raise WrongUsage("--line names a line twice; give each once")
    guard = CreditGuard("deliver")
    posted = post(
        context,
        write,
        "deliver --all" if number is None else f"deliver {number}",
        [number, sorted(quantities.items())],
        lambda books, act, day: (
            credit_guard.deliver_all(guard, books, act, day)
            if number is None
            else guard(books, act, day, deliveries.deliver(books, act, day, number, quantities))
        ),
        about=(lambda books: books.unfinished("deliver")) if number is None else [number],
    )
    guard.finish(posted)


def _line(text: str) -> tuple[int, Decimal]:
    number, _, quantity = text.partition("=")
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        raise WrongUsage(f"--line: {shown(text)} does not name a line; write it like 1=6")
    value = usage(lambda: parse_number(quantity, "--line"))
    if value <= 0:
        raise WrongUsage(f"--line: {shown(text)} is not more than zero; returns are credit notes")
    return int(number), value


@click.group()
def delivery() -> None:
    """Deliveries: show, list. New ones are made by `o2c deliver ORDER`.

    \b
    Example:
      o2c delivery list
    """


@delivery.command()
@click.argument("number", metavar="DELIVERY", shell_complete=document_names(names.DELIVERY))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_context
def show(context: Context, number: str, as_json: bool) -> None:
    """Show a delivery with its chain.

    \b
    Example:
      o2c delivery show DN-2026-0001
    """
    print_chain(context.books().about(number), number, names.DELIVERY, as_json=as_json)


@delivery.command("list")
@click.option("--customer", default="", metavar="C", shell_complete=customer_names, help="Only this customer.")
@table_options
@pass_context
def list_(context: Context, customer: str, fmt: str, output: Path | None) -> None:
    """List deliveries.

    \b
    Example:
      o2c delivery list --customer C0001
    """
    from o2c.reports import listings

    show_table(listings.deliveries(context.books(), context.today, customer=customer), fmt, output)
