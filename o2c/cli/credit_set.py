"""What is decided about credit: `credit limit`, `credit hold`, `credit release`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cli.cash_lists import given
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import customer_names
from o2c.cli.names import document_names
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.errors import WrongUsage
from o2c.model import names
from o2c.model.money import parse_amount
from o2c.model.text import day
from o2c.model.text import identifier
from o2c.model.text import one_line

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Event

_REASON = click.option("--reason", required=True, metavar="TEXT", help="Why; it is written into the entry.")


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete customers and held or open orders."""
    return customer_names(ctx, param, incomplete) + document_names(names.ORDER)(ctx, param, incomplete)


_who = click.argument("name", metavar="CUSTOMER|GROUP", shell_complete=customer_names)
_who_or_order = click.argument("name", metavar="CUSTOMER|GROUP|ORDER", shell_complete=_names)


@click.command()
@_who
@click.argument("amount", metavar="AMOUNT")
@click.argument("currency", metavar="[CURRENCY]", required=False)
@_REASON
@click.option("--until", metavar="DATE", help="The last day; makes it a temporary limit, on top of the permanent one.")
@click.option("--kind", type=click.Choice(["permanent", "temporary", "insured", "secured"]),
    help="What it is [permanent; temporary with --until].")  # fmt: skip
@click.option("--review", metavar="DATE", help="The day on which somebody should look again [policies: review_days].")
@click.option("--horizon", type=click.IntRange(0, 36_525), metavar="DAYS",
              help="Count only orders wanted within so many days [policies: horizon; else all].")  # fmt: skip
@posting_options
@pass_context
def limit(
    context: Context,
    name: str,
    amount: str,
    currency: str | None,
    reason: str,
    until: str | None,
    kind: str | None,
    review: str | None,
    horizon: int | None,
    write: Write,
) -> None:
    """Set the limit of a customer or credit group from a day on.

    The newest permanent limit counts, and on top of it what is temporary, insured or secured and not over. Setting one
    kind again replaces that kind. Above the amount that policies.yaml names, a second person must approve it: then a
    proposal is written, and the command ends with exit code 1.

    \b
    Examples: a limit; 5000 more until the end of the season; all shops of a group together:
      o2c credit limit C0001 10000.00 --reason "good payer for years"
      o2c credit limit C0001 "5000.00 EUR" --until 2026-12-31 --reason "Christmas season"
      o2c credit limit RIVE-CLAIRE "40000.00 EUR" --reason "guarantee of the parent"
    """
    from o2c.cli.approving import post_guarded
    from o2c.credit import limits

    who = usage(lambda: identifier(name, "CUSTOMER"))
    value = given(amount, "AMOUNT", currency)
    last, look = _day(until, "--until"), _day(review, "--review")

    def compose(books: Books, act: Act, on: date) -> list[Event]:
        in_it = value.currency or limits.currency_of(books, who, on)
        asked = usage(lambda: parse_amount(f"{value.number:f} {in_it}", "AMOUNT"))
        return limits.set_limit(books, act, on, who, asked, kind=kind or "", until=last, review=look, horizon=horizon)

    post_guarded(
        context,
        _because(write, reason),
        f"credit limit {who} {amount}{f' {currency}' if currency else ''}",
        [who, str(value.number), value.currency, until, kind, review, horizon, reason],
        compose,
        about=[who],
    )


@click.command()
@_who_or_order
@_REASON
@click.option("--until", metavar="DATE", help="Customers and groups: the last day of the block [until released].")
@posting_options
@pass_context
def hold(context: Context, name: str, reason: str, until: str | None, write: Write) -> None:
    """Hold an order, or block all orders of a customer or credit group, because of credit.

    \b
    Example:
      o2c credit hold C0004 --reason "insolvency was filed for"
      o2c credit hold SO-2026-0007 --reason "trade register entry is being checked"
    """
    from o2c.credit import limits
    from o2c.sales import order_decisions

    last = _day(until, "--until")

    def compose(books: Books, act: Act, on: date) -> list[Event]:
        if name in books.facts.versions:
            return order_decisions.hold(books, act, on, name, "credit")
        return limits.block(books, act, on, name, last)

    post(context, _because(write, reason), f"credit hold {name}", [name, until, reason], compose, about=[name])


@click.command()
@_who_or_order
@_REASON
@click.option("--amount", metavar="AMOUNT", help="Orders: how much may pass at most, like 5000.00 [all of it].")
@click.option("--until", metavar="DATE", help="Orders: the last day on which it may [policies: release_days].")
@posting_options
@pass_context
def release(context: Context, name: str, reason: str, amount: str | None, until: str | None, write: Write) -> None:
    """Release a held order, or end the block of a customer or credit group.

    The release of an order is good for its amount and days only, and for the order as it is: an amended order is
    checked again. It must then be confirmed. Ending a block needs a second person where policies.yaml asks for one for
    limits (or for `unblock`, which names a role of its own).

    \b
    Example:
      o2c credit release SO-2026-0007 --reason "half is paid" --amount 5000.00 --until 2026-04-30
      o2c credit release C0004 --reason "insolvency plan is confirmed"
    """
    from o2c.cli.approving import post_guarded
    from o2c.cli.order_state import release_order
    from o2c.credit import limits

    order = _is_order(context, name)
    if not order and (amount or until) and limits.is_known(context.books().master, name):
        raise WrongUsage(f"{name} is no order, and --amount and --until are for orders; leave them out to end a block")
    if order or amount or until:
        release_order(context, "credit release", name, reason, amount, until, write)
        return
    post_guarded(
        context,
        _because(write, reason),
        f"credit release {name}",
        [name, reason],
        lambda books, act, on: limits.unblock(books, act, on, name),
        about=[name],
    )


def _because(write: Write, reason: str) -> Write:
    return write._replace(why=usage(lambda: one_line(reason, "--reason", 500)))


def _is_order(context: Context, name: str) -> bool:
    return name in context.books().about(name).facts.versions


def _day(text: str | None, option: str) -> date | None:
    return usage(lambda: day(text, option)) if text else None
