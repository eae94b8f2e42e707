"""Duties that one person holds together: who did two things of one chain that two persons should do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import BooksBroken
from o2c.model import duties
from o2c.reports.places import place
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.model.duties import Conflict
    from o2c.model.duties import Summary
    from o2c.model.facts import Facts
    from o2c.reports.selection import Selection

COLUMNS = (
    Column("person", "text"),
    Column("first_duty", "text"),
    Column("second_duty", "text"),
    Column("times", "count"),
    Column("first", "text"),
    Column("second", "text"),
    Column("source", "text"),
)


def report(books: Books, as_of: date, *, customer: str = "", currency: str = "", group: str = "") -> Table:
    """Count, per person and pair of duties, where one person did both up to the end of the day; most often first.

    `first` and `second` are the newest pair of entries, `source` is where the later of them stands. Without
    customer, currency or group, users whose roles should be apart are listed too, with no entry yet (`times` 0).
    Entries that do not say who made them tell nothing. Source: shared definitions 14 and `model.duties`.
    """
    chosen = select(books, customer, currency, group)
    facts = books.makers(as_of, currencies=bool(currency))
    found = [one for one in duties.conflicts(facts) if _is_wanted(chosen, facts, one)]
    roles = [] if customer or currency or group else _of_roles(books)
    rows = (
        *(_row(books, summary) for summary in duties.summaries(found)),
        *(_row(books, summary) | {"times": 0} for summary in roles),
    )
    return Table("duties", "Duties not separated", as_of, "by who is named in the entries", COLUMNS, rows)


def _is_wanted(chosen: Selection, facts: Facts, one: Conflict) -> bool:
    """Tell whether one of the two entries belongs to the selection; without one, everything does."""
    if not chosen.customer and not chosen.currency and chosen.members is None:
        return True
    documents = [doc for number in (one.first, one.second) for doc in facts.versions.get(number, ())[:1]]
    return any(chosen.takes(doc.customer, doc.currency) for doc in documents)


def _of_roles(books: Books) -> list[Summary]:
    try:
        users = books.master.policies.users
    except BooksBroken:  # `o2c check` tells it; the entries speak for themselves
        return []
    return duties.summaries(duties.of_roles(users))


def _row(books: Books, summary: Summary) -> dict[str, str | int]:
    one = summary.example
    return {
        "person": one.person,
        "first_duty": one.duties[0],
        "second_duty": one.duties[1],
        "times": summary.times,
        "first": one.first,
        "second": one.second,
        "source": place(books, one.source),
    }
