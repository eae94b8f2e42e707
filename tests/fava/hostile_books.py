"""Books in which every text is an attempt to break out of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.parser import parser

if TYPE_CHECKING:
    from pathlib import Path

#: What would run or break out, in a text, an attribute, a script, a style, chart data.
PAYLOADS = (
    "<script>window.hit=1</script>",
    "\"><img src=x onerror='window.hit=1'>",
    "'-alert(1)-'</script><script>window.hit=1</script>",
    "{{7*7}}${7*7}</textarea></style><svg onload=window.hit=1>",
    "javascript:window.hit=1//",
)
MARK = "window.hit=1"


def _written(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def spoil(root: Path) -> None:
    """Put payloads into each text of the ledger that a person may write, and into names of the master data."""
    for number, payload in enumerate(PAYLOADS):
        _spoil_ledger(root, number, _written(payload))
    file = root / "master" / "customers.yaml"
    payload = PAYLOADS[1].replace("'", "''")
    text = file.read_text("utf-8")
    for name in ("Alsterlicht Einrichtungen", "Möbelhaus Weserblick"):
        text = text.replace(f"name: {name}\n", f"name: '{payload}'\n")
    assert payload in text
    file.write_text(text, "utf-8")


def _spoil_ledger(root: Path, number: int, text: str) -> None:
    day, item = f"2026-03-{10 + number}", f"HOSTILE-{number}"
    entries = f"""
{day} * "{text}" "{text}" #invoice ^{item}
  doc-type: "invoice"
  doc-id: "{item}"
  customer: "C0001"
  currency: "EUR"
  due: {day}
  terms: "{text}"
  terms-text: "{text}"
  reference: "{text}"
  reason: "{text}"
  refers: "{text}"
  by: "{text}"
  at: "{text}"
  why: "{text}"
  Assets:AR:C0001      10.00 EUR
    item: "{item}"
  Income:Sales:Goods  -10.00 EUR
    line: 1
    sku: "{text}"
    text: "{text}"
    qty: 1
    tax-code: "{text}"

{day} * "{text}" "{text}" #order ^SO-{item}
  doc-type: "order"
  doc-id: "SO-{item}"
  customer: "C0001"
  currency: "EUR"
  reference: "{text}"
  by: "{text}"
  why: "{text}"
  Income:Sales:Goods  0.00 EUR
    line: 1
    sku: "{text}"
    text: "{text}"
    qty: 1
    unit-price: 1.00 EUR

{day} * "{text}" "{text}"
  Assets:AR:C0001      1.00 EUR
    item: "{text}"
  Income:Sales:Goods  -1.00 EUR

{day} * "{text}" "{text}" #receipt
  doc-type: "receipt"
  doc-id: "{text}"
  customer: "{text}"
  currency: "EUR"
  by: "{text}"
  Assets:AR:C0001     -1.00 EUR
    item: "{text}"
  Income:Sales:Goods   1.00 EUR

{day} note Assets:AR:C0001 "Order held" #order-held
  subject: "SO-{item}"
  customer: "C0001"
  by: "{text}"
  why: "{text}"

{day} note Assets:AR:C0001 "Issued" #issued
  subject: "{item}"
  customer: "C0001"
  file: "documents/{text}.pdf"
  sha256: "{text}"
  media: "{text}"

{day} custom "o2c-limit" "C0001" 1000.00 EUR
  kind: "permanent"
  by: "{text}"
  why: "{text}"

{day} custom "o2c-close" "2025-0{number + 1}" 2025-01-31 "soft"
  by: "{text}"
  why: "{text}"

{day} custom "o2c-sign-off" "2025-01" "check{number}"
  by: "{text}"
  why: "{text}"
"""
    _, errors, _ = parser.parse_string(entries)
    assert not errors, errors[0]
    (root / "manual" / f"hostile-{number}.beancount").write_text(entries, "utf-8")
