"""What of the books a report looks at: all movements, or those of one customer or currency, and customers' names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.errors import WrongUsage
from o2c.model.items import Item
from o2c.model.money import parse_currency

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.books import Books

#: Names the customer of an item.
Namer = Callable[[Item], str]
#: Said on every report whose amounts are those of the documents.
GROSS = "amounts gross of tax"


def require(books: Books, customer: str = "", currency: str = "") -> None:
    """Refuse what is not there: NotFound for an unknown customer, WrongUsage for what is no currency."""
    if customer and not books.balances(date.max, customer):
        books.master.customer(customer)
    if currency:
        _is_code(currency)


def _is_code(currency: str) -> None:
    try:
        parse_currency(currency)
    except BadInput as refusal:
        raise WrongUsage(str(refusal)) from refusal


def customer_namer(books: Books, day: date) -> Callable[[str, Iterable[str]], str]:
    """Make the function that names a customer.

    The name is the one in the master data, else that on the first of some documents, else on what is open on the day.
    """
    agreed = books.customer_names()

    def name(customer: str, doc_ids: Iterable[str]) -> str:
        if agreed.get(customer):
            return agreed[customer]
        if found := next((said for doc_id in doc_ids if (said := books.payee(doc_id))), ""):
            return found
        numbers = [item.doc_id for item in books.open_items(day, customer)]
        return next((said for number in numbers if (said := books.about(number).payee(number))), customer)

    return name


def namer(books: Books) -> Namer:
    """Make the function that names the customer of an item.

    The name is the one in the master data, else the payee of the document that opened the item, else the code.
    """
    agreed = books.customer_names()

    def name(item: Item) -> str:
        return agreed.get(item.customer) or books.payee(item.doc_id) or item.customer

    return name
