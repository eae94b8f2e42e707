"""What is looked at once more before a proposal is posted, by the kind of the proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.cli.context import Context
    from o2c.model.documents import Act
    from o2c.proposals import Proposal
    from o2c.proposals.carrying_out import LastLook


def look_again(books: Books, proposal: Proposal, day: date) -> None:
    """Raise Refused where the producer of a proposal finds that it must not be posted any more on a day."""
    from o2c.dunning.before_posting import require_unstopped
    from o2c.dunning.waiting import KIND

    if proposal.kind == KIND:
        require_unstopped(books, proposal, day)


def last_look(context: Context) -> LastLook:
    """Give the last look of a command: as above, and no invoice or credit note dated after the day that it is."""
    from o2c.cli.posting import not_ahead
    from o2c.proposals.proposal import ACCEPTED

    def look(books: Books, proposal: Proposal, day: date) -> None:
        look_again(books, proposal, day)
        not_ahead(context, [entry for line in proposal.in_state(ACCEPTED) for entry in line.entries])

    return look


def accept_all(context: Context, number: str, act: Act, day: date) -> None:
    """Accept the open lines of a proposal that is to be posted; refused before any is where it must not be posted."""
    from o2c.proposals import accept
    from o2c.proposals import load

    last_look(context)(context.books(), load(context.root, number), day)
    accept(context.root, number, (), act)
