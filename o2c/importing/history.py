"""A history: one row per invoice, credit note or receipt, with what settled it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import BadInput
from o2c.importing.making import Use
from o2c.importing.making import settlement_number
from o2c.importing.profile import HISTORY
from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from o2c.importing.gathering import Gathering
    from o2c.importing.imported import Heading
    from o2c.importing.imported import Imported
    from o2c.importing.sheets import Row
    from o2c.model.documents import Document
    from o2c.model.documents import Event


class Told(NamedTuple):
    """What one row tells; `amount` is not negative, whatever the kind."""

    kind: str
    head: Heading
    amount: Decimal
    settled: date | None
    applies_to: str
    disputed: bool


def read_history(gather: Gathering, rows: Iterable[Row]) -> Imported:
    """Read a history into invoices, credit notes, receipts and disputes; bad rows are kept in the result."""
    told = list(_told(gather, rows))
    invoices, credits_ = _documents(gather, told)
    uses = _uses(gather, invoices, credits_)
    documents: list[Document] = []
    events: list[Event] = []
    for row in invoices.values():
        used = sum((use.amount for group in uses.values() for use in group if use.item == row.head.doc_id), ZERO) if uses else ZERO
        documents.extend(_invoice(gather, row, used))
        if row.disputed and row.amount:
            events.extend(gather.maker.dispute(row.head, row.amount, row.settled))
    for doc_id, group in uses.items():
        documents.extend(_credit(gather, credits_[doc_id], group))
    return gather.result(documents, events)


def _told(gather: Gathering, rows: Iterable[Row]) -> Iterator[Told]:
    for kind, status in gather.records(rows, HISTORY):
        if kind == names.RECEIPT and _is_used_up(gather, status):
            gather.left_out += 1
            continue
        row = _row(gather, kind or names.INVOICE, status)
        if not gather.row_is_bad():
            yield row


def _is_used_up(gather: Gathering, status: str) -> bool:
    """Tell whether a receipt has settled what it could: where settlements show as days, they stand on the invoices."""
    return "settled" in gather.profile.columns and (status == "settled" or gather.fields.day("settled") is not None)


def _row(gather: Gathering, kind: str, status: str) -> Told:
    fields, profile = gather.fields, gather.profile
    currency = fields.currency()
    signed = fields.money(_column(gather, kind), currency)
    kind, amount = _sign(gather, kind, signed)
    head = gather.heading(kind, currency)
    settled = fields.day("settled")
    if kind != names.RECEIPT:
        _check_settled(gather, head, status, settled, signed)
    target = fields.doc_number("applies_to", profile.prefixes.get(names.INVOICE, "")).doc_id if fields.raw("applies_to") else ""
    if settled and head.doc_id:
        _check_number(gather, head.doc_id)
    return Told(kind, head, amount, settled, target, _disputed(gather))


def _column(gather: Gathering, kind: str) -> str:
    """Choose the amount of a row; of a receipt whose uses show as days on the invoices, what is still open."""
    days_show = {"settled", "open"} <= gather.profile.columns.keys()
    return "open" if kind == names.RECEIPT and days_show else "amount"


def _sign(gather: Gathering, kind: str, signed: Decimal) -> tuple[str, Decimal]:
    """Turn an amount as written into kind and size; a sign that the profile does not announce is a fault."""
    profile = gather.profile
    if kind == names.INVOICE:
        if signed < 0 and profile.negative_amounts == "credit":
            return names.CREDIT_NOTE, -signed
        if signed < 0:
            gather.fields.fault("amount", "is negative on an invoice; correct it, or set `negative_amounts: credit` in the profile")
        return kind, abs(signed)
    amount = -signed if profile.credits == "negative" else signed
    if amount < 0:
        gather.fields.fault("amount", f"a {kind} is written {profile.credits} here, says the profile (`credits`); correct one of them")
    return kind, abs(amount)


def _check_settled(gather: Gathering, head: Heading, status: str, settled: date | None, signed: Decimal) -> None:
    fields = gather.fields
    if status == "settled" and settled is None:
        fields.fault("settled", "is empty, but the status says settled; enter the day")
    if status == "open" and settled is not None:
        fields.fault("settled", "has a day, but the status says open; correct one of them")
    if settled is not None and settled < head.date:
        fields.fault("settled", f"{settled} lies before the document's date {head.date}; correct one of them")
    if not fields.raw("open") or "settled" not in gather.profile.columns:
        return
    left = fields.money("open", head.currency)
    if left != (ZERO if settled else signed):
        fields.fault("open", f"{left} of {signed} is open, and no row says when the rest was paid; import it with `open-items`")


def _check_number(gather: Gathering, doc_id: str) -> None:
    try:
        settlement_number(doc_id)
    except BadInput as error:
        gather.fields.fault("number", str(error))


def _disputed(gather: Gathering) -> bool:
    raw, profile = gather.fields.raw("disputed"), gather.profile
    if raw and raw not in profile.disputed and raw not in profile.undisputed:
        gather.fields.fault("disputed", f"{shown(raw)} is not in the profile; add it there under `disputed` or `undisputed`")
    return bool(raw) and raw in profile.disputed


def _documents(gather: Gathering, told: list[Told]) -> tuple[dict[str, Told], dict[str, list[Told]]]:
    """Sort rows into invoices and credits by number; rows of one credit belong together, other equal numbers are bad."""
    credits_: defaultdict[str, list[Told]] = defaultdict(list)
    used: list[tuple[str, int]] = []
    for row in told:
        first = credits_[row.head.doc_id][0] if row.kind != names.INVOICE and row.head.doc_id in credits_ else None
        if row.kind != names.INVOICE:
            credits_[row.head.doc_id].append(row)
        if first is None or not _same_credit(first, row):
            used.append((row.head.doc_id, row.head.line))
        if row.settled and first is None:
            used.append((settlement_number(row.head.doc_id), row.head.line))
    twice = gather.numbers_used_twice(used)
    bad = twice | {number.removesuffix(".P") for number in twice}
    invoices = {row.head.doc_id: row for row in told if row.kind == names.INVOICE and row.head.doc_id not in bad}
    return invoices, {doc_id: group for doc_id, group in credits_.items() if doc_id not in bad}


def _same_credit(first: Told, row: Told) -> bool:
    """Tell whether two rows are uses of one credit note or receipt."""
    known, head = first.head, row.head
    same = (known.date, known.customer, known.currency, first.kind) == (head.date, head.customer, head.currency, row.kind)
    return same and bool(first.applies_to and row.applies_to)


def _uses(gather: Gathering, invoices: dict[str, Told], credits_: dict[str, list[Told]]) -> dict[str, list[Use]]:
    """Say what each credit settles; a credit with a use that cannot be is left out whole."""
    left = {doc_id: row.amount for doc_id, row in invoices.items()}
    good: dict[str, list[Use]] = {}
    for doc_id, group in credits_.items():
        faults = [(row, fault) for row in group if (fault := _misuse(row, invoices, left, group))]
        for row, fault in faults:
            gather.refuse(row.head.line, "applies_to", fault)
        if faults:
            for row in group:
                if row not in [bad for bad, _ in faults]:
                    gather.refuse(row.head.line, "applies_to", f"left out, because line {faults[0][0].head.line} of {doc_id} is bad")
            continue
        for row in group:
            if row.applies_to:
                left[row.applies_to] -= row.amount
        good[doc_id] = [Use(row.applies_to, row.amount) for row in group]
    return good


def _misuse(row: Told, invoices: dict[str, Told], left: dict[str, Decimal], group: list[Told]) -> str:
    """Say why a credit cannot settle what it names; empty when it can."""
    target = row.applies_to
    if not target:
        return ""
    if target not in invoices:
        return f"{target} is no (good) invoice of this file; import invoice and receipt together, or leave the cell empty"
    invoice = invoices[target]
    if (invoice.head.customer, invoice.head.currency) != (row.head.customer, row.head.currency):
        return f"{target} is of {invoice.head.customer} in {invoice.head.currency}; a credit settles only its own customer's items"
    if row.head.date < invoice.head.date:
        return f"{target} is dated {invoice.head.date}, after the credit; leave the cell empty, and allocate it later"
    wanted = sum((other.amount for other in group if other.applies_to == target), ZERO)
    if wanted > left[target]:
        return f"{target} has only {left[target]} {invoice.head.currency} open, not {wanted}; correct the amount, or leave the cell empty"
    return ""


def _invoice(gather: Gathering, row: Told, used: Decimal) -> Iterator[Document]:
    yield gather.maker.invoice(row.head, row.amount)
    if row.settled and row.amount > used:
        yield gather.maker.settlement(row.head, row.settled, row.amount - used)


def _credit(gather: Gathering, group: list[Told], uses: list[Use]) -> Iterator[Document]:
    first = group[0]
    if first.kind == names.RECEIPT:
        yield gather.maker.receipt(first.head, uses)
        return
    yield gather.maker.credit_note(first.head, uses)
    kept = sum((use.amount for use in uses if not use.item), ZERO)
    if first.settled and kept:
        yield gather.maker.settlement(first.head, first.settled, -kept)
