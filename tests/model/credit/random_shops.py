"""Random shops: what happened, as plain values, and the same written as a ledger; for the property tests of credit.

The formulas here are written from the definitions, not from the code that they test: they look at what happened, never
at entries of the books.
"""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import ROUND_HALF_UP
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from typing import NamedTuple

from tests.model.credit import ledger

if TYPE_CHECKING:
    from random import Random

FIRST = date(2026, 1, 1)
CUSTOMERS = ("C1", "C2")
RATES = {"EUR": Decimal(1), "USD": Decimal("0.9")}
CENT = Decimal("0.01")


class Act(NamedTuple):
    """Something that happened: kind, day, customer, number of the document, what it is about, figures, its text."""

    kind: str
    day: date
    customer: str
    number: str
    about: str
    figures: tuple[tuple[Decimal, ...], ...]
    currency: str
    due: date | None
    text: str


def shop(random: Random, days: int = 12, acts: int = 22, *, releases: bool = False) -> list[Act]:
    """Let things happen, in the order of their days: orders, notes about them, goods, invoices, money.

    With `releases`, what is released may also go beyond a limit, for an amount and some days.
    """
    made: list[Act] = []
    for number in range(acts):
        day = FIRST + timedelta(days=number * days // acts)
        orders = [act for act in made if act.kind == "order" and act.figures]
        items = [act for act in made if act.kind == "invoice"]
        kinds = ["order", "order", "invoice", "credit"]
        kinds += ["confirm", "confirm", "hold", "release", "cancel", "amend", "deliver", "deliver", "return"] * bool(
            orders
        )
        kinds += ["bill", "bill"] * bool(orders) + ["pay", "pay"] * bool(items)
        kind = random.choice(kinds)
        about = random.choice(orders) if orders else None
        paid = random.choice(items) if items else None
        made.append(_act(random, kind, day, f"N{number}", about, paid, made))
        if releases and made[-1].kind == "release":
            made[-1] = _with_amount(random, made[-1])
    return made


def _act(
    random: Random, kind: str, day: date, number: str, about: Act | None, paid: Act | None, made: list[Act]
) -> Act:
    on = str(day)
    customer = random.choice(CUSTOMERS)
    amount = Decimal(random.randint(1, 90000)) / 100
    currency = random.choice(["EUR", "EUR", "USD"])
    if kind in {"order", "amend"}:
        number = about.number if kind == "amend" and about else number
        customer, currency = (about.customer, about.currency) if kind == "amend" and about else (customer, currency)
        return _order(random, day, number, customer, currency, made)
    if kind in {"confirm", "hold", "release", "cancel"}:
        assert about is not None
        word = {"confirm": "confirmed", "hold": "held", "release": "released", "cancel": "cancelled"}[kind]
        version = Decimal(max(act.figures[0][0] for act in made if act.kind == "order" and act.number == about.number))
        text = ledger.note(on, f"order-{word}", about.number, about.customer, int(version))
        return Act(kind, day, about.customer, number, about.number, ((version,),), "", None, text)
    if kind in {"deliver", "return"}:
        assert about is not None
        quantity = Decimal(random.randint(1, 6))
        text = ledger.deliver(on, number, about.number, {1: str(quantity)}, {"deliver": "delivery"}.get(kind, kind))
        return Act(kind, day, about.customer, number, about.number, ((Decimal(1), quantity),), "", None, text)
    if kind == "bill":
        assert about is not None
        quantity = Decimal(random.randint(1, 6))
        text = ledger.invoice(on, number, str(amount), about.number, {1: str(quantity)}, about.customer, about.currency)
        figures = ((amount,), (Decimal(1), quantity))
        return Act("invoice", day, about.customer, number, about.number, figures, about.currency, None, text)
    if kind == "invoice":
        text = ledger.invoice(on, number, str(amount), customer=customer, currency=currency)
        return Act("invoice", day, customer, number, "", ((amount,),), currency, None, text)
    if kind == "pay":
        assert paid is not None
        amount = min(amount, paid.figures[0][0])
        text = ledger.move(on, paid.number, str(-amount), paid.customer, paid.currency)
        return Act("move", day, paid.customer, number, paid.number, ((-amount,),), paid.currency, None, text)
    text = ledger.move(on, number, str(-amount), customer, currency, deposit=True)
    return Act("move", day, customer, number, "deposit " + number, ((-amount,),), currency, None, text)


def _with_amount(random: Random, act: Act) -> Act:
    amount = f"{random.randint(0, 90000) / 100:.2f} {random.choice(['EUR', 'EUR', 'USD'])}"
    return act._replace(
        text=act.text + f"  amount: {amount}\n  until: {act.day + timedelta(days=random.randint(0, 6))}\n"
    )


def _order(random: Random, day: date, number: str, customer: str, currency: str, made: list[Act]) -> Act:
    version = 1 + max(
        (int(act.figures[0][0]) for act in made if act.kind == "order" and act.number == number), default=0
    )
    quantity, net = Decimal(random.randint(1, 8)), Decimal(random.randint(1, 50000)) / 100
    rate = Decimal(random.choice([0, 7, 19]))
    due = random.choice([None, day + timedelta(days=random.randint(0, 20))])
    facts = {"promised": str(due)} if due else {}
    text = ledger.order(
        str(day),
        number,
        ledger.line(str(quantity), f"{net:.2f}", str(rate), **facts),
        customer=customer,
        currency=currency,
        version=version,
    )
    figures = ((Decimal(version), quantity, net, rate),)
    return Act("order", day, customer, number, number, figures, currency, due, text)


# ---- the definition, section 9 ------------------------------------------------------------------------------------


def rounded(number: Decimal) -> Decimal:
    return number.quantize(CENT, rounding=ROUND_HALF_UP)


def expected(acts: list[Act], customer: str, day: date, horizon: int | None, *, deduct: bool) -> list[Decimal]:
    """Work out open items, unapplied credits, unbilled deliveries and open orders, in EUR."""
    known = [act for act in acts if act.day <= day and act.customer == customer]
    balances: dict[tuple[str, str], Decimal] = {}
    for act in known:
        if act.kind in {"invoice", "move"}:
            key = (act.number if act.kind == "invoice" else act.about, act.currency)
            balances[key] = balances.get(key, Decimal(0)) + act.figures[0][0]
    worth = {key: rounded(amount * RATES[key[1]]) for key, amount in balances.items()}
    debits = sum((amount for amount in worth.values() if amount > 0), Decimal(0))
    credits_ = sum((amount for amount in worth.values() if amount < 0), Decimal(0))
    unbilled, ordered = Decimal(0), Decimal(0)
    for number in {act.number for act in known if act.kind == "order"}:
        first, second = _of_order(known, number, day, horizon)
        unbilled, ordered = unbilled + first, ordered + second
    return [debits, credits_ if deduct else Decimal(0), unbilled, ordered]


def _of_order(known: list[Act], number: str, day: date, horizon: int | None) -> tuple[Decimal, Decimal]:
    latest = max((act for act in known if act.kind == "order" and act.number == number), key=lambda act: act.figures[0])
    version, quantity, net, rate = latest.figures[0]
    about = [act for act in known if act.about == number]
    signs = {"deliver": 1, "return": -1}
    delivered = sum((signs[act.kind] * act.figures[0][1] for act in about if act.kind in signs), Decimal(0))
    invoiced = sum((act.figures[1][1] for act in about if act.kind == "invoice"), Decimal(0))
    value = Fraction(net) * Fraction(100 + rate) / 100 / Fraction(quantity)
    waits = max(Decimal(0), quantity - max(delivered, invoiced))
    in_time = horizon is None or latest.due is None or latest.due <= day + timedelta(days=horizon)
    if not (_is_confirmed(about, version) and in_time):
        waits = Decimal(0)
    unbilled = max(Decimal(0), delivered - invoiced)
    rates = RATES[latest.currency]
    return rounded(exact(value * Fraction(unbilled)) * rates), rounded(exact(value * Fraction(waits)) * rates)


def exact(number: Fraction) -> Decimal:
    """Round half up, without a decimal place before it that could have been rounded already."""
    return Decimal(int(number * 100 + Fraction(1, 2))) / 100


def _is_confirmed(about: list[Act], version: Decimal) -> bool:
    """Follow the notes: by day, on one day a hold first, then its release, then the confirmation."""
    ranks = {"hold": 0, "release": 1, "confirm": 2}
    notes = sorted((act.day, ranks[act.kind], act.figures[0][0]) for act in about if act.kind in ranks)
    if any(act.kind == "cancel" for act in about):
        return False
    state = "draft"
    for _, rank, said in notes:
        if rank == 0:
            state = "held"
        elif rank == 1:
            state = "draft"
        elif state != "held":
            state = "confirmed" if said == version else "draft"
    return state == "confirmed"
