"""Cash application taken apart: each receipt and each application of money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.data import Transaction

from o2c.errors import BooksBroken
from o2c.master.company import Accounts
from o2c.model import names
from o2c.model import reading
from o2c.model.money import ZERO
from o2c.reports.cash_application import received
from o2c.reports.explaining import evidence
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import LESS
from o2c.reports.explaining.rules import MEDIAN
from o2c.reports.explaining.rules import NEGATED
from o2c.reports.explaining.rules import SUM
from o2c.reports.explaining.rules import quotient

if TYPE_CHECKING:
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.reports.cash_application import Received
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.payments import Payment

HEADLINE = "value"


def explain(asked: Asked) -> Part:
    """Explain counts and sums of receipts by the receipts, accuracy and days by the applications."""
    receipts = [_receipt(asked, doc) for doc in _receipts(asked)]
    if asked.name in {"receipts", "manual"}:
        return asked.answer(COUNT, receipts, "receipts that no bank import posted" if asked.name == "manual" else "")
    if asked.name == "value":
        return asked.answer(SUM, receipts)
    if asked.name in {"auto_matched", "auto_value"}:
        rule = COUNT if asked.name == "auto_matched" else SUM
        return asked.answer(rule, (), "receipts that a bank import posted without a person: there are none")
    if asked.name == "reversed":
        return asked.answer(COUNT, _reversed(asked), "receipts of these days that were reversed by the last day")
    if asked.name == "unapplied":
        items = evidence.of_items(
            asked, asked.day, lambda one: _is_on_account(asked, one.currency, one.open, one.doc_type)
        )
        return asked.answer(NEGATED, items, "money on account, open at the end")
    if asked.name == "unidentified":
        return asked.answer(NEGATED, asked.once(_unidentified).get(asked.currency, []), "account without a customer")
    applied = _applied(asked)
    if asked.name == "median_days_to_apply":
        return asked.answer(MEDIAN, [_days(asked, one) for one in applied], "days from the receipt to its application")
    counted = made("applications", COUNT, [_application(asked, one) for one in applied])
    kept = made("kept", LESS, (counted, made("taken back", COUNT, _taken_back(asked))))
    return asked.answer(quotient(4), (kept, counted), "applications less those un-allocated / applications")


def _is_on_account(asked: Asked, currency: str, still: Decimal, doc_type: str) -> bool:
    return currency == asked.currency and still < 0 and doc_type == names.RECEIPT


def _receipts(asked: Asked) -> list[Document]:
    dated = asked.chosen.documents(names.RECEIPT, until=asked.span.last)
    return [doc for doc in dated if asked.span.holds(doc.date) and doc.currency == asked.currency]


def _receipt(asked: Asked, doc: Document) -> Part:
    came = -sum((move.amount for move in doc.movements), ZERO) or ZERO
    return evidence.of_document(asked, doc, came, doc.currency)


def _reversed(asked: Asked) -> list[Part]:
    numbers = {doc.doc_id for doc in _receipts(asked)}
    undoing = {doc.refers: doc for doc in asked.chosen.documents(names.REVERSAL, until=asked.span.last)}
    return [_receipt(asked, undoing[number]) for number in sorted(numbers & undoing.keys())]


def _received(asked: Asked) -> dict[str, Received]:
    return received(asked.chosen, asked.span)


def _applied(asked: Asked) -> list[Payment]:
    found = asked.once(_received).get(asked.currency)
    return list(found.applied) if found else []


def _application(asked: Asked, one: Payment) -> Part:
    said = f"{one.item}, applied {one.applied}"
    return Part(said, one.amount, one.currency, document=one.doc_id, place=asked.place(one.source))


def _days(asked: Asked, one: Payment) -> Part:
    said = f"{one.item}, paid {one.paid}, applied {one.applied}"
    return Part(said, (one.applied - one.paid).days, document=one.doc_id, place=asked.place(one.source))


def _taken_back(asked: Asked) -> list[Part]:
    undoing: dict[tuple[str, str], Document] = {}
    for doc in asked.chosen.documents(names.ALLOCATION, until=asked.span.last):
        if doc.fact("undoes") is True:
            undoing |= {(doc.refers, movement.item): doc for movement in doc.movements}
    found = [undoing[one.doc_id, one.item] for one in _applied(asked) if (one.doc_id, one.item) in undoing]
    return [evidence.of_document(asked, doc, ZERO, asked.currency) for doc in found]


def _unidentified(asked: Asked) -> dict[str, list[Part]]:
    """Sort the postings on the account for money without a customer by currency."""
    found: dict[str, list[Part]] = {}
    if asked.chosen.customer or asked.chosen.members is not None:
        return found
    account = _account(asked)
    for entry in asked.books.booked:
        if isinstance(entry, Transaction) and entry.date <= asked.day:
            for posting in entry.postings:
                if posting.account == account and posting.units is not None and posting.units.number is not None:
                    number, code = posting.units.number, posting.units.currency
                    said, at = entry.narration or entry.payee or "", asked.place(reading.source(entry))
                    part = Part(
                        f"{said} of {entry.date}", number, code, document=entry.meta.get("doc-id", ""), place=at
                    )
                    found.setdefault(code, []).append(part)
    return found


def _account(asked: Asked) -> str:
    try:
        return asked.books.master.company.accounts.unidentified
    except BooksBroken:  # `o2c check` tells it; figures come from the ledger alone
        return Accounts().unidentified
