"""The sample of a pack: what was drawn and how, and for each item its documents from order to cash."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.closing.pack.asked import INVOICES
from o2c.closing.pack.population import population
from o2c.closing.pack.sampling import draw
from o2c.closing.pack.sampling import start_of
from o2c.model.chain import chain
from o2c.model.chain import follows
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.model.money import unit
from o2c.reports import places
from o2c.reports.acts import Acts
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.books import Books
    from o2c.closing.pack.asked import Asked
    from o2c.closing.pack.population import Member
    from o2c.closing.pack.sampling import Drawn
    from o2c.reports.table import Row

_SAMPLE = (
    Column("no", "count"),
    Column("item", "code"),
    Column("doc_type", "code"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("date", "date"),
    Column("amount", "code"),
    Column("currency", "code"),
    Column("book_value", "money"),
    Column("first_cent", "number"),
    Column("last_cent", "number"),
    Column("hits", "text"),
    Column("source", "code"),
)
_CHAIN = (
    Column("no", "count"),
    Column("item", "code"),
    Column("date", "date"),
    Column("what", "code"),
    Column("subject", "code"),
    Column("by", "text"),
    Column("currency", "code"),
    Column("amount", "money"),
    Column("why", "text"),
    Column("source", "code"),
)


#: So many hits of an item are listed; of more the first three and the last, and how many: they lie evenly between.
_MOST_HITS = 6


class Sample(NamedTuple):
    """A sample: the method in a sentence, the items, their chains, and the customers in it."""

    method: str
    items: Table
    chains: Table
    customers: frozenset[str]


def sample(then: Books, asked: Asked) -> Sample:
    """Draw the sample out of books that end with the month; raises Refused where a rate is missing."""
    members = population(then, asked)
    currency = then.master.company.currency
    cents = [int(one.worth / unit(currency)) for one in members]
    drawn = draw(cents, asked.size, asked.seed)
    chosen = [members[one.position] for one in drawn]
    rows = tuple(_row(then, number, members[one.position], one) for number, one in enumerate(drawn, 1))
    last = asked.period.last
    basis = f"{asked.population}; seed {asked.seed}; in the currency of the books"
    return Sample(
        _method(asked, cents, currency, len(drawn)),
        Table("sample", "Sample", last, basis, _SAMPLE, rows, totals(rows, "book_value")),
        Table("chains", "Chains", last, f"entries dated up to {last}", _CHAIN, tuple(_chains(then, chosen))),
        frozenset(one.customer for one in chosen),
    )


def _method(asked: Asked, cents: Sequence[int], currency: str, drawn: int) -> str:
    what = "the invoices of the month" if asked.population == INVOICES else "the items that customers owed at its end"
    total = sum(cents)
    if not total or not asked.size:
        return f"Nothing was drawn: a sample of {asked.size} hits out of {what}, {len(cents)} of them."
    worth = text(total * unit(currency), currency)
    return (
        f"Monetary-unit sampling out of {what}: {len(cents)} of {worth} in all, sorted by customer and number, "
        f"as a line of {total} smallest units. Systematic selection: {asked.size} hits, one every "
        f"{text(total // asked.size * unit(currency), currency)}; hit k (from 0) is "
        f"unit (start + k x {total}) / {asked.size}, rounded down; the start is SHA-256 of the seed "
        f"'{asked.seed}' as a number, modulo {total}: {start_of(asked.seed, total)}. {drawn} items were drawn; "
        "an item as large as an interval is always drawn. Give a seed of your own, so that nobody could foresee it."
    )


def _row(then: Books, number: int, member: Member, drawn: Drawn) -> Row:
    known = then.master.customers.get(member.customer)
    return {
        "no": number,
        "item": member.name,
        "doc_type": member.doc_type or "by hand",
        "customer": member.customer,
        "name": known.name if known else then.payee(member.doc_id) or member.customer,
        "date": member.date,
        "amount": text(member.amount, member.currency),
        "currency": then.master.company.currency,
        "book_value": member.worth,
        "first_cent": ZERO + drawn.first,
        "last_cent": ZERO + drawn.last,
        "hits": _hits(drawn.hits),
        "source": places.place(then, member.source),
    }


def _hits(hits: Sequence[int]) -> str:
    if len(hits) <= _MOST_HITS:
        return ", ".join(map(str, hits))
    return f"{', '.join(map(str, hits[:3]))} to {hits[-1]} ({len(hits)} hits)"


def _chains(then: Books, chosen: Sequence[Member]) -> list[Row]:
    acts, known = Acts(then), follows(then.facts)
    rows: list[Row] = []
    for number, member in enumerate(chosen, 1):
        head: Row = {"no": number, "item": member.name}
        if member.doc_id in then.facts.versions:
            rows += [{**acts.row(entry), **head} for entry in chain(then.facts, member.doc_id, known)]
        else:
            rows.append({**head, **_by_hand(then, member)})
    return rows


def _by_hand(then: Books, member: Member) -> Row:
    return {
        "date": member.date,
        "what": "by hand",
        "subject": member.name,
        "by": "",
        "currency": member.currency,
        "amount": member.amount,
        "why": "",
        "source": places.place(then, member.source),
    }
