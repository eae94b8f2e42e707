"""The plugin over sealed months, as bean-check and Fava run it: quick where nothing changed, and never wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from beancount_o2c import period_close as plugin
from o2c import books
from o2c import checks
from o2c.errors import BooksBroken
from o2c.model.sealing import making
from o2c.model.sealing import proving
from tests.model.sealing.sealed_books import FILES
from tests.model.sealing.sealed_books import MAIN
from tests.model.sealing.sealed_books import Sealed
from tests.model.sealing.sealed_books import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from beancount.core.data import Directive

JANUARY, MARCH = "journal/2026-01.beancount", "journal/2026-03.beancount"
_LEDGER = [name for name in FILES if name.endswith(".beancount")]


@pytest.fixture(scope="module")
def ready() -> Iterator[Sealed]:
    with tempfile.TemporaryDirectory() as folder:
        yield make(Path(folder) / "books")


@pytest.fixture
def sealed(ready: Sealed, tmp_path: Path) -> Sealed:
    return ready.copy(tmp_path / "books")


def test_books_without_a_seal_cost_nothing_and_are_marked(tmp_path: Path) -> None:
    (tmp_path / "main.beancount").write_text('plugin "beancount_o2c.period_close"\n2026-01-01 open Assets:Bank\n')
    loaded = books.load(tmp_path)
    assert loaded.errors == ()
    assert loaded.options["o2c-ran"]["period_close"] == 1


def test_bean_check_says_what_changed_at_its_line(sealed: Sealed) -> None:
    sealed.change(JANUARY, "Bremen", "Kiel")
    command = [sys.executable, "-m", "beancount.scripts.check", "-C", str(sealed.main)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert f"{sealed.root / JANUARY}:5:" in answer.stderr
    assert "event location Kiel of 2026-01-06 was changed" in answer.stderr.replace("Bremen", "Kiel")


@pytest.mark.parametrize("changed", [False, True])
def test_files_that_begin_as_they_were_are_believed_without_looking_at_entries(
    sealed: Sealed, changed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked(*_: object) -> list[str]:
        raise AssertionError("the entries were compared")

    sealed.append(MARCH, '\n2026-03-30 event "location" "Rome"\n')
    if changed:
        sealed.change(JANUARY, "; January", "; Januar")
    monkeypatch.setattr(making, "digests", looked)
    assert len(sealed.plugin()) == changed  # "NOT checked: failed with AssertionError"


@pytest.mark.parametrize(
    "behind",
    [
        '  more: "x"\n',
        '\t more: "x"\n',
        "  Assets:Bank  1.00 EUR\n",
        '; a comment\n    more: "x"\n',
        '\n    more: "x"\n',
        '\n2026-01-31 event "a" "b"\n',
        "#tag\n",
        '\npushmeta more: "x"\n',
    ],
)
@pytest.mark.parametrize("at_end", ["\n", ""])
def test_what_is_appended_to_a_sealed_file_is_judged_as_verify_does(sealed: Sealed, behind: str, at_end: str) -> None:
    path = sealed.root / "journal/2026-02.beancount"
    path.write_text(path.read_text().rstrip("\n") + at_end + behind)
    verified, by_plugin, outside = sealed.verdicts()
    assert verified == by_plugin
    assert verified or not outside


_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "double", "move up", "blank", "to march", "character", "indent", "cut", "comment"]),
        st.sampled_from(_LEDGER),
        st.integers(0, 200),
    ),
    min_size=1,
    max_size=3,
)


def _edit(root: Path, kind: str, file: str, number: int) -> None:
    path = root / file
    lines = path.read_text().splitlines(keepends=True) or ["\n"]
    at = number % len(lines)
    line = lines[at]
    if kind == "to march":
        with (root / MARCH).open("a") as march:
            march.write(line)
    changes = {
        "delete": [],
        "double": [line, line],
        "move up": [line],
        "blank": ["\n", line],
        "to march": [],
        "character": [line[: number % 40] + "1" + line[number % 40 :]],
        "indent": ["  " + line],
        "cut": [line.rstrip("\n")],
        "comment": ["; x\n", line],
    }
    text = lines[:at] + changes[kind] + lines[at + 1 :]
    if kind == "move up" and at:
        text[at - 1], text[at] = text[at], text[at - 1]
    path.write_text("".join(text))


@settings(max_examples=150)
@given(edits=_EDITS)
def test_the_plugin_finds_what_verify_finds_whatever_was_edited(
    ready: Sealed, edits: list[tuple[str, str, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "books"
        shutil.copytree(ready.root, root)
        for edit in edits:
            _edit(root, *edit)
        try:
            loaded = books.load(root)
        except BooksBroken:
            return
        quick = proving.prove(loaded.booked, loaded.options, quick=True)
        whole = proving.prove(loaded.booked, loaded.options, quick=False)
        assert [(f.source, f.message) for f in quick.findings] == [(f.source, f.message) for f in whole.findings]
        assert bool(Sealed(root).outside()) >= bool(whole.findings)


def test_another_version_of_beancount_means_comparing_every_entry(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("o2c.model.sealing.unchanged.BEANCOUNT", "9.9.9")
    monkeypatch.setattr(making, "digests", lambda entries, *_: ["00" * 32] * len(entries))
    assert len(sealed.plugin()) > 2


def test_an_option_that_changes_how_text_is_booked_means_comparing_every_entry(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed.change("main.beancount", MAIN[:10], 'option "inferred_tolerance_default" "*:0.004"\n' + MAIN[:10])
    assert sealed.plugin() == []
    monkeypatch.setattr(making, "digests", lambda entries, *_: ["00" * 32] * len(entries))
    assert len(sealed.plugin()) > 2


def test_a_plugin_that_fails_says_that_nothing_was_checked(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(proving, "prove", broken)
    (error,) = sealed.plugin()
    assert "sealed periods were NOT checked: period_close failed with RuntimeError('boom')" in error.message
    assert error.source["lineno"] == 1


def test_sealed_books_that_do_not_name_the_plugin_are_fit_for_nothing(sealed: Sealed) -> None:
    sealed.change("main.beancount", 'plugin "beancount_o2c.period_close"\n', "")
    with pytest.raises(BooksBroken, match='watches over the `o2c-close` entries; add the line `plugin "beancount_o2c'):
        books.load(sealed.root).require_clean()
    (found,) = checks.run(checks.gather(sealed.root), ["plugins"])
    assert len(found.findings) == 1


def test_a_plugin_before_ours_that_hides_entries_is_found(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    (sealed.root / "hides_events.py").write_text(
        "__plugins__ = ('hide',)\ndef hide(entries, options):\n"
        "    return [e for e in entries if type(e).__name__ != 'Event'], []\n"
    )
    monkeypatch.syspath_prepend(str(sealed.root))
    sealed.change("main.beancount", 'plugin "beancount_o2c.doc', 'plugin "hides_events"\nplugin "beancount_o2c.doc')
    (found,) = checks.run(checks.gather(sealed.root), ["plugins"])
    assert any("period_close saw other entries than the files hold" in one.message for one in found.findings)


def test_the_plugin_changes_no_entry(sealed: Sealed) -> None:
    loaded = books.load(sealed.root)
    before = list(loaded.booked)
    after, _ = plugin.period_close(loaded.booked, {**loaded.options, "include": []})
    assert after == before


def test_a_hand_written_close_without_a_seal_is_obeyed_but_not_proved(tmp_path: Path) -> None:
    (tmp_path / "main.beancount").write_text(
        'plugin "beancount_o2c.period_close"\n2026-01-01 open Assets:Bank\n'
        '2026-02-05 custom "o2c-close" "2026-01" 2026-01-31 "closed"\n'
    )
    assert books.load(tmp_path).errors == ()


@pytest.mark.parametrize(
    "values", ["", '"2026-01"', '2026-01-31 "2026-01" "closed"', '"2026-01" 2026-01-31 "closed" "more"', "5 5 5"]
)
def test_closes_that_make_no_sense_never_raise(sealed: Sealed, values: str) -> None:
    sealed.append(MARCH, f'\n2026-03-30 custom "o2c-close" {values}\n  seal: "sha256:1"\n  file: 5\n')
    assert all("NOT checked" not in error.message for error in sealed.plugin())


@pytest.mark.parametrize("file", ['"/etc/passwd"', '"closes/../../x.leaves"', "5", '""', '"closes/2026-01.leaves/x"'])
def test_a_close_can_make_nobody_read_other_files(sealed: Sealed, file: str) -> None:
    sealed.change(MARCH, 'file: "closes/2026-01.leaves"', f"file: {file}")
    errors = sealed.plugin()
    assert any("names no leaf file" in error.message for error in errors)
    assert all("NOT checked" not in error.message for error in errors)


def _two_files(root: Path, first: str, second: str) -> Sealed:
    """Seal a January that stands in two files."""
    texts = {
        "main.beancount": MAIN,
        "accounts.beancount": '2026-01-01 open Assets:Bank\n2026-01-01 open Assets:Stock "FIFO"\n',
        JANUARY: first,
        "journal/2026-01-more.beancount": second,
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    sealed = Sealed(root)
    sealed.seal("2026-01")
    return sealed


def test_only_what_stands_in_changed_files_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = "".join(f'2026-01-{day:02} event "a" "{day}"\n' for day in range(1, 29))
    sealed = _two_files(tmp_path, '; January\n2026-01-30 event "b" "x"\n', events)
    compared: list[int] = []
    digests = making.digests

    def counted(entries: Sequence[Directive], home: str, progress: making.Progress | None = None) -> list[str]:
        compared.append(len(entries))
        return digests(entries, home, progress)

    monkeypatch.setattr(making, "digests", counted)
    sealed.change(JANUARY, "; January", "; Januar")
    assert sealed.plugin() == []
    assert compared == [1]
    sealed.change(JANUARY, '"x"', '"y"')
    (error,) = sealed.plugin()
    assert "event b y of 2026-01-30 was changed" in error.message.replace("event b x", "event b y")


def test_the_order_of_lots_in_one_file_counts_for_what_another_file_takes(tmp_path: Path) -> None:
    cheap = '2026-01-05 * "Buy"\n  Assets:Stock  1 ACME {10.00 EUR}\n  Assets:Bank\n\n'
    dear = '2026-01-05 * "Buy"\n  Assets:Stock  1 ACME {20.00 EUR}\n  Assets:Bank\n\n'
    sold = '2026-01-06 * "Sell"\n  Assets:Stock  -1 ACME {}\n  Assets:Bank\n'
    sealed = _two_files(tmp_path, cheap + dear, sold)
    (tmp_path / JANUARY).write_text(dear + cheap)
    loaded = books.load(tmp_path)
    quick, whole = (proving.prove(loaded.booked, loaded.options, quick=quick) for quick in (True, False))
    assert [finding.message for finding in quick.findings] == [finding.message for finding in whole.findings]
    assert "2026-01-more.beancount:1" in str(quick.findings[0])
    assert sealed.plugin()
