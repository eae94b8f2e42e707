"""The words of the ledger format: document types, metadata keys, accounts, tags (see docs/ledger-format.md).

Only `reading`, `writing` and the checks know these words; everybody else works with documents.
"""

from __future__ import annotations

from typing import Final

RECEIVABLES: Final = "Assets:AR"
DEPOSITS: Final = "Liabilities:Customer-Deposits"

ORDER: Final = "order"
DELIVERY: Final = "delivery"
INVOICE: Final = "invoice"
DEPOSIT_INVOICE: Final = "deposit-invoice"
CREDIT_NOTE: Final = "credit-note"
RECEIPT: Final = "receipt"
ALLOCATION: Final = "allocation"
REVERSAL: Final = "reversal"
REFUND: Final = "refund"
WRITE_OFF: Final = "write-off"
OPENING_ITEM: Final = "opening-item"
RETURN: Final = "return"
FEE: Final = "fee"
REVALUATION: Final = "revaluation"
ACCRUAL: Final = "accrual"
ALLOWANCE: Final = "allowance"

DOCUMENT_TYPES: Final = (
    ORDER,
    DELIVERY,
    RETURN,
    INVOICE,
    DEPOSIT_INVOICE,
    CREDIT_NOTE,
    RECEIPT,
    ALLOCATION,
    REVERSAL,
    REFUND,
    WRITE_OFF,
    OPENING_ITEM,
    FEE,
    REVALUATION,
    ACCRUAL,
    ALLOWANCE,
)

#: Documents whose posting lines carry no money: they say what was agreed or handed over.
MEMO_TYPES: Final = frozenset({ORDER, DELIVERY, RETURN})

#: Documents that count as sales in DSO and turnover.
SALES_TYPES: Final = frozenset({INVOICE, CREDIT_NOTE})

#: What happens to a document without money moving; each is a `note` with a tag of this name.
EVENTS: Final = (
    "order-confirmed",
    "order-held",
    "order-released",
    "order-cancelled",
    "credit-warned",
    "dispute-opened",
    "dispute-resolved",
    "promise",
    "reminder",
    "dunning-blocked",
    "dunning-unblocked",
    "issued",
    "sent",
    "remark",
)

#: `custom` directives of ours: dated facts that belong to no account.
CUSTOMS: Final = ("o2c-limit", "o2c-close", "o2c-void", "o2c-approval", "o2c-allowance", "o2c-sign-off")

#: The heads of a proposal and of its lines; they stand in the files of `proposals/`, never in the books.
PROPOSAL: Final = "o2c-proposal"
PROPOSAL_LINE: Final = "o2c-proposal-line"
APPROVAL: Final = "o2c-approval"


def receivable(customer: str) -> str:
    """Name the account with the debit items of a customer."""
    return f"{RECEIVABLES}:{customer}"


def deposit(customer: str) -> str:
    """Name the account with the money we owe a customer: receipts on account, credits not used yet."""
    return f"{DEPOSITS}:{customer}"


_PREFIXES: Final = (RECEIVABLES + ":", DEPOSITS + ":")


def customer_of(account: str) -> str:
    """Name the customer whose items stand on this account; empty for every other account."""
    if account.startswith(_PREFIXES):
        return account.rsplit(":", 1)[1] if account.count(":") == 2 else ""
    return ""


def is_item_account(account: str) -> bool:
    """Tell whether postings on this account belong to open items."""
    return account.startswith(_PREFIXES)
