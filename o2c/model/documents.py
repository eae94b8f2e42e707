"""Documents, as the ledger holds them: orders, deliveries, invoices, credit notes, receipts and the rest.

A document is one transaction. Its postings have four roles: movements (amounts on open items), lines (what was
sold), taxes (one per tax code), and others (bank, expense, exchange difference). All amounts keep the sign of the
ledger: debit positive, credit negative.
"""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.model.findings import NOWHERE
from o2c.model.findings import Source

#: What further metadata may hold.
Value = str | Decimal | Amount | Date | bool
#: Further metadata, sorted by key.
Extra = tuple[tuple[str, Value], ...]
ZERO = Decimal(0)


class Act(NamedTuple):
    """Who made the entry, when (UTC, ISO text), why, and under which idempotency key."""

    by: str = ""
    at: str = ""
    why: str = ""
    key: str = ""
    request: str = ""


class Movement(NamedTuple):
    """An amount on an open item: a posting on a receivable or deposit account.

    `amount` in the currency of the item, debit positive. `carrying` is the amount in the currency of the books when
    the posting is held at cost (`{{920.00 EUR, "INV-1"}}`), else None; same sign as `amount`. `due` is given where
    the posting opens the item.
    """

    account: str
    item: str
    amount: Decimal
    currency: str
    due: Date | None = None
    carrying: Amount | None = None
    extra: Extra = ()


class Line(NamedTuple):
    """A line of a document: what, how many, at what price; `amount` is the posting (0 on orders, deliveries).

    `net` is the line's net in the document's currency, positive as the customer reads it, kept only where it differs
    from the posting (foreign currency, orders). `kind` is `item`, `allowance` or `charge` (EN 16931).
    """

    number: int
    account: str
    amount: Decimal
    currency: str
    sku: str = ""
    text: str = ""
    quantity: Decimal = ZERO
    unit: str = ""
    price: Amount | None = None
    discount: Decimal = ZERO
    tax_code: str = ""
    net: Amount | None = None
    kind: str = "item"
    order: str = ""
    order_line: int = 0
    delivery: str = ""
    extra: Extra = ()


class Tax(NamedTuple):
    """The tax of one code on a document: posting amount, base and rate (percent), EN 16931 category.

    `base` and `tax` are in the document's currency, positive as the customer reads them; `tax` is None where it is
    the posting itself.
    """

    account: str
    amount: Decimal
    currency: str
    code: str
    category: str
    base: Amount
    rate: Decimal
    reason: str = ""
    tax: Amount | None = None
    extra: Extra = ()


class Other(NamedTuple):
    """Any other posting: bank, expense, exchange difference; `total` is its value at a total price (`@@`)."""

    account: str
    amount: Decimal
    currency: str
    total: Amount | None = None
    extra: Extra = ()


class Document(NamedTuple):
    """One document.

    `due` is the due date when the document opens one item. `refers` names the document it corrects, reverses or
    fulfils (an invoice its order, a credit note its invoice). `reason` is a code from the policies. `version` counts
    amendments of an order, from 1.
    """

    doc_type: str
    doc_id: str
    date: Date
    customer: str
    currency: str
    payee: str
    narration: str
    movements: tuple[Movement, ...] = ()
    lines: tuple[Line, ...] = ()
    taxes: tuple[Tax, ...] = ()
    others: tuple[Other, ...] = ()
    due: Date | None = None
    terms: str = ""
    refers: str = ""
    reason: str = ""
    reference: str = ""
    version: int = 1
    act: Act = Act()
    links: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    extra: Extra = ()
    flag: str = "*"
    source: Source = NOWHERE

    def fact(self, key: str, default: Value = "") -> Value:
        """Look up further metadata by key."""
        return dict(self.extra).get(key, default)


class Event(NamedTuple):
    """Something that happened to a document or customer without money: confirmed, disputed, promised, sent.

    Written as a `note` on the customer's receivable account (kind = its tag) or as one of our `custom` directives
    (kind = its type, `values` = its values).
    """

    kind: str
    date: Date
    subject: str
    customer: str
    act: Act = Act()
    account: str = ""
    comment: str = ""
    values: tuple[Value, ...] = ()
    links: frozenset[str] = frozenset()
    extra: Extra = ()
    source: Source = NOWHERE


class Opening(NamedTuple):
    """The opening of an account on a day, for some currencies (none: all)."""

    account: str
    date: Date
    currencies: tuple[str, ...] = ()
    source: Source = NOWHERE


#: Everything the tool writes into a ledger.
Entry = Document | Event | Opening


def extra(**facts: Value) -> Extra:
    """Sort further metadata; keys are written with `_` for `-`, empty values are left out."""
    kept = {key.replace("_", "-"): value for key, value in facts.items() if value != ""}
    return tuple(sorted(kept.items()))
