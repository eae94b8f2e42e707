"""Price lists: dated prices with quantity scales, in one currency per list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.errors import BadInput
from o2c.model import money
from o2c.model.money import shown
from o2c.model.text import code
from o2c.model.text import day

if TYPE_CHECKING:
    from collections.abc import Container
    from collections.abc import Mapping

    from o2c.master.section import Section

_LIST_FIELDS = frozenset({"currency", "text", "prices"})
_ROW_FIELDS = frozenset({"price", "from", "until", "min_quantity"})
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A unit price, up to six decimals, for days `first` to `last` (both included) and from `min_quantity` on."""

    price: Amount
    first: date = date.min
    last: date = date.max
    min_quantity: Decimal = money.ZERO

    def holds(self, on: date, quantity: Decimal) -> bool:
        """Tell whether the price is for this day and quantity."""
        return self.first <= on <= self.last and self.min_quantity <= quantity


@dataclass(frozen=True, slots=True)
class Prices:
    """All price lists: list and article number to their rows."""

    currencies: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[tuple[str, str], tuple[PriceRow, ...]] = field(default_factory=dict)

    def price(self, price_list: str, sku: str, currency: str, day: date, quantity: Decimal = ONE) -> Amount | None:
        """Give the unit price, not rounded; None when the list has none in this currency for this day.

        Of the rows that hold, the one that began last wins; among those, the one with the highest scale.
        """
        if self.currencies.get(price_list) != currency:
            return None
        rows = [row for row in self.rows.get((price_list, sku), ()) if row.holds(day, quantity)]
        return max(rows, key=lambda row: (row.first, row.min_quantity)).price if rows else None


def read(file: Section, products: Container[str]) -> Prices:
    """Read prices.yaml: each list has a currency, and prices by article number, plain or as dated rows."""
    currencies: dict[str, str] = {}
    rows: dict[tuple[str, str], tuple[PriceRow, ...]] = {}
    for name, section in file.records(code, _LIST_FIELDS):
        currency = currencies[name] = section.needed("currency", money.parse_currency, "XXX", "EUR")
        part = section.section("prices")
        if part is not None:
            rows |= {(name, sku): _read_rows(part, sku, currency) for sku in part.keys(code)}
            _check_products(part, products)
    return Prices(currencies, rows)


def _read_rows(part: Section, sku: str, currency: str) -> tuple[PriceRow, ...]:
    if part.text_of(sku) is not None:
        return (PriceRow(Amount(part.needed(sku, _unit_price, ONE, "12.50"), currency)),)
    rows = tuple(_read_row(row, currency) for row in part.sections(sku, _ROW_FIELDS))
    _check(part, sku, rows)
    return rows


def _read_row(row: Section, currency: str) -> PriceRow:
    result = PriceRow(
        price=Amount(row.needed("price", _unit_price, ONE, "12.50"), currency),
        first=row.value("from", day, date.min),
        last=row.value("until", day, date.max),
        min_quantity=row.value("min_quantity", _quantity, money.ZERO),
    )
    if result.last < result.first:
        row.fault("until", f"until {result.last} is before from {result.first}; exchange them")
    return result


def _check(part: Section, sku: str, rows: tuple[PriceRow, ...]) -> None:
    """Refuse two prices of which none wins: same first day and same scale."""
    seen: dict[tuple[date, Decimal], int] = defaultdict(int)
    for row in rows:
        seen[row.first, row.min_quantity] += 1
    if any(count > 1 for count in seen.values()):
        part.fault(sku, f"two prices of {sku} begin on the same day with the same min_quantity; keep one of them")


def _check_products(part: Section, products: Container[str]) -> None:
    for sku in part.keys(code):
        if sku not in products:
            part.fault(
                sku, f"there is a price for {shown(sku)}, which is no product; add it to products.yaml or correct it"
            )


def _unit_price(text: str, name: str) -> Decimal:
    number = money.parse_number(text, name)
    if number < 0:
        raise BadInput(f"{name}: the price {text} is negative; write it without a sign")
    return number


def _quantity(text: str, name: str) -> Decimal:
    number = money.parse_number(text, name)
    if number < 0:
        raise BadInput(f"{name}: the quantity {text} is negative; write it without a sign")
    return number
