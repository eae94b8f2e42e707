"""The semantic invoice of EN 16931-1: what an electronic invoice says, whatever the syntax.

Numbers in brackets are the business terms (BT) and groups (BG) of the norm. Amounts are in the currency of the
invoice and positive as the customer reads them, on credit notes too; an allowance is positive and lowers the total.
Empty texts, None and empty tuples are terms that the invoice does not have.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model.money import ZERO

if TYPE_CHECKING:
    from datetime import date

ONE = Decimal(1)
#: Kinds of documents (BT-3, UNTDID 1001).
INVOICE = "380"
CREDIT_NOTE = "381"
PREPAYMENT_INVOICE = "386"


class Endpoint(NamedTuple):
    """An electronic address (BT-34, BT-49): identifier and its scheme of the EAS list, like `9930` or `EM`."""

    scheme: str
    identifier: str


class PostalAddress(NamedTuple):
    """A place: lines (BT-35, BT-36, BT-162), postcode (BT-38), city (BT-37), region (BT-39), country (BT-40)."""

    lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


class Contact(NamedTuple):
    """Whom to ask (BG-6, BG-9): name (BT-41, BT-56), telephone (BT-42, BT-57), e-mail (BT-43, BT-58)."""

    name: str = ""
    phone: str = ""
    email: str = ""


class Party(NamedTuple):
    """Seller (BG-4) or buyer (BG-7).

    `name` (BT-27, BT-44) as registered; `identifier` (BT-46) the number under which we know it; `registration` (BT-30)
    of the company register; `vat_id` (BT-31, BT-48); `tax_number` (BT-32) at the tax office; `endpoint` (BT-34, BT-49).
    """

    name: str
    address: PostalAddress
    identifier: str = ""
    registration: str = ""
    vat_id: str = ""
    tax_number: str = ""
    endpoint: Endpoint | None = None
    contact: Contact = Contact()


class Delivery(NamedTuple):
    """Where and when it was supplied (BG-13): name (BT-70), day (BT-72), address (BG-15)."""

    day: date | None = None
    name: str = ""
    address: PostalAddress | None = None


class Rate(NamedTuple):
    """How something is taxed: category (BT-151, UNCL 5305) and percent (BT-152); `O` has no percent in the XML."""

    category: str
    percent: Decimal


class Adjustment(NamedTuple):
    """An allowance or charge of a line (BG-27, BG-28) or, with a `rate`, of the document (BG-20, BG-21).

    `amount` (BT-136, BT-141, BT-92, BT-99) is never negative; with `percent` (BT-138) of `base` (BT-137).
    `code` is of UNTDID 5189 for allowances and 7161 for charges (BT-140, BT-145, BT-98, BT-105).
    """

    charge: bool
    amount: Decimal
    reason: str
    code: str = ""
    base: Decimal | None = None
    percent: Decimal | None = None
    rate: Rate | None = None


class Line(NamedTuple):
    """A line (BG-25): number (BT-126), name (BT-153), quantity (BT-129), unit (BT-130), net price (BT-146).

    The price is for `base_quantity` units (BT-149). `net` (BT-131) = quantity x price / base quantity, rounded, plus
    charges less allowances. `price` is never negative; the quantity takes the sign. `sku` (BT-155), `description`
    (BT-154).
    """

    number: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    net: Decimal
    rate: Rate
    sku: str = ""
    description: str = ""
    base_quantity: Decimal = ONE
    adjustments: tuple[Adjustment, ...] = ()


class Tax(NamedTuple):
    """The tax of one category and rate (BG-23): base (BT-116), tax (BT-117), reason (BT-120) and its code (BT-121)."""

    rate: Rate
    base: Decimal
    tax: Decimal
    reason: str = ""
    reason_code: str = ""


class Totals(NamedTuple):
    """The sums (BG-22).

    `lines` (BT-106), `allowances` (BT-107), `charges` (BT-108), `net` (BT-109), `tax` (BT-110), `gross` (BT-112),
    `prepaid` (BT-113), `rounding` (BT-114), `due` (BT-115).
    """

    lines: Decimal
    allowances: Decimal
    charges: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    prepaid: Decimal
    rounding: Decimal
    due: Decimal


class Payment(NamedTuple):
    """How to pay: reference to give (BT-83), account (BT-84), its holder (BT-85), bank (BT-86), kind (BT-81).

    `due` (BT-9) is the (first) due date; `terms` (BT-20) says instalments and discounts, a line each.
    """

    means: str = ""
    reference: str = ""
    iban: str = ""
    holder: str = ""
    bic: str = ""
    due: date | None = None
    terms: str = ""


class Preceding(NamedTuple):
    """The invoice that a credit note corrects (BG-3): number (BT-25) and day (BT-26)."""

    number: str
    day: date | None = None


class EInvoice(NamedTuple):
    """An invoice or credit note.

    `number` (BT-1), `issued` (BT-2), `kind` (BT-3), `currency` (BT-5), `notes` (BT-22), `buyer_reference` (BT-10),
    `purchase_order` (BT-13), `sales_order` (BT-14), `despatch` (BT-16). `tax_currency` and `tax_in_it` (BT-6, BT-111):
    the tax in the currency of the seller's books, where that is another. `peppol`: the buyer receives by Peppol, so
    the UBL names its process (BT-23) and specification (BT-24). `from_master` says what the document does not hold and
    was taken from master data as they are now.
    """

    number: str
    issued: date
    kind: str
    currency: str
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    taxes: tuple[Tax, ...]
    totals: Totals
    payment: Payment
    delivery: Delivery = Delivery()
    adjustments: tuple[Adjustment, ...] = ()
    preceding: tuple[Preceding, ...] = ()
    notes: tuple[str, ...] = ()
    buyer_reference: str = ""
    purchase_order: str = ""
    sales_order: str = ""
    despatch: str = ""
    tax_currency: str = ""
    tax_in_it: Decimal = ZERO
    peppol: bool = False
    remarks: tuple[str, ...] = ()
