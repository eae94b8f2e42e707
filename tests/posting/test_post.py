"""The one writer: what it writes where, what it refuses, and that a refusal leaves no trace."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount.core.data import Note
from beancount.core.data import Open

from o2c.errors import BadInput
from o2c.errors import BooksBroken
from o2c.errors import KeyConflict
from o2c.errors import NotFinished
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.master.lock import writer_lock
from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Movement
from o2c.model.documents import Opening
from o2c.model.documents import Other
from o2c.model.writing import write
from o2c.posting import post

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Entry
    from tests.faults.small_shop import Shop

#: The module, whose name is that of its function.
MODULE = sys.modules[post.__module__]
MARCH = date(2026, 3, 2)
ACT = Act("ann", "2026-03-02T09:00:00Z", "a test", "key-1", "sha256:1")
NO_KEY = ACT._replace(key="", request="")


def money_in(
    number: int = 1, day: date = MARCH, amount: str = "10.00", act: Act = ACT, customer: str = "C1"
) -> Document:
    """Make a receipt on account."""
    doc_id = f"RC-{day.year}-{number:04d}"
    return Document(
        doc_type=names.RECEIPT,
        doc_id=doc_id,
        date=day,
        customer=customer,
        currency="EUR",
        payee="Acme",
        narration=f"Receipt {doc_id}",
        movements=(Movement(names.deposit(customer), doc_id, -Decimal(amount), "EUR"),),
        others=(Other("Assets:Bank:Main", Decimal(amount), "EUR"),),
        act=act,
        links=frozenset({doc_id}),
        tags=frozenset({names.RECEIPT}),
    )


def remark(day: date = MARCH, act: Act = NO_KEY) -> Event:
    """Make a remark about a customer."""
    return Event("remark", day, "C1", "C1", act=act, account=names.receivable("C1"), comment="Remark")


def closed(day: date) -> Event:
    """Close all days through this one."""
    return Event("o2c-close", day, "", "", act=NO_KEY, values=(f"{day:%Y-%m}", day, "closed"))


def _everything(shop: Shop) -> dict[str, tuple[bytes, int]]:
    """Give every file, the hidden ones too, with its time; all but the index, which every reader keeps up to date."""
    files = sorted(path for path in shop.root.rglob("*") if path.is_file() and not path.name.startswith("index."))
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


# ---- keys ------------------------------------------------------------------------------------------------------------


def test_the_same_key_and_request_give_what_existed_and_write_nothing(shop: Shop) -> None:
    first = post(shop.root, lambda _: [money_in()], ACT)
    before = shop.files()
    again = post(shop.root, lambda _: pytest.fail("not asked a second time"), ACT)
    assert again.placed == ()
    assert [placed.entry.doc_id for placed in again.existed if isinstance(placed.entry, Document)] == ["RC-2026-0001"]
    assert [(placed.file, placed.line) for placed in again.existed] == [
        (placed.file, placed.line) for placed in first.placed if isinstance(placed.entry, Document)
    ]
    assert shop.files() == before


def test_the_same_key_for_another_request_is_a_conflict_that_names_the_place(shop: Shop) -> None:
    placed = post(shop.root, lambda _: [money_in()], ACT).placed[-1]
    before = shop.files()
    with pytest.raises(KeyConflict, match="RC-2026-0001") as refusal:
        post(shop.root, lambda _: [money_in(2)], ACT._replace(request="sha256:2"))
    assert f"{placed.file}:{placed.line}" in str(refusal.value)
    assert shop.files() == before


def test_all_entries_of_one_command_exist_together(shop: Shop) -> None:
    post(shop.root, lambda _: [money_in(1), money_in(2), remark(act=ACT)], ACT)
    assert len(post(shop.root, lambda _: [], ACT).existed) == 3


def test_without_a_key_the_same_again_is_posted_again(shop: Shop) -> None:
    post(shop.root, lambda _: [money_in(1, act=NO_KEY)], NO_KEY)
    post(shop.root, lambda _: [money_in(2, act=NO_KEY)], NO_KEY)
    assert shop.numbers("receipt") == ["RC-2026-0001", "RC-2026-0002"]


def test_a_key_counts_on_a_dry_run_too(shop: Shop) -> None:
    post(shop.root, lambda _: [money_in()], ACT)
    assert post(shop.root, lambda _: [money_in()], ACT, dry_run=True).existed
    with pytest.raises(KeyConflict):
        post(shop.root, lambda _: [money_in()], ACT._replace(request="sha256:2"), dry_run=True)


# ---- dry runs --------------------------------------------------------------------------------------------------------


def test_a_dry_run_leaves_no_trace_not_even_a_lock(shop: Shop) -> None:
    before = _everything(shop)
    posted = post(shop.root, lambda _: [money_in()], ACT, dry_run=True)
    assert _everything(shop) == before
    assert not (shop.root / ".o2c" / "lock").exists()
    assert [placed.line for placed in posted.placed] == [0, 0]


def test_a_dry_run_shows_exactly_what_would_be_written(shop: Shop) -> None:
    text = post(shop.root, lambda _: [money_in()], ACT, dry_run=True).text
    post(shop.root, lambda _: [money_in()], ACT)
    assert shop.journal.read_text().endswith(text)


def test_a_dry_run_refuses_what_the_real_run_refuses(shop: Shop) -> None:
    for dry_run in (True, False):
        with pytest.raises(Refused):
            post(shop.root, lambda _: [money_in()._replace(customer="")], ACT, dry_run=dry_run)


# ---- where it is written ---------------------------------------------------------------------------------------------


def test_the_month_of_the_newest_entry_names_the_file(shop: Shop) -> None:
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 2, 1)]
    posted = post(shop.root, lambda _: [money_in(n, day) for n, day in enumerate(days, 1)], ACT)
    assert {placed.file for placed in posted.placed} == {str(shop.root / "journal" / "2026-04.beancount")}


def test_a_target_names_the_file(shop: Shop) -> None:
    posted = post(shop.root, lambda _: [money_in()], ACT, target="journal/import-x.beancount")
    assert {placed.file for placed in posted.placed} == {str(shop.root / "journal" / "import-x.beancount")}
    assert shop.numbers("receipt") == ["RC-2026-0001"]


def test_the_places_given_are_the_lines_where_the_entries_stand(shop: Shop) -> None:
    for number in (1, 2):
        posted = post(shop.root, lambda _: [money_in(number, act=NO_KEY), remark()], NO_KEY)  # noqa: B023 - called at once
        lines = shop.journal.read_text().splitlines()
        for placed in posted.placed:
            assert lines[placed.line - 1].startswith(str(placed.entry.date))
    loaded = {entry.meta["lineno"] for entry in shop.loaded() if entry.meta["filename"] == str(shop.journal)}
    assert {placed.line for placed in posted.placed} <= loaded


def test_what_stood_before_stays_byte_for_byte(shop: Shop) -> None:
    before = b"; by hand, without a line end and with\ttabs   \r\n2026-03-01 open Assets:Cash"
    shop.journal.write_bytes(before)
    post(shop.root, lambda _: [money_in()], ACT)
    assert shop.journal.read_bytes().startswith(before + b"\n")
    shop.loaded()


def test_a_new_file_says_who_writes_it(shop: Shop) -> None:
    post(shop.root, lambda _: [money_in()], ACT)
    assert shop.journal.read_text().startswith("; Written by o2c")


def test_only_one_file_changes(shop: Shop) -> None:
    before = shop.files()
    post(shop.root, lambda _: [money_in()], ACT)
    assert {name for name, content in shop.files().items() if before.get(name) != content} == {
        "journal/2026-03.beancount"
    }


def test_nothing_to_post_writes_nothing(shop: Shop) -> None:
    before = shop.files()
    assert post(shop.root, lambda _: [], ACT).placed == ()
    assert shop.files() == before


# ---- openings --------------------------------------------------------------------------------------------------------


def test_an_account_of_a_customer_is_opened_once_before_everything(shop: Shop) -> None:
    for number in (1, 2):
        post(shop.root, lambda _: [money_in(number, act=NO_KEY), remark()], NO_KEY)  # noqa: B023 - called at once
    opened = [entry for entry in shop.loaded() if isinstance(entry, Open) and entry.account.endswith(":C1")]
    assert sorted(entry.account for entry in opened) == ["Assets:AR:C1", "Liabilities:Customer-Deposits:C1"]
    assert {entry.date for entry in opened} == {date(2000, 1, 1)}, "the first day of the books"


def test_an_entry_before_the_first_day_of_the_books_opens_its_account_then(shop: Shop) -> None:
    company = shop.root / "master" / "company.yaml"
    company.write_text(company.read_text().replace("books_start: 2000-01-01", "books_start: 2026-01-01"))
    post(shop.root, lambda _: [money_in(day=date(2025, 5, 1))], ACT)
    (opened,) = (entry for entry in shop.loaded() if isinstance(entry, Open) and entry.account.endswith(":C1"))
    assert opened.date == date(2025, 5, 1)


def test_an_opening_that_the_command_brings_is_not_doubled(shop: Shop) -> None:
    opening = Opening(names.deposit("C1"), date(2026, 1, 1))
    post(shop.root, lambda _: [opening, money_in()], ACT)
    assert shop.journal.read_text().count(f"open {names.deposit('C1')}") == 1


# ---- closed periods --------------------------------------------------------------------------------------------------


def test_nothing_is_posted_into_a_closed_period(shop: Shop) -> None:
    post(shop.root, lambda _: [closed(date(2026, 2, 28))], NO_KEY)
    before = shop.files()
    for day in (date(2026, 2, 28), date(2026, 1, 1)):
        with pytest.raises(Refused, match=r"lies in 2026-02 or before, which .*closed on"):
            post(shop.root, lambda _: [money_in(day=day)], ACT)  # noqa: B023 - called at once
    with pytest.raises(Refused, match="closed"):
        post(shop.root, lambda _: [money_in(1), money_in(2, date(2026, 2, 1))], ACT)
    assert shop.files() == before
    post(shop.root, lambda _: [money_in(day=date(2026, 3, 1))], ACT)


# ---- what must never be written --------------------------------------------------------------------------------------

EVIL: dict[str, Document] = {
    "account": money_in()._replace(others=(Other("Assets:Bank:Main 1 EUR\n  Equity:Thief", Decimal(10), "EUR"),)),
    "account without a root": money_in()._replace(others=(Other("Cash", Decimal(10), "EUR"),)),
    "currency": money_in()._replace(
        others=(Other("Assets:Bank:Main", Decimal(10), "EUR\n2026-01-01 open Assets:Thief"),)
    ),
    "tag": money_in()._replace(tags=frozenset({"receipt", "x\n2026-01-01 open Assets:Thief"})),
    "link": money_in()._replace(links=frozenset({"a b"})),
    "link with an umlaut": money_in()._replace(links=frozenset({"ü"})),
    "key of metadata": money_in()._replace(extra=(('a: "x"\n  b', "x"),)),
    "short key of metadata": money_in()._replace(extra=(("a", "x"),)),
    "key of the place": money_in()._replace(extra=(("lineno", Decimal(1)),)),
    "flag": money_in()._replace(flag='* "x"\n2026-01-01 open Assets:Thief\n;'),
    "nul": money_in()._replace(narration="a\x00b"),
    "carriage return": money_in()._replace(narration="a\rb"),
    "surrogate": money_in()._replace(payee="\udc80"),
    "not a number": money_in()._replace(others=(Other("Assets:Bank:Main", Decimal("NaN"), "EUR"),)),
    "infinite": money_in()._replace(others=(Other("Assets:Bank:Main", Decimal("Infinity"), "EUR"),)),
    "too large": money_in(amount="1000000000000000001"),
    "type of document": money_in()._replace(doc_type="thief"),
}


@pytest.mark.parametrize("what", EVIL)
def test_what_could_break_the_ledger_is_refused_and_nothing_is_written(shop: Shop, what: str) -> None:
    before = shop.files()
    with pytest.raises(Refused):
        post(shop.root, lambda _: [EVIL[what]], ACT)
    assert shop.files() == before


WRONG = {
    "does not balance": money_in()._replace(others=(Other("Assets:Bank:Main", Decimal("9.99"), "EUR"),)),
    "within the tolerance of Beancount": money_in()._replace(
        others=(Other("Assets:Bank:Main", Decimal("10.004"), "EUR"),)
    ),
    "unknown account": money_in()._replace(others=(Other("Assets:Bank:Nowhere", Decimal(10), "EUR"),)),
    "no number": money_in()._replace(doc_id="", movements=()),
    "no customer": money_in()._replace(customer=""),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_would_make_the_books_wrong_is_refused_and_nothing_is_written(shop: Shop, what: str) -> None:
    before = shop.files()
    with pytest.raises(Refused, match="nothing was written"):
        post(shop.root, lambda _: [WRONG[what]], ACT)
    assert shop.files() == before


def test_a_number_that_is_taken_is_refused(shop: Shop) -> None:
    post(shop.root, lambda _: [money_in(act=NO_KEY)], NO_KEY)
    before = shop.files()
    with pytest.raises(Refused, match="RC-2026-0001"):
        post(shop.root, lambda _: [money_in(amount="20.00", act=NO_KEY)], NO_KEY)
    assert shop.files() == before


def test_one_wrong_entry_among_good_ones_refuses_them_all(shop: Shop) -> None:
    before = shop.files()
    with pytest.raises(Refused):
        post(shop.root, lambda _: [money_in(1), WRONG["does not balance"]._replace(doc_id="RC-2026-0002")], ACT)
    assert shop.files() == before


def test_a_text_that_would_not_come_back_as_it_was_meant_is_never_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug of the writer itself: the amount it writes is not the amount that was meant, and still balances."""
    wrong = write([Opening(names.deposit("C1"), date(2000, 1, 1)), money_in(amount="99.00")])
    monkeypatch.setattr(MODULE, "write", lambda _: wrong)
    before = shop.files()
    with pytest.raises(AssertionError, match="does not say what was meant"):
        post(shop.root, lambda _: [money_in()], ACT)
    assert shop.files() == before


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_text_with_more_or_fewer_entries_than_meant_is_never_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    entries: list[Entry] = [Opening(names.deposit("C1"), date(2000, 1, 1)), money_in(1), remark()]
    wrong = write([Opening(names.receivable("C1"), date(2000, 1, 1)), *entries][: count + 1 if count == 3 else count])
    monkeypatch.setattr(MODULE, "write", lambda _: wrong)
    before = shop.files()
    with pytest.raises((AssertionError, ValueError, Refused)):
        post(shop.root, lambda _: [money_in(1)], ACT)
    assert shop.files() == before


