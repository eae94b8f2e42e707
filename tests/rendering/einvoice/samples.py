"""Documents as the sales verbs post them, made in a line each, and the demo company's master data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c import master
from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Line
from o2c.model.documents import Movement
from o2c.model.documents import Other
from o2c.model.documents import Tax
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.sales.totals import line_net
from o2c.sales.totals import taxes
from o2c.shipped import DEMO_LEDGER

if TYPE_CHECKING:
    from o2c.master import Master

DAY = date(2026, 3, 2)


class Code(NamedTuple):
    """A tax code of the samples."""

    category: str
    rate: str
    reason: str = ""


CODES = {
    "S19": Code("S", "19"),
    "S07": Code("S", "7"),
    "Z": Code("Z", "0"),
    "EXEMPT": Code("E", "0", "Exempt from VAT (Art. 132 Directive 2006/112/EC)"),
    "EU-SERVICES": Code("AE", "0", "Reverse charge, the customer owes the VAT (Art. 196 Directive 2006/112/EC)"),
    "EU-GOODS": Code("K", "0", "Tax-free intra-Community supply (Art. 138 Directive 2006/112/EC)"),
    "EXPORT": Code("G", "0", "Tax-free export (Art. 146 Directive 2006/112/EC)"),
    "OUTSIDE": Code("O", "0", "Place of supply abroad (Art. 44 Directive 2006/112/EC)"),
    "IGIC": Code("L", "7"),
    "SPLIT": Code("B", "22"),
}


@cache
def demo_master() -> Master:
    """Read the master data of the demonstration books."""
    return master.load(DEMO_LEDGER)


def item(code: str, price: str, quantity: str = "1", discount: str = "0", **more: Any) -> Line:  # noqa: ANN401 - fields of a line
    """Make a line of goods; the net follows, unless it is given."""
    currency = more.pop("currency", "EUR")
    net = more.pop("net", None)
    amount = (
        Decimal(net) if net is not None else line_net(Decimal(quantity), Decimal(price), Decimal(discount), currency)
    )
    return Line(
        number=0,
        account="Income:Sales",
        amount=-amount,
        currency=currency,
        sku=more.pop("sku", "NL-1001"),
        text=more.pop("text", "Desk lamp"),
        quantity=Decimal(quantity),
        unit=more.pop("unit", "C62"),
        price=Amount(Decimal(price), currency),
        discount=Decimal(discount),
        tax_code=code,
        **more,
    )


def part(kind: str, code: str, amount: str, text: str = "Freight", currency: str = "EUR") -> Line:
    """Make an allowance or charge of the document; the amount is positive."""
    sign = 1 if kind == "allowance" else -1
    return Line(0, "Income:Freight", sign * Decimal(amount), currency, text=text, kind=kind, tax_code=code)


def invoice(*lines: Line, **more: Any) -> Document:  # noqa: ANN401 - fields of a document
    """Make an invoice (or credit note, deposit invoice) of these lines, one item for all that is due."""
    kind = more.pop("doc_type", names.INVOICE)
    currency = lines[0].currency
    side = 1 if kind == names.CREDIT_NOTE else -1
    numbered = tuple(line._replace(number=n, amount=-side * line.amount) for n, line in enumerate(lines, 1))
    rates = {code: Decimal(CODES[code].rate) for code in {line.tax_code for line in lines}}
    made = taxes(((line.tax_code, rates[line.tax_code], -line.amount) for line in lines), currency)
    rows = tuple(
        Tax(
            "Liabilities:Tax:VAT-19",
            side * total.tax or ZERO,
            currency,
            total.code,
            CODES[total.code].category,
            Amount(total.base, currency),
            total.rate,
            CODES[total.code].reason,
        )
        for total in made
    )
    others: tuple[Other, ...] = more.pop("others", ())
    due = -sum([x.amount for x in (*numbered, *rows, *others)], ZERO)
    number = more.pop("doc_id", "INV-2026-0001")
    moves = more.pop("movements", (Movement("Assets:AR:C0001", number, due, currency),))
    facts = {"seller_vat_id": "DE345378383", "supplied": DAY, **more.pop("facts", {})}
    customer = more.pop("customer", "C0001")
    facts.setdefault("bill_to", bill_to(customer))
    facts.setdefault("vat_id", next(iter(demo_master().customers[customer].tax_ids), ""))
    return Document(
        kind, number, more.pop("date", DAY), customer, currency, "Payee", "Narration",
        movements=moves, lines=numbered, taxes=rows, others=others, extra=extra(**facts),
        due=more.pop("due", date(2026, 4, 1)), **more,
    )  # fmt: skip


def credit_note(*lines: Line, **more: Any) -> Document:  # noqa: ANN401 - fields of a document
    """Make a credit note of these lines."""
    return invoice(*lines, doc_type=names.CREDIT_NOTE, doc_id="CN-2026-0001", refers="INV-2026-0001", **more)


def bill_to(code: str) -> str:
    """Write name and address as they are frozen."""
    customer = demo_master().customers[code]
    return f"{customer.legal_name}\n{customer.address.text()}"
