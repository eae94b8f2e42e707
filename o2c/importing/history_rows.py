"""The rows of a history: what each tells, with its amount turned to size and its settlement checked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import BadInput
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
    from o2c.importing.sheets import Row


class Told(NamedTuple):
    """What one row tells; `amount` is not negative, whatever the kind."""

    kind: str
    head: Heading
    amount: Decimal
    settled: date | None
    applies_to: str
    disputed: bool


def told(gather: Gathering, rows: Iterable[Row]) -> Iterator[Told]:
    """Read each row that is a record; bad rows are kept by `gather`, receipts that are used up are left out."""
    has_types = "type" in gather.profile.columns
    for kind, status in gather.records(rows, HISTORY):
        if has_types and not kind:
            gather.row_is_bad()  # without its type nothing else of the row can be judged
            continue
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
    target = (
        fields.doc_number("applies_to", profile.prefixes.get(names.INVOICE, "")) if fields.raw("applies_to") else None
    )
    if settled and head.doc_id:
        _check_number(gather, head.doc_id)
    return Told(kind, head, amount, settled, target.doc_id if target else "", _disputed(gather))


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
            gather.fields.fault(
                "amount", "is negative on an invoice; correct it, or set `negative_amounts: credit` in the profile"
            )
        return kind, abs(signed)
    amount = -signed if profile.credits == "negative" else signed
    if amount < 0:
        gather.fields.fault(
            "amount", f"a {kind} is written {profile.credits} here, says the profile (`credits`); correct one of them"
        )
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
        fields.fault(
            "open", f"{left} of {signed} is open, and no row says when the rest was paid; import it with `open-items`"
        )


def _check_number(gather: Gathering, doc_id: str) -> None:
    try:
        settlement_number(doc_id)
    except BadInput as error:
        gather.fields.fault("number", str(error))


def _disputed(gather: Gathering) -> bool:
    raw, profile = gather.fields.raw("disputed"), gather.profile
    if raw and raw not in profile.disputed and raw not in profile.undisputed:
        gather.fields.fault(
            "disputed", f"{shown(raw)} is not in the profile; add it there under `disputed` or `undisputed`"
        )
    return bool(raw) and raw in profile.disputed
