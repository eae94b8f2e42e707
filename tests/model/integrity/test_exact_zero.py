"""Entries are zero to the last cent, whatever Beancount's tolerance lets through."""

from __future__ import annotations

import pytest
from beancount import loader

from tests.model.integrity.ledgers import OPEN
from tests.model.integrity.ledgers import only
from tests.model.integrity.ledgers import quick


def raw(*postings: str, header: str = "") -> str:
    lines = "\n".join(f"  {posting}" for posting in postings)
    return f'\n2026-01-10 * "by hand"\n{header}{lines}\n'


@pytest.mark.parametrize(
    "amounts",
    [
        ("100.00 EUR", "-99.75 EUR", "-0.2 EUR"),
        ("100.00 EUR", "-100.005 EUR"),
        ("0.00 EUR", "-0.004 EUR"),
    ],
)
def test_what_the_tolerance_lets_through_is_found(amounts: tuple[str, ...]) -> None:
    text = raw(
        *(
            f"{account}  {amount}"
            for account, amount in zip(["Assets:Bank", "Income:Sales", "Expenses:Other"], amounts, strict=False)
        )
    )
    entries, errors, _ = loader.load_string(OPEN + text)
    assert errors == []
    assert len(entries) > OPEN.count("open")
    assert "out of balance by" in only(quick("exact-zero", text))


def test_every_currency_must_be_zero_by_itself() -> None:
    text = raw("Assets:Bank  1.00 EUR", "Income:Sales  -1.00 EUR", "Assets:Bank  0.001 USD")
    assert "0.001 USD" in only(quick("exact-zero", text))


def test_a_lot_counts_with_its_carrying_amount_rounded_to_the_cent() -> None:
    """A third of a unit cost is no fault: the lot is carried at 100.00 EUR."""
    text = raw('Assets:AR:C1  300.00 USD {{100.00 EUR, "X"}}', '  item: "X"', "Income:Sales  -100.00 EUR")
    assert quick("exact-zero", text) == []
    assert "0.01 EUR" in only(quick("exact-zero", text.replace("-100.00", "-99.99")))


def test_tolerance_at_a_price_is_for_others_only() -> None:
    postings = ("Assets:Bank  100.00 USD @ 0.92304 EUR", "Expenses:Other  -92.305 EUR")
    assert quick("exact-zero", raw(*postings)) == []
    assert quick("exact-zero", raw(*postings, header='  doc-type: "receipt"\n')) != []
