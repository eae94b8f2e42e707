"""Changes touch only their own lines, and are whole or not there at all."""

from __future__ import annotations

import multiprocessing
import os
import stat
import time
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from o2c import master
from o2c.errors import BadInput
from o2c.errors import NotFinished
from o2c.errors import NotFound
from o2c.master import writing
from o2c.master import yaml_writing
from o2c.master.customer_text import parsed_changes
from o2c.master.editing import add_customer
from o2c.master.editing import append_customers
from o2c.master.editing import edit_customer
from o2c.master.editing import text_of
from o2c.master.lock import writer_lock

if TYPE_CHECKING:
    from pathlib import Path

NEW = """\
C0100:                             # a comment that stays
  name: Neue Kundin
  address: {lines: [Weg 1], postcode: "01234", city: Köln, country: DE}
  terms: net30
  currency: EUR
"""
FIELDS = {"name": "K", "address": {"city": "Bonn", "country": "DE"}, "terms": "net30", "currency": "EUR"}


def file(root: Path) -> Path:
    return root / "master" / "customers.yaml"


def changed_lines(diff: str) -> list[str]:
    return [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]


@pytest.mark.parametrize(
    ("code", "changes", "lines"),
    [
        ("C0001", {"terms": "net14"}, ["-  terms: net30", "+  terms: net14"]),
        ("C0001", {"address.postcode": "01234"}, ['-    postcode: "20354"', '+    postcode: "01234"']),
        ("C0001", {"address.city": "NO"}, ["-    city: Hamburg", '+    city: "NO"']),
        ("C0001", {"ibans": ""}, ["-  ibans: [DE38200505500358531912]"]),
        ("C0001", {"notes": "Pays: late #1"}, ['+  notes: "Pays: late #1"']),
        ("C0002", {"ship_to": ""}, ["-  ship_to: warehouse               # deliver to the address of that name below"]),
        ("C0002", {"ship_to": "C0001"}, [
            "-  ship_to: warehouse               # deliver to the address of that name below",
            "+  ship_to: C0001               # deliver to the address of that name below",
        ]),
        ("C0025", {"notes": "short"}, [
            "-  notes: |",
            "-    Blocked after two returned direct debits in 2025.",
            "-    Deliver against payment in advance only.",
            "+  notes: short",
        ]),
        ("C0024", {"address.lines": "Kai 1, Hof 2"}, ["+    lines: [Kai 1, Hof 2]"]),
    ],
)  # fmt: skip
def test_an_edit_changes_only_its_own_lines(root: Path, code: str, changes: dict[str, str], lines: list[str]) -> None:
    before = file(root).read_text("utf-8")

    change = edit_customer(root, code, changes)

    assert changed_lines(change.diff()) == lines
    assert (change.before, change.after) == (before, file(root).read_text("utf-8"))
    assert change.customers == (master.load(root).customer(code),)


def test_an_edit_that_changes_nothing_writes_nothing(root: Path) -> None:
    stamp = file(root).stat().st_ino

    assert edit_customer(root, "C0001", {"terms": "net30"}).diff() == ""
    assert file(root).stat().st_ino == stamp


def test_a_dry_run_shows_the_lines_and_leaves_the_books_alone(root: Path) -> None:
    before = file(root).read_bytes()

    assert changed_lines(edit_customer(root, "C0001", {"terms": "net14"}, dry_run=True).diff())
    assert file(root).read_bytes() == before
    assert not (root / ".o2c").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"terms": "net31"}, "there are no terms 'net31'"),
        ({"name": ""}, "C0001 has no `name`"),
        ({"tax_ids": "DE375749117"}, "wrong check digits"),
        ({"ibans": "DE38200505500358531913"}, "check digits of the IBAN"),
        ({"payer": "C0001X"}, "no customer 'C0001X'"),
        ({"name": "a\nb: c"}, "one line"),
        ({"colour": "red"}, "cannot be set"),
        ("C0002:\n  name: X\n", "C0002 has no `address`"),
        (NEW, "a code never changes"),
        ("C0001: [", "not YAML"),
    ],
)
def test_an_edit_that_is_wrong_writes_nothing(root: Path, changes: str | dict[str, str], sentence: str) -> None:
    before = file(root).read_bytes()

    with pytest.raises(BadInput) as caught:
        edit_customer(root, "C0001", changes)

    assert sentence in str(caught.value)
    assert file(root).read_bytes() == before
    assert [path.name for path in file(root).parent.iterdir() if path.name.endswith(".tmp")] == []


def test_an_edited_text_replaces_the_lines_of_one_customer(root: Path) -> None:
    text = text_of(root, "C0002")

    change = edit_customer(root, "C0002", text.replace("po_required: yes", "po_required: no   # agreed by phone"))

    assert changed_lines(change.diff()) == ["-  po_required: yes", "+  po_required: no   # agreed by phone"]


def test_an_unknown_customer_cannot_be_edited(root: Path) -> None:
    with pytest.raises(NotFound, match="no customer 'C9999'"):
        edit_customer(root, "C9999", {"terms": "net14"})


def test_a_new_customer_stands_at_the_end_as_it_was_written(root: Path) -> None:
    before = file(root).read_text("utf-8")

    change = add_customer(root, NEW)

    assert file(root).read_text("utf-8") == f"{before}\n{NEW}"
    assert [one.source.split(":")[0] for one in change.customers] == ["master/customers.yaml"]
    assert master.load(root).customer("C0100").address.postcode == "01234"


def test_adding_the_same_customer_again_is_no_fault_and_writes_nothing(root: Path) -> None:
    add_customer(root, NEW)
    before = file(root).read_bytes()

    change = add_customer(root, NEW)

    assert (change.customers, [one.code for one in change.existed]) == ((), ["C0100"])
    assert file(root).read_bytes() == before


