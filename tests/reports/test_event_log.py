"""The event log: OCEL 2.0 that tools can read, the same steps as a table, and nothing made up."""

from __future__ import annotations

import io
import json
import shutil
from datetime import date
from typing import TYPE_CHECKING
from typing import Any

import pytest

from o2c import books as door
from o2c.books.index.books import IndexedBooks
from o2c.cli import main
from o2c.reports import event_log
from o2c.reports import rework
from o2c.reports import variants
from o2c.reports import waiting_times
from o2c.reports.event_log_ocel import Written
from o2c.reports.event_log_ocel import write
from o2c.reports.selection import select
from o2c.starting import start_demo
from tests.reports import ocel_schema
from tests.reports.entries import moved
from tests.reports.entries import noted
from tests.reports.entries import paid
from tests.reports.flow import delivered
from tests.reports.flow import invoiced
from tests.reports.flow import ordered
from tests.reports.flow import told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.books import Books
    from tests.reports.entries import Make

DAY = date(2026, 3, 31)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log") / "books"
    start_demo(folder)
    return folder


@pytest.fixture(scope="module")
def demo(root: Path) -> Books:
    books = door.load(root)
    door.note_loaded(books)
    return books


@pytest.fixture
def indexed(root: Path, demo: Books) -> Iterator[IndexedBooks]:
    books = door.opened(root)
    assert isinstance(books, IndexedBooks)
    assert demo.root == root
    yield books
    books.connection.close()


def log(books: Books, day: date = DAY, *, people: bool = True, **chosen: str) -> tuple[dict[str, Any], Written]:
    out = io.StringIO()
    written = write(select(books, **chosen), day, out, people=people)
    return json.loads(out.getvalue()), written


def activities(made: dict[str, Any]) -> list[str]:
    return [event["type"] for event in made["events"]]


def related(made: dict[str, Any], activity: str) -> set[tuple[str, str]]:
    [event] = [event for event in made["events"] if event["type"] == activity]
    return {(one["objectId"], one["qualifier"]) for one in event["relationships"]}


def test_the_log_of_the_demo_books_is_ocel_as_its_schema_has_it(demo: Books) -> None:
    made, written = log(demo)
    ocel_schema.check(made)
    ocel_schema.check_references(made)
    assert written == (len(made["events"]), len(made["objects"]))
    assert len(set(activities(made))) > 12


def test_every_document_of_the_process_is_an_event_and_an_object(demo: Books) -> None:
    made, _ = log(demo)
    mine = [
        doc for doc in demo.facts.documents(as_of=DAY) if doc.doc_type not in {"accrual", "revaluation", "allowance"}
    ]
    closing = {doc.doc_id for doc in mine if doc.fact("reverses") in {"accrual", "revaluation"}}
    objects = {one["id"]: one["type"] for one in made["objects"]}
    assert {doc.doc_id: doc.doc_type for doc in mine if doc.doc_id not in closing}.items() <= objects.items()
    assert not closing & objects.keys()


def test_events_stand_in_the_order_of_their_times(demo: Books) -> None:
    times = [event["time"] for event in log(demo)[0]["events"]]
    assert times == sorted(times)
    assert times[-1] < "2026-04-01"


def test_an_event_leads_to_its_place_in_the_ledger(demo: Books) -> None:
    for event in log(demo)[0]["events"][::40]:
        file, line = event["id"].rsplit(":", 1)
        assert (demo.root / file).read_text("utf-8").splitlines()[int(line) - 1].startswith("20")


def test_the_same_log_comes_through_the_index_and_from_loaded_books(demo: Books, indexed: IndexedBooks) -> None:
    assert log(indexed) == log(demo)
    for report in (event_log.report, variants.report, waiting_times.report, rework.report):
        for chosen in ({}, {"customer": "C0001"}, {"group": "RIVE-CLAIRE"}, {"currency": "GBP"}):
            assert report(indexed, DAY, **chosen) == report(demo, DAY, **chosen)
    assert "whole" not in vars(indexed)


