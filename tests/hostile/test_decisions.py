"""H31: what becomes of unusual quantities, prices, discounts and taxes, from order to invoice. A table of decisions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount.core.data import Transaction

if TYPE_CHECKING:
    from tests.faults.small_shop import Shop

#: Line of the order -> what is said where it is refused.
REFUSED = {
    "quantity 0": ("sku: P-1, quantity: 0", "not more than zero"),
    "quantity -0": ("sku: P-1, quantity: -0", "not more than zero"),
    "negative quantity": ("sku: P-1, quantity: -1", "not more than zero"),
    "quantity below six decimals": ("sku: P-1, quantity: 0.000000001", "not a number"),
    "no quantity": ("sku: P-1", "quantity is missing"),
    "empty quantity": ("sku: P-1, quantity: ''", "quantity is missing"),
    "negative price": ("sku: P-1, quantity: 1, price: -1", "less than zero"),
    "discount over 100": ("sku: P-1, quantity: 1, discount: 101", "between 0 and 100"),
    "discount just over 100": ("sku: P-1, quantity: 1, discount: 100.000001", "between 0 and 100"),
    "negative discount": ("sku: P-1, quantity: 1, discount: -5", "between 0 and 100"),
    "unknown product": ("sku: P-9, quantity: 1", "P-9"),
    "no product": ("quantity: 1", "sku is missing"),
}
#: Line of the order -> net, tax, gross of its invoice.
DECIDED = {
    "usual": ("sku: P-1, quantity: 3", "30.00", "5.70", "35.70"),
    "reduced rate": ("sku: P-2, quantity: 3", "15.00", "1.05", "16.05"),
    "zero rate": ("sku: P-Z, quantity: 3", "9.00", "0.00", "9.00"),
    "price 0 in the list": ("sku: P-0, quantity: 3", "0.00", "0.00", "0.00"),
    "price 0 in the order": ("sku: P-1, quantity: 3, price: 0", "0.00", "0.00", "0.00"),
    "discount 0": ("sku: P-1, quantity: 3, discount: 0", "30.00", "5.70", "35.70"),
    "discount": ("sku: P-1, quantity: 3, discount: 2.5", "29.25", "5.56", "34.81"),
    "discount 100": ("sku: P-1, quantity: 3, discount: 100", "0.00", "0.00", "0.00"),
    "smallest quantity": ("sku: P-1, quantity: 0.000001", "0.00", "0.00", "0.00"),
    "half a cent goes up": ("sku: P-1, quantity: 0.0005", "0.01", "0.00", "0.01"),
    "just below half a cent": ("sku: P-1, quantity: 0.000499", "0.00", "0.00", "0.00"),
    "tax of half a cent goes up": ("sku: P-2, quantity: 0.1", "0.50", "0.04", "0.54"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_line_that_makes_no_sense_is_refused_with_its_place(shop: Shop, case: str) -> None:
    line, says = REFUSED[case]
    said = shop.refused_order(f"customer: C1\nlines:\n  - {{{line}}}\n")
    assert "order.yaml:3:" in said
    assert says in said


@pytest.mark.parametrize("case", DECIDED)
def test_an_unusual_line_becomes_an_invoice_with_exactly_these_amounts(shop: Shop, case: str) -> None:
    line, net, tax, gross = DECIDED[case]
    _invoice(shop, line)
    invoice = _last(shop)
    by_role = {"net": Decimal(0), "tax": Decimal(0), "gross": Decimal(0)}
    for posting in invoice.postings:
        role = "gross" if "item" in posting.meta else "net" if "line" in posting.meta else "tax"
        by_role[role] += abs(posting.units.number)
    assert by_role == {"net": Decimal(net), "tax": Decimal(tax), "gross": Decimal(gross)}
    assert sum(posting.units.number for posting in invoice.postings) == 0


def _invoice(shop: Shop, line: str) -> None:
    assert shop.order(f"customer: C1\nlines:\n  - {{{line}}}\n").code == 0
    shop.did("order", "confirm", "SO-2026-0006", "--accept-prices")
    shop.did("deliver", "SO-2026-0006")
    shop.did("invoice", "create", "SO-2026-0006")


def _last(shop: Shop) -> Transaction:
    return [entry for entry in shop.loaded() if isinstance(entry, Transaction)][-1]


def test_an_invoice_over_nothing_is_settled_from_the_start(shop: Shop) -> None:
    _invoice(shop, "sku: P-0, quantity: 3")
    assert "INV-2026-0003" not in shop.did("report", "open-items", "--format", "csv")
    assert "INV-2026-0003" not in shop.did("invoice", "list", "--open")
    shop.refused("receipt", "C1", "1.00 EUR", "--apply", "INV-2026-0003")
    shop.refused("write-off", "INV-2026-0003", "--reason", "bad-debt")


def test_tax_is_computed_on_the_sum_of_the_document_not_per_line(shop: Shop) -> None:
    """Three lines of 0.50 at 7 %: 0.11 on the sum of 1.50, not three times 0.04."""
    lines = "\n".join("  - {sku: P-2, quantity: 0.1}" for _ in range(3))
    assert shop.order(f"customer: C1\nlines:\n{lines}\n", "--confirm").code == 0
    shop.did("deliver", "SO-2026-0006")
    shop.did("invoice", "create", "SO-2026-0006")
    assert [p.units.number for p in _last(shop).postings if p.account == "Liabilities:Tax:VAT"] == [Decimal("-0.11")]


def test_a_price_that_differs_from_the_list_needs_a_person(shop: Shop) -> None:
    assert shop.order("customer: C1\nlines:\n  - {sku: P-1, quantity: 3, price: 0}\n").code == 0
    assert "differs from the list" in shop.refused("order", "confirm", "SO-2026-0006", code=1)


@pytest.mark.parametrize("quantity", ["0", "-1", "10.000001", "11"])
def test_more_than_ordered_and_less_than_something_is_not_delivered(shop: Shop, quantity: str) -> None:
    shop.refused("deliver", "SO-2026-0005", "--line", f"1={quantity}")


@pytest.mark.parametrize(
    "what", ["1=0", "1=-1", "1=11", "1=100.01 EUR", "1=-1.00 EUR", "1=1.00 USD", "2=1", "0=1", "x=1", "1", "=1", "1="]
)
def test_a_credit_note_over_more_than_the_invoice_or_less_than_something_is_refused(shop: Shop, what: str) -> None:
    shop.refused("credit-note", "create", "INV-2026-0001", "--reason", "price", "--line", what)


def test_a_blocked_customer_gets_nothing(shop: Shop) -> None:
    assert shop.order("customer: B1\nlines:\n  - {sku: P-1, quantity: 1}\n").code == 0
    assert "is blocked" in shop.refused("order", "confirm", "SO-2026-0006", code=1)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("deliver", "SO-2026-0002"), "nothing is left to deliver"),
        (("invoice", "create", "SO-2026-0001"), "nothing is left to invoice"),
        (("invoice", "create", "SO-2026-0005"), "nothing of SO-2026-0005 is delivered"),
        (("invoice", "create", "SO-2026-0002", "--date", "2026-03-01"), "2026-03-0"),
        (("deliver", "SO-2026-0005", "--date", "2026-03-01"), "before it"),
        (("order", "cancel", "SO-2026-0002"), "SO-2026-0002 is delivered"),
        (("order", "release", "SO-2026-0005", "--reason", "x"), "is not held"),
        (("credit-note", "create", "INV-2026-0001", "--reason", "bad-debt", "--full"), "write-off"),
        (
            ("credit-note", "create", "INV-2026-0001", "--reason", "price", "--full", "--date", "2026-03-01"),
            "before it",
        ),
        (("invoice", "create", "SO-9999-0001"), "there is no order"),
    ],
)
def test_a_step_out_of_turn_is_refused_with_the_reason(shop: Shop, command: tuple[str, ...], says: str) -> None:
    assert says in shop.refused(*command, code=1)
