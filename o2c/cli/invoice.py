"""The commands `invoice ...`: create, run, show, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cli.chain import print_chain
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.names import customer_names
from o2c.cli.names import document_names
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.model import names

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def invoice() -> None:
    """Invoices, made from what was delivered (or ordered, where so agreed).

    \b
    Example:
      o2c invoice create SO-2026-0001
      o2c invoice run --until 2026-03-31
      o2c invoice list --overdue
    """


@invoice.command()
@click.argument("number", metavar="ORDER", shell_complete=document_names(names.ORDER))
@posting_options
@pass_context
def create(context: Context, number: str, write: Write) -> None:
    """Invoice what is delivered and not invoiced yet of one order.

    \b
    Example:
      o2c invoice create SO-2026-0001 --date 2026-03-05
    """
    from o2c.sales import invoices

    post(
        context,
        write,
        f"invoice create {number}",
        [number],
        lambda books, act, day: invoices.create(books, act, day, number),
        about=[number],
    )


@invoice.command()
@click.option("--until", metavar="DATE", help="Invoice what was delivered through this day [the posting date].")
@posting_options
@pass_context
def run(context: Context, until: str | None, write: Write) -> None:
    """Invoice everything that is delivered and not invoiced, one invoice per order, all at once or none.

    \b
    Example: look first, then post:
      o2c invoice run --until 2026-03-31 --dry-run
      o2c invoice run --until 2026-03-31
    """
    from o2c.sales import invoices

    limit = context.day(until) if until else None
    post(
        context,
        write,
        f"invoice run{f' --until {until}' if until else ''}",
        [until],
        lambda books, act, day: invoices.run(books, act, day, limit or day),
        about=lambda books: books.unfinished("invoice"),
    )


@invoice.command()
@click.argument("number", metavar="INVOICE", shell_complete=document_names(names.INVOICE))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_context
def show(context: Context, number: str, as_json: bool) -> None:
    """Show an invoice, what is open of it, and its chain from order to cash.

    \b
    Example:
      o2c invoice show INV-2026-0001
    """
    print_chain(context.books().about(number), number, names.INVOICE, as_json=as_json)


@invoice.command("list")
@click.option("--open", "only", flag_value="open", help="Only invoices that are not settled.")
@click.option("--overdue", "only", flag_value="overdue", help="Only invoices past due.")
@click.option("--customer", default="", metavar="C", shell_complete=customer_names, help="Only this customer.")
@table_options
@pass_context
def list_(context: Context, only: str | None, customer: str, fmt: str, output: Path | None) -> None:
    """List invoices with what is open of them.

    \b
    Example:
      o2c invoice list --overdue
    """
    from o2c.reports import listings

    table = listings.sales_documents(context.books(), context.today, names.INVOICE, only=only or "", customer=customer)
    show_table(table, fmt, output)
