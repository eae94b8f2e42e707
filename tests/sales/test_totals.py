"""The arithmetic of a document: properties that hold for all lines."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c.sales.totals import Summed
from o2c.sales.totals import document_totals
from o2c.sales.totals import line_net
from o2c.sales.totals import taxes

if TYPE_CHECKING:
    from random import Random

CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents) / 100)
LINES = st.lists(
    st.builds(
        Summed,
        st.sampled_from(["item", "item", "allowance", "charge"]),
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from([Decimal(0), Decimal(7), Decimal(19), Decimal("5.5")]),
        CENTS,
    ),
    max_size=12,
)
CENT = Decimal("0.01")


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "base", "currency", "net"),
    [
        ("3", "24.95", "0", "1", "EUR", "74.85"),
        ("1", "1.005", "0", "1", "EUR", "1.01"),
        ("1", "1.0049", "0", "1", "EUR", "1.00"),
        ("-1", "1.005", "0", "1", "EUR", "-1.01"),
        ("3", "0.335", "50", "1", "EUR", "0.50"),
        ("7", "10.00", "0", "3", "EUR", "23.33"),
        ("1", "441.00", "0", "12", "EUR", "36.75"),
        ("10", "9.99", "100", "1", "EUR", "0.00"),
        ("3", "33.5", "0", "1", "JPY", "101"),
        ("3", "0.3335", "0", "1", "KWD", "1.001"),
        ("999999", "999999.999999", "0", "1", "EUR", "999998999999.00"),
    ],
)
def test_a_line_is_rounded_once_half_away_from_zero(
    quantity: str, price: str, discount: str, base: str, currency: str, net: str
) -> None:
    ours = line_net(Decimal(quantity), Decimal(price), Decimal(discount), currency, Decimal(base))
    assert str(ours) == net


@given(LINES)
def test_net_is_the_sum_of_lines_and_of_tax_bases(lines: list[Summed]) -> None:
    totals = document_totals(lines, "EUR")
    assert totals.net == sum((line.signed for line in lines), Decimal(0))
    assert totals.net == sum((tax.base for tax in totals.taxes), Decimal(0))
    assert totals.net == totals.items - totals.allowances + totals.charges


@given(LINES, CENTS, CENTS)
def test_gross_and_due_follow_to_the_cent(lines: list[Summed], prepaid: Decimal, rounding: Decimal) -> None:
    totals = document_totals(lines, "EUR", prepaid=prepaid, rounding=rounding)
    assert totals.gross == totals.net + totals.tax
    assert totals.due + prepaid == totals.gross + rounding


@given(LINES)
def test_every_tax_is_within_half_a_cent_of_base_times_rate_and_of_its_sign(lines: list[Summed]) -> None:
    for tax in document_totals(lines, "EUR").taxes:
        exact = tax.base * tax.rate / 100
        assert abs(tax.tax - exact) <= CENT / 2
        assert tax.tax == tax.tax.quantize(CENT)
        assert tax.tax * exact >= 0


@given(LINES)
def test_the_opposite_lines_give_the_opposite_totals(lines: list[Summed]) -> None:
    there = document_totals(lines, "EUR")
    back = document_totals([line._replace(net=-line.net) for line in lines], "EUR")
    assert (back.net, back.tax, back.gross) == (-there.net, -there.tax, -there.gross)


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(lines: list[Summed], chance: Random) -> None:
    shuffled = sorted(lines, key=lambda _: chance.random())
    assert document_totals(shuffled, "EUR") == document_totals(lines, "EUR")


def test_one_code_at_two_rates_is_two_taxes() -> None:
    found = taxes([("A", Decimal(19), Decimal(100)), ("A", Decimal(16), Decimal(50))], "EUR")
    assert [(tax.rate, tax.base, tax.tax) for tax in found] == [(16, 50, Decimal("8.00")), (19, 100, Decimal("19.00"))]


def test_a_document_without_lines_is_zero() -> None:
    totals = document_totals([], "EUR")
    assert (totals.net, totals.taxes, totals.gross, totals.due) == (0, (), 0, 0)
