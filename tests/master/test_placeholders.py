"""What the master data of empty books give as example of the company is known, wherever it still stands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml

from o2c.errors import Refused
from o2c.master import load_company
from o2c.master.address import Address
from o2c.master.placeholders import EXAMPLES
from o2c.master.placeholders import left
from o2c.master.placeholders import require_own
from o2c.starting import BLANK
from o2c.starting import start_empty

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = BLANK / "master" / "company.yaml"
_SEEN = ("name", "vat_id", "tax_number", "registration", "email", "phone", "iban", "bic", "payment_link")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The company of empty books, as a user finds it."""
    start_empty(tmp_path / "books")
    return tmp_path / "books" / "master" / "company.yaml"


def _said(file: Path) -> str:
    with pytest.raises(Refused) as refused:
        require_own(load_company(file.parent.parent), file)
    return str(refused.value)


def test_the_examples_are_those_of_the_template_also_behind_a_hash() -> None:
    shown = yaml.load(re.sub(r"(?m)^# (\w+: )", r"\1", TEMPLATE.read_text("utf-8")), yaml.BaseLoader)
    assert {name: shown[name] for name in _SEEN} == {name: EXAMPLES[name] for name in _SEEN}
    where = shown["address"]
    assert EXAMPLES["address.lines"] == ", ".join(where["lines"])
    assert (EXAMPLES["address.postcode"], EXAMPLES["address.city"]) == (where["postcode"], where["city"])
    assert {name.split(".")[0] for name in EXAMPLES} == {*_SEEN, "address"}


def test_empty_books_name_the_line_all_fields_and_what_to_write(file: Path) -> None:
    said = _said(file)
    line = next(at for at, text in enumerate(file.read_text("utf-8").splitlines(), 1) if text.startswith("name:"))
    assert said.startswith(f"master/company.yaml:{line}: ")
    assert "name `Our Company`, address.lines `Street 1`, address.postcode `00000`, address.city `Town`" in said
    assert "write the company's own" in said
    assert "\n" not in said


def test_a_street_that_was_forgotten_is_named_with_its_own_line(file: Path) -> None:
    text = (
        file.read_text("utf-8").replace("Our Company", "Own Ltd").replace("00000", "20457").replace("Town", "Hamburg")
    )
    file.write_text(text, "utf-8")
    said = _said(file)
    line = next(at for at, written in enumerate(text.splitlines(), 1) if "Street 1" in written)
    assert said.startswith(f"master/company.yaml:{line}: ")
    assert "address.lines `Street 1`;" in said


@pytest.mark.parametrize("name", [name for name in _SEEN if name not in {"name", "iban"}])
def test_an_example_taken_out_of_its_comment_and_not_changed_is_found(file: Path, name: str) -> None:
    text = file.read_text("utf-8").replace("Our Company", "Own Ltd").replace("Street 1", "Lane 7")
    text = text.replace("00000", "20457", 1).replace("Town", "Hamburg").replace(f"# {name}: ", f"{name}: ")
    file.write_text(text, "utf-8")
    company = load_company(file.parent.parent)
    assert left(company) == (name,)
    assert left(replace(company, **{name: "other"})) == ()  # type: ignore[arg-type]  # by name


def test_a_company_that_is_filled_in_passes(file: Path) -> None:
    company = load_company(file.parent.parent)
    own = replace(company, name="Own Ltd", address=Address(("Lane 7",), "20457", "Hamburg", "", "DE"))
    assert left(own) == ()
    require_own(own, file)


def test_without_a_file_the_sentence_names_no_line(file: Path) -> None:
    with pytest.raises(Refused, match=r"^master/company\.yaml: still the example"):
        require_own(load_company(file.parent.parent))
