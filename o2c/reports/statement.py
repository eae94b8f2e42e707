"""The statement of a customer's account: the open items, or what happened in some days, with the balance."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.disputes import OPENED
from o2c.model.disputes import RESOLVED
from o2c.model.disputes import disputed
from o2c.model.money import ZERO
from o2c.reports import scope
from o2c.reports.places import place
from o2c.reports.selection import select
from o2c.reports.span import span
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.facts import Moved
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span
    from o2c.reports.table import Cell
    from o2c.reports.table import Row

OPEN_ITEMS = (
    Column("customer", "code"),
    Column("name", "text"),
    Column("item", "code"),
    Column("doc_type", "code"),
    Column("date", "date"),
    Column("due", "date"),
    Column("days_past_due", "count"),
    Column("currency", "code"),
    Column("original", "money"),
    Column("open", "money"),
    Column("disputed", "money"),
    Column("balance", "money"),
)
ACTIVITY = (
    Column("customer", "code"),
    Column("name", "text"),
    Column("date", "date"),
    Column("document", "code"),
    Column("doc_type", "code"),
    Column("reference", "text"),
    Column("currency", "code"),
    Column("debit", "money"),
    Column("credit", "money"),
    Column("balance", "money"),
)
BEGIN, END = "balance forward", "closing balance"
#: Movements of one account (customer and currency).
Account = tuple[str, str]


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Table:
    """Show what is open at the end of the day; with `since`, what happened from that day on.

    Open items are sorted by customer, currency and due date; `balance` runs from the oldest to the newest and ends at
    what the customer owes. Activity begins with the balance forward, has a row for each document that changed the
    balance (debits and credits positive), and ends with the closing balance; allocations between items of one account
    change nothing and are left out. Without a customer, the statements of all follow each other.
    Raises NotFound for an unknown customer or group.
    """
    chosen = select(books, customer, currency, group)
    if since is not None:
        return _activity(chosen, span(as_of, since, until))
    return _open_items(chosen, as_of if until is None else until)


def _open_items(chosen: Selection, day: date) -> Table:
    name = scope.namer(chosen.books)
    rows: list[Row] = []
    items = sorted(chosen.open_items(day), key=lambda item: (item.customer, item.currency))
    parts = disputed(items, chosen.books.events(OPENED, RESOLVED), day)
    balances: dict[Account, Decimal] = {}
    for item, part in zip(items, parts, strict=True):
        account = (item.customer, item.currency)
        balances[account] = balances.get(account, ZERO) + item.open
        rows.append(
            {
                "customer": item.customer,
                "name": name(item),
                "item": item.item,
                "doc_type": item.doc_type,
                "date": item.date,
                "due": item.due,
                "days_past_due": (day - item.due).days,
                "currency": item.currency,
                "original": item.original,
                "open": item.open,
                "disputed": part,
                "balance": balances[account],
            }
        )
    sums = totals(rows, "original", "open", "disputed")
    return Table("statement", "Statement, open items", day, scope.GROSS, OPEN_ITEMS, tuple(rows), sums)


def _activity(chosen: Selection, period: Span) -> Table:
    before = {account: balance for account, balance in chosen.brought_forward(period).items() if balance}
    part = chosen.during(period)
    accounts: dict[Account, list[Moved]] = {account: [] for account in before}
    for move in part.moved(period.last):
        if period.holds(move.date):
            account = (names.customer_of(move.movement.account), move.movement.currency)
            accounts.setdefault(account, []).append(move)
    name = scope.customer_namer(part.books, period.last)
    rows = tuple(
        row
        for account, moved in sorted(accounts.items(), key=itemgetter(0))
        for row in _of_account(part, name, account, before.get(account, ZERO), moved, period)
    )
    basis = f"{period}; {scope.GROSS}"
    return Table("statement", "Statement", period.last, basis, ACTIVITY, rows, totals(rows, "debit", "credit"))


def _of_account(
    chosen: Selection,
    name: Callable[[str, Iterable[str]], str],
    account: Account,
    balance: Decimal,
    moved: Sequence[Moved],
    period: Span,
) -> Iterator[Row]:
    """Give the rows of an account; none where nothing was owed and nothing happened."""
    customer, currency = account
    said = name(customer, (move.doc_id for move in moved))
    head: dict[str, Cell] = {"customer": customer, "name": said, "currency": currency}
    changes = list(_changes(chosen, moved))
    if not balance and not changes:
        return
    yield head | _balance(period.first, BEGIN, balance)
    for move, document, reference, amount in changes:
        balance += amount
        cells: dict[str, Cell] = {"date": move.date, "document": document, "doc_type": move.doc_type}
        sides: dict[str, Cell] = {"debit": max(amount, ZERO), "credit": max(-amount, ZERO), "balance": balance}
        yield head | cells | {"reference": reference} | sides
    yield head | _balance(period.last, END, balance)


def _balance(day: date, said: str, balance: Decimal) -> dict[str, Cell]:
    cells: dict[str, Cell] = {"date": day, "document": "", "doc_type": "", "reference": said}
    return cells | {"debit": ZERO, "credit": ZERO, "balance": balance}


def _changes(chosen: Selection, moved: Sequence[Moved]) -> Iterator[tuple[Moved, str, str, Decimal]]:
    """Net each document, in the order of the books; entries by hand go by their place."""
    nets: dict[str, tuple[Moved, Decimal]] = {}
    for move in moved:
        document = move.doc_id or place(chosen.books, move.source)
        nets[document] = (move, (nets[document][1] if document in nets else ZERO) + move.movement.amount)
    for document, (move, amount) in nets.items():
        versions = chosen.books.facts.versions.get(move.doc_id, ())
        if amount:
            yield move, document, versions[0].reference if versions else "", amount
