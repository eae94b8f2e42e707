"""Loads the books whole with Beancount, and shows them as they would be with more entries.

Beancount's pickle cache is never used: it executes code from the folder and answers from stale files (dangers D04,
D05). The garbage collector pauses while a book loads: nothing is freed then, and it costs a third of the time.
"""

from __future__ import annotations

import copy
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from beancount import loader
from beancount.core import data
from beancount.ops import validation
from beancount.parser import booking
from beancount.parser import parser

from o2c.books import guards
from o2c.books.loaded import MAIN
from o2c.books.loaded import NEW
from o2c.books.loaded import Books
from o2c.books.loaded import master_stamps
from o2c.books.loaded import stamp
from o2c.errors import BooksBroken
from o2c.errors import NotFound
from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    from beancount.core.data import Directive

    from o2c.books.loaded import Stamp

#: What escapes from Beancount's loader on bad input (danger D11), instead of becoming an error of the books.
_ESCAPING = (ArithmeticError, ValueError, TypeError, UnicodeError, RecursionError, AttributeError)


def load(root: Path) -> Books:
    """Load the books in a folder with Beancount, without any cache; errors are kept, not raised.

    Raises NotFound when the folder holds no `main.beancount`.
    """
    main = root / MAIN
    if not main.is_file():
        raise NotFound(f"{main}: no such file; give the folder of the books with --books, or make one with `o2c init`")
    with no_collection():
        known = _stamps_before(main)
        master_before = master_stamps(root)
        parsed, parse_errors, options = _parse(main)
        parsed.sort(key=data.entry_sortkey)
        booked, booking_errors = _book(main, parsed, options)
        stamps = {Path(name): known.get(Path(name)) or stamp(Path(name)) for name in options["include"]}
        stamps |= master_before
        return _transform(root, parsed, booked, [*parse_errors, *booking_errors], options, stamps)


def preview(books: Books, text: str, lines_before: int = 0) -> tuple[Books, list[Directive]]:
    """Show the books as they would be with this text behind them, and the directives it holds, in its order.

    `lines_before` is the number of lines that will stand before the text in its file: Beancount orders the entries of
    a day by their lines, so the preview books lots in the order in which the written file will.
    All plugins, balance assertions and validations run over old and new entries together; nothing touches the disk.
    """
    with no_collection():
        parsed, parse_errors, _ = parser.parse_string("\n" * lines_before + text, NEW)
        if _needs_rebooking(parsed):
            everything = sorted([*books.parsed, *parsed], key=data.entry_sortkey)
            booked, booking_errors = _book(books.main, everything, books.options)
            new = [entry for entry in booked if entry.meta["filename"] == NEW]
        else:
            new, booking_errors = _book(books.main, parsed, books.options)
            booked = sorted([*books.booked, *new], key=data.entry_sortkey)
        after = _transform(books.root, parsed, booked, [*parse_errors, *booking_errors], books.options, {})
        return after, sorted(new, key=lambda entry: int(entry.meta["lineno"]))


def _needs_rebooking(parsed: list[Directive]) -> bool:
    """Tell whether lots are at stake: then new entries are booked together with all old ones, in order of days."""
    return any(
        posting.cost is not None
        for entry in parsed
        if isinstance(entry, data.Transaction)
        for posting in entry.postings
    )


def _stamps_before(main: Path) -> dict[Path, Stamp | None]:
    """Take stamps before reading, so that a change during the load is noticed later."""
    folders = [main.parent, *(folder for folder in main.parent.rglob("*") if folder.is_dir() and folder.name[0] != ".")]
    return {path: stamp(path) for folder in folders for path in folder.glob("*.beancount")}


def _parse(main: Path) -> tuple[list[Directive], list[Any], dict[str, Any]]:
    """Parse the main file and its includes; a bad line that makes Beancount raise is reported as an error."""
    try:
        return loader._parse_recursive([(os.path.abspath(main), True)], None)
    except _ESCAPING as error:
        raise BooksBroken(f"{main}: Beancount cannot read the books: {error!r}") from error


def _book(main: Path, parsed: list[Directive], options: dict[str, Any]) -> tuple[list[Directive], list[Any]]:
    """Match lots and complete amounts; a number that is too long for Beancount's arithmetic is reported as an error."""
    try:
        booked, errors = booking.book(parsed, options)
    except _ESCAPING as error:
        raise BooksBroken(
            f"{main}: Beancount cannot book the entries: {error!r}; look for a very long number"
        ) from error
    return booked, errors


def _transform(
    root: Path,
    parsed: list[Directive],
    booked: list[Directive],
    errors: list[Any],
    options: dict[str, Any],
    stamps: dict[Path, Stamp | None],
) -> Books:
    options, main = _fresh(options), root / MAIN
    path_before = list(sys.path)
    try:
        entries, all_errors = loader.run_transformations(list(booked), errors, options, None)
        all_errors.extend(validation.validate(entries, options, None, None))
    except (Exception, SystemExit) as error:
        raise BooksBroken(f"{main}: a plugin stopped the load: {error!r}; nothing was checked") from error
    finally:
        sys.path[:] = path_before
    return Books(root, parsed, booked, entries, [_finding(main, error) for error in all_errors], options, stamps)


def _fresh(options: dict[str, Any]) -> dict[str, Any]:
    """Copy the options so far that plugins of one run cannot leave marks for the next."""
    fresh = copy.copy(options)
    fresh["include"] = list(options["include"])
    fresh.pop("o2c-ran", None)
    return fresh


def _finding(main: Path, error: Any) -> Finding:
    """Turn an error of the loader into a finding; a plugin that failed is named at its line, with the cause alone."""
    meta = error.source or {}
    place = Source(str(meta.get("filename", main)), int(meta.get("lineno", 0)))
    said = str(error.message).strip()
    if place.file == "<load>":
        place = Source(str(main), 0)
    if "Traceback (most recent call last)" in said:
        lines = said.splitlines()
        said = f"{lines[0].partition('Traceback')[0].strip()} {lines[-1].strip()}"
        name = said.partition('"')[2].partition('"')[0]
        place = guards.plugin_line(main, name)
    return Finding("loads", place, said)
