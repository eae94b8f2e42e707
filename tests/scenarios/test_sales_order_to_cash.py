"""One customer's March: ordered, delivered in two parts, invoiced, a piece returned, paid short, the rest forgiven."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scenarios.books import Story


def test_a_month_from_the_order_to_the_last_cent(story: Story) -> None:
    order = story.on("2026-03-02").order("LAMP 10", "TEA 4", number="WEB-17", reference="PO 7781")

    story.on("2026-03-04")("deliver", order, "--line", "1=6")
    first = story.on("2026-03-05").posted("invoice", "create", order)[0]
    assert story.open() == {first: "284.89"}

    story.on("2026-03-11")("deliver", order)
    second = story.on("2026-03-31").posted("invoice", "run")[0]
    assert story.open() == {first: "284.89", second: "240.85"}

    credit = story.posted("credit-note", "create", first, "--reason", "return", "--line", "1=1")[0]
    assert story.open() == {first: "237.41", second: "240.85"}

    receipt = story.on("2026-04-02").posted(
        "receipt", "HOME", "478.00 EUR", "--ref", "both invoices", "--apply", first, "--apply", second
    )[0]
    assert story.open() == {second: "0.26"}
    story("write-off", second, "--reason", "small-difference")
    assert story.open() == {}

    shown = story("show", order)
    for number in (order, "DN-2026-0001", "DN-2026-0002", first, second, credit, receipt):
        assert number in shown


def test_the_past_looks_as_it_did_whatever_came_later(story: Story) -> None:
    number = story.on("2026-03-02").invoice("FREE 1 1000.00")
    story.on("2026-03-10")("receipt", "HOME", "400.00 EUR", "--apply", number)
    story.on("2026-03-20")("credit-note", "create", number, "--reason", "price", "--line", "1=100.00 EUR")
    story.on("2026-03-30")("receipt", "HOME", "500.00 EUR", "--apply", number)
    seen = {
        day: story.open(as_of=day) for day in ("2026-03-01", "2026-03-09", "2026-03-19", "2026-03-29", "2026-03-30")
    }
    assert list(seen.values()) == [{}, {number: "1000.00"}, {number: "600.00"}, {number: "500.00"}, {}]


def test_cancelling_the_rest_of_an_order_leaves_what_was_invoiced(story: Story) -> None:
    order = story.on("2026-03-02").order("LAMP 10")
    story("deliver", order, "--line", "1=4")
    number = story.posted("invoice", "create", order)[0]
    story.on("2026-03-09")("order", "cancel", order, "--why", "customer closed the project")
    assert story.open() == {number: "189.92"}
    assert story.posted("invoice", "run") == []
    assert order not in [row["order"] for row in story.json("order", "list", "--open")["rows"]]
