"""Proves the sealed periods: names every entry that was changed, added or removed since, at its line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from o2c.model.findings import Finding
from o2c.model.reading import source
from o2c.model.sealing import canonical
from o2c.model.sealing import comparing
from o2c.model.sealing import making
from o2c.model.sealing import seals
from o2c.model.sealing import tree
from o2c.model.sealing import unchanged
from o2c.model.sealing.leaf_file import PREFIX
from o2c.model.sealing.leaf_file import Unreadable
from o2c.model.sealing.leaf_file import read_leaves

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date as Date

    from beancount.core.data import Directive

    from o2c.model.periods import Close
    from o2c.model.sealing.comparing import Difference
    from o2c.model.sealing.leaf_file import Content
    from o2c.model.sealing.leaf_file import FileThen
    from o2c.model.sealing.leaf_file import Leaf
    from o2c.model.sealing.making import Progress
    from o2c.model.sealing.seals import Opened

#: More findings of one period than this are only counted.
MOST = 1000


class Proved(NamedTuple):
    """One seal in force, its leaf file (`head` is None where that is damaged), and what is wrong."""

    close: Close
    opened: Opened
    findings: tuple[Finding, ...]


class Proof(NamedTuple):
    """What a proof found, for each seal in force, the earliest period first."""

    seals: tuple[Proved, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is wrong."""
        return tuple(finding for one in self.seals for finding in one.findings)

    @property
    def files(self) -> tuple[Path, ...]:
        """The leaf files that were read."""
        return tuple(one.opened.path for one in self.seals if one.opened.text)


class _Books(NamedTuple):
    """What all periods are proved with."""

    entries: Sequence[Directive]
    options: Mapping[str, Any]
    home: Path
    progress: Progress | None


def prove(
    entries: Sequence[Directive],
    options: Mapping[str, Any],
    *,
    quick: bool,
    through: Date | None = None,
    progress: Progress | None = None,
) -> Proof:
    """Prove the sealed periods over booked entries in the order of their days; `through` a day, or all.

    `quick` believes files whose bytes are as they were; otherwise every entry is compared, and every figure of every
    seal is computed again.
    """
    of_files = making.of_files(entries)
    events = seals.customs(of_files)
    known = seals.ever(events)
    held = [close for close in seals.in_force(events) if through is None or close.last <= through]
    books = _Books(of_files, options, Path(options["filename"]).parent, progress)
    files = [seals.opened(books.home, close) for close in held]
    kept = unchanged.prefixes(books.home, (one.head for one in files if one.head)) if quick and files else None
    pairs = zip([None, *files], files, strict=False)
    return Proof(tuple(_proved(books, one, before, kept, known) for before, one in pairs))


def _proved(
    books: _Books, one: Opened, before: Opened | None, kept: set[FileThen] | None, known: Sequence[Close]
) -> Proved:
    chained = seals.chained(known, one, before)
    changed = _capped(one.close, list(_period(books, one, before, kept)))
    return Proved(one.close, one, (*one.findings, *chained, *changed))


def _capped(close: Close, findings: list[Finding]) -> list[Finding]:
    if len(findings) <= MOST:
        return findings
    more = seals.finding(close, f"{len(findings) - MOST:,} more entries of {close.period} are not as they were sealed")
    return [*findings[:MOST], more]


def _period(books: _Books, one: Opened, before: Opened | None, kept: set[FileThen] | None) -> Iterator[Finding]:
    span = making.Span(one.close.period, before.close.last if before else None, one.close.last)
    entries = making.within(books.entries, span)
    beyond = unchanged.Beyond(frozenset(), entries)
    if kept is not None and one.head is not None and unchanged.is_same_reader(one.head, books.options):
        beyond = unchanged.beyond(one.head, kept, books.home, entries)
        if all(file.path in beyond.believed for file in one.head.files):
            yield from (_added(entry, one.close) for entry in beyond.entries)
            return
    digests = making.digests(beyond.entries, str(books.home), books.progress)
    if one.head is None:
        yield from _without_leaves(one, digests)
    else:
        yield from _against_leaves(books, one, entries, beyond, digests)
        if kept is None:
            yield from _figures(one, span, entries, digests, before)


