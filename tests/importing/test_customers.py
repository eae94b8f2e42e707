"""Customers of an import: one code each, never the same for two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c.importing.customers import fitted
from o2c.model.text import customer_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.importing.imported import Imported

    Read = Callable[..., Imported]

HEAD = "No,Cust,Date,Due,Amount,Paid,Disputed\n"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("0379-NEVHP", "0379-NEVHP"),
        ("0200706844", "0200706844"),
        ("17850", "17850"),
        ("acme", "ACME"),
        ("Müller & Söhne GmbH", "MULLER-SOHNE-GMBH"),
        ("A--B", "A--B"),
        ("Acme: Job 1", "ACME-JOB-1"),
    ],
)
def test_a_number_or_name_becomes_a_code(raw: str, code: str) -> None:
    assert customer_code(fitted(raw)) == code


def test_two_numbers_that_would_get_one_code_are_refused(imported: Read) -> None:
    result = imported(HEAD + "1,acme,2026-01-10,,1,,\n2,A.C.M.E,2026-01-10,,1,,\n3,ACME,2026-01-10,,1,,\n")
    (bad,) = result.bad
    assert bad.line == 4
    assert "'ACME' would get the code ACME, as 'acme' in line 2" in bad.what


def test_a_customer_of_the_books_is_found_by_its_other_number(imported: Read) -> None:
    result = imported(HEAD + "1,10042,2026-01-10,,1,,\n", C0007=("10042",))
    assert result.documents[0].customer == "C0007"


def test_a_code_of_the_books_is_not_taken_by_guess(imported: Read) -> None:
    result = imported(HEAD + "1,c0007,2026-01-10,,1,,\n", C0007=())
    assert "write `external_ids: [c0007]` to C0007 in customers.yaml" in result.bad[0].what
    assert not imported(HEAD + "1,C0007,2026-01-10,,1,,\n", C0007=()).bad


def test_a_code_that_was_adapted_keeps_the_number_there(imported: Read) -> None:
    (customer,) = imported(HEAD + "1,acme ltd,2026-01-10,,1,,\n").customers
    assert (customer.code, customer.name, customer.number_there) == ("ACME-LTD", "acme ltd", "acme ltd")


def test_the_first_of_several_names_is_taken_and_told(imported: Read) -> None:
    profile = "kind: history\ncurrency: EUR\n"
    profile += "columns: {number: No, customer: Cust, name: Name, date: Date, amount: Amount}\n"
    result = imported("No,Cust,Name,Date,Amount\n1,A,WINC co,2026-01-10,1\n2,A,WINC llc,2026-01-10,1\n", profile)
    assert [doc.payee for doc in result.documents] == ["WINC co", "WINC co"]
    assert result.notes == ("1 customers have more than one name in the file; the first was taken",)
