"""A fast reader of the canonical form: the rows of a ledger text, exactly as the one reader would make them.

It recognises only text as `model.writing` writes it (and the plainest entries by hand). Whatever it does not recognise
completely it leaves as a gap, which goes to Beancount's own parser. `o2c index verify` and the tests prove both equal.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
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

STRING = rb'"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*+"'
DATE = rb"[0-9]{4}-[0-9]{2}-[0-9]{2}"
NUMBER = rb"-?[0-9]+(?:\.[0-9]+)?"
#: A day that there is: Beancount drops an entry with one that there is not, wherever it stands.
DAY = (
    rb"(?:(?!0000)[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)"
    rb"|(?:0[13578]|1[02])-31)|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|2000)-02-29)"
)
CURRENCY = rb"(?!(?:TRUE|FALSE|NULL)[ \n,}])[A-Z][A-Z0-9'._-]*[A-Z0-9]"
ACCOUNT = rb"(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+"
MARKS = rb"(?: #[A-Za-z0-9_/.-]+)*+(?: \^[A-Za-z0-9_/.-]+)*+"
_VALUE = rb"(?:" + STRING + rb"|" + DAY + rb"|" + NUMBER + rb"(?: " + CURRENCY + rb")?|TRUE|FALSE)"
_META = rb"(?!(?:filename|lineno):)[a-z][A-Za-z0-9_-]+: " + _VALUE + rb"\n"
_BEHIND = (
    rb"(?: \{" + STRING + rb"\}| \{\{" + NUMBER + rb" " + CURRENCY + rb", " + STRING + rb"\}\}"
    rb"| @@ " + NUMBER + rb" " + CURRENCY + rb")?"
)
_POSTING = rb"  " + ACCOUNT + rb" ++" + NUMBER + rb" " + CURRENCY + _BEHIND + rb"\n"
_DIRECTIVE = re.compile(
    rb"^(?:(?P<nothing>(?:\n|;[^\n]*+\n)++)"
    rb"|(?P<txn>" + DATE + rb") [*!] (?:" + STRING + rb" )?" + STRING + MARKS + rb"\n"
    rb"(?P<head>(?:  " + _META + rb")*+)(?P<body>(?:" + _POSTING + rb"(?:    " + _META + rb")*+)*+)"
    rb"|(?P<open>" + DATE + rb") open (?P<opened>" + ACCOUNT + rb") *+(?P<cur>(?:" + CURRENCY
    + rb"(?:,"
    + CURRENCY
    + rb")*+)?+) *\n"
    rb"|(?P<note>" + DATE + rb") note (?P<noted>" + ACCOUNT + rb") " + STRING
    + rb"(?P<marks>" + MARKS + rb")\n(?P<facts>(?:  " + _META + rb")*+)"
    rb"|(?P<price>" + DATE + rb") price (?P<priced>" + CURRENCY + rb") ++(?P<rate>" + NUMBER + rb") (?P<in>"
    + CURRENCY
    + rb")\n"
    rb")",
    re.MULTILINE,
)  # fmt: skip
_HEAD = re.compile(
    rb"^  (doc-type|doc-id|version|customer|due|key|refers|reference|external|invoice|reverses|subject|by): (.*)$",
    re.MULTILINE,
)
_BODY = re.compile(
    rb"^(?:  ((?:Assets:AR|Liabilities:Customer-Deposits):\S+) ++(\S+) (\S+)(.*)"
    rb"|    (item|due|line|qty|order|order-line|delivery): (.*)|  [A-Z].*)$",
    re.MULTILINE,
)
_TAG = re.compile(rb"#(\S+)")
_EVENTS = frozenset(name.encode() for name in names.EVENTS)
_WHAT = {names.ORDER: "o", names.DELIVERY: "d", names.RETURN: "d", names.INVOICE: "i"}


#: What reaches into the entries behind it, so that none of them can be read alone.
PUSHED = re.compile(rb"^[ \t]*(?:push|pop)(?:tag|meta)\b", re.MULTILINE)
#: What counts for a whole file, or for others.
_GLOBAL = re.compile(rb"^[ \t]*(?:option|plugin|include|(?:push|pop)(?:tag|meta))\b", re.MULTILINE)


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

    An entry with an indented line behind it that was not recognised belongs to the gap: the line may be a part of it.
    A gap with an odd number of quotes means that a string runs over its end: then the whole text is one gap.
    So does an entry that Beancount must judge. Raises UnicodeDecodeError for what is not UTF-8.
    """
    if not text.isascii():
        text.decode()
    found: list[Found] = []
    gaps: list[Gap] = []
    end = 0
    for match in _DIRECTIVE.finditer(text):
        start = match.start()
        if start != end:
            _leave(text, end, start, found, gaps)
        end = match.end()
        if match["nothing"]:
            continue
        try:
            found.append(Found(start, end - start, _row(match)))
        except Unfit:
            _leave(text, start, end, found, gaps)
    if end != len(text):
        _leave(text, end, len(text), found, gaps)
    if any(_quotes(gap.text) % 2 or PUSHED.search(gap.text) for gap in gaps):
        return [], [Gap(0, text)]
    return found, gaps


