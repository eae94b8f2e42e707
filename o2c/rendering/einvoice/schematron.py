"""Runs Schematron rules, compiled to XSLT, in a process of its own that ends with the run; this file is that process.

Saxon brings a native library that is not made for long-lived workers, so it never enters ours. The child imports
nothing of this package. It reads lines, each a JSON list of [stylesheet, XML text], and answers each with a line: one
list of failed assertions for each text, [flag, rule, location, words]. A stylesheet is compiled once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
#: Seconds for starting and compiling, and for each document; ten times what a slow machine takes.
_START, _EACH = 60, 10


class Failed(NamedTuple):
    """A rule that a document broke: `flag` (fatal, warning), its name, where (XPath), and its text."""

    flag: str
    rule: str
    location: str
    text: str


class SchematronStopped(Exception):
    """The process that checks the rules came to nothing; the message says why."""


class Schematron:
    """The process, started with `with` and ended with it."""

    def __enter__(self) -> Self:
        """Start the process."""
        self._said = tempfile.TemporaryFile()
        command = [sys.executable, "-I", str(Path(__file__).resolve())]
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and this very file
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._child.kill()
        self._child.communicate()
        self._said.close()

    @property
    def process_id(self) -> int:
        """Name the process, for who measures or watches it."""
        return self._child.pid

    def failed(self, documents: Sequence[tuple[Path, str]]) -> list[list[Failed]]:
        """Check XML texts, each against a compiled stylesheet; gives what failed, document by document.

        Raises SchematronStopped where the process fails or takes too long.
        """
        request = json.dumps([(str(rules), text) for rules, text in documents]).encode() + b"\n"
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        guard = threading.Timer(_START + _EACH * len(documents), self._child.kill)
        guard.start()
        try:
            self._child.stdin.write(request)
            self._child.stdin.flush()
            answer = self._child.stdout.readline()
        except OSError:
            answer = b""
        finally:
            guard.cancel()
        if not answer:
            raise SchematronStopped(self._last_words())
        return [[Failed(*row) for row in rows] for rows in json.loads(answer)]

    def _last_words(self) -> str:
        code = self._child.wait()
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip()
        return said.rpartition("\n")[2] or f"it ended with {code}"


def _answer() -> None:
    """Be the child: answer line by line."""
    from saxonche import PySaxonProcessor

    with PySaxonProcessor(license=False) as saxon:
        compiler, compiled = saxon.new_xslt30_processor(), {}
        for request in sys.stdin.buffer:
            answer = []
            for rules, text in json.loads(request):
                if rules not in compiled:
                    compiled[rules] = compiler.compile_stylesheet(stylesheet_file=rules)
                answer.append(_rows(compiled[rules].transform_to_string(xdm_node=saxon.parse_xml(xml_text=text))))
            print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


def _rows(report: str) -> list[tuple[str, str, str, str]]:
    from xml.etree import ElementTree as ET

    failures = ET.fromstring(report).iter(f"{_SVRL}failed-assert")  # noqa: S314 - written by Saxon just now
    return [
        (
            failure.get("flag") or failure.get("role") or "",
            failure.get("id") or "",
            failure.get("location") or "",
            " ".join("".join(failure.itertext()).split()),
        )
        for failure in failures
    ]


if __name__ == "__main__":
    _answer()
