"""A file that was edited is read again only around the edit, and the index is that of the whole file."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c.books.index import changes
from o2c.books.index import chunks
from o2c.books.index import files
from o2c.books.index import store
from o2c.books.index import sync
from tests.books.index import answers
from tests.books.index import block_edits
from tests.books.index import hand_edits
from tests.books.index import small_books
from tests.books.index.test_sync import require_as_rebuilt

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from tests.books.index.block_edits import Edit

FILE = 3
#: Shortest chunk and one entry in so many that begins one: small texts have many chunks then.
SIZES = st.sampled_from([(1, 1), (1, 2), (1, 4), (300, 1), (300, 3), (2000, 2)])


@contextlib.contextmanager
def small_chunks(shortest: int, one_in: int) -> Iterator[None]:
    """Cut into chunks as if texts were larger than they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "SHORTEST", shortest)
        patch.setattr(chunks, "ONE_IN", one_in)
        yield


def tables() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(store._TABLES)
    return connection


def kept(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Give all rows of all files, entries by their place instead of their id."""
    found: dict[int, list[tuple[object, ...]]] = {
        key: [tuple(rest)] for key, *rest in connection.execute("select * from entry")
    }
    for table in ("name", "move", "quantity"):
        rows = connection.execute(f"select entry, * from {table}")
        names = [column[0] for column in rows.description]
        for key, *rest in rows:
            found[key].append((table, *(value for name, value in zip(names[1:], rest, strict=True) if name != "entry")))
    return sorted((tuple(sorted(rows, key=repr)) for rows in found.values()), key=repr)


def meant(text: bytes) -> list[tuple[object, ...]]:
    """Give the rows of a text that is read in one go."""
    connection, content = tables(), files.content(text)
    changes.insert(connection, changes.Whole((), True, 0, files.tables(FILE, content.placed), []))
    return kept(connection)


def refresh(connection: sqlite3.Connection, text: bytes) -> bool:
    """Do with a changed file what a command does; tell whether that went by its chunks."""
    if changes.update(connection, FILE, text):
        return True
    changes.forget(connection, FILE)
    changes.insert(connection, changes.read(FILE, text))
    return False


def require_whole_chunks(connection: sqlite3.Connection, text: bytes) -> None:
    """Prove that the known chunks are those of the text, without a gap."""
    at, line = 0, 1
    for chunk in changes._known(connection, FILE):
        part = text[at : at + chunk.size]
        assert (chunk.position, chunk.line, chunk.lines) == (at, line, part.count(b"\n"))
        assert chunk.hash == files.digest(part)
        low, high = chunk.id << files.CHUNK_SHIFT, (chunk.id + 1) << files.CHUNK_SHIFT
        held = connection.execute("select count(*) from entry where id >= ? and id < ?", (low, high)).fetchone()[0]
        assert held == chunk.entries
        at, line = at + chunk.size, line + chunk.lines
    assert at in {0, len(text)}


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def require_the_same_after(data: st.DataObject, edits: tuple[Edit, ...], most: int) -> None:
    with small_chunks(*data.draw(SIZES)):
        text = "\n".join(data.draw(st.lists(hand_edits.written, min_size=1, max_size=4)))
        connection = tables()
        refresh(connection, encoded(text))
        for edit in data.draw(st.lists(st.sampled_from(edits), min_size=1, max_size=most)):
            text = edit(data.draw, text)
            before = files.content(encoded(text))
            if refresh(connection, encoded(text)):
                assert before.alone
            assert kept(connection) == meant(encoded(text))
            require_whole_chunks(connection, encoded(text))


@given(st.data())
def test_after_any_edits_of_blocks_the_rows_are_those_of_the_whole_text(data: st.DataObject) -> None:
    require_the_same_after(data, block_edits.ALL, 5)


@pytest.mark.parametrize("edit", dict.fromkeys(block_edits.ALL), ids=lambda edit: edit.__name__)
@given(st.data())
@settings(max_examples=max(10, settings.default.max_examples // 10), suppress_health_check=list(HealthCheck))
def test_after_each_kind_of_edit_the_rows_are_those_of_the_whole_text(edit: Edit, data: st.DataObject) -> None:
    require_the_same_after(data, (edit,), 2)


@pytest.mark.deep
@given(st.data())
@settings(max_examples=3000)
def test_after_many_edits_of_blocks_the_rows_are_those_of_the_whole_text(data: st.DataObject) -> None:
    require_the_same_after(data, block_edits.ALL, 12)


def require_the_same_in_chunks(text: bytes, shortest: int, one_in: int) -> None:
    content = files.content(text)
    with small_chunks(shortest, one_in):
        whole = changes.read(FILE, text)
    assert (whole.fit, whole.errors, whole.includes) == (content.fit, content.errors, content.includes)
    one, other = tables(), tables()
    changes.insert(one, whole)
    changes.insert(other, changes.Whole((), True, 0, files.tables(FILE, content.placed), []))
    assert kept(one) == kept(other)


#: An entry that a text with line breaks seems to hold within it.
_THIEF = """2026-01-05 * "two\nlines"
  Assets:AR:C1  5.00 EUR
    item: "A
2026-01-05 open Assets:Thief
"
  Income:X
"""


@given(st.lists(hand_edits.edited() | hand_edits.collections(), min_size=1, max_size=4), SIZES)
@example(['2026-01-05 open Assets:A ; 5" p\n2026-01-06 note Assets:A "a\n2026-01-07 open Assets:Thief\n"\n'], (1, 1))
@example([_THIEF + "2026-01-05 price USD 0.91 EUR\n\n"], (1, 4))
@example(["2026-01-05 open Assets:AR:C1\n", "  name: 5\n2026-01-06 open Assets:AR:C2"], (1, 1))
@example(["2026-01-05 open Assets:AR:C1\n\x002026-01-06 open Assets:AR:C2\n"], (1, 1))
def test_a_text_in_chunks_is_read_as_the_whole_text(parts: list[str], sizes: tuple[int, int]) -> None:
    require_the_same_in_chunks(encoded("\n".join(parts)), *sizes)


@pytest.mark.deep
@given(st.lists(hand_edits.edited() | hand_edits.collections(), min_size=1, max_size=6), SIZES)
@settings(max_examples=5000)
def test_many_texts_in_chunks_are_read_as_the_whole_text(parts: list[str], sizes: tuple[int, int]) -> None:
    require_the_same_in_chunks(encoded("\n".join(parts)), *sizes)


# ---- books: the answers of a fresh load ------------------------------------------------------------------------------


def _edit_file(draw: st.DrawFn, root: Path) -> None:
    path = draw(st.sampled_from(small_books.ledger_files(root)))
    text = path.read_bytes().decode()
    path.write_bytes(draw(st.sampled_from(block_edits.ALL))(draw, text).encode())


EDITS: tuple[Callable[[st.DrawFn, Path], None], ...] = (
    _edit_file, _edit_file, _edit_file, small_books.insert, small_books.append, small_books.delete,
    small_books.move_entry, small_books.move_entry, small_books.reorder, small_books.change_amount,
    small_books.same_size_and_time_in_place, small_books.swap_files, small_books.copy_file,
)  # fmt: skip


def require_the_same_books(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, small_chunks(*data.draw(SIZES)):
        root = small_books.new(Path(folder))
        answers.require_the_same(root)
        for edit in data.draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=4)):
            edit(data.draw, root)
            answers.require_the_same(root, documents=6)
            require_as_rebuilt(root)


@given(st.data())
@settings(max_examples=max(20, settings.default.max_examples // 2))
def test_after_any_edits_of_small_chunks_the_answers_are_those_of_a_fresh_load(data: st.DataObject) -> None:
    require_the_same_books(data)


@pytest.mark.deep
@given(st.data())
@settings(max_examples=300)
def test_after_many_edits_of_small_chunks_the_answers_are_those_of_a_fresh_load(data: st.DataObject) -> None:
    require_the_same_books(data)


@pytest.mark.parametrize("step", ["_remove", "_shift", "_insert", "_insert_chunks"])
def test_a_change_that_breaks_off_leaves_the_index_as_it_was(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with small_chunks(1, 1):
        root = small_books.new(tmp_path)
        answers.require_the_same(root)
        path = root / "journal" / "2026-02.beancount"
        path.write_text("; one line more\n" + path.read_text().replace("Receipt RC", "Payment RC"))
        with monkeypatch.context() as patch:
            patch.setattr(changes, step, killed)
            with pytest.raises(KeyboardInterrupt):
                sync.opened(root)
        answers.require_the_same(root)
        require_as_rebuilt(root)


# ---- what is read again ----------------------------------------------------------------------------------------------


def month(entries: int) -> str:
    """Make a text of many entries, of which each moves an item."""
    return "; the journal\n" + "".join(
        f'\n2026-01-{1 + number * 28 // entries:02d} * "by hand {number}"\n  Assets:AR:C1  {number}.00 EUR\n'
        f'    item: "A-{number}"\n  Income:Sales  -{number}.00 EUR\n'
        for number in range(entries)
    )


MONTH = month(3000)
FIRST = MONTH.index("\n2026") + 1
SECOND = MONTH.index("\n2026", FIRST) + 1
MIDDLE = MONTH.index("\n2026-01-15") + 1
NEXT = MONTH.index("\n2026", MIDDLE) + 1
ONE_EDIT = {
    "a narration changed": MONTH.replace("by hand 1500", "by someone's hand 1500"),
    "an entry inserted": MONTH[:MIDDLE] + month(1)[15:] + "\n" + MONTH[MIDDLE:],
    "an entry deleted": MONTH[:MIDDLE] + MONTH[NEXT:],
    "a line added at the beginning": "; one line\n" + MONTH,
    "an entry appended": MONTH + "\n2026-01-30 price USD 0.90 EUR\n",
    "an entry appended without an empty line": MONTH + "2026-01-30 price USD 0.90 EUR\n",
    "the first entry moved to the end": MONTH[:FIRST] + MONTH[SECOND:] + "\n" + MONTH[FIRST : SECOND - 1],
}


def read_for(monkeypatch: pytest.MonkeyPatch, connection: sqlite3.Connection, text: str) -> int:
    """Bring the index up to date by its chunks, and count the bytes that were read again."""
    read: list[int] = []
    real = files.content

    def content(part: bytes, position: int = 0, line: int = 1) -> files.Content:
        read.append(len(part))
        return real(part, position, line)

    with monkeypatch.context() as patch:
        patch.setattr(files, "content", content)
        assert changes.update(connection, FILE, text.encode())
    return sum(read)


@pytest.mark.parametrize("what", ONE_EDIT)
def test_only_the_chunk_around_an_edit_is_read_again(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_chunks(1000, 8):
        connection = tables()
        refresh(connection, MONTH.encode())
        assert len(changes._known(connection, FILE)) > 50
        assert 0 < read_for(monkeypatch, connection, ONE_EDIT[what]) < len(MONTH) / 10
        assert kept(connection) == meant(ONE_EDIT[what].encode())
        assert read_for(monkeypatch, connection, MONTH) < len(MONTH) / 10, "and back"
        assert kept(connection) == meant(MONTH.encode())


def test_of_an_appended_text_only_the_new_end_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    connection, text = tables(), MONTH
    refresh(connection, text.encode())
    for number in range(100):
        more = (
            f'\n2026-01-30 * "{number}"\n  Assets:AR:C1  1.00 EUR\n    item: "B-{number}"\n  Income:Sales  -1.00 EUR\n'
        )
        text += more
        assert read_for(monkeypatch, connection, text) <= len(more)
    assert kept(connection) == meant(text.encode())
    assert len(changes._known(connection, FILE)) < len(text) / chunks.SHORTEST


def test_entries_keep_their_rows_when_their_chunk_moves() -> None:
    with small_chunks(1000, 8):
        connection = tables()
        refresh(connection, MONTH.encode())
        before = dict(connection.execute("select name, entry from name"))
        half = MONTH.index("\n2026-01-15") + 1
        assert refresh(connection, (MONTH[half:] + "\n" + MONTH[:half]).encode())
        after = dict(connection.execute("select name, entry from name"))
    assert before.keys() == after.keys()
    assert sum(before[name] != after[name] for name in before) < len(before) / 20


@pytest.mark.parametrize(
    "line", ['option "title" "x"', "pushtag #trip", 'include "other.beancount"', 'plugin "x"', '  ; 5" pipe', "rubbish"]
)
def test_what_reaches_beyond_its_entry_has_the_whole_file_read(line: str) -> None:
    connection = tables()
    refresh(connection, MONTH.encode())
    assert not refresh(connection, f"{MONTH}\n{line}\n".encode())
    assert changes._known(connection, FILE) == []
    assert not refresh(connection, MONTH.encode())
    assert changes._known(connection, FILE) != []
    assert kept(connection) == meant(MONTH.encode())
