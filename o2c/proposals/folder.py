"""The folder `proposals/` of the books: one file for each proposal, named after its number."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.errors import KeyConflict
from o2c.errors import NotFinished
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model import names
from o2c.model import numbering
from o2c.model.text import identifier
from o2c.model.writing import write
from o2c.posting import replace
from o2c.proposals import reading_in
from o2c.proposals.proposal import Proposal
from o2c.proposals.proposal import line_head
from o2c.proposals.proposal import text

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date as Date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Act

PATTERN = "PR-{year}-{number:04d}"
_INTRO = """\
; A proposal: what stands here is not in the books. `o2c proposal show {number}` shows it for review.
; You may edit the entries of a line; whoever approved it before must then approve it again.

"""


def folder(root: Path) -> Path:
    """Name the folder of the proposals."""
    return root / "proposals"


def path_of(root: Path, proposal_id: str) -> Path:
    """Name the file of a proposal."""
    return folder(root) / f"{identifier(proposal_id, 'proposal')}.beancount"


def load(root: Path, proposal_id: str) -> Proposal:
    """Read a proposal; raises NotFound, or BadInput with file and line of what is wrong in it."""
    path = path_of(root, proposal_id)
    content = _content(path)
    if content is None:
        raise NotFound(f"there is no proposal {proposal_id} in {folder(root)}; `o2c proposal list` shows them")
    found = reading_in.read(content, str(path))
    if found.proposal_id != proposal_id:
        raise BadInput(
            f"{found.source}: this file holds {found.proposal_id}; rename it to {found.proposal_id}.beancount"
        )
    return found


def _content(path: Path) -> bytes | None:
    try:
        return replace.current(path)
    except OSError as error:
        raise NotFinished(f"{path}: cannot be read ({error.strerror}); nothing was written") from error


def listed(root: Path) -> list[Proposal]:
    """Read all proposals, by number; raises BadInput with everything that is wrong in any of them."""
    found, faults = readable(root)
    if faults:
        raise BadInput(faults)
    return found


def readable(root: Path) -> tuple[list[Proposal], list[str]]:
    """Read all proposals that can be read, by number, and say what is wrong with the others."""
    found, faults = list[Proposal](), list[str]()
    for path in sorted(folder(root).glob("*.beancount")):
        try:
            found.append(load(root, path.stem))
        except Refused as error:
            faults.append(str(error))
    return found, faults


def saying(root: Path, words: str) -> list[Proposal]:
    """Read only the proposals whose text says these words, by number; those that cannot be read are left out."""
    found = list[Proposal]()
    for path in sorted(folder(root).glob("*.beancount")):
        if words.encode() in (_content(path) or b""):
            with contextlib.suppress(Refused):
                found.append(load(root, path.stem))
    return found


def with_key(root: Path, act: Act) -> Proposal | None:
    """Find the proposal that the same command with this key made; raises KeyConflict where another command did."""
    for found in saying(root, "key:") if act.key else ():
        if found.act.key == act.key:
            if found.act.request == act.request:
                return found
            raise KeyConflict(
                f"{found.source}: the key {act.key!r} was used for another proposal; choose another --key"
            )
    return None


def next_number(root: Path, books: Books, day: Date) -> str:
    """Find the next number of a proposal; inside the lock. Numbers of lost files that the books name are not reused."""
    company = books.master.company
    pattern = company.numbering.get("proposal", PATTERN)
    year = numbering.fiscal_year(day, company.fiscal_year_start) if "{year}" in pattern else 0
    used = {path.stem for path in folder(root).glob("*.beancount")}
    used |= {str(event.values[0]) for event in books.customs(names.APPROVAL) if event.values}
    places = [numbering.place(name, pattern) for name in used]
    last = max((place.number for place in places if place and place.year == year), default=0)
    return numbering.write_number(pattern, year, last + 1)


def create(root: Path, proposal: Proposal) -> Proposal:
    """Write the file of a new proposal, in one step; inside the lock."""
    path = path_of(root, proposal.proposal_id)
    path.parent.mkdir(exist_ok=True)
    replace.remove_leftovers(path.parent)
    content = (_INTRO.format(number=proposal.proposal_id) + text(proposal)).encode()
    read_back = reading_in.read(content, str(path))
    assert read_back.hash == proposal.hash, "the text of the proposal does not say what was meant"
    replace.replace(path, expected=None, content=content)
    return read_back


def decided(root: Path, before: Proposal, after: Proposal, numbers: Collection[int]) -> Proposal:
    """Write the heads of some lines anew and leave every other byte of the file as it is; inside the lock."""
    path = path_of(root, before.proposal_id)
    content = replace.current(path)
    if content is None or reading_in.read(content, str(path)).hash != before.hash:
        raise NotFinished(f"{path}: somebody changed the file meanwhile; nothing was written; run the command again")
    rows = content.decode().splitlines(keepends=True)
    for line in reversed(after.lines):
        if line.number in numbers:
            start = line.source.line - 1
            rows[start : _end(rows, start)] = [write([line_head(line, after.day)]).removeprefix("\n")]
    changed = "".join(rows).encode()
    read_back = reading_in.read(changed, str(path))
    assert read_back.hash == after.hash, "the text of the proposal does not say what was meant"
    replace.replace(path, expected=content, content=changed)
    return read_back


def _end(rows: list[str], start: int) -> int:
    """Find where the head of a line ends: behind its last line of metadata."""
    end = start + 1
    while end < len(rows) and rows[end][:1] in " \t" and rows[end].strip():
        end += 1
    return end
