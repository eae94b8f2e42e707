"""The leaf file of a seal: what was sealed, entry by entry, so that a later change can be named.

One JSON text on each line: first the head, then one list for each entry. docs/seal.md describes it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from o2c.model.sealing.canonical import VERSION
from o2c.model.sealing.totals import AccountTotal
from o2c.model.sealing.totals import DocumentTotal
from o2c.model.sealing.totals import NumberRange

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX = "sha256:"


class Leaf(NamedTuple):
    """One sealed entry: its hash, its day and type, its name and place when it was sealed, digests of its fields."""

    digest: str
    date: str
    kind: str
    name: str
    file: str
    line: int
    marks: str


class Content(NamedTuple):
    """What a seal seals; the days are ISO texts, `after` is exclusive (empty: since the beginning), `end` inclusive.

    `since` counts the documents since the beginning of the books. `previous` is the seal of the period before,
    `replaces` the one that this period had before it was reopened; empty where there is none.
    """

    period: str
    after: str
    end: str
    entries: int
    root: str
    accounts: tuple[AccountTotal, ...]
    documents: tuple[DocumentTotal, ...]
    ranges: tuple[NumberRange, ...]
    since: tuple[DocumentTotal, ...]
    previous: str = ""
    replaces: str = ""
    version: str = VERSION

    @property
    def seal(self) -> str:
        """The seal: sha256 of this content as JSON."""
        return PREFIX + hashlib.sha256(_json(self._asdict()).encode("ascii")).hexdigest()


class FileThen(NamedTuple):
    """A ledger file as it was when entries in it were sealed: path from the main file's folder, bytes, lines, hash.

    `entries` is the number of this seal's entries in it.
    """

    path: str
    length: int
    lines: int
    sha256: str
    entries: int


class Head(NamedTuple):
    """What stands before the leaves: the sealed content, and what else was true when it was read."""

    content: Content
    files: tuple[FileThen, ...]
    beancount: str
    options: str


class Unreadable(ValueError):
    """A leaf file that is not as we write it."""


def render(head: Head, leaves: Sequence[Leaf]) -> bytes:
    """Write a leaf file: the same head and leaves give the same bytes."""
    first = {**head._asdict(), "content": head.content._asdict()}
    return "".join(f"{_json(part)}\n" for part in (first, *sorted(leaves))).encode("ascii")


def read_head(text: bytes) -> Head:
    """Read the first line; raises Unreadable."""
    try:
        found = json.loads(text.partition(b"\n")[0])
        files = tuple(FileThen(*row) for row in found["files"])
        return Head(_content(found["content"]), files, str(found["beancount"]), str(found["options"]))
    except _FAULTS as error:
        raise Unreadable(str(error)) from error


def read_leaves(text: bytes) -> list[Leaf]:
    """Read the lines behind the first; raises Unreadable."""
    try:
        return [Leaf(*row) for row in map(json.loads, text.splitlines()[1:])]
    except _FAULTS as error:
        raise Unreadable(str(error)) from error


_FAULTS = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def _content(found: dict[str, Any]) -> Content:
    rows = {"accounts": AccountTotal, "documents": DocumentTotal, "ranges": NumberRange, "since": DocumentTotal}
    tables = {name: tuple(kind(*row) for row in found[name]) for name, kind in rows.items()}
    if found["version"] != VERSION:
        raise Unreadable(f"its version is {found['version']}, this program knows {VERSION}")
    return Content(**{**found, **tables})


_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode
