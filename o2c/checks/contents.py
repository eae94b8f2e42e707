"""Entries that load and yet cannot be right: cut off, entered twice, or of customers nobody knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from beancount.core.data import Open

from o2c.model import names
from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.model.money import ZERO
from o2c.model.reading import source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beancount.core.data import Transaction

    from o2c.checks.evidence import Evidence
    from o2c.model.documents import Document

_FAULT = re.compile(r"(?P<file>.+?):(?P<line>[0-9]+)(:[0-9]+)?: (?P<message>.*)", re.DOTALL)
_OWED = frozenset({names.INVOICE, names.DEPOSIT_INVOICE, names.CREDIT_NOTE, names.OPENING_ITEM})


def loads(evidence: Evidence) -> list[Finding]:
    """Give every error of Beancount and its plugins."""
    if evidence.loaded is None:
        return [_fault("loads", fault, str(evidence.root / "main.beancount")) for fault in evidence.faults]
    main = Source(str(evidence.loaded.main), 1)
    return [
        error._replace(check="loads", source=main if error.source.file.startswith("<") else error.source)
        for error in evidence.loaded.errors
    ]


def truncation(evidence: Evidence) -> list[Finding]:
    """Find transactions that look like the rest of a cut file: Beancount accepts them without postings."""
    return [finding for entry in evidence.sheet.transactions for finding in _cut(entry)]


def _cut(entry: Transaction) -> Iterator[Finding]:
    if not entry.postings:
        message = "this transaction has no postings; the file may be cut here: compare with git, or delete the entry"
        yield Finding("truncation", source(entry), message, entry)
    elif entry.meta.get("doc-type") in _OWED:
        moves = any(names.is_item_account(posting.account) for posting in entry.postings)
        if not moves:
            kind = entry.meta["doc-type"]
            message = f"this {kind} moves no customer's account; its postings may be cut off: compare with git"
            yield Finding("truncation", source(entry), message, entry)


def duplicates(evidence: Evidence) -> list[Finding]:
    """Find receipts that were entered twice: same customer, day, amount and (not empty) reference."""
    facts = evidence.books.facts
    reversed_ids = {doc.refers for doc in facts.documents(names.REVERSAL)}
    first: dict[object, Document] = {}
    findings = []
    for doc in facts.documents(names.RECEIPT):
        if not doc.reference or doc.doc_id in reversed_ids:
            continue
        known = first.setdefault((doc.customer, doc.date, doc.reference, _amounts(doc)), doc)
        if known is not doc:
            message = (
                f"{doc.doc_id} looks like {known.doc_id} at {known.source}: same customer, day, amount and reference "
                f"{doc.reference!r}; if the money came once, reverse one of them"
            )
            findings.append(Finding("duplicates", doc.source, message))
    return findings


def _amounts(doc: Document) -> tuple[tuple[str, object], ...]:
    currencies = sorted({movement.currency for movement in doc.movements})
    return tuple(
        (currency, sum((m.amount for m in doc.movements if m.currency == currency), ZERO)) for currency in currencies
    )


def master(evidence: Evidence) -> list[Finding]:
    """Find faults of the master data, and accounts of customers that are not in them."""
    faults = [_fault("master", fault, str(evidence.root / "master")) for fault in evidence.master_faults]
    if evidence.master is None or evidence.loaded is None:
        return faults
    unknown: dict[str, Finding] = {}
    for entry in evidence.books.booked:
        if isinstance(entry, Open) and (code := names.customer_of(entry.account)) not in {
            "",
            *evidence.master.customers,
        }:
            message = f"customer {code} has an account here, but is not in master/customers.yaml; `o2c customer add` it"
            unknown.setdefault(code, Finding("master", source(entry), message, entry))
    return [*faults, *unknown.values()]


def index(evidence: Evidence) -> list[Finding]:
    """Find what the index says otherwise than Beancount."""
    from o2c.books.index.verify import compare

    return compare(evidence.books)


def _fault(check: str, fault: str, file: str) -> Finding:
    """Take the place out of a sentence that begins with FILE:LINE:COL."""
    found = _FAULT.fullmatch(fault)
    if found:
        return Finding(check, Source(found["file"], int(found["line"])), found["message"])
    return Finding(check, Source(file, 1), fault)
