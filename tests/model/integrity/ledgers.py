"""Ledgers as an accountant or the tool would write them, and how the checks are asked about them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from beancount import loader

from o2c.model import integrity
from o2c.model.facts import Facts

if TYPE_CHECKING:
    from beancount.core import data

    from o2c.model.findings import Finding


OPEN = """
2026-01-01 open Assets:Bank
2026-01-01 open Assets:AR:C1
2026-01-01 open Assets:AR:C2
2026-01-01 open Assets:AR
2026-01-01 open Liabilities:Customer-Deposits:C1
2026-01-01 open Liabilities:Tax:DE19
2026-01-01 open Liabilities:Tax:DE07
2026-01-01 open Income:Sales
2026-01-01 open Income:FX
2026-01-01 open Expenses:Other
"""

INVOICE = """
2026-01-10 * "Acme" "Invoice INV-2026-0001" #invoice ^INV-2026-0001
  doc-type: "invoice"
  doc-id: "INV-2026-0001"
  customer: "C1"
  currency: "EUR"
  due: 2026-02-09
  Assets:AR:C1            226.00 EUR
    item: "INV-2026-0001"
  Income:Sales           -100.00 EUR
    line: 1
    qty: 10
    tax-code: "DE19"
  Income:Sales           -100.00 EUR
    line: 2
    qty: 1
    tax-code: "DE07"
  Liabilities:Tax:DE19    -19.00 EUR
    tax-code: "DE19"
    tax-base: 100.00 EUR
    tax-rate: 19
  Liabilities:Tax:DE07     -7.00 EUR
    tax-code: "DE07"
    tax-base: 100.00 EUR
    tax-rate: 7
"""

RECEIPT = """
2026-02-01 * "Acme" "Receipt RC-2026-0001" #receipt ^RC-2026-0001
  doc-type: "receipt"
  doc-id: "RC-2026-0001"
  customer: "C1"
  Assets:Bank             300.00 EUR
  Assets:AR:C1           -226.00 EUR
    item: "INV-2026-0001"
  Liabilities:Customer-Deposits:C1  -74.00 EUR
    item: "RC-2026-0001"
"""


def entries_of(*texts: str) -> data.Directives:
    """Load ledger text without the pickle cache; the errors of Beancount itself do not matter here."""
    entries, errors, _ = loader.load_string(OPEN + "\n".join(textwrap.dedent(text) for text in texts))
    syntax = [error for error in errors if type(error).__name__ in {"ParserError", "ParserSyntaxError"}]
    assert not syntax, syntax
    return entries


def quick(name: str, *texts: str) -> list[Finding]:
    findings = integrity.QUICK[name](integrity.sheet(entries_of(*texts)))
    assert all(finding.check == name and finding.source.line > 0 and finding.entry for finding in findings)
    return findings


def facts_of(*texts: str) -> Facts:
    return Facts(entries_of(*texts))


def only(findings: list[Finding]) -> str:
    assert len(findings) == 1, findings
    return findings[0].message


def by_hand(account: str = "Assets:AR:C1", meta: str = 'item: "X-1"', header: str = "") -> str:
    return f"""
2026-01-10 * "by hand"
  {header or 'note: "none"'}
  {account}  50.00 EUR
    {meta}
  Income:Sales
"""


CREDIT_NOTE = """
2026-01-20 * "Acme" "Credit note CN-2026-0001"
  doc-type: "credit-note"
  doc-id: "CN-2026-0001"
  customer: "C1"
  currency: "EUR"
  refers: "INV-2026-0001"
  Assets:AR:C1            -59.50 EUR
    item: "INV-2026-0001"
  Income:Sales             50.00 EUR
    line: 1
    qty: 5
    tax-code: "DE19"
    invoice-line: 1
  Liabilities:Tax:DE19      9.50 EUR
    tax-code: "DE19"
    tax-base: 50.00 EUR
    tax-rate: 19
"""


def invoice(number: str, day: str = "2026-01-10", doc_type: str = "invoice") -> str:
    text = INVOICE.replace("INV-2026-0001", number).replace("2026-01-10", day)
    return text.replace('doc-type: "invoice"', f'doc-type: "{doc_type}"')
