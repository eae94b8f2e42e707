"""The command `close pack`: one folder for the auditor."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.posting import near
from o2c.model import periods
from o2c.model.text import one_line


@click.command()
@click.argument("period", metavar="PERIOD")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FOLDER", help="A new folder [close-PERIOD].")
@click.option("--seed", metavar="TEXT", help="What the sample is drawn by: any text of the auditor's own [PERIOD].")
@click.option("--size", type=click.IntRange(0, 10_000), default=25, help="How many hits the sample has [25].")
@click.option(
    "--sample",
    type=click.Choice(["open-items", "invoices"]),
    default="open-items",
    help="What the sample is drawn from: items open at the end, or invoices of the month [open-items].",
)
@click.option("--letters", type=click.IntRange(0, 10_000), default=10, help="Letters to so many highest balances [10].")
@click.option("--auditor", metavar="TEXT", help="Where customers send their answers [to the company].")
@click.option("--draft", is_flag=True, help="Also for a month that is not sealed; every page then says so.")
@pass_context
def pack(
    context: Context,
    period: str,
    output: Path | None,
    seed: str | None,
    size: int,
    sample: str,
    letters: int,
    auditor: str | None,
    *,
    draft: bool,
) -> None:
    """Make one folder for the auditor: what the books say of a month, each figure with its file and line.

    \b
    index.html  what is in the folder, with the hash of each file
    pack.pdf    seal and how to prove it, control accounts, roll-forward, aging,
                open items, subsequent receipts, approvals and overrides,
                numbering, bank proof, sample with the chain of each item
    pack.xlsx   the same tables and more: every movement, the audit trail
    letters/    balance confirmations, in each customer's language

    The month must be sealed. The sample is drawn by amount (monetary-unit sampling) and can be drawn again from seed
    and size. Answers to the letters should reach the auditor directly: --auditor. The same books on the same day give
    the same bytes; on a later day only the subsequent receipts differ, and the day itself.

    \b
    Example:
      o2c close pack 2026-10 --seed "Meier 4711" --auditor "Meier Audit, PO box 12, 20457 Hamburg"
      o2c close pack 2026-10 --draft -o for-review
    """
    from o2c import books as door
    from o2c.closing.pack import Asked
    from o2c.closing.pack import make
    from o2c.closing.pack import put

    month = usage(lambda: periods.period(period))
    drawn_by = usage(lambda: one_line(seed, "--seed", 100)) if seed is not None else month.name
    answers = usage(lambda: one_line(auditor, "--auditor", 300)) if auditor is not None else ""
    asked = Asked(month, context.today, drawn_by, size, sample, letters, answers, draft)
    if sys.stderr.isatty():
        click.echo("reading the books ...", err=True)
    files = make(door.load(context.root), asked)
    folder = output or Path(f"close-{month.name}")
    said = f"{len(files)} files" if put(folder, files) else "nothing to do, the same files are there"
    click.echo(f"{near(str(folder.resolve()))}: {said}; begin with index.html")
    if draft:
        click.echo("a draft: these figures may still change", err=True)
