"""What is decided about an order: `order confirm`, `order hold`, `order release`, `order cancel`."""

from __future__ import annotations

from pathlib import Path

import click

from o2c.cli import credit_guard
from o2c.cli.approving import post_guarded
from o2c.cli.cash_lists import given
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.credit_guard import CreditGuard
from o2c.cli.names import document_names
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.errors import WrongUsage
from o2c.model import names
from o2c.model.text import day
from o2c.model.text import one_line
from o2c.sales import order_decisions

_order = click.argument("number", metavar="ORDER", shell_complete=document_names(names.ORDER))
_file = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.command()
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
            order_decisions.confirm_complete(books, act, day, incomplete)
            if everything
            else order_decisions.confirm(books, act, day, numbers, accept_prices=accept_prices),
            bulk=everything,
        ),
        about=(lambda books: books.unfinished("confirm")) if everything else numbers,
    )
    for sentence in incomplete:
        click.echo(f"left as draft: {sentence}", err=True)
    guard.finish(posted)
    if incomplete:
        raise SystemExit(1)


@click.command()
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
        lambda books, act, day: order_decisions.cancel(books, act, day, number),
        about=[number],
    )


@click.command()
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
        lambda books, act, day: order_decisions.hold(books, act, day, number),
        about=[number],
    )


@click.command()
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
