"""Profiles: every fault of a profile is named with its place, and nothing in it is guessed."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from o2c.errors import BadInput
from o2c.errors import NotFound
from o2c.importing import profile_files
from o2c.importing.profile import FIELDS
from o2c.importing.profile import Profile
from o2c.importing.reading_in import read_in

if TYPE_CHECKING:
    from collections.abc import Callable


GOOD = "kind: history\ncolumns: {number: N, customer: C, date: D, amount: A}\n"

LINED = "kind: invoices-with-lines\ncolumns:\n  number: N\n  customer: C\n  date: D\n  quantity: Q\n  price: P\n"


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(BadInput) as caught:
        profile_files.parse("p", text.encode(), "p.yaml")
    return caught.value.faults


def test_all_shipped_profiles_are_good() -> None:
    names = set(profile_files.shipped())
    assert {
        "ibm-history",
        "open-items",
        "online-retail",
        "netsuite-transactions",
        "sap-fbl5n",
        "oracle-receivables",
        "quickbooks",
    } <= names
    for name in names:
        profile = profile_files.load(name)
        assert profile.name == name
        assert profile.title


def test_what_is_not_said_is_plain() -> None:
    profile = profile_files.parse("p", GOOD.encode(), "p.yaml")
    assert profile == Profile(
        "p", ("history",), columns={"number": ("N",), "customer": ("C",), "date": ("D",), "amount": ("A",)}
    )


def test_a_profile_of_ones_own_is_a_file(text_file: Callable[..., Path]) -> None:
    path = text_file(GOOD + "decimal: ','\n", "ours.yaml")
    assert profile_files.load(str(path)).decimal == ","


def test_a_profile_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(NotFound, match="ibm-history, netsuite-transactions"):
        profile_files.load("ibm")


def test_country_codes_and_words_stay_text() -> None:
    profile = profile_files.parse(
        "p", (GOOD + "countries: {Norway: NO, Nowhere: none}\ncurrency: NOK\n").encode(), "p.yaml"
    )
    assert profile.countries == {"Norway": "NO", "Nowhere": ""}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "p.yaml:1:1: profile has no `columns`"),
        ("kind: history\n", "p.yaml:1:1: profile has no `columns`"),
        ("columns: {number: N, customer: C, date: D, amount: A}\n", "profile has no `kind`"),
        ("kind: histories\n", "p.yaml:1:7: profile: kind: 'histories' is not known here"),
        (GOOD + "colums: {}\n", "p.yaml:3:1: profile has no field `colums`; did you mean `columns`?"),
        (GOOD + "kind: history\n", "stands here a second time"),
        (GOOD + "dates: MM/DD\n", "p.yaml:3:8: profile: dates: 'MM/DD' is not known here"),
        (GOOD + "decimal: '.'\ngroup: '.'\n", "decimal and group are the same sign"),
        (GOOD + "encoding: ebcdic\n", "encoding: 'ebcdic' is not known here"),
        (GOOD + "header_line: 0\n", "header_line: '0' is not a whole number from 1 to 100"),
        (GOOD + "types: {Invoice: bill}\n", "Invoice: 'bill' is not known here"),
        (GOOD + "types: {Invoice: invoice}\n", "a column for `type` and the key `types` belong together"),
        (GOOD + "one_time: one time\n", "'one time' is not a customer code"),
        (GOOD + "countries: {Norway: Norge}\n", "'Norge' is not a country"),
        (GOOD + "income_account: Sales\n", "'Sales' is not an account"),
        ("kind: history\ncolumns: {number: N, customer: C, amount: A}\n", "history needs a column for `date`"),
        ("kind: open-items\ncolumns: {number: N, customer: C, date: D}\n", "open-items needs a column for `open` or"),
        ("kind: history\ncolumns: {total: T}\n", "columns has no field `total`"),
        (LINED + "  settled: S\n", "invoices-with-lines knows no type, status, settled"),
        (GOOD + "currency: &a EUR\n", "anchors"),
        (GOOD + "\tcurrency: EUR\n", "a tab; use spaces"),
    ],
)
def test_every_fault_of_a_profile_has_its_place(text: str, fault: str) -> None:
    assert any(fault in found for found in faults(text)), faults(text)


def test_all_faults_come_at_once() -> None:
    assert len(faults(GOOD + "dates: x\ndecimal: y\nminus: z\n")) == 3


def test_the_manual_explains_every_key_and_every_field() -> None:
    manual = Path(__file__).parents[2] / "docs" / "moving-in.md"
    text = manual.read_text("utf-8")
    keys = {*Profile.__dataclass_fields__, "kind"} - {"name", "kinds"}
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []
    assert [field for field in FIELDS if f"`{field}`" not in text] == []
    assert [name for name in profile_files.shipped() if f"`{name}`" not in text] == []


def test_the_example_of_the_manual_is_read_as_it_says(text_file: Callable[..., Path]) -> None:
    text = (Path(__file__).parents[2] / "docs" / "moving-in.md").read_text("utf-8")
    profile_text = textwrap.dedent(
        text[text.index("    title: Open items from the old") : text.index("and with it these")]
    )
    rows = textwrap.dedent(text[text.index("    Belegnummer;Debitor") : text.index("The first becomes an item")])
    profile = profile_files.parse("ours", profile_text.encode(), "ours.yaml")
    found = read_in(text_file(rows.encode("windows-1252")), profile, "open-items")
    assert not found.bad
    assert [(doc.doc_id, str(doc.movements[0].amount), str(doc.due)) for doc in found.documents] == [
        ("0012345", "1190.00", "2026-03-05"),
        ("0012399", "-119.00", "None"),
    ]
    assert found.documents[0].payee == "Müller & Söhne"
