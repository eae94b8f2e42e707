"""A small month for the tests of the close: books in memory, with the accounts that the close posts to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.closing.at_end import AtEnd
from o2c.model.periods import period
from tests.cash.shop import Shop
from tests.cash.shop import load_master

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.master.allowance_policy import AllowancePolicy

ACCOUNTS = """
2026-01-01 open Assets:Accrued-Revenue
2026-01-01 open Assets:Revaluation
2026-01-01 open Assets:Allowance
2026-01-01 open Income:FX:Unrealised
2026-01-01 open Income:Services
2026-01-01 open Expenses:Impairment
2026-01-01 open Equity:Orders
"""


def shop(folder: Path, ledger: str, policy: AllowancePolicy | None = None) -> Shop:
    """Open a small company whose books hold this ledger."""
    folder.mkdir(exist_ok=True)
    known = load_master(folder)
    return Shop(replace(known, policies=replace(known.policies, allowance=policy)), ACCOUNTS + ledger)


def at_end(of: Shop, name: str = "2026-03") -> AtEnd:
    """Look at the books at the end of a month."""
    return AtEnd(of.books, period(name))


def write(of: Shop, text: str) -> None:
    """Write more into the books by hand."""
    of.text += text
    of.books = of._load()


def order(
    doc_id: str,
    quantity: str = "10",
    net: str = "100.00",
    day: str = "2026-03-02",
    currency: str = "EUR",
    customer: str = "C1",
) -> str:
    """Write an order of one line."""
    return f"""
{day} * "Customer {customer}" "Order {doc_id}" #order
  doc-type: "order"
  doc-id: "{doc_id}"
  customer: "{customer}"
  currency: "{currency}"
  Equity:Orders  0.00 EUR
    line: 1
    sku: "A1"
    text: "Lamp"
    qty: {quantity}
    unit-price: 10.00 {currency}
    net: {net} {currency}
    tax-code: "DE19"
"""


def delivery(
    doc_id: str, of: str, quantity: str, day: str = "2026-03-20", customer: str = "C1", kind: str = "delivery"
) -> str:
    """Write a delivery (or return) of the one line of an order."""
    return f"""
{day} * "Customer {customer}" "Delivery {doc_id}" #{kind}
  doc-type: "{kind}"
  doc-id: "{doc_id}"
  customer: "{customer}"
  currency: "EUR"
  Equity:Orders  0.00 EUR
    line: 1
    sku: "A1"
    qty: {quantity}
    order: "{of}"
    order-line: 1
"""


def invoice_of(
    doc_id: str, of: str, quantity: str, net: str, tax: str, day: str = "2026-03-25", supplied: str = ""
) -> str:
    """Write an invoice of the one line of an order."""
    gross = Decimal(net) + Decimal(tax)
    return f"""
{day} * "Customer C1" "Invoice {doc_id}" #invoice
  doc-type: "invoice"
  doc-id: "{doc_id}"
  customer: "C1"
  currency: "EUR"
  due: 2026-04-30
{f"  supplied: {supplied}{chr(10)}" if supplied else ""}  Assets:AR:C1  {gross} EUR
    item: "{doc_id}"
  Income:Sales  -{net} EUR
    line: 1
    sku: "A1"
    qty: {quantity}
    tax-code: "DE19"
    order: "{of}"
    order-line: 1
  Liabilities:VAT  -{tax} EUR
    tax-code: "DE19"
    tax-category: "S"
    tax-base: {net} EUR
    tax-rate: 19
"""


def credit_note(doc_id: str, of: str, order_id: str, quantity: str, net: str, tax: str, day: str = "2026-03-27") -> str:
    """Write a credit note over a quantity of the one line of an invoice."""
    return f"""
{day} * "Customer C1" "Credit note {doc_id}" #credit-note
  doc-type: "credit-note"
  doc-id: "{doc_id}"
  customer: "C1"
  currency: "EUR"
  refers: "{of}"
  Assets:AR:C1  -{Decimal(net) + Decimal(tax)} EUR
    item: "{of}"
  Income:Sales  {net} EUR
    line: 1
    sku: "A1"
    qty: {quantity}
    tax-code: "DE19"
    order: "{order_id}"
    order-line: 1
    invoice-line: 1
  Liabilities:VAT  {tax} EUR
    tax-code: "DE19"
    tax-category: "S"
    tax-base: {net} EUR
    tax-rate: 19
"""
