"""What a customer reads about his account: open items, what happened in a period, reminders, receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.creditor_reference import creditor_reference
from o2c.model.creditor_reference import printed
from o2c.model.money import ZERO
from o2c.rendering import letterhead
from o2c.rendering.sheet import Cell
from o2c.rendering.sheet import Column
from o2c.rendering.sheet import Fact
from o2c.rendering.sheet import Pay
from o2c.rendering.sheet import Row
from o2c.rendering.sheet import Sheet
from o2c.rendering.sheet import Sum

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    from o2c.master import Master
    from o2c.model.documents import Document
    from o2c.model.facts import Moved
    from o2c.model.items import Item
    from o2c.rendering.words import Words


class Account(NamedTuple):
    """Whose account, on which day, in which words; `number` is what the document is called."""

    root: Path
    master: Master
    customer: str
    day: date
    words: Words
    number: str


def open_items_sheet(account: Account, items: Sequence[Item]) -> Sheet:
    """Lay out what is open at the end of the day; credits not used yet are negative."""
    words = account.words
    columns = _columns(words, "document", "*date", "*due", "*original", "*open", "currency")
    rows = tuple(_item_row(item, words, "original", "open") for item in items)
    sums = [Sum(words.say("open-total"), _money(words, total), strong=True) for total in _totals(items)]
    overdue = _totals([item for item in items if item.open > 0 and item.due < account.day])
    return _sheet(
        account,
        "statement",
        said="intro-statement-open",
        headline=_headline(words, "open-total", _totals(items)) + _headline(words, "overdue-total", overdue),
        table=(columns, rows),
        sums=tuple(sums),
        pay=_pay(account, items) if any(total > 0 for _, total in _totals(items)) else None,
    )


def activity_sheet(account: Account, since: date, moved: Iterable[Moved]) -> Sheet:
    """Lay out what happened from `since` to the day, both inclusive, with the balance brought forward, per currency.

    What a document moves from one item of the customer to another changes no balance and is left out.
    """
    words, rows, sums = account.words, [], []
    known = [move for move in moved if move.date <= account.day]
    for currency in sorted({move.movement.currency for move in known}):
        balance = sum((m.movement.amount for m in known if m.date < since and m.movement.currency == currency), ZERO)
        rows.append(_balance_row(words, since, balance, currency))
        for day, doc_id, doc_type, amount in _net(known, since, currency):
            balance += amount
            rows.append(_activity_row(words, day, doc_id, doc_type, amount, balance, currency))
        sums.append(Sum(words.say("closing-balance"), words.money(balance, currency), strong=True))
    period = f"{words.short(since)} - {words.short(account.day)}"
    return _sheet(
        account,
        "statement",
        said="intro-statement-activity",
        facts=(Fact(words.say("period"), period),),
        table=(_columns(words, "*date", "document", "*debit", "*credit", "*balance", "currency"), tuple(rows)),
        sums=tuple(sums),
    )


def reminder_sheet(account: Account, items: Sequence[Item], level: int) -> Sheet:
    """Lay out what is past its due date on the day, as first, second or last reminder (level 1 to 3).

    Items below zero are credits not used yet: in the currency of what is late they are listed, and taken off.
    """
    words = account.words
    late = [item for item in items if item.open > 0 and item.due < account.day]
    asked = {item.currency for item in late}
    credits_ = [item for item in items if item.open < 0 and item.currency in asked]
    columns = _columns(words, "document", "*date", "*due", "*days-late", "*open", "currency")
    rows = tuple(_late_row(item, account.day, words) for item in (*late, *credits_))
    return _sheet(
        account,
        f"reminder-{level}",
        said=f"intro-reminder-{level}",
        headline=_headline(words, "amount-due" if credits_ else "overdue-total", _totals([*late, *credits_])),
        table=(columns, rows),
        sums=tuple(_reminder_sums(words, late, credits_)),
        remarks=(words.say("outro-reminder"),),
        pay=_pay(account, late),
    )


def _reminder_sums(words: Words, late: Sequence[Item], credits_: Sequence[Item]) -> Iterable[Sum]:
    """Sum what is overdue; where there are credits, these and the rest to pay, too."""
    for total in _totals(late):
        yield Sum(words.say("overdue-total"), _money(words, total), strong=not credits_)
    for total in _totals(credits_):
        yield Sum(words.say("unapplied"), _money(words, total))
    for total in _totals([*late, *credits_]) if credits_ else ():
        yield Sum(words.say("amount-due"), _money(words, total), strong=True)


def receipt_sheet(account: Account, receipt: Document) -> Sheet:
    """Lay out what a receipt was used for; what was not used stands at the end, kept on the account."""
    words, rows = account.words, []
    for movement in receipt.movements:
        kept = movement.account == names.deposit(receipt.customer) and movement.item == receipt.doc_id
        name = Cell(words.say("not-allocated")) if kept else Cell(movement.item)
        rows.append(Row((name, Cell(words.amount(-movement.amount, movement.currency)), Cell(movement.currency))))
    total = (receipt.currency, -sum((movement.amount for movement in receipt.movements), ZERO))
    return _sheet(
        account,
        names.RECEIPT,
        said="intro-receipt",
        facts=(Fact(words.say("number"), receipt.doc_id),),
        headline=_headline(words, "amount-received", [total]),
        table=(_columns(words, "document", "*original", "currency"), tuple(rows)),
        sums=(Sum(words.say("amount-received"), _money(words, total), strong=True),),
    )


def _sheet(
    account: Account,
    kind: str,
    *,
    said: str,
    table: tuple[tuple[Column, ...], tuple[Row, ...]],
    sums: tuple[Sum, ...],
    headline: tuple[Fact, ...] = (),
    facts: tuple[Fact, ...] = (),
    remarks: tuple[str, ...] = (),
    pay: Pay | None = None,
) -> Sheet:
    words, company = account.words, account.master.company
    about = (Fact(words.say("date"), words.day(account.day)), Fact(words.say("customer"), account.customer))
    return Sheet(
        kind="document",
        language=words.language,
        number=account.number,
        day=account.day.isoformat(),
        title=words.say(kind),
        seller=company.name,
        sender_line=letterhead.sender_line(company),
        receiver=letterhead.receiver(account.master.customer(account.customer)),
        facts=(*about, *facts),
        headline=headline,
        columns=table[0],
        rows=table[1],
        words=letterhead.layout_words(words),
        sums=sums,
        said=(words.say(said),),
        remarks=remarks,
        pay=pay,
        footer=letterhead.foot(company, words),
        look=letterhead.look(account.root, company),
    )


def _pay(account: Account, items: Iterable[Item]) -> Pay | None:
    """Say where to pay; there is no code to scan, as who pays decides how much and names the invoices.

    Where one document alone asks, its own reference is given, so that the payment finds it by itself.
    """
    company, words = account.master.company, account.words
    if not company.iban:
        return None
    asking = {item.doc_id for item in items if item.open > 0}
    reference = _reference(asking.pop()) if len(asking) == 1 else ""
    named = (
        ("pay-to", company.name),
        ("iban", letterhead.grouped(company.iban)),
        ("bic", company.bic),
        ("reference", reference),
    )
    return Pay(tuple(Fact(words.say(name), value) for name, value in named if value))


def _reference(number: str) -> str:
    return printed(creditor_reference(number)) or number


def _columns(words: Words, *columns: str) -> tuple[Column, ...]:
    """Make columns by the names of their words; a star marks numbers."""
    return tuple(Column(name.strip("*"), words.say(name.strip("*")), name.startswith("*")) for name in columns)


def _totals(items: Iterable[Item]) -> list[tuple[str, Decimal]]:
    sums: dict[str, Decimal] = {}
    for item in items:
        sums[item.currency] = sums.get(item.currency, ZERO) + item.open
    return sorted(sums.items())


def _money(words: Words, total: tuple[str, Decimal]) -> str:
    return words.money(total[1], total[0])


def _headline(words: Words, name: str, totals: Sequence[tuple[str, Decimal]]) -> tuple[Fact, ...]:
    return (Fact(words.say(name), " + ".join(_money(words, total) for total in totals)),) if totals else ()


def _item_row(item: Item, words: Words, *amounts: str) -> Row:
    numbers = (Cell(words.amount(getattr(item, amount), item.currency)) for amount in amounts)
    return Row((*_named(item, words), *numbers, Cell(item.currency)))


def _late_row(item: Item, day: date, words: Words) -> Row:
    named, of, due = _named(item, words)
    times = (due, Cell(str((day - item.due).days))) if item.open > 0 else (Cell(""), Cell(""))
    return Row((named, of, *times, Cell(words.amount(item.open, item.currency)), Cell(item.currency)))


def _named(item: Item, words: Words) -> tuple[Cell, ...]:
    return Cell(item.item, words.kind(item.doc_type)), Cell(words.short(item.date)), Cell(words.short(item.due))


def _net(moved: Iterable[Moved], since: date, currency: str) -> list[tuple[date, str, str, Decimal]]:
    """Sum each document's movements, in the order of their days; what changes nothing is left out."""
    sums: dict[tuple[date, str, str], Decimal] = {}
    for move in moved:
        if move.date >= since and move.movement.currency == currency:
            key = (move.date, move.doc_id or move.movement.item, move.doc_type)
            sums[key] = sums.get(key, ZERO) + move.movement.amount
    return [(*key, amount) for key, amount in sorted(sums.items(), key=lambda one: one[0][0]) if amount]


def _balance_row(words: Words, day: date, balance: Decimal, currency: str) -> Row:
    said = Cell(words.say("opening-balance"))
    return Row(
        (Cell(words.short(day)), said, Cell(""), Cell(""), Cell(words.amount(balance, currency)), Cell(currency))
    )


def _activity_row(
    words: Words, day: date, doc_id: str, doc_type: str, amount: Decimal, balance: Decimal, currency: str
) -> Row:
    written = words.amount(abs(amount), currency)
    debit, credit = (written, "") if amount > 0 else ("", written)
    cells = (words.short(day), doc_id, debit, credit, words.amount(balance, currency), currency)
    named = tuple(Cell(text, words.kind(doc_type) if text == doc_id else "") for text in cells)
    return Row(named, f"{words.say('carried')}  {words.money(balance, currency)}")
