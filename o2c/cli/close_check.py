"""The command `close check`: what stands between a month and its seal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.posting import near
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.model import periods

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from o2c.books import Books
    from o2c.closing.checklist import Result
    from o2c.closing.checklist import Seen
    from o2c.model.periods import Period
    from o2c.reports.table import Row
    from o2c.reports.table import Table

_MOST_SHOWN = 10


@click.command()
@click.argument("period", metavar="PERIOD")
@click.option("--only", multiple=True, metavar="NAME", help="Run only this check; may be given several times.")
@click.option("--all", "everything", is_flag=True, help="Print all evidence, not only the first ten lines of a check.")
@table_options
@pass_context
def check(
    context: Context, period: str, only: tuple[str, ...], *, everything: bool, fmt: str, output: Path | None
) -> None:
    """Check whether a month can be closed: each check is green, red or signed off.

    Every check prints its evidence below it, with file and line. What is red is repaired, proposed and posted
    (`o2c close propose`), or signed off with a reason (`o2c close sign-off`); a sign-off is void as soon as what it
    signed changes. In the other formats each piece of evidence is a row.

    Exit codes: 0 nothing is red, 1 a check is red, 3 the books do not load.

    \b
    Example: October, and then only its bank accounts, as a workbook:
      o2c close check 2026-10
      o2c close check 2026-10 --only bank-proof -o bank.xlsx
    """
    from o2c.closing import checklist

    month = usage(lambda: periods.period(period))
    results = checklist.run(loaded(context), month, only)
    if fmt == "text" and output is None:
        click.echo("\n".join(_lines(results, _MOST_SHOWN if not everything else None)))
    else:
        show_table(_table(month, results), fmt, output)
    if any(result.state == checklist.RED for result in results):
        click.get_current_context().exit(1)


def loaded(context: Context) -> Books:
    """Load the books whole, once, and tell the index that they are clean where they are."""
    from o2c import books

    if sys.stderr.isatty():
        click.echo("reading the books ...", err=True)
    whole = books.load(context.root)
    books.note_loaded(whole)
    return whole


def _lines(results: Sequence[Result], most: int | None) -> list[str]:
    lines = []
    width = max(len(result.name) for result in results)
    for result in results:
        lines.append(f"{_verdict(result):<10} {result.name:<{width}}  {result.said}")
        if result.why:
            lines.append(f"  {f'{result.by}: ' if result.by else ''}{result.why}")
        shown = result.evidence[:most]
        lines += [f"  {_evidence(seen.what, seen.said, str(seen.place))}" for seen in shown]
        if len(result.evidence) > len(shown):
            lines.append(f"  ... and {len(result.evidence) - len(shown)} more (--all)")
    return lines


def _verdict(result: Result) -> str:
    return result.state.upper() if result.state == "red" else result.state


def _evidence(what: str, said: str, place: str) -> str:
    from o2c.model.findings import NOWHERE

    where = "" if place == str(NOWHERE) else f"  {near(place.rpartition(':')[0])}:{place.rpartition(':')[2]}"
    return f"{what}  {said}{where}"


def _table(month: Period, results: Sequence[Result]) -> Table:
    from o2c.reports.table import Column
    from o2c.reports.table import Table

    rows: list[Row] = []
    for result in results:
        own = {"check": result.name, "state": result.state}
        head = {"what": "", "said": result.said, "by": result.by, "why": result.why, "file": "", "line": ""}
        rows.append({**own, **head})
        rows += [{**own, **_cells(seen)} for seen in result.evidence]
    columns = (
        Column("check", "code"),
        Column("state", "code"),
        Column("what", "text"),
        Column("said", "text"),
        Column("by", "text"),
        Column("why", "text"),
        Column("file", "text"),
        Column("line", "count"),
    )
    return Table("close-check", f"Close of {month.name}", month.last, "checklist of the close", columns, tuple(rows))


def _cells(seen: Seen) -> Row:
    file, line = (seen.place.file, seen.place.line) if seen.place.line else ("", "")
    return {"what": seen.what, "said": seen.said, "by": "", "why": "", "file": file, "line": line}
