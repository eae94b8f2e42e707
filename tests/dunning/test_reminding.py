"""What a reminder asks for, across currencies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from o2c.dunning.reminding import _less_credits
from o2c.model.findings import Source
from o2c.model.items import Item


def item(name: str, open_: str, currency: str) -> Item:
    day, amount = date(2026, 3, 1), Decimal(open_)
    kind = "invoice" if amount > 0 else "credit-note"
    source = Source("x", 1)
    return Item(name, "Assets:AR:C1", "C1", currency, name, kind, day, day, amount, amount, Decimal(0), "", source)


def test_a_credit_is_taken_off_in_its_own_currency_alone_and_one_that_covers_all_takes_the_currency_out() -> None:
    euros, dollars, francs = item("I1", "10.00", "EUR"), item("I2", "5.00", "USD"), item("I3", "7.00", "CHF")
    small, all_, other = item("N1", "-3.00", "EUR"), item("N2", "-5.00", "USD"), item("N3", "-9.00", "GBP")
    claimed, open_ = [euros, dollars, francs], [euros, dollars, francs, small, all_, other]
    assert _less_credits(claimed, open_) == (euros, francs, small)
    assert _less_credits([dollars], open_) == ()
