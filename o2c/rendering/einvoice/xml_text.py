"""Elements of an XML document: names with prefixes, texts that XML can carry, dates, numbers, the same bytes always."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.model import money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from lxml.etree import _Element

#: What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Writer:
    """Makes elements of some namespaces; `name` is `prefix:Name`, or a path of them that is made on the way."""

    def __init__(self, namespaces: Mapping[str, str], currency: str) -> None:
        """Keep the namespaces, and the currency whose smallest unit amounts are written in."""
        from lxml import etree

        self._make = etree.SubElement
        self._spaces = {prefix: f"{{{uri}}}" for prefix, uri in namespaces.items()}
        self.currency = currency

    def name(self, name: str) -> str:
        """Write a name as lxml wants it."""
        prefix, _, local = name.partition(":")
        return self._spaces[prefix] + local

    def group(self, parent: _Element, path: str) -> _Element:
        """Add the elements of a path (`ram:A/ram:B`), each within the one before; gives the last."""
        for name in path.split("/"):
            parent = self._make(parent, self.name(name))
        return parent

    def text(self, parent: _Element, path: str, value: str, **attributes: str) -> None:
        """Add an element with a text, and with attributes; nothing where the text is empty."""
        if value:
            element = self.group(parent, path)
            element.text = carried(value, path)
            for name, attribute in attributes.items():
                element.set(name, attribute)

    def amount(self, parent: _Element, path: str, number: Decimal, **attributes: str) -> None:
        """Add an amount at the scale of its currency."""
        self.text(parent, path, f"{number:.{money.decimals(self.currency)}f}", **attributes)

    def number(self, parent: _Element, path: str, number: Decimal, **attributes: str) -> None:
        """Add a quantity, price or percentage, without an exponent and without zeros behind."""
        self.text(parent, path, plain(number), **attributes)


def plain(number: Decimal) -> str:
    """Write a number without an exponent and without zeros behind the point."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def carried(text: str, where: str) -> str:
    """Pass a text that XML can carry; raises Refused, with the character, for one that it cannot."""
    if found := _FORBIDDEN.search(text):
        raise Refused(
            f"{where.rpartition('/')[2]}: the text {money.shown(text)} holds U+{ord(found.group()):04X}, which XML "
            "cannot carry; take it out of the books"
        )
    return text


def day(value: date) -> str:
    """Write a day as CII wants it, `20260331`."""
    return value.strftime("%Y%m%d")


def as_bytes(root: _Element) -> bytes:
    """Write a document with its declaration, in UTF-8, indented, the same bytes for the same content."""
    from lxml import etree

    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written + b"\n"
