"""Plugins fail open (danger D06): each way must be seen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from o2c import checks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Said = Callable[[str], list[str]]
    Make = Callable[[str, str], None]

OURS = 'plugin "beancount_o2c.document_integrity"\n'


@pytest.fixture
def make(main: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Install a plugin module of somebody else and name it in the main file, behind ours or before it."""
    folder = tmp_path_factory.mktemp("site")
    monkeypatch.syspath_prepend(folder)

    def install(code: str, where: str = "behind") -> None:
        (folder / "foreign_plugin.py").write_text(code)
        line = 'plugin "foreign_plugin"\n'
        main.write_text(main.read_text().replace(OURS, OURS + line if where == "behind" else line + OURS))
        sys.modules.pop("foreign_plugin", None)

    return install


def test_a_missing_plugin_is_found(main: Path, said: Said) -> None:
    main.write_text(main.read_text().replace(OURS, ""))
    (message,) = said("plugins")
    assert message == "beancount_o2c.document_integrity is not asked for; add the line: " + OURS.strip()


def test_a_misspelt_plugin_is_found(main: Path, said: Said) -> None:
    main.write_text(main.read_text().replace("document_integrity", "document_integrety"))
    messages = said("plugins")
    assert any("is not asked for" in message for message in messages)
    assert any("document_integrety does nothing" in message for message in messages)


def test_a_plugin_in_an_included_file_is_found(main: Path, journal: Path, root: Path) -> None:
    main.write_text(main.read_text().replace(OURS, ""))
    journal.write_text("; first\n" + OURS + journal.read_text())
    (result,) = checks.run(checks.gather(root), ["plugins"])
    missing, ignored = result.findings
    assert "is not asked for" in missing.message
    assert "ignores plugins in included files" in ignored.message
    assert ignored.source == (str(journal), 2)


def test_a_plugin_line_inside_a_text_is_no_plugin(journal: Path, said: Said) -> None:
    journal.write_text(journal.read_text() + '\n2026-02-01 * "long\nplugin \\"x\\"\n"\n  Assets:Bank  0.00 EUR\n')
    assert said("plugins") == []


def test_our_plugin_that_fails_is_found(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen twice: as an error of the load, and by the mark that is not there."""
    from beancount_o2c import document_integrity

    def broken(sheet: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(document_integrity, "evidence", broken)
    assert any("NOT checked" in message for message in said("loads"))


def test_our_plugin_without_a_mark_did_not_run(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    from beancount_o2c import document_integrity

    monkeypatch.setattr(document_integrity, "document_integrity", lambda entries, _: (entries, []))
    (message,) = said("plugins")
    assert "did not run" in message


def test_a_plugin_without_functions_is_found(make: Make, said: Said) -> None:
    make("def check(entries, options_map): return entries, []\n", "behind")
    assert said("loads") == []
    (message,) = said("plugins")
    assert "foreign_plugin does nothing" in message


def test_a_plugin_that_raises_is_an_error_of_the_load(make: Make, said: Said) -> None:
    make("__plugins__ = ('f',)\ndef f(entries, options_map): raise ValueError('no')\n", "behind")
    assert any('Error applying plugin "foreign_plugin"' in message for message in said("loads"))


DROPS = """
__plugins__ = ("f",)
def f(entries, options_map):
    return [entry for entry in entries if type(entry).__name__ != "Transaction"], []
"""


def test_a_plugin_that_drops_entries_is_found(make: Make, said: Said) -> None:
    make(DROPS, "behind")
    assert said("loads") == []
    messages = said("plugins")
    assert len(messages) == 2
    assert all("a plugin dropped it" in message for message in messages)


def test_a_plugin_before_ours_cannot_hide_entries_from_it(make: Make, said: Said) -> None:
    make(DROPS, "before")
    assert any("saw other entries than the files hold" in message for message in said("plugins"))


def test_a_plugin_that_empties_the_list_it_was_given_is_found(make: Make, said: Said) -> None:
    make("__plugins__ = ('f',)\ndef f(entries, options_map):\n    entries.clear()\n    return entries, []\n", "behind")
    assert sum("a plugin dropped it" in message for message in said("plugins")) == 2


CHANGES = """
from decimal import Decimal
__plugins__ = ("f",)
def f(entries, options_map):
    return [double(entry) for entry in entries], []
def double(entry):
    if type(entry).__name__ != "Transaction":
        return entry
    twice = [p._replace(units=p.units._replace(number=p.units.number * 2)) for p in entry.postings]
    return entry._replace(postings=twice)
"""


def test_a_plugin_that_changes_amounts_is_found(make: Make, said: Said) -> None:
    make(CHANGES, "behind")
    assert sum("changed the postings" in message for message in said("plugins")) == 2


def test_a_harmless_foreign_plugin_is_listed(make: Make, root: Path) -> None:
    make("__plugins__ = ('f',)\ndef f(entries, options_map): return entries, []\n", "behind")
    (result,) = checks.run(checks.gather(root), ["plugins"])
    assert result.ok
    assert result.covers == "2 plugins, not ours: foreign_plugin"
