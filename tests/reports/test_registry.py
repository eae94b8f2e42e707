"""The registry of reports: every name computes, with the options it says it takes."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c import reports
from o2c.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books

TOP = Path(__file__).parents[2]
DAY = date(2026, 6, 30)


@pytest.mark.parametrize("name", reports.REPORTS)
def test_every_report_computes_and_names_itself(books: Callable[[str], Books], name: str) -> None:
    given = {"currency": "EUR"} if "currency" in reports.options(name) else {}
    table = reports.run(name, books(""), DAY, **given)
    assert (table.report, table.as_of, table.rows) == (name, DAY, ())


def test_an_unknown_report_is_refused_with_the_list(books: Callable[[str], Books]) -> None:
    with pytest.raises(WrongUsage, match="open-items, aging, dso"):
        reports.run("ageing", books(""), DAY)


def test_an_option_that_a_report_does_not_take_is_refused_by_name(books: Callable[[str], Books]) -> None:
    with pytest.raises(WrongUsage, match="aging has no option --days"):
        reports.run("aging", books(""), DAY, days=90)


def test_what_is_no_currency_is_refused(books: Callable[[str], Books]) -> None:
    with pytest.raises(WrongUsage, match="currency"):
        reports.run("aging", books(""), DAY, currency="euro")


def test_the_list_of_reports_costs_no_import_of_any_report() -> None:
    heavy = ("o2c.reports.", "beancount", "xlsxwriter")
    code = f"import sys, o2c.reports; print([m for m in sys.modules if m.startswith({heavy})])"
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
