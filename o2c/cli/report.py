"""The command `report`: figures as of the end of any day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c import reports
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.narrowing import warn
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.errors import WrongUsage
from o2c.model.money import shown
from o2c.model.text import code
from o2c.model.text import customer_code
from o2c.model.text import day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path


_REPORTS = "\n".join(f"  {name:<21}{report.summary}" for name, report in reports.REPORTS.items())
_HELP = f"""Show a report as of the end of a day.

\b
Reports:
{_REPORTS}

What is posted later never changes a figure: the report of last year's end is
the same today as it was then. Nothing is added across currencies.

\b
Example: what was past due at the end of March, for a spreadsheet, the open
items of one customer today, and how March changed what is owed:
  o2c report aging --as-of 2026-03-31 -o aging.xlsx
  o2c report open-items --customer C0001
  o2c report roll-forward --from 2026-03-01 --to 2026-03-31

\b
Example: days sales outstanding counted back day by day, all measures of the
first quarter, and an aging with other buckets:
  o2c report dso --method countback --as-of 2026-03-31
  o2c report measures --from 2026-01-01 --to 2026-03-31
  o2c report aging --buckets 15,30,60 --basis invoice

In CSV, a text that a spreadsheet would run as a formula (it begins with
= + - @, tab or line break) gets an apostrophe in front; negative amounts stay
numbers. CSV has no totals; text, JSON and XLSX have one line per currency.
"""


def _day(ctx: click.Context, param: click.Parameter, given: str | None) -> date | None:
    return usage(lambda: day(given, param.opts[0])) if given is not None else None


def _customer(ctx: click.Context, param: click.Parameter, given: str | None) -> str | None:
    return usage(lambda: customer_code(given, param.opts[0])) if given is not None else None


def _group(ctx: click.Context, param: click.Parameter, given: str | None) -> str | None:
    return usage(lambda: code(given, param.opts[0])) if given is not None else None


def _buckets(ctx: click.Context, param: click.Parameter, given: str | None) -> tuple[int, ...] | None:
    """Read `15,30,60`; what the numbers must be, the report itself says."""
    if given is None:
        return None
    words = given.split(",")
    if not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
        raise WrongUsage(f"--buckets: {shown(given)} is no list of days; write it like 15,30,60")
    return tuple(map(int, words))


@click.command(help=_HELP)
@click.argument("name", metavar="NAME", type=click.Choice(tuple(reports.REPORTS)))
@click.option("--as-of", metavar="DATE", callback=_day, help="The day whose end is shown, like 2026-03-31 [today].")
@click.option("--from", "since", metavar="DATE", callback=_day, help="First day, for reports over a period.")
@click.option("--to", "until", metavar="DATE", callback=_day, help="Last day, for reports over a period.")
@click.option("--customer", metavar="CODE", callback=_customer, help="Only this customer, like C0001.")
@click.option("--group", metavar="CODE", callback=_group, help="Only the customers of this credit group.")
@click.option("--currency", metavar="CODE", help="Only this currency, like EUR.")
@click.option("--basis", type=click.Choice(["due", "invoice"]), help="aging: days after which date [due].")
@click.option("--buckets", metavar="N,N,...", callback=_buckets, help="aging: last days of the buckets [30,60,90].")
@click.option("--days", type=click.IntRange(1, 36_525), metavar="N", help="Measures: over how many days [90].")
@click.option("--method", metavar="NAME", help="dso: simple, average, countback or best-possible [simple].")
@click.option("--months", type=click.IntRange(1, 120), metavar="N", help="forecast: so many months [3].")
@click.option("--weeks", type=click.IntRange(1, 120), metavar="N", help="forecast: so many weeks, Monday to Sunday.")
@click.option("--valued", is_flag=True, default=None, help="roll-forward: foreign items as carried in the books.")
@table_options
@pass_context
def report(
    context: Context,
    /,
    name: str,
    as_of: date | None,
    fmt: str,
    output: Path | None,
    **options: str | int | date | tuple[int, ...] | None,
) -> None:
    """Show a report as of the end of a day (the text of --help is above)."""
    given = {option: value for option, value in options.items() if value is not None}
    require_days(name, given, as_of)
    books = context.books()
    warn(books)
    show_table(reports.run(name, books, as_of or context.today, **given), fmt, output)


def require_days(name: str, given: Mapping[str, object], as_of: date | None) -> None:
    """Refuse --from and --to where a report does not look at a period, and two last days where it takes one."""
    taken = reports.options(name)
    if "until" not in taken and ("since" in given or "until" in given):
        raise WrongUsage(f"{name} shows the end of one day; use --as-of DATE instead of --from and --to")
    if "since" in given and "since" not in taken:
        raise WrongUsage(f"{name} begins at the end of one day; use --as-of DATE instead of --from")
    if as_of is not None and "until" in given and name not in reports.OF_TWO_DAYS:
        raise WrongUsage("--as-of and --to contradict each other: both say the last day; give one of them")
    if "since" in given and given.get("method") == "countback":
        raise WrongUsage("--method countback goes back as far as it must; leave out --from")
