"""Tax by code and period as the tax accounts have it, and duties that one person held together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from beancount.core.data import Transaction

from o2c import books as door
from o2c.model import taxed
from o2c.reports import duties
from o2c.reports import sales
from o2c.reports import tax
from tests.reports import entries

if TYPE_CHECKING:
    from o2c.books import Books
    from tests.reports.entries import Make

DAY = date(2026, 6, 30)
DEMO = Path(__file__).parents[2] / "ledger"


@pytest.fixture(scope="module")
def demo() -> Books:
    return door.load(DEMO)


def test_tax_by_month_is_what_moved_on_the_tax_accounts(demo: Books) -> None:
    """Compared with the postings themselves: every posting on a tax account of the demo books is a tax."""
    moved: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in demo.entries:
        if isinstance(entry, Transaction) and entry.date <= DAY:
            for posting in entry.postings:
                if posting.account.startswith("Liabilities:Tax:"):
                    moved[f"{entry.date:%Y-%m}", posting.account] -= posting.units.number
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in tax.report(demo, DAY).rows:
        if row["posted"]:
            found[str(row["period"]), str(row["account"])] += Decimal(str(row["posted"]))
    assert found == {key: amount for key, amount in moved.items() if amount}
    assert len(found) >= 6


def test_the_tax_of_sales_and_the_tax_report_agree(demo: Books) -> None:
    by_tax = {row["currency"]: row["tax"] for row in tax.report(demo, DAY).totals}
    off = sum(
        taxed.rated(doc, one).tax
        for doc in demo.facts.documents(as_of=DAY)
        for one in doc.taxes
        if doc.doc_type not in {"invoice", "credit-note", "reversal"}
    )
    assert {row["currency"]: row["tax"] for row in sales.report(demo, DAY).totals} == by_tax | {
        "EUR": by_tax["EUR"] - off
    }


def test_credit_notes_lower_base_and_tax(books: Make) -> None:
    posting = '{};Liabilities:Tax:VAT  {};  tax-code: "T19";  tax-category: "S";  tax-base: {} EUR;  tax-rate: 19'
    sale = posting.format(f"{entries.moved('INV-1', '119')};Income:Sales  -100 EUR", "-19.00 EUR", "100.00")
    back = posting.format(f"{entries.moved('INV-1', '-11.90')};Income:Sales  10 EUR", "1.90 EUR", "10.00")
    text = entries.doc("invoice", "INV-1", "2026-06-01", sale) + entries.doc("credit-note", "CN-1", "2026-06-02", back)
    (row,) = tax.report(books(text), DAY).rows
    assert (row["period"], row["base"], row["tax"], row["posted"], row["documents"]) == (
        "2026-06", 90, Decimal("17.10"), Decimal("17.10"), 2,
    )  # fmt: skip
    assert tax.report(books(text), DAY, since=date(2026, 6, 2)).rows[0]["tax"] == Decimal("-1.90")


def test_duties_name_the_person_and_the_place(books: Make) -> None:
    text = entries.sold("INV-1", "2026-06-01", "100.00").replace("  customer:", '  by: "jonas"\n  customer:')
    text += entries.paid("RC-1", "2026-06-10", "60.00", "INV-1").replace("  customer:", '  by: "jonas"\n  customer:')
    made = books(text)
    (row,) = duties.report(made, DAY).rows
    assert (row["person"], row["first_duty"], row["second_duty"], row["times"]) == ("jonas", "invoice", "receipt", 1)
    assert (row["first"], row["second"]) == ("INV-1", "RC-1")
    assert str(row["source"]).endswith(f":{made.facts.versions['RC-1'][0].source.line}")
    assert duties.report(made, date(2026, 6, 9)).rows == ()
    assert duties.report(made, DAY, currency="USD").rows == ()
    assert len(duties.report(made, DAY, customer="C1").rows) == 1


def test_roles_that_should_be_apart_are_listed_without_entries(demo: Books) -> None:
    policies = replace(demo.master.policies, users={"kim": ("orders", "warehouse")})
    made = door.load(DEMO)
    made.__dict__["master"] = replace(demo.master, policies=policies)
    (row,) = [row for row in duties.report(made, DAY).rows if row["person"] == "kim"]
    assert (row["times"], row["first"], row["second"]) == (0, "role orders", "role warehouse")
