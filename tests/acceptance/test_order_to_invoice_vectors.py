"""The published EN 16931 invoices as orders: taken in, delivered and invoiced, they come to the published totals.

What an order of ours cannot hold stands in `_left_out` with the reason; those totals are proved on documents posted
line by line (test_einvoice_vectors.py).
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from o2c import books as door
from o2c.model import names
from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import making
from o2c.rendering.einvoice import official
from o2c.rendering.einvoice import ubl
from o2c.rendering.einvoice.verifying import verify_all
from tests.faults.small_shop import Shop
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from o2c.rendering.einvoice.en16931 import EInvoice

pytestmark = pytest.mark.acceptance

FILE = Path(__file__).parents[2].parent / "shared" / "data" / "tax-rounding" / "invoice-vectors.jsonl"
VECTORS: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text().splitlines()] if FILE.is_file() else []
if not VECTORS:
    pytest.skip("the invoice vectors are not beside this checkout", allow_module_level=True)
ZERO = Decimal(0)
_REASONS = {"E": "Exempt", "O": "Outside the scope of VAT"}
_PARTS = "an order has no allowance or charge on the whole of it, only discounts on lines"
_MINUS = "an order has no line below zero; what goes back is a credit note"
_SPLIT = "split payment is for Italian sellers"
_FORINT = "the seller rounds tax to whole forints; ours is base x rate to the smallest unit"


def _left_out(vector: dict[str, Any]) -> str:
    if vector["doc_allowances_charges"]:
        return _PARTS
    if any(Decimal(row["line_net"]) < 0 for row in vector["lines"]):
        return _MINUS
    if any(row["cat"] == "B" for row in vector["vat"]):
        return _SPLIT
    return _FORINT if vector["currency"] == "HUF" else ""


TAKEN = [vector for vector in VECTORS if not _left_out(vector)]


def _tax_class(row: dict[str, Any]) -> str:
    category, rate = row.get("vat_cat", row.get("cat")), Decimal(row.get("vat_rate", row.get("rate")) or 0)
    return f"{category}{rate.normalize():f}".lower()


def _line(row: dict[str, Any]) -> dict[str, str]:
    """Order the published quantity at the published price; where these do not make the line's net, one piece at it."""
    quantity, net = Decimal(row["qty"]), Decimal(row["line_net"])
    price = Decimal(row["net_price"] or 0) / Decimal(row["base_qty"] or 1)
    fits = price == round(price, 6) and round(quantity * price, 2) == net and quantity > 0
    count, each = (quantity, price) if fits else (Decimal(1), net)
    return {"sku": _tax_class(row).upper(), "quantity": f"{count:f}", "price": f"{each.normalize():f}"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop with the taxes and currencies of the vectors."""
    return _with_taxes(new_shop(tmp_path_factory.mktemp("vectors") / "books"))


@pytest.fixture(scope="module")
def invoiced(shop: Shop) -> dict[str, EInvoice]:
    """Every vector as an invoice that came out of an order, by the vector's file."""
    orders = [
        {
            "order": f"V-{number}",
            "customer": "C1",
            "currency": one["currency"],
            "lines": [_line(r) for r in one["lines"]],
        }
        for number, one in enumerate(TAKEN)
    ]
    assert (answer := shop.order(json.dumps(orders), "--confirm")).code == 0, answer
    shop.did("deliver", "--all")
    shop.did("invoice", "run")
    books = door.load(shop.root)
    numbers = {doc.refers: doc.doc_id for doc in books.facts.documents(names.INVOICE)}
    named = {doc.fact("external"): doc.doc_id for doc in books.facts.documents(names.ORDER)}
    return {one["file"]: making.of_posted(books, numbers[named[f"V-{number}"]]) for number, one in enumerate(TAKEN)}


def _with_taxes(shop: Shop) -> Shop:
    """Give the shop a tax code and a product for each category and rate of the vectors, and a rate of exchange."""
    rows = {_tax_class(row): row for vector in TAKEN for row in [*vector["lines"], *vector["vat"]]}
    codes, rules, products = {}, [], {}
    for name, row in rows.items():
        category = row.get("vat_cat", row.get("cat"))
        percent = str(Decimal(row.get("vat_rate", row.get("rate")) or 0))
        codes[name.upper()] = {"category": category, "rates": [{"percent": percent}]}
        if percent != "0":
            codes[name.upper()]["account"] = "Liabilities:Tax:VAT"
        if category in _REASONS:
            codes[name.upper()]["text"] = _REASONS[category]
        rules.append({"tax_class": name, "code": name.upper()})
        products[name.upper()] = {"name": f"Goods {name}", "tax_class": name}
    master = shop.root / "master"
    (master / "taxes.yaml").write_text(json.dumps({"codes": codes, "rules": rules}))
    (master / "products.yaml").write_text(json.dumps(products))
    (master / "prices.yaml").write_text("eur: {currency: EUR, text: Euro, prices: {}}\n")
    customers = (master / "customers.yaml").read_text().splitlines(keepends=True)
    (master / "customers.yaml").write_text("".join(line for line in customers if not line.startswith(("US1", "JP1"))))
    currencies = sorted({vector["currency"] for vector in TAKEN} - {"EUR"})
    with (master / "company.yaml").open("a") as company:
        company.write("registration: HRB 1, Amtsgericht Bonn\n")  # outside the scope of VAT no other number names us
    rates = shop.root / "manual" / "prices.beancount"
    rates.write_text("".join(f"2026-01-01 price {currency} 0.10 EUR\n" for currency in currencies))
    return shop


@pytest.mark.parametrize("vector", TAKEN, ids=lambda vector: vector["file"].rpartition("/")[2])
def test_an_order_comes_to_the_published_totals(invoiced: dict[str, EInvoice], vector: dict[str, Any]) -> None:
    said = {name: Decimal(text) for name, text in vector["totals"].items() if text}
    made = invoiced[vector["file"]]
    assert (made.totals.lines, made.totals.net, made.totals.tax) == (said["lines"], said["net"], said.get("vat", ZERO))
    assert made.totals.gross == said["gross"]
    published = {
        (row["cat"], Decimal(row["rate"] or 0)): (Decimal(row["base"]), Decimal(row["tax"])) for row in vector["vat"]
    }
    ours = {(tax.rate.category, tax.rate.percent or ZERO): (tax.base, tax.tax) for tax in made.taxes}
    assert ours == published


def test_no_rule_finds_anything_in_what_came_out(invoiced: dict[str, EInvoice]) -> None:
    if official.missing():
        pytest.skip(official.missing())
    files = [(name, write(made)) for name, made in invoiced.items() for write in (cii.write, ubl.write)]
    assert verify_all(files) == [[]] * len(files)


@pytest.mark.parametrize("quantity", ["-1", "0"])
def test_an_order_has_no_line_below_zero(shop: Shop, quantity: str) -> None:
    line = {"sku": "S25", "quantity": quantity, "price": "10"}
    shop.refused_order(json.dumps([{"customer": "C1", "lines": [line]}]))


def test_what_is_left_out_is_counted_by_reason() -> None:
    reasons = [_left_out(vector) for vector in VECTORS]
    counted = {reason: reasons.count(reason) for reason in (_PARTS, _MINUS, _SPLIT, _FORINT)}
    assert counted == {_PARTS: 18, _MINUS: 6, _SPLIT: 1, _FORINT: 1}
    assert len(TAKEN) == 15
