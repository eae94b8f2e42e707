"""A fast reader of the canonical form: the rows of a ledger text, exactly as the one reader would make them.

It recognises only text as `model.writing` writes it (and the plainest entries by hand). Whatever it does not recognise
completely it leaves as a gap, which goes to Beancount's own parser. `o2c index verify` and the tests prove both equal.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from o2c.books.index.rows import LARGEST
from o2c.books.index.rows import QUANTITY_SCALE
from o2c.books.index.rows import Move
from o2c.books.index.rows import Quantity
from o2c.books.index.rows import Row
from o2c.books.index.rows import Unfit
from o2c.books.index.rows import external
from o2c.books.index.rows import referenced
from o2c.model import names
from o2c.model.money import decimals

_STRING = rb'"(?:[^"\\\n\x00-\x1f]|\\[^\n])*+"'
_DATE = rb"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NUMBER = rb"-?[0-9]+(?:\.[0-9]+)?"
_CURRENCY = rb"[A-Z][A-Z0-9'._-]*[A-Z0-9]"
_ACCOUNT = rb"(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+"
_MARKS = rb"(?: #[A-Za-z0-9_/.-]+)*+(?: \^[A-Za-z0-9_/.-]+)*+"
_VALUE = rb"(?:" + _STRING + rb"|" + _DATE + rb"|" + _NUMBER + rb"(?: " + _CURRENCY + rb")?|TRUE|FALSE)"
_META = rb"[a-z][A-Za-z0-9_-]+: " + _VALUE + rb"\n"
_BEHIND = (
    rb"(?: \{" + _STRING + rb"\}| \{\{" + _NUMBER + rb" " + _CURRENCY + rb", " + _STRING + rb"\}\}"
    rb"| @@ " + _NUMBER + rb" " + _CURRENCY + rb")?"
)
_POSTING = rb"  " + _ACCOUNT + rb" ++" + _NUMBER + rb" " + _CURRENCY + _BEHIND + rb"\n"
_DIRECTIVE = re.compile(
    rb"^(?:(?P<nothing>(?:\n|;[^\n]*+\n)++)"
    rb"|(?P<txn>" + _DATE + rb") [*!] (?:" + _STRING + rb" )?+" + _STRING + _MARKS + rb"\n"
    rb"(?P<head>(?:  " + _META + rb")*+)(?P<body>(?:" + _POSTING + rb"(?:    " + _META + rb")*+)*+)"
    rb"|(?P<open>" + _DATE + rb") open (?P<opened>" + _ACCOUNT + rb") *+(?P<cur>(?:" + _CURRENCY
    + rb"(?:,"
    + _CURRENCY
    + rb")*+)?+) *\n"
    rb"|(?P<note>" + _DATE + rb") note (?P<noted>" + _ACCOUNT + rb") " + _STRING
    + rb"(?P<marks>" + _MARKS + rb")\n(?P<facts>(?:  " + _META + rb")*+)"
    rb"|(?P<price>" + _DATE + rb") price (?P<priced>" + _CURRENCY + rb") ++(?P<rate>" + _NUMBER + rb") (?P<in>"
    + _CURRENCY
    + rb")\n"
    rb")",
    re.MULTILINE,
)  # fmt: skip
_HEAD = re.compile(
    rb'^  (doc-type|doc-id|version|customer|due|key|refers|reference|external|invoice|reverses|subject): "?(.*?)"?$',
    re.MULTILINE,
)
_BODY = re.compile(
    rb"^(?:  ((?:Assets:AR|Liabilities:Customer-Deposits):\S+) ++(\S+) (\S+)(.*)"
    rb'|    (item|due|line|qty|order|order-line|delivery): "?(.*?)"?|  [A-Z].*)$',
    re.MULTILINE,
)
_TAG = re.compile(rb"#(\S+)")
_EVENTS = frozenset(name.encode() for name in names.EVENTS)
_WHAT = {names.ORDER: "o", names.DELIVERY: "d", names.RETURN: "d", names.INVOICE: "i"}


class Found(NamedTuple):
    """An entry of the text: byte offset of its first line, bytes, and its row (None where nothing is kept of it)."""

    position: int
    size: int
    row: Row | None


class Gap(NamedTuple):
    """Text that was not recognised, to be read by Beancount's parser."""

    position: int
    text: bytes


def scan(text: bytes) -> tuple[list[Found], list[Gap]]:
    """Find the entries of a ledger text and the gaps between them, in their order.

    A gap with an odd number of quotes means that a string runs over its end: then the whole text is one gap.
    Raises Unfit for amounts that the index cannot hold.
    """
    found: list[Found] = []
    gaps: list[Gap] = []
    end = 0
    for match in _DIRECTIVE.finditer(text):
        start = match.start()
        if start != end:
            gaps.append(Gap(end, text[end:start]))
        end = match.end()
        kind = match.lastgroup
        if match["txn"]:
            found.append(Found(start, end - start, _transaction(match)))
        elif match["note"]:
            found.append(Found(start, end - start, _note(match)))
        elif match["open"]:
            account, currencies = match["opened"].decode(), match["cur"].decode()
            found.append(Found(start, end - start, Row("o", _day(match["open"]), account, currencies, 0, "", "")))
        elif match["price"]:
            row = Row(
                "p", _day(match["price"]), match["priced"].decode(), match["in"].decode(), 0, match["rate"].decode(), ""
            )
            found.append(Found(start, end - start, row))
        else:
            assert kind == "nothing"
    if end != len(text):
        gaps.append(Gap(end, text[end:]))
    if any(
        _quotes(gap.text) % 2 or b"poptag" in gap.text or b"pushtag" in gap.text or b"pushmeta" in gap.text
        for gap in gaps
    ):
        return [], [Gap(0, text)]
    return found, gaps


