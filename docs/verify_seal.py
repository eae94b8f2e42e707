"""Verifies the sealed months of books kept with o2c, without o2c: `python verify_seal.py main.beancount`.

It needs Python and Beancount's parser, nothing else; it shares docs/seal.md with the program that makes the seals, but
no code. It reads the books as text, computes every seal anew, and compares. Exit code 0: every sealed month is
as it was sealed (and has the seals given with --expect); 1: not; 2: wrong usage. Nothing is written, no plugin is run.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import json
import os
import sys
from collections import Counter
from datetime import date
from decimal import Context
from decimal import Decimal
from decimal import localcontext
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount
from beancount.core.position import Cost
from beancount.parser import booking
from beancount.parser import parser

VERSION = "o2c-1"


# ---- reading -----------------------------------------------------------------------------------------------------


def read(main: str) -> tuple[list[Any], list[Any], dict[str, Any]]:
    """Parse the main file and all that it includes, and let Beancount fill in amounts and lots."""
    waiting, seen = [os.path.normpath(os.path.abspath(main))], set()
    entries, errors, options = [], [], None
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        found, faults, said = parser.parse_file(name)
        entries += found
        errors += faults
        options = options or said
        for pattern in said["include"]:
            path = os.path.join(os.path.dirname(name), pattern)
            matches = sorted(glob.glob(path, recursive=True))
            waiting += map(os.path.normpath, matches)
            if not matches:
                errors.append(f"{name}: includes {pattern}, which is not there")
    entries.sort(key=data.entry_sortkey)
    try:
        booked, faults = booking.book(entries, options)
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        return [], [*errors, f"Beancount cannot book the entries: {error!r}"], options
    return booked, errors + faults, options


# ---- the canonical form of an entry, "Leaves" in docs/seal.md ----------------------------------------------------


def compact(value: object) -> str:
    """Write JSON without blanks, in ASCII, keys sorted."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def plain(number: Decimal) -> str:
    """Write a number without exponent, superfluous zeros and negative zero."""
    whole, _, fraction = f"{number:f}".partition(".")
    fraction = fraction.rstrip("0")
    text = f"{whole}.{fraction}" if fraction else whole
    return "0" if text == "-0" else text


def money(amount: Any) -> Any:
    """Write an amount as a pair; null stays null."""
    return None if amount is None else [plain(amount.number), amount.currency]


def typed(value: Any) -> list[Any]:
    """Write a value of metadata, or of a custom entry, with its type."""
    if value is None:
        return ["z"]
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, str):
        return ["s", value]
    if isinstance(value, Decimal):
        return ["n", plain(value)]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, Amount):
        return ["a", money(value)]
    return ["x", type(value).__name__, str(value)]


def metadata(meta: dict[str, Any] | None) -> list[Any]:
    """List the metadata that are facts, sorted by key."""
    kept = [
        (key, value)
        for key, value in (meta or {}).items()
        if key not in {"filename", "lineno"} and not key.startswith(("__", "note-"))
    ]
    return [[key, typed(value)] for key, value in sorted(kept, key=lambda pair: pair[0])]


def posting(one: data.Posting) -> list[Any]:
    """Write one posting."""
    cost = one.cost
    if isinstance(cost, Cost):
        cost = [plain(cost.number), cost.currency, cost.date.isoformat(), cost.label]
    elif cost is not None:
        cost = typed(cost)
    complete = isinstance(one.units, Amount) and isinstance(one.units.number, Decimal)
    units = money(one.units) if complete else typed(one.units)
    return [one.account, units, cost, money(one.price), one.flag, metadata(one.meta)]


def words(entry: Any, home: str) -> list[Any]:
    """List the fields that only this type of entry has."""
    kind = type(entry).__name__
    if kind == "Open":
        return [entry.account, sorted(entry.currencies or []), entry.booking.value if entry.booking else None]
    if kind == "Balance":
        tolerance = None if entry.tolerance is None else plain(entry.tolerance)
        return [entry.account, money(entry.amount), tolerance]
    if kind == "Price":
        return [entry.currency, money(entry.amount)]
    if kind == "Document":
        path = entry.filename
        return [entry.account, os.path.relpath(path, home).replace(os.sep, "/") if os.path.isabs(path) else path]
    if kind == "Custom":
        values = [
            ["c", one.value] if str(one.dtype) == "<AccountDummy>" else typed(one.value) for one in entry.values or []
        ]
        return [entry.type, values]
    fields = {
        "Close": ("account",),
        "Commodity": ("currency",),
        "Pad": ("account", "source_account"),
        "Transaction": ("flag", "payee", "narration"),
        "Note": ("account", "comment"),
        "Event": ("type", "description"),
        "Query": ("name", "query_string"),
    }
    return [getattr(entry, field) for field in fields[kind]]


