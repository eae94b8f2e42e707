"""The short way: where the bytes of the files did not change, neither did the entries in them.

Beancount makes of the same bytes the same entries, if it is the same version with the same options. What was appended
behind cannot change an entry before it, if it begins with an empty line or at the left margin: both end an entry.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount import __version__ as _BEANCOUNT
from beancount.core.data import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from beancount.core.data import Directive

    from o2c.model.sealing.leaf_file import FileThen
    from o2c.model.sealing.leaf_file import Head

BEANCOUNT = _BEANCOUNT
#: Options that change how the same text is read or booked.
_READING = ("name_", "allow_", "infer", "tolerance", "booking", "use_precise")


class Beyond(NamedTuple):
    """What must still be compared: entries that stand elsewhere than in the believed files, given by their paths."""

    believed: frozenset[str]
    entries: Sequence[Directive]


def options_digest(options: Mapping[str, Any]) -> str:
    """Give a digest of the options that change how text is read and booked."""
    chosen = sorted((key, value) for key, value in options.items() if key.startswith(_READING))
    return hashlib.sha256("\n".join(f"{key} {_text(value)}" for key, value in chosen).encode()).hexdigest()[:16]


def _text(value: object) -> str:
    if isinstance(value, dict):
        return repr(sorted((key, str(one)) for key, one in value.items()))
    return str(value)


def prefixes(home: Path, heads: Iterable[Head]) -> set[FileThen]:
    """Name the sealed files whose bytes still begin as they were; each file is read once."""
    wanted: dict[str, set[FileThen]] = {}
    for head in heads:
        for file in head.files:
            wanted.setdefault(file.path, set()).add(file)
    return {file for path, files in wanted.items() for file in _kept(home / path, files)}


def _kept(path: Path, files: set[FileThen]) -> list[FileThen]:
    try:
        content = path.read_bytes()
    except OSError:
        return []
    kept, hashed, done = [], hashlib.sha256(), 0
    view = memoryview(content)
    for file in sorted(files, key=lambda file: file.length):
        if file.length > len(content):
            break
        hashed.update(view[done : file.length])
        done = file.length
        if hashed.hexdigest() == file.sha256 and _ends_entry(content, done):
            kept.append(file)
    return kept


def _ends_entry(content: bytes, at: int) -> bool:
    """Tell whether what follows leaves the entry before it alone."""
    if at and content[at - 1 : at] != b"\n" and at < len(content):
        if content[at : at + 2] != b"\r\n" and content[at : at + 1] != b"\n":
            return False
        at = content.index(b"\n", at) + 1
    return content[at : at + 1] not in {b" ", b"\t"}


def is_same_reader(head: Head, options: Mapping[str, Any]) -> bool:
    """Tell whether Beancount and its options are those with which a seal was set."""
    return head.beancount == BEANCOUNT and head.options == options_digest(options)


def beyond(head: Head, kept: set[FileThen], home: Path, entries: Sequence[Directive]) -> Beyond:
    """Split the entries of a period, as they are now, by whether they stand in the sealed part of an unchanged file.

    Where such a part does not hold as many entries as it did, no file is believed; nor where a file changed and there
    are lots: the order of entries in one file may decide which lot an entry of another file takes.
    """
    believed = [file for file in head.files if file in kept]
    lines = {str(home / file.path): file.lines for file in believed}
    seen: Counter[str] = Counter()
    others = []
    for entry in entries:
        name, line = entry.meta["filename"], entry.meta["lineno"]
        if line <= lines.get(name, -1):
            seen[name] += 1
        else:
            others.append(entry)
    if any(seen[str(home / file.path)] != file.entries for file in believed):
        return Beyond(frozenset(), entries)
    if len(believed) < len(head.files) and any(map(_has_lots, entries)):
        return Beyond(frozenset(), entries)
    return Beyond(frozenset(file.path for file in believed), others)


def _has_lots(entry: Directive) -> bool:
    return isinstance(entry, Transaction) and any(posting.cost is not None for posting in entry.postings)