def test_the_table_has_the_same_steps_as_the_log(demo: Books) -> None:
    rows, made = event_log.report(demo, DAY).rows, log(demo)[0]
    assert [(row["event"], row["activity"], row["time"]) for row in rows] == [
        (event["id"], event["type"], event["time"]) for event in made["events"]
    ]


def test_customers_groups_and_currencies_have_their_own_steps_and_no_others(demo: Books) -> None:
    rows = event_log.report(demo, DAY).rows
    assert event_log.report(demo, DAY, customer="C0001").rows == tuple(r for r in rows if r["customer"] == "C0001")
    made, _ = log(demo, currency="GBP")
    ocel_schema.check_references(made)
    invoices = [one for one in made["objects"] if one["type"] == "invoice"]
    currencies = {a["value"] for one in invoices for a in one["attributes"] if a["name"] == "currency"}
    assert currencies == {"GBP"}


def test_without_people_nobody_is_named_and_no_reason_given(demo: Books) -> None:
    made, _ = log(demo, people=False)
    ocel_schema.check_references(made)
    said = {attribute["name"] for event in made["events"] for attribute in event["attributes"]}
    assert said == {"amount", "currency", "by_hand", "recorded"}
    assert {"by", "why"} <= {a["name"] for event in log(demo)[0]["events"] for a in event["attributes"]}


CHAIN = (
    ordered("SO-1", "2026-01-05", **told("2026-01-05", "07:30", "order import"))
    + ordered("SO-1", "2026-01-06", 12, version="2")
    + delivered("DN-1", "2026-01-08", "SO-1")
    + invoiced("INV-1", "2026-01-09", "SO-1", delivery="DN-1", due="2026-02-09")
    + noted("sent", "2026-01-10", "INV-1", at='"2026-01-11T08:00:00Z"')
    + paid("RC-1", "2026-02-05", "50.00", "INV-1")
)


def test_events_are_about_documents_lines_and_the_customer(books: Make) -> None:
    made, _ = log(books(CHAIN))
    customer = ("customer:C1", "customer")
    assert related(made, "order-created") == {("SO-1", "document"), ("SO-1/1", "line"), customer}
    assert related(made, "delivered") == {("DN-1", "document"), ("SO-1", "order"), ("SO-1/1", "line"), customer}
    assert related(made, "invoiced") == {
        ("INV-1", "document"), ("SO-1", "order"), ("DN-1", "delivery"), ("SO-1/1", "line"), customer,
    }  # fmt: skip
    assert related(made, "sent") == {("INV-1", "document"), customer}
    assert related(made, "paid") == {("RC-1", "document"), ("INV-1", "item"), customer}


def test_what_an_amendment_changed_is_in_the_history_of_the_order_and_its_line(books: Make) -> None:
    objects = {one["id"]: one for one in log(books(CHAIN))[0]["objects"]}

    def history(name: str, attribute: str) -> list[tuple[str, str]]:
        return [(one["time"], one["value"]) for one in objects[name]["attributes"] if one["name"] == attribute]

    assert history("SO-1", "amount") == [("1970-01-01T00:00:00Z", "50.00"), ("2026-01-06T00:00:00Z", "60.00")]
    assert history("SO-1/1", "quantity") == [("1970-01-01T00:00:00Z", "10"), ("2026-01-06T00:00:00Z", "12")]
    assert history("SO-1", "currency") == [("1970-01-01T00:00:00Z", "EUR")]
    assert history("INV-1", "due") == [("1970-01-01T00:00:00Z", "2026-02-09T00:00:00Z")]


def test_a_moment_of_another_day_is_when_it_was_recorded_not_when_it_happened(books: Make) -> None:
    events = {event["type"]: event for event in log(books(CHAIN))[0]["events"]}
    assert events["order-created"]["time"] == "2026-01-05T07:30:00Z"
    assert events["sent"]["time"] == "2026-01-10T00:00:00Z"
    assert {"name": "recorded", "value": "2026-01-11T08:00:00Z"} in events["sent"]["attributes"]


