"""Audit trail and approvals: who did what, when and why, what it changed, and who approved it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from o2c.reports import approvals
from o2c.reports import audit_trail
from o2c.reports import explaining
from tests.reports import entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books

    Make = Callable[[str], Books]

END = date(2026, 3, 31)
ORDER = """
2026-03-02 * "Customer" "Order" #order
  doc-type: "order"
  doc-id: "SO-1"
  customer: "C1"
  currency: "EUR"
  version: {version}
  by: "ann"
  at: "2026-03-02T0{version}:00:00Z"
  why: "asked for"
  Equity:Orders  0.00 EUR
    line: 1
    text: "Lamp"
    qty: 1
    unit-price: {net} EUR
    net: {net} EUR
"""
LIMITS = """
2026-02-01 custom "o2c-limit" "C1" 100.00 EUR
  by: "bob"

2026-03-05 custom "o2c-limit" "C1" 250.00 EUR
  by: "ann"
  why: "grows"
  proposal: "PR-2026-0001"
  approved-by: "eve"

2026-03-06 custom "o2c-limit" "C1" 0.00 EUR
  kind: "blocked"
  by: "bob"

2026-03-04 custom "o2c-approval" "PR-2026-0001" "sha256:00"
  subject: "PR-2026-0001"
  by: "eve"
"""
EVENTS = """
2026-03-03 note Assets:AR:C1 "Confirmed" #order-confirmed
  subject: "SO-1"
  version: 2
  prices-accepted: TRUE
  by: "cem"
  why: "agreed by telephone"

2026-03-04 note Assets:AR:C1 "Held" #order-held
  subject: "SO-1"
  by: "cem"
"""
BY_HAND = """
2026-03-20 * "Somebody" "By hand"
  Assets:AR:C1  5.00 EUR
    item: "X"
  Income:Sales
"""


def test_the_trail_says_who_when_what_why_and_from_what_to_what(books: Make) -> None:
    made = books(ORDER.format(version=1, net="10.00") + ORDER.format(version=2, net="12.00") + EVENTS + LIMITS)
    rows = audit_trail.report(made, END).rows
    assert [(row["what"], row["subject"], row["by"], row["from"], row["to"]) for row in rows] == [
        ("order", "SO-1", "ann", "", ""),
        ("order", "SO-1", "ann", "version 1: 10.00 EUR net", "version 2: 12.00 EUR net"),
        ("order-confirmed", "SO-1", "cem", "draft", "confirmed"),
        ("order-held", "SO-1", "cem", "confirmed", "held"),
        ("o2c-approval", "PR-2026-0001", "eve", "", ""),
        ("o2c-limit", "C1", "ann", "permanent 100.00 EUR", "permanent 250.00 EUR"),
        ("o2c-limit", "C1", "bob", "", "blocked"),
    ]
    assert (rows[0]["recorded"], rows[0]["why"], rows[0]["amount"]) == ("2026-03-02T01:00:00Z", "asked for", 10)
    assert rows[0]["source"] == "<string>:2"


def test_decisions_and_overrides_stand_with_who_approved_them(books: Make) -> None:
    made = books(ORDER.format(version=1, net="10.00") + ORDER.format(version=2, net="12.00") + EVENTS + LIMITS)
    rows = approvals.report(made, END).rows
    assert [(row["kind"], row["by"], row["approved_by"], row["approved_on"], row["separate"]) for row in rows] == [
        ("price-override", "cem", "", "", ""),
        ("approval", "eve", "", "", ""),
        ("limit", "ann", "eve", date(2026, 3, 4), True),
        ("block", "bob", "", "", ""),
    ]


def test_periods_reopened_and_sealed_show_what_they_were_before(books: Make) -> None:
    made = books("""
2026-03-02 custom "o2c-close" "2026-02" 2026-02-28 "closed"
  seal: "sha256:00"
  by: "ann"

2026-03-09 custom "o2c-close" "2026-02" 2026-02-28 "open"
  by: "ann"
  why: "the auditor asked"
""")
    rows = audit_trail.report(made, END).rows
    assert [(row["from"], row["to"]) for row in rows] == [("open", "sealed"), ("sealed", "open")]
    assert [(row["kind"], row["why"]) for row in approvals.report(made, END).rows] == [("reopen", "the auditor asked")]


def test_only_the_days_asked_for_and_only_the_customer_asked_for(books: Make) -> None:
    made = books(ORDER.format(version=1, net="10.00") + LIMITS + BY_HAND)
    assert [row["what"] for row in audit_trail.report(made, date(2026, 3, 2)).rows] == ["order"]
    march = {"since": date(2026, 3, 1), "until": END}
    whose = [row["customer"] for row in audit_trail.report(made, END, customer="C1", **march).rows]
    assert whose == ["C1", "C1", "C1", "C1"]


def test_what_was_entered_by_hand_on_a_customers_account_is_in_the_trail(books: Make) -> None:
    (row,) = audit_trail.report(books(BY_HAND), END).rows
    assert (row["what"], row["customer"], row["amount"], row["source"]) == ("by hand", "C1", 5, "<string>:2")


def test_what_a_lot_puts_back_is_no_part_of_the_amount_of_an_allocation(books: Make) -> None:
    """60 USD of a receipt are used for an item of 100 USD, whose lot is taken out whole and put back with 40."""
    text = entries.doc(
        "invoice", "INV-1", "2026-01-01",
        'Assets:AR:C1  100.00 USD {{90.00 EUR, "INV-1"}};  item: "INV-1";Income:Sales  -90.00 EUR',
        currency="USD",
    ) + entries.doc(
        "allocation", "AL-1", "2026-03-05",
        'Liabilities:Customer-Deposits:C1  60.00 USD;  item: "RC-1";'
        'Assets:AR:C1  -100.00 USD {"INV-1"};  item: "INV-1";'
        'Assets:AR:C1  40.00 USD {{36.00 EUR, "INV-1"}};  item: "INV-1"',
        currency="USD",
    )  # fmt: skip
    made = books(text)
    (row,) = audit_trail.report(made, END).rows
    assert (row["subject"], row["amount"], row["currency"]) == ("AL-1", 60, "USD")
    _, part = explaining.explain(made, "audit-trail", END, words=["AL-1"], column="amount")
    assert part.value == 60
