from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.cash.allocations import allocate
from o2c.cash.asked import Asked
from o2c.cash.bank import Terms
from o2c.cash.receipts import receipt
from o2c.cash.refunds import refund
from o2c.cash.reversals import reverse
from o2c.cash.unallocations import unallocate
from o2c.cash.write_offs import write_off
from o2c.errors import Refused
from tests.cash.shop import Shop
from tests.cash.shop import dollar_invoice
from tests.cash.shop import moved_in
from tests.cash.test_receipts import pay

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.cash.receipts import Payment

    Open = Callable[[str], Shop]

D = Decimal
FX = ("Income:FX:Realised", "EUR")
PRICES = "2026-03-01 price USD 0.93 EUR\n2026-03-10 price USD 0.89 EUR\n"


def dollars(amount: str, *uses: str, **more: object) -> Payment:
    return pay(amount, *uses, **{"customer": "US1", "currency": "USD", **more})


def test_realised_differences_follow_the_rates_of_the_receipts(shop: Open) -> None:
    """Definitions 10: USD 1000 at 0.90; 600 paid at 0.93 gain 18, 400 at 0.89 lose 4."""
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00") + PRICES)
    (doc,) = books.do(receipt, dollars("600.00", "INV-1"), on="2026-03-05")
    assert books.balances()[FX] == D("-18.00")
    assert (books.open("INV-1"), books.carrying("INV-1")) == (D("400.00"), D("360.00"))
    assert doc.fact("fx-rate") == D("0.93")
    books.do(receipt, dollars("400.00", "INV-1"), on="2026-03-10")
    assert books.balances()[FX] == D("-14.00")
    assert not books.open_items()
    assert books.balances()["Assets:Bank:Dollar", "USD"] == D("1000.00")


