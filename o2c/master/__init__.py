"""What was agreed: company, customers, products, prices, terms, taxes and policies, from master/*.yaml.

A module is imported when somebody asks for a name of it: what only looks at the files needs none of their readers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from o2c.master.address import Address
    from o2c.master.company import Accounts
    from o2c.master.company import Company
    from o2c.master.customers import Contact
    from o2c.master.customers import Customer
    from o2c.master.loading import load
    from o2c.master.loading import load_company
    from o2c.master.master import Master
    from o2c.master.on_demand import load_on_demand
    from o2c.master.policies import Policies
    from o2c.master.policies import Reason
    from o2c.master.prices import Prices
    from o2c.master.products import Product
    from o2c.master.taxes import TaxCode
    from o2c.master.taxes import Taxes
    from o2c.master.terms import Discount
    from o2c.master.terms import Instalment
    from o2c.master.terms import TermPart
    from o2c.master.terms import Terms

__all__ = [
    "Accounts",
    "Address",
    "Company",
    "Contact",
    "Customer",
    "Discount",
    "Instalment",
    "Master",
    "Policies",
    "Prices",
    "Product",
    "Reason",
    "TaxCode",
    "Taxes",
    "TermPart",
    "Terms",
    "load",
    "load_company",
    "load_on_demand",
]
_MODULES = {
    "address": ("Address",),
    "company": ("Accounts", "Company"),
    "customers": ("Contact", "Customer"),
    "loading": ("load", "load_company"),
    "master": ("Master",),
    "on_demand": ("load_on_demand",),
    "policies": ("Policies", "Reason"),
    "prices": ("Prices",),
    "products": ("Product",),
    "taxes": ("TaxCode", "Taxes"),
    "terms": ("Discount", "Instalment", "TermPart", "Terms"),
}


def __getattr__(name: str) -> object:
    """Import the module that holds a name of this package."""
    for module, held in _MODULES.items():
        if name in held:
            return getattr(import_module(f"o2c.master.{module}"), name)
    raise AttributeError(f"module 'o2c.master' has no attribute {name!r}")
