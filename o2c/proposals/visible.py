"""Texts of customers, shown so that nothing in them can hide: for evidence that people decide by."""

from __future__ import annotations

import unicodedata


def visible(words: str) -> str:
    """Write characters that control a terminal or turn the reading direction as what they are: `<U+202E>`.

    >>> visible("A" + chr(0x202E) + "B")
    'A<U+202E>B'
    """
    shown = unicodedata.normalize("NFC", words)
    return "".join(f"<U+{ord(one):04X}>" if _is_hidden(one) else one for one in shown)


def _is_hidden(character: str) -> bool:
    if character in "\n\t":
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
