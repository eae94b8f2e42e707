"""An explanation: how a figure is named, what its tree says, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.reports import as_csv
from o2c.reports import as_json
from o2c.reports import explaining
from o2c.reports.explaining import rules
from o2c.reports.explaining import tree
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import made
from o2c.reports.explaining.part import proved
from tests.reports import entries as made_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books

DAY = date(2026, 3, 31)
LEDGER = (
    made_of.sold("INV-1", "2026-01-10", "100.00", due="2026-02-09")
    + made_of.paid("RC-1", "2026-02-20", "40.00", "INV-1")
    + made_of.sold("INV-2", "2026-03-20", "50.00", due="2026-04-19")
    + made_of.paid("RC-2", "2026-03-25", "7.00")
    + made_of.sold("INV-3", "2026-03-20", "30.00", due="2026-04-19", customer="C2")
    + made_of.sold("INV-4", "2026-03-20", "8.00", due="2026-04-19", customer="C2", currency="USD")
)


@pytest.fixture
def ledger(books: Callable[[str], Books]) -> Books:
    return books(LEDGER)


def test_a_bucket_leads_to_the_item_and_to_what_moved_it(ledger: Books) -> None:
    asked, part = explaining.explain(ledger, "aging", DAY, words=["C1", "31-60"])
    assert (asked.name, part.value, part.unit) == ("d31_60", Decimal("60.00"), "EUR")
    (item,) = part.parts
    assert (item.document, item.value) == ("INV-1", Decimal("60.00"))
    assert [(one.document, one.value) for one in item.parts] == [("INV-1", Decimal(100)), ("RC-1", Decimal(-40))]
    assert [one.place.rpartition(":")[2].isdigit() for one in item.parts] == [True, True]


def test_days_of_sales_lead_to_receivables_sales_and_days(ledger: Books) -> None:
    _, part = explaining.explain(ledger, "dso", DAY, words=["EUR"])
    receivables, sales, days = part.parts
    assert (receivables.value, sales.value, days.value) == (Decimal("133.00"), Decimal("180.00"), 90)
    assert part.value == Decimal("66.50")
    assert part.how == "receivables / sales x days"
    assert {one.document for one in sales.parts} == {"INV-1", "INV-2", "INV-3"}


def test_a_total_is_the_sum_of_the_rows_in_its_currency(ledger: Books) -> None:
    _, part = explaining.explain(ledger, "aging", DAY, words=["total", "EUR", "current"])
    assert [(one.what, one.value) for one in part.parts] == [
        ("C1 Customer C1 EUR", Decimal("50.00")),
        ("C2 Customer C2 EUR", Decimal("30.00")),
    ]


def test_without_a_column_the_one_is_meant_that_the_report_is_about(ledger: Books) -> None:
    assert explaining.explain(ledger, "aging", DAY, words=["C1"])[0].name == "total"
    assert explaining.explain(ledger, "open-items", DAY, words=["INV-1"])[0].name == "open"


def test_the_word_total_alone_is_a_row_and_behind_a_row_the_column(ledger: Books) -> None:
    asked, part = explaining.explain(ledger, "aging", DAY, words=["total"], currency="USD")
    assert (asked.name, part.value) == ("total", Decimal("8.00"))
    assert explaining.explain(ledger, "aging", DAY, words=["C1", "total"])[1].value == Decimal("103.00")


def test_a_row_may_be_named_by_its_number(ledger: Books) -> None:
    assert explaining.explain(ledger, "aging", DAY, words=["#3"])[1].value == Decimal("8.00")
    with pytest.raises(NotFound, match="aging has 3 rows, not #4; name one of them"):
        explaining.explain(ledger, "aging", DAY, words=["#4"])


def test_several_rows_that_fit_are_listed_with_what_tells_them_apart(ledger: Books) -> None:
    with pytest.raises(WrongUsage, match="2 rows fit 'C2'; add a word of one row: '#2 Customer C2 EUR', '#3"):
        explaining.explain(ledger, "aging", DAY, words=["C2"])


def test_an_unknown_row_or_column_is_refused_with_the_nearest(ledger: Books) -> None:
    with pytest.raises(NotFound, match="open-items has no row and no figure 'INV-9'; near are 'INV-1'"):
        explaining.explain(ledger, "open-items", DAY, words=["INV-9"])
    with pytest.raises(NotFound, match="aging has no figure 'd61-9'; it has 'd1_30', 'd61_90'"):
        explaining.explain(ledger, "aging", DAY, words=["C1"], column="d61-9")
    with pytest.raises(NotFound, match="no row with all of 'C1 USD'; leave a word out"):
        explaining.explain(ledger, "aging", DAY, words=["C1", "USD"])


def test_a_column_that_has_no_total_is_refused(ledger: Books) -> None:
    with pytest.raises(WrongUsage, match="open-items has no total of days_past_due; name a row"):
        explaining.explain(ledger, "open-items", DAY, words=["total", "EUR", "days_past_due"])


def test_a_wrong_part_deep_in_a_tree_is_found() -> None:
    wrong = Part("item", Decimal(5), "EUR", rules.SUM, (Part("posting", Decimal(4), "EUR"),))
    with pytest.raises(Refused, match="item: the report says 5, its parts make 4"):
        proved(made("bucket", rules.SUM, [wrong], "EUR"))


def test_the_tree_as_text_indents_each_part_below_its_figure(ledger: Books) -> None:
    asked, part = explaining.explain(ledger, "aging", DAY, words=["C1", "31-60"])
    text = tree.as_text(asked, part)
    lines = [line.split("  ", 1)[0] if not line.startswith(" ") else line for line in text.splitlines()]
    assert text.startswith("Aging: C1, Customer C1, EUR, d31_60 as of 2026-03-31; due date; amounts gross of tax\n\n")
    assert lines[2] == "60.00 EUR"
    assert lines[3].startswith("   60.00 EUR  INV-1 due 2026-02-09 = what moved it  <string>:")
    assert lines[4].startswith("      100.00 EUR  invoice of 2026-01-10  INV-1  <string>:")
    assert lines[5].startswith("      -40.00 EUR  receipt of 2026-02-20  RC-1  <string>:")


def test_the_tree_as_a_table_numbers_the_parts(ledger: Books) -> None:
    asked, part = explaining.explain(ledger, "aging", DAY, words=["C1", "31-60"])
    table = tree.as_table(asked, part)
    rows = json.loads(as_json.render(table))["rows"]
    assert [(row["part"], row["value"], row["document"]) for row in rows] == [
        ("0", "60.00", ""),
        ("1", "60.00", "INV-1"),
        ("1.1", "100.00", "INV-1"),
        ("1.2", "-40.00", "RC-1"),
    ]
    assert ",-40.00,EUR,,RC-1," in as_csv.render(table)


def test_of_many_parts_the_largest_are_shown_and_the_rest_is_one_sum(books: Callable[[str], Books]) -> None:
    ledger = books("".join(made_of.sold(f"INV-{n}", "2026-03-01", f"{n}.00", due="2026-04-01") for n in range(1, 31)))
    asked, part = explaining.explain(ledger, "aging", DAY, words=["C1", "current"])
    lines = tree.as_text(asked, part).splitlines()[3:]
    assert len(lines) == 21
    assert "30.00 EUR  INV-30 due" in lines[0]
    assert lines[-1].strip() == "55.00 EUR  and 10 more; --all shows them"
    assert len(tree.as_text(asked, part, every=True).splitlines()[3:]) == 30


def test_hostile_text_cannot_move_the_cursor(books: Callable[[str], Books]) -> None:
    ledger = books(LEDGER.replace('"Customer C1"', '"Mean\x1b[31m\u202eone"'))
    asked, part = explaining.explain(ledger, "aging", DAY, words=["C1"])
    assert "\x1b" not in tree.as_text(asked, part)
    assert "<U+202E>" in tree.as_text(asked, part)


def test_items_of_the_same_name_on_both_accounts_are_not_mixed_up(books: Callable[[str], Books]) -> None:
    both = [made_of.moved("X-1", "30.00", is_credit=True), made_of.moved("X-1", "50.00"), "Income:Sales  -80.00 EUR"]
    text = '2026-02-01 * "By hand"\n' + "".join(f"  {one.strip()}\n" for post in both for one in post.split(";"))
    for row in ("#1", "#2"):
        asked, part = explaining.explain(books(text), "subsequent-receipts", DAY, words=[row, "open"])
        assert part.value == asked.row["open"]
