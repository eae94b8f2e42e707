"""Hostile texts in every field come out of the XML as they went in, and no more: no elements, no entities, no files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree

from o2c.errors import Refused
from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import ubl
from o2c.rendering.einvoice.making import e_invoice
from tests.rendering.einvoice.samples import demo_master
from tests.rendering.einvoice.samples import invoice
from tests.rendering.einvoice.samples import item
from tests.rendering.einvoice.samples import part

if TYPE_CHECKING:
    from o2c.model.documents import Document
    from tests.rendering.einvoice.test_making import Faults

TEXTS = (
    "<script>alert(1)</script>",
    "</cbc:Name><cbc:Name>twice",
    "]]>",
    "<![CDATA[ raw ]]>",
    "&amp; &lt; &#65; &undefined;",
    '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;',
    "<?xml-stylesheet href='http://127.0.0.1/x'?>",
    "<link rel=attachment href='file:///etc/passwd'>",
    "\"double\" and 'single'",
    "\u202eright to left\u202c مرحبا שלום",
    "发票 🧾 \U00010348",
    "tab\there",
    "{{7*7}} {% raw %}",
    "x" * 2000,
)
WRITERS = {"cii": cii.write, "ubl": ubl.write}


def with_text(text: str) -> Document:
    return invoice(
        item("S19", "10.00", text=text, sku=text),
        part("allowance", "S19", "1.00", text),
        reference=text,
        refers=text,
        facts={
            "bill_to": f"{text}\nStreet 1\n10115 Berlin\nGERMANY",
            "terms_text": text,
            "ship_to": f"{text}\n10115 Berlin\nGERMANY",
        },
    )


def without_texts(xml: bytes) -> list[str]:
    return [element.tag for element in etree.fromstring(xml).iter()]


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_hostile_text_is_only_text(text: str, syntax: str) -> None:
    xml = WRITERS[syntax](e_invoice(with_text(text), demo_master()))
    tame = WRITERS[syntax](e_invoice(with_text("tame"), demo_master()))
    said = [element.text for element in etree.fromstring(xml).iter() if element.text]
    assert without_texts(xml) == without_texts(tame)
    assert said.count(text) == [element.text for element in etree.fromstring(tame).iter()].count("tame")
    assert said.count(text) >= 6


def test_hostile_texts_pass_the_official_rules(faults: Faults) -> None:
    assert faults([(with_text(text), None) for text in TEXTS]) == []


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize("character", ["\x00", "\x01", "\x1b", "\ufffe", "\ud800"])
def test_a_character_that_xml_cannot_carry_is_named(syntax: str, character: str) -> None:
    made = e_invoice(invoice(item("S19", "10.00", text=f"Lamp{character}")), demo_master())
    with pytest.raises(Refused, match=rf"Name: .* holds U\+{ord(character):04X}, which XML cannot carry"):
        WRITERS[syntax](made)
