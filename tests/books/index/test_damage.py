"""An index that is gone, cut, old, or in the making is made anew: never a wrong answer, never a traceback."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.books.index import store
from o2c.books.index import sync
from o2c.books.index.books import IndexedBooks
from tests.books.index import answers
from tests.books.index import small_books
from tests.faults.small_shop import Shop
from tests.faults.small_shop import environment

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTIONS = (
    "report open-items --format json",
    "report aging --as-of 2026-02-28 --format json",
    "invoice show INV-2026-0011 --json",
    "receipt C1 1.00 --ref again --dry-run",
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Small books that load clean, with their index, closed."""
    root = small_books.new(tmp_path)
    require_index(root)
    return root


def require_index(root: Path) -> None:
    books = answers.require_the_same(root)
    assert isinstance(books, IndexedBooks)
    assert not door.load(root).errors


def said(root: Path) -> list[str]:
    """Ask by the commands; all of them must succeed."""
    return [Shop(root).did(*question.split()) for question in QUESTIONS]


@pytest.fixture
def right(small: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The answers without any index."""
    copy = tmp_path_factory.mktemp("copy") / "books"
    shutil.copytree(small, copy, ignore=shutil.ignore_patterns(".o2c"))
    found = said(copy)
    return [answer.replace(str(copy), str(small)) for answer in found]


def test_an_index_that_was_deleted_is_made_again(small: Path, right: list[str]) -> None:
    shutil.rmtree(small / ".o2c")
    assert said(small) == right
    require_index(small)


@pytest.mark.parametrize("left", ["index.sqlite-wal", "index.sqlite-shm"])
def test_a_log_without_its_index_is_no_harm(small: Path, right: list[str], left: str) -> None:
    (small / ".o2c" / left).write_bytes(os.urandom(5000))
    (small / ".o2c" / "index.sqlite").unlink()
    assert said(small) == right
    require_index(small)


def test_a_foreign_log_beside_the_index_is_no_harm(small: Path, right: list[str]) -> None:
    (small / ".o2c" / "index.sqlite-wal").write_bytes(os.urandom(50_000))
    assert said(small) == right


def test_an_index_that_was_cut_anywhere_is_made_again(small: Path, right: list[str]) -> None:
    path = store.path_of(small)
    whole = path.read_bytes()
    cuts = {0, 1, 15, 16, 99, 100, 101, 4095, 4096, 4097, len(whole) - 4096, len(whole) - 1}
    for cut in sorted(cuts | set(random.Random(1).sample(range(len(whole)), 12))):
        shutil.rmtree(small / ".o2c")
        path.parent.mkdir()
        path.write_bytes(whole[:cut])
        assert said(small) == right, cut
    require_index(small)


def test_an_index_with_pages_of_garbage_is_made_again(small: Path, right: list[str]) -> None:
    path = store.path_of(small)
    whole = path.read_bytes()
    rubbish = random.Random(2)
    for page in range(0, len(whole), 4096):
        shutil.rmtree(small / ".o2c")
        path.parent.mkdir()
        path.write_bytes(whole[:page] + rubbish.randbytes(4096) + whole[page + 4096 :])
        assert said(small) == right, page


@pytest.mark.parametrize("content", [b"", b"x", b"SQLite format 3\x00", b"\x00" * 9000, b"<html>" * 2000])
def test_garbage_in_the_place_of_the_index_is_replaced(small: Path, right: list[str], content: bytes) -> None:
    store.path_of(small).write_bytes(content)
    assert said(small) == right
    require_index(small)


@pytest.mark.parametrize(
    "change",
    [
        "update about set value = '1 0.0.1 3.0.0' where key = 'tools'",
        "delete from about",
        "drop table about",
        "drop table move",
        "alter table entry rename to entries",
    ],
)
def test_an_index_of_another_format_or_tool_is_made_again(small: Path, right: list[str], change: str) -> None:
    connection = sqlite3.connect(store.path_of(small), isolation_level=None)
    connection.execute(change)
    connection.close()
    assert said(small) == right
    require_index(small)


def test_an_index_whose_folder_cannot_be_made_is_done_without(small: Path, right: list[str]) -> None:
    shutil.rmtree(small / ".o2c")
    (small / ".o2c").write_text("somebody's file")
    assert said(small) == right
    assert (small / ".o2c").read_text() == "somebody's file"
    assert not isinstance(door.opened(small), IndexedBooks)


def test_a_folder_that_may_only_be_read_is_read(small: Path, right: list[str]) -> None:
    """Asked by a process that may not write; root may write everywhere, so it becomes somebody else."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "books"
        shutil.copytree(small, root, ignore=shutil.ignore_patterns(".o2c"))
        said(root)
        for path in (Path(folder), root, *root.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        code, answer = as_nobody(lambda: Shop(root).did(*QUESTIONS[0].split()))
        assert (code, answer) == (0, right[0].replace(str(small), str(root)))
        assert as_nobody(lambda: type(door.opened(root)).__name__) == (0, "Books")
        Path(folder).chmod(0o755)
        for path in root.rglob("*"):
            path.chmod(0o755)
        root.chmod(0o755)


def as_nobody(question: Callable[[], str]) -> tuple[int, str]:
    """Ask in a process of its own that gave up the rights of root, with the modules that are loaded already."""
    source, sink = os.pipe()
    child = os.fork()
    if not child:
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            os.write(sink, question().encode())
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent says it
            os.write(sink, repr(error).encode())
            os._exit(1)
        os._exit(0)
    os.close(sink)
    with os.fdopen(source) as answer:
        text = answer.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


def test_what_a_killed_build_left_is_never_seen_and_removed_later(small: Path, right: list[str]) -> None:
    left, fresh = small / ".o2c" / ".index-dead", small / ".o2c" / ".index-at-work"
    for file in (left, fresh):
        file.write_bytes(b"half an index")
    os.utime(left, (0, 0))
    store.path_of(small).unlink()
    assert said(small) == right
    assert not left.exists()
    assert fresh.exists(), "another process may be building just now"


REBUILD = "import sys; from pathlib import Path; from o2c.books.index import sync; sync.rebuilt(Path(sys.argv[1]))"
REFRESH = "import sys; from pathlib import Path; from o2c.books import opened; opened(Path(sys.argv[1]))"
CHUNKS = f"from o2c.books.index import chunks; chunks.SHORTEST = chunks.ONE_IN = 1; {REFRESH}"


@pytest.mark.parametrize("script", [REBUILD, REFRESH, CHUNKS], ids=["rebuild", "refresh", "refresh of small chunks"])
def test_a_command_that_is_killed_leaves_no_wrong_index(small: Path, script: str) -> None:
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", script, str(small)], check=True, env=environment())
    usual = time.monotonic() - start
    for part in range(8):
        journal = small / "journal" / "2026-02.beancount"
        entries = journal.read_text().split("\n\n")
        entries.insert(part, f"2026-02-{10 + part} price USD 0.9{part} EUR")
        journal.write_text("\n\n".join(entries) + f"\n2026-02-{10 + part} price USD 0.9{part} EUR\n")
        process = subprocess.Popen([sys.executable, "-c", script, str(small)], env=environment())
        time.sleep(usual * (0.5 + part / 14))
        process.send_signal(signal.SIGKILL)
        process.wait()
        require_index(small)


READ = """
import sys
from datetime import date
from pathlib import Path
from o2c.books import opened
for turn in range(25):
    books = opened(Path(sys.argv[1]))
    sums = books.balances(date(2026, 12, 31), "C1")
    items = books.open_items(date(2026, 12, 31), "C1")
    assert books.about("INV-2026-0011").facts.document("INV-2026-0011").doc_id == "INV-2026-0011"
    assert {item.currency for item in items} <= {"EUR"}, items
"""


def test_many_processes_at_once_read_what_somebody_edits(small: Path) -> None:
    """Each of them refreshes the same index, some build it anew."""
    readers = [
        subprocess.Popen([sys.executable, "-c", READ, str(small)], env=environment(), stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    journal, turn = small / "journal" / "2026-03.beancount", 0
    text = journal.read_text()
    while any(reader.poll() is None for reader in readers):
        turn += 1
        journal.write_text(
            text + small_books.write([small_books.receipt(90 + turn, date(2026, 3, 28), "C1", "1.00", "")])
        )
        if turn % 5 == 0:
            with contextlib.suppress(FileNotFoundError):
                sync.rebuilt(small).close()
        time.sleep(0.05)
    assert [(reader.returncode, reader.communicate()[1].decode()) for reader in readers] == [(0, "")] * 3
    require_index(small)
