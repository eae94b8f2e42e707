"""The seal in a pack: which seal covers the month, what was declared about it, and how to prove it without us."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.closing.verify import verify
from o2c.errors import Refused
from o2c.model import periods
from o2c.model.sealing import seals
from o2c.reports import places
from o2c.reports.noticing.insight import count
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.books import Books
    from o2c.closing.pack.asked import Asked
    from o2c.model.documents import Event
    from o2c.model.periods import Close
    from o2c.model.periods import Period
    from o2c.reports.table import Row

SIGN_OFF = "o2c-sign-off"
_COLUMNS = (
    Column("date", "date"),
    Column("recorded", "code"),
    Column("by", "text"),
    Column("what", "code"),
    Column("about", "text"),
    Column("why", "text"),
    Column("approved_by", "text"),
    Column("seal", "code"),
    Column("source", "code"),
)


class Sealed(NamedTuple):
    """What a pack says about the seal: facts as pairs, the commands that prove it, and what was declared."""

    seal: str
    facts: tuple[tuple[str, str], ...]
    proofs: tuple[tuple[str, str], ...]
    acts: Table


def sealed(books: Books, asked: Asked) -> Sealed:
    """Prove the seal that covers the month.

    Raises Refused where the month is not sealed, or is not as it was sealed, unless a draft is asked for.
    """
    acts = Table("closing-acts", "Closing acts", asked.period.last, "", _COLUMNS, tuple(_acts(books, asked.period)))
    close = _covering(books, asked.period)
    if close is None:
        if not asked.draft:
            raise Refused(
                f"{asked.period.name} is not sealed, so its figures may still change; seal it "
                f"(`o2c close seal {asked.period.name}`), or ask for a draft: --draft"
            )
        return Sealed("", (("Seal", "none: this month is not sealed"),), (), acts)
    return Sealed(close.seal, tuple(_facts(books, close, asked)), _proofs(close), acts)


def _covering(books: Books, period: Period) -> Close | None:
    held = seals.in_force(books.customs(periods.CLOSE))
    return next((close for close in held if close.last >= period.last), None)


def _facts(books: Books, close: Close, asked: Asked) -> Iterator[tuple[str, str]]:
    yield "Seal", close.seal
    yield "Sealed month", f"{close.period}, through {close.last}"
    yield "Sealed by", f"{close.event.act.by or 'nobody named'} on {close.event.date}"
    yield "Why", close.event.act.why
    yield "Entries", str(close.event_fact("count"))
    yield "Seal before it", str(close.event_fact("previous")) or "none: this is the first"
    yield "Seal it replaces", str(close.event_fact("replaces")) or "none"
    yield "List of entries", f"{close.event_fact('file')}, {close.event_fact('leaves')}"
    yield "Entry", places.place(books, close.event.source)
    findings = verify(books, None).findings
    if findings and not asked.draft:
        raise Refused(f"{findings[0]}; the books are not as they were sealed: `o2c close verify` says everything")
    yield (
        "Proved",
        f"NOT as sealed: {count(len(findings), 'finding')}" if findings else "every entry is as it was sealed",
    )


def _proofs(close: Close) -> tuple[tuple[str, str], ...]:
    return (
        ("With this program, in the folder of the books", f"o2c close verify {close.period} --expect {close.seal}"),
        (
            "Without it: with Python, Beancount's parser and the one file verify_seal.py (what it does: docs/seal.md)",
            f"python verify_seal.py main.beancount --expect {close.seal}",
        ),
    )


def _acts(books: Books, period: Period) -> Iterator[Row]:
    for event in books.customs(periods.CLOSE, SIGN_OFF):
        if event.values[:1] == (period.name,):
            yield _act(books, event)


def _act(books: Books, event: Event) -> Row:
    facts = dict(event.extra)
    is_close = event.kind == periods.CLOSE
    return {
        "date": event.date,
        "recorded": event.act.at,
        "by": event.act.by,
        "what": str(event.values[-1]) if is_close else "sign-off",
        "about": period_of(event) if is_close else str(event.values[1]) if len(event.values) > 1 else "",
        "why": event.act.why,
        "approved_by": str(facts.get("approved-by", "")),
        "seal": str(facts.get("seal", "")),
        "source": places.place(books, event.source),
    }


def period_of(event: Event) -> str:
    """Name the month that a close is about."""
    return str(event.values[0])
