"""The arithmetic of EN 16931, exact to the smallest unit: what the official rules let pass within a tolerance.

The published test of BR-CO-17 accepts a whole unit of the currency beside the right tax. Here the tax of an invoice is
base x rate, rounded half up on absolute values. A credit note may give back the last cents of an invoice's tax, which
its own base alone cannot explain; for these the published tolerance stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.creditor_reference import is_creditor_reference
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.rendering.einvoice.en16931 import CREDIT_NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from o2c.rendering.einvoice.en16931 import Rate
    from o2c.rendering.einvoice.figures import Figures

_LETTERS = {ord(letter): str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}


def wrong(figures: Figures) -> Iterator[tuple[int, str, str]]:
    """Say what does not add up: line of the file, rule, and a sentence with both figures."""
    yield from _rows(figures)
    yield from _sums(figures)
    yield from _taxes(figures)
    yield from _payment(figures)


def _rows(figures: Figures) -> Iterator[tuple[int, str, str]]:
    for row in figures.rows:
        base = row.base_quantity or None
        if base is None:
            yield row.place, "BR-27", f"line {row.number}: the price is for 0 pieces; give the quantity it is for"
            continue
        expected = rounded(row.quantity * row.price / base, figures.currency) + row.adjusted
        if row.net != expected:
            yield row.place, "BT-131", _beside(f"net of line {row.number}", row.net, "quantity x price", expected)


def _sums(figures: Figures) -> Iterator[tuple[int, str, str]]:
    said = figures.sums
    get = {term: said.get(term, ZERO) for term in map("BT-{}".format, range(106, 116))}
    parts = {
        charge: sum((part.amount for part in figures.parts if part.charge is charge), ZERO) for charge in (True, False)
    }
    tax = sum((row.tax for row in figures.taxes), ZERO)
    rules = (
        ("BR-CO-10", "BT-106", "sum of the lines", sum((row.net for row in figures.rows), ZERO)),
        ("BR-CO-11", "BT-107", "sum of the allowances", parts[False]),
        ("BR-CO-12", "BT-108", "sum of the charges", parts[True]),
        ("BR-CO-13", "BT-109", "lines - allowances + charges", get["BT-106"] - get["BT-107"] + get["BT-108"]),
        ("BR-CO-14", "BT-110", "sum of the taxes", tax),
        ("BR-CO-15", "BT-112", "net + tax", get["BT-109"] + get["BT-110"]),
        ("BR-CO-16", "BT-115", "total - prepaid + rounding", get["BT-112"] - get["BT-113"] + get["BT-114"]),
    )
    for rule, term, words, expected in rules:
        if get[term] != expected:
            yield figures.place, rule, _beside(term, get[term], words, expected)
    for term, number in said.items():
        if number != rounded(number, figures.currency):
            yield figures.place, "BR-DEC", f"{term} is {number:f}: finer than the smallest unit of {figures.currency}"


def _taxes(figures: Figures) -> Iterator[tuple[int, str, str]]:
    bases: dict[Rate, Decimal] = {}
    for row in figures.rows:
        bases[row.rate] = bases.get(row.rate, ZERO) + row.net
    for part in figures.parts:
        bases[part.rate] = bases.get(part.rate, ZERO) + (part.amount if part.charge else -part.amount)
    for tax in figures.taxes:
        name = f"{tax.rate.category} {tax.rate.percent:f} %"
        if (expected := bases.pop(tax.rate, ZERO)) != tax.base:
            yield tax.place, "BT-116", _beside(f"base of {name}", tax.base, "sum of its lines", expected)
        right = rounded(tax.base * tax.rate.percent / 100, figures.currency)
        off = abs(tax.tax - right)
        if off and (figures.kind != CREDIT_NOTE or off >= 1):
            yield tax.place, "BR-CO-17", _beside(f"tax of {name}", tax.tax, "base x rate", right)
    for rate in bases:
        yield figures.place, "BR-CO-18", f"{rate.category} {rate.percent:f} % of the lines is not in the VAT breakdown"


def _payment(figures: Figures) -> Iterator[tuple[int, str, str]]:
    owed = figures.kind != CREDIT_NOTE and figures.sums.get("BT-115", ZERO) > 0
    if owed and not figures.due_or_terms:
        yield figures.place, "BR-CO-25", "an amount is due, and neither a due date nor terms say when"
    reference = figures.reference.replace(" ", "")
    if reference[:2] == "RF" and reference[2:4].isdigit() and not is_creditor_reference(reference):
        yield figures.place, "BT-83", f"the check digits of the creditor reference {reference} are wrong"
    for iban in figures.ibans:
        if _looks_like_iban(iban) and int((iban[4:] + iban[:4]).translate(_LETTERS)) % 97 != 1:
            yield figures.place, "BT-84", f"the check digits of the IBAN {iban} are wrong"


def _looks_like_iban(text: str) -> bool:
    return text.isascii() and text.isalnum() and text.isupper() and text[:2].isalpha() and text[2:4].isdigit()


def _beside(what: str, said: Decimal, words: str, expected: Decimal) -> str:
    return f"{what} is {said:f}, but {words} gives {expected:f}"
