"""Everything that may stand in a ledger, for property tests: texts, identifiers, money, documents, events, openings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount
from hypothesis import strategies as st

from o2c.errors import BadInput
from o2c.model import money
from o2c.model import names
from o2c.model import reading
from o2c.model import text
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Line
from o2c.model.documents import Movement
from o2c.model.documents import Opening
from o2c.model.documents import Other
from o2c.model.documents import Tax
from o2c.model.findings import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SMALL = CAPITALS.lower()
DIGITS = "0123456789"
#: Keys with a meaning of their own; no further metadata can have these names.
RESERVED = reading._HEADER | reading._MOVEMENT | reading._LINE | reading._TAX | reading._EVENT | reading._PLACE


def passes(gate: Callable[[str, str], str], candidate: str) -> bool:
    """Tell whether a gate lets a text through as it is."""
    try:
        return gate(candidate, "test") == candidate
    except BadInput:
        return False


def spelled(first: str, rest: str, most: int, least: int = 0) -> SearchStrategy[str]:
    """Make names: one character of `first`, then `least` to `most` of `rest`."""
    return st.builds(str.__add__, st.sampled_from(first), st.text(rest, min_size=least, max_size=most))


# ---- texts and identifiers ------------------------------------------------------------------------------------------

#: Any text that passes the gate for names, addresses and remarks; hostile pieces come often.
free_texts = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(['"', "\\", "\n", "\t", ";", "\\n", '\n2026-01-01 * "x"', "*", "é", "\U0001d518", "a"])
    ).map("".join),
).filter(lambda candidate: passes(text.free_text, candidate))
some_text = free_texts.filter(bool)
maybe_text = st.just("") | free_texts

identifiers = spelled(CAPITALS + DIGITS, CAPITALS + DIGITS + "._-", 39).filter(lambda one: passes(text.identifier, one))
customers = spelled(CAPITALS + DIGITS, CAPITALS + DIGITS + "-", 38).filter(lambda one: passes(text.customer_code, one))
codes = spelled(CAPITALS + SMALL + DIGITS, CAPITALS + SMALL + DIGITS + "._-", 39)
marks = st.text(CAPITALS + SMALL + DIGITS + "_/.-", min_size=1, max_size=40)
keys = spelled(SMALL, CAPITALS + SMALL + DIGITS + "_-", 20, least=1).filter(lambda key: key not in RESERVED)
currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD"]) | st.builds(
    str.__add__, spelled(CAPITALS, CAPITALS + DIGITS + "'._-", 22), st.sampled_from(CAPITALS + DIGITS)
).filter(lambda one: passes(money.parse_currency, one))
accounts = st.builds(
    lambda root, parts: ":".join([root, *parts]),
    st.sampled_from(["Assets", "Liabilities", "Equity", "Income", "Expenses"]),
    st.lists(spelled(CAPITALS + DIGITS, CAPITALS + SMALL + DIGITS + "-", 12), min_size=1, max_size=4),
).filter(lambda account: not names.is_item_account(account))
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))

# ---- money ----------------------------------------------------------------------------------------------------------

#: Numbers within the limits of the format: 18 digits before the point, six behind it.
numbers = st.builds(
    lambda whole, places: Decimal(whole).scaleb(-places), st.integers(-(10**18), 10**18), st.integers(0, 6)
)


@st.composite
def amounts(draw: st.DrawFn, currency: str | None = None, sign: int = 0) -> Amount:
    """Make an amount in whole units of its currency; `sign` 1 or -1 asks for more or less than zero."""
    own = currency or draw(currencies)
    least, most = {0: (-(10**15), 10**15), 1: (1, 10**15), -1: (-(10**15), -1)}[sign]
    return Amount(draw(st.integers(least, most)) * money.unit(own), own)


values = some_text | numbers | amounts() | days | st.booleans()
extras = st.dictionaries(keys, values, max_size=3).map(lambda facts: tuple(sorted(facts.items())))

# ---- postings -------------------------------------------------------------------------------------------------------
# The postings of a document weigh in one currency, `books` here: Beancount sorts them by currency otherwise.


@st.composite
def movements(draw: st.DrawFn, books: str) -> Movement:
    """Make a movement in plain amounts, or one that opens a lot."""
    customer = draw(customers)
    is_debit = draw(st.booleans())
    account = names.receivable(customer) if is_debit else names.deposit(customer)
    sign = 1 if is_debit else -1
    if draw(st.booleans()):
        units, carrying = draw(amounts(books)), None
    else:
        units, carrying = draw(amounts(draw(_another(books)), sign)), draw(amounts(books, sign))
    due = draw(st.none() | days)
    return Movement(account, draw(identifiers), units.number, units.currency, due, carrying, draw(extras))


@st.composite
def lines(draw: st.DrawFn, books: str) -> Line:
    """Make a line of any kind."""
    order = draw(st.just("") | identifiers)
    return Line(
        number=draw(st.integers(0, 10_000)),
        account=draw(accounts),
        amount=draw(amounts(books)).number,
        currency=books,
        sku=draw(st.just("") | codes),
        text=draw(maybe_text),
        quantity=draw(numbers),
        unit=draw(st.just("") | codes),
        price=draw(st.none() | amounts()),
        discount=draw(numbers),
        tax_code=draw(st.just("") | codes),
        net=draw(st.none() | amounts()),
        kind=draw(st.sampled_from(["item", "allowance", "charge"])),
        order=order,
        order_line=draw(st.integers(0, 10_000)) if order else 0,
        delivery=draw(st.just("") | identifiers),
        extra=draw(extras),
    )


@st.composite
def taxes(draw: st.DrawFn, books: str) -> Tax:
    """Make a tax posting of any category."""
    return Tax(
        account=draw(accounts),
        amount=draw(amounts(books)).number,
        currency=books,
        code=draw(codes),
        category=draw(st.sampled_from("S Z E AE K G O L M B".split())),
        base=draw(amounts()),
        rate=draw(numbers),
        reason=draw(maybe_text),
        tax=draw(st.none() | amounts()),
        extra=draw(extras),
    )


@st.composite
def others(draw: st.DrawFn, books: str) -> Other:
    """Make a posting on a bank, an expense, an exchange difference; some with a total price."""
    if draw(st.booleans()):
        return Other(draw(accounts), draw(amounts(books)).number, books, None, draw(extras))
    sign = draw(st.sampled_from([1, -1]))
    units = draw(amounts(draw(_another(books)), sign))
    return Other(draw(accounts), units.number, units.currency, draw(amounts(books, sign)), draw(extras))


def _another(currency: str) -> SearchStrategy[str]:
    return currencies.filter(lambda one: one != currency)


# ---- entries --------------------------------------------------------------------------------------------------------

acts = st.builds(Act, by=maybe_text, at=maybe_text, why=maybe_text, key=maybe_text, request=maybe_text)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Make a document of any type and shape."""
    books = draw(currencies)
    return Document(
        doc_type=draw(st.sampled_from(names.DOCUMENT_TYPES)),
        doc_id=draw(identifiers),
        date=draw(days),
        customer=draw(customers),
        currency=draw(currencies),
        payee=draw(maybe_text),
        narration=draw(maybe_text),
        movements=tuple(draw(st.lists(movements(books), max_size=3))),
        lines=tuple(draw(st.lists(lines(books), max_size=3))),
        taxes=tuple(draw(st.lists(taxes(books), max_size=2))),
        others=tuple(draw(st.lists(others(books), max_size=2))),
        due=draw(st.none() | days),
        terms=draw(st.just("") | codes),
        refers=draw(st.just("") | identifiers),
        reason=draw(st.just("") | codes),
        reference=draw(maybe_text),
        version=draw(st.integers(1, 99)),
        act=draw(acts),
        links=draw(st.frozensets(marks, max_size=3)),
        tags=draw(st.frozensets(marks, max_size=2)),
        extra=draw(extras),
        flag=draw(st.sampled_from("*!")),
    )


