"""Customers: who buys, who pays, where the goods go, and what was agreed with them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import BadInput
from o2c.master import address
from o2c.master import countries
from o2c.master import gates
from o2c.master import identifiers
from o2c.master.taxes import REGIONS
from o2c.model.money import parse_currency
from o2c.model.money import shown
from o2c.model.text import code
from o2c.model.text import customer_code

if TYPE_CHECKING:
    from collections.abc import Container
    from collections.abc import Mapping
    from datetime import date

    from o2c.master.address import Address
    from o2c.master.company import Company
    from o2c.master.section import Section

STATUSES = ("active", "blocked", "prospect", "closed", "one-time")
#: Fields of one value, in the order in which a new record is written.
SINGLE_FIELDS = tuple(
    "name legal_name payer bill_to ship_to terms currency language price_list e_invoice_address status region "
    "credit_group po_required notes".split(),
)
LIST_FIELDS = ("tax_ids", "ibans", "external_ids")
_FIELDS = frozenset({*SINGLE_FIELDS, *LIST_FIELDS, "address", "contacts", "ship_to_addresses"})
_CONTACT_FIELDS = frozenset({"role", "name", "email", "phone"})
_PARTNERS = ("payer", "bill_to", "ship_to")
_ADDRESS_MAP: Mapping[str, Address] = {}


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or desk at the customer; the role says what for: billing, dunning, buying."""

    role: str
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as agreed today; documents keep their own copy.

    `payer`, `bill_to` and `ship_to` are customer codes, "" = the customer itself; `ship_to` may also name one of
    `ship_to_addresses`. `region` "" = derived, see `tax_region`. `source` is `file:line`.
    """

    code: str
    name: str
    legal_name: str
    address: Address
    contacts: tuple[Contact, ...] = ()
    tax_ids: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()
    payer: str = ""
    bill_to: str = ""
    ship_to: str = ""
    terms: str = ""
    currency: str = ""
    language: str = ""
    price_list: str = ""
    e_invoice_address: str = ""
    status: str = "active"
    region: str = ""
    credit_group: str = ""
    po_required: bool = False
    external_ids: tuple[str, ...] = ()
    notes: str = ""
    source: str = field(default="", compare=False)
    ship_to_addresses: Mapping[str, Address] = field(default_factory=dict)

    def tax_region(self, company: Company, day: date | None = None, kind: str = "goods") -> str:
        """Say how a sale to the customer's address is taxed: domestic, eu-business, eu-consumer or export.

        A buyer in another country of the Union is a business when it has a VAT number that is not of the seller's
        country (Directive 2006/112/EC, Art. 138). Northern Ireland counts as inside for goods, with an XI number.
        The day decides who is in the Union; without one, today's members are.
        """
        return self.region or self._derived_region(company, day, kind)

    def _derived_region(self, company: Company, day: date | None, kind: str) -> str:
        here, there = countries.vat_area(company.country), countries.vat_area(self.address.country)
        foreign_vat = {countries.vat_country(number) for number in self.tax_ids if identifiers.is_union_vat(number)}
        foreign_vat.discard(here)
        northern = there == "GB" and kind == "goods" and countries.NORTHERN_IRELAND in foreign_vat
        if here == there:
            return "domestic"
        if not countries.in_union(here, day) or not (northern or countries.in_union(there, day)):
            return "export"
        return "eu-business" if foreign_vat else "eu-consumer"


class Record(NamedTuple):
    """A customer with the part of the file it was read from, to place faults found later."""

    customer: Customer
    section: Section


class Known(NamedTuple):
    """The codes that a customer may refer to."""

    customers: Mapping[str, Customer]
    terms: Container[str]
    price_lists: Container[str]


def read(file: Section) -> list[Record]:
    """Read customers.yaml: customer codes with their records."""
    name = file.faults.file
    return [
        Record(_read_customer(number, section, f"{name}:{section.line}"), section)
        for number, section in file.records(customer_code, _FIELDS)
    ]


def check_references(records: list[Record], known: Known) -> None:
    """Note every customer that names terms, a price list or a customer that there is not."""
    for customer, section in records:
        if customer.terms and customer.terms not in known.terms:
            section.fault(
                "terms", f"there are no terms {shown(customer.terms)}; add them to terms.yaml or correct the code"
            )
        if customer.price_list and customer.price_list not in known.price_lists:
            section.fault(
                "price_list",
                f"there is no price list {shown(customer.price_list)}; add it to prices.yaml or correct it",
            )
        for role in _PARTNERS:
            if partner := getattr(customer, role):
                _check_partner(customer, section, role, partner, known.customers)


def _check_partner(
    customer: Customer, section: Section, role: str, partner: str, customers: Mapping[str, Customer]
) -> None:
    if role == "ship_to" and partner in customer.ship_to_addresses:
        return
    if partner not in customers:
        section.fault(role, f"{role}: there is no customer {shown(partner)}; add it or correct the code")
    elif getattr(customers[partner], role) not in {"", partner}:
        onward = getattr(customers[partner], role)
        section.fault(role, f"{role}: {partner} itself names {onward} as {role}; name {onward} here")


def _read_customer(number: str, section: Section, source: str) -> Customer:
    name = section.needed("name", gates.line, "", "Example Trading Ltd")
    return Customer(
        code=number,
        name=name,
        legal_name=section.value("legal_name", gates.line, "") or name,
        address=_read_address(section),
        contacts=tuple([_read_contact(part) for part in section.sections("contacts", _CONTACT_FIELDS)]),
        tax_ids=section.many("tax_ids", identifiers.tax_id),
        ibans=section.many("ibans", identifiers.iban),
        payer=section.value("payer", customer_code, ""),
        bill_to=section.value("bill_to", customer_code, ""),
        ship_to=section.value("ship_to", _ship_to, ""),
        terms=section.needed("terms", code, "", "net30"),
        currency=section.needed("currency", parse_currency, "", "EUR"),
        language=section.value("language", gates.language, "en"),
        price_list=section.value("price_list", code, ""),
        e_invoice_address=section.value("e_invoice_address", gates.line, ""),
        status=section.value("status", _status, "active"),
        region=section.value("region", _region, ""),
        credit_group=section.value("credit_group", code, ""),
        po_required=section.value("po_required", gates.flag, default=False),
        external_ids=section.many("external_ids", gates.line),
        notes=section.value("notes", gates.free_text, ""),
        source=source,
        ship_to_addresses=_read_ship_to_addresses(section),
    )


def _read_address(section: Section) -> Address:
    part = section.section("address", address.FIELDS)
    if part is None:
        section.missing("address", '{lines: [Main Street 1], postcode: "10115", city: Berlin, country: DE}')
    return address.read(part)


def _read_ship_to_addresses(section: Section) -> Mapping[str, Address]:
    part = section.section("ship_to_addresses")
    if part is None:
        return _ADDRESS_MAP
    return {name: address.read(place) for name, place in part.records(code, address.FIELDS)}


def _read_contact(section: Section) -> Contact:
    return Contact(
        role=section.needed("role", gates.line, "", "billing"),
        name=section.value("name", gates.line, ""),
        email=section.value("email", gates.email, ""),
        phone=section.value("phone", gates.line, ""),
    )


_status = gates.choice(*STATUSES)
_region = gates.choice(*REGIONS)


def _ship_to(text: str, name: str) -> str:
    """Pass a customer code, or the name of one of the customer's own delivery addresses."""
    try:
        return customer_code(text, name)
    except BadInput:
        return code(text, name)
