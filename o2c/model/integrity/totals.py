"""Lines, taxes and total of an invoice or credit note belong together."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import cast

from beancount.core.amount import Amount

from o2c.model import names
from o2c.model.integrity.sheet import found
from o2c.model.integrity.sheet import postings
from o2c.model.integrity.sheet import title
from o2c.model.integrity.sheet import word
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beancount.core.data import Transaction

    from o2c.model.findings import Finding
    from o2c.model.integrity.sheet import Booked
    from o2c.model.integrity.sheet import Sheet
    from o2c.model.integrity.sheet import Value

_TAXED = frozenset({names.INVOICE, names.DEPOSIT_INVOICE, names.CREDIT_NOTE})


class _Reading(NamedTuple):
    """A document as the customer reads it: amounts positive on invoices and on credit notes."""

    sheet: Sheet
    entry: Transaction
    currency: str
    sign: int
    total: Decimal
    lines: list[Booked]
    taxes: list[Booked]


def lines_and_totals(sheet: Sheet) -> list[Finding]:
    """Find invoices and credit notes whose lines, taxes and total do not belong together.

    The total is the movement on the customer's accounts (and postings beside lines and taxes, as a rounding). The tax
    of each code is base x rate, rounded half up to the smallest unit; its base is the sum of the lines of that code.
    The credit note that gives back the rest of an invoice's tax gives back exactly that, odd cent included.
    """
    findings: list[Finding] = []
    for entry in sheet.documents:
        if entry.meta.get("doc-type") in _TAXED and not _is_right(entry):
            reading = _read(entry, sheet)
            if reading.lines or reading.taxes:
                findings.extend(found("lines-and-totals", entry, fault) for fault in _faults(reading))
    return findings


def _is_right(entry: Transaction) -> bool:
    """Look quickly at the usual case: one currency, every amount a posting, taxes right; False where in doubt."""
    credit = entry.meta["doc-type"] == names.CREDIT_NOTE
    currency = entry.meta.get("currency")
    rest: dict[object, Decimal] = {}
    balance = ZERO
    for _, (number, own_currency), cost, _, _, meta in postings(entry):
        balance += number
        if own_currency != currency or cost or not meta or "net" in meta or "tax-amount" in meta:
            return False
        read = number if credit else -number
        if "line" in meta:
            code = meta.get("tax-code")
            rest[code] = rest[code] + read if code in rest else read
        elif "tax-base" in meta:
            code, base, rate = meta.get("tax-code"), _money(meta["tax-base"]), meta.get("tax-rate")
            if base is None or base.currency != currency or not isinstance(rate, Decimal):
                return False
            rest[code] = rest.get(code, ZERO) - base.number
            if base.number * rate != read * 100 and rounded(base.number * rate / 100, currency) != read:
                return False
    return not balance and not any(rest.values())


def _read(entry: Transaction, sheet: Sheet) -> _Reading:
    sign = -1 if entry.meta["doc-type"] == names.CREDIT_NOTE else 1
    movements, lines, taxes, others = _roles(entry)
    currency = word(entry, "currency") or _currency(movements or lines)
    total = sum((posting.units.number for posting in movements + others if posting.units.currency == currency), ZERO)
    return _Reading(sheet, entry, currency, sign, sign * total, lines, taxes)


def _roles(entry: Transaction) -> tuple[list[Booked], list[Booked], list[Booked], list[Booked]]:
    """Sort postings by role, as `o2c.model.reading` does."""
    roles: tuple[list[Booked], list[Booked], list[Booked], list[Booked]] = ([], [], [], [])
    for posting in postings(entry):
        meta = posting.meta or {}
        if names.is_item_account(posting.account):
            roles[0].append(posting)
        elif "line" in meta:
            roles[1].append(posting)
        elif "tax-base" in meta:
            roles[2].append(posting)
        else:
            roles[3].append(posting)
    return roles


def _currency(postings: list[Booked]) -> str:
    return postings[0].units.currency if postings else ""


def _faults(reading: _Reading) -> Iterator[str]:
    made_of = ZERO
    nets: dict[str, Decimal] = defaultdict(lambda: ZERO)
    bases: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for posting in reading.lines:
        net = _read_amount(reading, posting, "net")
        if net is None:
            line = f"{title(reading.entry)}: line {posting.meta['line']}"
            yield f"{line} has no net in {reading.currency}; add `net: 0.00 {reading.currency}`"
            return
        made_of += net
        nets[posting.meta.get("tax-code") or ""] += net
    for posting in reading.taxes:
        tax = _read_amount(reading, posting, "tax-amount")
        if tax is None:
            tax_line = f"{title(reading.entry)}: the tax on {posting.account}"
            yield f"{tax_line} has no amount in {reading.currency}; add `tax-amount`"
            return
        made_of += tax
        yield from _tax_faults(reading, posting, tax, bases)
    if made_of != reading.total:
        yield (
            f"{title(reading.entry)}: lines and taxes sum to {text(made_of, reading.currency)}, "
            f"the customer's account moves by {text(reading.total, reading.currency)}; correct one of them"
        )
    if reading.lines:
        yield from _code_faults(reading, nets, bases)


def _read_amount(reading: _Reading, posting: Booked, key: str) -> Decimal | None:
    """Read the net of a line or the amount of a tax in the document's currency, positive as the customer reads it."""
    said, units = _money(posting.meta.get(key)), posting.units
    if said is not None and said.currency == reading.currency:
        return said.number
    return -reading.sign * units.number if units.currency == reading.currency else None