openings = st.builds(
    Opening,
    account=accounts | customers.map(names.receivable),
    date=days,
    currencies=st.lists(currencies, max_size=3).map(tuple),
    source=st.just(NOWHERE),
)


@st.composite
def notes(draw: st.DrawFn) -> Event:
    """Make a note about a document; its comment does without quotes and backslashes."""
    customer = draw(customers)
    return Event(
        kind=draw(st.sampled_from(names.EVENTS)),
        date=draw(days),
        subject=draw(identifiers),
        customer=customer,
        act=draw(acts),
        account=names.receivable(customer),
        comment=draw(maybe_text.filter(lambda comment: not set(comment) & set('"\\\n\t'))),
        links=draw(st.frozensets(marks, max_size=3)),
        extra=draw(extras),
    )


#: What may follow each other in a `custom` line; a negative number would be taken off the number before it.
custom_values = identifiers | numbers.map(abs) | amounts(sign=1) | days | st.booleans()
customs = st.builds(
    Event,
    kind=st.sampled_from(names.CUSTOMS),
    date=days,
    subject=st.just("") | identifiers,
    customer=st.just("") | customers,
    act=acts,
    account=st.just(""),
    comment=st.just(""),
    values=st.lists(custom_values, max_size=4).map(tuple),
    links=st.just(frozenset()),
    extra=extras,
    source=st.just(NOWHERE),
)
entries = documents() | openings | notes() | customs