def _without_leaves(one: Opened, digests: Sequence[str]) -> Iterator[Finding]:
    if PREFIX + tree.root(digests) != one.close.event_fact("root"):
        message = (
            f"entries of {one.close.period} are not as they were sealed; which ones, only its leaf file could tell: "
            "restore that file, then run `o2c close verify`"
        )
        yield seals.finding(one.close, message)


def _against_leaves(
    books: _Books, one: Opened, entries: Sequence[Directive], beyond: unchanged.Beyond, digests: Sequence[str]
) -> Iterator[Finding]:
    """Compare what stands beyond the believed files; `entries` are all of the period, `digests` those beyond."""
    try:
        leaves = [leaf for leaf in read_leaves(one.text) if leaf.file not in beyond.believed]
    except Unreadable:
        yield seals.finding(one.close, f"the leaves of {one.close.period} cannot be read; restore them from git")
        return
    found = comparing.differences(beyond.entries, digests, leaves, str(books.home))
    gone = [difference.leaf for difference in found if difference.leaf and difference.entry is None]
    inside = set(map(id, entries))
    others = (entry for entry in books.entries if id(entry) not in inside)
    moved = comparing.moved_elsewhere(gone, others, str(books.home)) if gone else {}
    yield from (_said(difference, one.close, moved) for difference in found)


def _figures(
    one: Opened, span: making.Span, entries: Sequence[Directive], digests: Sequence[str], before: Opened | None
) -> Iterator[Finding]:
    """Compute the seal anew; its figures can only be wrong where the entries are right and the seal was forged."""
    assert one.head is not None
    known = one.head.content
    previous = before.head.content if before and before.head else None
    now = making.content(span, entries, digests, making.Chained(previous, known.replaces))
    if now.root == known.root and now.seal != known.seal and (previous or not before):
        wrong = ", ".join(_differing(known, now))
        message = f"the seal of {one.close.period} says {wrong} which its entries do not: restore it from git"
        yield seals.finding(one.close, message)


def _differing(one: Content, other: Content) -> list[str]:
    pairs = zip(one._fields, one, other, strict=True)
    return [f"`{name}`" for name, mine, yours in pairs if mine != yours]


def _said(difference: Difference, close: Close, moved: Mapping[Leaf, Directive]) -> Finding:
    leaf, entry = difference.leaf, difference.entry
    if leaf is None:
        assert entry is not None
        return _added(entry, close)
    if entry is None and leaf in moved:
        return _changed(leaf, moved[leaf], close, ("date",))
    if entry is None:
        message = (
            f"{_what(leaf.kind, leaf.name)} of {leaf.date} is gone: it stood at {leaf.file}:{leaf.line} when "
            f"{_sealed(close)}; put it back, `git log -p {leaf.file}` shows it"
        )
        return seals.finding(close, message)
    return _changed(leaf, entry, close, difference.groups)


def _changed(leaf: Leaf, entry: Directive, close: Close, groups: Sequence[str]) -> Finding:
    message = (
        f"{_what(leaf.kind, leaf.name)} of {leaf.date} was changed ({', '.join(groups) or 'form'}) after "
        f"{_sealed(close)}; put it back as it was, and correct it by a new entry in an open period"
    )
    return Finding(seals.CHECK, source(entry), message, entry)


def _added(entry: Directive, close: Close) -> Finding:
    kind = type(entry).__name__.lower()
    message = (
        f"{_what(kind, canonical.name(entry))} is dated {entry.date}, but {_sealed(close)}; give it a day after "
        f"{close.last}, or take it out"
    )
    return Finding(seals.CHECK, source(entry), message, entry)


def _what(kind: str, name: str) -> str:
    return f"{kind} {name}".strip() if kind != "transaction" else name or kind


def _sealed(close: Close) -> str:
    by = f"{close.event.act.by} sealed {close.period}" if close.event.act.by else f"{close.period} was sealed"
    return f"{by} on {close.event.date}"
