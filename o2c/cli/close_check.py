"""The commands of a close before its seal: `close check`, `close propose`, `close sign-off`, `close assess`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from o2c.cli.cash_lists import given
from o2c.cli.cash_lists import item_name
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.posting import Write
from o2c.cli.posting import near
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.errors import WrongUsage
from o2c.model import periods

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from o2c.books import Books
    from o2c.closing.checklist import Result
    from o2c.closing.checklist import Seen
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.model.periods import Period
    from o2c.proposals import Proposal
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
    results = checklist.run(_loaded(context), month, only)
    if fmt == "text" and output is None:
        click.echo("\n".join(_lines(results, _MOST_SHOWN if not everything else None)))
    else:
        show_table(_table(month, results), fmt, output)
    if any(result.state == checklist.RED for result in results):
        click.get_current_context().exit(1)


@click.command()
@click.argument("period", metavar="PERIOD")
@click.argument("kind", type=click.Choice(["accruals", "revaluation", "allowance", "all"]), default="all")
@posting_options
@pass_context
def propose(context: Context, period: str, kind: str, write: Write) -> None:
    """Propose what is still to post for a month: accruals, revaluation, allowance.

    \b
    accruals      revenue of what was delivered and is not invoiced
    revaluation   open foreign items at the closing rate
    allowance     the change of the bad-debt allowance since the last close

    Accruals and revaluation are dated the last day of the month and taken back on the day after it. Each kind becomes
    a proposal with the exact entries and the evidence for each line: review it, accept it, post it. What is posted
    already is not proposed again. --date is the day of the proposals; the same --key gives the same ones again.

    \b
    Example: propose, look, accept and post:
      o2c close propose 2026-10 accruals
      o2c proposal show PR-2026-0001
      o2c proposal accept PR-2026-0001
      o2c proposal post PR-2026-0001
    """
    from o2c.closing import proposing

    month = usage(lambda: periods.period(period))
    books = _loaded(context)
    books.require_clean()
    kinds = list(proposing.KINDS) if kind == "all" else [kind]
    act = context.act(f"close propose {month.name} {kind}", write.why, write.key, [month.name, kind, write.date])
    if write.dry_run:
        _preview(books, month, kinds, act, as_json=write.as_json)
        return
    made = proposing.propose(books, month, kinds, act, context.day(write.date))
    if write.as_json:
        click.echo(json.dumps({"proposed": [_as_json(context, one) for one in made]}, indent=1, ensure_ascii=False))
        return
    for proposal in made:
        click.echo(_said(context, proposal))
    if not made:
        click.echo("nothing to do")


@click.command("sign-off")
@click.argument("period", metavar="PERIOD")
@click.argument("name", metavar="NAME")
@posting_options
@pass_context
def sign_off(context: Context, period: str, name: str, write: Write) -> None:
    """Sign a red check of the close off: say why the month may be closed all the same.

    It takes a role that may close (policies.yaml, `closing: seal_roles`). The sign-off names what was
    found, by its hash: when that changes, it is void. What only a repair mends (books-clean, sub-ledger) cannot be
    signed off.

    \b
    Example:
      o2c close sign-off 2026-10 left-over --why "SO-2026-0007 waits for the customer's address"
    """
    from o2c.closing import checklist
    from o2c.closing.checklist.sign_offs import sign_off as sign
    from o2c.closing.who import require_role

    month = usage(lambda: periods.period(period))
    if not write.why:
        raise WrongUsage(f"say why {name} may stay as it is: --why TEXT")

    def compose(books: Books, act: Act, day: date) -> Sequence[Entry]:
        require_role(books, act)
        (result,) = checklist.run(books, month, [name])
        if result.state == checklist.SIGNED_OFF and (result.by, result.why) == (act.by, act.why):
            return []
        return [sign(act, day, month.name, checklist.CHECKS[name], result)]

    post(context, write, f"close sign-off {month.name} {name}", [month.name, name, write.why], compose)


@click.command()
@click.argument("item", metavar="ITEM")
@click.argument("amount", metavar="AMOUNT|general")
@click.argument("currency", metavar="[CURRENCY]", required=False)
@posting_options
@pass_context
def assess(context: Context, item: str, amount: str, currency: str | None, write: Write) -> None:
    """Assess one open item by itself: how much of it will not be paid.

    From then on the allowance takes this amount for the item, and the matrix leaves it out. `general` instead of an
    amount gives the item back to the matrix.

    \b
    Example: the customer is insolvent, 80 % are expected to be lost:
      o2c close assess INV-2026-0004 800.00 EUR --why "Insolvency, quota of 20 % expected"
    """
    from o2c.closing.allowance_base import GENERAL
    from o2c.closing.assessing import assess as set_allowance

    name = item_name(item, "ITEM")
    asked = None if amount == GENERAL else given(amount, "AMOUNT", currency)
    if not write.why:
        raise WrongUsage(f"say why {name} is assessed so: --why TEXT")

    def compose(books: Books, act: Act, day: date) -> Sequence[Entry]:
        return set_allowance(books, act, day, name, asked)

    post(context, write, f"close assess {name} {amount}", [name, amount, currency], compose)


def _loaded(context: Context) -> Books:
    """Load the books whole, once, and tell the index that they are clean where they are."""
    from o2c import books

    if sys.stderr.isatty():
        click.echo("reading the books ...", err=True)
    loaded = books.load(context.root)
    books.note_loaded(loaded)
    return loaded


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


def _preview(books: Books, month: Period, kinds: Sequence[str], act: Act, *, as_json: bool) -> None:
    from o2c.closing import proposing
    from o2c.model.writing import write

    found = [(kind, part) for kind in kinds for part in proposing.parts(books, month, kind, act)]
    if as_json:
        lines = [{"kind": kind, "summary": part.summary, "text": write(part.entries)} for kind, part in found]
        click.echo(json.dumps({"proposed": [], "dry_run": True, "lines": lines}, indent=1, ensure_ascii=False))
    else:
        for kind, part in found:
            click.echo(f"; {kind}: {part.summary}")
            click.echo(write(part.entries).strip("\n") + "\n")
    click.echo("dry run: nothing was written", err=True)


def _as_json(context: Context, proposal: Proposal) -> dict[str, object]:
    from o2c import proposals

    lines = [{"line": line.number, "summary": line.summary} for line in proposal.lines]
    file = str(proposals.path_of(context.root, proposal.proposal_id))
    return {"proposal": proposal.proposal_id, "kind": proposal.kind, "file": file, "lines": lines}


def _said(context: Context, proposal: Proposal) -> str:
    from o2c import proposals

    lines = [f"  {line.number}  {line.summary}" for line in proposal.lines]
    place = near(str(proposals.path_of(context.root, proposal.proposal_id)))
    return "\n".join([f"{proposal.proposal_id}  {proposal.kind}  {place}", *lines])
