"""All master data are read typed, and all faults of all files are said at once."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import FrozenInstanceError
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core.amount import Amount

from o2c import master
from o2c.errors import BooksBroken
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model.numbering import fiscal_year

TOP = Path(__file__).parents[2]
DAY = date(2026, 3, 5)


def broken(root: Path) -> list[str]:
    with pytest.raises(BooksBroken) as caught:
        master.load(root)
    return list(caught.value.faults)


def change(root: Path, name: str, old: str, new: str) -> None:
    path = root / "master" / f"{name}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_demonstration_company_loads(root: Path) -> None:
    books = master.load(root)

    assert (books.company.name, books.company.books_start) == ("Nordlicht Handel GmbH", date(2026, 1, 1))
    assert (len(books.customers), len(books.products)) == (25, 40)
    assert {one.address.country for one in books.customers.values()} == {"DE", "FR", "NL", "AT", "US", "GB"}
    assert [path.name for path in books.files][:2] == ["company.yaml", "customers.yaml"]


def test_the_blank_company_loads() -> None:
    books = master.load(TOP / "o2c" / "blank")

    assert (len(books.customers), len(books.products)) == (0, 0)
    assert set(books.terms) == {"immediate", "net14", "net30"}


def test_leading_zeros_and_norway_stay_text(root: Path) -> None:
    change(
        root,
        "customers",
        'postcode: "20354"\n    city: Hamburg\n    country: DE',
        "postcode: 01234\n    city: NO\n    country: NO",
    )

    address = master.load(root).customer("C0001").address

    assert (address.postcode, address.city, address.country) == ("01234", "NO", "NO")


def test_values_are_frozen_and_never_none(root: Path) -> None:
    books = master.load(root)
    plain = books.customer("C0024")

    assert [item.name for item in fields(plain) if getattr(plain, item.name) is None] == []
    with pytest.raises(FrozenInstanceError):
        plain.name = "other"  # type: ignore[misc]  # that it cannot be set is what is tested


def test_a_customer_knows_its_place(root: Path) -> None:
    file, line = master.load(root).customer("C0003").source.split(":")

    assert (root / file).read_text("utf-8").splitlines()[int(line) - 1] == "C0003:"


def test_faults_of_all_files_are_said_at_once_with_their_places(root: Path) -> None:
    change(root, "company", "currency: EUR", "currency: euro")
    change(root, "customers", "terms: net30\n", "terms: net31\n")
    change(root, "customers", "postcode:", "zip:")
    change(root, "customers", "ibans: [DE22200505500930477471]", "ibans: [DE23200505500930477471]")
    change(root, "terms", "percent: 30", "percent: 31")
    change(root, "taxes", "code: EXPORT", "code: EXPROT")
    change(root, "prices", "NL-1001: 39.90", "NL-9999: 39.90")
    change(root, "policies", "kind: both", "kind: all")

    faults = broken(root)

    assert len(faults) == 8
    assert [fault.split(":")[0].removeprefix("master/") for fault in faults] == [
        "company.yaml",
        "customers.yaml",
        "customers.yaml",
        "customers.yaml",
        "prices.yaml",
        "terms.yaml",
        "taxes.yaml",
        "policies.yaml",
    ]
    assert any("no field `zip`" in fault for fault in faults)
    assert any("there are no terms 'net31'" in fault for fault in faults)
    assert any("check digits of the IBAN" in fault for fault in faults)
    assert [fault for fault in faults if "\n" in fault] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("customers", "payer: C0008", "payer: C0099", "there is no customer 'C0099'"),
        ("customers", "payer: C0008", "payer: C0010", "C0010 itself names C0008 as payer; name C0008 here"),
        ("customers", "ship_to: warehouse", "ship_to: depot", "there is no customer 'depot'"),
        ("customers", "status: blocked", "status: stopped", "write one of active, blocked"),
        ("customers", "po_required: yes", "po_required: maybe", "neither yes nor no"),
        ("customers", "C0025:", "C0024:", "second time"),
        ("customers", "C0025:", "c0025:", "not a customer code"),
        ("customers", "email: info@kerzenstube.example", "email: info", "not a mail address"),
        ("customers", "name: Inselmarkt Norderney", "name: ", "C0024 has no `name`"),
        ("customers", "name: Inselmarkt", "name: \u202eInselmarkt", "U+202E"),
        ("customers", "price_list: uk", "price_list: gb", "there is no price list 'gb'"),
        ("company", "iban: DE73200505500282389289", "iban: DE73 2005 0550", "not an IBAN"),
        ("company", "books_start: 2026-01-01", "books_start: 2026-02-30", "not a day"),
        ("company", "timezone: Europe/Berlin", "timezone: Europe/Bremen", "not a time zone"),
        ("company", "order: SO-{year}", "order: INV-{year}", "begin their numbers alike"),
        ("company", "invoice: INV-{year}-{number:04d}", "invoice: INV-{year}", "not a numbering pattern"),
        ("company", "  sales: Income:Sales", "  receivables: Assets:X", "no field `receivables`"),
        ("terms", "net_days: 14", "net_days: -14", "whole number"),
        ("terms", "    - {days: 10, percent: 2}", "    - {days: 10, percent: 2.1234567}", "not a number"),
        ("taxes", "{percent: 19, from: 2021-01-01}", "{percent: 19, from: 2020-12-31}", "two rates are in force"),
        ("taxes", "category: G", "category: X", "not known here"),
        ("taxes", "account: Liabilities:Tax:VAT-19", "account: ", "DE19 has no `account`"),
        ("prices", "NL-1002: 54.90", "NL-1002: -54.90", "negative"),
        ("prices", "price: 16.50, from: 2026-07-01", "price: 16.50, from: 2026-01-01", "begin on the same day"),
        ("products", "unit: SET", "unit: set", "no unit of UN/ECE"),
        ("policies", "vat: keep", "vat: drop", "write one of correct, keep"),
        ("policies", "users:", "loyalty: {}\nusers:", "no field `loyalty`"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_in_a_sentence(root: Path, name: str, old: str, new: str, sentence: str) -> None:
    change(root, name, old, new)

    faults = broken(root)

    assert any(fault.startswith(f"master/{name}.yaml:") and sentence in fault for fault in faults), faults


def test_a_broken_terms_file_does_not_accuse_every_customer(root: Path) -> None:
    (root / "master" / "terms.yaml").write_text("net30: [", "utf-8")

    assert len(broken(root)) == 1


def test_missing_and_misspelled_files_are_named(root: Path) -> None:
    (root / "master" / "terms.yaml").rename(root / "master" / "term.yaml")

    faults = broken(root)

    assert faults[0].startswith("master/term.yaml:1:1: this file is not read")
    assert faults[1].startswith("master/terms.yaml:1:1: the file is missing")


def test_an_unknown_code_comes_with_those_that_look_alike(root: Path) -> None:
    books = master.load(root)

    with pytest.raises(NotFound, match="no customer 'c0001'; did you mean C0001"):
        books.customer("c0001")
    with pytest.raises(NotFound, match=r"no product 'NL-10011'; did you mean .*NL-1001"):
        books.product("NL-10011")
    with pytest.raises(NotFound, match=r"no terms 'xyz'; look it up in master/terms.yaml"):
        books.term("xyz")


@pytest.mark.parametrize(
    ("code", "region", "tax_goods", "tax_service"),
    [
        ("C0001", "domestic", "DE19", "DE19"),
        ("C0008", "eu-business", "EU-GOODS", "EU-SERVICES"),
        ("C0017", "eu-consumer", "DE19", "DE19"),
        ("C0018", "export", "EXPORT", "OUTSIDE"),
        ("C0020", "export", "EXPORT", "OUTSIDE"),
        ("C0022", "eu-business", "EU-GOODS", "OUTSIDE"),
    ],
)
def test_the_tax_of_a_sale_follows_from_the_customer(
    root: Path, code: str, region: str, tax_goods: str, tax_service: str
) -> None:
    books = master.load(root)
    customer = books.customer(code)

    assert customer.tax_region(books.company) == region
    for kind, expected in (("goods", tax_goods), ("service", tax_service)):
        assert books.taxes.code_for("standard", customer.tax_region(books.company, DAY, kind), kind).code == expected


def test_britain_was_inside_the_union_until_the_end_of_2020(root: Path) -> None:
    change(root, "customers", "tax_ids: [GB392015370]", "tax_ids: [GB392015370, FR50916793896]")
    books = master.load(root)
    customer = books.customer("C0020")

    assert customer.tax_region(books.company, date(2020, 12, 31)) == "eu-business"
    assert customer.tax_region(books.company, date(2021, 1, 1)) == "export"


def test_a_seller_number_does_not_make_a_foreign_buyer_a_business(root: Path) -> None:
    change(root, "customers", "tax_ids: [FR50916793896]", "tax_ids: [DE136695976]")
    books = master.load(root)

    assert books.customer("C0011").tax_region(books.company) == "eu-consumer"


@pytest.mark.parametrize(
    ("code", "day", "percent"),
    [
        ("DE19", "2020-06-30", 19),
        ("DE19", "2020-07-01", 16),
        ("DE19", "2020-12-31", 16),
        ("DE19", "2021-01-01", 19),
        ("DE07", "2020-07-01", 5),
    ],
)
def test_the_rate_is_that_of_the_day(root: Path, code: str, day: str, percent: int) -> None:
    assert master.load(root).taxes.codes[code].rate(date.fromisoformat(day)) == percent


def test_a_day_without_a_rate_and_a_sale_without_a_rule_are_refused(root: Path) -> None:
    taxes = master.load(root).taxes

    with pytest.raises(Refused, match="DE19 has no rate on 2006-12-31"):
        taxes.codes["DE19"].rate(date(2006, 12, 31))
    with pytest.raises(Refused, match="no rule for tax class luxury"):
        taxes.code_for("luxury", "domestic", "goods")


@pytest.mark.parametrize(
    ("day", "quantity", "price"),
    [
        ("2026-01-01", "1", "15.90"),
        ("2026-06-30", "100", "15.90"),
        ("2026-07-01", "49.99", "16.50"),
        ("2026-07-01", "50", "15.20"),
        ("2025-12-31", "1", None),
    ],
)
def test_prices_have_days_and_scales(root: Path, day: str, quantity: str, price: str | None) -> None:
    found = master.load(root).prices.price("standard", "NL-3003", "EUR", date.fromisoformat(day), Decimal(quantity))

    assert found == (None if price is None else Amount(Decimal(price), "EUR"))


def test_prices_keep_their_decimals_and_their_currency(root: Path) -> None:
    prices = master.load(root).prices

    assert str(prices.price("standard", "NL-3008", "EUR", DAY)) == "2.4125 EUR"
    assert prices.price("standard", "NL-3008", "USD", DAY) is None
    assert prices.price("nowhere", "NL-3008", "EUR", DAY) is None


@pytest.mark.parametrize(
    ("start", "day", "year"), [(1, "2026-12-31", 2026), (4, "2026-03-31", 2026), (4, "2026-04-01", 2027)]
)
def test_a_fiscal_year_is_named_after_the_year_it_ends_in(root: Path, start: int, day: str, year: int) -> None:
    change(root, "company", "fiscal_year_start: 1", f"fiscal_year_start: {start}")

    start = master.load(root).company.fiscal_year_start
    assert fiscal_year(date.fromisoformat(day), start) == year


def test_ten_thousand_customers_load_fast(root: Path) -> None:
    record = (
        "K{n:05d}:\n  name: Kunde {n}\n  address: {{lines: [Weg {n}], postcode: '01234', city: Köln, country: DE}}\n"
        "  terms: net30\n  currency: EUR\n"
    )
    (root / "master" / "customers.yaml").write_text("".join(record.format(n=n) for n in range(10_000)), "utf-8")
    started = time.process_time()

    books = master.load(root)

    assert len(books.customers) == 10_000
    assert time.process_time() - started < 3


def test_loading_imports_nothing_heavy() -> None:
    script = (
        "import sys; from o2c.master import load; import pathlib; load(pathlib.Path(sys.argv[1])); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(TOP / "ledger")], capture_output=True, text=True, check=True, cwd=TOP
    )

    loaded = set(done.stdout.split())
    assert loaded & {"ruamel", "rapidfuzz", "stdnum", "click", "fava", "jinja2", "pydantic", "lxml"} == set()
    assert "o2c.master" in loaded
