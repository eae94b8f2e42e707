"""Customers: all of them, or one with everything about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava_o2c import charts
from fava_o2c import links
from fava_o2c.pages.making import part
from fava_o2c.pages.making import report
from fava_o2c.pages.making import shown
from fava_o2c.parts import Fields
from fava_o2c.parts import Links
from fava_o2c.parts import Search
from fava_o2c.parts import Shown
from fava_o2c.viewing import label
from o2c.credit.standing import standing
from o2c.errors import BooksBroken
from o2c.errors import NotFound
from o2c.master.describing import described
from o2c.model import names
from o2c.model.money import shown as quoted
from o2c.reports import credit_score
from o2c.reports import credit_standing
from o2c.reports import listings
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fava_o2c.parts import Chart
    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables
    from o2c.credit.standing import Side
    from o2c.reports.table import Row

_COLUMNS = tuple(
    Column(name, "text" if name in {"name", "city"} else "code")
    for name in ("customer", "name", "country", "city", "terms", "currency", "status", "credit_group")
)


def tables(here: Here) -> Tables:
    """Give the tables of the page: of one customer, or the list of all."""
    code, day, books = here.asked.args.get("code", ""), here.asked.day, here.books
    if not code:
        return {"customers": lambda: books.kept(("customers",), lambda: _all(here))}
    _require(here, code)
    found: Tables = {
        "items": lambda: _own(report(here, "open-items", customer=code)),
        "credit": lambda: credit_standing.report(books, day, code),
        "orders": lambda: _own(listings.orders(books, day, customer=code)),
        "invoices": lambda: _own(listings.sales_documents(books, day, names.INVOICE, customer=code)),
        "behaviour": lambda: credit_score.report(books, day, code),
        "acts": lambda: _own(
            report(here, "audit-trail", lambda: books.about(code), customer=code, since=books.first_day)
        ),
    }
    return {name: _once(here, name, code, make) for name, make in found.items()}


def _once(here: Here, name: str, code: str, make: Callable[[], Table]) -> Callable[[], Table]:
    return lambda: here.books.kept(("customer", name, code, here.asked.day), make)


def parts(here: Here) -> list[Part]:
    """Give the parts of the page."""
    code = here.asked.args.get("code", "")
    search = Search("Customer code", "code", code, links.page(here.asked, here.page, {}), here.asked.filters())
    if not code:
        return [search, *shown(here, tables(here))]
    found = tables(here)
    return [
        search,
        part(lambda: _agreed(here, code)),
        _ways(here, code),
        *shown(here, found, "items", "credit"),
        part(lambda: _use(here, code)),
        *shown(here, found, "orders", "invoices", "behaviour", "acts"),
    ]


def title(here: Here) -> str:
    """Name the customer."""
    code = here.asked.args.get("code", "")
    name = here.books.customer_names().get(code, "")
    return f"{code} {name}".strip() or "Customers"


def _own(table: Table) -> Table:
    """Leave out of a table what the page says already: the customer."""
    return table._replace(columns=tuple(column for column in table.columns if column.name not in {"customer", "name"}))


def _require(here: Here, code: str) -> None:
    """Refuse a code that is neither in the books nor among the master data."""
    if code not in here.books.slices.customers and code not in here.books.customer_names():
        raise NotFound(f"there is no customer {quoted(code)}; the list of customers shows those that there are")


def _all(here: Here) -> Table:
    agreed = here.books.customer_names()
    codes = sorted({*agreed, *here.books.slices.customers})
    rows = tuple(_row(here, code, bool(agreed)) for code in codes)
    return Table("customers", "Customers", None, "as agreed today (master/customers.yaml)", _COLUMNS, rows)


def _row(here: Here, code: str, has_master: bool) -> Row:  # noqa: FBT001 - says whether there are master data
    one = here.books.master.customers.get(code) if has_master else None
    if one is None:
        return {"customer": code, "name": "in the books only", "country": "", "city": "", "terms": "",
                "currency": "", "status": "", "credit_group": ""}  # fmt: skip
    return {"customer": code, "name": one.name, "country": one.address.country, "city": one.address.city,
            "terms": one.terms, "currency": one.currency, "status": one.status,
            "credit_group": one.credit_group}  # fmt: skip


def _agreed(here: Here, code: str) -> Fields:
    try:
        agreed = described(here.books.master, code)
    except BooksBroken as broken:
        raise NotFound(f"the master data are at fault: {broken}") from broken
    pairs = [(label(name), _masked(value) if name == "ibans" else value) for name, value in agreed]
    said = tuple((name, (Shown(value),)) for name, value in pairs if value)
    return Fields("What was agreed (today's master data)", said)


def _masked(ibans: str) -> str:
    """Show of each bank account what tells it from others, not the whole of it."""
    return ", ".join(f"{iban[:4]} … {iban[-4:]}" for iban in ibans.split(", ") if iban)


def _ways(here: Here, code: str) -> Links:
    accounts = (names.receivable(code), names.deposit(code))
    return Links("In Fava", tuple(Shown(name, links.account(here.asked, name)) for name in accounts))


def _use(here: Here, code: str) -> Chart:
    series: charts.Series = []
    currency = ""
    for day in charts.days(here.asked, here.books.first_day):
        side = _side(here, code, day)
        currency = side.exposure.currency
        total = side.limit.total if side.limit else None
        series.append((day, {"exposure": side.exposure.total, **({"limit": total} if total is not None else {})}))
    about = f"What the customer used of its credit limit at the end of each interval, in {currency}."
    return charts.bars("Exposure against limit", about, {f"Exposure in {currency}": series})


def _side(here: Here, code: str, day: date) -> Side:
    return here.books.kept(("standing", code, day), lambda: standing(here.books, code, day).sides[0])
