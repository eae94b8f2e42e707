"""A history: one row per invoice, credit note or receipt, with what settled it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from o2c.importing.history_rows import told
from o2c.importing.making import Use
from o2c.importing.making import settlement_number
from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from o2c.importing.gathering import Gathering
    from o2c.importing.history_rows import Told
    from o2c.importing.imported import Imported
    from o2c.importing.sheets import Row
    from o2c.model.documents import Document
    from o2c.model.documents import Event


def read_history(gather: Gathering, rows: Iterable[Row]) -> Imported:
    """Read a history into invoices, credit notes, receipts and disputes; bad rows are kept in the result."""
    rows_told = list(told(gather, rows))
    invoices, credits_ = _documents(gather, rows_told)
    left = {doc_id: row.amount for doc_id, row in invoices.items()}
    uses = _uses(gather, invoices, credits_, left)
    documents: list[Document] = []
    events: list[Event] = []
    for doc_id, row in invoices.items():
        documents.extend(_invoice(gather, row, left[doc_id]))
        if row.disputed and row.amount:
            events.extend(gather.maker.dispute(row.head, row.amount, row.settled))
    for doc_id, group in uses.items():
        documents.extend(_credit(gather, credits_[doc_id], group))
    return gather.result(documents, events)


def _documents(gather: Gathering, rows: list[Told]) -> tuple[dict[str, Told], dict[str, list[Told]]]:
    """Sort rows by number; rows of one credit belong together, all other equal numbers are bad."""
    credits_: defaultdict[str, list[Told]] = defaultdict(list)
    used: list[tuple[str, int]] = []
    for row in rows:
        first = credits_[row.head.doc_id][0] if row.kind != names.INVOICE and row.head.doc_id in credits_ else None
        if row.kind != names.INVOICE:
            credits_[row.head.doc_id].append(row)
        if first is None or not _same_credit(first, row):
            used.append((row.head.doc_id, row.head.line))
        if row.settled and first is None:
            used.append((settlement_number(row.head.doc_id), row.head.line))
    twice = gather.numbers_used_twice(used)
    bad = twice | {number.removesuffix(".P") for number in twice}
    invoices = {row.head.doc_id: row for row in rows if row.kind == names.INVOICE and row.head.doc_id not in bad}
    return invoices, {doc_id: group for doc_id, group in credits_.items() if doc_id not in bad}


def _same_credit(first: Told, row: Told) -> bool:
    """Tell whether two rows are uses of one credit note or receipt."""
    known, head = first.head, row.head
    same = (known.date, known.customer, known.currency, first.kind) == (
        head.date,
        head.customer,
        head.currency,
        row.kind,
    )
    return same and bool(first.applies_to and row.applies_to)


def _uses(
    gather: Gathering, invoices: dict[str, Told], credits_: dict[str, list[Told]], left: dict[str, Decimal]
) -> dict[str, list[Use]]:
    """Say what each credit settles and take it from what is left open; a credit with an impossible use is left out."""
    good: dict[str, list[Use]] = {}
    for doc_id, group in credits_.items():
        faults = {row.head.line: fault for row in group if (fault := _misuse(row, invoices, left, group))}
        if faults:
            _refuse_whole(gather, doc_id, group, faults)
            continue
        for row in group:
            if row.applies_to:
                left[row.applies_to] -= row.amount
        good[doc_id] = [Use(row.applies_to, row.amount) for row in group]
    return good


def _refuse_whole(gather: Gathering, doc_id: str, group: list[Told], faults: dict[int, str]) -> None:
    because = f"left out, because line {min(faults)} of {doc_id} is bad"
    for row in group:
        gather.refuse(row.head.line, "applies_to", faults.get(row.head.line, because))


def _misuse(row: Told, invoices: dict[str, Told], left: dict[str, Decimal], group: list[Told]) -> str:
    """Say why a credit cannot settle what it names; empty when it can."""
    target = row.applies_to
    if not target:
        return ""
    if target not in invoices:
        return (
            f"{target} is no (good) invoice of this file; import invoice and receipt together, or leave the cell empty"
        )
    invoice = invoices[target]
    if (invoice.head.customer, invoice.head.currency) != (row.head.customer, row.head.currency):
        owner = f"{invoice.head.customer} in {invoice.head.currency}"
        return f"{target} is of {owner}; a credit settles only items of its own customer and currency"
    if row.head.date < invoice.head.date:
        return f"{target} is dated {invoice.head.date}, after the credit; leave the cell empty, and allocate it later"
    wanted = sum((other.amount for other in group if other.applies_to == target), ZERO)
    if wanted > left[target]:
        open_ = f"{left[target]} {invoice.head.currency}"
        return f"{target} has only {open_} open, not {wanted}; correct the amount, or leave the cell empty"
    return ""


def _invoice(gather: Gathering, row: Told, left: Decimal) -> Iterator[Document]:
    yield gather.maker.invoice(row.head, row.amount)
    if row.settled and left:
        yield gather.maker.settlement(row.head, row.settled, left)


def _credit(gather: Gathering, group: list[Told], uses: list[Use]) -> Iterator[Document]:
    first = group[0]
    if first.kind == names.RECEIPT:
        yield gather.maker.receipt(first.head, uses)
        return
    yield gather.maker.credit_note(first.head, uses)
    kept = sum((use.amount for use in uses if not use.item), ZERO)
    if first.settled and kept:
        yield gather.maker.settlement(first.head, first.settled, -kept)
