"""The command `workbook`: several reports in one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from o2c import reports
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.narrowing import narrowing_options
from o2c.cli.narrowing import warn
from o2c.cli.show import save
from o2c.errors import WrongUsage
from o2c.model.text import day

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.cli.narrowing import Narrowing
    from o2c.reports.table import Table

#: What a month needs, in the order of its sheets.
USUAL = (
    "aging", "open-items", "roll-forward", "sales", "tax", "measures", "days-to-pay", "exposure", "backlog", "unbilled",
    "cash-application", "dispute-reasons", "credit-note-reasons", "variants", "waiting-times", "rework",
)  # fmt: skip
_WHOSE = frozenset({"customer", "group", "currency"})


def _place(ctx: click.Context, param: click.Parameter, given: Path) -> Path:
    if given.suffix.lower() != ".xlsx":
        raise WrongUsage(f"{given}: a workbook ends in .xlsx; name the file so")
    return given


@click.command()
@click.argument("names", metavar="[REPORT]...", nargs=-1, type=click.Choice(tuple(reports.REPORTS)))
@click.option("--from", "since", metavar="DATE", help="First day, for the reports over a period.")
@narrowing_options
@click.option(
    "-o", "--output", required=True, metavar="FILE.xlsx", callback=_place,
    type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.",
)  # fmt: skip
@pass_context
def workbook(context: Context, names: tuple[str, ...], since: str | None, narrowing: Narrowing, output: Path) -> None:
    """Write reports into one workbook, a sheet for each, behind a list of them.

    Without names: what a month needs. Each sheet is a table with typed cells; totals, shares and sums of a row are
    formulas. Its last column, `key`, tells the rows apart, for lookups and pivots; docs/process.md shows how. What does
    not look at a period shows the end of its last day.

    \b
    Example: March for the accountant, and two reports of one customer:
      o2c workbook --from 2026-03-01 --as-of 2026-03-31 -o march.xlsx
      o2c workbook aging open-items --customer C0001 -o c0001.xlsx
    """
    from o2c.reports.workbook import workbook as made

    first = usage(lambda: day(since, "--from")) if since else None
    last = narrowing.as_of or context.today
    books = context.books()
    warn(books)
    options: dict[str, object] = {**narrowing.whose, **({"since": first} if first else {})}
    chosen = dict.fromkeys(names) if names else _of_whom(narrowing)
    tables = [_table(books, name, last, options) for name in chosen]
    save(made(tables, _title(narrowing), last), output)


def _of_whom(narrowing: Narrowing) -> tuple[str, ...]:
    """Name the usual reports, those alone that can be narrowed where that is asked for."""
    return tuple(name for name in USUAL if reports.options(name) >= narrowing.whose.keys())


def _table(books: Books, name: str, last: date, options: dict[str, object]) -> Table:
    """Compute a report with the options that it takes; whose figures it shows is never left out in silence."""
    taken = reports.options(name)
    return reports.run(name, books, last, **{k: v for k, v in options.items() if k in taken or k in _WHOSE})


def _title(narrowing: Narrowing) -> str:
    return " ".join(["Order to cash", *narrowing.whose.values()])
