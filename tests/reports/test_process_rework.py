"""Rework and touchless: what counts as a hand laid on, what as done twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.model.documents import Act
from o2c.reports import rework
from o2c.reports.process.activities import is_by_hand
from tests.reports.entries import allocated
from tests.reports.entries import credited
from tests.reports.entries import noted
from tests.reports.entries import paid
from tests.reports.entries import taken_back
from tests.reports.flow import confirmed
from tests.reports.flow import delivered
from tests.reports.flow import invoiced
from tests.reports.flow import ordered
from tests.reports.flow import told

if TYPE_CHECKING:
    from o2c.reports.table import Row
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)


def chain(number: int, *, deliver: str = "deliver --all", pay: str = "bank import may.xml") -> str:
    day = "2026-01-05"
    return (
        ordered(f"SO-{number}", day, **told(day, why="order import"))
        + confirmed(f"SO-{number}", day, **told(day, why="order confirm --all"))
        + delivered(f"DN-{number}", day, f"SO-{number}", **told(day, why=deliver))
        + invoiced(f"INV-{number}", day, f"SO-{number}", **told(day, why="invoice run --until 2026-01-31"))
        + paid(f"RC-{number}", "2026-02-01", "50.00", f"INV-{number}").replace(
            '  currency: "EUR"\n', f'  currency: "EUR"\n  why: "{pay}"\n', 1
        )
    )


def kinds(books: Make, text: str) -> dict[str, Row]:
    return {str(row["kind"]): row for row in rework.report(books(text), DAY).rows}


def test_runs_from_the_order_to_the_money_are_touchless(books: Make) -> None:
    found = kinds(books, chain(1))
    assert set(found) == {"touchless-to-invoice", "touchless", "no-rework"}
    assert all((row["cases"], row["of"], row["share"]) == (1, 1, Decimal("100.00")) for row in found.values())


def test_a_delivery_by_hand_is_a_touch_and_no_rework(books: Make) -> None:
    found = kinds(books, chain(1) + chain(2, deliver="deliver SO-2"))
    assert {name: (row["cases"], row["of"]) for name, row in found.items()} == {
        "touchless-to-invoice": (1, 2),
        "touchless": (1, 2),
        "no-rework": (2, 2),
        "by-hand-delivered": (1, 2),
    }
    assert found["by-hand-delivered"]["example"] == "SO-2"


def test_money_entered_by_hand_leaves_the_way_to_the_invoice_touchless(books: Make) -> None:
    found = kinds(books, chain(1, pay="receipt C1 50.00"))
    assert (found["touchless-to-invoice"]["cases"], found["touchless"]["cases"]) == (1, 0)
    assert found["by-hand-paid"]["times"] == 1


REWORK = {
    "amended": ordered("SO-1", "2026-01-06", 12, version="2"),
    "held": noted("order-held", "2026-01-06", "SO-1"),
    "cancelled": noted("order-cancelled", "2026-03-06", "SO-1"),
    "returned": delivered("RT-1", "2026-03-06", "SO-1", kind="return", refers='"DN-1"'),
    "disputed": noted("dispute-opened", "2026-01-20", "INV-1"),
    "credited": credited("CN-1", "2026-03-06", "50.00", "INV-1"),
}


@pytest.mark.parametrize("kind", REWORK)
def test_every_kind_of_rework_is_counted_and_takes_touchless_away(books: Make, kind: str) -> None:
    found = kinds(books, chain(1) + chain(2) + REWORK[kind])
    assert (found[kind]["cases"], found[kind]["of"], found[kind]["share"]) == (1, 2, Decimal("50.00"))
    assert found["touchless"]["cases"] == 1
    assert found["no-rework"]["cases"] == 1


def test_credited_and_invoiced_again_is_rebilled_but_a_second_delivery_is_not(books: Make) -> None:
    again = credited("CN-1", "2026-03-06", "50.00", "INV-1") + invoiced("INV-9", "2026-03-07", "SO-1")
    found = kinds(books, chain(1) + again)
    assert (found["rebilled"]["cases"], found["rebilled"]["times"]) == (1, 1)
    third = invoiced("INV-10", "2026-03-08", "SO-1")
    assert kinds(books, chain(1) + again + third)["rebilled"]["times"] == 1
    assert "rebilled" not in kinds(books, chain(1) + invoiced("INV-9", "2026-03-07", "SO-1"))


def test_an_allocation_taken_back_is_reallocated(books: Make) -> None:
    text = ordered("SO-1", "2026-01-05") + invoiced("INV-1", "2026-01-05", "SO-1") + paid("RC-1", "2026-01-06", "50.00")
    text += allocated("AL-1", "2026-01-07", "50.00", "RC-1", "INV-1")
    text += taken_back("AL-2", "2026-01-08", "50.00", "AL-1", "RC-1", "INV-1")
    found = kinds(books, text)
    assert found["reallocated"]["cases"] == 1
    assert (found["touchless"]["cases"], found["touchless"]["of"], found["touchless"]["share"]) == (0, 0, "")


@pytest.mark.parametrize(
    ("activity", "why", "by_hand"),
    [
        ("invoiced", "invoice run", False),
        ("invoiced", "invoice run --until 2026-01-31", False),
        ("invoiced", "invoice running late", True),
        ("invoiced", "invoice create SO-1", True),
        ("invoiced", "", True),
        ("delivered", "invoice run", True),
        ("credit-warned", "anything", False),
        ("order-held", "order confirm --all", True),
    ],
)
def test_the_reason_of_an_entry_tells_a_run_from_a_person(activity: str, why: str, by_hand: bool) -> None:
    assert is_by_hand(activity, Act(why=why)) is by_hand
