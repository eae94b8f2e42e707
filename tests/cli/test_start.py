"""Commands start at once: what they do not need is not imported."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

import o2c
from o2c.books.index import sync
from o2c.starting import start_demo

CHECKOUT = Path(__file__).parents[2]
SAY = """
import json
import sys
from o2c.__main__ import main
try:
    main()
except SystemExit as ended:
    print("\\n" + json.dumps([ended.code, sorted(sys.modules)]))
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo books, checked whole, and left alone for so long that no file is looked at again."""
    root = tmp_path_factory.mktemp("start") / "books"
    start_demo(root)
    assert run(root, "check")[0] == 0
    time.sleep(sync.RACY_NS / 1e9 + 0.1)
    assert run(root, "report", "aging")[0] == 0
    return root


def run(root: Path, *words: str) -> tuple[int, set[str]]:
    """Run a command in a process of its own; give its exit code and the modules it imported."""
    fixed = ("--books", str(root), "--user", "anna", "--today", "2026-04-01")
    done = subprocess.run(
        [sys.executable, "-c", SAY, *fixed, *words], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    return code, set(modules)


HEAVY = {"yaml", "o2c.master.loading", "o2c.sales.invoices", "importlib.metadata", "tempfile", "zoneinfo"}
#: What loads books whole, or reads a file into the index.
WHOLE = {"beancount.api", "beancount.loader", "multiprocessing", "o2c.books.index.filling"}


@pytest.mark.parametrize("words", [("invoice", "show", "INV-2026-0001"), ("show", "INV-2026-0001")])
def test_showing_a_document_needs_no_master_data(demo: Path, words: tuple[str, ...]) -> None:
    code, modules = run(demo, *words)
    assert code == 0
    assert not (HEAVY | WHOLE) & modules
    assert "o2c.books.index.slices" in modules


@pytest.mark.parametrize("words", [("credit", "show", "C0001"), ("report", "aging"), ("receipt", "list")])
def test_what_only_reads_loads_nothing_whole(demo: Path, words: tuple[str, ...]) -> None:
    code, modules = run(demo, *words)
    assert code == 0
    assert not WHOLE & modules


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    assert project["version"] == o2c.VERSION