def test_an_error_of_the_composer_leaves_everything_and_frees_the_lock(shop: Shop) -> None:
    def fails(_: Books) -> list[Entry]:
        raise BadInput("no")

    before = shop.files()
    with pytest.raises(BadInput):
        post(shop.root, fails, ACT)
    assert shop.files() == before
    post(shop.root, lambda _: [money_in()], ACT)


def test_the_composer_sees_the_books_inside_the_lock(shop: Shop) -> None:
    def compose(books: Books) -> list[Entry]:
        with pytest.raises(NotFinished, match="locked"), writer_lock(shop.root, timeout=0):
            pytest.fail("the lock is free while entries are composed")
        assert books.root == shop.root
        return [money_in()]

    post(shop.root, compose, ACT)


def test_broken_books_are_refused_before_anything_is_composed(shop: Shop) -> None:
    (shop.root / "manual" / "wrong.beancount").write_text("2026-01-01 balance Assets:Bank:Main 5.00 EUR\n")
    with pytest.raises(BooksBroken, match=r"wrong.beancount:1"):
        post(shop.root, lambda _: pytest.fail("composed on broken books"), ACT)


def test_a_folder_without_books_is_refused(tmp_path: Path) -> None:
    with pytest.raises((NotFound, NotFinished)):
        post(tmp_path / "nowhere", lambda _: [], ACT)
    assert not (tmp_path / "nowhere").exists()


