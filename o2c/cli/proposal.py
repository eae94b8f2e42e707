"""The commands `proposal ...`: list, show, accept, reject, approve, post."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.last_looks import accept_all as accept_all_lines
from o2c.cli.last_looks import last_look
from o2c.cli.names import proposal_names
from o2c.cli.posting import Write
from o2c.cli.posting import posting_options
from o2c.cli.posting import say
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.errors import BadInput
from o2c.errors import NotFound
from o2c.model.text import identifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from o2c.proposals import Proposal


@click.group()
def proposal() -> None:
    """Proposals: what a run, or an act that needs a second person, wants to post.

    A proposal is a text in proposals/, with the exact entries and the evidence for each line. Nothing of it is in the
    books before it is posted. Review it (show), decide about its lines (accept, reject; you may also edit the entries),
    let another person approve it where the policies ask for that, and post it. An approval names the hash of the exact
    content: after any change it is void.

    \b
    Example:
      o2c proposal show PR-2026-0001
      o2c --user petra proposal approve PR-2026-0001
      o2c proposal post PR-2026-0001
    """


def _number(command: Callable[..., None]) -> Callable[..., None]:
    return click.argument("number", metavar="PROPOSAL", shell_complete=proposal_names)(command)


def _deciding(command: Callable[..., None]) -> Callable[..., None]:
    """Add --dry-run, --key and --json."""
    dry = click.option("--dry-run", is_flag=True, help="Say how the lines would stand, write nothing.")
    key = click.option(
        "--key", metavar="TEXT", help="Idempotency key: the same command with the same key decides once."
    )
    return dry(key(click.option("--json", "as_json", is_flag=True, help="Say how the lines stand as JSON.")(command)))


def _lines(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option("--line", "lines", multiple=True, type=click.IntRange(1), metavar="N", help=what)


@proposal.command("list")
@click.option("--open", "waiting", is_flag=True, help="Only those with which something is left to do.")
@table_options
@pass_context
def list_(context: Context, waiting: bool, fmt: str, output: Path | None) -> None:
    """List proposals: kind, who prepared them, their lines, and what they wait for.

    \b
    Example:
      o2c proposal list --open
    """
    from o2c.proposals.folder import readable
    from o2c.reports.proposals import proposals

    found, faults = readable(context.root)
    show_table(proposals(context.books(), context.today, found, waiting=waiting), fmt, output)
    if faults:
        raise BadInput(faults)


@proposal.command()
@_number
@click.option("--brief", is_flag=True, help="Leave the entries out.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_context
def show(context: Context, number: str, brief: bool, as_json: bool) -> None:
    """Show a proposal for review: hash, approvals (good, or void and why), and each line with evidence and entries.

    \b
    Example:
      o2c proposal show PR-2026-0001
    """
    from o2c.cli import proposal_view
    from o2c.proposals import load
    from o2c.proposals import standing
    from o2c.reports.proposals import state

    found = load(context.root, _named(number))
    now = standing(context.books(), found, context.today)
    if as_json:
        click.echo(json.dumps(proposal_view.as_json(found, now, state(found, now)), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(proposal_view.as_text(found, now, state(found, now), brief=brief)))


def _named(number: str) -> str:
    return usage(lambda: identifier(number, "PROPOSAL"))


@proposal.command()
@_number
@_lines("Accept this line [all that are open]; repeat it for more.")
@click.option("--why", metavar="TEXT", help="Why, to keep with the line.")
@_deciding
@pass_context
def accept(
    context: Context,
    number: str,
    lines: tuple[int, ...],
    why: str | None,
    key: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Accept lines of a proposal; approvals given before are void then.

    \b
    Example: the first two lines, or all that are open:
      o2c proposal accept PR-2026-0001 --line 1 --line 2
      o2c proposal accept PR-2026-0001
    """
    from o2c.proposals import accept as accept_lines

    name = _named(number)
    act = context.act(f"proposal accept {name}", why, key, ["accept", name, sorted(lines)])
    _say(accept_lines(context.root, name, lines, act, dry_run=dry_run), dry_run=dry_run, as_json=as_json)


