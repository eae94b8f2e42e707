"""What the index keeps of an entry: where it stands, what it is about, what it moves. Made from the one reader."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core import data

from o2c.model import names
from o2c.model import reading
from o2c.model.money import decimals

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from beancount.core.data import Directive

    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.documents import Movement

#: Amounts beyond this (in smallest units) could overflow a sum; such books are read without the index.
LARGEST = 10**15
QUANTITY_SCALE = 6


class Unfit(Exception):
    """The entry cannot be kept in the index; the books are then read whole."""


class Move(NamedTuple):
    """A movement: amount in smallest units of its currency, debit positive; `due` as day number, 0 for none."""

    account: str
    item: str
    amount: int
    currency: str
    due: int


class Quantity(NamedTuple):
    """A quantity of an order line, in millionths: `what` is o(rdered), d(elivered) or i(nvoiced)."""

    order: str
    line: int
    what: str
    quantity: int


class Row(NamedTuple):
    """An entry: its kind, day (as day number), type and number, and the names it is about.

    Kinds: d document, t transaction by hand that moves items, e event, c one of our customs, o open, x close, p price,
    b balance or pad (a later posting before its day may break it). Entries of other kinds have no row.
    """

    kind: str
    date: int
    doc_type: str
    doc_id: str
    version: int
    customer: str
    key: str
    names: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    has_lots: bool = False
    is_sale: bool = False
    made_by: str = ""


def row(entry: Directive) -> Row | None:
    """Give the row of a parsed or booked directive; None where the index keeps nothing of it.

    Raises Unfit for what rows cannot say: huge amounts, lots and accounts that book other than by the name of an item.
    """
    if isinstance(entry, data.Transaction):
        _require_own_lots(entry)
        return _document(entry) if "doc-type" in entry.meta else _by_hand(entry)
    found = reading.event(entry)
    if found is not None:
        return _event(found)
    day = entry.date.toordinal()
    if isinstance(entry, data.Open):
        if entry.booking and names.is_item_account(entry.account):
            raise Unfit
        return Row("o", day, entry.account, ",".join(entry.currencies or ()), 0, _booking(entry), "")
    if isinstance(entry, data.Close):
        return Row("x", day, entry.account, "", 0, "", "")
    if isinstance(entry, data.Price):
        return Row("p", day, entry.currency, entry.amount.currency, 0, f"{entry.amount.number:f}", "")
    if isinstance(entry, (data.Balance, data.Pad)):
        return Row("b", day, entry.account, "", 0, "", "")
    return None


def _require_own_lots(entry: data.Transaction) -> None:
    """Refuse a lot that does not carry the name of its item: what it is worth is not to be found by that name."""
    for posting in entry.postings:
        if posting.cost is not None and names.is_item_account(posting.account):
            item = (posting.meta or {}).get("item")
            if not isinstance(item, str) or posting.cost.label != item:
                raise Unfit


def _booking(entry: data.Open) -> str:
    return entry.booking.value if entry.booking else ""


def _document(entry: data.Transaction) -> Row:
    doc = reading.document(entry)
    return Row(
        kind="d",
        date=doc.date.toordinal(),
        doc_type=doc.doc_type,
        doc_id=doc.doc_id,
        version=doc.version,
        customer=doc.customer,
        key=doc.act.key,
        names=about(doc),
        moves=tuple(_move(movement, doc.due if movement.item == doc.doc_id else None) for movement in doc.movements),
        quantities=tuple(quantities(doc)),
        has_lots=any(posting.cost is not None for posting in entry.postings),
        is_sale=_is_sale(doc),
        made_by=doc.act.by,
    )


def _is_sale(doc: Document) -> bool:
    """Tell whether a document counts as sales; a reversal says itself what it reverses, or the index cannot know."""
    if doc.doc_type != names.REVERSAL:
        return doc.doc_type in names.SALES_TYPES
    if not doc.fact("reverses"):
        raise Unfit
    return doc.fact("reverses") in names.SALES_TYPES


def about(doc: Document) -> tuple[str, ...]:
    """Name what a document is about besides itself: what it refers to, its items, orders, its number outside."""
    found = {doc.refers, str(doc.fact("invoice")), *(movement.item for movement in doc.movements)}
    found |= {line.order for line in doc.lines} | {line.delivery for line in doc.lines}
    if doc.doc_type == names.ORDER and doc.fact("external"):
        found.add(external(doc.customer, str(doc.fact("external"))))
    if doc.doc_type == names.RECEIPT and doc.reference:
        found.add(referenced(doc.customer, doc.reference))
    return tuple(sorted(found - {"", doc.doc_id}))


def external(customer: str, number: str) -> str:
    """Name an order by the number the customer or shop gave it."""
    return f"{customer}/{number}"


def referenced(customer: str, reference: str) -> str:
    """Name the receipts of a customer with a reference: a second one may be a duplicate."""
    return f"{customer}#{reference}"


def quantities(doc: Document) -> list[Quantity]:
    """Give the quantities that count for the orders of a document; a reversal carries the opposite sign."""
    kind = str(doc.fact("reverses")) or doc.doc_type
    what = {names.ORDER: "o", names.DELIVERY: "d", names.RETURN: "d", names.INVOICE: "i"}.get(kind, "")
    if not what:
        return []
    sign = -1 if kind == names.RETURN else 1
    return [
        Quantity(
            line.order if what != "o" else doc.doc_id,
            line.order_line if what != "o" else line.number,
            what,
            sign * _scaled(line.quantity, QUANTITY_SCALE),
        )
        for line in doc.lines
        if line.order or what == "o"
    ]


def _by_hand(entry: data.Transaction) -> Row | None:
    moves = tuple(_move(movement, movement.due) for movement in reading.movements(entry))
    if not moves:
        return None
    found = tuple(sorted({move.item for move in moves} - {""}))
    lots = any(posting.cost is not None for posting in entry.postings)
    return Row("t", entry.date.toordinal(), "", "", 1, "", "", found, moves, (), lots)


def _event(event: Event) -> Row:
    kind = "e" if event.account else "c"
    about_what = _named(event) if kind == "c" else ()
    day, act = event.date.toordinal(), event.act
    return Row(kind, day, event.kind, event.subject, 1, event.customer, act.key, about_what, made_by=act.by)


def _named(event: Event) -> tuple[str, ...]:
    """Name what one of our customs is about: its values that are texts, and the members of a credit group."""
    members = dict(event.extra).get("members", "")
    codes = members.split() if isinstance(members, str) else []
    return tuple(sorted({*codes, *(str(value) for value in event.values if isinstance(value, str))}))


def _move(movement: Movement, due: date | None) -> Move:
    day = movement.due or due
    return Move(
        movement.account,
        movement.item,
        _scaled(movement.amount, decimals(movement.currency)),
        movement.currency,
        day.toordinal() if day else 0,
    )


def _scaled(number: Decimal, places: int) -> int:
    scaled = number.scaleb(places)
    if scaled != scaled.to_integral_value() or abs(scaled) > LARGEST:
        raise Unfit
    return int(scaled)
