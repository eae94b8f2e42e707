"""The company that sells: its name and numbers, its accounts, its banks, and how its documents are numbered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

from o2c.errors import BadInput
from o2c.master import address
from o2c.master import countries
from o2c.master import documents_look
from o2c.master import gates
from o2c.master import identifiers
from o2c.master import mail
from o2c.model.money import parse_currency
from o2c.model.money import shown
from o2c.model.text import account
from o2c.model.text import code
from o2c.model.text import day
from o2c.model.text import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o2c.master.address import Address
    from o2c.master.section import Section

#: The kinds of documents, and the letters that begin their numbers.
SERIES = {
    "order": "SO",
    "delivery": "DN",
    "invoice": "INV",
    "credit-note": "CN",
    "receipt": "RC",
    "allocation": "AL",
    "reversal": "RV",
    "refund": "RF",
    "write-off": "WO",
    "import": "IM",
    "revaluation": "FX",
    "accrual": "AC",
    "allowance": "LA",
}
DEFAULT_NUMBERING = {kind: f"{letters}-{{year}}-{{number:04d}}" for kind, letters in SERIES.items()}
_PATTERN = re.compile(r"[A-Z0-9._-]*(\{year\}[A-Z0-9._-]*)?\{number(:0[1-9]d)?\}", re.ASCII)
_LINK = re.compile(r"https://[A-Za-z0-9.-]+(/([A-Za-z0-9._~/?=&%-]|\{[a-z]+\})*)?", re.ASCII)
_FIELDS = frozenset(
    "name address vat_id tax_number email phone registration country currency timezone fiscal_year_start books_start "
    "iban bic accounts numbering banks mail payment_link documents".split(),
)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts the program posts to; receivables and deposits are fixed by the ledger format."""

    receivables: str = "Assets:AR"
    deposits: str = "Liabilities:Customer-Deposits"
    sales: str = "Income:Sales"
    fx: str = "Income:FX:Realised"
    bank_fees: str = "Expenses:Bank-Fees"
    rounding: str = "Expenses:Rounding"
    opening: str = "Equity:Opening-Balances"
    unidentified: str = "Liabilities:Unidentified-Receipts"
    orders: str = "Equity:Orders"
    overpayment: str = "Income:Other:Overpayments"
    discount: str = "Expenses:Sales:Early-Payment-Discount"
    accrued_revenue: str = "Assets:Accrued-Revenue"
    revaluation: str = "Assets:Revaluation"
    unrealised: str = "Income:FX:Unrealised"
    allowance: str = "Assets:Allowance"
    impairment: str = "Expenses:Impairment"


_ACCOUNT_FIELDS = frozenset(item.name for item in fields(Accounts)) - {"receivables", "deposits"}


@dataclass(frozen=True, slots=True)
class Company:
    """Who we are; `fiscal_year_start` is a month, `books_start` the first day of these books.

    `banks` names the bank account to use for a currency (`EUR`), and accounts by a name of their own (`savings`).
    `numbering` gives the pattern of every kind of document; `{year}` is the fiscal year.
    """

    name: str
    address: Address
    vat_id: str
    tax_number: str
    email: str
    phone: str
    registration: str
    country: str
    currency: str
    timezone: str
    fiscal_year_start: int
    books_start: date
    iban: str
    bic: str
    accounts: Accounts = field(default_factory=Accounts)
    numbering: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_NUMBERING))
    banks: Mapping[str, str] = field(default_factory=dict)
    mail: mail.Mail = field(default_factory=mail.Mail)
    payment_link: str = ""
    documents: documents_look.DocumentsLook = field(default_factory=documents_look.DocumentsLook)


def read(file: Section) -> Company:
    """Read company.yaml."""
    file.only(_FIELDS)
    return Company(
        name=file.needed("name", gates.line, "", "Example Trading Ltd"),
        address=address.read(file.section("address", address.FIELDS)),
        vat_id=file.value("vat_id", identifiers.tax_id, ""),
        tax_number=file.value("tax_number", gates.line, ""),
        email=file.value("email", gates.email, ""),
        phone=file.value("phone", gates.line, ""),
        registration=file.value("registration", gates.line, ""),
        country=file.needed("country", countries.country, "", "DE"),
        currency=file.needed("currency", parse_currency, "", "EUR"),
        timezone=file.needed("timezone", _timezone, "UTC", "Europe/Berlin"),
        fiscal_year_start=file.value("fiscal_year_start", gates.whole(1, 12), 1),
        books_start=file.needed("books_start", day, date.min, "2026-01-01"),
        iban=file.value("iban", identifiers.iban, ""),
        bic=file.value("bic", identifiers.bic, ""),
        accounts=_read_accounts(file.section("accounts", _ACCOUNT_FIELDS)),
        numbering=_read_numbering(file.section("numbering", frozenset(SERIES))),
        banks=file.pairs("banks", code, account),
        mail=mail.read(file.section("mail", mail.FIELDS)),
        payment_link=file.value("payment_link", _link, ""),
        documents=documents_look.read(file.section("documents", documents_look.FIELDS)),
    )


def _read_accounts(section: Section | None) -> Accounts:
    if section is None:
        return Accounts()
    default = Accounts()
    return Accounts(**{name: section.value(name, account, getattr(default, name)) for name in _ACCOUNT_FIELDS})


def _read_numbering(section: Section | None) -> dict[str, str]:
    """Read the patterns, and refuse two kinds of documents that would draw the same numbers."""
    numbering = dict(DEFAULT_NUMBERING)
    if section is None:
        return numbering
    numbering |= {kind: section.value(kind, _pattern, default) for kind, default in DEFAULT_NUMBERING.items()}
    users: dict[str, str] = {}
    for kind, pattern in numbering.items():
        other = users.setdefault(pattern.split("{", 1)[0], kind)
        if other != kind:
            section.fault(kind, f"{kind} and {other} begin their numbers alike; give each letters of its own")
    return numbering


def _link(text: str, name: str) -> str:
    """Pass the pattern of a payment link: https, and only names that are filled in."""
    used = set(re.findall(r"\{([^{}]*)\}", text))
    if not _LINK.fullmatch(text) or used - {"number", "amount", "currency", "reference"}:
        said = "is not a payment link; write it like https://pay.example/{number}?amount={amount}&currency={currency}"
        raise BadInput(f"{name}: {shown(text)} {said}")
    return text


def _pattern(text: str, name: str) -> str:
    """Pass a numbering pattern whose numbers are allowed as document numbers."""
    if not _PATTERN.fullmatch(text):
        raise BadInput(f"{name}: {shown(text)} is not a numbering pattern; write it like INV-{{year}}-{{number:04d}}")
    identifier(text.format(year=2026, number=999_999_999), name)
    return text


def _timezone(text: str, name: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(f"{name}: {shown(text)} is not a time zone; write it like Europe/Berlin") from None
    return text