def leaf(entry: Any, home: str) -> str:
    """Give the hash of one entry."""
    form = [
        VERSION,
        type(entry).__name__.lower(),
        entry.date.isoformat(),
        words(entry, home),
        [sorted(getattr(entry, "tags", None) or []), sorted(getattr(entry, "links", None) or [])],
        metadata(entry.meta),
        sorted((posting(one) for one in getattr(entry, "postings", [])), key=compact),
    ]
    return hashlib.sha256(b"\0" + compact(form).encode()).hexdigest()


# ---- the seal of a month, "Seal" in docs/seal.md -----------------------------------------------------------------


def tree(leaves: list[str]) -> str:
    """Give the root of the tree over leaves."""
    level = sorted(bytes.fromhex(one) for one in leaves)
    if not level:
        return hashlib.sha256(b"\3").hexdigest()
    while len(level) > 1:
        level = [
            hashlib.sha256(b"\1" + b"".join(level[at : at + 2]) if at + 1 < len(level) else b"\2" + level[at]).digest()
            for at in range(0, len(level), 2)
        ]
    return level[0].hex()


def figures(entries: list[Any]) -> dict[str, list[list[Any]]]:
    """Sum the transactions of a month: by type of account, by type of document, and the ranges of numbers."""
    accounts: dict[tuple[str, str], Decimal] = {}
    documents: dict[tuple[str, str], list[Any]] = {}
    series: dict[tuple[str, str], set[str]] = {}
    for entry in entries:
        if not isinstance(entry, data.Transaction):
            continue
        doc_type, doc_id = entry.meta.get("doc-type"), entry.meta.get("doc-id")
        moved: dict[str, Decimal] = {}
        for one in entry.postings:
            if isinstance(one.units, Amount) and isinstance(one.units.number, Decimal):
                number, currency = one.units
                key = (one.account.split(":")[0], currency)
                accounts[key] = accounts.get(key, Decimal(0)) + number
                if "item" in (one.meta or {}):
                    moved[currency] = moved.get(currency, Decimal(0)) + number
        if isinstance(doc_type, str):
            for currency, number in moved.items():
                before = documents.setdefault((doc_type, currency), [0, Decimal(0)])
                documents[doc_type, currency] = [before[0] + 1, before[1] + number]
            if isinstance(doc_id, str):
                series.setdefault((doc_type, doc_id.rstrip("0123456789")), set()).add(doc_id)
    return {
        "accounts": [[*key, plain(number)] for key, number in sorted(accounts.items())],
        "documents": [[*key, count, plain(number)] for key, (count, number) in sorted(documents.items())],
        "ranges": [
            [*key, *(ordered(key[1], ids)[at] for at in (0, -1)), len(ids)] for key, ids in sorted(series.items())
        ],
    }


def ordered(prefix: str, numbers: set[str]) -> list[str]:
    """Sort the numbers of a series by their value."""

    def value(text: str) -> tuple[int, str, str]:
        digits = text[len(prefix) :].lstrip("0")
        return len(digits), digits, text

    return sorted(numbers, key=value)


def together(before: list[list[Any]], more: list[list[Any]]) -> list[list[Any]]:
    """Add the documents of a month to those since the beginning."""
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for doc_type, currency, count, number in [*before, *more]:
        known = sums.get((doc_type, currency), (0, Decimal(0)))
        sums[doc_type, currency] = (known[0] + count, known[1] + Decimal(number))
    return [[*key, count, plain(number)] for key, (count, number) in sorted(sums.items())]


