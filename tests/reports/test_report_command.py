"""The command `o2c report`, as a user meets it: output, files, refusals and exit codes."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c import master
from o2c.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

TOP = Path(__file__).parents[2]
LEDGER = """
2020-01-01 open Assets:AR:{code}
2020-01-01 open Liabilities:Customer-Deposits:{code}
2020-01-01 open Assets:Bank
2020-01-01 open Income:Sales

2026-03-01 * "Written on the invoice" "Invoice"
  doc-type: "invoice"
  doc-id: "INV-2026-0001"
  customer: "{code}"
  currency: "EUR"
  due: 2026-03-31
  Assets:AR:{code}   119.00 EUR
    item: "INV-2026-0001"
  Income:Sales  -119.00 EUR
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Books with one invoice, and the demonstration company's master data."""
    shutil.copytree(TOP / "ledger" / "master", tmp_path / "books" / "master")
    books = tmp_path / "books"
    (books / "main.beancount").write_text(LEDGER.format(code=first_customer(books)[0]))
    return books


def first_customer(root: Path) -> tuple[str, str]:
    code, customer = next(iter(master.load(root).customers.items()))
    return code, customer.name


@pytest.fixture
def o2c(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the books; gives exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["--books", str(root), "--today", "2026-04-15", *map(str, arguments)])
        out, err = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, out, err

    return run


def test_a_report_is_plain_text_in_a_pipe_and_takes_names_from_the_master_data(o2c: Run, root: Path) -> None:
    code, out, err = o2c("report", "aging")
    assert (code, err) == (0, "")
    assert out.startswith("Aging as of 2026-04-15; due date; amounts gross of tax\n")
    assert first_customer(root)[1] in out
    assert "\x1b" not in out


def test_json_is_the_contract_of_the_command_line(o2c: Run, root: Path) -> None:
    code, out, _ = o2c("report", "open-items", "--json", "--as-of", "2026-04-01")
    read = json.loads(out)
    assert code == 0
    assert list(read) == ["report", "as_of", "basis", "columns", "rows", "totals"]
    [row] = read["rows"]
    assert list(row) == read["columns"]
    assert (row["item"], row["open"], row["days_past_due"]) == ("INV-2026-0001", "119.00", 1)
    assert o2c("report", "open-items", "--format", "json", "--as-of", "2026-04-01")[1] == out


def test_the_name_of_the_file_chooses_the_format(o2c: Run, tmp_path: Path) -> None:
    for suffix, start in [("csv", b"item,"), ("json", b"{"), ("xlsx", b"PK"), ("txt", b"Open items")]:
        file = tmp_path / f"open.{suffix}"
        assert o2c("report", "open-items", "-o", file) == (0, "", "")
        assert file.read_bytes().startswith(start)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "books",
        "open.csv",
        "open.json",
        "open.txt",
        "open.xlsx",
    ]


def test_a_file_keeps_its_mode_and_a_link_is_followed(o2c: Run, tmp_path: Path) -> None:
    file, link = tmp_path / "real.csv", tmp_path / "link.csv"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    assert o2c("report", "aging", "-o", link)[0] == 0
    assert link.is_symlink()
    assert file.read_text().startswith("customer,")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_device_is_written_to_and_not_replaced(o2c: Run) -> None:
    assert o2c("report", "aging", "-o", os.devnull)[0] == 0
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_dash_means_standard_output(o2c: Run) -> None:
    assert o2c("report", "aging", "-o", "-") == o2c("report", "aging")


def test_a_file_that_cannot_be_written_is_told_with_code_4(o2c: Run, tmp_path: Path) -> None:
    code, out, err = o2c("report", "aging", "-o", tmp_path / "no" / "such" / "a.csv")
    assert (code, out) == (4, "")
    assert err.endswith("a.csv: No such file or directory; the report was not written\n")