def test_a_relation_to_what_is_not_in_the_books_is_left_out(books: Make) -> None:
    text = paid("RC-1", "2026-01-05", "50.00", "INV-404") + noted("remark", "2026-01-06", "C1")
    made, _ = log(books(text))
    ocel_schema.check_references(made)
    assert related(made, "paid") == {("RC-1", "document"), ("customer:C1", "customer")}
    assert related(made, "remark") == {("customer:C1", "customer")}


def test_the_limit_of_a_group_is_an_event_of_no_customer(books: Make) -> None:
    limit = '\n2026-01-02 custom "o2c-limit" "NORTH" 15000.00 EUR\n  members: "C1 C2"\n'
    made = books(CHAIN + limit + limit.replace('"NORTH"', '"C1"').replace("members", "customer").replace(" C2", ""))
    of_group, of_customer = (row for row in event_log.report(made, DAY).rows if row["activity"] == "credit-limit-set")
    assert (of_group["subject"], of_group["customer"], of_customer["customer"]) == ("NORTH", "", "C1")
    ocel_schema.check_references(log(made)[0])


def test_hostile_texts_stay_values(books: Make) -> None:
    hostile = "</script>\\u0000 ' ; = 1+1"
    text = CHAIN + noted("remark", "2026-01-12", "INV-1", why=f'"{hostile}"'.replace("\\u", "\\\\u"))
    made, _ = log(books(text))
    [remark] = [event for event in made["events"] if event["type"] == "remark"]
    assert {"name": "why", "value": hostile} in remark["attributes"]


def test_empty_books_have_an_empty_log(books: Make) -> None:
    made, written = log(books(""))
    assert (made, written) == ({"events": [], "objects": [], "eventTypes": [], "objectTypes": []}, (0, 0))


def test_opening_entries_of_the_close_are_no_steps(books: Make) -> None:
    moving = moved("INV-1", "1.00") + ";Income:FX  -1.00 EUR"
    text = invoiced("INV-1", "2026-01-09")
    text += '\n2026-01-31 * "x"\n  doc-type: "revaluation"\n  doc-id: "FX-1"\n  customer: "C1"\n  currency: "EUR"\n'
    text += "".join(f"  {posting.strip()}\n" for posting in moving.split(";"))
    assert activities(log(books(text))[0]) == ["invoiced"]


def run(root: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["--books", str(root), "--today", "2026-03-31", *words])
    return int(str(stopped.value.code))


def test_the_command_writes_the_log_to_a_file_or_to_standard_output(
    root: Path, demo: Books, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "o2c.jsonocel"
    place.write_text("old")
    assert run(root, "event-log", "-o", str(place)) == 0
    out, err = capfd.readouterr()
    made = json.loads(place.read_text("utf-8"))
    assert made == log(demo)[0]
    assert (out, err) == ("", f"{len(made['events'])} events, {len(made['objects'])} objects\n")
    assert run(root, "event-log", "--customer", "C0001", "--as-of", "2026-02-28") == 0
    assert json.loads(capfd.readouterr().out) == log(demo, date(2026, 2, 28), customer="C0001")[0]


def test_the_command_never_writes_over_books_and_leaves_no_piece_behind(
    root: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "event-log", "-o", str(root / "main.beancount")) == 2
    assert run(root, "event-log", "-o", str(tmp_path / "no" / "log.json")) == 4
    assert "the log was not written" in capfd.readouterr().err
    assert run(root, "event-log", "--group", "NOBODY", "-o", str(tmp_path / "log.json")) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_stops_half_way_leaves_the_old_one(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "log.json"
    place.write_text("old")
    torn = shutil.copytree(root, tmp_path / "books", ignore=shutil.ignore_patterns(".o2c"))
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert run(torn, "event-log", "-o", str(place)) == 4
    assert place.read_text() == "old"
    assert {one.name for one in tmp_path.iterdir()} == {"log.json", "books"}
