"""Duties not separated, taken apart: each pair of entries that one person made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import duties
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.rules import COUNT

if TYPE_CHECKING:
    from o2c.model.duties import Conflict
    from o2c.model.facts import Facts
    from o2c.reports.explaining.asked import Asked

HEADLINE = "times"


def explain(asked: Asked) -> Part:
    """Explain how often one person did both by the pairs of entries; roles that should be apart have none."""
    if not asked.value:
        return asked.answer(COUNT, (), "no entry yet: the roles of the user say it (policies.yaml)")
    row = (asked.cell("person"), (asked.cell("first_duty"), asked.cell("second_duty")))
    mine = (one for one in asked.once(_conflicts) if (one.person, one.duties) == row)
    parts = [
        Part(f"{one.duties[1]} after {one.first}", one.second, document=one.second, place=asked.place(one.source))
        for one in mine
    ]
    return asked.answer(COUNT, parts, "pairs of entries of one chain by one person")


def _conflicts(asked: Asked) -> list[Conflict]:
    facts = asked.books.makers(asked.as_of, currencies=bool(asked.chosen.currency))
    return [one for one in duties.conflicts(facts) if _is_wanted(asked, facts, one)]


def _is_wanted(asked: Asked, facts: Facts, one: Conflict) -> bool:
    chosen = asked.chosen
    if not chosen.customer and not chosen.currency and chosen.members is None:
        return True
    documents = [doc for number in (one.first, one.second) for doc in facts.versions.get(number, ())[:1]]
    return any(chosen.takes(doc.customer, doc.currency) for doc in documents)
