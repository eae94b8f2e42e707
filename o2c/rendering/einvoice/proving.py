"""Proves e-invoices before they are issued, while others are still being drawn; the rules are started once for a run.

A proof runs beside the drawing and is asked for before anything is stored: none is left out.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.rendering.einvoice import official
from o2c.rendering.einvoice.schematron import Schematron
from o2c.rendering.einvoice.verifying import verify_all

if TYPE_CHECKING:
    from concurrent.futures import Future
    from types import TracebackType
    from typing import Self


class Proving:
    """The proofs of a run, to be used with `with`; with `skip` nothing is proved, on somebody's word."""

    def __init__(self, *, skip: bool = False) -> None:
        """Start nothing yet: a run without invoices needs no rules."""
        self._skip = skip
        self._rules: Schematron | None = None
        self._thread = ThreadPoolExecutor(1)
        self._asked: dict[str, Future[None]] = {}

    def __enter__(self) -> Self:
        """Begin the run."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process of the rules, if there is one."""
        self._thread.shutdown(cancel_futures=True)
        if self._rules is not None:
            self._rules.__exit__(kind, error, trace)

    def begin(self, number: str, xml: bytes | None) -> None:
        """Begin to prove the e-invoice of a document; one that has none needs no proof."""
        if xml is not None and not self._skip:
            self._asked[number] = self._thread.submit(self._prove, number, xml)

    def require(self, number: str) -> None:
        """Pass a document that was begun and is right, or needs no proof; raises Refused with every finding."""
        asked = self._asked.pop(number, None)
        if asked is not None:
            asked.result()

    def _prove(self, number: str, xml: bytes) -> None:
        if self._rules is None and not official.missing():
            self._rules = Schematron().__enter__()
        (findings,) = verify_all([(f"{number}.xml", xml)], self._rules)
        if findings:
            said = "\n".join(" ".join(str(finding).split()) for finding in findings)
            raise Refused(f"{said}\n{number} was not issued: its e-invoice would be wrong")
