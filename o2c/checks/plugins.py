"""Every plugin really ran, and none changed what the files say.

Plugins fail open (danger D06): one that raises, is misspelt, or is named in an included file leaves the entries
unchecked, often without any error.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from beancount.core.data import Transaction
from beancount.parser import parser

from beancount_o2c import credit_limit
from beancount_o2c import document_integrity
from beancount_o2c import period_close
from o2c.books import guards
from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.model.reading import source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from beancount.core.data import Directive

    from o2c.checks.evidence import Evidence

NAME = "plugins"
#: Plugins that must be named in the main file, and leave a mark in the options that they ran.
EXPECTED = ("beancount_o2c.document_integrity",)
_PLUGIN = re.compile(r'^plugin\s+"([^"]+)"', re.MULTILINE)
_MARKS = "o2c-ran"


def plugins(evidence: Evidence) -> list[Finding]:
    """Find plugins that did not run, stand where Beancount ignores them, or changed entries."""
    return [
        *_missing(evidence),
        *_unwatched(evidence),
        *_silent(evidence),
        *_ignored(evidence),
        *_lost(evidence),
        *_changed(evidence),
    ]


def named(evidence: Evidence) -> list[str]:
    """Name the plugins of the main file, in their order."""
    return [name for name, _ in evidence.books.options["plugin"]]


def _missing(evidence: Evidence) -> Iterator[Finding]:
    main = evidence.books.main
    for name in EXPECTED:
        if name not in named(evidence):
            yield Finding(NAME, Source(str(main), 1), f'{name} is not asked for; add the line: plugin "{name}"')
            continue
        mark = evidence.books.options.get(_MARKS, {}).get(name.rsplit(".", 1)[1])
        if mark is None:
            message = f"{name} did not run, so the entries are unchecked; see `o2c check loads` for the reason"
            yield Finding(NAME, _place(main, name), message)
        elif mark != document_integrity.evidence(evidence.sheet):
            message = f"{name} saw other entries than the files hold; put its line before all other plugins"
            yield Finding(NAME, _place(main, name), message)


def _unwatched(evidence: Evidence) -> Iterator[Finding]:
    """Find plugins that must be there because of what the books hold, and one that saw other entries."""
    books = evidence.books
    yield from guards.unwatched(books.main, books.options, books.booked)
    seen = {credit_limit: credit_limit.evidence(evidence.sheet), period_close: period_close.evidence(books.booked)}
    for plugin, expected in seen.items():
        mark = books.options.get(_MARKS, {}).get(plugin.NAME)
        if mark not in {None, expected}:
            said = f"{plugin.NAME} saw other entries than the files hold; put its line before those of other plugins"
            yield Finding(NAME, _place(books.main, plugin.__name__), said)


def _silent(evidence: Evidence) -> Iterator[Finding]:
    """Find plugins that Beancount could import but that name no function to run: it skips them without a word."""
    main = evidence.books.main
    for name in named(evidence):
        if not getattr(sys.modules.get(name), "__plugins__", None):
            message = (
                f"{name} does nothing: it cannot be imported, or names no function in __plugins__; correct or remove it"
            )
            yield Finding(NAME, _place(main, name), message)


def _ignored(evidence: Evidence) -> Iterator[Finding]:
    main = evidence.books.main.resolve()
    for path in evidence.read_files:
        if path.resolve() != main and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            # A line inside a long string looks the same; only the parser knows.
            if _PLUGIN.search(text):
                for name, _ in parser.parse_file(str(path))[2]["plugin"]:
                    message = f"Beancount ignores plugins in included files; move the line of {name} to {main.name}"
                    yield Finding(NAME, _place(path, name), message)


def _lost(evidence: Evidence) -> Iterator[Finding]:
    """Compare with what the parser read: plugins may empty the very list they were given."""
    kept = {_key(entry) for entry in evidence.books.entries if isinstance(entry, Transaction)}
    for entry in evidence.books.parsed:
        if isinstance(entry, Transaction) and _key(entry) not in kept:
            message = (
                "this transaction is in the file, but not in the loaded books; a plugin dropped it, or it has errors"
            )
            yield Finding(NAME, source(entry), message, entry)


def _changed(evidence: Evidence) -> Iterator[Finding]:
    same = {id(entry) for entry in evidence.books.entries}
    others = {_key(entry): entry for entry in evidence.books.entries if isinstance(entry, Transaction)}
    for entry in evidence.books.booked:
        if isinstance(entry, Transaction) and id(entry) not in same:
            after = others.get(_key(entry))
            if after is not None and after.postings != entry.postings:
                message = "a plugin changed the postings of this transaction; the balances are not what the file says"
                yield Finding(NAME, source(entry), message, entry)


def _key(entry: Directive) -> tuple[Source, object]:
    return source(entry), entry.date


def _place(path: Path, name: str) -> Source:
    text = path.read_text(encoding="utf-8", errors="replace")
    found = next((match for match in _PLUGIN.finditer(text) if match.group(1) == name), None)
    return Source(str(path), text.count("\n", 0, found.start()) + 1 if found else 1)
