"""Numbers of documents: gapless per series and fiscal year, days never going back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from o2c.model.documents import Document
from o2c.model.numbering import Numbers
from o2c.model.numbering import last_numbers
from o2c.model.numbering import place

if TYPE_CHECKING:
    from tests.scenarios.books import Story

DAY = date(2026, 3, 2)
INVOICES = {"invoice": "INV-{year}-{number:04d}"}


def invoice(number: str, day: date = DAY) -> Document:
    return Document("invoice", number, day, "HOME", "EUR", "Home Stores", "")


def after(*known: str) -> Numbers:
    """Prepare to draw numbers after the invoices of these numbers."""
    return Numbers(last_numbers([invoice(number) for number in known], INVOICES), INVOICES, 1)


def test_the_first_number_is_one(story: Story) -> None:
    assert story.invoice("LAMP 1") == "INV-2026-0001"
    assert story.invoice("LAMP 1") == "INV-2026-0002"


def test_a_refused_command_leaves_no_gap(story: Story) -> None:
    order = story.order("LAMP 1")
    story.refused("invoice", "create", order)
    assert story.invoice("LAMP 1") == "INV-2026-0001"


def test_an_invoice_may_not_go_back_behind_the_last_one(story: Story) -> None:
    story.on("2026-03-05").invoice("LAMP 1")
    order = story.on("2026-03-02").order("LAMP 1", invoicing="order")
    assert "use --date 2026-03-05" in story.refused("invoice", "create", order)
    story.on("2026-03-09")
    assert story.posted("invoice", "create", order, "--date", "2026-03-05") == ["INV-2026-0002"]


def test_a_credit_note_may_not_go_back_behind_the_last_one(story: Story) -> None:
    number = story.on("2026-03-02").invoice("LAMP 3")
    story.on("2026-03-09")
    story("credit-note", "create", number, "--reason", "return", "--line", "1=1", "--date", "2026-03-09")
    story.refused("credit-note", "create", number, "--reason", "return", "--line", "1=1", "--date", "2026-03-08")


def test_orders_and_deliveries_may_be_entered_late(story: Story) -> None:
    story("deliver", story.on("2026-03-09").order("LAMP 1"))
    late = story.on("2026-03-02").order("LAMP 1")
    assert (late, story.posted("deliver", late)) == ("SO-2026-0002", ["DN-2026-0002"])


def test_a_new_fiscal_year_begins_with_one_and_is_named_after_its_end(story: Story) -> None:
    story.change("company", "fiscal_year_start: 1", "fiscal_year_start: 4")
    assert story.on("2026-03-31").invoice("LAMP 1") == "INV-2026-0001"
    assert story.on("2026-04-01").invoice("LAMP 1") == "INV-2027-0001"
    assert story.on("2027-03-31").invoice("LAMP 1") == "INV-2027-0002"


def test_the_old_year_is_closed_to_no_one_while_its_days_do_not_go_back(story: Story) -> None:
    story.on("2025-12-30").invoice("LAMP 1")
    story.on("2026-01-02").invoice("LAMP 1")
    assert story.on("2025-12-31").invoice("LAMP 1") == "INV-2025-0002"


def test_each_series_counts_for_itself(story: Story) -> None:
    number = story.invoice("LAMP 1")
    assert story.posted("credit-note", "create", number, "--reason", "return", "--full") == ["CN-2026-0001"]


def test_the_ten_thousandth_number_gets_a_digit_more_and_counting_goes_on() -> None:
    numbers = after("INV-2026-9998")
    assert [numbers.draw("invoice", DAY) for _ in range(3)] == ["INV-2026-9999", "INV-2026-10000", "INV-2026-10001"]
    assert after("INV-2026-9999", "INV-2026-10001").draw("invoice", DAY) == "INV-2026-10002"


def test_numbers_of_other_systems_belong_to_no_series() -> None:
    strange = after("4711", "INV-2026-12", "INV-2026-0009-A", "inv-2026-0009")
    assert strange.draw("invoice", DAY) == "INV-2026-0001"


@given(
    st.lists(
        st.tuples(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.sampled_from(["invoice", "order"])), max_size=40
    )
)
def test_numbers_are_gapless_per_series_and_year_whatever_is_drawn(drawn: list[tuple[date, str]]) -> None:
    patterns = {**INVOICES, "order": "SO-{year}-{number:04d}"}
    numbers = Numbers(last_numbers([], patterns), patterns, 7)
    places: dict[tuple[str, int], list[int]] = {}
    for day, doc_type in sorted(drawn):
        found = place(numbers.draw(doc_type, day), patterns[doc_type])
        assert found is not None
        places.setdefault((doc_type, found.year), []).append(found.number)
    for counted in places.values():
        assert counted == list(range(1, len(counted) + 1))


def test_a_mistyped_day_of_an_invoice_does_not_block_the_series(story: Story) -> None:
    first, second = story.order("LAMP 3"), story.order("LAMP 1")
    story("deliver", first)
    story("deliver", second)
    said = story.refused("invoice", "create", first, "--date", "2026-12-30")
    assert "INV-2026-0001 would be dated 2026-12-30, after today (2026-03-02)" in said
    assert "o2c --today 2026-12-30 ..." in said
    story.refused("invoice", "run", "--date", "2026-12-30")
    assert story.posted("invoice", "create", second, "--date", "2026-03-02") == ["INV-2026-0001"]
    assert story.on("2026-12-30").posted("invoice", "create", first) == ["INV-2026-0002"]


def test_a_mistyped_day_of_a_credit_note_does_not_block_the_series(story: Story) -> None:
    number = story.invoice("LAMP 3")
    create = ("credit-note", "create", number, "--reason", "return", "--full")
    assert "CN-2026-0001 would be dated 2026-03-03" in story.refused(*create, "--date", "2026-03-03")
    story.on("2026-03-03")(*create)


def test_what_has_no_monotone_series_may_be_dated_ahead(story: Story) -> None:
    assert story.posted("receipt", "HOME", "5.00", "--date", "2026-03-03") == ["RC-2026-0001"]
