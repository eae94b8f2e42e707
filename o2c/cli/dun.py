"""The commands `dun ...`: propose, post, block, unblock; list and letters stand in modules of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.dun_letters import letters
from o2c.cli.dun_list import list_
from o2c.cli.last_looks import accept_all as accept_all_lines
from o2c.cli.last_looks import look_again
from o2c.cli.names import customer_names
from o2c.cli.names import document_names
from o2c.cli.names import proposal_names
from o2c.cli.posting import Write
from o2c.cli.posting import near
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.cli.posting import say
from o2c.model.text import customer_code
from o2c.model.text import day
from o2c.model.text import identifier
from o2c.model.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.dunning.run import Run
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.proposals import Proposal
    from o2c.proposals import ProposalLine


@click.group()
def dun() -> None:
    """Remind customers of what is past due, one level at a time.

    The levels stand in master/policies.yaml under `dunning`. A run writes a proposal and nothing else: review it,
    accept its lines, post it, print the letters. Nobody is asked for what is disputed, promised or blocked, nor while
    money of the customer that nobody applied yet covers what is overdue.

    \b
    Example, from the run to the letters:
      o2c dun propose
      o2c proposal show PR-2026-0001
      o2c proposal accept PR-2026-0001
      o2c dun post PR-2026-0001
      o2c dun letters PR-2026-0001 --folder letters
    """


dun.add_command(list_)
dun.add_command(letters)
_REASON = click.option("--reason", required=True, metavar="TEXT", help="Why; it is written into the note.")


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete customers and invoices."""
    return customer_names(ctx, param, incomplete) + document_names("invoice")(ctx, param, incomplete)


_who = click.argument("name", metavar="CUSTOMER|ITEM", shell_complete=_names)


@dun.command()
@click.option("--customer", default="", metavar="C", shell_complete=customer_names, help="Only this customer.")
@posting_options
@pass_context
def propose(context: Context, customer: str, write: Write) -> None:
    """Propose reminders: a line for each customer, with a note for each item that reaches its next level.

    An item goes up one level at a time, when it is long enough past due for it and the interval since its last reminder
    is over. What is left out of a line says why in its evidence; `o2c dun list` says it of every overdue item. --date
    is the day of the run. A reminder that waits in an earlier proposal is not proposed again; lines of earlier
    proposals that the books have overtaken (paid, disputed, blocked since) are rejected there and looked at anew.

    \b
    Examples: everybody; one customer, only to look:
      o2c dun propose
      o2c dun propose --customer C0001 --dry-run
    """
    from o2c.dunning import run

    who = usage(lambda: customer_code(customer, "--customer")) if customer else ""
    act = context.act(f"dun propose{f' --customer {who}' if who else ''}", write.why, write.key, [who, write.date])
    books = context.books()
    books.require_clean()
    work = run.look if write.dry_run else run.propose
    _say_run(context, work(context.root, books, act, context.day(write.date), who), write)


def _say_run(context: Context, found: Run, write: Write) -> None:
    if write.as_json:
        click.echo(json.dumps(_run_as_json(context, found, dry_run=write.dry_run), indent=1, ensure_ascii=False))
        return
    for one in found.overtaken:
        what = "would be rejected" if write.dry_run else "rejected"
        click.echo(f"{one.proposal.proposal_id}  line {one.line.number} {what}: the books changed since", err=True)
    for proposal, lines in _proposals(found):
        click.echo(f"{proposal.proposal_id}  {proposal.kind}  {near(_file(context, proposal))}")
        for line in lines:
            click.echo(f"  {line.number}  {line.summary}")
    if write.dry_run:
        _preview(found)
    elif not _proposals(found):
        click.echo("nothing to do")


def _preview(found: Run) -> None:
    from o2c.model.writing import write as text

    for part in found.parts:
        click.echo(f"; {part.summary}")
        click.echo(text(part.entries).strip("\n") + "\n")
    click.echo("dry run: nothing was written", err=True)


def _proposals(found: Run) -> list[tuple[Proposal, Sequence[ProposalLine]]]:
    """List the proposals in which reminders wait, with the lines that do: those of earlier runs, then the new one."""
    known: dict[str, tuple[Proposal, list[ProposalLine]]] = {}
    for one in found.waiting:
        known.setdefault(one.proposal.proposal_id, (one.proposal, []))[1].append(one.line)
    if found.made:
        known[found.made.proposal_id] = (found.made, list(found.made.lines))
    return list(known.values())


