"""The registry of reports: every name computes, with the options it says it takes."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c import reports
from o2c.books import load
from o2c.errors import NotFound
from o2c.errors import WrongUsage
from o2c.starting import start_demo

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books

TOP = Path(__file__).parents[2]
DAY = date(2026, 6, 30)
#: What every report can be narrowed to, and the reports that cannot, with the reason.
WHOM = {"customer", "currency", "group"}
OF_ALL = {"numbering": "a series of numbers belongs to the company: within one customer every number has gaps"}
DEMO_DAY = date(2026, 3, 31)
#: The credit group of the demo books, and its customers.
GROUP = "RIVE-CLAIRE"
MEMBERS = {"C0008", "C0009", "C0010"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """The demo books; nobody writes into them."""
    root = tmp_path_factory.mktemp("registry") / "books"
    start_demo(root)
    return load(root)


@pytest.mark.parametrize("name", reports.REPORTS)
def test_every_report_computes_and_names_itself(books: Callable[[str], Books], name: str) -> None:
    given = {"currency": "EUR"} if "currency" in reports.options(name) else {}
    table = reports.run(name, books(""), DAY, **given)
    assert (table.report, table.as_of, table.rows) == (name, DAY, ())


@pytest.mark.parametrize("name", reports.REPORTS)
def test_every_report_with_money_says_whether_tax_is_in_it(books: Callable[[str], Books], name: str) -> None:
    table = reports.run(name, books(""), DAY)
    columns = {column.name for column in table.columns}
    if any(column.kind == "money" for column in table.columns) and not columns & {"net", "gross", "tax"}:
        said = "debit positive" if name == "event-log" else "of tax"  # what entries moved, as the ledger has it
        assert said in table.basis


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


@pytest.mark.parametrize("name", [name for name in reports.REPORTS if name not in OF_ALL])
def test_every_report_can_be_narrowed_to_customer_currency_and_group(name: str) -> None:
    assert reports.options(name) >= WHOM


@pytest.mark.parametrize("name", OF_ALL)
def test_a_report_of_all_says_so_by_taking_none_of_these_options(name: str) -> None:
    assert not reports.options(name) & WHOM


@pytest.mark.parametrize("name", reports.REPORTS)
def test_every_head_says_what_is_counted_and_totals_are_one_per_currency(demo: Books, name: str) -> None:
    table = reports.run(name, demo, DEMO_DAY)
    assert table.basis
    currencies = [row["currency"] for row in table.totals]
    assert len(currencies) == len(set(currencies))


@pytest.mark.parametrize("name", [name for name in reports.REPORTS if name not in OF_ALL])
def test_a_group_has_the_rows_of_its_members_and_no_others(demo: Books, name: str) -> None:
    all_, given = reports.run(name, demo, DEMO_DAY), {"group": GROUP}
    table = reports.run(name, demo, DEMO_DAY, **given)
    if "customer" in {column.name for column in all_.columns}:
        wanted = [row["customer"] for row in all_.rows if row["customer"] in MEMBERS]
        assert [row["customer"] for row in table.rows if row["customer"] != GROUP] == wanted
    with pytest.raises(NotFound, match="no credit group"):
        reports.run(name, demo, DEMO_DAY, group="NOBODY")
