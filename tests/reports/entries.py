"""Ledger text for the tests of reports: documents in a line each."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books

    Make = Callable[[str], Books]


def doc(
    doc_type: str, doc_id: str, day: str, postings: str, *, customer: str = "C1", currency: str = "EUR", **facts: str
) -> str:
    """Write a document; `postings` are separated by `;`, `facts` are further header lines (texts in quotes)."""
    body = "".join(f"  {posting.strip()}\n" for posting in postings.split(";"))
    told = "".join(f"  {key.replace('_', '-')}: {value}\n" for key, value in facts.items() if value)
    return f"""
{day} * "Customer {customer}" "{doc_type}"
  doc-type: "{doc_type}"
  doc-id: "{doc_id}"
  customer: "{customer}"
  currency: "{currency}"
{told}{body}"""


def moved(item: str, amount: str, customer: str = "C1", currency: str = "EUR", *, is_credit: bool = False) -> str:
    """Write a posting on an item."""
    account = f"Liabilities:Customer-Deposits:{customer}" if is_credit else f"Assets:AR:{customer}"
    return f'{account}  {Decimal(amount)} {currency};  item: "{item}"'


def sold(doc_id: str, day: str, amount: str, *, due: str = "", customer: str = "C1", currency: str = "EUR") -> str:
    """Write an invoice."""
    postings = f"{moved(doc_id, amount, customer, currency)};Income:Sales  {-Decimal(amount)} {currency}"
    return doc("invoice", doc_id, day, postings, customer=customer, currency=currency, due=due)


def paid(doc_id: str, day: str, amount: str, item: str = "", *, customer: str = "C1", currency: str = "EUR") -> str:
    """Write a receipt for an item, or on account."""
    less = f"-{amount}"
    posting = moved(item, less, customer, currency) if item else moved(doc_id, less, customer, currency, is_credit=True)
    return doc(
        "receipt", doc_id, day, f"Assets:Bank  {amount} {currency};{posting}", customer=customer, currency=currency
    )


def allocated(doc_id: str, day: str, amount: str, credit: str, item: str, customer: str = "C1") -> str:
    """Write an allocation of a credit to an item."""
    postings = f"{moved(credit, amount, customer, is_credit=True)};{moved(item, f'-{amount}', customer)}"
    return doc("allocation", doc_id, day, postings, customer=customer)


def taken_back(doc_id: str, day: str, amount: str, of: str, credit: str, item: str) -> str:
    """Write an allocation that takes back what a document applied."""
    postings = f"{moved(credit, f'-{amount}', is_credit=True)};{moved(item, amount)}"
    return doc("allocation", doc_id, day, postings, refers=f'"{of}"', undoes="TRUE")


def bounced(doc_id: str, day: str, amount: str, of: str, item: str) -> str:
    """Write the reversal of a receipt."""
    postings = f"Assets:Bank  -{amount} EUR;{moved(item, amount)}"
    return doc("reversal", doc_id, day, postings, refers=f'"{of}"', reverses='"receipt"')


def credited(doc_id: str, day: str, amount: str, invoice: str, *, reason: str = "", customer: str = "C1") -> str:
    """Write a credit note that lowers what is open of its invoice."""
    told = f'"{reason}"' if reason else ""
    postings = f"{moved(invoice, f'-{amount}', customer)};Income:Sales  {amount} EUR"
    return doc("credit-note", doc_id, day, postings, customer=customer, refers=f'"{invoice}"', reason=told)


def written_off(doc_id: str, day: str, amount: str, item: str, reason: str = "bad-debt") -> str:
    """Write a write-off."""
    postings = f"{moved(item, f'-{amount}')};Expenses:Bad-Debt  {amount} EUR"
    return doc("write-off", doc_id, day, postings, refers=f'"{item}"', reason=f'"{reason}"')


def noted(kind: str, day: str, subject: str, customer: str = "C1", **facts: str) -> str:
    """Write a note about a document or item."""
    told = "".join(f"  {key}: {value}\n" for key, value in facts.items())
    return f'\n{day} note Assets:AR:{customer} "{kind}" #{kind}\n  subject: "{subject}"\n{told}'