def sha256(content: bytes) -> str:
    """Write a hash as the books do."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


# ---- comparing ---------------------------------------------------------------------------------------------------


def closes(entries: list[Any]) -> list[Any]:
    """List the closes of months, in the order of days."""
    found = []
    for entry in entries:
        if isinstance(entry, data.Custom) and entry.type == "o2c-close":
            values = [one.value for one in entry.values or []]
            if len(values) == 3 and list(map(type, values)) == [str, date, str]:
                found.append((*values, entry))
    return sorted(found, key=lambda one: one[3].date)


def in_force(found: list[Any]) -> list[Any]:
    """List the sealed months: only `open` takes a seal away, only a new seal replaces one."""
    state: dict[str, Any] = {}
    for one in found:
        known = state.get(one[0])
        sealed = known is not None and known[2] == "closed" and known[3].meta.get("seal")
        if not sealed or one[2] == "open" or one[3].meta.get("seal"):
            state[one[0]] = one
    return sorted((one for one in state.values() if one[2] == "closed" and one[3].meta.get("seal")), key=lambda o: o[1])


class Verifier:
    """Compares the sealed months of some books with their seals, and collects what is wrong."""

    def __init__(self, main: str) -> None:
        """Read the books."""
        self.home = os.path.dirname(os.path.abspath(main))
        booked, errors, _ = read(main)
        self.entries = [one for one in booked if not (isinstance(one, data.Document) and one.meta["lineno"] == 0)]
        self.findings = [f"the books cannot be read without an error: {getattr(one, 'message', one)}" for one in errors]
        self.closes = closes(self.entries)
        self.seals: dict[str, str] = {}

    def run(self, expected: list[str]) -> list[str]:
        """Verify every seal in force, and that the expected ones are among them."""
        after, before, previous = date.min, [], ""
        for period, last, _, close in in_force(self.closes):
            self.seals[period] = close.meta["seal"]
            month = [one for one in self.entries if after < one.date <= last]
            content = self.content(period, after, last, month, before, previous)
            self.compare(period, close, month, content)
            after, before, previous = last, content["since"], close.meta["seal"]
        missing = [seal for seal in expected if seal not in self.seals.values()]
        self.findings += [f"no month has the seal {seal}" for seal in missing]
        return self.findings

    def content(
        self, period: str, after: date, last: date, month: list[Any], before: list[Any], previous: str
    ) -> dict[str, Any]:
        """Compute what the seal of a month seals."""
        older = [one[3].meta["seal"] for one in self.closes if one[0] == period and one[3].meta.get("seal")]
        with localcontext(Context(prec=200)):
            sums = figures(month)
            since = together(before, sums["documents"])
        return {
            **sums,
            "since": since,
            "version": VERSION,
            "period": period,
            "after": "" if after == date.min else after.isoformat(),
            "end": last.isoformat(),
            "entries": len(month),
            "root": tree([leaf(one, self.home) for one in month]),
            "previous": previous,
            "replaces": older[-2] if len(older) > 1 else "",
        }

    def compare(self, period: str, close: Any, month: list[Any], content: dict[str, Any]) -> None:
        """Compare what was computed with the close in the books and with its leaf file; name what differs."""
        said = (close.meta["seal"], close.meta.get("root"), str(close.meta.get("count")))
        now = (sha256(compact(content).encode()), "sha256:" + content["root"], str(content["entries"]))
        if said != now:
            self.findings.append(f"{period}: the books now give the seal {now[0]}, they say {said[0]}")
        try:
            with open(os.path.join(self.home, str(close.meta.get("file"))), "rb") as file:
                text = file.read()
        except OSError as error:
            self.findings.append(f"{period}: its leaf file cannot be read: {error}")
            return
        if sha256(text) != close.meta.get("leaves"):
            self.findings.append(f"{period}: its leaf file is not the one that was written then")
            return
        rows = [json.loads(line) for line in text.splitlines()]
        if sha256(compact(rows[0]["content"]).encode()) != close.meta["seal"]:
            self.findings.append(f"{period}: its leaf file has another seal")
        self.name(period, month, rows[1:])

    def name(self, period: str, month: list[Any], rows: list[list[Any]]) -> None:
        """Name the entries without a leaf, and the leaves without an entry."""
        hashes = [leaf(one, self.home) for one in month]
        more, less = Counter(hashes), Counter(row[0] for row in rows)
        new, gone = more - less, less - more
        for entry, known in zip(month, hashes, strict=True):
            if new[known]:
                place = f"{entry.meta['filename']}:{entry.meta['lineno']}"
                self.findings.append(f"{period}: {place}: this {type(entry).__name__.lower()} was not sealed so")
        for known, day, kind, name, file, line, _ in rows:
            if gone[known]:
                self.findings.append(f"{period}: {kind} {name} of {day} is missing; it stood at {file}:{line}")


def main() -> None:
    """Read the command line, verify, and say what came out."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("main", help="main file of the books")
    arguments.add_argument(
        "--expect", action="append", default=[], metavar="SEAL", help="a seal that was kept elsewhere"
    )
    given = arguments.parse_args()
    verifier = Verifier(given.main)
    findings = verifier.run(given.expect)
    for period, seal in verifier.seals.items():
        print(f"{period}  {seal}")
    verdict = "every sealed month is as it was sealed" if verifier.seals else "no month is sealed"
    print("\n".join(findings) if findings else verdict)
    sys.exit(1 if findings or not verifier.seals else 0)


if __name__ == "__main__":
    main()
