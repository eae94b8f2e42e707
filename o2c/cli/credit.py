"""The commands `credit ...` that show: show, check, review, score; the decisions are in `credit_set`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.credit_set import hold
from o2c.cli.credit_set import limit
from o2c.cli.credit_set import release
from o2c.cli.names import customer_names
from o2c.cli.names import document_names
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.model import names
from o2c.model.text import day
from o2c.model.text import identifier

if TYPE_CHECKING:
    from pathlib import Path


_AS_OF = click.option("--as-of", metavar="DATE", help="The day whose end is shown, like 2026-03-31 [today].")
_who = click.argument("name", metavar="CUSTOMER|GROUP", shell_complete=customer_names)


@click.group()
def credit() -> None:
    """Credit: limits, what customers use of them, holds and releases, reviews.

    Which rules an order is tested by, and what follows, stands in master/policies.yaml under `credit`.

    \b
    Example:
      o2c credit limit C0001 10000.00 --reason "good payer for years"
      o2c credit show C0001
      o2c credit check SO-2026-0001
    """


for command in (hold, limit, release):
    credit.add_command(command)


@credit.command()
@_who
@_AS_OF
@table_options
@pass_context
def show(context: Context, name: str, as_of: str | None, fmt: str, output: Path | None) -> None:
    """Show the exposure of a customer or credit group term by term, its limit, and what is left of it.

    Below: the groups it belongs to, orders that are held, and what each draft would add. Terms are gross of tax, in the
    currency of the limit, at the rate of the day; what is posted later never changes the answer for an earlier day.

    \b
    Example:
      o2c credit show C0001 --as-of 2026-03-31
    """
    from o2c.cli import credit_view
    from o2c.reports import credit_standing

    on = usage(lambda: day(as_of, "--as-of")) if as_of else context.today
    table = credit_standing.report(context.books(), on, usage(lambda: identifier(name, "CUSTOMER")))
    if fmt == "text" and output is None:
        click.echo("\n".join(credit_view.lines(table)))
    else:
        show_table(table, fmt, output)


@credit.command()
@click.argument("number", metavar="ORDER", shell_complete=document_names(names.ORDER))
@click.option("--at", "point", type=click.Choice(["confirm", "amend", "release", "deliver"]), default="confirm",
              help="The check point [confirm].")  # fmt: skip
@_AS_OF
@table_options
@pass_context
def check(context: Context, number: str, point: str, as_of: str | None, fmt: str, output: Path | None) -> None:
    """Test an order by every rule of credit, without writing anything; exit code 1 where it would not go on.

    \b
    Example:
      o2c credit check SO-2026-0001
    """
    from o2c.reports import credit_check

    on = usage(lambda: day(as_of, "--as-of")) if as_of else context.today
    table, verdict = credit_check.report(context.books(), on, number, point)
    show_table(table, fmt, output)
    if verdict in {"hold", "refuse"}:
        raise SystemExit(1)


@credit.command()
@click.option("--days", type=click.IntRange(0, 3_660), default=30, show_default=True, metavar="N",
              help="Also name limits that end, or are due for review, within so many days.")  # fmt: skip
@_AS_OF
@table_options
@pass_context
def review(context: Context, days: int, as_of: str | None, fmt: str, output: Path | None) -> None:
    """List who is due for review: limits that ended or end soon, reviews past, over the limit, no limit; a proposal.

    \b
    Example: what to look at this month, for a spreadsheet:
      o2c credit review --days 30 -o review.xlsx
    """
    from o2c.reports import credit_review

    on = usage(lambda: day(as_of, "--as-of")) if as_of else context.today
    show_table(credit_review.report(context.books(), on, days), fmt, output)


@credit.command()
@click.argument("name", metavar="CUSTOMER", shell_complete=customer_names)
@_AS_OF
@table_options
@pass_context
def score(context: Context, name: str, as_of: str | None, fmt: str, output: Path | None) -> None:
    """Score how a customer pays, from the books alone, with the arithmetic; and propose a limit.

    It proposes only: a person sets the limit. The weights stand in policies.yaml under `credit`, `score`.

    \b
    Example:
      o2c credit score C0001
    """
    from o2c.reports import credit_score

    on = usage(lambda: day(as_of, "--as-of")) if as_of else context.today
    show_table(credit_score.report(context.books(), on, usage(lambda: identifier(name, "CUSTOMER"))), fmt, output)
