"""Closing a period: softly, so that only some may still post into it, or sealed, so that any change is seen."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.closing import checklist
from o2c.closing.who import require_role
from o2c.errors import Refused
from o2c.model import periods
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.model.money import text as money
from o2c.model.sealing import making
from o2c.model.sealing import proving
from o2c.model.sealing import seals
from o2c.model.sealing.leaf_file import PREFIX
from o2c.posting import replace
from o2c.reports.noticing.insight import count

if TYPE_CHECKING:
    from datetime import date as Date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.model.periods import Close
    from o2c.model.periods import Period
    from o2c.model.sealing.leaf_file import Content
    from o2c.model.sealing.making import Progress

PLUGIN = "beancount_o2c.period_close"


class Sealing(NamedTuple):
    """What closing a period makes: the entries to post, the leaf file that must be there first, and the seal.

    Without entries the period was closed like that before; `seal` is then the one it has.
    """

    entries: tuple[Entry, ...]
    seal: str
    file: str = ""
    leaves: bytes = b""


def close_softly(books: Books, act: Act, day: Date, period: Period) -> Sealing:
    """Close a period so that only the roles of `closing: soft_roles` may still post into it, with a reason.

    Doing it twice changes nothing. Raises Refused for a period that is not over, or is closed already.
    """
    _require_over(period, day)
    require_role(books, act)
    shut = periods.shut(_events(books), period.last)
    if shut is not None and shut.state == periods.CLOSED:
        raise Refused(f"{period.name} is closed already: {_who(shut)}; `o2c close reopen {period.name}` opens it again")
    if shut is not None and shut.period == period.name:
        return Sealing((), "")
    return Sealing((Event(periods.CLOSE, day, period.name, "", act, values=_values(period, periods.SOFT)),), "")


def seal(books: Books, act: Act, day: Date, period: Period, progress: Progress | None = None) -> Sealing:
    """Seal a period and put its leaf file in place; call it under the lock only, and post the entries then.

    Raises Refused as `look` does, and where another leaf file is in its place.
    """
    require_role(books, act)
    made = sealed(books, act, day, period, progress)
    if made.entries:
        _forget_interrupted(books.main.parent, made)
        _require_green(books, period)
        place(books.main.parent, made)
    return made


def look(books: Books, act: Act, day: Date, period: Period, progress: Progress | None = None) -> Sealing:
    """Give what sealing a period would make, and write nothing.

    Raises Refused as `sealed` does, where who acts may not close, and where the checklist is red.
    """
    require_role(books, act)
    made = sealed(books, act, day, period, progress)
    if made.entries:
        _require_green(books, period)
    return made


def sealed(books: Books, act: Act, day: Date, period: Period, progress: Progress | None = None) -> Sealing:
    """Make the seal of a period: all entries after the period that was sealed before, through its last day.

    The first seal covers everything since the beginning. Reads every entry (`books` are loaded whole) and the ledger
    files. A period that is sealed already gives no entries. Roles and checklist are not asked. Raises Refused where
    the period is not over or not the next one, where entries of a sealed period changed, or where nothing would watch
    over the seal.
    """
    events = _events(books)
    held = seals.in_force(events)
    proof = proving.prove(books.booked, books.options, quick=True)
    if proof.findings:
        raise Refused("\n".join(map(str, proof.findings)) + "\nnothing was sealed; correct this first")
    if any(close.period == period.name for close in held):
        return Sealing((), next(close.seal for close in held if close.period == period.name))
    _require_over(period, day)
    _require_next(period, held)
    _require_watch(books)
    replaced = [close for close in seals.ever(events) if close.period == period.name]
    head = proof.seals[-1].opened.head if proof.seals else None
    chained = making.Chained(head.content if head else None, replaced[-1].seal if replaced else "")
    span = making.Span(period.name, held[-1].last if held else None, period.last)
    entries = making.within(making.of_files(books.booked), span)
    content, leaves = making.made(span, entries, books.options, books.main.parent, chained, progress)
    file = seals.file_name(period.name, len(replaced))
    return Sealing((_event(act, day, period, content, file, leaves),), content.seal, file, leaves)


def place(root: Path, sealing: Sealing) -> None:
    """Put the leaf file where it belongs, before the entry that names it is written; call it under the lock only.

    A command that died in between left the same file, which is then kept. Raises Refused where another is in its place.
    """
    path = root / sealing.file
    known = replace.current(path) if sealing.file else b""
    if known == sealing.leaves:
        return
    if known is not None:
        raise Refused(
            f"{path}: this leaf file is there, but no entry names it: if a close entry was removed, restore it from "
            "git; if a seal was interrupted and the books changed since, delete the file; then run the command again"
        )
    path.parent.mkdir(exist_ok=True)
    replace.remove_leftovers(path.parent)
    replace.replace(path, expected=None, content=sealing.leaves)


def _forget_interrupted(root: Path, sealing: Sealing) -> None:
    """Remove what a seal left that was interrupted: temporary files, and the very leaf file that comes now."""
    path = root / sealing.file
    replace.remove_leftovers(path.parent)
    if replace.current(path) == sealing.leaves:
        path.unlink()


def _events(books: Books) -> list[Event]:
    return books.customs(periods.CLOSE)


def _require_over(period: Period, day: Date) -> None:
    if day <= period.last:
        raise Refused(f"{period.name} ends on {period.last} and is not over on {day}; close it on a later day (--date)")


def _require_next(period: Period, held: list[Close]) -> None:
    if not held:
        return
    last = held[-1]
    if period.last <= last.last:
        raise Refused(
            f"{period.name} is sealed already, within {last.period}: {_who(last)}; "
            f"to seal it by itself, reopen {last.period} first"
        )
    following = periods.following(last.last)
    if following != period.name:
        raise Refused(f"{following} is not sealed yet; periods are sealed in order: `o2c close seal {following}` first")


def _require_watch(books: Books) -> None:
    if PLUGIN not in [name for name, _ in books.options["plugin"]]:
        raise Refused(f'{books.main}: nothing would watch over the seal; add the line `plugin "{PLUGIN}"`, then seal')


def _require_green(books: Books, period: Period) -> None:
    red = [result for result in checklist.run(books, period) if result.state == checklist.RED]
    if red:
        said = "\n".join(f"{result.name}: {result.said}" for result in red)
        them, how_many = "it" if len(red) == 1 else "them", count(len(red), "check is", "checks are")
        raise Refused(
            f"{said}\n{period.name} was not sealed: {how_many} red; settle {them}, or sign {them} off with "
            f"`o2c close sign-off {period.name} NAME --why TEXT` (`o2c close check {period.name}` shows the evidence)"
        )


def _values(period: Period, state: str) -> tuple[str, Date, str]:
    return (period.name, period.last, state)


def _event(act: Act, day: Date, period: Period, content: Content, file: str, leaves: bytes) -> Event:
    facts = extra(
        seal=content.seal,
        root=PREFIX + content.root,
        count=Decimal(content.entries),
        file=file,
        leaves=PREFIX + hashlib.sha256(leaves).hexdigest(),
        previous=content.previous,
        replaces=content.replaces,
        since_the_beginning=", ".join(f"{one.doc_type} {_total(one.amount, one.currency)}" for one in content.since),
    )
    return Event(periods.CLOSE, day, period.name, "", act, values=_values(period, periods.CLOSED), extra=facts)


def _total(amount: str, currency: str) -> str:
    return money(Decimal(amount), currency)


def _who(close: Close) -> str:
    return f"{close.event.act.by or 'somebody'} on {close.event.date}, {close.event.source}"
