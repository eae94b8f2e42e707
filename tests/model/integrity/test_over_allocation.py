"""No item is paid by more than it has, and none before it begins, at the end of any day."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.model.integrity.ledgers import INVOICE
from tests.model.integrity.ledgers import RECEIPT
from tests.model.integrity.ledgers import by_hand
from tests.model.integrity.ledgers import only
from tests.model.integrity.ledgers import quick


def test_more_than_the_item_is_found_at_the_end_of_the_day() -> None:
    message = only(quick("over-allocation", INVOICE, RECEIPT.replace("-226.00", "-230.00").replace("-74.00", "-70.00")))
    assert "began with 226.00 EUR and is -4.00 EUR at the end of 2026-02-01" in message


def allocation(number: str, day: str, amount: str) -> str:
    return f"""
{day} * "Allocation"
  doc-type: "allocation"
  doc-id: "{number}"
  customer: "C1"
  Liabilities:Customer-Deposits:C1  {amount} EUR
    item: "RC-2026-0001"
  Assets:AR:C1  -{amount} EUR
    item: "INV-2"
"""


SECOND = by_hand(meta='item: "INV-2"\n    due: 2026-03-01').replace("50.00", "500.00")


def test_more_than_the_receipt_has_is_found() -> None:
    right = (INVOICE, RECEIPT, SECOND, allocation("AL-1", "2026-02-02", "74.00"))
    assert quick("over-allocation", *right) == []
    message = only(quick("over-allocation", *right, allocation("AL-2", "2026-02-03", "0.01")))
    assert "item RC-2026-0001" in message
    assert "0.01 EUR too much" in message
    assert "AL-2" in message


def test_the_order_of_entries_within_a_day_does_not_matter() -> None:
    """Taken and taken back on one day, in the order that looks wrong while it runs."""
    back = allocation("AL-2", "2026-02-03", "-74.00")
    again = allocation("AL-3", "2026-02-03", "74.00")
    first = (INVOICE, RECEIPT, SECOND, allocation("AL-1", "2026-02-02", "74.00"))
    assert quick("over-allocation", *first, back, again) == []
    assert quick("over-allocation", *first, again, back) == []


def test_a_fault_that_was_healed_later_is_still_a_fault_of_its_day() -> None:
    first = (INVOICE, RECEIPT, SECOND, allocation("AL-1", "2026-02-02", "80.00"))
    assert "2026-02-02" in only(quick("over-allocation", *first, allocation("AL-2", "2026-02-03", "-80.00")))


@given(st.lists(st.integers(min_value=-300, max_value=-1), min_size=1, max_size=6), st.permutations(range(7)))
def test_over_allocation_is_found_exactly_when_a_day_ends_below_zero(takes: list[int], order: list[int]) -> None:
    """An item of 500; each taking on its own day or two on one: compared with a sum by day."""
    days = [2 + index // 2 for index in order[: len(takes)]]
    texts = [
        f'\n2026-02-{day:02d} * "t"\n  Assets:AR:C1  {take}.00 EUR\n    item: "INV-2"\n  Assets:Bank\n'
        for day, take in zip(days, takes, strict=True)
    ]
    below = any(500 + sum(t for d, t in zip(days, takes, strict=True) if d <= day) < 0 for day in days)
    assert bool(quick("over-allocation", SECOND, *texts)) == below


def test_money_before_the_item_begins_is_found() -> None:
    early = RECEIPT.replace("2026-02-01", "2026-01-09")
    assert "begins on 2026-01-10" in only(quick("dates", INVOICE, early))
    assert quick("dates", INVOICE, RECEIPT.replace("2026-02-01", "2026-01-10")) == []