def test_another_customer_under_the_same_code_is_refused(root: Path) -> None:
    add_customer(root, NEW)

    with pytest.raises(BadInput, match=r"acme.yaml:1:1: C0100: this customer is there already, with other content"):
        add_customer(root, NEW.replace("Köln", "Bonn"), name="acme.yaml")


def test_all_faults_of_a_new_customer_are_named_in_its_own_file(root: Path) -> None:
    with pytest.raises(BadInput) as caught:
        add_customer(root, NEW.replace("country: DE", "country: XX").replace("currency", "curency"), name="acme.yaml")

    assert [fault.split(": ")[0] for fault in caught.value.faults] == [
        "acme.yaml:1:1",
        "acme.yaml:3:69",
        "acme.yaml:5:3",
    ]


def test_braces_are_written_as_lines(root: Path) -> None:
    add_customer(root, "{C0100: {name: 'NO', address: {country: DE}, terms: net30, currency: EUR}}")

    assert (
        file(root)
        .read_text("utf-8")
        .endswith('C0100:\n  name: "NO"\n  address:\n    country: DE\n  terms: net30\n  currency: EUR\n')
    )


def test_many_customers_are_added_in_one_write_and_fast(root: Path) -> None:
    started = time.process_time()

    change = append_customers(root, ({**FIELDS, "code": f"K{n}"} for n in range(3000)))

    assert len(change.customers) == 3000
    assert len(master.load(root).customers) == 3025
    assert time.process_time() - started < 6


def test_one_wrong_customer_among_many_refuses_all_with_its_row(root: Path) -> None:
    before = file(root).read_bytes()
    rows = [
        {**FIELDS, "code": "K1"},
        {**FIELDS, "code": "K2", "terms": "never"},
        {**FIELDS, "code": "K3", "currency": "euro"},
    ]

    with pytest.raises(BadInput) as caught:
        append_customers(root, rows, name="customers.csv", rows=[2, 3, 5])

    assert [fault.split(": ")[0] for fault in caught.value.faults] == ["customers.csv:3:1", "customers.csv:5:1"]
    assert file(root).read_bytes() == before


def test_the_same_code_twice_in_an_import_is_refused_with_both_rows(root: Path) -> None:
    with pytest.raises(
        BadInput, match=r"^x.csv:7:1: K1: the code stands in line 3 already; give each customer its own$"
    ):
        append_customers(
            root, [{**FIELDS, "code": "K1"}, {**FIELDS, "code": "K1", "name": "L"}], name="x.csv", rows=[3, 7]
        )


def test_a_field_name_cannot_smuggle_in_another_customer(root: Path) -> None:
    with pytest.raises(BadInput, match="has no field"):
        append_customers(root, [{**FIELDS, "code": "K1", "x: y\nK2": {"name": "other"}}])


def test_windows_line_ends_stay(root: Path) -> None:
    file(root).write_bytes(file(root).read_bytes().replace(b"\n", b"\r\n"))

    edit_customer(root, "C0001", {"terms": "net14", "notes": "x", "ibans": ""})
    add_customer(root, NEW)

    data = file(root).read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 400


def test_mode_and_symbolic_link_stay(root: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.yaml"
    file(root).rename(real)
    real.chmod(0o640)
    file(root).symlink_to(real)

    edit_customer(root, "C0001", {"terms": "net14"})

    assert file(root).is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert master.load(root).customer("C0001").terms == "net14"


def test_a_file_that_someone_else_changed_is_left_to_them(root: Path) -> None:
    with pytest.raises(NotFinished, match="changed by someone else"):
        writing.replace(file(root), b"what was read", b"what is to be")

    assert master.load(root).customers


def test_a_disk_that_refuses_leaves_the_file_as_it_was(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file(root).read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotFinished, match="No space left on device"):
        edit_customer(root, "C0001", {"terms": "net14"})

    assert file(root).read_bytes() == before
    assert min(path.name for path in file(root).parent.iterdir()) == "company.yaml"


def hold(root: Path, held: multiprocessing.synchronize.Event) -> None:
    with writer_lock(root):
        held.set()
        time.sleep(30)


def test_the_lock_keeps_others_out_says_who_holds_it_and_falls_with_its_process(root: Path) -> None:
    context = multiprocessing.get_context("fork")
    held = context.Event()
    holder = context.Process(target=hold, args=(root, held))
    holder.start()
    try:
        assert held.wait(10)
        with pytest.raises(NotFinished, match=f"locked by process {holder.pid}"), writer_lock(root, timeout=0.1):
            pass
    finally:
        holder.kill()
        holder.join()
    with writer_lock(root, timeout=5):
        assert (root / ".o2c" / "lock").read_text() == f"process {os.getpid()}\n"


def add_one(root: Path, number: int) -> None:
    append_customers(root, [{**FIELDS, "code": f"K{number}"}])


def test_eight_writers_at_once_lose_nothing(root: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=add_one, args=(root, number)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert [writer.exitcode for writer in writers] == [0] * 8
    assert {f"K{number}" for number in range(8)} <= master.load(root).customers.keys()


def test_changes_are_read_from_words() -> None:
    assert parsed_changes(["terms=net14", "notes=a=b", "ibans="]) == {"terms": "net14", "notes": "a=b", "ibans": ""}
    with pytest.raises(BadInput, match="has no '='"):
        parsed_changes(["terms"])


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40), st.sampled_from(["", "'", '"'])
)
def test_every_text_comes_back_as_it_was_written_whoever_reads_it(text: str, style: str) -> None:
    written = f"a: {yaml_writing.scalar(text, style)}\nb: [{yaml_writing.flow(text)}]\n"

    assert yaml.safe_load(written) == {"a": text, "b": [text]}
