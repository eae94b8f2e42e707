"""Twelve vectors of credit exposure, worked out by hand from the shared definitions, section 9."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from typing import NamedTuple

import pytest
from beancount.core.amount import Amount

from o2c.errors import Refused
from o2c.model import credit
from tests.model.credit import ledger
from tests.model.credit.ledger import confirm
from tests.model.credit.ledger import deliver
from tests.model.credit.ledger import invoice
from tests.model.credit.ledger import line
from tests.model.credit.ledger import move
from tests.model.credit.ledger import note
from tests.model.credit.ledger import order

DAY = date(2026, 3, 31)
IN_EUR = credit.into("EUR", "EUR", credit.quoted((), "EUR"))


class Vector(NamedTuple):
    """What is in the books, and open items, unapplied, unbilled deliveries and open orders at the end of March."""

    books: list[str]
    sums: tuple[str, str, str, str]
    options: dict[str, Any] = {}  # noqa: RUF012 - read only


#: Ten lamps at 39.90, 19 %: 399.00 net, 474.81 gross; tea for 226.10 net, 7 %: 241.93 gross (241.927).
LAMPS = line("10", "399.00", "19")
TEA = line("20", "226.10", "7")
BOTH = order("2026-03-01", "SO1", LAMPS, TEA)
VECTORS = {
    "an order that is only a draft uses nothing": Vector([BOTH], ("0", "0", "0", "0")),
    "a confirmed order counts gross, each line at its own rate": Vector(
        [BOTH, confirm("2026-03-02", "SO1")], ("0", "0", "0", "716.74")
    ),
    # 4 of 10 lamps: 159.60 net, 189.924 gross; the other 6: 239.40 net, 284.886 gross; tea stays whole.
    "what is delivered in part moves from one term to the other": Vector(
        [BOTH, confirm("2026-03-02", "SO1"), deliver("2026-03-05", "D1", "SO1", {1: "4"})],
        ("0", "0", "189.92", "526.82"),
    ),
    "what is invoiced is an open item and nothing else; a part payment lowers it": Vector(
        [
            BOTH,
            confirm("2026-03-02", "SO1"),
            deliver("2026-03-05", "D1", "SO1", {1: "10", 2: "20"}),
            invoice("2026-03-06", "I1", "716.74", "SO1", {1: "10", 2: "20"}),
            move("2026-03-20", "I1", "-216.74"),
        ],
        ("500.00", "0", "0", "0"),
    ),
    # invoiced before delivery (invoicing: order): 10 lamps are invoiced, 4 handed over; tea was not invoiced.
    "what is invoiced before it is delivered counts as invoiced only": Vector(
        [
            BOTH,
            confirm("2026-03-02", "SO1"),
            invoice("2026-03-03", "I1", "474.81", "SO1", {1: "10"}),
            deliver("2026-03-05", "D1", "SO1", {1: "4"}),
        ],
        ("474.81", "0", "0", "241.93"),
    ),
    # 12 of 10 lamps: 478.80 net, 569.772 gross.
    "more than was ordered counts as delivered": Vector(
        [
            order("2026-03-01", "SO1", LAMPS),
            confirm("2026-03-02", "SO1"),
            deliver("2026-03-05", "D1", "SO1", {1: "12"}),
        ],
        ("0", "0", "569.77", "0"),
    ),
    # 10 delivered, 3 returned: 7 lamps, 279.30 net, 332.367 gross, wait for their invoice, 3 are open again.
    "a return takes its quantity back": Vector(
        [
            order("2026-03-01", "SO1", LAMPS),
            confirm("2026-03-02", "SO1"),
            deliver("2026-03-05", "D1", "SO1", {1: "10"}),
            deliver("2026-03-09", "R1", "SO1", {1: "3"}, "return"),
        ],
        ("0", "0", "332.37", "142.44"),
    ),
    "an amended order must be confirmed again; what was delivered still counts": Vector(
        [
            order("2026-03-01", "SO1", LAMPS),
            confirm("2026-03-02", "SO1"),
            deliver("2026-03-05", "D1", "SO1", {1: "4"}),
            order("2026-03-10", "SO1", line("20", "798.00", "19"), version=2),
        ],
        ("0", "0", "189.92", "0"),
    ),
    # March 31 + 10 days is April 10: the first line counts, the second does not, the third has no day and counts.
    "the horizon lets in what is promised up to its last day": Vector(
        [
            order(
                "2026-03-01",
                "SO1",
                line("1", "100.00", "20", promised="2026-04-10"),
                line("1", "50.00", "20", promised="2026-04-11"),
                line("1", "7.00", "20"),
            ),
            confirm("2026-03-02", "SO1"),
        ],
        ("0", "0", "0", "128.40"),
        {"horizon": 10},
    ),
    "credits not used yet are deducted": Vector(
        [invoice("2026-03-06", "I1", "1000.00"), move("2026-03-20", "RC1", "-300.00", deposit=True)],
        ("1000.00", "-300.00", "0", "0"),
    ),
    "or are not, where the limit says so": Vector(
        [invoice("2026-03-06", "I1", "1000.00"), move("2026-03-20", "RC1", "-300.00", deposit=True)],
        ("1000.00", "0", "0", "0"),
        {"deduct": False},
    ),
    # 1000 USD at 0.92 = 920.00; order 100 USD + 10 % = 110 USD = 101.20; held and cancelled orders count 0; one
    # invoice of April does not count in March.
    "other currencies count at the rate of the day; held, cancelled and later ones do not count": Vector(
        [
            "2026-01-01 price USD 0.80 EUR",
            "2026-03-31 price USD 0.92 EUR",
            "2026-04-01 price USD 0.99 EUR",
            invoice("2026-01-06", "I1", "1000.00", currency="USD"),
            order("2026-03-01", "SO1", line("1", "100.00", "10"), currency="USD"),
            confirm("2026-03-01", "SO1"),
            order("2026-03-01", "SO2", LAMPS),
            confirm("2026-03-01", "SO2"),
            note("2026-03-02", "order-held", "SO2"),
            order("2026-03-01", "SO3", LAMPS),
            confirm("2026-03-01", "SO3"),
            note("2026-03-02", "order-cancelled", "SO3"),
            invoice("2026-04-01", "I2", "77.00"),
        ],
        ("920.00", "0", "0", "101.20"),
    ),
}


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS.keys())
def test_vector(vector: Vector) -> None:
    entries = ledger.entries(*vector.books)
    rate = credit.into("EUR", "EUR", credit.quoted(entries, "EUR"))
    found = credit.exposure(ledger.Facts(entries), "C1", DAY, "EUR", rate, **vector.options)
    sums = (found.open_items, found.unapplied, found.unbilled_deliveries, found.open_orders)
    assert sums == tuple(map(Decimal, vector.sums))
    assert found.total == sum(map(Decimal, vector.sums))


def test_there_are_twelve_vectors() -> None:
    assert len(VECTORS) == 12


def test_a_missing_rate_is_refused_with_the_line_to_add() -> None:
    entries = ledger.entries(invoice("2026-01-06", "I1", "1000.00", currency="USD"))
    rate = credit.into("EUR", "EUR", credit.quoted(entries, "EUR"))
    with pytest.raises(Refused, match="no rate for USD on 2026-03-31; add a line like `2026-03-31 price USD"):
        credit.exposure(ledger.Facts(entries), "C1", DAY, "EUR", rate)


def test_a_limit_in_dollars_converts_from_the_books_currency() -> None:
    entries = ledger.entries("2026-01-01 price USD 0.80 EUR", invoice("2026-01-06", "I1", "100.00"))
    rate = credit.into("USD", "EUR", credit.quoted(entries, "EUR"))
    found = credit.exposure(ledger.Facts(entries), "C1", DAY, "USD", rate)
    assert found.total == Decimal("125.00")


def test_what_a_draft_would_add_is_its_open_quantity() -> None:
    facts = ledger.facts(BOTH, invoice("2026-03-06", "I1", "10.00"))
    rate = IN_EUR
    wanted = facts.document("SO1")
    assert credit.would_be(facts, [wanted], DAY, "EUR", rate).total == Decimal("726.74")
    assert credit.exposure(facts, "C1", DAY, "EUR", rate).total == Decimal("10.00")


def test_each_term_names_its_document_amount_and_rate() -> None:
    facts = ledger.facts(*VECTORS["what is delivered in part moves from one term to the other"].books)
    found = credit.exposure(facts, "C1", DAY, "EUR", IN_EUR)
    assert [(term.kind, term.doc_id, term.amount, term.counted) for term in found.terms] == [
        ("open-order", "SO1", Amount(Decimal("284.89"), "EUR"), Decimal("284.89")),
        ("unbilled-delivery", "SO1", Amount(Decimal("189.92"), "EUR"), Decimal("189.92")),
        ("open-order", "SO1", Amount(Decimal("241.93"), "EUR"), Decimal("241.93")),
    ]
    assert found.terms[0].what == "line 1: 6 x ordered"


def test_who_belonged_to_a_group_in_the_past_stays_what_it_was() -> None:
    books = ledger.facts(
        ledger.limit("2026-01-01", "10.00 EUR", "BOTH", members='"C1 C2"'),
        ledger.limit("2026-03-01", "20.00 EUR", "BOTH", members='"C2 C3"'),
    )
    on = [date(2025, 12, 31), date(2026, 2, 28), date(2026, 3, 1)]
    assert [credit.group_of(books, "C1", day) for day in on] == ["", "BOTH", ""]
    assert [credit.group_of(books, "C3", day) for day in on] == ["", "", "BOTH"]