def reaches_out(text: bytes) -> bool:
    """Tell whether a gap may change how the text around it is read: a global directive, a string that runs on."""
    return _quotes(text) % 2 == 1 or _GLOBAL.search(text) is not None


def _leave(text: bytes, start: int, end: int, found: list[Found], gaps: list[Gap]) -> None:
    """Leave text to Beancount, with what stands right before it where it begins with an indented line."""
    if text[start : start + 1] in {b" ", b"\t"}:
        if found and found[-1].position + found[-1].size == start:
            start = found.pop().position
        elif gaps and gaps[-1].position + len(gaps[-1].text) == start:
            start = gaps.pop().position
    gaps.append(Gap(start, text[start:end]))


def _quotes(text: bytes) -> int:
    return text.replace(b"\\\\", b"").replace(b'\\"', b"").count(b'"')


def _row(match: re.Match[bytes]) -> Row | None:
    if match["txn"]:
        return _transaction(match)
    if match["note"]:
        return _note(match)
    if match["open"]:
        return Row("o", _day(match["open"]), match["opened"].decode(), match["cur"].decode(), 0, "", "")
    rate = f"{Decimal(match['rate'].decode()):f}"
    return Row("p", _day(match["price"]), match["priced"].decode(), match["in"].decode(), 0, rate, "")


def _transaction(match: re.Match[bytes]) -> Row | None:
    head = _HEAD.findall(match["head"])
    facts = dict(head)
    if len(facts) != len(head):
        raise Unfit  # Beancount takes the first of two, and says so
    body = match["body"]
    if b"doc-type" not in facts:
        return _by_hand(match, body)
    doc_type, doc_id = _text(facts[b"doc-type"]), _text(facts.get(b"doc-id", b""))
    customer = _text(facts.get(b"customer", b""))
    reverses = _only_text(facts.get(b"reverses", b""))
    kind = reverses or doc_type
    if doc_type == names.REVERSAL and not reverses:
        raise Unfit
    moves, names_found, quantities = _postings(
        body, doc_id, _due(facts.get(b"due", b"")), _WHAT.get(kind, ""), -1 if kind == names.RETURN else 1
    )
    names_found.add(_text(facts.get(b"refers", b"")))
    names_found.add(_only_text(facts.get(b"invoice", b"")))
    if doc_type == names.ORDER and (outside := _only_text(facts.get(b"external", b""))):
        names_found.add(external(customer, outside))
    if doc_type == names.RECEIPT and (reference := _text(facts.get(b"reference", b""))):
        names_found.add(referenced(customer, reference))
    names_found -= {"", doc_id}
    return Row(
        "d",
        _day(match["txn"]),
        doc_type,
        doc_id,
        _whole(facts.get(b"version", b""), 1),
        customer,
        _text(facts.get(b"key", b"")),
        tuple(sorted(names_found)),
        tuple(moves),
        tuple(quantities),
        b" {" in body and _LOT.search(body) is not None,
        (kind if doc_type == names.REVERSAL else doc_type) in names.SALES_TYPES,
        _text(facts.get(b"by", b"")),
    )


_LOT = re.compile(rb"^  [A-Z]\S+ ++\S+ \S+ \{", re.MULTILINE)


