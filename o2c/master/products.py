"""Products: what is sold, in which unit, and how it is taxed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.master import gates
from o2c.model.money import shown
from o2c.model.text import account
from o2c.model.text import code

if TYPE_CHECKING:
    from o2c.master.section import Section

_FIELDS = frozenset({"name", "unit", "tax_class", "kind", "account", "lead_time"})
_UNIT = re.compile(r"[A-Z0-9]{2,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Product:
    """One thing that can be ordered; `unit` is a code of UN/ECE Recommendation 20, `lead_time` is in days.

    An empty `account` means the company's sales account.
    """

    sku: str
    name: str
    unit: str = "C62"
    tax_class: str = "standard"
    kind: str = "goods"
    account: str = ""
    lead_time: int = 0


def read(file: Section) -> dict[str, Product]:
    """Read products.yaml: article numbers with their products."""
    return {sku: _read_product(sku, section) for sku, section in file.records(code, _FIELDS)}


def unit(text: str, field: str) -> str:
    """Pass a unit of measure after UN/ECE Recommendation 20: two or three capitals or digits."""
    if not _UNIT.fullmatch(text):
        raise BadInput(f"{field}: {shown(text)} is no unit of UN/ECE Rec 20; write C62 (piece), KGM, MTR, LTR or HUR")
    return text


def _read_product(sku: str, section: Section) -> Product:
    return Product(
        sku=sku,
        name=section.needed("name", gates.line, "", "Desk lamp"),
        unit=section.value("unit", unit, "C62"),
        tax_class=section.value("tax_class", code, "standard"),
        kind=section.value("kind", gates.choice("goods", "service"), "goods"),
        account=section.value("account", account, ""),
        lead_time=section.value("lead_time", gates.whole(0, 3650), 0),
    )