# ---- leftovers -------------------------------------------------------------------------------------------------------


def test_temporary_files_of_commands_that_died_are_removed(shop: Shop) -> None:
    left = shop.root / "journal" / ".o2c-new-dead"
    left.write_text("half an ent")
    post(shop.root, lambda _: [money_in()], ACT)
    assert not left.exists()
    assert shop.numbers("receipt") == ["RC-2026-0001"]


def test_a_dry_run_leaves_them_where_they_are(shop: Shop) -> None:
    left = shop.root / "journal" / ".o2c-new-dead"
    left.write_text("half an ent")
    post(shop.root, lambda _: [money_in()], ACT, dry_run=True)
    assert left.exists()


def test_files_of_others_are_not_taken_for_leftovers(shop: Shop) -> None:
    for name in (".o2c-other", "o2c-new-x", ".2026-03.beancount.swp"):
        (shop.root / "journal" / name).write_text("mine")
    post(shop.root, lambda _: [money_in()], ACT)
    assert len(list((shop.root / "journal").iterdir())) == 5


def test_events_stand_in_the_books_as_notes(shop: Shop) -> None:
    post(shop.root, lambda _: [remark()], NO_KEY)
    (note,) = (entry for entry in shop.loaded() if isinstance(entry, Note))
    assert note.comment == "Remark"
    assert note.meta["subject"] == "C1"
