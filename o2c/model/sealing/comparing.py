"""Compares the entries of a period with the leaves that were sealed, and names what was changed, added or removed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import reading
from o2c.model.sealing import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from beancount.core.data import Directive

    from o2c.model.sealing.leaf_file import Leaf


class Difference(NamedTuple):
    """One entry that is not as it was: without a leaf it was added, without an entry removed, with both changed.

    `groups` says in what a changed one differs.
    """

    leaf: Leaf | None
    entry: Directive | None
    groups: tuple[str, ...] = ()


def place(entry: Directive, home: str) -> tuple[str, int]:
    """Say where an entry stands, the file as a path from the main file's folder."""
    file, line = reading.source(entry)
    return file.removeprefix(home + "/"), line


def differences(
    entries: Sequence[Directive], digests: Sequence[str], leaves: Sequence[Leaf], home: str
) -> list[Difference]:
    """List what differs; equal entries count as often as they occur, and their order does not matter."""
    have, sealed = Counter(digests), Counter(leaf.digest for leaf in leaves)
    if have == sealed:
        return []
    new = _surplus(entries, digests, leaves, have - sealed, home)
    gone = _missing(entries, digests, leaves, sealed - have, home)
    return _paired(new, gone, home)


def _surplus(
    entries: Sequence[Directive], digests: Sequence[str], leaves: Sequence[Leaf], more: Counter[str], home: str
) -> list[Directive]:
    """List the entries without a leaf; of equal ones those that stand where none stood."""
    places = {(leaf.digest, leaf.file, leaf.line) for leaf in leaves if leaf.digest in more}
    found: dict[str, list[Directive]] = {}
    for entry, digest in zip(entries, digests, strict=True):
        if digest in more:
            found.setdefault(digest, []).append(entry)
    for digest, same in found.items():
        same.sort(key=lambda entry: (digest, *place(entry, home)) in places)
    return [entry for digest, same in found.items() for entry in same[: more[digest]]]


def _missing(
    entries: Sequence[Directive], digests: Sequence[str], leaves: Sequence[Leaf], less: Counter[str], home: str
) -> list[Leaf]:
    """List the leaves without an entry; of equal ones those whose places are empty."""
    places = {(d, *place(e, home)) for e, d in zip(entries, digests, strict=True) if d in less}
    found: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        if leaf.digest in less:
            found.setdefault(leaf.digest, []).append(leaf)
    for same in found.values():
        same.sort(key=lambda leaf: (leaf.digest, leaf.file, leaf.line) in places)
    return [leaf for digest, same in found.items() for leaf in same[: less[digest]]]


def _paired(new: Sequence[Directive], gone: Sequence[Leaf], home: str) -> list[Difference]:
    """Take a missing leaf and a new entry that are likely one as a change; the rest was added or removed."""
    index: dict[tuple[object, ...], list[int]] = {}
    forms = [canonical.form(entry, home) for entry in new]
    for number, (entry, form) in enumerate(zip(new, forms, strict=True)):
        for key in _likeness(form.kind, canonical.name(entry), *place(entry, home), form.marks):
            index.setdefault(key, []).append(number)
    free, found = set(range(len(new))), []
    for leaf in gone:
        likely = _first(index, _likeness(leaf.kind, leaf.name, leaf.file, leaf.line, leaf.marks), free)
        if likely is None:
            found.append(Difference(leaf, None))
        else:
            free.discard(likely)
            found.append(Difference(leaf, new[likely], _groups(leaf, forms[likely])))
    return found + [Difference(None, new[number]) for number in sorted(free)]


def _likeness(kind: str, name: str, file: str, line: int, marks: str) -> Iterator[tuple[object, ...]]:
    """Give what an entry may be known by again, the surest first."""
    yield ("name", kind, name)
    yield ("place", kind, file, line)
    parts = marks.split()
    for number in range(len(parts)):
        yield ("all but one", kind, number, *parts[:number], *parts[number + 1 :])


def _first(
    index: dict[tuple[object, ...], list[int]], keys: Iterable[tuple[object, ...]], free: set[int]
) -> int | None:
    for key in keys:
        waiting = index.get(key, [])
        while waiting and waiting[0] not in free:
            waiting.pop(0)
        if waiting:
            return waiting[0]
    return None


def _groups(leaf: Leaf, form: canonical.Form) -> tuple[str, ...]:
    pairs = zip(canonical.GROUPS, leaf.marks.split(), form.marks.split(), strict=False)
    changed = [group for group, before, now in pairs if before != now]
    if "accounts or amounts" in changed and "metadata of postings" in changed:
        changed.remove("metadata of postings")  # it covers the amounts too
    return tuple((["date"] if leaf.date != form.date else []) + changed)


def moved_elsewhere(gone: Sequence[Leaf], others: Iterable[Directive], home: str) -> dict[Leaf, Directive]:
    """Find missing leaves among the entries of other days: only their date was changed."""
    names = {(leaf.kind, leaf.name) for leaf in gone}
    now: dict[tuple[str, str, str], Directive] = {}
    for entry in others:
        kind, name = type(entry).__name__.lower(), canonical.name(entry) if names else ""
        if (kind, name) in names:
            now[kind, name, canonical.form(entry, home).marks] = entry
    keys = {leaf: (leaf.kind, leaf.name, leaf.marks) for leaf in gone}
    return {leaf: now[key] for leaf, key in keys.items() if key in now}
