"""What a PDF says of itself when it is a Factur-X invoice (Factur-X 1.0, chapter 6.2.2; PDF/A-3, extension schemas)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

FILE_NAME = "factur-x.xml"
LEVEL = "EN 16931"
_FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_NAMESPACES = {
    "rdf": _RDF,
    "fx": _FX,
    "pdfaExtension": _EXTENSION,
    "pdfaSchema": _SCHEMA,
    "pdfaProperty": _PROPERTY,
}
#: What is said, and what each property means: PDF/A wants every property of a foreign schema explained.
_SAID = {
    "DocumentFileName": (FILE_NAME, "Name of the XML file inside"),
    "DocumentType": ("INVOICE", "Kind of the document"),
    "Version": ("1.0", "Version of the standard"),
    "ConformanceLevel": (LEVEL, "Profile of the XML file"),
}


def factur_x_metadata() -> tuple[_Element, _Element]:
    """Make the two RDF descriptions: the schema of the four properties, and the properties."""
    return _explained(), _properties()


def _description() -> _Element:
    from lxml import etree

    return etree.Element(f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""}, nsmap=_NAMESPACES)


def _properties() -> _Element:
    description = _description()
    for name, (value, _) in _SAID.items():
        _add(description, _FX, name, value)
    return description


def _explained() -> _Element:
    description = _description()
    bag = _add(_add(description, _EXTENSION, "schemas"), _RDF, "Bag")
    schema = _item(bag)
    _add(schema, _SCHEMA, "schema", "Factur-X PDFA Extension Schema")
    _add(schema, _SCHEMA, "namespaceURI", _FX)
    _add(schema, _SCHEMA, "prefix", "fx")
    sequence = _add(_add(schema, _SCHEMA, "property"), _RDF, "Seq")
    for name, (_, meaning) in _SAID.items():
        row = _item(sequence)
        _add(row, _PROPERTY, "name", name)
        _add(row, _PROPERTY, "valueType", "Text")
        _add(row, _PROPERTY, "category", "external")
        _add(row, _PROPERTY, "description", meaning)
    return description


def _item(parent: _Element) -> _Element:
    item = _add(parent, _RDF, "li")
    item.set(f"{{{_RDF}}}parseType", "Resource")
    return item


def _add(parent: _Element, namespace: str, name: str, text: str = "") -> _Element:
    from lxml import etree

    element = etree.SubElement(parent, f"{{{namespace}}}{name}")
    element.text = text or None
    return element
