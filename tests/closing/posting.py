"""Posting what the close proposes to the small books in memory, with true numbers, as a proposal would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.documents import Document
from o2c.proposals.numbers import drawn
from o2c.proposals.numbers import renamed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.proposals import Part
    from tests.cash.shop import Shop


def post_parts(shop: Shop, parts: Sequence[Part]) -> list[Document]:
    """Post all parts; every check of the plugin runs over the books after it."""
    entries = [entry for part in parts for entry in part.entries]
    names = drawn(shop.books, entries)
    numbered = [renamed(entry, names) for entry in entries]
    return shop.do(lambda *_: numbered)


def document(part: Part) -> Document:
    """Give the first document of a part, which is not yet posted."""
    entry = part.entries[0]
    assert isinstance(entry, Document)
    return entry
