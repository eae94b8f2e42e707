"""What is posted for later days changes no report of an earlier day: not one byte, through both doors."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from o2c import books as door
from o2c import reports
from o2c.reports import output
from tests.reports import entries
from tests.reports import flow

if TYPE_CHECKING:
    from o2c.books import Books

DEMO = Path(__file__).parents[2] / "ledger"
#: The last two working days of February; the demonstration books go on until April.
DAY, LAST = date(2026, 2, 26), date(2026, 2, 27)
C0001, C0013 = {"customer": "C0001"}, {"customer": "C0013"}


def sold_by_hand() -> str:
    """Write what is there on the day: an order, disputes, promises, an item by hand, a number that is missing."""
    return (
        flow.ordered("SO-2026-9001", "2026-02-20", **C0001)
        + flow.confirmed("SO-2026-9001", "2026-02-20", **C0001)
        + entries.sold("INV-2026-9001", "2026-02-20", "250.00", due="2026-02-22", **C0001)
        + entries.sold("INV-2026-9003", "2026-02-25", "90.00", due="2026-03-27", **C0001)
        + entries.credited("CN-2026-9001", "2026-02-25", "40.00", "INV-2026-9003", reason="price", **C0001)
        + entries.paid("RC-2026-9001", "2026-02-24", "60.00", **C0001)
        + entries.allocated("AL-2026-9001", "2026-02-25", "50.00", "RC-2026-9001", "INV-2026-9001", "C0001")
        + entries.noted("dispute-opened", "2026-02-20", "INV-2026-0043", "C0023", reason='"price"')
        + entries.noted("dispute-opened", "2026-02-21", "INV-2026-0012", "C0007", amount="99.00 EUR")
        + entries.noted("promise", "2026-02-22", "INV-2026-0026", "C0014", promised="2026-03-10")
        + '\n2026-02-18 * "By hand"\n  Assets:AR:C0003  70.00 EUR\n    item: "OLD-9"\n  Equity:Opening-Balances\n'
        + "\n2026-02-01 open Assets:Bank\n2026-02-01 open Liabilities:Customer-Deposits:C0001\n"
    )


def posted_later() -> str:
    """Write what takes it all back, changes, answers or closes it afterwards."""
    march = "2026-03-03"
    return (
        flow.ordered("SO-2026-9001", march, 3, **C0001, version="2")
        + entries.noted("order-cancelled", "2026-03-04", "SO-2026-9001", "C0001", version="2")
        + entries.noted("order-held", march, "SO-2026-0076", "C0005", version="1")
        + entries.bounced("RV-2026-9001", march, "3356.52", "RC-2026-0038", "INV-2026-0041")
        .replace("C1", "C0013")
        .replace("Assets:Bank ", "Assets:Bank:Hamburg ")
        + entries.taken_back("AL-2026-9002", march, "50.00", "AL-2026-9001", "RC-2026-9001", "INV-2026-9001").replace(
            "C1", "C0001"
        )
        + entries.doc(
            "reversal", "RV-2026-9002", march,
            f'{entries.moved("INV-2026-9003", "40.00", "C0001")};Income:Sales  -40.00 EUR',
            **C0001, refers='"CN-2026-9001"', reverses='"credit-note"',
        )
        + entries.credited("CN-2026-9002", march, "10.00", "INV-2026-9001", reason="return", **C0001)
        + entries.written_off("WO-2026-9001", march, "20.00", "INV-2026-9001").replace("C1", "C0001")
        + flow.delivered("DN-2026-9001", march, "SO-2026-9001", 2, **C0001)
        + f'\n{march} * "By hand"\n  Assets:AR:C0003  5.00 EUR\n    item: "OLD-9"\n  Income:Sales\n'
        + entries.noted("dispute-resolved", march, "INV-2026-0043", "C0023")
        + entries.noted("dispute-opened", march, "INV-2026-0012", "C0007", amount="500.00 EUR")
        + entries.noted("promise", march, "INV-2026-0026", "C0014", promised="2026-02-25", amount="1.00 EUR")
        + entries.noted("reminder", march, "2025-1198", "C0014")
        + entries.noted("sent", march, "INV-2026-0043", "C0023")
        + f'\n{march} custom "o2c-limit" "SHOPS" 99000.00 EUR\n  members: "C0001 C0003"\n'
        + f'\n{march} custom "o2c-limit" "C0001" 9.00 EUR\n  kind: "temporary"\n  until: 2026-05-31\n'
        + f'\n{march} custom "o2c-void" "SO-2026-0126" "SO-2026-9000"\n  why: "left out"\n'
        + f'\n{march} custom "o2c-void" "RC-2026-9000"\n  why: "lost"\n'
        + f'\n{march} custom "o2c-close" "2026-02" 2026-02-28 "closed"\n'
        + f'\n{march} custom "o2c-approval" "PR-2026-0001" "sha256:9b74c9897bac770f"\n  subject: "PR-2026-0001"\n'
        + f'\n{march} custom "o2c-allowance" "INV-2026-9001" 120.00 EUR\n  customer: "C0001"\n'
        + f"\n{march} price USD 2.00 EUR\n"
    )  # fmt: skip


def _ways(name: str) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = [
        {},
        {"since": date(2026, 1, 5)},
        {"since": date(2026, 1, 5), "valued": True},
        {"until": LAST, "customer": "C0001"},
        {"method": "average"},
        {"method": "countback"},
        {"weeks": 3},
    ]
    if name == "subsequent-receipts":  # it looks behind the day by its nature, and ends where it is told
        return [{"until": LAST}]
    return [way for way in asked if way.keys() <= reports.options(name)]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give the books as they stood on the day, and with all that was posted for later days."""
    root = tmp_path_factory.mktemp("past")
    for name in ("then", "now"):
        shutil.copytree(DEMO, root / name, ignore=shutil.ignore_patterns(".o2c"))
        (root / name / "manual" / "odd.beancount").write_text(sold_by_hand())
    (root / "now" / "manual" / "odd-later.beancount").write_text(posted_later())
    (root / "then" / "journal" / "2026-03.beancount").unlink()
    prices = root / "then" / "manual" / "prices.beancount"
    prices.write_text("\n".join(line for line in prices.read_text().split("\n") if line < "2026-03"))
    return root / "then", root / "now"


@pytest.fixture(scope="module", params=["loaded", "indexed"])
def books(request: pytest.FixtureRequest, folders: tuple[Path, Path]) -> tuple[Books, Books]:
    """Give both books, through one door."""
    opened = door.load if request.param == "loaded" else door.opened
    then, now = (opened(folder) for folder in folders)
    assert not then.errors
    assert not now.errors
    return then, now


@pytest.mark.parametrize("name", reports.REPORTS)
def test_what_is_posted_for_later_days_changes_no_report_of_an_earlier_day(
    books: tuple[Books, Books], name: str
) -> None:
    for way in _ways(name):
        then, now = (output.render(reports.run(name, one, DAY, **way), "json") for one in books)
        assert now == then, way


def test_the_later_entries_would_be_seen_later(books: tuple[Books, Books]) -> None:
    then, now = books
    later = date(2026, 3, 31)
    same = [name for name in reports.REPORTS if reports.run(name, then, later) == reports.run(name, now, later)]
    assert not same
