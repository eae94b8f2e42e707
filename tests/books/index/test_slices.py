"""What is cut out of large books says the same as the whole: chains, items, progress, and the answers of verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c import books as door
from o2c.books.index.books import IndexedBooks
from o2c.books.index.small_books import Slice
from o2c.model import chain
from tests.books.index import answers
from tests.books.index.conftest import DEMO
from tests.faults.small_shop import Shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.books import Books

NUMBERS = sorted(door.load(DEMO).facts.versions)


@pytest.fixture(scope="module")
def both(indexed: Path) -> Iterator[tuple[IndexedBooks, Books]]:
    """The books through their index, and loaded."""
    books = door.opened(indexed)
    assert isinstance(books, IndexedBooks), "the demo books are kept in an index"
    yield books, door.load(indexed)
    books.connection.close()


def test_every_document_and_its_items_are_the_same_in_a_slice(both: tuple[IndexedBooks, Books]) -> None:
    books, fresh = both
    for number in NUMBERS:
        assert isinstance(books.about(number), Slice)
        answers.require_the_same_document(books, fresh, number)


def test_every_chain_is_the_same_in_a_slice(both: tuple[IndexedBooks, Books]) -> None:
    books, fresh = both
    for number in NUMBERS:
        assert chain.chain(books.about(number).facts, number) == chain.chain(fresh.facts, number), number


VERBS = {
    "order": ("show {0}", "order cancel {0} --dry-run", "deliver {0} --dry-run"),
    "delivery": ("show {0}", "reverse {0} --reason test --dry-run"),
    "invoice": (
        "show {0}",
        "credit-note create {0} --reason return --full --dry-run",
        "write-off {0} --reason bad-debt --dry-run",
        "reverse {0} --reason test --dry-run",
    ),
    "credit-note": ("show {0}", "reverse {0} --reason test --dry-run"),
    "receipt": ("show {0}", "refund {0} 1.00 --dry-run", "unallocate {0} --dry-run"),
}


def _commands(share: int) -> list[tuple[str, ...]]:
    """Give commands about the documents, every so manieth of each type; changing ones only on a dry run."""
    kinds: dict[str, list[str]] = {}
    facts = door.load(DEMO).facts
    for number in NUMBERS:
        kinds.setdefault(facts.document(number).doc_type, []).append(number)
    return [
        tuple(verb.format(number).split())
        for kind, numbers in kinds.items()
        for verb in VERBS.get(kind, ("show {0}",))
        for number in (numbers if verb.startswith("show") else numbers[::share])
    ]


def require_the_same_answers(
    root: Path, both: tuple[IndexedBooks, Books], monkeypatch: pytest.MonkeyPatch, share: int
) -> None:
    shop, commands = Shop(root), _commands(share)
    through_index = [shop.run(*command) for command in commands]
    fresh = both[1]
    monkeypatch.setattr(door, "opened", lambda _: fresh)
    for command, answer in zip(commands, through_index, strict=True):
        assert shop.run(*command) == answer, command
    assert sum(answer.code == 0 for answer in through_index) > len(NUMBERS)


def test_commands_answer_the_same_from_a_slice_and_from_all(
    indexed: Path, both: tuple[IndexedBooks, Books], monkeypatch: pytest.MonkeyPatch
) -> None:
    require_the_same_answers(indexed, both, monkeypatch, 30)


@pytest.mark.deep
def test_all_commands_answer_the_same_from_a_slice_and_from_all(
    indexed: Path, both: tuple[IndexedBooks, Books], monkeypatch: pytest.MonkeyPatch
) -> None:
    require_the_same_answers(indexed, both, monkeypatch, 1)
