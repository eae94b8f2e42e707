"""What needs a second person: amounts per kind, summed per customer and calendar month, so that splitting is no way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount.core.amount import Amount

from o2c import books
from o2c.books.index.months import done
from o2c.model.approvals import kind_of
from o2c.model.documents import Event
from o2c.proposals.needed import weighed
from tests.proposals.ask import FIRST
from tests.proposals.ask import bob

if TYPE_CHECKING:
    from tests.faults.small_shop import Shop

WRITE_OFF = ("write-off", "INV-2026-0001")
FOR = ("--reason", "bad-debt")


def _waits(shop: Shop, *command: str) -> str:
    """Run a command that must become a proposal; give what it said."""
    journal = shop.journal.read_bytes()
    answer = shop.run(*command)
    assert answer.code == 1, answer
    assert "needs approval by" in answer.err
    assert shop.journal.read_bytes() == journal
    return answer.err


def test_splitting_does_not_help(shop: Shop) -> None:
    shop.did(*WRITE_OFF, "60.00", *FOR)
    shop.did(*WRITE_OFF, "40.00", *FOR)
    assert "write-off over 100.00 EUR for C1 in 2026-03" in _waits(shop, *WRITE_OFF, "0.01", *FOR)


def test_splitting_over_invoices_and_backwards_in_time_does_not_help_either(shop: Shop) -> None:
    shop.did("write-off", "INV-2026-0002", "60.00", *FOR, "--date", "2026-03-20")
    _waits(shop, "write-off", "INV-2026-0003", "60.00", *FOR, "--date", "2026-03-03")


def test_another_month_and_another_customer_have_their_own_sum(shop: Shop) -> None:
    shop.did(*WRITE_OFF, "60.00", *FOR)
    shop.did(*WRITE_OFF, "50.00", *FOR, "--date", "2026-04-01")
    shop.order("{customer: C2, lines: [{sku: P-1, quantity: 10}]}", "--confirm")
    shop.did("deliver", "--all")
    shop.did("invoice", "create", "SO-2026-0004")
    shop.did("write-off", "INV-2026-0004", "60.00", *FOR)


def test_what_was_approved_does_not_count_and_what_was_reversed_neither(shop: Shop) -> None:
    _waits(shop, *WRITE_OFF, *FOR)
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    shop.did("write-off", "INV-2026-0002", "100.00", *FOR)
    _waits(shop, "write-off", "INV-2026-0003", "0.01", *FOR)
    shop.did("reverse", "WO-2026-0002", "--reason", "wrong")
    shop.did("write-off", "INV-2026-0003", "100.00", *FOR)


def test_before_the_first_day_of_the_policy_nothing_is_asked(shop: Shop) -> None:
    policies = shop.root / "master" / "policies.yaml"
    policies.write_text(policies.read_text().replace("since: 2026-03-01", "since: 2026-03-10"))
    shop.did(*WRITE_OFF, *FOR)
    _waits(shop, "write-off", "INV-2026-0002", *FOR, "--date", "2026-03-10")


def test_a_date_before_the_policy_does_not_help_once_it_is_in_force(shop: Shop) -> None:
    policies = shop.root / "master" / "policies.yaml"
    policies.write_text(policies.read_text().replace("since: 2026-03-01", "since: 2026-03-10"))
    _waits(shop, "--now", "2026-03-12T09:00:00Z", *WRITE_OFF, *FOR, "--date", "2026-03-09")


def test_a_credit_note_over_the_amount_waits_and_its_posting_credits_the_invoice(shop: Shop) -> None:
    shop.did("credit-note", "create", "INV-2026-0001", "--reason", "return", "--full")
    said = _waits(shop, "credit-note", "create", "INV-2026-0002", "--reason", "return", "--line", "1=3")
    assert "credit-note over 150.00 EUR for C1 in 2026-03" in said
    bob(shop, "proposal", "approve", FIRST)
    assert shop.did("proposal", "post", FIRST).startswith("CN-2026-0002  credit-note")
    shop.did("check")


def test_a_credit_note_dated_ahead_is_neither_proposed_nor_posted_from_a_proposal(shop: Shop) -> None:
    shop.did("credit-note", "create", "INV-2026-0001", "--reason", "return", "--full")
    more = ("credit-note", "create", "INV-2026-0002", "--reason", "return", "--line", "1=3")
    assert "after today" in shop.refused(*more, "--date", "2026-12-30")
    _waits(shop, *more)
    bob(shop, "proposal", "approve", FIRST)
    said = shop.refused("--today", "2026-03-01", "proposal", "post", FIRST, "--date", "2026-03-05")
    assert "would be dated 2026-03-02, after today (2026-03-01)" in said
    assert "credit-note" in shop.did("proposal", "post", FIRST)


def test_a_refund_over_the_amount_waits(shop: Shop) -> None:
    shop.did("receipt", "C1", "100.00 EUR")
    shop.did("refund", "RC-2026-0001", "50.00 EUR")
    assert "refund over 50.00 EUR for C1" in _waits(shop, "refund", "RC-2026-0001", "0.01 EUR")
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    shop.did("check")


def test_matching_by_hand_over_the_amount_waits_and_taking_it_back_does_not(shop: Shop) -> None:
    shop.did("receipt", "C1", "200.00 EUR")
    shop.did("allocate", "RC-2026-0001", "INV-2026-0001", "60.00")
    assert "manual-match over 60.00 EUR for C1" in _waits(shop, "allocate", "RC-2026-0001", "INV-2026-0001", "1.00")
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    shop.did("unallocate", "AL-2026-0001")
    shop.did("check")


def test_accepting_other_prices_over_the_amount_waits(shop: Shop) -> None:
    """Ten lamps for 9.40 EUR in place of 10.00 EUR give 6.00 EUR away; for 9.50 EUR it is 5.00 EUR, which is free."""
    for price in ("9.50", "9.40"):
        shop.order(f"{{customer: C1, date: 2026-03-02, lines: [{{sku: P-1, quantity: 10, price: {price}}}]}}")
    policies = shop.root / "master" / "policies.yaml"
    policies.write_text(policies.read_text().replace("price_tolerance: 0 ", "price_tolerance: 1 "))
    shop.did("order", "confirm", "SO-2026-0004", "--accept-prices")
    said = _waits(shop, "order", "confirm", "SO-2026-0005", "--accept-prices")
    assert "price-override over 5.00 EUR for C1" in said
    bob(shop, "proposal", "approve", FIRST)
    assert "order-confirmed" in shop.did("proposal", "post", FIRST)
    shop.did("deliver", "SO-2026-0005")
    shop.did("check")


def test_an_order_amended_after_its_proposal_is_not_confirmed_by_it(shop: Shop) -> None:
    shop.order("{customer: C1, date: 2026-03-02, lines: [{sku: P-1, quantity: 10, price: 1.00}]}")
    _waits(shop, "order", "confirm", "SO-2026-0004", "--accept-prices")
    file = shop.root.parent / "amended.yaml"
    file.write_text("{customer: C1, date: 2026-03-02, lines: [{sku: P-1, quantity: 90, price: 1.00}]}")
    shop.did("order", "amend", "SO-2026-0004", str(file))
    assert "is stale" in shop.refused("--user", "bob", "proposal", "approve", FIRST)


def test_the_sum_is_the_same_through_the_index_and_in_loaded_books(shop: Shop) -> None:
    shop.did(*WRITE_OFF, "60.00", *FOR)
    shop.did("write-off", "INV-2026-0002", "1.00", *FOR, "--date", "2026-04-01")
    days = (date(2026, 3, 1), date(2026, 3, 31))
    for opened in (books.opened(shop.root), books.opened(shop.root).about("SO-2026-0001"), books.load(shop.root)):
        found = weighed(opened, done(opened, ("write-off",), "C1", *days))
        assert [(one.kind, str(one.amount)) for one in found] == [("write-off", "60.00")]


@pytest.mark.parametrize("kind", ["limit", "release", "reopen"])
def test_acts_without_a_document_are_known_by_their_events(kind: str) -> None:
    day, amount = date(2026, 3, 2), Amount(Decimal(500), "EUR")
    events = {
        "limit": Event("o2c-limit", day, "", "", values=("C1", amount)),
        "release": Event("order-released", day, "SO-1", "C1", account="Assets:AR:C1", extra=(("amount", amount),)),
        "reopen": Event("o2c-close", day, "", "", values=("2026-02", day, "open")),
    }
    assert kind_of(events[kind]) == kind
