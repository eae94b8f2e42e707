"""The commands `order ...`: take in, amend, show, list; the decisions about orders are in `order_state`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from o2c.cli.chain import print_chain
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.credit_guard import CreditGuard
from o2c.cli.names import customer_names
from o2c.cli.names import document_names
from o2c.cli.order_state import cancel
from o2c.cli.order_state import confirm
from o2c.cli.order_state import hold
from o2c.cli.order_state import release
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.errors import WrongUsage
from o2c.model import names
from o2c.model.documents import Opening
from o2c.sales import invoices
from o2c.sales import order_files
from o2c.sales import orders

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.sales.requests import OrderRequest

_order = click.argument("number", metavar="ORDER", shell_complete=document_names(names.ORDER))
_file = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.group()
def order() -> None:
    """Orders: taken in from files, completed, confirmed, amended, cancelled.

    An order is a draft until it is confirmed; only confirmed orders are delivered and invoiced.

    \b
    Example:
      o2c order import orders.csv
      o2c order list --incomplete
      o2c order confirm SO-2026-0001
    """


for command in (cancel, confirm, hold, release):
    order.add_command(command)


@order.command("import")
@_file
@click.option("--confirm", "at_once", is_flag=True, help="Confirm all orders of the file at once, or take in none.")
@click.option("--invoice", "bill", is_flag=True, help="Confirm, and invoice at once what is invoiced by order.")
@posting_options
@pass_context
def import_(context: Context, file: Path, at_once: bool, bill: bool, write: Write) -> None:
    """Take in orders from YAML, CSV or XLSX; an order with your own number is taken in only once.

    \b
    CSV and XLSX hold one row per order line, with the columns
      order, customer, date, reference, currency, invoicing, price_list, ship_to, terms, requested_date,
      sku, quantity, price, discount, text, promised
    of which customer, sku and quantity are needed; without a price the price list decides.
    `invoicing: order` invoices at once what is ordered, `delivery` what is delivered.

    \b
    Example:
      o2c order import orders.yaml

    \b
    where orders.yaml holds:
      - order: WEB-1001
        customer: C0001
        reference: PO-7781
        lines:
          - {sku: P-1001, quantity: 10}
          - {sku: P-1002, quantity: 2, price: 24.95}
    """
    requests = read_orders(file)
    guard = CreditGuard("confirm")
    posted = post(
        context,
        write,
        "order import",
        [repr(requests), at_once, bill],
        lambda books, act, day: _take_in(books, act, day, requests, guard, confirm=at_once or bill, bill=bill),
        about=[orders.outside_name(request) for request in requests],
    )
    guard.finish(posted)


def _take_in(
    books: Books, act: Act, day: date, requests: list[OrderRequest], guard: CreditGuard, *, confirm: bool, bill: bool
) -> list[Entry]:
    entries = orders.take_in_and_confirm(books, act, day, requests, confirm_them=confirm)
    let_in = guard(books, act, day, entries) if confirm else list(entries)
    about_orders = [entry for entry in let_in if not isinstance(entry, Opening)]
    return [*let_in, *(invoices.of_new_orders(books, act, day, about_orders) if bill else [])]


@order.command()
@_order
@_file
@posting_options
@pass_context
def amend(context: Context, number: str, file: Path, write: Write) -> None:
    """Give an order a new version from a file with this one order; it must be confirmed again.

    \b
    Example:
      o2c order amend SO-2026-0001 changed.yaml --why "customer wants 12 instead of 10"
    """
    requests = read_orders(file)
    if len(requests) != 1:
        raise WrongUsage(f"{file} holds {len(requests)} orders; write the one that changes")
    guard = CreditGuard("amend")
    posted = post(
        context,
        write,
        f"order amend {number}",
        [number, repr(requests)],
        lambda books, act, day: guard(books, act, day, orders.amend(books, act, day, number, requests[0])),
        about=[number],
    )
    guard.finish(posted)


@order.command()
@_order
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_context
def show(context: Context, number: str, as_json: bool) -> None:
    """Show an order with its chain: deliveries, invoices, credit notes, receipts.

    \b
    Example:
      o2c order show SO-2026-0001
    """
    print_chain(context.books().about(number), number, names.ORDER, as_json=as_json)


@order.command("list")
@click.option("--open", "only", flag_value="open", help="Only orders with something left to deliver or invoice.")
@click.option("--held", "only", flag_value="held", help="Only held orders.")
@click.option("--incomplete", "only", flag_value="incomplete", help="Only drafts that lack something, and what.")
@click.option("--customer", default="", metavar="C", shell_complete=customer_names, help="Only this customer.")
@table_options
@pass_context
def list_(context: Context, only: str | None, customer: str, fmt: str, output: Path | None) -> None:
    """List orders with their state, how far they have come, and what they lack.

    \b
    Example:
      o2c order list --open
    """
    from o2c.reports import listings

    show_table(listings.orders(context.books(), context.today, only=only or "", customer=customer), fmt, output)


def read_orders(file: Path) -> list[OrderRequest]:
    """Read an order file by its ending: .yaml, .yml, .csv, .xlsx; raises BadInput with every fault."""
    if file.suffix.lower() in {".yaml", ".yml"}:
        return order_files.from_yaml(str(file), file.read_bytes())
    from o2c.importing.sheets import read_rows

    return order_files.from_rows(str(file), ((row.line, row.cells) for row in read_rows(file)))
