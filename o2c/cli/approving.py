"""What commands do whose act may need a second person: post, or write a proposal and say who must approve it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from o2c.cli.posting import near
from o2c.cli.posting import not_ahead
from o2c.cli.posting import post
from o2c.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.cli.context import Context
    from o2c.cli.posting import Write
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.posting import Posted
    from o2c.proposals import Proposal
    from o2c.proposals.needed import NeedsApproval


def post_guarded(
    context: Context,
    write: Write,
    command: str,
    request: object,
    compose: Callable[[Books, Act, date], Sequence[Entry]],
    *,
    about: Iterable[str] | Callable[[Books], Iterable[str]] | None = None,
) -> Posted:
    """Post as `post` does; where the entries need a second person, write a proposal instead and raise Refused.

    Where one of the documents and items that `about` names changes, the proposal is stale.
    """
    from o2c.proposals.needed import NeedsApproval
    from o2c.proposals.needed import guarded

    asked = context.act(command, write.why, write.key, [command, request, write.date])
    if found := _known(context, asked):
        return _done(context, found)
    try:
        return post(
            context, write, command, request,
            lambda books, act, day: guarded(books, not_ahead(context, compose(books, act, day))), about=about,
        )  # fmt: skip
    except NeedsApproval as needs:
        if write.dry_run:
            raise _only_said(needs, write) from None
        depends = tuple(about) if about is not None and not callable(about) else ()
        made = _proposal(context, write, asked, needs, depends)
        if write.as_json:
            click.echo(json.dumps({"posted": [], "existed": [], "proposal": made.proposal_id}, indent=1))
        raise Refused(f"{needs} {_what_next(made, needs.need.role)}") from None


def _known(context: Context, asked: Act) -> Proposal | None:
    """Find the proposal that this command with this key wrote before."""
    if not asked.key:
        return None
    from o2c.proposals.folder import with_key

    return with_key(context.root, asked)


def _done(context: Context, found: Proposal) -> Posted:
    """Say what became of a proposal that the same command wrote before; raises Refused while it is not posted."""
    from o2c.posting import Posted
    from o2c.proposals import standing

    now = standing(context.books(), found, context.today)
    if not now.posted:
        raise Refused(f"{found.kind} {_what_next(found, now.role)}")
    click.echo(f"already done: {found.proposal_id} is posted; `o2c proposal show {found.proposal_id}` shows it")
    return Posted((), (), "")


def _only_said(needs: NeedsApproval, write: Write) -> Refused:
    from o2c.model.writing import write as text

    said = text(needs.entries)
    answer = {"posted": [], "existed": [], "dry_run": True, "text": said}
    click.echo(json.dumps(answer, indent=1, ensure_ascii=False) if write.as_json else said.strip("\n"))
    return Refused(f"dry run: {needs} needs approval by {needs.need.role}; without --dry-run a proposal is written")


def _proposal(context: Context, write: Write, act: Act, needs: NeedsApproval, depends: tuple[str, ...]) -> Proposal:
    from o2c.proposals import Part
    from o2c.proposals import propose

    part = Part(needs.entries, depends, (("needs", str(needs)),), act.why)
    day = context.day(write.date)
    return propose(context.root, context.books(), needs.need.kind, day, act, [part], needs.need.kind, accepted=True)


def _what_next(made: Proposal, role: str) -> str:
    name = made.proposal_id
    return (
        f"needs approval by {role}: {name} written ({near(made.source.file)}); another person runs "
        f"`o2c proposal approve {name}`, then `o2c proposal post {name}`"
    )
