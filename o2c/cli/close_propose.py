"""The command `close propose`: what is still to post for a month, as proposals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from o2c.cli.close_check import loaded
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.posting import Write
from o2c.cli.posting import near
from o2c.cli.posting import posting_options
from o2c.model import periods

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.periods import Period
    from o2c.proposals import Proposal


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
    books = loaded(context)
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
