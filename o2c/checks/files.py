"""The files of the books are what they should be: bytes, includes, nothing lying about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.posting.replace import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.checks.evidence import Evidence

_CONFLICT = re.compile(rb"^(<{7}|>{7}|\|{7}) ", re.MULTILINE)
_LONE_CR = re.compile(rb"\r(?!\n)")
#: Temporary name of a report while it is written (o2c.cli.show).
_REPORT = ".o2c-report-"
_LEFTOVER = re.compile(r"(.*~|\.#.*|#.*#|.*\.(sw[op]|orig|rej|bak|tmp))")


def read_bytes(evidence: Evidence) -> list[Finding]:
    """Find ledger and master files that are not plain UTF-8 text with line feeds."""
    return [finding for path in _texts(evidence) for finding in _bytes(path)]


def _texts(evidence: Evidence) -> list[Path]:
    known = {*evidence.read_files, *evidence.ledger_files}
    known |= {path for path in evidence.files if path.parent.name == "master" and path.suffix in {".yaml", ".yml"}}
    return sorted(path for path in known if path.is_file())


def _bytes(path: Path) -> Iterator[Finding]:
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield _found("bytes", path, 1, "the file is UTF-16; save it as UTF-8")
        return
    if content.startswith(b"\xef\xbb\xbf"):
        yield _found("bytes", path, 1, "the file begins with a byte order mark; save it as UTF-8 without BOM")
    if (at := content.find(b"\0")) >= 0:
        yield _found("bytes", path, _line(content, at), "there is a NUL byte; remove it, or restore the file from git")
    if found := _LONE_CR.search(content):
        message = "a line ends with CR alone; save the file with LF (Unix) line ends"
        yield _found("bytes", path, _line(content, found.start()), message)
    if found := _CONFLICT.search(content):
        message = "a merge was not finished here; choose one side and remove the markers"
        yield _found("bytes", path, _line(content, found.start()), message)
    try:
        content.decode()
    except UnicodeDecodeError as error:
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; Beancount drops this entry: save the file as UTF-8"
        yield _found("bytes", path, _line(content, error.start), message)


def includes(evidence: Evidence) -> list[Finding]:
    """Find included files outside the books' folder or read twice, and ledger files that nothing includes."""
    findings = []
    home = evidence.root.resolve()
    first: dict[Path, Path] = {}
    for path in evidence.read_files:
        real = path.resolve()
        if not real.is_relative_to(home):
            findings.append(
                _found("includes", path, 1, f"the file lies outside the books ({real}); move it into {home}")
            )
        if real in first:
            message = f"the file is read twice, also as {first[real]}; remove one of the names"
            findings.append(_found("includes", path, 1, message))
        first.setdefault(real, path)
    for path in evidence.ledger_files:
        if path.resolve() not in first:
            message = (
                "nothing includes this file, its entries do not count; include it in the main file, or move it away"
            )
            findings.append(_found("includes", path, 1, message))
    return findings


def pickle_cache(evidence: Evidence) -> list[Finding]:
    """Find Beancount's caches, which can run code and give stale answers."""
    message = (
        "Beancount runs what is in this cache, and it may be stale; delete it and set BEANCOUNT_DISABLE_LOAD_CACHE=1"
    )
    return [_found("pickle-cache", path, 1, message) for path in evidence.files if path.name.endswith(".picklecache")]


def leftovers(evidence: Evidence) -> list[Finding]:
    """Find temporary files of commands that died and of editors."""
    findings = []
    for path in evidence.files:
        if path.name.startswith((PREFIX, _REPORT)):
            message = "a command died before it could finish; nothing of it counts: delete this file"
            findings.append(_found("leftovers", path, 1, message))
        elif _LEFTOVER.fullmatch(path.name) and path.parent.name != ".o2c":
            message = "an editor or a merge left this file; finish the edit, then delete it"
            findings.append(_found("leftovers", path, 1, message))
    return findings


def unfinished_lines(evidence: Evidence) -> list[Path]:
    """Name the ledger files whose last line has no line end: harmless, yet how a torn file looks."""
    endings = ((path, path.read_bytes()[-1:]) for path in evidence.read_files if path.is_file())
    return [path for path, end in endings if end not in {b"", b"\n"}]


def _line(content: bytes, at: int) -> int:
    return content.count(b"\n", 0, at) + 1


def _found(check: str, path: Path, line: int, message: str) -> Finding:
    return Finding(check, Source(str(path), line), message)
