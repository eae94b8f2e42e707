"""Who did two things of one chain that two persons should do."""

from __future__ import annotations

from beancount.parser import parser

from o2c.model.duties import conflicts
from o2c.model.duties import of_roles
from o2c.model.duties import summaries
from o2c.model.facts import Facts

BOOKS = """
2026-01-07 * "Acme" "Order" #order
  doc-type: "order"
  doc-id: "SO-1"
  customer: "C1"
  by: "anna"
  Equity:Orders  0.00 EUR
    line: 1

2026-01-08 * "Acme" "Delivery" #delivery
  doc-type: "delivery"
  doc-id: "DN-1"
  customer: "C1"
  refers: "SO-1"
  by: "bernd"
  Equity:Orders  0.00 EUR
    line: 1
    order: "SO-1"

2026-01-09 * "Acme" "Invoice" #invoice
  doc-type: "invoice"
  doc-id: "INV-1"
  customer: "C1"
  refers: "SO-1"
  by: "clara"
  Assets:AR:C1  119.00 EUR
    item: "INV-1"
  Income:Sales  -119.00 EUR

2026-01-20 * "Acme" "Receipt" #receipt
  doc-type: "receipt"
  doc-id: "RC-1"
  customer: "C1"
  by: "dirk"
  Assets:Bank  100.00 EUR
  Assets:AR:C1  -100.00 EUR
    item: "INV-1"

2026-01-21 * "Acme" "Write-off" #write-off
  doc-type: "write-off"
  doc-id: "WO-1"
  customer: "C1"
  by: "emil"
  Assets:AR:C1  -19.00 EUR
    item: "INV-1"
  Expenses:Bad-Debt  19.00 EUR

2026-01-07 note Assets:AR:C1 "Order confirmed" #order-confirmed
  subject: "SO-1"
  prices-accepted: TRUE
  by: "petra"

2026-01-06 custom "o2c-limit" "C1" 1000.00 EUR
  by: "frieda"

2026-02-01 custom "o2c-close" "2026-01" 2026-01-31 "closed"
  by: "gerd"
"""


def _said(text: str) -> list[str]:
    return [str(one) for one in summaries(conflicts(Facts(parser.parse_string(text)[0])))]


def test_seven_persons_who_do_one_thing_each_have_no_conflict() -> None:
    assert _said(BOOKS) == []


def test_each_pair_of_the_matrix_is_found_when_one_person_does_both() -> None:
    pairs = {
        ("bernd", "anna"): "anna did order and delivery (SO-1, DN-1)",
        ("dirk", "clara"): "clara did invoice and receipt (INV-1, RC-1)",
        ("emil", "dirk"): "dirk did receipt and write-off (RC-1, WO-1)",
        ("petra", "anna"): "anna did order and accepting prices (SO-1, SO-1)",
        ("frieda", "anna"): "anna did order and credit limit (SO-1, C1)",
        ("gerd", "clara"): "clara did posting and closing (INV-1, 2026-01)",
    }
    for (one, other), said in pairs.items():
        assert said in _said(BOOKS.replace(f'by: "{one}"', f'by: "{other}"')), (one, other)


def test_a_credit_note_by_the_one_who_invoiced_is_found() -> None:
    note = BOOKS.split("\n\n")[2].replace('"invoice"', '"credit-note"').replace("INV-1", "CN-1")
    text = BOOKS + "\n" + note.replace('refers: "SO-1"', 'refers: "INV-1"').replace("2026-01-09", "2026-01-30")
    assert "clara did invoice and credit-note (INV-1, CN-1)" in _said(text)


def test_a_plain_confirmation_is_no_conflict_and_entries_without_a_name_tell_nothing() -> None:
    assert _said(BOOKS.replace("  prices-accepted: TRUE\n", "").replace('by: "petra"', 'by: "anna"')) == []
    nameless = "\n".join(line for line in BOOKS.splitlines() if not line.startswith("  by:"))
    assert _said(nameless) == []


def test_often_the_same_is_said_once_with_its_number() -> None:
    twice = BOOKS + BOOKS.split("\n\n")[1].replace("DN-1", "DN-2") + "\n"
    assert "anna did order and delivery 2 times (SO-1, DN-2)" in _said(twice.replace('by: "bernd"', 'by: "anna"'))


def test_roles_that_should_be_apart_are_named() -> None:
    users = {"meral": ("master-data", "accounting", "orders"), "petra": ("approvals",), "olga": ("approvals", "cash")}
    assert [str(one) for one in summaries(of_roles(users))] == [
        "meral did master-data and orders (role master-data, role orders)",
        "olga did approvals and cash (role approvals, role cash)",
    ]
