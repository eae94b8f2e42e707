"""The command `explain`: any figure of any report, down to the documents and lines that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c import reports
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.narrowing import warn
from o2c.cli.report import report as report_command
from o2c.cli.report import require_days
from o2c.cli.show import save
from o2c.cli.show import show_table
from o2c.cli.show import table_options

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

_HELP = """Show what a figure of a report is made of.

Every figure leads to its formula, to what goes into it, and so on down to the
documents and the lines of the ledger. Each sum, quotient and count on the way
is computed again; where the parts do not make the figure, nothing is shown but
that.

A figure is named by its row and its column. The row by one or more words that
stand in it (C0001 EUR), by its number (#3), or as `total` (total EUR); where
the report has only one row it needs no name. Without a column the one is meant
that the report is about: aging total, dso dso, open-items open. Buckets can be
written 31-60.

\b
Example: what customer C0003 owes for 61 to 90 days, where the days sales
outstanding come from, and all that is overdue:
  o2c explain aging C0003 61-90 --as-of 2026-03-31
  o2c explain dso EUR --method countback --as-of 2026-03-31
  o2c explain measures overdue EUR dividend --all

The options are those of `o2c report`. Of more than 20 parts the largest are
shown, and the others as one sum, unless --all is given.
"""
#: Options of `report` that say where its table goes.
_OF_OUTPUT = {"fmt", "as_json", "output"}


@click.command(help=_HELP)
@click.argument("name", metavar="REPORT", type=click.Choice(tuple(reports.REPORTS)))
@click.argument("figure", metavar="[FIGURE]...", nargs=-1)
@click.option("--row", "rows", multiple=True, metavar="WORD", help="A word that stands in the row; may be repeated.")
@click.option("--column", metavar="NAME", default="", help="The column [the one that the report is about].")
@click.option("--all", "every", is_flag=True, help="Show every part [of more than 20 the largest].")
@table_options
@pass_context
def explain(
    context: Context,
    /,
    name: str,
    figure: tuple[str, ...],
    rows: tuple[str, ...],
    as_of: date | None,
    column: str,
    every: bool,
    fmt: str,
    output: Path | None,
    **options: str | int | date | tuple[int, ...] | None,
) -> None:
    """Show what a figure of a report is made of (the text of --help is above)."""
    from o2c.reports.explaining import explain as taken_apart
    from o2c.reports.explaining import tree

    given = {option: value for option, value in options.items() if value is not None}
    require_days(name, given, as_of)
    books = context.books()
    warn(books)
    words = (*figure, *rows)
    asked, part = taken_apart(books, name, as_of or context.today, words=words, column=column, **given)
    if fmt != "text":
        show_table(tree.as_table(asked, part, every=every), fmt, output)
    elif output is not None:
        save(tree.as_text(asked, part, every=every).encode(), output)
    else:
        click.echo(tree.as_text(asked, part, every=every).encode(), nl=False)


explain.params += [
    option for option in report_command.params if isinstance(option, click.Option) and option.name not in _OF_OUTPUT
]
