"""How `credit show` prints a standing: amounts stand below each other, whatever stands before them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from o2c.cli.credit_view import lines
from o2c.reports.table import Row
from o2c.reports.table import Table


def row(term: str, amount: str) -> Row:
    head: Row = {"of": "C0001", "term": term, "document": "SO-2026-0001", "what": "line 1: 16 C62 NL-1001 delivered"}
    return {**head, "original": "", "rate": "", "currency": "EUR", "amount": Decimal(amount), "place": "j.beancount:1"}


@pytest.mark.parametrize("longest", ["open-order", "unbilled-delivery"])
def test_amounts_end_in_one_column_whatever_the_term(longest: str) -> None:
    rows = (row("open-item", "10.00"), row(longest, "2.00"), row("exposure", "12.00"))
    said = list(lines(Table("credit-standing", "Credit of C0001", date(2026, 4, 2), "", (), rows)))
    ends = [line.index("  j.beancount:1") for line in said if "j.beancount" in line]
    assert ends == [68] * 3
    assert max(map(len, said)) <= 100
