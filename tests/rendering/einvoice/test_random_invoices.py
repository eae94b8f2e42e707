"""Random invoices and credit notes, of any rates, discounts, allowances and charges, add up to the cent."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from o2c.model import names
from o2c.model.money import rounded
from o2c.rendering.einvoice import arithmetic
from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import ubl
from o2c.rendering.einvoice.figures import figures
from o2c.rendering.einvoice.making import e_invoice
from tests.rendering.einvoice.samples import demo_master
from tests.rendering.einvoice.samples import invoice
from tests.rendering.einvoice.samples import item
from tests.rendering.einvoice.samples import part

if TYPE_CHECKING:
    from o2c.model.documents import Document
    from o2c.model.documents import Line
    from tests.rendering.einvoice.test_making import Faults

TAXED = ("S19", "S07", "Z", "EXEMPT", "EU-SERVICES")
_prices = st.decimals(0, 99999, places=4).map(str)
_quantities = st.decimals(Decimal("-99.999"), Decimal("999.999"), places=3).filter(bool).map(str)
_discounts = st.sampled_from(["0", "0", "3", "12.5", "33.333", "100"])


def _items(currency: str) -> st.SearchStrategy[Line]:
    return st.builds(
        lambda code, price, quantity, discount: item(code, price, quantity, discount, currency=currency),
        st.sampled_from(TAXED), _prices, _quantities, _discounts,
    )  # fmt: skip


def _parts(currency: str) -> st.SearchStrategy[Line]:
    amounts = st.decimals(0, 500, places=2).map(lambda number: str(rounded(number, currency)))
    return st.builds(
        lambda kind, code, amount: part(kind, code, amount, "Freight", currency),
        st.sampled_from(["allowance", "charge"]), st.sampled_from(TAXED), amounts,
    )  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> Document:
    currency = draw(st.sampled_from(["EUR", "EUR", "JPY", "KWD"]))
    lines = draw(st.lists(_items(currency), min_size=1, max_size=6))
    lines += draw(st.lists(_parts(currency), max_size=3))
    kind = draw(st.sampled_from([names.INVOICE, names.CREDIT_NOTE, names.DEPOSIT_INVOICE]))
    return invoice(*lines, doc_type=kind)


@given(documents())
def test_a_random_invoice_adds_up_exactly_in_both_syntaxes(doc: Document) -> None:
    made = e_invoice(doc, demo_master())
    for write in (cii.write, ubl.write):
        said = figures(etree.fromstring(write(made)))
        assert list(arithmetic.wrong(said)) == []
        assert said.sums["BT-115"] == abs_due(doc)


def abs_due(doc: Document) -> Decimal:
    moved = sum((movement.amount for movement in doc.movements), Decimal(0))
    return -moved if doc.doc_type == names.CREDIT_NOTE else moved


def _random(chance: random.Random) -> Document:
    def amount(most: int, places: int = 2) -> str:
        return str(Decimal(chance.randrange(most * 10**places)).scaleb(-places))

    lines = [
        item(chance.choice(TAXED), amount(900, 4), amount(50, chance.choice([0, 3])) or "1", chance.choice(["0", "5"]))
        for _ in range(chance.randint(1, 6))
    ]
    lines = [line if line.quantity else item(line.tax_code, "1.00") for line in lines]
    lines += [
        part(chance.choice(["allowance", "charge"]), chance.choice(lines).tax_code, amount(20))
        for _ in range(chance.randint(0, 3))
    ]
    return invoice(*lines, doc_type=chance.choice([names.INVOICE, names.CREDIT_NOTE]))


@pytest.mark.parametrize("count", [20, pytest.param(400, marks=pytest.mark.deep)])
def test_random_invoices_pass_the_official_rules(faults: Faults, count: int) -> None:
    chance = random.Random(16931)
    assert faults([(_random(chance), None) for _ in range(count)]) == []