def _by_hand(match: re.Match[bytes], body: bytes) -> Row | None:
    moves, _, _ = _postings(body, "", 0, "", 1)
    if not moves:
        return None
    found = {move.item for move in moves} - {""}
    return Row(
        "t",
        _day(match["txn"]),
        "",
        "",
        1,
        "",
        "",
        tuple(sorted(found)),
        tuple(moves),
        (),
        _LOT.search(body) is not None,
    )


def _postings(body: bytes, doc_id: str, due: int, what: str, sign: int) -> tuple[list[Move], set[str], list[Quantity]]:
    """Read movements, names and quantities of the postings; metadata belong to the posting before them."""
    moves: list[Move] = []
    found: set[str] = set()
    quantities: list[Quantity] = []
    account = amount = currency = behind = b""
    facts: dict[bytes, bytes] = {}

    def close() -> None:
        if account:
            item = _text(facts.get(b"item", b""))
            own_due = _due(facts.get(b"due", b""))
            _require_own_lot(behind, item)
            code, day = currency.decode(), own_due or (due if item == doc_id else 0)
            moves.append(Move(account.decode(), item, _minor(amount.decode(), code), code, day))
            found.add(item)
        elif b"line" in facts:
            order = _text(facts.get(b"order", b""))
            found.update((order, _text(facts.get(b"delivery", b""))))
            if what and (order or what == "o"):
                number = facts[b"line"] if what == "o" else facts.get(b"order-line", b"")
                quantity = sign * _quantity(facts.get(b"qty", b""))
                quantities.append(Quantity(doc_id if what == "o" else order, _whole(number, 0), what, quantity))

    for on, number, unit, lot, key, value in _BODY.findall(body):
        if key:
            if key in facts:
                raise Unfit  # Beancount takes the first of two, and says so
            facts[key] = value
            continue
        close()
        account, amount, currency, behind = on, number, unit, lot
        facts = {}
    close()
    return moves, found, quantities


def _require_own_lot(behind: bytes, item: str) -> None:
    """Refuse a lot that does not carry the name of its item: what it is worth is not to be found by that name."""
    if behind.startswith(b" {") and _text(_LABEL.search(behind)[0]) != item:  # type: ignore[index]  # as _BEHIND says
        raise Unfit


_LABEL = re.compile(STRING)


def _note(match: re.Match[bytes]) -> Row | None:
    kinds = sorted(tag for tag in _TAG.findall(match["marks"]) if tag in _EVENTS)
    if not kinds:
        return None
    found = _HEAD.findall(match["facts"])
    facts = dict(found)
    if len(facts) != len(found):
        raise Unfit  # Beancount takes the first of two, and says so
    customer = _text(facts.get(b"customer", b"")) or names.customer_of(match["noted"].decode())
    subject, key = _text(facts.get(b"subject", b"")), _text(facts.get(b"key", b""))
    by = _text(facts.get(b"by", b""))
    return Row("e", _day(match["note"]), kinds[0].decode(), subject, 1, customer, key, made_by=by)


@lru_cache(maxsize=4096)
def _day(text: bytes) -> int:
    try:
        return date.fromisoformat(text.decode()).toordinal()
    except ValueError:
        raise Unfit from None


def _due(value: bytes) -> int:
    """Read a day; 0 where the value is of another kind."""
    return _day(value) if _IS_DATE.fullmatch(value) else 0


def _whole(value: bytes, default: int) -> int:
    """Read a whole number; the default where the value is of another kind, or has a fraction."""
    if value.isdigit():
        return int(value)
    number = Decimal(value.decode()) if _IS_NUMBER.fullmatch(value) else None
    return default if number is None or number != number.to_integral_value() else int(number)


def _quantity(value: bytes) -> int:
    return _scaled(value.decode(), QUANTITY_SCALE) if _IS_NUMBER.fullmatch(value) else 0


_IS_DATE = re.compile(DATE)
_IS_NUMBER = re.compile(NUMBER)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def _text(value: bytes) -> str:
    """Read a string; empty where the value is of another kind."""
    if value[:1] != b'"':
        return ""
    return unescaped(value[1:-1].decode())


def unescaped(text: str) -> str:
    """Give what a string between its quotes says."""
    if "\\" in text:
        return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text)
    return text


def _only_text(value: bytes) -> str:
    """Read a string; a value of another kind counts, too, as Beancount writes it: that is left to Beancount."""
    if value and value[:1] != b'"':
        raise Unfit
    return _text(value)


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
