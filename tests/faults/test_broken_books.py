"""Books that do not load clean are not posted to, whatever is wrong; they can still be looked at (F14, F15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.small_shop import Answer
    from tests.faults.small_shop import Shop

INVOICE = ("invoice", "create", "SO-2026-0002")
PLUGIN = 'plugin "beancount_o2c.document_integrity"'

#: What an accountant may write into manual/, each wrong in its third line.
WRONG = {
    "unbalanced": '\n\n2026-02-01 * "x"\n  Assets:Bank:Main  10.00 EUR\n  Income:Sales  -9.00 EUR\n',
    "unknown account": '\n\n2026-02-01 * "x"\n  Assets:Bank:Nowhere  10.00 EUR\n  Income:Sales  -10.00 EUR\n',
    "failing balance": "\n\n2026-02-01 balance Assets:Bank:Main  7.00 EUR\n",
    "opened twice": "\n\n2026-02-01 open Assets:Bank:Main\n",
    "no ledger text": "\n\n2026-02-01 this is no ledger\n",
    "closed account": "\n\n2026-01-01 close Assets:Bank:Main\n\n"
    '2026-02-01 * "x"\n  Assets:Bank:Main  1.00 EUR\n  Income:Sales  -1.00 EUR\n',
    "merge conflict": "\n\n<<<<<<< HEAD\n2026-02-01 open Assets:Cash\n=======\n>>>>>>> theirs\n",
    "number used twice": '\n\n2026-03-02 * "x" #invoice\n  doc-type: "invoice"\n  doc-id: "INV-2026-0001"\n'
    '  customer: "C1"\n  Assets:AR:C1  1.00 EUR\n    item: "INV-2026-0001"\n  Income:Sales  -1.00 EUR\n',
    "huge number": '\n\n2026-02-01 * "x"\n  Assets:Bank:Main  ' + "1" * 41 + ".01 EUR\n  Income:Sales\n",
}


def _require_refused(shop: Shop, *where: str) -> Answer:
    """Prove that nothing can be posted, that the message says where, and that no byte changes."""
    old = shop.files()
    answer = shop.run(*INVOICE)
    assert answer.code == 3, answer
    assert all(text in answer.err for text in where), answer.err
    assert shop.files() == old
    assert shop.run(*INVOICE, "--dry-run").code == 3
    return answer


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_entries_by_hand_stop_posting_and_are_named_with_their_place(shop: Shop, fault: str) -> None:
    (shop.root / "manual" / "wrong.beancount").write_text(WRONG[fault])
    places = {"closed account": ":5", "number used twice": ":3", "huge number": ""}
    file = "main.beancount" if fault == "huge number" else "wrong.beancount"
    _require_refused(shop, file + places.get(fault, ":3"))


@pytest.mark.parametrize("fault", [fault for fault in WRONG if fault != "huge number"])
def test_wrong_books_can_still_be_looked_at(shop: Shop, fault: str) -> None:
    (shop.root / "manual" / "wrong.beancount").write_text(WRONG[fault])
    for command in (("report", "aging"), ("report", "open-items"), ("invoice", "list"), ("show", "SO-2026-0002")):
        answer = shop.run(*command)
        assert answer.code == 0, answer
    assert "error" in shop.run("report", "aging").err


def test_an_entry_too_large_to_load_is_a_sentence_for_reports_too(shop: Shop) -> None:
    (shop.root / "manual" / "wrong.beancount").write_text(WRONG["huge number"])
    answer = shop.run("report", "aging")
    assert answer.code == 3
    assert "main.beancount" in answer.err


@pytest.mark.parametrize("name", ["customers", "products", "prices", "terms", "taxes", "company", "policies"])
def test_broken_master_data_stop_posting(shop: Shop, name: str) -> None:
    file = shop.root / "master" / f"{name}.yaml"
    file.write_text(file.read_text() + "\n? : [\n")
    _require_refused(shop, f"master/{name}.yaml:")


def _main(shop: Shop, old: str, new: str) -> None:
    text = (shop.root / "main.beancount").read_text()
    assert old in text
    (shop.root / "main.beancount").write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("module", "content", "says"),
    [
        pytest.param("no_such_plugin", None, "No module named"),
        pytest.param("beancount_o2c.document_integrty", None, "No module named"),
        pytest.param(
            "failing_plugin",
            "__plugins__ = ['f']\ndef f(entries, options):\n    raise RuntimeError('boom')\n",
            "boom",
        ),
        pytest.param("failing_import", "raise ImportError('boom')\n", "boom"),
        ("wrong_value", "raise ValueError('boom')\n", "boom"),
        ("leaving", "raise SystemExit(0)\n", "SystemExit"),
        ("no_function", "__plugins__ = ['missing']\n", "missing"),
    ],
)
def test_a_plugin_that_does_not_work_stops_posting(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, content: str | None, says: str
) -> None:
    if content is not None:
        (tmp_path / f"{module}.py").write_text(content)
        monkeypatch.syspath_prepend(tmp_path)
    _main(shop, PLUGIN, f'{PLUGIN}\nplugin "{module}"')
    answer = _require_refused(shop, "main.beancount", says)
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "new",
    [
        "",
        f"; {PLUGIN}",
        'option "plugin_processing_mode" "raw"\n' + PLUGIN,
        'option "inferred_tolerance_default" "EUR:5"\n' + PLUGIN,
        'option "insert_pythonpath" "True"\n' + PLUGIN,
    ],
    ids=["removed", "commented out", "raw mode", "tolerance", "pythonpath"],
)
def test_books_that_nothing_checks_are_not_posted_to(shop: Shop, new: str) -> None:
    """A missing plugin or an option that weakens the proof, without any error from Beancount."""
    _main(shop, PLUGIN, new)
    _require_refused(shop, "main.beancount")


def test_a_plugin_line_in_an_included_file_does_not_count(shop: Shop) -> None:
    _main(shop, PLUGIN, "")
    (shop.root / "manual" / "plugin.beancount").write_text(PLUGIN + "\n")
    _require_refused(shop, "main.beancount")


def test_a_plugin_that_takes_entries_away_stops_posting(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taking_away.py").write_text(
        "__plugins__ = ['f']\ndef f(entries, options):\n    return entries[:3], []\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    _main(shop, PLUGIN, f'plugin "taking_away"\n{PLUGIN}')
    _require_refused(shop, "main.beancount")


def test_a_planted_cache_is_neither_read_nor_run(shop: Shop) -> None:
    """D04: Beancount's cache executes what it holds; we never open it, and never make one."""
    canary = shop.root.parent / "canary"
    payload = b"cos\nsystem\n(S'touch " + str(canary).encode() + b"'\ntR."
    (shop.root / ".main.beancount.picklecache").write_bytes(payload)
    shop.did(*INVOICE)
    shop.did("report", "aging")
    assert not canary.exists()
    assert (shop.root / ".main.beancount.picklecache").read_bytes() == payload