def _run_as_json(context: Context, found: Run, *, dry_run: bool) -> dict[str, object]:
    from o2c.model.writing import write as text

    answer: dict[str, object] = {"proposed": [_as_json(context, *one, found.made) for one in _proposals(found)]}
    if found.overtaken:
        answer["overtaken"] = [{"proposal": o.proposal.proposal_id, "line": o.line.number} for o in found.overtaken]
    if dry_run:
        lines = [{"summary": part.summary, "text": text(part.entries)} for part in found.parts]
        answer |= {"dry_run": True, "lines": lines}
    return answer


def _as_json(
    context: Context, proposal: Proposal, lines: Sequence[ProposalLine], made: Proposal | None
) -> dict[str, object]:
    return {
        "proposal": proposal.proposal_id,
        "kind": proposal.kind,
        "file": _file(context, proposal),
        "waited": made is None or proposal.proposal_id != made.proposal_id,
        "lines": [{"line": line.number, "state": line.state, "summary": line.summary} for line in lines],
    }


def _file(context: Context, proposal: Proposal) -> str:
    from o2c.proposals import path_of

    return str(path_of(context.root, proposal.proposal_id))


@dun.command("post")
@click.argument("number", metavar="PROPOSAL", shell_complete=proposal_names)
@click.option("--accept-all", is_flag=True, help="Accept the lines that are open first.")
@posting_options
@pass_context
def post_(context: Context, number: str, accept_all: bool, write: Write) -> None:
    """Post the accepted reminders of a proposal, all in one step; a second time does nothing.

    A line whose item was paid, disputed, promised or blocked since the run is refused, and so is one whose customer is
    blocked by now, or has a credit that covers what is overdue: reject the line, or run `dun propose` again, which does
    it. The interval to the next reminder counts from the day of posting (--date).

    \b
    Example:
      o2c dun post PR-2026-0001
    """
    from o2c.dunning.before_posting import require_dunning
    from o2c.proposals import load
    from o2c.proposals import post as carry_out

    name = usage(lambda: identifier(number, "PROPOSAL"))
    act, on = context.act(f"dun post {name}", write.why, None, None), context.day(write.date)
    require_dunning(load(context.root, name))
    if accept_all and not write.dry_run:
        accept_all_lines(context, name, act, context.day(write.date))
    posted = carry_out(context.root, name, act, on, dry_run=write.dry_run, last_look=look_again)
    say(posted, dry_run=write.dry_run, as_json=write.as_json)


@dun.command()
@_who
@_REASON
@click.option("--until", metavar="DATE", help="The last day of the block; it ends by itself [until it is unblocked].")
@posting_options
@pass_context
def block(context: Context, name: str, reason: str, until: str | None, write: Write) -> None:
    """Block a customer or an item: it is not reminded, and says so in `o2c dun list`.

    \b
    Examples: a customer who negotiates a payment plan; one invoice:
      o2c dun block C0001 --until 2026-04-30 --reason "payment plan is being agreed"
      o2c dun block INV-2026-0007 --reason "sent late by us"
    """
    from o2c.dunning import blocks

    who = usage(lambda: identifier(name, "CUSTOMER|ITEM"))
    last = usage(lambda: day(until, "--until")) if until else None

    def compose(books: Books, act: Act, on: date) -> Sequence[Entry]:
        return blocks.block(books, act, on, who, last)

    post(context, _because(write, reason), f"dun block {who}", [who, until, reason], compose, about=[who])


@dun.command()
@_who
@_REASON
@posting_options
@pass_context
def unblock(context: Context, name: str, reason: str, write: Write) -> None:
    """End the block of a customer or an item: from the day on it may be reminded again.

    \b
    Example:
      o2c dun unblock C0001 --reason "the plan was not kept"
    """
    from o2c.dunning import blocks

    who = usage(lambda: identifier(name, "CUSTOMER|ITEM"))

    def compose(books: Books, act: Act, on: date) -> Sequence[Entry]:
        return blocks.unblock(books, act, on, who)

    post(context, _because(write, reason), f"dun unblock {who}", [who, reason], compose, about=[who])


def _because(write: Write, reason: str) -> Write:
    """Take --reason for the reason of the entry."""
    return write._replace(why=usage(lambda: one_line(reason, "--reason", 500)))
