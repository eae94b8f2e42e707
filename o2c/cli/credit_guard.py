"""How the commands about orders ask the rules of credit, and how they say what these made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.model.documents import Event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.cash.asked import Asked
    from o2c.credit.checking import Checked
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.posting import Posted


class CreditGuard:
    """One command's check at one point: asked inside the lock, it speaks when the command has posted."""

    def __init__(self, point: str) -> None:
        self._point = point
        self._results: list[Checked] = []

    def __call__(
        self, books: Books, act: Act, day: date, entries: Sequence[Entry], *, bulk: bool = False
    ) -> list[Entry]:
        """Give what of the entries may be posted, notes about held orders among them."""
        from o2c.credit.checking import checked

        result = checked(books, act, day, entries, self._point, bulk=bulk)
        self._results.append(result)
        return list(result.entries)

    def stopped(self) -> frozenset[str]:
        """Name the orders that do not go on."""
        return frozenset().union(*(result.stopped for result in self._results))

    def finish(self, posted: Posted) -> None:
        """Say what was held, refused or warned of; exit code 1 where an order does not go on.

        A command that is repeated with its key says again why an order is held.
        """
        from o2c.credit.releases import is_credit_hold

        last = self._results[-1:]
        for sentence in dict.fromkeys(text for result in last for text in result.warned):
            click.echo(sentence, err=True)
        stops = [text for result in self._results for text in (*result.held, *result.refused)]
        before = [placed.entry for placed in posted.existed]
        stops += [
            f"{one.subject} is held: {one.act.why}" for one in before if isinstance(one, Event) and is_credit_hold(one)
        ]
        for sentence in dict.fromkeys(stops):
            click.echo(sentence, err=True)
        if stops:
            raise SystemExit(1)


def deliver_all(guard: CreditGuard, books: Books, act: Act, day: date) -> list[Entry]:
    """Deliver all that is open of every confirmed order; those that credit stops are left out, held ones noted.

    Numbers are drawn anew without them, so that none is lost.
    """
    from o2c.sales import deliveries

    names = deliveries.deliverable(books)
    first = guard(books, act, day, deliveries.deliver_all(books, act, day, names), bulk=True)
    stopped = guard.stopped()
    if not stopped:
        return first
    notes = [entry for entry in first if isinstance(entry, Event) and entry.subject in stopped]
    rest = deliveries.deliver_all(books, act, day, [name for name in names if name not in stopped])
    return [*guard(books, act, day, rest, bulk=True), *notes]


def release(
    guard: CreditGuard,
    books: Books,
    act: Act,
    day: date,
    number: str,
    amount: Asked | None,
    until: date | None,
) -> list[Entry]:
    """Release a held order, for credit with an amount and a last day; what is still against it refuses."""
    from o2c.credit import releasing
    from o2c.sales import order_decisions

    good_for, last_day = releasing.terms(books, day, number, amount, until)
    return guard(books, act, day, order_decisions.release(books, act, day, number, good_for, last_day))
