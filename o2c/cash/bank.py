"""The side of the bank: the account, its charges, and the value of foreign money on the day."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.errors import BadInput
from o2c.errors import Refused
from o2c.model.documents import Other
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import text
from o2c.model.text import account as account_gate

if TYPE_CHECKING:
    from decimal import Decimal

    from o2c.cash.desk import Desk


class Terms(NamedTuple):
    """How money went through the bank.

    `account` is a bank account or its name in company.yaml ("": the usual one of the currency), `fee` the charge the
    bank kept (0: none), `converted` what the bank paid or took after changing the money into the currency of the
    books (None: it did not).
    """

    account: str = ""
    fee: Decimal = ZERO
    converted: Decimal | None = None


class Till(NamedTuple):
    """The postings of bank and charges, debit positive, and what they weigh in the currency of the books.

    `value` is None for money that has no rate; `rate` is the rate that was used, if one was.
    """

    others: tuple[Other, ...]
    value: Decimal | None
    rate: Decimal | None


def paid_in(desk: Desk, amount: Amount, terms: Terms, *, valued: bool) -> Till:
    """Take money in: the bank gets the amount less its fee; both together have the value of the amount."""
    number, currency = _number(amount), amount.currency
    _require_sane(desk, amount, terms, valued=valued)
    if terms.converted is not None:
        return _converted(desk, terms.converted, terms)
    bank = bank_account(desk, currency, terms.account)
    if not valued:
        return Till((Other(bank, number - terms.fee, currency), *_fee(desk, terms.fee, currency)), None, None)
    rate = desk.books.rate(currency, desk.day)
    value, kept = _value(desk, number, rate), _value(desk, number - terms.fee, rate)
    money = Other(bank, number - terms.fee, currency, Amount(kept, desk.company.currency))
    return Till((money, *_fee(desk, value - kept, desk.company.currency)), value, rate)


def paid_out(desk: Desk, amount: Amount, terms: Terms, *, valued: bool) -> Till:
    """Pay money out: the opposite of taking it in."""
    till = paid_in(desk, amount, terms, valued=valued)
    return till._replace(
        others=tuple(opposite(other) for other in till.others), value=-till.value if till.value else till.value
    )


def opposite(other: Other) -> Other:
    """Turn a posting round, with its value."""
    total = other.total
    turned = None if total is None else Amount(-_number(total), total.currency)
    return other._replace(amount=-other.amount, total=turned)


def bank_account(desk: Desk, currency: str, given: str) -> str:
    """Name the bank account: the one given, by account or by its name in company.yaml, else that of the currency."""
    banks = desk.company.banks
    if given:
        return desk.require_open(banks.get(given) or _gate(given, sorted(banks)))
    if currency not in banks:
        raise Refused(
            f"company.yaml names no bank account for {currency}; add one under `banks`, give --account, "
            f"or say what the bank made of it in {desk.company.currency}"
        )
    return desk.require_open(banks[currency])


def _gate(given: str, known: list[str]) -> str:
    try:
        return account_gate(given, "--account")
    except BadInput as error:
        raise BadInput(f"{error}, or by its name in company.yaml ({', '.join(known) or 'none there'})") from error


def _converted(desk: Desk, received: Decimal, terms: Terms) -> Till:
    currency = desk.company.currency
    money = Other(bank_account(desk, currency, terms.account), received, currency)
    return Till((money, *_fee(desk, terms.fee, currency)), received + terms.fee, None)


def _fee(desk: Desk, fee: Decimal, currency: str) -> list[Other]:
    return [Other(desk.require_open(desk.company.accounts.bank_fees), fee, currency)] if fee else []


def _value(desk: Desk, number: Decimal, rate: Decimal) -> Decimal:
    return rounded(number * rate, desk.company.currency)


def require_positive(number: Decimal, currency: str) -> None:
    """Refuse an amount that is not more than 0."""
    if number <= 0:
        raise Refused(f"{text(number, currency)} is not an amount of money that moves; give more than 0")


def _require_sane(desk: Desk, amount: Amount, terms: Terms, *, valued: bool) -> None:
    number, currency = _number(amount), amount.currency
    books = desk.company.currency
    require_positive(number, currency)
    if terms.fee < 0:
        raise Refused(f"the fee {text(terms.fee, currency)} is negative; give what the bank kept, 0 or more")
    if terms.converted is None:
        if terms.fee >= number:
            raise Refused(f"the fee {text(terms.fee, currency)} is not less than the amount {text(number, currency)}")
    elif currency == books:
        raise Refused(
            f"the amount is in {books} already; a converted amount is for money that the bank changed into {books}"
        )
    elif not valued:
        raise Refused(
            f"these items were moved in without a rate; the bank must book {currency}, give no converted amount"
        )
    elif terms.converted <= 0:
        raise Refused(f"{text(terms.converted, books)} is not what a bank makes of money; give more than 0")


def _number(amount: Amount) -> Decimal:
    assert amount.number is not None, "an amount has a number"
    return amount.number
