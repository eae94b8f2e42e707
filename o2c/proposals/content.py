"""What an entry says, as the text that is compared and hashed: without what posting adds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.model.approvals import MARKS
from o2c.model.documents import Opening
from o2c.model.writing import write

if TYPE_CHECKING:
    from o2c.model.documents import Entry


def content(entry: Entry) -> str:
    """Write what an entry says, without what posting adds; an entry that cannot be written says nothing."""
    if isinstance(entry, Opening):
        return write([entry])
    plain = entry._replace(
        act=entry.act._replace(at="", key="", request=""),
        extra=tuple(pair for pair in entry.extra if pair[0] not in MARKS),
    )
    try:
        return write([plain])
    except Refused:
        return ""
