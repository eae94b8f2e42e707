from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.cash.receipts import receipt
from o2c.closing import revaluation
from o2c.closing.checklist import valuation
from o2c.errors import Refused
from tests.cash.shop import ACT
from tests.cash.shop import dollar_invoice
from tests.cash.shop import invoice
from tests.cash.shop import moved_in
from tests.cash.test_receipts import pay
from tests.closing.posting import document
from tests.closing.posting import post_parts
from tests.closing.small_month import at_end
from tests.closing.small_month import shop
from tests.closing.small_month import write

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.cash.receipts import Payment

D = Decimal
REALISED = ("Income:FX:Realised", "EUR")
UNREALISED = ("Income:FX:Unrealised", "EUR")
VALUE = "Assets:Revaluation"
RATES = "2026-03-31 price USD 0.92 EUR\n2026-04-08 price USD 0.93 EUR\n2026-04-20 price USD 0.89 EUR\n"


def dollars(amount: str, *uses: str) -> Payment:
    return pay(amount, *uses, customer="US1", currency="USD")


def test_the_exchange_vector_gives_every_figure_to_the_cent(tmp_path: Path) -> None:
    """Definitions 10: USD 1000 at 0.90, closing 0.92: +20 and reversed; 600 at 0.93: +18; 400 at 0.89: -4; total 14."""
    books = shop(tmp_path, dollar_invoice("INV-1", "1000.00", "900.00") + RATES)
    post_parts(books, revaluation.propose(at_end(books), ACT))
    march = at_end(books)
    assert (march.balance(VALUE), march.balance(UNREALISED[0])) == (D("20.00"), D("-20.00"))
    assert books.balances().get(UNREALISED) is None, "taken back on the first of April"
    assert books.carrying("INV-1") == D("900.00"), "the item keeps its invoice rate"
    books.do(receipt, dollars("600.00", "INV-1"), on="2026-04-08")
    assert books.balances()[REALISED] == D("-18.00")
    books.do(receipt, dollars("400.00", "INV-1"), on="2026-04-20")
    assert books.balances()[REALISED] == D("-14.00")
    assert books.balances().get(UNREALISED) is None
    assert not books.open_items()


def test_a_receipt_of_the_first_day_is_not_disturbed_by_a_revaluation_posted_after_it(tmp_path: Path) -> None:
    books = shop(tmp_path, dollar_invoice("INV-1", "1000.00", "900.00") + RATES)
    books.do(receipt, dollars("600.00", "INV-1"), on="2026-04-01")
    (part,) = revaluation.propose(at_end(books), ACT)
    assert document(part).others[0].amount == D("20.00"), "all of it was open on the last day"
    post_parts(books, [part])
    assert books.balances()[REALISED] == D("-12.00")
    assert books.balances().get(UNREALISED) is None


def test_what_is_posted_is_not_proposed_again_and_the_check_turns_green(tmp_path: Path) -> None:
    books = shop(tmp_path, dollar_invoice("INV-1", "1000.00", "900.00") + RATES)
    assert valuation.revaluation(at_end(books)).is_red
    post_parts(books, revaluation.propose(at_end(books), ACT))
    assert not valuation.revaluation(at_end(books)).is_red
    assert revaluation.propose(at_end(books), ACT) == []


def test_each_month_counts_from_the_invoice_rate_again(tmp_path: Path) -> None:
    books = shop(tmp_path, dollar_invoice("INV-1", "1000.00", "900.00") + RATES)
    post_parts(books, revaluation.propose(at_end(books), ACT))
    post_parts(books, revaluation.propose(at_end(books, "2026-04"), ACT))
    assert at_end(books, "2026-04").balance(VALUE) == D("-10.00")
    assert at_end(books).balance(VALUE) == D("20.00")


def test_a_lot_that_somebody_revalued_by_hand_is_not_counted_twice(tmp_path: Path) -> None:
    by_hand = """
2026-03-31 * "Customer US1" "Revaluation by hand" #revaluation
  doc-type: "revaluation"
  doc-id: "HAND-1"
  customer: "US1"
  currency: "USD"
  Assets:AR:US1  -1000.00 USD {"INV-1"}
    item: "INV-1"
  Assets:AR:US1  1000.00 USD {{920.00 EUR, "INV-1"}}
    item: "INV-1"
  Income:FX:Unrealised  -20.00 EUR
"""
    books = shop(tmp_path, dollar_invoice("INV-1", "1000.00", "900.00") + RATES + by_hand)
    assert revaluation.propose(at_end(books), ACT) == []
    assert not valuation.revaluation(at_end(books)).is_red
    books.do(receipt, dollars("1000.00", "INV-1"), on="2026-04-08")
    assert books.balances()[REALISED] == D("-10.00"), "from the last closing rate on"


def test_advances_own_currency_and_items_without_a_rate_are_left_alone(tmp_path: Path) -> None:
    ledger = invoice("INV-1", "119.00") + moved_in("OLD-1", "500.00", "USD", "US1")
    books = shop(tmp_path, ledger + "2026-03-01 price USD 0.90 EUR\n" + RATES)
    books.do(receipt, dollars("300.00"), on="2026-03-05")
    assert revaluation.propose(at_end(books), ACT) == []


def test_a_payment_that_comes_to_light_after_the_close_corrects_the_difference(tmp_path: Path) -> None:
    books = shop(tmp_path, dollar_invoice("INV-1", "1000.00", "900.00") + RATES)
    post_parts(books, revaluation.propose(at_end(books), ACT))
    books.do(receipt, dollars("1000.00", "INV-1"), on="2026-03-31")
    assert valuation.revaluation(at_end(books)).is_red
    (part,) = revaluation.propose(at_end(books), ACT)
    assert [other.amount for other in document(part).others] == [D("-20.00"), D("20.00")]
    post_parts(books, [part])
    assert not valuation.revaluation(at_end(books)).is_red


def test_without_a_rate_nothing_is_guessed(tmp_path: Path) -> None:
    books = shop(tmp_path, dollar_invoice("INV-1", "1000.00", "900.00"))
    with pytest.raises(Refused, match="no rate for USD on 2026-03-31; add a line like"):
        revaluation.propose(at_end(books), ACT)


def test_a_posting_without_an_item_on_the_revaluation_account_is_red(tmp_path: Path) -> None:
    books = shop(tmp_path, "")
    write(books, '\n2026-03-31 * "by hand"\n  Assets:Revaluation  5.00 EUR\n  Income:FX:Unrealised  -5.00 EUR\n')
    assert valuation.revaluation(at_end(books)).is_red
    assert revaluation.propose(at_end(books), ACT) == []


def test_an_account_that_opens_after_the_month_is_not_to_be_opened_a_second_time(tmp_path: Path) -> None:
    books = shop(tmp_path, "2026-04-01 open Assets:Late\n")
    with pytest.raises(Refused, match="Assets:Late is not open on 2026-03-31: it opens on 2026-04-01; date its"):
        at_end(books).require_open("Assets:Late")
    assert at_end(books, "2026-04").require_open("Assets:Late") == "Assets:Late"
