"""A wrong e-invoice is found out: by the schema, by the official rules, and by our arithmetic where these are lax."""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING

import pytest

from o2c.errors import NotFinished
from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import official
from o2c.rendering.einvoice import ubl
from o2c.rendering.einvoice.making import e_invoice
from o2c.rendering.einvoice.schematron import Schematron
from o2c.rendering.einvoice.schematron import SchematronStopped
from o2c.rendering.einvoice.verifying import verify
from o2c.rendering.einvoice.verifying import verify_all
from tests.rendering.einvoice.samples import credit_note
from tests.rendering.einvoice.samples import demo_master
from tests.rendering.einvoice.samples import invoice
from tests.rendering.einvoice.samples import item
from tests.rendering.einvoice.samples import part

if TYPE_CHECKING:
    from o2c.model.findings import Finding

WRITERS = {"cii": cii.write, "ubl": ubl.write}
DOCUMENT = invoice(
    item("S19", "39.90", "12"),
    item("S07", "11.90", "20", "5"),
    part("allowance", "S19", "18.80", "Opening offer"),
    part("charge", "S19", "12.00"),
)


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make as if the extra `einvoice` were not installed."""
    monkeypatch.setattr(official, "find_spec", lambda _name: None)


def checks(findings: list[Finding]) -> set[str]:
    return {finding.check for finding in findings}


#: What is written instead of what, in CII and UBL, and the rule of ours that tells.
ONE_CENT = [
    ("39.9<", "39.91<", "BT-131"),
    ("<ram:LineTotalAmount>704.90", "<ram:LineTotalAmount>704.91", "BR-CO-10"),
    ("AllowanceTotalAmount>18.80", "AllowanceTotalAmount>18.81", "BR-CO-11"),
    ("ChargeTotalAmount>12.00", "ChargeTotalAmount>12.01", "BR-CO-12"),
    ("<ram:TaxBasisTotalAmount>698.10", "<ram:TaxBasisTotalAmount>698.11", "BR-CO-13"),
    ('<ram:TaxTotalAmount currencyID="EUR">105.51', '<ram:TaxTotalAmount currencyID="EUR">105.52', "BR-CO-14"),
    ("<ram:GrandTotalAmount>803.61", "<ram:GrandTotalAmount>803.62", "BR-CO-15"),
    ("<ram:DuePayableAmount>803.61", "<ram:DuePayableAmount>803.62", "BR-CO-16"),
    ("<ram:CalculatedAmount>89.68", "<ram:CalculatedAmount>89.69", "BR-CO-17"),
    ("<ram:BasisAmount>472.00", "<ram:BasisAmount>472.01", "BT-116"),
    ("<ram:DuePayableAmount>803.61", "<ram:DuePayableAmount>803.611", "BR-DEC"),
]


@pytest.mark.parametrize(("right", "wrong", "rule"), ONE_CENT, ids=lambda text: text[:24])
@pytest.mark.usefixtures("without_extra")
def test_one_cent_is_found_by_its_rule(right: str, wrong: str, rule: str) -> None:
    xml = cii.write(e_invoice(DOCUMENT, demo_master())).decode()
    assert right in xml
    found = verify(xml.replace(right, wrong, 1).encode(), "x.xml")
    assert rule in checks(found)
    assert all(finding.source.file == "x.xml" and finding.source.line > 1 for finding in found)


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("39.9<", "39.91<", "BT-131"),
        (">704.90<", ">704.91<", "BR-CO-10"),
        (">698.10<", ">698.11<", "BR-CO-13"),
        (">803.61</cbc:TaxInclusive", ">803.62</cbc:TaxInclusive", "BR-CO-15"),
        (">803.61</cbc:Payable", ">803.62</cbc:Payable", "BR-CO-16"),
        (">89.68<", ">89.69<", "BR-CO-17"),
    ],
)
@pytest.mark.usefixtures("without_extra")
def test_one_cent_is_found_in_ubl_too(right: str, wrong: str, rule: str) -> None:
    xml = ubl.write(e_invoice(DOCUMENT, demo_master())).decode()
    assert right in xml
    assert rule in checks(verify(xml.replace(right, wrong, 1).encode()))


def test_the_official_rules_let_a_cent_of_tax_pass_and_ours_do_not(running: Schematron) -> None:
    xml = cii.write(e_invoice(invoice(item("S19", "100.00")), demo_master()))
    wrong = xml.replace(b"19.00<", b"19.01<").replace(b"119.00<", b"119.01<")
    found = verify_all([("x.xml", wrong)], running)[0]
    assert [finding.message for finding in found] == [
        "BR-CO-17: tax of S 19 % is 19.01, but base x rate gives 19.00",
    ]


@pytest.mark.usefixtures("without_extra")
def test_a_credit_note_may_give_back_the_last_cent_of_a_tax() -> None:
    doc = credit_note(item("S19", "100.00"))
    cent = doc.taxes[0]._replace(amount=doc.taxes[0].amount - doc.taxes[0].amount / 1900)
    moved = doc.movements[0]._replace(amount=doc.movements[0].amount + doc.taxes[0].amount / 1900)
    xml = ubl.write(e_invoice(doc._replace(taxes=(cent,), movements=(moved,)), demo_master()))
    assert b">18.99<" in xml
    assert verify(xml) == []


@pytest.mark.parametrize("syntax", WRITERS)
def test_the_official_rules_find_what_is_missing(running: Schematron, syntax: str) -> None:
    xml = WRITERS[syntax](e_invoice(invoice(item("S19", "100.00")), demo_master()))
    without_seller = re.sub(rb"DE345378383", b"345378383", xml)
    found = verify_all([("x.xml", without_seller)], running)[0]
    assert any("[BR-CO-09]" in finding.message for finding in found)
    assert {finding.source.line > 0 for finding in found} == {True}


@pytest.mark.parametrize("syntax", WRITERS)
def test_the_schema_finds_an_element_in_the_wrong_place(running: Schematron, syntax: str) -> None:
    xml = WRITERS[syntax](e_invoice(invoice(item("S19", "100.00")), demo_master())).decode()
    number = "<ram:ID>INV-2026-0001</ram:ID>" if syntax == "cii" else "<cbc:ID>INV-2026-0001</cbc:ID>"
    found = verify_all([("x.xml", xml.replace(number, "").encode())], running)[0]
    assert "schema" in checks(found)


@pytest.mark.usefixtures("without_extra")
def test_wrong_check_digits_of_reference_and_iban_are_found() -> None:
    xml = cii.write(e_invoice(invoice(item("S19", "100.00")), demo_master()))
    assert checks(verify(xml.replace(b"RF16INV", b"RF17INV"))) == {"BT-83"}
    assert checks(verify(xml.replace(b"DE73", b"DE74"))) == {"BT-84"}


@pytest.mark.usefixtures("without_extra")
def test_an_amount_that_is_due_needs_a_day_or_terms() -> None:
    xml = ubl.write(e_invoice(invoice(item("S19", "100.00")), demo_master()))
    assert checks(verify(re.sub(rb"<cbc:DueDate>[^<]*</cbc:DueDate>", b"", xml))) == {"BR-CO-25"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "this is no XML"),
        (b"not xml", "this is no XML"),
        (b"<a><b></a>", "this is no XML"),
        (b"<a/>", "neither a CII nor a UBL invoice"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "DOCTYPE"),
        (
            b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
            "sums of the invoice are missing",
        ),
        ("<a>ü</a>".encode("latin-1"), "this is no XML"),
    ],
)
@pytest.mark.usefixtures("without_extra")
def test_what_is_no_invoice_is_said_in_a_sentence(content: bytes, said: str) -> None:
    (found,) = verify(content, "x.xml")
    assert said in found.message
    assert found.source.file == "x.xml"


@pytest.mark.usefixtures("without_extra")
def test_a_number_that_is_none_is_a_finding() -> None:
    xml = cii.write(e_invoice(invoice(item("S19", "100.00")), demo_master()))
    assert checks(verify(xml.replace(b"119.00<", b"NaN<"))) == {"numbers"}


@pytest.mark.usefixtures("without_extra")
def test_without_the_extra_a_sentence_says_what_was_not_checked() -> None:
    assert "facturx and saxonche not installed" in official.missing()
    assert "beancount-o2c[einvoice]" in official.missing()


def test_nothing_is_missing_where_both_packages_are_installed() -> None:
    installed = all(importlib.util.find_spec(name) for name in ("facturx", "saxonche"))
    assert (official.missing() == "") == installed


def test_rules_that_cannot_be_run_stop_the_command(running: Schematron, monkeypatch: pytest.MonkeyPatch) -> None:
    xml = cii.write(e_invoice(invoice(item("S19", "100.00")), demo_master()))
    assert running.failed([]) == []
    real = official.rules
    monkeypatch.setattr(official, "rules", lambda space: real(space)._replace(schematron=real(space).schema))
    with pytest.raises(NotFinished, match="the official rules could not be run"):
        verify(xml)


def test_a_process_of_the_rules_that_dies_is_said_and_not_taken_for_no_findings() -> None:
    with Schematron() as process:
        process._child.kill()
        with pytest.raises(SchematronStopped, match="it ended with"):
            process.failed([])


def test_many_files_are_told_apart(running: Schematron) -> None:
    right = cii.write(e_invoice(invoice(item("S19", "100.00")), demo_master()))
    results = verify_all([("a", right), ("b", b"<a/>"), ("c", right.replace(b"119.00", b"119.50"))], running)
    assert [bool(findings) for findings in results] == [False, True, True]