def test_a_report_never_takes_the_place_of_the_books(o2c: Run, root: Path) -> None:
    before = (root / "main.beancount").read_bytes()
    code, _, err = o2c("report", "aging", "-o", root / "main.beancount")
    assert code == 2
    assert "choose another file name" in err
    assert (root / "main.beancount").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "'open-items', 'aging', 'dso'"),
        (["aging", "--format", "xlsx"], "-o FILE"),
        (["aging", "--json", "--format", "csv"], "contradict"),
        (["aging", "--as-of", "2026-02-30"], "--as-of"),
        (["aging", "--as-of", ""], "--as-of"),
        (["aging", "--customer", "c 1"], "--customer"),
        (["aging", "--currency", "euro"], "currency"),
        (["aging", "--days", "30"], "--days"),
        (["aging", "--from", "2026-01-01", "--to", "2026-01-31"], "--as-of DATE"),
        (["open-items", "--basis", "invoice"], "--basis"),
        (["dso", "--method", "guessing"], "--method simple"),
        (["dso", "--from", "2026-01-01", "--days", "30"], "--from and --days"),
        (["measures", "--from", "2026-05-01"], "lies behind"),
        (["aging", "--buckets", "15,x"], "--buckets: '15,x'"),
        (["aging", "--buckets", "30,15"], "write them like 15,30,60"),
        (["aging", "--buckets", ""], "--buckets"),
        (["aging", "--group", "a b"], "--group"),
        (["aging", "--group", "X", "--customer", "C0001"], "contradict"),
        (["dso", "--basis", "due"], "--basis"),
        (["roll-forward", "--as-of", "2026-03-15", "--to", "2026-03-31"], "--as-of and --to contradict each other"),
        (["dso", "--method", "countback", "--days", "30"], "leave out --days"),
        (["dso", "--method", "countback", "--from", "2026-01-01"], "leave out --from"),
        (["aging", "--as-of", "2999-01-01"], "outside the years 1900 to 2199"),
    ],
)
def test_wrong_usage_is_one_sentence_and_code_2(o2c: Run, arguments: list[str], said: str) -> None:
    code, out, err = o2c("report", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_an_unknown_customer_is_no_empty_report(o2c: Run) -> None:
    code, out, err = o2c("report", "aging", "--customer", "NOBODY")
    assert (code, out) == (1, "")
    assert "there is no customer 'NOBODY'" in err


def test_a_known_customer_without_items_has_an_empty_report(o2c: Run, root: Path) -> None:
    last = list(master.load(root).customers)[-1]
    assert json.loads(o2c("report", "aging", "--json", "--customer", last)[1])["rows"] == []


def test_books_with_errors_still_give_reports_and_a_warning(o2c: Run, root: Path) -> None:
    with (root / "main.beancount").open("a") as file:
        file.write('\n2026-04-01 * "out of balance"\n  Assets:Bank  1.00 EUR\n  Income:Sales  1.00 EUR\n')
    code, out, err = o2c("report", "aging")
    assert (code, err) == (0, "the books have 1 error: run `o2c check`\n")
    assert "119.00" in out


def test_faults_in_the_master_data_are_counted_too_and_the_document_gives_the_name(o2c: Run, root: Path) -> None:
    (root / "master" / "customers.yaml").write_text("oops")
    code, out, err = o2c("report", "aging")
    assert code == 0
    assert "Written on the invoice" in out
    assert "run `o2c check`" in err


def _start(root: Path, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from o2c.cli import main; main()", "--books", str(root), "--today", "2026-04-15"]
    return subprocess.Popen([*command, *arguments], cwd=TOP, **options)


def test_a_reader_that_stops_early_is_no_fault(root: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    process = _start(root, "report", "aging", stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert process.communicate()[1] == b""
    assert process.returncode == 0


@pytest.mark.parametrize(("no_colour", "escapes"), [("", True), ("1", False)])
def test_on_a_terminal_the_report_fits_and_has_bars(root: Path, no_colour: str, escapes: bool) -> None:
    ours, theirs = os.openpty()
    wanted = {"COLUMNS": "80", "TERM": "xterm", "NO_COLOR": no_colour, "PYTHONIOENCODING": "utf-8"}
    process = _start(root, "report", "aging", stdout=theirs, env={**os.environ, **wanted})
    os.close(theirs)
    out = b""
    while True:
        try:
            out += os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed and all is read
            break
    assert process.wait() == 0
    text = out.decode()
    assert ("\x1b[1m" in text) is escapes
    plain = text.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert max(map(len, plain.splitlines())) <= 80
    assert "EUR  d1_30     119.00  ████" in plain


def test_help_explains_every_option_and_report(o2c: Run) -> None:
    _, out, _ = o2c("report", "--help")
    options = "--as-of --from --to --customer --group --currency --basis --buckets --days --method --format --json"
    for word in ["open-items", "aging", "dso", *options.split(), "-o, --output"]:
        assert word in out
    assert "Example" in out
    assert "countback" in out


def test_what_was_paid_later_looks_from_one_day_to_another(o2c: Run) -> None:
    code, _, err = o2c("report", "subsequent-receipts", "--as-of", "2026-03-15", "--to", "2026-03-31")
    assert (code, err) == (0, "")


@pytest.mark.parametrize("ending", ["pdf", "xls", "text"])
def test_an_ending_that_is_no_format_is_refused_and_nothing_written(o2c: Run, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"aging.{ending}"
    code, out, err = o2c("report", "aging", "-o", target)
    assert (code, out) == (2, "")
    assert f"no format ends in .{ending}; name the file .txt, .csv, .json, .xlsx, .html, or give --format" in err
    assert not target.exists()
    assert o2c("report", "aging", "-o", target, "--format", "text")[0] == 0
    assert target.read_text().startswith("Aging as of ")


@pytest.mark.parametrize("name", ["aging.txt", "aging"])
def test_a_file_of_text_or_without_an_ending_is_text(o2c: Run, tmp_path: Path, name: str) -> None:
    assert o2c("report", "aging", "-o", tmp_path / name)[0] == 0
    assert (tmp_path / name).read_text().startswith("Aging as of ")
