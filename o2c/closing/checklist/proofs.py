"""Checks of the close over the books as a whole: they are clean, agree with themselves, and follow a closed month."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from beancount.core.data import Transaction

from o2c import checks
from o2c.closing.checklist.result import Found
from o2c.closing.checklist.result import Seen
from o2c.model import integrity
from o2c.model import names
from o2c.model import periods
from o2c.model.money import ZERO
from o2c.model.money import text
from o2c.reports.noticing.insight import count

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from o2c.closing.at_end import AtEnd
    from o2c.model.findings import Finding

#: Checks that have a line of their own in the close, or prove only what is derived.
_ELSEWHERE = frozenset({"index", "numbering", "sub-ledger", "approvals", "duties"})


def books_clean(at_end: AtEnd) -> Found:
    """Run the named checks of `o2c check`, except those that the close looks at by themselves."""
    evidence = checks.Evidence(at_end.books.root, at_end.books)
    chosen = [name for name in checks.CHECKS if name not in _ELSEWHERE]
    findings = [finding for result in checks.run(evidence, chosen) for finding in result.findings]
    said = f"{count(len(findings), 'finding')}; see `o2c check`" if findings else f"{len(chosen)} checks found nothing"
    return Found(said, bool(findings), seen(findings))


def seen(findings: Iterable[Finding]) -> tuple[Seen, ...]:
    """Turn findings into evidence."""
    return tuple(Seen(finding.check, finding.message.splitlines()[0], finding.source) for finding in findings)


def named(at_end: AtEnd, name: str) -> tuple[str, tuple[Seen, ...]]:
    """Run one check of `o2c check`; gives what it looked at and what it found."""
    evidence = checks.Evidence(at_end.books.root, at_end.books)
    (result,) = checks.run(evidence, [name])
    return result.covers, seen(result.findings)


def sub_ledger(at_end: AtEnd) -> Found:
    """Prove that the open items sum to the customers' accounts at the end of the month, by currency."""
    last = at_end.month.last
    moved = [move for move in at_end.facts.moved if move.date <= last]
    entries = [entry for entry in at_end.books.entries if entry.date <= last and isinstance(entry, Transaction)]
    findings = integrity.sub_ledger(moved, entries)
    if findings:
        return Found(
            f"{count(len(findings), 'account differs from its', 'accounts differ from their')} items",
            is_red=True,
            seen=seen(findings),
        )
    sums: dict[tuple[str, str], Decimal] = {}
    for item in at_end.items:
        parent = names.RECEIVABLES if item.account.startswith(names.RECEIVABLES + ":") else names.DEPOSITS
        sums[parent, item.currency] = sums.get((parent, item.currency), ZERO) + item.open
    rows = tuple(Seen(account, text(number, currency)) for (account, currency), number in sorted(sums.items()))
    return Found(
        f"{count(len(at_end.items), 'open item sums', 'open items sum')} to the customers' accounts", seen=rows
    )


def numbering(at_end: AtEnd) -> Found:
    """Find gaps in the numbers that nobody explained, and invoices that go back in time."""
    findings = integrity.numbering(at_end.facts, at_end.books.master.company.numbering)
    voids = [event for event in at_end.facts.customs if event.kind == "o2c-void"]
    explained = tuple(Seen(" ".join(map(str, event.values)), event.act.why, event.source) for event in voids)
    if findings:
        return Found(
            f"{count(len(findings), 'gap')} without an explanation", is_red=True, seen=(*seen(findings), *explained)
        )
    return Found(f"no gap; {len(voids)} explained" if voids else "no gap", seen=explained)


def earlier_periods(at_end: AtEnd) -> Found:
    """Find out whether the month before is closed; the first close of all closes everything before it as well."""
    first = at_end.month.first
    through = periods.closed_through(at_end.facts.customs)
    before = [doc for doc in at_end.facts.documents() if doc.date < first and doc.doc_type != names.OPENING_ITEM]
    if not before:
        return Found("nothing lies before this month")
    last = max(before, key=lambda doc: doc.date)
    row = Seen(last.doc_id, f"the last one before {first}, {last.date}", last.source)
    if through is None:
        return Found(f"the first close: it closes {len(before)} earlier documents as well", seen=(row,))
    if through >= first - timedelta(days=1):
        return Found(f"closed through {through}")
    name = f"{first - timedelta(days=1):%Y-%m}"
    return Found(f"{name} is not closed (closed through {through}); close it first", is_red=True, seen=(row,))