def _tax_faults(reading: _Reading, posting: Booked, tax: Decimal, bases: dict[str, Decimal]) -> Iterator[str]:
    name, currency = title(reading.entry), reading.currency
    code = posting.meta.get("tax-code") or ""
    base, rate = _money(posting.meta.get("tax-base")), posting.meta.get("tax-rate")
    if base is None or base.currency != currency or not isinstance(rate, Decimal):
        yield f"{name}: the tax {code} needs `tax-base: 100.00 {currency}` and `tax-rate: 19`, in percent"
        return
    bases[code] += base.number
    due = rounded(base.number * rate / 100, currency)
    if due != tax and not _credits_the_rest(reading, code):
        yield (
            f"{name}: tax {code} is {text(tax, currency)}, but {rate} % of {text(base.number, currency)} is "
            f"{text(due, currency)}, rounded half up; correct it (base and tax are positive as the customer reads them)"
        )


def _credits_the_rest(reading: _Reading, code: str) -> bool:
    """Tell whether with this credit note exactly the invoice's tax of a code is given back."""
    invoice = word(reading.entry, "refers")
    if reading.sign > 0 or invoice not in reading.sheet.numbered:
        return False
    day = reading.entry.date
    notes = (doc for doc in reading.sheet.documents if doc.date <= day and _credits(doc, invoice))
    credited = sum((_tax(reading, note, code) for note in notes), ZERO)
    return credited == -_tax(reading, reading.sheet.numbered[invoice][0], code)


def _credits(doc: Transaction, invoice: str) -> bool:
    """Tell whether a document is a credit note of an invoice, or the reversal of one."""
    if doc.meta.get("doc-type") == names.CREDIT_NOTE:
        return word(doc, "refers") == invoice
    return doc.meta.get("reverses") == names.CREDIT_NOTE and word(doc, "invoice") == invoice


def _tax(reading: _Reading, doc: Transaction, code: str) -> Decimal:
    """Sum a document's tax of a code in the currency read, as the ledger signs it: positive on credit notes."""
    turn = 1 if doc.meta.get("doc-type") in {names.CREDIT_NOTE, names.REVERSAL} else -1
    total = ZERO
    for posting in _roles(doc)[2]:
        if (posting.meta.get("tax-code") or "") == code:
            said = _money(posting.meta.get("tax-amount"))
            if said is not None and said.currency == reading.currency:
                total += turn * said.number
            else:
                total += posting.units.number
    return total


def _code_faults(reading: _Reading, nets: dict[str, Decimal], bases: dict[str, Decimal]) -> Iterator[str]:
    if not bases and set(nets) == {""}:
        return
    name, currency = title(reading.entry), reading.currency
    for code in sorted(nets.keys() | bases.keys()):
        shown = code or "(none)"
        if code not in bases:
            yield f"{name}: lines have the tax code {shown}, but no tax posting has it; add one, be it 0.00"
        elif code not in nets:
            yield f"{name}: there is a tax of code {shown}, but no line has it; correct the lines or the tax"
        elif nets[code] != bases[code]:
            yield (
                f"{name}: the lines of tax code {shown} sum to {text(nets[code], currency)}, "
                f"its tax base says {text(bases[code], currency)}; correct one of them"
            )


def _money(value: object) -> Value | None:
    return cast("Value", value) if isinstance(value, Amount) else None
