"""All master data of a company, typed and immutable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import TypeVar

from o2c.errors import NotFound
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from o2c.master.company import Company
    from o2c.master.customers import Customer
    from o2c.master.policies import Policies
    from o2c.master.prices import Prices
    from o2c.master.products import Product
    from o2c.master.taxes import Taxes
    from o2c.master.terms import Terms

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Master:
    """What was agreed: read from `files` (in their order); every reference between them is proved."""

    company: Company
    customers: Mapping[str, Customer]
    products: Mapping[str, Product]
    terms: Mapping[str, Terms]
    taxes: Taxes
    prices: Prices
    policies: Policies
    files: tuple[Path, ...] = ()

    def customer(self, code: str) -> Customer:
        """Give a customer by code; raises NotFound with codes that look alike."""
        return _found(self.customers, code, "customer", "customers.yaml")

    def product(self, sku: str) -> Product:
        """Give a product by article number; raises NotFound with numbers that look alike."""
        return _found(self.products, sku, "product", "products.yaml")

    def term(self, code: str) -> Terms:
        """Give payment terms by code; raises NotFound with codes that look alike."""
        return _found(self.terms, code, "terms", "terms.yaml")


def _found(things: Mapping[str, T], code: str, kind: str, file: str) -> T:
    if code in things:
        return things[code]
    from difflib import get_close_matches

    near = get_close_matches(code.upper(), things, 3, 0.7) or get_close_matches(code, things, 3, 0.7)
    hint = f"did you mean {' or '.join(near)}?" if near else f"look it up in master/{file}, or add it there"
    raise NotFound(f"there is no {kind} {shown(code)}; {hint}")
