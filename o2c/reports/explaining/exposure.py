"""A credit exposure taken apart: each document that uses the limit, at which rate, and the entries that set it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import credit
from o2c.model.credit import limits
from o2c.model.credit import terms
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import LESS
from o2c.reports.explaining.rules import SUM

if TYPE_CHECKING:
    from o2c.model.credit import Exposure
    from o2c.model.credit import Limit
    from o2c.model.credit import Term
    from o2c.reports.explaining.asked import Asked

HEADLINE = "exposure"
_KINDS = {
    "open_items": terms.OPEN_ITEM,
    "unapplied": terms.UNAPPLIED,
    "unbilled_deliveries": terms.UNBILLED,
    "open_orders": terms.OPEN_ORDER,
}


def explain(asked: Asked) -> Part:
    """Explain a term of an exposure by its documents, the exposure by its terms, a limit by its entries."""
    if asked.name in _KINDS:
        return asked.answer(
            SUM, [_part(asked, one) for one in _exposure(asked).terms if one.kind == _KINDS[asked.name]]
        )
    if asked.name == "exposure":
        return asked.answer(SUM, [explain(asked.at(name)) for name in _KINDS], "the four terms")
    if asked.value == "":
        return asked.answer(None, document=asked.cell("customer"))
    limit = made("limit", SUM, _limit(asked), asked.currency)
    if asked.name == "limit":
        return asked.answer(SUM, limit.parts, "what is in force; nothing while the customer is blocked")
    return asked.answer(LESS, (limit, explain(asked.at("exposure"))), "limit less exposure")


def _exposure(asked: Asked) -> Exposure:
    """Compute the exposure of a customer from everything about him."""
    name, limit = asked.cell("customer"), _in_force(asked)
    of_books = asked.books.master.company.currency
    rate = credit.into(asked.currency, of_books, asked.books.rate)
    horizon, deduct = (limit.horizon, limit.deduct) if limit else (None, True)
    return asked.once(_known).exposure(name, asked.currency, rate, horizon, deduct=deduct)


def _known(asked: Asked) -> credit.AsOf:
    return credit.AsOf(asked.about(asked.cell("customer"), since=asked.day).facts, asked.day)


def _part(asked: Asked, term: Term) -> Part:
    same = term.amount.currency == asked.currency
    said = (
        term.what if same else f"{term.what}: {text(term.amount.number or ZERO, term.amount.currency)} at {term.rate:f}"
    )
    return Part(said, term.counted, asked.currency, document=term.doc_id, place=asked.place(term.source))


def _in_force(asked: Asked) -> Limit | None:
    entries = credit.limits_by_name(asked.books.customs(limits.LIMIT)).get(asked.cell("customer"), ())
    return credit.in_force(entries, asked.day)


def _limit(asked: Asked) -> list[Part]:
    """Give the entries whose amounts count; none where the customer is blocked."""
    limit = _in_force(asked)
    if limit is None or limit.blocked:
        return []
    return [
        Part(
            f"{entry.kind} limit of {entry.date}",
            entry.amount.number or ZERO,
            asked.currency,
            document=entry.name,
            place=asked.place(entry.source),
        )
        for entry in limit.entries
        if entry.kind in limits.AMOUNTS and entry.amount.currency == limit.currency and entry.counts_on(asked.day)
    ]
