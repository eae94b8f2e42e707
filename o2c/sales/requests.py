"""Orders as they come from outside, each value typed, with its place in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import Protocol
from typing import TypeVar

from o2c.errors import BadInput
from o2c.model.money import ZERO
from o2c.model.money import parse_currency
from o2c.model.money import parse_number
from o2c.model.text import code
from o2c.model.text import customer_code
from o2c.model.text import day
from o2c.model.text import free_text
from o2c.model.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date as Date
    from decimal import Decimal

HEAD_FIELDS = (
    "order",
    "customer",
    "date",
    "reference",
    "currency",
    "invoicing",
    "price_list",
    "ship_to",
    "terms",
    "requested_date",
)
LINE_FIELDS = ("sku", "quantity", "price", "discount", "text", "promised")


T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Gate(Protocol[T_co]):
    """Turns a text into a value, or raises BadInput."""

    def __call__(self, text: str, /) -> T_co:
        """Type one text."""


class LineRequest(NamedTuple):
    """One line as asked for; without a price, the price list decides. `discount` in percent."""

    place: str
    sku: str
    quantity: Decimal
    price: Decimal | None
    discount: Decimal
    text: str
    promised: Date | None


class OrderRequest(NamedTuple):
    """One order as asked for; `number` is the customer's or shop's own, importing it again does nothing."""

    place: str
    number: str
    customer: str
    date: Date | None
    reference: str
    currency: str
    invoicing: str
    price_list: str
    ship_to: str
    terms: str
    requested_date: Date | None
    lines: tuple[LineRequest, ...]


class Fields(NamedTuple):
    """The fields of one order or line as texts, and where each stands."""

    texts: Mapping[str, str]
    place: Callable[[str], str]


class Reader:
    """Types fields and collects every fault with its place."""

    def __init__(self) -> None:
        """Start without faults."""
        self.faults: list[str] = []

    def order(self, head: Fields, lines: Iterable[Fields]) -> OrderRequest | None:
        """Type one order; None where a value is not acceptable (then there are faults)."""
        before = len(self.faults)
        self._unknown(head, HEAD_FIELDS)
        typed = tuple(self._line(line) for line in lines)
        if not typed:
            self.faults.append(f"{head.place('')}: the order has no lines; add at least one")
        result = OrderRequest(
            place=head.place(""),
            number=self._typed(head, "order", lambda text: one_line(text, "order", 60)) or "",
            customer=self._typed(head, "customer", customer_code, required=True) or "",
            date=self._typed(head, "date", day),
            reference=self._typed(head, "reference", lambda text: one_line(text, "reference")) or "",
            currency=self._typed(head, "currency", parse_currency) or "",
            invoicing=self._typed(head, "invoicing", _invoicing) or "",
            price_list=self._typed(head, "price_list", lambda text: code(text, "price_list")) or "",
            ship_to=self._typed(head, "ship_to", lambda text: code(text, "ship_to")) or "",
            terms=self._typed(head, "terms", lambda text: code(text, "terms")) or "",
            requested_date=self._typed(head, "requested_date", day),
            lines=typed,
        )
        return None if len(self.faults) > before else result

    def _line(self, fields: Fields) -> LineRequest:
        self._unknown(fields, LINE_FIELDS)
        return LineRequest(
            place=fields.place(""),
            sku=self._typed(fields, "sku", lambda text: code(text, "sku"), required=True) or "",
            quantity=self._typed(fields, "quantity", _quantity, required=True) or ZERO,
            price=self._typed(fields, "price", _price),
            discount=self._typed(fields, "discount", _discount) or ZERO,
            text=self._typed(fields, "text", lambda text: free_text(text, "text")) or "",
            promised=self._typed(fields, "promised", day),
        )

    def _typed(self, fields: Fields, name: str, gate: Gate[T], *, required: bool = False) -> T | None:
        """Pass a field through its gate; None where it is missing, which is a fault where it is required."""
        text = fields.texts.get(name, "").strip()
        if not text:
            if required:
                self.faults.append(f"{fields.place('')}: {name} is missing; add it")
            return None
        try:
            return gate(text)
        except BadInput as error:
            self.faults.append(f"{fields.place(name)}: {error}")
            return None

    def _unknown(self, fields: Fields, known: tuple[str, ...]) -> None:
        for name in fields.texts:
            if name not in known:
                self.faults.append(
                    f"{fields.place(name)}: there is no field {name!r}; the fields are {', '.join(known)}"
                )


def _quantity(text: str) -> Decimal:
    number = parse_number(text, "quantity")
    if number <= 0:
        raise BadInput(f"quantity: {text} is not more than zero; what comes back is a return or a credit note")
    return number


def _price(text: str) -> Decimal:
    number = parse_number(text, "price")
    if number < 0:
        raise BadInput(f"price: {text} is less than zero; write an allowance as a discount")
    return number


def _discount(text: str) -> Decimal:
    number = parse_number(text, "discount")
    if not 0 <= number <= 100:
        raise BadInput(f"discount: {text} is not a percentage between 0 and 100")
    return number


def _invoicing(text: str) -> str:
    if text not in {"delivery", "order"}:
        raise BadInput(f"invoicing: {text!r} is neither 'delivery' nor 'order'")
    return text