@proposal.command()
@_number
@_lines("Reject this line [all]; repeat it for more.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, to keep with the line.")
@_deciding
@pass_context
def reject(
    context: Context,
    number: str,
    lines: tuple[int, ...],
    reason: str,
    key: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Reject lines of a proposal; they stay in its text with the reason, and are never posted.

    \b
    Example:
      o2c proposal reject PR-2026-0001 --line 3 --reason "Paid yesterday, not in the books yet"
    """
    from o2c.proposals import reject as reject_lines

    name = _named(number)
    act = context.act(f"proposal reject {name}", reason, key, ["reject", name, sorted(lines), reason])
    _say(reject_lines(context.root, name, lines, act, dry_run=dry_run), dry_run=dry_run, as_json=as_json)


def _say(found: Proposal, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        lines = [{"line": line.number, "state": line.state, "summary": line.summary} for line in found.lines]
        answer = {"proposal": found.proposal_id, "hash": found.hash, "lines": lines}
        click.echo(json.dumps(answer | ({"dry_run": True} if dry_run else {}), indent=1, ensure_ascii=False))
        return
    for line in found.lines:
        click.echo(f"{found.proposal_id}  {line.number}  {line.state}  {line.summary}")
    if dry_run:
        click.echo("dry run: nothing was written", err=True)


@proposal.command()
@_number
@click.option("--hash", "expected", default="", metavar="HASH", help="Approve only if the content has this hash.")
@posting_options
@pass_context
def approve(context: Context, number: str, expected: str, write: Write) -> None:
    """Approve a proposal: an entry in the books that names the hash of its exact content.

    You must not be the one who prepared it, and must hold the role that the policies name (`approvals` and `users` in
    policies.yaml). Who runs the command is what --user, $O2C_USER or the login name says: the program cannot prove
    who sits at the keyboard. Give --hash with what `show` printed, and nobody can change the text in between.

    What was posted without approval (by hand, say) is approved afterwards by its own number: a second look, better than
    none.

    \b
    Example, as the person who approves:
      o2c proposal approve PR-2026-0001
      o2c proposal approve CN-2026-0007
    """
    from o2c.proposals import afterwards
    from o2c.proposals import approve as give_approval
    from o2c.proposals import path_of

    name = _named(number)
    act = context.act(f"proposal approve {name}", write.why, write.key, [name, expected, write.date])
    day = context.day(write.date)
    if path_of(context.root, name).exists():
        posted = give_approval(context.root, name, act, day, expected=expected, dry_run=write.dry_run)
    elif expected:
        raise NotFound(
            f"there is no proposal {name}, and only a proposal has a hash; leave --hash out, or correct {name}"
        )
    else:
        posted = afterwards.approve(context.root, name, act, day, dry_run=write.dry_run)
    say(posted, dry_run=write.dry_run, as_json=write.as_json)


@proposal.command()
@_number
@click.option("--accept-all", is_flag=True, help="Accept the lines that are open first; approvals are void then.")
@posting_options
@pass_context
def post(context: Context, number: str, accept_all: bool, write: Write) -> None:
    """Post the accepted lines of a proposal, all in one step, with their true numbers; a second time does nothing.

    The entries keep their own days. --date is the day on which approvals must be good.

    \b
    Example:
      o2c proposal post PR-2026-0001
    """
    from o2c.proposals import post as carry_out

    name = _named(number)
    act = context.act(f"proposal post {name}", write.why, None, None)
    if accept_all and not write.dry_run:
        accept_all_lines(context, name, act, context.day(write.date))
    on, look = context.day(write.date), last_look(context)
    posted = carry_out(context.root, name, act, on, dry_run=write.dry_run, last_look=look)
    say(posted, dry_run=write.dry_run, as_json=write.as_json)
