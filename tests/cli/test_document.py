"""The commands `document render` and `document verify`, on the demonstration books."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest

from o2c.cli import main
from o2c.rendering.einvoice import official
from o2c.starting import start_demo

if TYPE_CHECKING:
    from pathlib import Path


class Answer(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("demo") / "books"
    start_demo(folder)
    return folder


@pytest.fixture(autouse=True)
def _without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only our own rules run: what is tested here are the commands."""
    monkeypatch.setattr(official, "find_spec", lambda _name: None)


def o2c(root: Path, *arguments: str) -> Answer:
    printed, err, code = io.BytesIO(), io.StringIO(), 0
    out = io.TextIOWrapper(printed, "utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(["--books", str(root), "--today", "2026-04-02", "document", *arguments])
        except SystemExit as end:
            code = int(end.code or 0)
    out.flush()
    return Answer(code, printed.getvalue().decode(), err.getvalue())


@pytest.mark.parametrize("syntax", ["--cii", "--ubl"])
@pytest.mark.parametrize("number", ["INV-2026-0001", "CN-2026-0001"])
def test_an_invoice_and_a_credit_note_are_given_out_twice_with_the_same_bytes(
    root: Path, tmp_path: Path, number: str, syntax: str
) -> None:
    file = tmp_path / f"{number}.xml"
    printed = o2c(root, "render", number, syntax)
    written = o2c(root, "render", number, syntax, "-o", str(file))
    assert (printed.code, written.code, written.out) == (0, 0, "")
    assert file.read_bytes().decode() == printed.out
    assert f">{number}<" in printed.out
    assert o2c(root, "verify", str(file)).out == f"{file}: ok\n"


def test_what_was_not_checked_is_said_and_what_the_document_holds_needs_no_remark(root: Path) -> None:
    said = o2c(root, "render", "INV-2026-0001", "--cii").err
    assert "today's master data" not in said
    assert "facturx and saxonche not installed" in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("render", "INV-2026-9999", "--cii"), 1, "there is no document 'INV-2026-9999'"),
        (("render", "SO-2026-0001", "--cii"), 1, "SO-2026-0001 is of type order"),
        (("render", "INV-2026-0001", "--cii", "-o", "main.beancount"), 2, "name the file main.xml"),
        (("verify", "nowhere.xml"), 2, "does not exist"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    root: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = o2c(root, *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_a_wrong_file_among_others_is_named_with_its_line(root: Path, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.xml", tmp_path / "wrong.xml"
    o2c(root, "render", "INV-2026-0001", "--ubl", "-o", str(right))
    text = right.read_text("utf-8")
    amount = text.partition("<cbc:PayableAmount")[2].partition(">")[2].partition("<")[0]
    wrong.write_text(text.replace(f">{amount}</cbc:PayableAmount>", ">0.01</cbc:PayableAmount>"), "utf-8")
    answer = o2c(root, "verify", str(right), str(wrong))
    first, second = answer.out.splitlines()
    assert (answer.code, first) == (1, f"{right}: ok")
    assert second.startswith(f"{wrong}:")
    assert "BR-CO-16: BT-115 is 0.01, but total - prepaid + rounding gives" in second


def test_an_invoice_that_would_be_wrong_is_not_given_out(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from o2c.rendering.einvoice import paying

    monkeypatch.setattr(paying, "creditor_reference", lambda _number: "RF00WRONG")
    file = tmp_path / "x.xml"
    answer = o2c(root, "render", "INV-2026-0001", "--cii", "-o", str(file))
    assert answer.code == 1
    assert "check digits of the creditor reference RF00WRONG are wrong" in answer.err
    assert "no e-invoice of INV-2026-0001 was given out" in answer.err
    assert not file.exists()
    assert o2c(root, "render", "INV-2026-0001", "--cii", "-o", str(file), "--unchecked").code == 0
