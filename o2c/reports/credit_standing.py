"""The credit of one customer or group: every term of its exposure, its limits, and what its open orders would add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.credit.standing import standing
from o2c.model import money
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    from o2c.books import Books
    from o2c.credit.standing import Side
    from o2c.credit.standing import StandingOf
    from o2c.credit.standing import Waiting
    from o2c.model.credit import LimitEntry
    from o2c.model.credit import Term
    from o2c.model.findings import Source
    from o2c.reports.table import Row

COLUMNS = (
    Column("of", "code"),
    Column("term", "code"),
    Column("document", "code"),
    Column("what", "text"),
    Column("original", "code"),
    Column("rate", "number"),
    Column("currency", "code"),
    Column("amount", "money"),
    Column("place", "code"),
)
_NO_LIMIT = "no limit is set: nothing is held because of an amount"
_BLOCKED_WITHOUT_LIMIT = "blocked: nothing may be sold; no limit is set"


def report(books: Books, as_of: date, name: str) -> Table:
    """Show what uses the limit of a customer or credit group at the end of a day, and what is left.

    Rows: each block in force (`blocked`: since when, by whom, why), each term of the exposure (`open-item`,
    `unapplied`, `unbilled-delivery`, `open-order`), their sum (`exposure`), each limit that was set (`limit`), what is
    `available`, the same for each credit group, then orders that are not confirmed (`draft`, `held`) with what each
    would add. `amount` in the currency of the limit, gross of tax; `original` and `rate` say what it was before it was
    converted.
    """
    return table(standing(books, name, as_of), f"Credit of {name}", books.root)


def table(found: StandingOf, title: str, root: Path) -> Table:
    """Lay a standing out as a table; places are given from the folder of the books."""
    first, *groups = found.sides
    rows = [*_blocks(first), *_terms(first), *_limits(first), *(row for group in groups for row in _group(group))]
    rows += [_waiting(one, first) for one in found.waiting]
    basis = "in the currency of the limit, at the rate of the day; gross of tax"
    shown = tuple({**row, "place": str(row["place"]).removeprefix(f"{root}/")} for row in rows)
    return Table("credit", title, found.day, basis, COLUMNS, shown)


def _blocks(side: Side) -> Iterator[Row]:
    for entry in side.blocks:
        until = f" until {entry.until}" if entry.until else ""
        what = (
            f"every order is held since {entry.date}{until}, by {entry.by or 'hand'}: {entry.why or 'no reason given'}"
        )
        yield _row(side, "blocked", None, what=what, place=entry.source)


def _terms(side: Side) -> Iterator[Row]:
    for term in side.exposure.terms:
        yield _row(
            side,
            term.kind,
            term.counted,
            document=term.doc_id,
            what=term.what,
            place=term.source,
            **_original(term, side),
        )
    yield _row(side, "exposure", side.exposure.total, what=_sums(side))


def _original(term: Term, side: Side) -> dict[str, str | Decimal]:
    if term.amount.currency == side.exposure.currency or term.amount.number is None:
        return {}
    return {"original": money.text(term.amount.number, term.amount.currency), "rate": term.rate}


def _sums(side: Side) -> str:
    seen, currency = side.exposure, side.exposure.currency
    sums = (seen.open_items, seen.unapplied, seen.unbilled_deliveries, seen.open_orders)
    items, unused, delivered, ordered = (money.rounded(number, currency) for number in sums)
    return f"open items {items} + credits {unused} + delivered, not invoiced {delivered} + orders {ordered}"


def _group(side: Side) -> Iterator[Row]:
    yield from _blocks(side)
    yield _row(side, "exposure", side.exposure.total, what=_sums(side))
    yield from _limits(side)


def _limits(side: Side) -> Iterator[Row]:
    limit = side.limit
    for entry in limit.entries if limit else ():
        if entry in side.blocks:  # said first
            continue
        counts = entry.counts_on(side.exposure.day) and entry.amount.currency == side.exposure.currency
        amount = entry.amount.number if entry.amount.number is not None and counts else money.ZERO
        yield _row(side, "limit", amount, what=_said(entry, counts=counts), place=entry.source)
    if limit is None or side.available is None:
        what = _BLOCKED_WITHOUT_LIMIT if side.blocks else _NO_LIMIT
        yield _row(side, "available", None, what=what)
    else:
        blocked = "blocked: nothing may be sold, whatever is left; " if side.blocks else ""
        until = f", until {limit.until}" if limit.until else ""
        review = f", review on {limit.review}" if limit.review else ""
        yield _row(side, "available", side.available, what=f"{blocked}limit {limit.total:f}{until}{review}")


def _said(entry: LimitEntry, *, counts: bool) -> str:
    until = f" until {entry.until}" if entry.until else ""
    over = "" if counts else f" (over: {money.text(entry.amount.number or money.ZERO, entry.amount.currency)})"
    return f"{entry.kind}{until}{over}, from {entry.date}, by {entry.by or 'hand'}: {entry.why}"


def _waiting(one: Waiting, side: Side) -> Row:
    said = "; ".join(map(str, one.failed)) or "would pass"
    what = f"held: {one.why}" if one.state == "held" and one.why else f"{one.verdict}: {said}"
    return _row(side, one.state, one.adds, document=one.order.doc_id, what=what, place=one.order.source)


def _row(
    side: Side,
    term: str,
    amount: Decimal | None,
    *,
    document: str = "",
    what: str = "",
    original: str | Decimal = "",
    rate: str | Decimal = "",
    place: Source | None = None,
) -> Row:
    return {
        "of": side.name,
        "term": term,
        "document": document,
        "what": what,
        "original": original,
        "rate": rate,
        "currency": side.exposure.currency,
        "amount": "" if amount is None else amount,
        "place": str(place) if place else "",
    }
