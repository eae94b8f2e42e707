"""H30: what is no plain number within the limits is refused at every door, at once; what is one comes back exact."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount.core.data import Transaction

if TYPE_CHECKING:
    from tests.faults.small_shop import Shop

NO_NUMBERS = [
    "NaN", "nan", "sNaN", "Infinity", "-Infinity", "inf", "1e3", "1E+2", "1e999999", "1e-999999", "1e100000000",
    "0x10", "1_000", "1,000.00", "1.000,00", "1'000", "+5", ".5", "5.", "5..0", "--5", "5-", "(5)", " 5 5", "½", "5\n",
    "\uff15", "\u0665", "\u22125", "1000000000000000000.01", "10000000000000000000", "9" * 41, "9" * 100_000,
    "0.0000001", "1." + "0" * 100, "five", "5 5 5", "EUR",
]  # fmt: skip
#: Doors of the command line with a hole for a number.
DOORS = {
    "receipt": ("receipt", "C1", "{}", "EUR"),
    "receipt in one word": ("receipt", "C1", "{} EUR"),
    "receipt --apply": ("receipt", "C1", "100.00 EUR", "--apply", "INV-2026-0001={}"),
    "receipt --fee": ("receipt", "C1", "100.00 EUR", "--fee", "{}"),
    "receipt --received": ("receipt", "US1", "100.00 USD", "--received", "{} EUR"),
    "deliver --line": ("deliver", "SO-2026-0005", "--line", "1={}"),
    "credit-note quantity": ("credit-note", "create", "INV-2026-0001", "--reason", "price", "--line", "1={}"),
    "credit-note amount": ("credit-note", "create", "INV-2026-0001", "--reason", "price", "--line", "1={} EUR"),
    "write-off": ("write-off", "INV-2026-0001", "{}", "EUR", "--reason", "bad-debt"),
    "refund": ("refund", "RC-2026-0001", "{}", "EUR"),
    "allocate": ("allocate", "RC-2026-0001", "INV-2026-0001", "{}", "EUR"),
}
FIELDS = ("quantity", "price", "discount")


@pytest.mark.parametrize("door", DOORS)
def test_a_command_refuses_what_is_no_number(shop: Shop, door: str) -> None:
    before = shop.files()
    for text in NO_NUMBERS:
        began = time.perf_counter()
        answer = shop.run(*(part.replace("{}", text) for part in DOORS[door]))
        took = time.perf_counter() - began
        said = shop.require_refused(before, answer)
        assert took < 2, f"{text[:20]} took {took:.1f} s"
        assert len(said) < 1000


def _too_little() -> list[object]:
    """Every door with every amount that is not more than nothing; only a fee may be nothing."""
    pairs = [(door, text) for door in DOORS for text in ("-1", "-0.01", "0", "-0", "0.00")]
    return [(door, text) for door, text in pairs if door != "receipt --fee" or Decimal(text)]


@pytest.mark.parametrize(("door", "text"), _too_little())
def test_a_command_refuses_nothing_and_less(shop: Shop, door: str, text: str) -> None:
    shop.refused(*(part.replace("{}", text) for part in DOORS[door]))


@pytest.mark.parametrize("field", FIELDS)
def test_an_order_file_refuses_what_is_no_number(shop: Shop, field: str) -> None:
    for text in NO_NUMBERS:
        if text == "5\n":
            continue  # YAML and CSV take the space around a value away
        quoted = '"' + text + '"'
        line = f"quantity: {quoted}" if field == "quantity" else f"quantity: 1, {field}: {quoted}"
        began = time.perf_counter()
        said = shop.refused_order(f"customer: C1\nlines:\n  - {{sku: P-1, {line}}}\n")
        assert time.perf_counter() - began < 2
        assert "order.yaml:3:" in said
        assert field in said


# ---- exact, up to the limit ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "0.01",
        "999999999999999999.99",
        "123456789012345678.91",
        "12345678901.23",
        "1000000000000000000",
        "1000000000000000000.00",
    ],
)
def test_an_amount_up_to_the_limit_is_exact(shop: Shop, number: str) -> None:
    shop.did("receipt", "C1", f"{number} EUR")
    receipt = _last(shop)
    assert sorted(posting.units.number for posting in receipt.postings) == [-Decimal(number), Decimal(number)]
    assert sum(posting.units.number for posting in receipt.postings) == 0


def test_the_bank_account_is_exact_beyond_the_limit_of_one_amount(shop: Shop) -> None:
    for _ in range(3):
        shop.did("receipt", "C1", "999999999999999999.99 EUR", "--again")
    bank = [
        p.units.number
        for e in shop.loaded()
        if isinstance(e, Transaction)
        for p in e.postings
        if p.account == "Assets:Bank:Main"
    ]
    assert sum(bank) == Decimal("3000000000000000049.97")
    assert "-3000000000000000049.97" in shop.did("report", "aging", "--customer", "C1", "--format", "csv")


def test_a_line_whose_net_passes_the_limit_is_refused(shop: Shop) -> None:
    said = shop.require_refused(
        shop.files(),
        shop.order("customer: C1\nlines:\n  - {sku: P-1, quantity: 999999999999999999, price: 999999999999999999}\n"),
    )
    assert "order.yaml" in said or "number" in said


@pytest.mark.parametrize("quantity", ["999999999999999999", "0.000001", "1.000000", "007"])
def test_a_quantity_within_the_limits_is_kept_as_it_is(shop: Shop, quantity: str) -> None:
    assert shop.order(f"customer: C1\nlines:\n  - {{sku: P-1, quantity: '{quantity}', price: 0.01}}\n").code == 0
    (line,) = _last(shop).postings
    assert line.meta["qty"] == Decimal(quantity)


@pytest.mark.parametrize("price", ["0.000001", "12.345678", "999999999999999999.999999"])
def test_a_price_keeps_six_decimals(shop: Shop, price: str) -> None:
    assert shop.order(f"customer: C1\nlines:\n  - {{sku: P-1, quantity: 1, price: '{price}'}}\n").code == 0
    assert _last(shop).postings[0].meta["unit-price"].number == Decimal(price)


@pytest.mark.parametrize(
    ("amount", "unit"), [("10.005", "EUR"), ("10.001", "USD"), ("100.5", "JPY"), ("100.50", "JPY")]
)
def test_fractions_of_the_smallest_unit_are_refused(shop: Shop, amount: str, unit: str) -> None:
    customer = {"EUR": "C1", "USD": "US1", "JPY": "JP1"}[unit]
    assert "decimals" in shop.refused("receipt", customer, f"{amount} {unit}")


@pytest.mark.parametrize(
    ("amount", "unit", "stored"), [("10.00", "JPY", "10"), ("10", "EUR", "10.00"), ("0010.5", "EUR", "10.50")]
)
def test_zeros_behind_or_before_do_not_matter(shop: Shop, amount: str, unit: str, stored: str) -> None:
    shop.did("receipt", {"EUR": "C1", "JPY": "JP1"}[unit], f"{amount} {unit}")
    assert f"{stored} {unit}" in shop.journal.read_text().split("Receipt RC-2026-0002")[1]


def _last(shop: Shop) -> Transaction:
    return [entry for entry in shop.loaded() if isinstance(entry, Transaction)][-1]
