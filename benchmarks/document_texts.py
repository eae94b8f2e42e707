"""The text of orders, invoices, credit notes and receipts as the writer writes it, only faster: for made books.

Money is whole cents here, quantities are whole. A test compares the text with what the writer makes of it read back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

PRODUCTS = 400
ADDRESS = ("Main Street 1", "20095", "Hamburg")
_TAX_PERCENT = 19
_NET_DAYS = 30
#: What account and amount fill together, with at least two spaces between them.
_WIDTH = 58
_ACT = '  by: "anna"\n  at: "{day}T09:00:00Z"\n  why: "{why}"\n'


class Sold(NamedTuple):
    """What one line sells: article, how many, price of one in cents."""

    sku: str
    quantity: int
    price: int

    @property
    def net(self) -> int:
        """The worth of the line in cents, without tax."""
        return self.quantity * self.price


def gross(net: int) -> int:
    """Add the tax to a net sum in cents, rounded half up."""
    return net + _tax(net)


def order(number: str, customer: str, day: date, lines: Sequence[Sold]) -> str:
    """Write an order and, behind it, that it was confirmed."""
    head = (
        f'\n{day} * "Customer {customer}" "Order {number}" #order ^{number}\n'
        f'{_header("order", number, customer)}  terms: "net{_NET_DAYS}"\n  external: "W{number}"\n'
        + _ACT.format(day=day, why="order import")
    )
    confirmed = (
        f'\n{day} note Assets:AR:{customer} "Order confirmed" #order-confirmed ^{number}\n'
        f'  subject: "{number}"\n  version: 1\n' + _ACT.format(day=day, why="order confirm --all")
    )
    return head + "".join(_order_line(index, line) for index, line in enumerate(lines, 1)) + confirmed


def _order_line(index: int, line: Sold) -> str:
    return (
        f"{_posting('Equity:Orders', 0)}{_article(index, line.sku)}{_quantity(line)}"
        f'    net: {_cents(line.net)} EUR\n    tax-code: "S19"\n'
    )


def invoice(number: str, ordered: str, customer: str, day: date, lines: Sequence[Sold]) -> str:
    """Write an invoice of an order, or of none where `ordered` is empty."""
    net = sum(line.net for line in lines)
    link, refers = (f" ^{ordered}", f'  refers: "{ordered}"\n') if ordered else ("", "")
    street, postcode, city = ADDRESS
    head = (
        f'\n{day} * "Customer {customer}" "Invoice {number}" #invoice ^{number}{link}\n'
        f"{_header('invoice', number, customer)}  due: {day + timedelta(days=_NET_DAYS)}\n"
        f'  terms: "net{_NET_DAYS}"\n{refers}'
        f'  bill-to: "Customer {customer}\\n{street}\\n{postcode} {city}\\nGERMANY"\n  supplied: {day}\n'
        + _ACT.format(day=day, why="invoice run")
    )
    sold = "".join(_invoice_line(index, line, ordered) for index, line in enumerate(lines, 1))
    return head + _movement(customer, gross(net), number) + sold + _taxes(net, -1)


def _invoice_line(index: int, line: Sold, ordered: str) -> str:
    of_order = f'    order: "{ordered}"\n    order-line: {index}\n' if ordered else ""
    return (
        f'{_posting("Income:Sales", -line.net)}{_article(index, line.sku)}{_quantity(line)}    tax-code: "S19"\n'
        + of_order
    )


def credit_note(number: str, invoiced: str, customer: str, day: date, first: Sold) -> str:
    """Write a credit note: the first line of an invoice is made cheaper by the price of one."""
    head = (
        f'\n{day} * "Customer {customer}" "Credit note {number} for {invoiced}" #credit-note ^{number} ^{invoiced}\n'
        f'{_header("credit-note", number, customer)}  refers: "{invoiced}"\n  reason: "price"\n'
        + _ACT.format(day=day, why=f"credit-note create {invoiced}")
    )
    line = (
        f"{_posting('Income:Sales', first.price)}{_article(1, first.sku)}"
        '    unit: "C62"\n    tax-code: "S19"\n    invoice-line: 1\n'
    )
    return head + _movement(customer, -gross(first.price), invoiced) + line + _taxes(first.price, 1)


def receipt(number: str, customer: str, day: date, paid: Sequence[tuple[str, int]]) -> str:
    """Write a receipt that pays items, given as (item, cents)."""
    links = "".join(f" ^{name}" for name in sorted([number, *(item for item, _ in paid)]))
    head = (
        f'\n{day} * "Customer {customer}" "Receipt {number}" #receipt{links}\n'
        f'{_header("receipt", number, customer)}  reference: "{number} {paid[0][0]}"\n'
        + _ACT.format(day=day, why="receipt")
    )
    items = "".join(_movement(customer, -amount, item) for item, amount in paid)
    return head + items + _posting("Assets:Bank:Main", sum(amount for _, amount in paid))


def _header(doc_type: str, number: str, customer: str) -> str:
    return f'  doc-type: "{doc_type}"\n  doc-id: "{number}"\n  customer: "{customer}"\n  currency: "EUR"\n'


def _movement(customer: str, amount: int, item: str) -> str:
    return f'{_posting(f"Assets:AR:{customer}", amount)}    item: "{item}"\n'


def _article(index: int, sku: str) -> str:
    return f'    line: {index}\n    sku: "{sku}"\n    text: "Article {sku}"\n'


def _quantity(line: Sold) -> str:
    return f'    qty: {line.quantity}\n    unit: "C62"\n    unit-price: {_cents(line.price)} EUR\n'


def _taxes(net: int, sign: int) -> str:
    return (
        f'{_posting("Liabilities:Tax:VAT", sign * _tax(net))}    tax-code: "S19"\n    tax-category: "S"\n'
        f"    tax-base: {_cents(net)} EUR\n    tax-rate: {_TAX_PERCENT}\n"
    )


def _tax(net: int) -> int:
    return (net * _TAX_PERCENT + 50) // 100


def _posting(account: str, amount: int) -> str:
    number = _cents(amount)
    return f"  {account}{' ' * max(2, _WIDTH - len(account) - len(number))}{number} EUR\n"


def _cents(amount: int) -> str:
    sign, amount = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{amount // 100}.{amount % 100:02d}"
