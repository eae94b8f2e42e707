"""A list of open items: what customers owe on the day of moving in, one row per item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.importing.profile import OPEN_ITEMS
from o2c.model import names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from o2c.importing.gathering import Gathering
    from o2c.importing.imported import Heading
    from o2c.importing.imported import Imported
    from o2c.importing.sheets import Row


def read_open_items(gather: Gathering, rows: Iterable[Row]) -> Imported:
    """Read open items; rows that are settled, or of which nothing is open, are left out and counted."""
    found = list(_items(gather, rows))
    twice = gather.numbers_used_twice((head.doc_id, head.line) for head, _ in found)
    return gather.result(
        (gather.maker.opening_item(head, open_) for head, open_ in found if head.doc_id not in twice), ()
    )


def _items(gather: Gathering, rows: Iterable[Row]) -> Iterator[tuple[Heading, Decimal]]:
    fields = gather.fields
    column = "open" if "open" in gather.profile.columns else "amount"
    for kind, status in gather.records(rows, OPEN_ITEMS):
        currency = fields.currency()
        settled = status == "settled" or fields.day("settled") is not None
        open_ = _signed(gather, kind, column, fields.money(column, currency))
        if (settled or not open_) and not fields.faults:
            gather.left_out += 1
            continue
        head = gather.heading(kind, currency)
        if not gather.row_is_bad():
            yield head, open_


def _signed(gather: Gathering, kind: str, column: str, written: Decimal) -> Decimal:
    """Give an open amount its sign: what the customer owes is above zero."""
    profile, fields = gather.profile, gather.fields
    if kind in {names.CREDIT_NOTE, names.RECEIPT}:
        open_ = written if profile.credits == "negative" else -written
        if open_ > 0:
            fields.fault(
                column, f"a {kind} is written {profile.credits} here, says the profile (`credits`); correct one of them"
            )
        return open_
    if written < 0 and profile.negative_amounts == "refused":
        fields.fault(column, "is negative; correct it, or set `negative_amounts: credit` in the profile")
    return written
