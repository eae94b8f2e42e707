"""Credit exposure on random shops: equal to its definition, in every order of a day, and fixed for every past day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c.model import credit
from o2c.model import integrity
from o2c.model.credit.diary import diary
from o2c.model.credit.histories import histories
from o2c.model.credit.standing import Standing
from o2c.model.facts import Facts
from o2c.model.items import open_items
from tests.model.credit import ledger
from tests.model.credit import random_shops
from tests.model.credit.random_shops import CUSTOMERS
from tests.model.credit.random_shops import FIRST

PRICES = "2025-12-31 price USD 0.9 EUR"
seeds = st.integers(0, 2**32)
horizons = st.none() | st.integers(0, 15)
DAYS = [FIRST + timedelta(days=number) for number in range(13)]
IN_EUR = credit.into("EUR", "EUR", lambda currency, _: {"USD": Decimal("0.9")}[currency])


def sums(found: credit.Exposure) -> list[Decimal]:
    return [found.open_items, found.unapplied, found.unbilled_deliveries, found.open_orders]


@given(seeds, horizons, st.booleans())
@settings(max_examples=150, deadline=None)
def test_exposure_is_what_its_definition_says_at_the_end_of_every_day(
    seed: int, horizon: int | None, deduct: bool
) -> None:
    acts = random_shops.shop(Random(seed))
    facts = ledger.facts(PRICES, *(act.text for act in acts))
    for day in DAYS:
        for customer in CUSTOMERS:
            found = credit.exposure(facts, customer, day, "EUR", IN_EUR, horizon, deduct=deduct)
            assert sums(found) == random_shops.expected(acts, customer, day, horizon, deduct=deduct)


@given(seeds, horizons, st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_sums_carried_from_day_to_day_are_those_of_the_documents(
    seed: int, horizon: int | None, deduct: bool
) -> None:
    """The plugin's fast sums equal the exposure that names every document."""
    acts = random_shops.shop(Random(seed))
    entries = ledger.entries(PRICES, *(act.text for act in acts))
    facts, sheet = Facts(entries), integrity.sheet(entries)
    notes = diary(sheet.moves, histories(sheet), CUSTOMERS)
    for customer in CUSTOMERS:
        standing = Standing()
        limit = credit.in_force([limit_entry(horizon, deduct=deduct)], FIRST)
        assert limit is not None
        for day in DAYS:
            if day in notes.days[customer]:
                standing.advance(notes.days[customer][day])
            found = credit.exposure(facts, customer, day, "EUR", IN_EUR, horizon, deduct=deduct)
            assert list(standing.sums(limit, IN_EUR, day)) == sums(found)


def limit_entry(horizon: int | None, *, deduct: bool) -> credit.LimitEntry:
    more = {"horizon": str(horizon)} if horizon is not None else {}
    more |= {} if deduct else {"credits": '"not-deducted"'}
    (event,) = ledger.facts(ledger.limit("2025-12-31", "100.00 EUR", **more)).customs
    return credit.read_limit(event)


@given(seeds, st.integers(0, 12))
@settings(max_examples=100, deadline=None)
def test_what_happens_later_never_changes_the_exposure_of_a_past_day(seed: int, past: int) -> None:
    acts, day = random_shops.shop(Random(seed)), FIRST + timedelta(days=past)
    whole = ledger.facts(PRICES, *(act.text for act in acts))
    then = ledger.facts(PRICES, *(act.text for act in acts if act.day <= day))
    for customer in CUSTOMERS:
        now = credit.exposure(whole, customer, day, "EUR", IN_EUR, 5)
        assert sums(now) == sums(credit.exposure(then, customer, day, "EUR", IN_EUR, 5))
        assert now.total == sum(sums(now))


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_exposure_does_not_depend_on_the_order_within_a_day(seed: int) -> None:
    random = Random(seed)
    acts = random_shops.shop(random)
    mixed = random.sample(acts, len(acts))
    one, other = (ledger.facts(PRICES, *(act.text for act in order)) for order in (acts, mixed))
    for day in DAYS[::3]:
        for customer in CUSTOMERS:
            left, right = (credit.exposure(facts, customer, day, "EUR", IN_EUR) for facts in (one, other))
            assert sums(left) == sums(right)


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_exposure_is_at_least_what_is_owed_and_that_is_not_below_zero(seed: int) -> None:
    """Property S09, for customers without credit balances."""
    acts = [act for act in random_shops.shop(Random(seed)) if act.kind != "move"]
    facts = ledger.facts(PRICES, *(act.text for act in acts))
    for day in DAYS[::3]:
        for customer in CUSTOMERS:
            found = credit.exposure(facts, customer, day, "EUR", IN_EUR)
            owed = [item for item in open_items(facts.moved, day) if item.customer == customer]
            receivable = sum((item.open * random_shops.RATES[item.currency] for item in owed), Decimal(0))
            assert found.total >= round(receivable, 2) - Decimal("0.01") * len(owed)
            assert receivable >= 0


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_each_quantity_is_in_exactly_one_term(seed: int) -> None:
    """Quantities of the terms of a confirmed line that is not over-delivered sum to what is not invoiced."""
    acts = random_shops.shop(Random(seed))
    facts = ledger.facts(PRICES, *(act.text for act in acts))
    last = DAYS[-1]
    for order in facts.documents("order"):
        found = credit.exposure(facts, order.customer, last, "EUR", IN_EUR, confirmed=[order])
        terms = [term for term in found.terms if term.doc_id == order.doc_id]
        counted = sum((Decimal(term.what.split()[2]) for term in terms), Decimal(0))
        delivered, invoiced = (
            sum((quantity(act) for act in acts if act.about == order.doc_id and act.kind in kinds), Decimal(0))
            for kinds in ({"deliver", "return"}, {"invoice"})
        )
        assert counted == max(order.lines[0].quantity, delivered, invoiced) - invoiced


def quantity(act: random_shops.Act) -> Decimal:
    if act.kind == "invoice":
        return act.figures[1][1]
    return -act.figures[0][1] if act.kind == "return" else act.figures[0][1]
