"""The seals of the books: which periods are sealed, by which entry and leaf file, and how they hang together."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.data import Custom

from o2c.model import reading
from o2c.model.findings import Finding
from o2c.model.periods import CLOSE
from o2c.model.periods import CLOSED
from o2c.model.periods import Close
from o2c.model.periods import closes
from o2c.model.periods import standing
from o2c.model.sealing.leaf_file import PREFIX
from o2c.model.sealing.leaf_file import Head
from o2c.model.sealing.leaf_file import Unreadable
from o2c.model.sealing.leaf_file import read_head

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from beancount.core.data import Directive

    from o2c.model.documents import Event

CHECK = "seals"
FOLDER = "closes"
_NAME = re.compile(r"closes/[0-9]{4}-[0-9]{2}(-[0-9]{1,4})?\.leaves", re.ASCII)


class Opened(NamedTuple):
    """A seal with its leaf file: bytes and head, or what is wrong with it (then `head` is None)."""

    close: Close
    path: Path
    text: bytes
    head: Head | None
    findings: tuple[Finding, ...]


def customs(entries: Iterable[Directive]) -> list[Event]:
    """Read what the entries declare about periods."""
    found = (reading.event(entry) for entry in entries if isinstance(entry, Custom) and entry.type == CLOSE)
    return [event for event in found if event is not None]


def ever(events: Iterable[Event]) -> list[Close]:
    """List all seals that were ever set, in the order of days."""
    return [close for close in closes(events) if close.state == CLOSED and close.seal]


def in_force(events: Iterable[Event]) -> list[Close]:
    """List the seals that hold, the earliest period first."""
    held = [close for close in standing(events).values() if close.state == CLOSED and close.seal]
    return sorted(held, key=lambda close: close.last)


def file_name(period: str, before: int) -> str:
    """Name the leaf file of a period that was sealed some times before: a reopened period keeps its old ones."""
    return f"{FOLDER}/{period}{f'-{before + 1}' if before else ''}.leaves"


def opened(home: Path, close: Close) -> Opened:
    """Read the leaf file of a seal; faults are findings at the line of the close."""
    named = str(close.event_fact("file"))
    path = home / named
    if not _NAME.fullmatch(named):
        return _faulty(close, path, b"", "names no leaf file; restore this entry, with its line `file:`, from git")
    try:
        text = path.read_bytes()
    except OSError as error:
        said = f"its leaf file {named} cannot be read ({error.strerror or error}); restore it from git or a backup"
        return _faulty(close, path, b"", said)
    if PREFIX + hashlib.sha256(text).hexdigest() != close.event_fact("leaves"):
        said = f"its leaf file {named} is not the one that was written then; restore both from git or a backup"
        return _faulty(close, path, text, said)
    try:
        head = read_head(text)
    except Unreadable as error:
        return _faulty(close, path, text, f"its leaf file {named} cannot be understood ({error}); restore it from git")
    said = _disagreement(close, head)
    return _faulty(close, path, text, said) if said else Opened(close, path, text, head, ())


def _disagreement(close: Close, head: Head) -> str:
    """Say in what an entry and its leaf file contradict each other; empty where they agree."""
    content = head.content
    said = (close.seal, close.period, str(close.last), close.event_fact("root"), str(close.event_fact("count")))
    known = (content.seal, content.period, content.end, PREFIX + content.root, str(content.entries))
    names = ("seal", "period", "last day", "root", "count")
    wrong = [name for name, one, other in zip(names, said, known, strict=True) if one != other]
    if not wrong:
        return ""
    return f"its {' and '.join(wrong)} differ from {close.event_fact('file')}; restore both from git or a backup"


def _faulty(close: Close, path: Path, text: bytes, said: str) -> Opened:
    return Opened(close, path, text, None, (finding(close, f"{close.period} was sealed, but {said}"),))


def finding(close: Close, message: str) -> Finding:
    """Give a finding at the line of a close."""
    return Finding(CHECK, close.event.source, message)


def chained(known: Sequence[Close], one: Opened, before: Opened | None) -> list[Finding]:
    """Find that a seal does not follow the one before it, or does not replace the one that its period had."""
    if one.head is None:
        return []
    return [*_follows(one, one.head, before), *_replaces(one, one.head, known)]


def _follows(one: Opened, head: Head, before: Opened | None) -> Iterator[Finding]:
    after, previous = (str(before.close.last), before.close.seal) if before else ("", "")
    if (head.content.after, head.content.previous) != (after, previous):
        missing = head.content.previous or "the beginning"
        message = (
            f"the seal of {one.close.period} follows {missing}, which is not in force; "
            f"restore that close, or reopen {one.close.period} and seal again in order"
        )
        yield finding(one.close, message)


def _replaces(one: Opened, head: Head, known: Sequence[Close]) -> Iterator[Finding]:
    older = [close.seal for close in known if close.period == one.close.period]
    older = older[: older.index(one.close.seal)]
    if head.content.replaces != (older[-1] if older else ""):
        message = (
            f"the seal of {one.close.period} replaces {head.content.replaces or 'none'}, "
            f"but the books hold {older[-1] if older else 'none'} before it; restore the close entries from git"
        )
        yield finding(one.close, message)
