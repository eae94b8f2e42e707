"""Documents read briefly: what Beancount's parser and the one reader say of them, or nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from beancount.core.data import Transaction
from beancount.parser import parser

from o2c.books.index import brief
from o2c.model import reading

if TYPE_CHECKING:
    from o2c.model.documents import Document

INVOICE = """2026-03-02 * "The \\"Old\\" Mill" "Invoice INV-1" #invoice ^INV-1 ^SO-1
  doc-type: "invoice"
  doc-id: "INV-1"
  customer: "C1"
  currency: "USD"
  due: 2026-04-01
  terms: "net30"
  refers: "SO-1"
  is-odd: TRUE
  by: "anna"
  at: "2026-03-02T09:00:00Z"
  why: "said \\"now\\", with a \\\\"
  Assets:AR:C1  119.00 USD @@ 107.10 EUR
    item: "INV-1"
  Income:Sales  -90.00 EUR
    line: 1
    sku: "P-1"
    text: "Lamp, 20\\""
    qty: 2.5
    unit: "piece"
    unit-price: 40.00 USD
    net: 100.00 USD
    order: "SO-1"
    order-line: 3
    delivery: "DN-1"
  Liabilities:VAT  -17.10 EUR
    tax-code: "S19"
    tax-base: 100.00 USD
"""


def _full(text: str) -> Document:
    (entry,), _, _ = parser.parse_string(text)
    assert isinstance(entry, Transaction)
    return reading.document(entry)


def _brief(text: str) -> Document:
    found = brief.document(text, "x.beancount", 7)
    assert found is not None
    return found


def test_what_is_read_is_what_the_parser_and_the_reader_say() -> None:
    found, full = _brief(INVOICE), _full(INVOICE)
    assert found.payee == full.payee == 'The "Old" Mill'
    assert found.act == full.act
    assert found.act.why == 'said "now", with a \\'
    assert [(move.item, move.amount, move.currency) for move in found.movements] == [
        (move.item, move.amount, move.currency) for move in full.movements
    ]
    (line,), (whole,) = found.lines, full.lines
    assert line == whole._replace(price=None, tax_code="", discount=line.discount)
    assert [(tax.amount, tax.base) for tax in found.taxes] == [(tax.amount, tax.base) for tax in full.taxes]
    for name in ("doc_type", "doc_id", "date", "customer", "currency", "due", "terms", "refers", "reason", "version"):
        assert getattr(found, name) == getattr(full, name)
    assert str(found.source) == "x.beancount:7"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('  by: "anna"\n', '  by: "anna"\n  by: "bert"\n'),
        ('    item: "INV-1"\n', '    item: "INV-1"\n    item: "INV-2"\n'),
        ('  refers: "SO-1"\n', '    refers: "SO-1"\n'),
        ('    sku: "P-1"\n', '  sku: "P-1"\n'),
        ('  terms: "net30"\n', '  terms:  "net30"\n'),
        ('  terms: "net30"\n', '  terms: "net30" ; a remark\n'),
        ('  terms: "net30"\n', '  terms: "net30"\n\n'),
        ('  terms: "net30"\n', '  terms: "net\n  x: 30"\n'),
        ("  due: 2026-04-01", "  due: 2026-04-31"),
        ("2026-03-02 *", "2026-02-30 *"),
        ("119.00 USD @@", "119.00 USD {1 EUR} @@"),
        ('doc-type: "invoice"', 'kind: "invoice"'),
        ("    tax-base: 100.00 USD\n", "    tax-base: 100.00 USD"),
        ("    tax-base: 100.00 USD\n", "    tax-base: 100.00 USD\n2026-03-02 close Income:Sales\n"),
    ],
)
def test_what_is_not_written_as_we_write_it_is_left_to_the_parser(before: str, after: str) -> None:
    assert before in INVOICE
    assert brief.document(INVOICE.replace(before, after, 1), "x.beancount", 7) is None
