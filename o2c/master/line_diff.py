"""What changed in a text, as `diff -u` shows it, also for texts of many thousand lines that are alike."""

from __future__ import annotations

import re
from difflib import unified_diff

_CONTEXT = 3
_HUNK = re.compile(r"@@ -([0-9]+)(,[0-9]+)? \+([0-9]+)(,[0-9]+)? @@")


def line_diff(before: str, after: str, name: str) -> str:
    """Show the lines that differ between two texts of a file; "" when they are equal."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    first = _same(old, new)  # comparing what lies between the first and the last change only is what makes it fast
    last = _same(old[first:][::-1], new[first:][::-1])
    start = max(first - _CONTEXT, 0)
    behind = max(last - _CONTEXT, 0)
    lines = unified_diff(old[start : len(old) - behind], new[start : len(new) - behind], name, name, n=_CONTEXT)
    return "".join(_moved(line if line.endswith("\n") else f"{line}\n", start) for line in lines)


def _same(old: list[str], new: list[str]) -> int:
    """Count the equal lines at the beginning of two lists."""
    return next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _moved(line: str, lines: int) -> str:
    """Add the lines left out at the beginning to the numbers of a hunk's head."""
    return _HUNK.sub(
        lambda head: f"@@ -{int(head[1]) + lines}{head[2] or ''} +{int(head[3]) + lines}{head[4] or ''} @@",
        line,
        count=1,
    )
