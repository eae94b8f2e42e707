"""The command `import`, as a user calls it: in temporary books, with exit codes and every byte compared."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.master import load
from o2c.model.items import open_items

if TYPE_CHECKING:
    from collections.abc import Callable

    File = Callable[..., Path]

HEAD = "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate\n"
PAID = "391,0379-NEVHP,4/6/2013,0000611365,1/2/2013,2/1/2013,55.94,No,1/15/2013\n"
OPEN = "406,8976-AMJEO,3/3/2012,0007900770,1/26/2013,2/25/2013,61.74,Yes,\n"
BAD = "406,8976-AMJEO,3/3/2012,0007900771,13/26/2013,2/25/2013,61.74,Yes,\n"
OPTIONS = ("--profile", "ibm-history", "--currency", "USD")


def o2c(books: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from o2c.cli import main; main()", "--books", str(books), "--user", "ann"]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def contents(books: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(books)): path.read_bytes()
        for path in sorted(books.rglob("*"))
        if path.is_file() and ".o2c" not in path.parts
    }


def open_amounts(books: Path) -> dict[str, str]:
    loaded = door.load(books)
    assert loaded.errors == ()
    return {item.item: f"{item.open} {item.currency}" for item in open_items(loaded.facts.moved)}


def test_a_history_arrives_with_its_customers(books: Path, text_file: File) -> None:
    done = o2c(books, "import", "history", str(text_file(HEAD + PAID + OPEN, "Late Payments.csv")), *OPTIONS)
    assert (done.returncode, done.stderr) == (0, "")
    assert open_amounts(books) == {"0007900770": "61.74 USD"}
    assert set(load(books).customers) == {"0379-NEVHP", "8976-AMJEO"}
    journal = (books / "journal" / "import-late-payments.beancount").read_text("utf-8")
    assert 'imported-from: "Late Payments.csv:3"' in journal
    assert 'by: "ann"' in journal
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "invoice 2 new 117.68 USD" in lines
    assert "receipt 1 new -55.94 USD" in lines
    assert "customers 2 new" in lines


def test_the_same_file_again_writes_nothing(books: Path, text_file: File) -> None:
    path = str(text_file(HEAD + PAID + OPEN))
    assert o2c(books, "import", "history", path, *OPTIONS).returncode == 0
    before = contents(books)
    done = o2c(books, "import", "history", path, *OPTIONS)
    assert done.returncode == 0
    assert "3 existed" in done.stdout
    assert contents(books) == before


def test_a_later_export_adds_what_is_new(books: Path, text_file: File) -> None:
    assert o2c(books, "import", "history", str(text_file(HEAD + OPEN)), *OPTIONS).returncode == 0
    settled = OPEN.replace("Yes,", "Yes,3/3/2013")
    done = o2c(books, "import", "history", str(text_file(HEAD + PAID + settled)), *OPTIONS)
    assert done.returncode == 0, done.stderr
    assert open_amounts(books) == {}
    assert "1 existed" in done.stdout


def test_an_invoice_settled_here_meanwhile_is_not_settled_twice(books: Path, text_file: File) -> None:
    assert o2c(books, "import", "history", str(text_file(HEAD + OPEN)), *OPTIONS).returncode == 0
    receipt = [
        '2013-03-01 * "8976-AMJEO" "By hand"',
        '  Assets:AR:8976-AMJEO  -61.74 USD\n    item: "0007900770"',
        "  Assets:Bank:Main  61.74 USD\n",
    ]
    (books / "manual" / "hand.beancount").write_text("\n".join(receipt), "utf-8")
    before = contents(books)
    settled = OPEN.replace("Yes,", "Yes,3/3/2013")
    done = o2c(books, "import", "history", str(text_file(HEAD + settled)), *OPTIONS)
    assert done.returncode == 1
    assert "0007900770 is open with 0.00 USD in the books, not with the 61.74 that 0007900770.P settles" in done.stderr
    assert contents(books) == before


def test_other_content_under_a_known_number_is_refused_by_its_line(books: Path, text_file: File) -> None:
    assert o2c(books, "import", "history", str(text_file(HEAD + OPEN)), *OPTIONS).returncode == 0
    before = contents(books)
    path = text_file(HEAD + PAID + OPEN.replace("61.74", "61.75"))
    done = o2c(books, "import", "history", str(path), *OPTIONS)
    assert done.returncode == 1
    assert f"{path}:3: 0007900770 is in the books with another amount and account" in done.stderr
    assert contents(books) == before


def test_bad_rows_are_named_and_nothing_is_written(books: Path, text_file: File) -> None:
    before = contents(books)
    path = text_file(HEAD + PAID + BAD + OPEN)
    for dry in ((), ("--dry-run",)):
        done = o2c(books, "import", "history", str(path), *OPTIONS, *dry)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"{path}:3: InvoiceDate: '13/26/2013' is no day of the calendar, read as M/D/YYYY" in done.stderr
        assert "1 of 3 rows are bad; nothing was written" in done.stderr
        assert contents(books) == before


def test_a_row_that_does_not_fit_its_header_is_counted_once(books: Path, text_file: File) -> None:
    for more, count in (("", "1 of 1"), (OPEN, "1 of 2"), (BAD, "2 of 2")):
        done = o2c(books, "import", "history", str(text_file(HEAD + "a,b\n" + more)), *OPTIONS)
        assert f"{count} rows are bad; nothing was written" in done.stderr


def test_bad_rows_are_left_out_and_listed_when_asked(books: Path, text_file: File) -> None:
    path = text_file(HEAD + PAID + BAD + OPEN)
    done = o2c(books, "import", "history", str(path), *OPTIONS, "--skip-bad", "--json")
    assert done.returncode == 0
    assert f"left out: {path}:3: InvoiceDate:" in done.stderr
    answer = json.loads(done.stdout)
    assert [row["doc_id"] for row in answer["posted"] if row["doc_type"] == "invoice"] == ["0000611365", "0007900770"]
    assert len(answer["bad"]) == 1
    assert answer["totals"][0] == {"doc_type": "invoice", "count": 2, "currency": "USD", "amount": "117.68"}
    posted = answer["posted"][0]
    assert Path(posted["file"]).read_text("utf-8").splitlines()[posted["line"] - 1].startswith(posted["date"])


def test_a_dry_run_prints_the_entries_and_writes_nothing(books: Path, text_file: File) -> None:
    before = contents(books)
    done = o2c(books, "import", "history", str(text_file(HEAD + PAID + OPEN)), *OPTIONS, "--dry-run")
    assert done.returncode == 0
    assert '2013-01-02 * "0379-NEVHP" "Invoice 0000611365" #invoice ^0000611365' in done.stdout
    assert "invoice" in done.stderr
    assert "dry run: nothing was written" in done.stderr
    assert contents(books) == before


def test_a_key_used_for_another_file_is_refused(books: Path, text_file: File) -> None:
    first = o2c(books, "import", "history", str(text_file(HEAD + PAID)), *OPTIONS, "--key", "move")
    assert first.returncode == 0, first.stderr
    again = o2c(books, "import", "history", str(text_file(HEAD + PAID)), *OPTIONS, "--key", "move")
    assert again.returncode == 0, again.stderr
    before = contents(books)
    other = o2c(books, "import", "history", str(text_file(HEAD + OPEN)), *OPTIONS, "--key", "move")
    assert other.returncode == 1
    assert contents(books) == before


@pytest.mark.parametrize(
    ("arguments", "code", "fault"),
    [
        (("history", "FILE", "--profile", "ibm-history"), 2, "the profile ibm-history names no currency"),
        (("history", "FILE", "--profile", "nothing"), 1, "--profile nothing: No such file"),
        (("history", "FILE", "--profile", "open-items"), 2, "use `o2c import open-items`"),
        (("open-items", "FILE", *OPTIONS), 2, "use `o2c import history`"),
        (("history", "FILE", "--profile", "sap-fbl5n"), 1, "there is no column Company Code"),
        (("history", "FILE"), 2, "--profile"),
        (("history", "missing.csv", *OPTIONS), 2, "missing.csv"),
    ],
)
def test_refusals_have_their_exit_codes(
    books: Path, text_file: File, arguments: tuple[str, ...], code: int, fault: str
) -> None:
    before = contents(books)
    path = str(text_file(HEAD + PAID))
    done = o2c(books, "import", *(path if argument == "FILE" else argument for argument in arguments))
    assert done.returncode == code, done.stderr
    assert fault in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(books) == before


def test_an_account_that_opens_too_late_is_named(books: Path, text_file: File) -> None:
    path = text_file("doc_id,cust_number,posting_date,due_date,amount,currency\n1,A,1999-12-30,1999-12-31,5,USD\n")
    before = contents(books)
    done = o2c(books, "import", "open-items", str(path), "--profile", "open-items")
    assert done.returncode == 1
    assert "Equity:Opening-Balances is open from 2000-01-01 on, the file begins on 1999-12-30" in done.stderr
    assert contents(books) == before


def test_the_profiles_can_be_listed_and_copied(books: Path) -> None:
    listed = o2c(books, "import", "profiles")
    assert listed.returncode == 0
    assert "ibm-history" in listed.stdout
    copied = o2c(books, "import", "profiles", "sap-fbl5n")
    assert "kind: [open-items, history]" in copied.stdout
