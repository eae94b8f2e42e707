"""The commands `order ...`: take in, complete, confirm, amend, hold, release, cancel, show, list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from o2c.cli import credit_guard
from o2c.cli.approving import post_guarded
from o2c.cli.cash_lists import given
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
from o2c.model.documents import Opening
from o2c.model.text import day
from o2c.model.text import one_line
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
@click.argument("numbers", metavar="[ORDER]...", nargs=-1, shell_complete=document_names(names.ORDER))
@click.option("--all", "everything", is_flag=True, help="Confirm every draft that is complete; name the others.")
@click.option("--accept-prices", is_flag=True, help="Accept prices that differ from the list.")
@posting_options
@pass_context
def confirm(context: Context, numbers: tuple[str, ...], everything: bool, accept_prices: bool, write: Write) -> None:
    """Confirm orders, after checking that they are complete, their prices agreed, and credit allows them.

    An order that the rules of credit hold (`credit:` in policies.yaml) gets a note that lists the rules and figures;
    it waits for `o2c credit release`, and the command ends with exit code 1.

    \b
    Example:
      o2c order confirm SO-2026-0001 SO-2026-0002
      o2c order confirm --all
    """
    if bool(numbers) == everything:
        raise WrongUsage("name the orders to confirm, or give --all")
    incomplete: list[str] = []
    guard = CreditGuard("confirm")
    posted = (post_guarded if accept_prices else post)(
        context,
        write,
        " ".join(["order confirm", *numbers]) if numbers else "order confirm --all",
        [numbers, everything, accept_prices],
        lambda books, act, day: guard(
            books,
            act,
            day,
            orders.confirm_complete(books, act, day, incomplete)
            if everything
            else orders.confirm(books, act, day, numbers, accept_prices=accept_prices),
            bulk=everything,
        ),
        about=(lambda books: books.unfinished("confirm")) if everything else numbers,
    )
    for sentence in incomplete:
        click.echo(f"left as draft: {sentence}", err=True)
    guard.finish(posted)
    if incomplete:
        raise SystemExit(1)


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
@posting_options
@pass_context
def cancel(context: Context, number: str, write: Write) -> None:
    """Cancel what is not delivered of an order.

    \b
    Example:
      o2c order cancel SO-2026-0001 --why "customer closed the project"
    """
    post(
        context,
        write,
        f"order cancel {number}",
        [number],
        lambda books, act, day: orders.cancel(books, act, day, number),
        about=[number],
    )


@order.command()
@_order
@posting_options
@pass_context
def hold(context: Context, number: str, write: Write) -> None:
    """Hold an order: it is not confirmed, delivered or invoiced until it is released.

    \b
    Example:
      o2c order hold SO-2026-0001 --why "delivery address in doubt"
    """
    post(
        context,
        write,
        f"order hold {number}",
        [number],
        lambda books, act, day: orders.hold(books, act, day, number),
        about=[number],
    )


@order.command()
@_order
@click.option("--reason", required=True, metavar="TEXT", help="Why it may go on.")
@click.option("--amount", metavar="AMOUNT", help="Credit: how much may pass at most, like 5000.00 [all of it].")
@click.option("--until", metavar="DATE", help="Credit: the last day on which it may [policies: release_days].")
@posting_options
@pass_context
def release(context: Context, number: str, reason: str, amount: str | None, until: str | None, write: Write) -> None:
    """Release a held order; it must then be confirmed, which checks it again.

    The release of an order that credit holds is good for an amount and some days only: after these, and after any
    amendment, the rules hold it again. `o2c credit release` is the same command.

    \b
    Example:
      o2c order release SO-2026-0001 --reason "address confirmed by telephone"
      o2c order release SO-2026-0002 --reason "half is paid" --amount 5000.00 --until 2026-04-30
    """
    release_order(context, "order release", number, reason, amount, until, write)


def release_order(
    context: Context, command: str, number: str, reason: str, amount: str | None, until: str | None, write: Write
) -> None:
    """Post the release of a held order, as `order release` and `credit release` do."""
    write = write._replace(why=usage(lambda: one_line(reason, "--reason", 500)))
    good_for = given(amount, "--amount") if amount else None
    last_day = usage(lambda: day(until, "--until")) if until else None
    guard = CreditGuard("release")
    posted = post_guarded(
        context,
        write,
        f"{command} {number}",
        [number, *([amount, until] if amount or until else [])],
        lambda books, act, on: credit_guard.release(guard, books, act, on, number, good_for, last_day),
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