def _quotes(text: bytes) -> int:
    return text.replace(b"\\\\", b"").replace(b'\\"', b"").count(b'"')


def _transaction(match: re.Match[bytes]) -> Row | None:
    head = dict(_HEAD.findall(match["head"]))
    body = match["body"]
    if b"doc-type" not in head:
        return _by_hand(match, body)
    doc_type, doc_id = _text(head[b"doc-type"]), _text(head.get(b"doc-id", b""))
    customer = _text(head.get(b"customer", b""))
    due = _due(head.get(b"due", b""))
    kind = _text(head.get(b"reverses", b"")) or doc_type
    if kind == names.REVERSAL:
        raise Unfit
    moves, names_found, quantities = _postings(
        body, doc_id, due, _WHAT.get(kind, ""), -1 if kind == names.RETURN else 1
    )
    names_found.add(_text(head.get(b"refers", b"")))
    names_found.add(_text(head.get(b"invoice", b"")))
    if doc_type == names.ORDER and b"external" in head:
        names_found.add(external(customer, _text(head[b"external"])))
    if doc_type == names.RECEIPT and head.get(b"reference"):
        names_found.add(referenced(customer, _text(head[b"reference"])))
    names_found -= {"", doc_id}
    return Row(
        "d",
        _day(match["txn"]),
        doc_type,
        doc_id,
        _version(head.get(b"version", b"")),
        customer,
        _text(head.get(b"key", b"")),
        tuple(sorted(names_found)),
        tuple(moves),
        tuple(quantities),
        b" {" in body and _LOT.search(body) is not None,
        kind in names.SALES_TYPES,
    )


_LOT = re.compile(rb"^  [A-Z]\S+ ++\S+ \S+ \{", re.MULTILINE)


def _by_hand(match: re.Match[bytes], body: bytes) -> Row | None:
    moves, found, _ = _postings(body, "", 0, "", 1)
    if not moves:
        return None
    return Row(
        "t",
        _day(match["txn"]),
        "",
        "",
        1,
        "",
        "",
        tuple(sorted(found - {""})),
        tuple(moves),
        (),
        _LOT.search(body) is not None,
    )


def _postings(body: bytes, doc_id: str, due: int, what: str, sign: int) -> tuple[list[Move], set[str], list[Quantity]]:
    """Read movements, names and quantities of the postings; metadata belong to the posting before them."""
    moves: list[Move] = []
    found: set[str] = set()
    quantities: list[Quantity] = []
    account = amount = currency = item = ""
    own_due = line = order_line = quantity = 0
    order = ""
    is_line = False

    def close() -> None:
        nonlocal account, item, own_due, order, order_line, line, quantity, is_line
        if account:
            moves.append(
                Move(
                    account,
                    item,
                    _minor(amount, currency),
                    currency,
                    own_due or (due if item == doc_id and doc_id else 0),
                )
            )
            found.add(item)
        elif is_line and what and (order or what == "o"):
            quantities.append(
                Quantity(doc_id if what == "o" else order, line if what == "o" else order_line, what, sign * quantity)
            )
        account, item, own_due, order, order_line, line, quantity, is_line = "", "", 0, "", 0, 0, 0, False

    for on, number, unit, _, key, value in _BODY.findall(body):
        if not key:
            close()
            account, amount, currency = on.decode(), number.decode(), unit.decode()
        elif key == b"item":
            item = _text(value)
        elif key == b"due":
            own_due = _due(value)
        elif account:
            continue
        elif key == b"line":
            is_line, line = True, _whole(value)
        elif key == b"qty":
            quantity = _scaled(value.decode(), QUANTITY_SCALE)
        elif key == b"order":
            order = _text(value)
            found.add(order)
        elif key == b"order-line":
            order_line = _whole(value)
        else:
            found.add(_text(value))
    close()
    return moves, found, quantities


def _note(match: re.Match[bytes]) -> Row | None:
    kinds = sorted(tag for tag in _TAG.findall(match["marks"]) if tag in _EVENTS)
    if not kinds:
        return None
    facts = dict(_HEAD.findall(match["facts"]))
    customer = _text(facts.get(b"customer", b"")) or names.customer_of(match["noted"].decode())
    subject, key = _text(facts.get(b"subject", b"")), _text(facts.get(b"key", b""))
    return Row("e", _day(match["note"]), kinds[0].decode(), subject, 1, customer, key)


@lru_cache(maxsize=4096)
def _day(text: bytes) -> int:
    try:
        return date.fromisoformat(text.decode()).toordinal()
    except ValueError:
        raise Unfit from None


def _due(text: bytes) -> int:
    return _day(text) if re.fullmatch(_DATE, text) else 0


def _version(text: bytes) -> int:
    return int(text) if text.isdigit() else 1


def _whole(text: bytes) -> int:
    return int(text) if text.isdigit() else 0


_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def _text(value: bytes) -> str:
    text = value.decode()
    if "\\" in text:
        return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text)
    return text


def _minor(number: str, currency: str) -> int:
    return _scaled(number, decimals(currency))


def _scaled(number: str, places: int) -> int:
    whole, _, part = number.partition(".")
    rest = part[places:]
    if rest.strip("0"):
        raise Unfit
    result = int(whole + part[:places].ljust(places, "0"))
    if abs(result) > LARGEST:
        raise Unfit
    return result