def test_what_the_bank_made_of_it_counts_where_it_changed_the_money(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00"))
    books.do(receipt, dollars("1000.00", "INV-1", terms=Terms(converted=D("940.00"))))
    assert books.balances()["Assets:Bank:Main", "EUR"] == D("940.00")
    assert books.balances()[FX] == D("-40.00")
    assert not books.open_items()


def test_fee_of_converted_money_is_in_the_currency_of_the_books(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00"))
    books.do(receipt, dollars("1000.00", "INV-1", terms=Terms(converted=D("880.00"), fee=D("15.00"))))
    assert books.balances()["Expenses:Bank-Fees", "EUR"] == D("15.00")
    assert books.balances()[FX] == D("5.00")


def test_fee_in_dollars_is_an_expense_at_the_days_rate(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00") + PRICES)
    books.do(receipt, dollars("1000.00", "INV-1", terms=Terms(fee=D("10.00"))))
    assert books.balances()["Assets:Bank:Dollar", "USD"] == D("990.00")
    assert books.balances()["Expenses:Bank-Fees", "EUR"] == D("9.30")
    assert books.balances()[FX] == D("-30.00")


def test_what_stays_on_account_is_carried_at_the_days_rate(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00") + PRICES)
    books.do(receipt, dollars("1100.00", "INV-1"))
    assert (books.open("RC-2026-0001"), books.carrying("RC-2026-0001")) == (D("-100.00"), D("-93.00"))


def test_thirds_of_a_cent_do_not_get_lost(shop: Open) -> None:
    """Three invoices of 1/3 each at a rate that does not divide; the entry is exactly zero and nothing is left."""
    ledger = (
        "".join(dollar_invoice(f"INV-{n}", "33.33", "30.01") for n in (1, 2, 3)) + "2026-03-01 price USD 0.9337 EUR\n"
    )
    books = shop(ledger)
    books.do(receipt, dollars("100.00", "INV-1", "INV-2", "INV-3"))
    assert books.open("RC-2026-0001") == D("-0.01")
    assert books.balances()[FX] == 3 * D("30.01") - D("93.37") - books.carrying("RC-2026-0001")


def test_without_a_rate_the_line_to_add_is_named(shop: Open) -> None:
    with pytest.raises(Refused, match=r"2026-03-05 price USD 0\.92 EUR"):
        shop(dollar_invoice("INV-1", "1000.00", "900.00")).do(receipt, dollars("1000.00", "INV-1"))


def test_rate_of_a_later_day_is_not_used(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00") + "2026-03-06 price USD 0.93 EUR\n")
    with pytest.raises(Refused, match="no rate for USD on 2026-03-05"):
        books.do(receipt, dollars("1000.00", "INV-1"))


def test_items_moved_in_without_a_rate_stay_foreign_amounts(shop: Open) -> None:
    books = shop(moved_in("OLD-1", "500.00", "USD", "US1"))
    with pytest.raises(Refused, match="moved in without a rate"):
        books.do(receipt, dollars("520.00", "OLD-1", terms=Terms(converted=D("500.00"))))
    books.do(receipt, dollars("520.00", "OLD-1"))
    assert books.open("RC-2026-0001") == D("-20.00")
    assert FX not in books.balances()


def test_items_with_and_without_a_rate_do_not_mix(shop: Open) -> None:
    books = shop(moved_in("OLD-1", "500.00", "USD", "US1") + dollar_invoice("INV-1", "1000.00", "900.00") + PRICES)
    with pytest.raises(Refused, match=r"OLD-1 was moved in without a rate.*separately"):
        books.do(receipt, dollars("700.00", "OLD-1", "INV-1"))
    books.do(receipt, dollars("700.00"))
    with pytest.raises(Refused, match="cannot settle each other"):
        books.do(allocate, "RC-2026-0001", "OLD-1")


def test_lot_is_not_changed_before_its_last_change(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00") + PRICES)
    books.do(receipt, dollars("100.00", "INV-1"), on="2026-03-20")
    with pytest.raises(Refused, match="use --date 2026-03-20 or later"):
        books.do(receipt, dollars("100.00", "INV-1"), on="2026-03-05")


def test_allocation_realises_the_difference_of_the_two_rates(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00") + PRICES)
    books.do(receipt, dollars("600.00"))
    books.do(allocate, "RC-2026-0001", "INV-1", Asked(D("200.00")))
    assert books.balances()[FX] == D("-6.00")
    assert books.carrying("RC-2026-0001") == D("-372.00")


def test_taking_back_restores_both_lots_and_the_difference(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00") + PRICES)
    books.do(receipt, dollars("600.00"))
    before, balances = books.open_items(), books.balances()
    books.do(allocate, "RC-2026-0001", "INV-1")
    books.do(unallocate, "AL-2026-0001")
    assert books.open_items() == before
    assert books.balances() == balances


def test_applied_receipt_goes_back_to_its_credit_at_its_own_rate(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00") + PRICES)
    books.do(receipt, dollars("600.00", "INV-1"))
    books.do(unallocate, "RC-2026-0001")
    assert books.carrying("INV-1") == D("900.00")
    assert (books.open("RC-2026-0001"), books.carrying("RC-2026-0001")) == (D("-600.00"), D("-558.00"))
    assert FX not in books.balances()


def test_bounced_receipt_leaves_nothing_even_after_it_was_taken_back(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00") + PRICES)
    before, balances = books.open_items(), books.balances()
    books.do(receipt, dollars("600.00", "INV-1"))
    books.do(unallocate, "RC-2026-0001")
    books.do(reverse, "RC-2026-0001")
    assert books.open_items() == before
    assert books.balances() == balances


def test_refund_pays_at_the_days_rate_and_realises_the_rest(shop: Open) -> None:
    books = shop(PRICES)
    books.do(receipt, dollars("100.00"), on="2026-03-05")
    books.do(refund, "RC-2026-0001", Asked(D("100.00")), on="2026-03-10")
    assert books.balances() == {FX: D("-4.00")}
    assert not books.open_items()


def test_refund_that_the_bank_changed_costs_what_the_bank_took(shop: Open) -> None:
    books = shop(PRICES)
    books.do(receipt, dollars("100.00"))
    books.do(refund, "RC-2026-0001", Asked(D("40.00")), Terms(converted=D("38.00")))
    assert books.balances()["Assets:Bank:Main", "EUR"] == D("-38.00")
    assert books.balances()[FX] == D("0.80")


def test_write_off_takes_the_carrying_amount_without_a_difference(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00") + PRICES)
    books.do(write_off, "INV-1", Asked(D("100.00")), "small")
    assert books.balances()["Expenses:Small", "EUR"] == D("90.00")
    assert FX not in books.balances()


def test_parent_pays_the_dollars_of_its_child(shop: Open) -> None:
    books = shop(dollar_invoice("INV-1", "1000.00", "900.00", customer="US2") + PRICES)
    before, balances = books.open_items(), books.balances()
    books.do(receipt, dollars("1000.00", "INV-1"))
    assert not books.open_items()
    assert books.balances()[FX] == D("-30.00")
    books.do(unallocate, "AL-2026-0001")
    books.do(reverse, "RC-2026-0001")
    assert books.open_items() == before
    assert books.balances() == balances
