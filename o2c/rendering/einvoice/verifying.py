"""Verifies electronic invoices, whoever wrote them: XML, schema, official rules, and the arithmetic to the cent."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.errors import NotFinished
from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.model.money import shown
from o2c.rendering.einvoice import arithmetic
from o2c.rendering.einvoice import official
from o2c.rendering.einvoice.figures import figures
from o2c.rendering.einvoice.schematron import Schematron
from o2c.rendering.einvoice.schematron import SchematronStopped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

#: A step of a location as Schematron reports it: `/*:Invoice[namespace-uri()='urn:...'][1]`.
_STEP = re.compile(r"/\*:([\w.-]+)\[namespace-uri\(\)='([^']*)'\]\[(\d+)\]")


def verify(xml: bytes, file: str = "e-invoice") -> list[Finding]:
    """Say what is wrong with one electronic invoice (CII or UBL); `file` names it in the findings."""
    return verify_all([(file, xml)])[0]


def verify_all(files: Sequence[tuple[str, bytes]], running: Schematron | None = None) -> list[list[Finding]]:
    """Say what is wrong with each of some electronic invoices; the official rules are compiled once for all.

    `running` is the process of the official rules, where a run asks several times. Without the extra `einvoice` only
    the arithmetic is proved; `official.missing()` says so. Raises NotFinished where the official rules are there and
    cannot be run.
    """
    results: list[list[Finding]] = []
    rooted: list[tuple[int, _Element]] = []
    for index, (file, xml) in enumerate(files):
        found = _root(xml, file)
        results.append(found if isinstance(found, list) else [])
        if not isinstance(found, list):
            rooted.append((index, found))
    if not official.missing():
        for index, root in rooted:
            results[index] += _against_schema(root, files[index][0])
        _against_schematron(rooted, files, results, running)
    for index, root in rooted:
        if not results[index] or not _malformed(results[index]):
            results[index] += _arithmetic(root, files[index][0])
    return results


def _root(xml: bytes, file: str) -> _Element | list[Finding]:
    """Parse without entities, DTDs or network; a document type is refused, as no invoice has one."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        return [Finding("xml", Source(file, line), f"this is no XML: {error}; ask the sender for the original")]
    if root.getroottree().docinfo.doctype:
        return [Finding("xml", Source(file, 1), "a document type (DOCTYPE) is not allowed in an invoice")]
    namespace = etree.QName(root).namespace or ""
    if namespace not in official.KINDS:
        kind = shown(namespace or etree.QName(root).localname)
        return [Finding("xml", Source(file, 1), f"{kind} is neither a CII nor a UBL invoice; nothing was checked")]
    return root


def _against_schema(root: _Element, file: str) -> list[Finding]:
    schema = official.schema(official.rules(_namespace(root)).schema)
    schema.validate(root)
    return [Finding("schema", Source(file, error.line), error.message) for error in schema.error_log]


def _against_schematron(
    rooted: Sequence[tuple[int, _Element]],
    files: Sequence[tuple[str, bytes]],
    results: list[list[Finding]],
    running: Schematron | None,
) -> None:
    from lxml import etree

    request = [
        (official.rules(_namespace(root)).schematron, etree.tostring(root, encoding="unicode")) for _, root in rooted
    ]
    if not request:
        return
    try:
        with nullcontext(running) if running else Schematron() as process:
            answers = process.failed(request)
    except (SchematronStopped, OSError) as error:
        raise NotFinished(f"the official rules could not be run ({error}); nothing is proved") from error
    for (index, root), failures in zip(rooted, answers, strict=True):
        results[index] += [
            Finding(failure.rule or "schematron", Source(files[index][0], _line(root, failure.location)), failure.text)
            for failure in failures
        ]


def _arithmetic(root: _Element, file: str) -> list[Finding]:
    try:
        read = figures(root)
    except BadInput as error:
        return [Finding("numbers", Source(file, 0), str(error))]
    except IndexError:
        return [Finding("numbers", Source(file, 0), "the sums of the invoice are missing; nothing adds up")]
    return [Finding(rule, Source(file, line), f"{rule}: {message}") for line, rule, message in arithmetic.wrong(read)]


def _malformed(findings: list[Finding]) -> bool:
    """Tell whether the schema already refused the file: its figures may not be where they belong."""
    return any(finding.check == "schema" for finding in findings)


def _namespace(root: _Element) -> str:
    from lxml import etree

    return etree.QName(root).namespace or ""


def _line(root: _Element, location: str) -> int:
    """Find the line of what a rule is about; 0 where the location is of another form."""
    steps = _STEP.findall(location)
    if not steps:
        return 0
    path = "".join(f"/*[local-name()='{name}' and namespace-uri()='{space}'][{n}]" for name, space, n in steps)
    found = root.getroottree().xpath(path)
    return found[0].sourceline or 0 if isinstance(found, list) and found else 0
