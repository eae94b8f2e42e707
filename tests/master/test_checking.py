"""Probable duplicates, gaps and wrong check digits are found and explained."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from o2c import master
from o2c.errors import BadInput
from o2c.master import checking
from o2c.master.editing import append_customers
from o2c.master.identifiers import iban
from o2c.master.identifiers import tax_id
from o2c.master.identifiers import wrong_tax_id

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = {"address": {"city": "Bonn", "country": "DE"}, "terms": "net30", "currency": "EUR"}


def test_the_same_account_and_a_similar_name_are_one_proposal_with_both_reasons(root: Path) -> None:
    found = checking.duplicates(master.load(root))

    assert [(pair.code, pair.other, pair.score) for pair in found] == [("C0005", "C0023", 98)]
    assert found[0].reasons == (
        "the same bank account DE78200505500981196308",
        "the names Buchhandlung Seiffert and Seiffert Buchhandlung GmbH are alike at the same postcode 20354",
    )


def test_a_group_that_shares_its_number_is_no_duplicate(root: Path) -> None:
    pairs = {code for pair in checking.duplicates(master.load(root)) for code in (pair.code, pair.other)}

    assert pairs & {"C0008", "C0009", "C0010"} == set()


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("Bäckerei Sonnenschein GmbH", "Baeckerei Sonnenschein", True),
        ("Bäckerei Sonnenschein GmbH", "Sonnenschein Bäckerei KG", True),
        ("Filiale Sonnenschein 12", "Filiale Sonnenschein 13", False),
        ("Sonnenschein Bäckerei", "Sonnenschein Metallbau", False),
    ],
)
def test_names_are_alike_in_any_order_but_never_with_other_numbers(
    root: Path, first: str, second: str, *, found: bool
) -> None:
    append_customers(root, [{**FIELDS, "code": "K1", "name": first}, {**FIELDS, "code": "K2", "name": second}])

    assert bool(checking.duplicates(master.load(root), ["K1"])) is found


def test_only_pairs_with_the_chosen_customers_are_proposed(root: Path) -> None:
    books = master.load(root)

    assert checking.duplicates(books, ["C0001"]) == ()
    assert len(checking.duplicates(books, ["C0023"])) == 1


def test_a_record_is_scored_by_what_this_customer_should_have(root: Path) -> None:
    customers = master.load(root).customers

    assert checking.completeness(customers["C0001"]) == ("C0001", 100, ())
    assert checking.completeness(customers["C0009"]).missing == ()
    assert checking.completeness(customers["C0018"]).missing == ()
    assert checking.completeness(customers["C0024"]).percent == 22
    assert checking.completeness(customers["C0023"]).missing == (
        "tax_ids",
        "contact for billing",
        "e-mail for invoices",
    )


def test_wrong_check_digits_are_found_with_their_place(root: Path) -> None:
    path = root / "master" / "customers.yaml"
    path.write_text(path.read_text("utf-8").replace("DE375749118", "DE375749117"), "utf-8")

    assert checking.wrong_tax_ids(master.load(root)) == (
        (
            "C0001",
            "master/customers.yaml:18",
            "the tax number DE375749117 has wrong check digits; compare it with the customer's papers",
        ),
    )


@pytest.mark.parametrize(
    "number",
    [
        "DE136695976", "ATU77168039", "FR64988342200", "NL846870794B01", "GB392015370", "XI370086911",
        "CHE100155212MWST", "NO995525828MVA", "US914144442", "IE6433435F", "JP1234",
    ],
)  # fmt: skip
def test_right_tax_numbers_pass(number: str) -> None:
    assert tax_id(number) == number
    if not number.startswith("JP"):
        assert wrong_tax_id(number) == ""


@pytest.mark.parametrize("number", ["DE136695977", "ATU77168038", "GB392015371", "CHE100155213MWST", "NO995525827MVA"])
def test_wrong_tax_numbers_are_found(number: str) -> None:
    assert "wrong check digits" in wrong_tax_id(number)


@pytest.mark.parametrize("text", ["DE 136695976", "de136695976", "136695976", "DE13669597", "FR1", ""])
def test_what_has_not_the_form_of_a_tax_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="not a tax number"):
        tax_id(text)


@pytest.mark.parametrize(
    "text", ["DE89370400440532013000", "GB44BARC20000015977316", "NL02INGB0452640105", "NO9386011117947"]
)
def test_right_ibans_pass_and_every_single_wrong_digit_is_found(text: str) -> None:
    assert iban(text) == text
    for place in range(4, len(text)):
        if text[place].isdigit():
            with pytest.raises(BadInput, match="check digits"):
                iban(text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :])


def test_five_thousand_customers_are_compared_within_seconds(root: Path) -> None:
    names = [f"{first}{second} Handel {third}" for first in "ABCDEFGHIJ" for second in range(25) for third in range(20)]
    append_customers(root, ({**FIELDS, "code": f"K{n}", "name": name} for n, name in enumerate(names)))
    books = master.load(root)
    started = time.process_time()

    checking.duplicates(books)

    assert time.process_time() - started < 8
