"""Makes a seal: the content that is sealed, and the leaf file beside it."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount.core.data import Document

from o2c.model.sealing import canonical
from o2c.model.sealing import tree
from o2c.model.sealing.comparing import place
from o2c.model.sealing.leaf_file import Content
from o2c.model.sealing.leaf_file import FileThen
from o2c.model.sealing.leaf_file import Head
from o2c.model.sealing.leaf_file import Leaf
from o2c.model.sealing.leaf_file import render
from o2c.model.sealing.totals import together
from o2c.model.sealing.totals import totals
from o2c.model.sealing.unchanged import BEANCOUNT
from o2c.model.sealing.unchanged import options_digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date as Date
    from pathlib import Path

    from beancount.core.data import Directive

#: Told how many entries are done, of how many.
Progress = Callable[[int, int], None]
_EACH = 2000


class Span(NamedTuple):
    """What one seal covers: its period, after which day (None: since the beginning), through which day."""

    period: str
    after: Date | None
    last: Date


class Chained(NamedTuple):
    """What a seal refers to: the content and seal before it (None: it is the first), and the seal it replaces."""

    before: Content | None = None
    replaces: str = ""


def of_files(entries: Iterable[Directive]) -> list[Directive]:
    """Leave out the entries that stand in no file: Beancount makes them of the option `documents`."""
    return [entry for entry in entries if not (type(entry) is Document and entry.meta.get("lineno") == 0)]


def within(entries: Sequence[Directive], span: Span) -> Sequence[Directive]:
    """Give the entries of a span out of entries in the order of their days."""
    first = bisect_right(entries, span.after, key=lambda entry: entry.date) if span.after else 0
    return entries[first : bisect_right(entries, span.last, key=lambda entry: entry.date)]


def digests(entries: Sequence[Directive], home: str, progress: Progress | None = None) -> list[str]:
    """Give the leaf of each entry."""
    found = []
    for number, entry in enumerate(entries):
        if progress and number % _EACH == 0:
            progress(number, len(entries))
        found.append(canonical.form(entry, home).digest)
    return found


def content(span: Span, entries: Sequence[Directive], leaves: Sequence[str], chained: Chained) -> Content:
    """Give what a seal over these entries seals."""
    figures, before = totals(entries), chained.before
    return Content(
        period=span.period,
        after=str(span.after or ""),
        end=str(span.last),
        entries=len(entries),
        root=tree.root(leaves),
        accounts=figures.accounts,
        documents=figures.documents,
        ranges=figures.ranges,
        since=together(before.since if before else (), figures.documents),
        previous=before.seal if before else "",
        replaces=chained.replaces,
    )


def leaf(entry: Directive, home: str) -> Leaf:
    """Make the line of the leaf file about one entry."""
    form = canonical.form(entry, home)
    return Leaf(form.digest, form.date, form.kind, canonical.name(entry), *place(entry, home), form.marks)


def made(
    span: Span,
    entries: Sequence[Directive],
    options: Mapping[str, Any],
    home: Path,
    chained: Chained,
    progress: Progress | None = None,
) -> tuple[Content, bytes]:
    """Seal the entries of a span: give the content and the bytes of its leaf file. Reads the ledger files."""
    leaves = []
    for number, entry in enumerate(entries):
        if progress and number % _EACH == 0:
            progress(number, len(entries))
        leaves.append(leaf(entry, str(home)))
    sealed = content(span, entries, [one.digest for one in leaves], chained)
    head = Head(sealed, _files(leaves, home), BEANCOUNT, options_digest(options))
    return sealed, render(head, leaves)


def _files(leaves: Iterable[Leaf], home: Path) -> tuple[FileThen, ...]:
    counts = Counter(one.file for one in leaves)
    return tuple(_file(home, path, count) for path, count in sorted(counts.items()))


def _file(home: Path, path: str, count: int) -> FileThen:
    text = (home / path).read_bytes()
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    return FileThen(path, len(text), lines, hashlib.sha256(text).hexdigest(), count)
