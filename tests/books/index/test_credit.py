"""New entries are judged against credit limits through the index as the plugin would judge all of the books."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from beancount.parser import parser
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c import books as door
from o2c.books.index import books as indexed_books
from o2c.books.index import credit
from o2c.books.index import sync
from o2c.books.index.books import IndexedBooks
from o2c.model import integrity
from o2c.model.credit.breaches import breaches
from tests.books.index import small_books
from tests.model.credit import ledger
from tests.model.credit import random_shops
from tests.model.credit.ledger import limit

if TYPE_CHECKING:
    from beancount.core.data import Directive

MAIN = """\
option "operating_currency" "EUR"
plugin "beancount_o2c.credit_limit"
include "journal/*.beancount"
"""


def messages(entries: list[Directive]) -> set[str]:
    return {finding.message for finding in breaches(entries, integrity.sheet(entries), "EUR")}


def limits(random: Random) -> list[str]:
    """Make limits of the customers and their group, set and changed on some days."""
    made = []
    for name, most in (("C1", 1500), ("C2", 1500), ("BOTH", 2500)):
        more = {"members": '"C1 C2"'} if name == "BOTH" else {}
        more |= random.choice([{}, {"horizon": "4"}, {"credits": '"not-deducted"'}])
        day = random_shops.FIRST + timedelta(days=random.choice([-1, -1, 3, 8]))
        made += [limit(str(day), f"{random.randint(100, most)}.00 EUR", name, **more)] * random.randint(0, 1)
    return made


@given(st.integers(0, 2**32))
@settings(max_examples=120, deadline=None)
def test_new_entries_break_limits_through_the_index_as_over_all_of_the_books(seed: int) -> None:
    random = Random(seed)
    acts = random_shops.shop(random, acts=26, releases=True)
    several = random.choice([1, 1, 1, 2])
    chosen = random.sample(acts[12:], several) if random.random() < 0.5 else acts[-several:]
    new = [act.text for act in acts if act in chosen]
    if random.random() < 0.2:
        new = limits(random)[:1] or new
    old = ["2025-12-31 price USD 0.9 EUR", *limits(random), *(act.text for act in acts if act.text not in new)]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "main.beancount").write_text(MAIN)
        (root / "journal").mkdir()
        (root / "journal" / "2026-01.beancount").write_text("\n".join(old))
        connection = sync.opened(root)
        options = parser.parse_file(str(root / "main.beancount"))[2]
        found = credit.broken_limits(connection, options, ledger.entries(*new))
        connection.close()
    expected = messages(ledger.entries(*old, *new)) - messages(ledger.entries(*old))
    assert {finding.message for finding in found} == expected


# ---- the whole way ------------------------------------------------------------------------------------------------


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexedBooks:
    """Books with limits that were checked whole, and count as large."""
    monkeypatch.setattr(indexed_books, "SMALL", 0)
    root = small_books.new(tmp_path)
    main = root / "main.beancount"
    guard = 'plugin "beancount_o2c.document_integrity"\n'
    text = main.read_text().replace(guard, guard + 'plugin "beancount_o2c.credit_limit"\n')
    main.write_text(text + limit("2026-01-01", "5000.00 EUR", "C1") + "\n")
    loaded = door.load(root)
    assert not loaded.faults(), loaded.faults()
    door.note_loaded(loaded)
    opened = door.opened(root)
    assert isinstance(opened, IndexedBooks)
    assert opened.is_known_clean
    return opened


def by_hand(amount: str) -> str:
    return (
        f'2026-04-28 * "Fair"\n  doc-type: "invoice"\n  doc-id: "FAIR-1"\n  customer: "C1"\n  currency: "EUR"\n'
        f'  Assets:AR:C1  {amount} EUR\n    item: "FAIR-1"\n  Income:Sales  -{amount} EUR\n'
    )


def test_a_sale_beyond_the_limit_is_refused_without_loading_the_books(books: IndexedBooks) -> None:
    findings, _ = books.preview(by_hand("9000.00"), 0)
    assert [finding.message.partition(" to ")[0] for finding in findings] == ["FAIR-1 takes C1"]
    assert "whole" not in books.__dict__


def test_a_sale_within_the_limit_is_not(books: IndexedBooks) -> None:
    findings, new = books.preview(by_hand("10.00"), 0)
    assert not findings
    assert len(new) == 1
    assert "whole" not in books.__dict__


def test_the_refusal_is_that_of_a_full_load(books: IndexedBooks) -> None:
    text = by_hand("9000.00")
    whole, _ = door.load(books.root).preview(text, 0)
    assert {finding.message for finding in whole} == {finding.message for finding in books.preview(text, 0)[0]}
