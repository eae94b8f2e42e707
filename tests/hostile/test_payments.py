"""H32, H33: a payment is exact, short, over, double, for the wrong item or in the wrong money; nothing is lost."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.faults.small_shop import Shop

INVOICE = "INV-2026-0001"
DOLLARS = "INV-2026-0002"


def _open(shop: Shop) -> dict[tuple[str, str], str]:
    """Give what is open by item and currency, from the report."""
    rows = csv.DictReader(io.StringIO(shop.did("report", "open-items", "--format", "csv", "--as-of", "2026-12-31")))
    return {(row["item"], row["currency"]): row["open"] for row in rows}


START = {(INVOICE, "EUR"): "119.00", (DOLLARS, "USD"): "120.00", ("RC-2026-0001", "EUR"): "-50.00"}


@pytest.mark.parametrize(
    ("amount", "applied", "left"),
    [
        ("119.00", "", {}),
        ("118.99", "", {(INVOICE, "EUR"): "0.01"}),
        ("119.01", "", {("RC-2026-0002", "EUR"): "-0.01"}),
        ("100.00", "", {(INVOICE, "EUR"): "19.00"}),
        ("0.01", "", {(INVOICE, "EUR"): "118.99"}),
        ("200.00", "", {("RC-2026-0002", "EUR"): "-81.00"}),
        ("200.00", "=19.00", {(INVOICE, "EUR"): "100.00", ("RC-2026-0002", "EUR"): "-181.00"}),
    ],
)
def test_a_payment_settles_what_it_can_and_the_rest_stays_in_sight(
    shop: Shop, amount: str, applied: str, left: dict[tuple[str, str], str]
) -> None:
    assert _open(shop) == START
    shop.did("receipt", "C1", f"{amount} EUR", "--apply", INVOICE + applied)
    rest = {key: value for key, value in START.items() if key != (INVOICE, "EUR")}
    assert _open(shop) == {**rest, **left}
    moved = sum(Decimal(value) for (_, unit), value in _open(shop).items() if unit == "EUR")
    assert moved == Decimal("69.00") - Decimal(amount), "every cent of the payment is somewhere"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("receipt", "C1", "200.00 EUR", "--apply", f"{INVOICE}=119.01"), "119.00 EUR"),
        (("receipt", "C1", "100.00 EUR", "--apply", f"{INVOICE}=100.01"), "more than"),
        (("receipt", "C1", "100.00 EUR", "--apply", f"{INVOICE}=60", "--apply", f"{INVOICE}=60"), INVOICE),
        (("receipt", "C2", "119.00 EUR", "--apply", INVOICE), "belongs to C1"),
        (("receipt", "C1", "119.00 EUR", "--apply", INVOICE, "--date", "2026-03-01"), "dated 2026-03-02"),
        (("receipt", "C1", "119.00 EUR", "--apply", "INV-2026-9999"), "there is no item"),
        (("receipt", "C1", "119.00 EUR", "--apply", "RC-2026-0001"), "is a credit"),
        (("receipt", "C1", "119.00 EUR", "--apply", "SO-2026-0001"), "there is no item"),
        (("receipt", "C9", "119.00 EUR"), "C9"),
        # money of another kind (H32)
        (("receipt", "C1", "119.00 USD", "--apply", INVOICE), "never netted"),
        (("receipt", "US1", "120.00 EUR", "--apply", DOLLARS), "never netted"),
        (("receipt", "C1", "119.00 eur"), "not a currency code"),
        (("receipt", "C1", "119.00 EURO"), "EURO"),
        (("receipt", "C1", "119.00 €"), "not a currency code"),
        (("receipt", "C1", "119.00 GBP"), "GBP"),
        (("receipt", "C1", "119.00", "EUR", "--apply", f"{INVOICE}=119.00 USD"), "USD"),
        (("receipt", "C1", "119.00 EUR", "--fee", "1.00 USD"), "USD"),
        (("receipt", "C1", "119.00 EUR", "--received", "100.00 EUR"), "EUR already"),
        (("receipt", "US1", "120.00 USD", "--received", "100.00 USD"), "USD"),
        (("receipt", "US1", "120.00 USD", "--date", "2025-12-31"), "price USD"),
        (("receipt", "C1", "119.00 EUR", "--fee", "119.00"), "fee"),
        (("allocate", "RC-2026-0001", DOLLARS), "US1"),
        (("allocate", "RC-2026-0001", INVOICE, "50.01"), "50.00 EUR left"),
        (("allocate", INVOICE, "RC-2026-0001"), "is no credit"),
        (("refund", "RC-2026-0001", "50.01 EUR"), "50.00 EUR left"),
        (("refund", "RC-2026-0001", "50.00 USD"), "USD"),
        (("refund", INVOICE, "1.00 EUR"), "is no credit"),
        (("write-off", INVOICE, "119.01 EUR", "--reason", "bad-debt"), "119.00 EUR"),
        (("write-off", INVOICE, "1.00 USD", "--reason", "bad-debt"), "USD"),
        (("write-off", INVOICE, "--reason", "price"), "for credit notes"),
        (("unallocate", INVOICE), INVOICE),
        (("reverse", "SO-2026-0001", "--reason", "x"), "order cancel"),
    ],
)
def test_money_that_does_not_fit_is_refused_with_the_reason(shop: Shop, command: tuple[str, ...], says: str) -> None:
    assert says in shop.refused(*command)


def test_a_paid_invoice_cannot_be_paid_again(shop: Shop) -> None:
    shop.did("receipt", "C1", "119.00 EUR", "--apply", INVOICE)
    assert "is settled" in shop.refused("receipt", "C1", "119.00 EUR", "--apply", INVOICE, code=1)
    shop.did("receipt", "C1", "119.00 EUR")
    assert _open(shop)["RC-2026-0003", "EUR"] == "-119.00", "the second money is kept on account"


def test_a_payment_with_the_same_reference_is_refused_until_somebody_says_it_came_twice(shop: Shop) -> None:
    pay = ("receipt", "C1", "10.00 EUR", "--ref", "TRANSFER 1")
    shop.did(*pay)
    assert "RC-2026-0002" in shop.refused(*pay, code=1)
    shop.did(*pay, "--again")
    assert shop.numbers("receipt")[-2:] == ["RC-2026-0002", "RC-2026-0003"]


def test_a_reversed_invoice_cannot_be_paid(shop: Shop) -> None:
    shop.did("reverse", INVOICE, "--reason", "wrong customer")
    shop.refused("receipt", "C1", "119.00 EUR", "--apply", INVOICE, code=1)
    assert "was reversed by" in shop.refused("reverse", INVOICE, "--reason", "again", code=1)
    shop.refused("credit-note", "create", INVOICE, "--reason", "price", "--full", code=1)


def test_a_payment_that_bounced_opens_the_invoice_again(shop: Shop) -> None:
    shop.did("receipt", "C1", "119.00 EUR", "--apply", INVOICE)
    assert "RC-2026-0002" in shop.refused("reverse", INVOICE, "--reason", "x", code=1)
    shop.did("reverse", "RC-2026-0002", "--reason", "returned by the bank")
    assert _open(shop) == START


def test_a_number_that_two_currencies_share_is_paid_only_in_its_own(shop: Shop) -> None:
    """By hand, one item name in two currencies on one account: never added, never confused."""
    (shop.root / "manual" / "two.beancount").write_text(
        '2026-03-02 * "both"\n'
        '  Assets:AR:C1  70.00 EUR\n    item: "X-1"\n  Income:Sales  -70.00 EUR\n'
        '  Assets:AR:C1  80.00 USD\n    item: "X-1"\n  Income:Sales  -80.00 USD\n'
    )
    shop.did("receipt", "C1", "70.00 EUR", "--apply", "X-1")
    found = _open(shop)
    assert ("X-1", "EUR") not in found
    assert found["X-1", "USD"] == "80.00"


@pytest.mark.parametrize("key", ["k-1"])
def test_a_key_binds_amount_and_item(shop: Shop, key: str) -> None:
    shop.did("receipt", "C1", "10.00 EUR", "--apply", INVOICE, "--key", key)
    assert "already done" in shop.did("receipt", "C1", "10.00 EUR", "--apply", INVOICE, "--key", key)
    for other in (
        ("receipt", "C1", "10.01 EUR", "--apply", INVOICE),
        ("receipt", "C2", "10.00 EUR"),
        ("receipt", "C1", "10.00 EUR"),
        ("refund", "RC-2026-0001", "10.00 EUR"),
        ("invoice", "create", "SO-2026-0002"),
    ):
        assert "RC-2026-0002" in shop.refused(*other, "--key", key, code=1)
