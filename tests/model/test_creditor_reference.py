"""Creditor references (ISO 11649) are made, proved, printed, and found again in what banks write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from o2c.model.creditor_reference import creditor_reference
from o2c.model.creditor_reference import creditor_references
from o2c.model.creditor_reference import is_creditor_reference
from o2c.model.creditor_reference import printed
from o2c.model.creditor_reference import stem

NUMBERS = st.from_regex(r"[A-Z0-9][A-Z0-9._-]{0,20}", fullmatch=True)


@given(NUMBERS)
def test_a_made_reference_is_right_by_another_program_too(number: str) -> None:
    reference = creditor_reference(number)
    assert iso11649.is_valid(reference)
    assert is_creditor_reference(reference)
    assert reference[4:] == stem(number)


@given(NUMBERS, st.integers(4, 24), st.sampled_from("ABCXYZ0123456789"))
def test_one_wrong_character_is_noticed(number: str, place: int, other: str) -> None:
    reference = creditor_reference(number)
    place = min(place, len(reference) - 1)
    changed = reference[:place] + other + reference[place + 1 :]
    assert is_creditor_reference(changed) == iso11649.is_valid(changed)
    # Modulo 97 sees every change of a digit into a digit and of a letter into a letter.
    if other != reference[place] and other.isdigit() == reference[place].isdigit():
        assert not is_creditor_reference(changed)


@given(NUMBERS)
def test_a_reference_is_found_in_one_piece_and_as_printed(number: str) -> None:
    reference = creditor_reference(number)
    assert reference in creditor_references(f"payment {reference.lower()} thanks")
    assert reference in creditor_references(f"payment {printed(reference)}, thanks")
    assert reference in creditor_references(f"SVWZ+{printed(reference)} of march")


@pytest.mark.parametrize(
    "text", ["", "RF", "RF18", "RF19 5390 0754 7034", "XRF18539007547034", "RF18539007547034X", "refund RF-2026-0001"]
)
def test_what_is_no_reference_is_not_found(text: str) -> None:
    assert creditor_references(text) == []


def test_two_references_are_found_in_their_order() -> None:
    first, second = creditor_reference("INV-2026-0002"), creditor_reference("INV-2026-0001")
    assert creditor_references(f"{first} and {printed(second)}") == [first, second]


@pytest.mark.parametrize("number", ["", "...", "A" * 22, "INV 1", "É1", "inv-1"])
def test_a_number_that_no_reference_can_carry_has_none(number: str) -> None:
    assert creditor_reference(number) == ""
