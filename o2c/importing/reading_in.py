"""From a file and a profile to what it says: chooses the sheet reader and the kind of import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.errors import WrongUsage
from o2c.importing.gathering import Gathering
from o2c.importing.history import read_history
from o2c.importing.open_items import read_open_items
from o2c.importing.profile import HISTORY
from o2c.importing.profile import OPEN_ITEMS
from o2c.importing.profile import WITH_LINES
from o2c.importing.sheets import read_rows
from o2c.importing.with_lines import read_with_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from o2c.importing.imported import Imported
    from o2c.importing.profile import Profile

_READERS = {HISTORY: read_history, OPEN_ITEMS: read_open_items, WITH_LINES: read_with_lines}
#: Which kinds of files each command reads.
_COMMANDS = {HISTORY: (HISTORY, WITH_LINES), OPEN_ITEMS: (OPEN_ITEMS,)}


def read_in(
    path: Path,
    profile: Profile,
    command: str,
    *,
    currency: str = "",
    known: Mapping[str, tuple[str, ...]] | None = None,
) -> Imported:
    """Read a whole file for the command `history` or `open-items`; nothing is written.

    `currency` is the one given with the command; `known` are the customers of the books with their numbers in other
    systems. Raises WrongUsage where the profile is of another kind or no currency is known, BadInput where the file
    cannot be read at all or holds no record; bad rows are part of the result.
    """
    kinds = [kind for kind in _COMMANDS[command] if kind in profile.kinds]
    if not kinds:
        other = OPEN_ITEMS if OPEN_ITEMS in profile.kinds else HISTORY
        raise WrongUsage(f"the profile {profile.name} reads {', '.join(profile.kinds)}; use `o2c import {other}`")
    if not currency and not profile.currency and "currency" not in profile.columns:
        raise WrongUsage(f"the profile {profile.name} names no currency; give it with the command: --currency USD")
    gather = Gathering(str(path), profile, currency, known or {})
    rows = read_rows(
        path,
        delimiter=profile.delimiter,
        encoding=profile.encoding,
        sheet=profile.sheet or None,
        header_line=profile.header_line,
        on_bad=gather.refuse_unread,
    )
    imported = _READERS[kinds[0]](gather, rows)
    if not imported.rows and not imported.bad:
        raise BadInput(
            f"{path}:{profile.header_line}: there is nothing below the header; check the file and the profile"
        )
    return imported
