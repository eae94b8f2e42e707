"""Tables on a terminal: they fit, and nothing of them is lost."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c.reports import aging
from o2c.reports.as_text import on_terminal
from o2c.reports.cells import width
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

PARTS = (*aging.PARTS, "total")
COLUMNS = aging.columns()[:-2]


def table(*names: str, amount: str = "12345.67") -> Table:
    rows = tuple(
        {"customer": "C0001", "name": name, "currency": "EUR", **dict.fromkeys(PARTS, Decimal(amount))}
        for name in names
    )
    return Table("aging", "Aging", date(2026, 4, 15), "due date", COLUMNS, rows, totals(rows, *PARTS))


def shown(made: Table, room: int) -> list[str]:
    return on_terminal(made, room, colour=False, blocks=True).splitlines()


@given(st.lists(st.text("abc äöü株式", max_size=60), min_size=1, max_size=3), st.integers(min_value=20, max_value=200))
def test_every_line_fits_and_every_letter_and_figure_is_there(names: list[str], room: int) -> None:
    lines = shown(table(*names), room)
    assert max(map(width, lines)) <= room
    everything = re.sub(r"\s", "", "".join(lines))
    assert everything.count("12345.67") >= len(PARTS) * len(names)
    for letter in set("".join(names)) - set(" abc"):
        assert everything.count(letter) == "".join(names).count(letter)


def test_names_wrap_where_a_row_is_too_long() -> None:
    lines = shown(table("Nordlicht Handelsgesellschaft mit beschränkter Haftung"), 120)
    at = next(index for index, line in enumerate(lines) if line.startswith("C0001"))
    assert "Nordlicht" in lines[at]
    assert lines[at + 1].startswith("       ")
    assert lines[at].endswith("12345.67")


def test_on_a_narrow_terminal_the_figures_of_a_row_have_a_line_of_their_own() -> None:
    lines = shown(table("Anker & Co", amount="1.00"), 80)
    at = next(index for index, line in enumerate(lines) if line.startswith("C0001"))
    assert lines[at].split() == ["C0001", "Anker", "&", "Co", "EUR"]
    assert lines[at + 1].split() == ["1.00"] * 7


def test_bars_show_the_share_of_each_bucket_with_its_amount() -> None:
    row = {"customer": "C1", "name": "x", "currency": "EUR", **dict.fromkeys(PARTS, Decimal(0))}
    rows = ({**row, "current": Decimal("200.00"), "d1_30": Decimal("100.00"), "d91_plus": Decimal("0.01")},)
    made = Table("aging", "Aging", date(2026, 4, 15), "due date", COLUMNS, rows, totals(rows, *PARTS))
    assert shown(made, 200)[-5:] == [
        "EUR  current   200.00  " + "█" * 40,
        "EUR  d1_30     100.00  " + "█" * 20,
        "EUR  d31_60      0.00",
        "EUR  d61_90      0.00",
        "EUR  d91_plus    0.01  ▏",
    ]
    plain = on_terminal(made, 200, colour=False, blocks=False)
    assert plain.isascii()
    assert plain.endswith("EUR  d91_plus    0.01  #\n")


def test_other_reports_have_no_bars() -> None:
    made = table("Anker")._replace(report="open-items")
    assert "█" not in "".join(shown(made, 200))


@pytest.mark.parametrize(("colour", "escapes"), [(True, True), (False, False)])
def test_colour_is_only_there_where_it_is_asked_for(colour: bool, escapes: bool) -> None:
    assert ("\x1b[1m" in on_terminal(table("Anker"), 100, colour=colour, blocks=True)) is escapes


def test_a_column_of_wide_letters_is_aligned_by_what_a_terminal_shows() -> None:
    columns = (Column("name", "text"), Column("open", "money"))
    rows = ({"name": "株式会社", "open": Decimal(1)}, {"name": "abc", "open": Decimal(22)})
    lines = shown(Table("x", "X", None, "", columns, rows), 80)
    assert lines[-2:] == ["株式会社     1", "abc         22"]
