"""Ledger texts as people leave them: what our writer writes, with harmless and harmful edits by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from o2c.model.writing import write
from tests.model import strategies

if TYPE_CHECKING:
    from collections.abc import Callable

#: Lines and entries that accountants, editors and other tools put into a ledger.
SNIPPETS = (
    "",
    "   ",
    "\t",
    "; a comment",
    "  ; a comment, indented",
    "    ; deeper",
    '  ; a comment with a quote: 5" pipe',
    "* a heading",
    '* a heading with a quote: 5"',
    "# a mark",
    "2026-01-05 price USD 0.91 EUR",
    "2026-01-05 price USD  0,91 EUR",
    "2026-01-05 price USD 007.50 EUR ; said the bank",
    '2026-01-05 price USD 0.91 EUR\n  source: "ECB"',
    "2026-01-05 balance Assets:AR:C1  5.00 EUR",
    "2026-01-05 pad Assets:AR:C1 Equity:Opening-Balances",
    "2026-01-05 close Assets:AR:C1",
    "2026-01-05 open Assets:AR:C1",
    "2026-01-05 open Assets:AR:C1 EUR,USD",
    "2026-01-05 open Assets:AR:C1 EUR, USD",
    '2026-01-05 open Assets:AR:C1 USD "FIFO"',
    '2026-01-05 open Assets:Stock USD "FIFO"',
    '2026-01-05 open Assets:AR:C1\n  name: "Acme"',
    "2026/01/05 open Assets:AR:C1",
    "2026-1-5 open Assets:AR:C1",
    "2026-02-30 open Assets:AR:C1",
    '2026-01-05 * "by hand"\n  Assets:AR:C1  5.00 EUR\n    item: "A-1"\n  Income:Sales  -5.00 EUR',
    '2026-01-05 * "by hand"\n  Assets:AR:C1  5.00 EUR\n    item: "2026/7"\n    due: 2026-02-05\n  Income:Sales',
    '2026-01-05 txn "by hand"\n  Assets:AR:C1  5.00 EUR\n    item: 7\n  Income:Sales  -5.00 EUR',
    '2026-01-05 "no flag"\n  Assets:AR:C1  5.00 EUR\n  Income:Sales  -5.00 EUR',
    '2026-01-05 P "padded"\n  Assets:AR:C1  5.00 EUR\n  Income:Sales  -5.00 EUR',
    '2026-01-05 * "Acme" | "a bar"\n  Assets:AR:C1  5.00 EUR\n  Income:Sales  -5.00 EUR',
    '2026-01-05 * "flags"\n  ! Assets:AR:C1  5.00 EUR\n  Income:Sales  -5.00 EUR',
    '2026-01-05 * "links first" ^a #b ^c\n  Assets:AR:C1  5.00 EUR\n  Income:Sales  -5.00 EUR',
    '2026-01-05 * "arithmetic"\n  Assets:AR:C1  (1/3) EUR\n  Income:Sales  -5 EUR / 3',
    '2026-01-05 * "arithmetic"\n  Assets:AR:C1  10.00 * 2 EUR\n  Income:Sales  -(4 * 5.00) EUR',
    '2026-01-05 * "thousands"\n  Assets:AR:C1  1,000.00 EUR\n  Income:Sales  -1,000.00 EUR',
    '2026-01-05 * "wrong thousands"\n  Assets:AR:C1  1.000,00 EUR\n  Income:Sales  -1000 EUR',
    '2026-01-05 * "no currency"\n  Assets:AR:C1  5.00\n  Income:Sales  -5.00 EUR',
    '2026-01-05 * "no amount"\n  Assets:AR:C1\n  Income:Sales  -5.00 EUR',
    '2026-01-05 * "half cents"\n  Assets:AR:C1  5.005 EUR\n  Income:Sales  -5.005 EUR',
    '2026-01-05 * "huge"\n  Assets:AR:C1  12345678901234567890123456789012345 EUR\n  Income:Sales  -1 EUR',
    '2026-01-05 * "no currency at all"\n  Assets:AR:C1  5.00 TRUE\n  Income:Sales  -5.00 EUR',
    '2026-01-05 * "lots"\n  Assets:AR:C1  5.00 USD {0.90 EUR}\n  Income:Sales  -4.50 EUR',
    '2026-01-05 * "lots"\n  Assets:AR:C1  5.00 USD {0.90 EUR, "A-1"}\n    item: "A-1"\n  Income:Sales  -4.50 EUR',
    '2026-01-05 * "lots"\n  Assets:AR:C1  -5.00 USD {}\n    item: "A-1"\n  Assets:AR:C1  -5.00 USD {"A-2"}\n  Income:X',
    '2026-01-05 * "lots"\n  Assets:AR:C1  -5.00 USD {"A-2"}\n    item: "A-1"\n  Income:X  9.00 EUR',
    '2026-01-05 * "price"\n  Assets:AR:C1  5.00 USD @ 0.90 EUR\n  Income:Sales  -4.50 EUR',
    '2026-01-05 * "two customers"\n  Assets:AR:C1  5.00 EUR\n  Assets:AR:C2  -5.00 EUR\n  Assets:AR:C1:Sub  0.00 EUR',
    (
        '2026-01-05 * "other keys"\n  Assets:Bank  5.00 EUR\n    order: "SO-1"\n    delivery: "DL-1"\n    item: "A-1"\n'
        '  Assets:AR:C1  -5.00 EUR\n    order: "SO-2"\n    line: 3'
    ),
    (
        '2026-01-05 * "a document by hand"\n  doc-type: "invoice"\n  due: 2026-02-05\n  Assets:AR:C1  5.00 EUR\n'
        "  Income:Sales  -5.00 EUR"
    ),
    (
        '2026-01-05 * "no."\n  doc-type: "order"\n  doc-id: 7\n  external: 4711\n  customer: "C1"\n  version: 2.0\n'
        '  Equity:Orders  0.00 EUR\n    line: 1.0\n    qty: 5 EUR\n  Equity:Orders  0 EUR\n    line: "x"\n    qty: "5"'
    ),
    (
        '2026-01-05 * "kind"\n  doc-type: TRUE\n  doc-id: "X"\n  version: "2"\n  due: "2026-01-01"\n  key: 2026-01-01\n'
        "  Assets:AR:C1  5.00 EUR\n    item: 5.00 EUR\n    due: 7\n  Income:Sales  -5.00 EUR"
    ),
    (
        '2026-01-05 * "a reversal"\n  doc-type: "reversal"\n  doc-id: "RV-1"\n  reverses: "invoice"\n'
        '  Assets:AR:C1  -5.00 EUR\n    item: "X-1"\n  Income:Sales  5.00 EUR'
    ),
    '2026-01-05 * "a reversal of a reversal"\n  doc-type: "reversal"\n  doc-id: "RV-2"\n  reverses: "reversal"',
    '2026-01-05 * "a reversal of nothing"\n  doc-type: "reversal"\n  doc-id: "RV-3"',
    (
        '2026-01-05 * "no reversal"\n  doc-type: "invoice"\n  doc-id: "IV-3"\n  reverses: "order"\n'
        '  Assets:AR:C1  5.00 EUR\n    item: "IV-3"\n  Income:Sales  -5 EUR\n    line: 1\n    qty: 2\n    order: "SO-1"'
    ),
    (
        '2026-01-05 * "twice"\n  doc-type: "invoice"\n  doc-type: "order"\n  doc-id: "IV-4"\n  Assets:AR:C1  5.00 EUR\n'
        '    item: "IV-4"\n    item: "IV-5"\n  Income:Sales  -5.00 EUR'
    ),
    '2026-01-05 * "a name for the place"\n  lineno: 7\n  filename: "x"\n  Assets:AR:C1  5.00 EUR\n  Income:X',
    '2026-01-05 * "a day that is not"\n  foo: 2026-02-30\n  Assets:AR:C1  5.00 EUR\n  Income:X  -5.00 EUR',
    '2026-01-05 * "no value"\n  foo:\n  due:\n  Assets:AR:C1  5.00 EUR\n    item:\n  Income:X  -5.00 EUR',
    '2026-01-05 * "an account as a value"\n  foo: Assets:Bank\n  bar: #tag\n  Assets:AR:C1  5.00 EUR\n  Income:X',
    '2026-01-05 * "escaped \\" quote \\\\"\n  Assets:AR:C1  5.00 EUR\n    item: "a\\"b\\\\c\\td\\qe"\n  Income:X',
    '2026-01-05 * "two\nlines"\n  Assets:AR:C1  5.00 EUR\n    item: "A\n2026-01-05 open Assets:Thief\n"\n  Income:X',
    '2026-01-05 note Assets:AR:C1 "a long remark\n2026-01-05 * "\n2026-01-05 open Assets:AR:C9\n; end"',
    '2026-01-05 note Assets:AR:C1 "a remark" #remark ^SO-1\n  subject: "SO-1"\n  subject: "SO-2"\n  customer: 5',
    '2026-01-05 note Assets:AR:C1 "no event"',
    '2026-01-05 note Assets:Bank "both" #remark #promise',
    '2026-01-05 custom "o2c-close" "2026-01" 2026-01-31 "closed"',
    '2026-01-05 custom "budget" Assets:Bank 5 EUR',
    '2026-01-05 event "location" "Berlin"',
    '2026-01-05 document Assets:AR:C1 "/tmp/none.pdf"',
    '2026-01-05 query "q" "select 1"',
    "2026-01-05 commodity EUR\n  precision: 2",
    'option "operating_currency" "EUR"',
    'option "booking_method" "FIFO"',
    'option "name_assets" "Aktiva"',
    'option "no such thing" "x"',
    'plugin "beancount.plugins.leafonly"',
    'include "other/*.beancount"',
    'include "2026-02.beancount"',
    "pushtag #trip",
    "poptag #trip",
    'pushmeta customer: "C9"\n2026-01-05 * "pushed"\n  Assets:AR:C1  5.00 EUR\n  Income:X\npopmeta customer:',
    '    item: "more"',
    '  doc-id: "more"',
    "  Assets:AR:C1  1.00 EUR",
    "  Income:Sales  -1.00 EUR",
    "\tIncome:Sales  -1.00 EUR",
    "<<<<<<< HEAD",
    "rubbish",
    "\ufeff",
    "\x00",
    "\x0c",
)
_SIGNS = '"\\;#^*!:.,-+/()|{}@~%&\n\r\t \x00\x0c0179AZazé\u2028'


def _at_line(draw: st.DrawFn, text: str) -> tuple[list[str], int]:
    lines = text.split("\n")
    return lines, draw(st.integers(0, len(lines) - 1))


def _insert(draw: st.DrawFn, text: str) -> str:
    lines, at = _at_line(draw, text)
    return "\n".join([*lines[:at], draw(st.sampled_from(SNIPPETS)), *lines[at:]])


def _insert_between(draw: st.DrawFn, text: str) -> str:
    """Insert between entries, where a careful person would."""
    parts = text.split("\n\n")
    at = draw(st.integers(0, len(parts)))
    return "\n\n".join([*parts[:at], draw(st.sampled_from(SNIPPETS)), *parts[at:]])


def _remove(draw: st.DrawFn, text: str) -> str:
    lines, at = _at_line(draw, text)
    return "\n".join([*lines[:at], *lines[at + 1 :]])


def _repeat(draw: st.DrawFn, text: str) -> str:
    lines, at = _at_line(draw, text)
    return "\n".join([*lines[: at + 1], *lines[at:]])


def _swap(draw: st.DrawFn, text: str) -> str:
    lines, at = _at_line(draw, text)
    return "\n".join([*lines[:at], *reversed(lines[at : at + 2]), *lines[at + 2 :]])


def _indent(draw: st.DrawFn, text: str) -> str:
    lines, at = _at_line(draw, text)
    lines[at] = draw(st.sampled_from(["", " ", "   ", "\t", "      "])) + lines[at].lstrip()
    return "\n".join(lines)


def _end(draw: st.DrawFn, text: str) -> str:
    lines, at = _at_line(draw, text)
    lines[at] += draw(st.sampled_from([" ", "\t", "\r", " ; remark", ' ; 5" pipe', " #tag", " ^link", " "]))
    return "\n".join(lines)


def _sign(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(_SIGNS)) + text[at + draw(st.integers(0, 1)) :]


def _all_crlf(_: st.DrawFn, text: str) -> str:
    return text.replace("\n", "\r\n")


def _cut(draw: st.DrawFn, text: str) -> str:
    return text[: draw(st.integers(0, len(text)))]


def _amount(draw: st.DrawFn, text: str) -> str:
    wish = draw(st.sampled_from([r"(\g<1>)", r"\g<1>/3", "", "+\\g<1>", r"\g<1>00", "1,234.50", "1,23", "-0", "5."]))
    return _one(draw, r"(-?[0-9]+\.[0-9]+)", wish, text)


def _day(draw: st.DrawFn, text: str) -> str:
    return _one(draw, r"([0-9]{4})-([0-9]{2})-([0-9]{2})", draw(st.sampled_from([r"\1/\2/\3", r"\1-\2-31"])), text)


def _unquote(draw: st.DrawFn, text: str) -> str:
    return _one(draw, r': "([^"\n]*)"', draw(st.sampled_from([r": \1", ": 5", ": TRUE", ": #tag", ":"])), text)


def _one(draw: st.DrawFn, pattern: str, wish: str, text: str) -> str:
    """Replace one of the places that fit."""
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    match = found[draw(st.integers(0, len(found) - 1))]
    return text[: match.start()] + match.expand(wish) + text[match.end() :]


EDITS: tuple[Callable[[st.DrawFn, str], str], ...] = (
    _insert, _insert, _insert_between, _insert_between, _remove, _repeat, _swap, _indent, _end, _sign, _amount, _day,
    _unquote, _all_crlf, _cut,
)  # fmt: skip

#: What our writer writes.
written = st.lists(strategies.entries, max_size=4).map(write)


@st.composite
def edited(draw: st.DrawFn) -> str:
    """Make a text that somebody edited by hand, with care or without."""
    text = draw(written)
    for edit in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=4)):
        text = edit(draw, text)
    return text


@st.composite
def collections(draw: st.DrawFn) -> str:
    """Make a text of snippets alone: every two of them meet sooner or later."""
    return "\n".join(draw(st.lists(st.sampled_from(SNIPPETS), max_size=6))) + draw(st.sampled_from(["\n", ""]))
