"""Writing values into YAML text so that every reader gets the same text back, and changing one value in place.

A change touches only the characters of the value itself: comments, order, quoting and every other line stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Union
from typing import cast

from yaml.nodes import CollectionNode
from yaml.nodes import MappingNode
from yaml.nodes import Node
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

Value: TypeAlias = Union[str, "Sequence[Value]", "Mapping[str, Value]"]

_PLAIN = re.compile(r"[^\W_]([\w .&/()+;@'-]*[\w.)+])?")
_NEVER_PLAIN = re.compile(r" #|: |:$")
_TEXT_TAG = "tag:yaml.org,2002:str"
_RESOLVER = Resolver()
STEP = "  "


def scalar(text: str, style: str = "") -> str:
    """Write a text as one YAML value, in the given quotes, or bare when no reader could take it for anything else.

    >>> scalar("Köln"), scalar("NO"), scalar("01234"), scalar("a: b"), scalar("it's", "'")
    ('Köln', '"NO"', '"01234"', '"a: b"', "'it''s'")
    """
    one_line = text.isprintable()
    if style == "'" and one_line:
        return "'" + text.replace("'", "''") + "'"
    if style != '"' and one_line and _PLAIN.fullmatch(text) and not _NEVER_PLAIN.search(text) and _is_text(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def flow(value: Value) -> str:
    """Write a value on one line: `text`, `[A, B]` or `{role: billing, name: Anna}`."""
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(part)}" for key, part in value.items()) + "}"
    return "[" + ", ".join(flow(part) for part in value) + "]"


def record(code: str, fields: Mapping[str, Value]) -> str:
    """Write a record with its code at the margin and one field per line; empty fields are left out."""
    lines = [f"{scalar(code)}:"]
    for name, value in fields.items():
        lines += _field(name, value)
    return "\n".join(lines) + "\n"


def changed(text: str, parent: MappingNode, key: str, value: Value) -> str:
    """Give the text with one field of a mapping set; an empty value takes a line away, or leaves `""` inside braces."""
    entry = next((pair for pair in parent.value if pair[0].value == key), None)
    if entry is None:
        return _with_field(text, parent, key, value) if value else text
    name, old = entry
    if not value and not parent.flow_style:
        return _without_line(text, name, old)
    return _with_value(text, name, old, value)


def _is_text(text: str) -> bool:
    """Tell whether YAML 1.1 reads a bare value as text, and not as a number, a date or a switch."""
    resolve = cast("Callable[..., str]", _RESOLVER.resolve)
    return resolve(ScalarNode, text, (True, False)) == _TEXT_TAG


def _field(name: str, value: Value) -> list[str]:
    if not value:
        return []
    head = f"{STEP}{scalar(name)}:"
    if isinstance(value, Mapping):
        return [head, *(f"{STEP}{STEP}{scalar(key)}: {flow(part)}" for key, part in value.items() if part)]
    if not isinstance(value, str) and any(isinstance(part, Mapping) for part in value):
        return [head, *(f"{STEP}{STEP}- {flow(part)}" for part in value)]
    return [f"{head} {flow(value)}"]


def _end(node: Node) -> int:
    """Find where the text of a node ends; a block's own mark lies behind the comments that follow it."""
    if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(node, MappingNode) else last)


def _content_end(text: str, node: Node) -> int:
    """Find where a node's text ends, without the empty lines that belong to a text block."""
    start = node.start_mark.index
    return int(start + len(text[start : _end(node)].rstrip()))


def _with_value(text: str, key: ScalarNode, old: Node, value: Value) -> str:
    style = old.style if isinstance(old, ScalarNode) and old.style in {"'", '"'} else ""
    new = scalar(value, style) if isinstance(value, str) else flow(value)
    start = key.end_mark.index
    colon = start + text[start:].index(":") + 1
    same_line = old.start_mark.line == key.end_mark.line and old.start_mark.index > colon
    start = old.start_mark.index if same_line else colon
    end = max(_content_end(text, old), start)
    return text[:start] + ("" if same_line else " ") + new + text[end:]


def _without_line(text: str, key: ScalarNode, old: Node) -> str:
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    end = text.find("\n", max(_content_end(text, old), key.end_mark.index))
    return text[:start] + (text[end + 1 :] if end >= 0 else "")


def _with_field(text: str, parent: MappingNode, key: str, value: Value) -> str:
    if parent.flow_style:
        end = parent.end_mark.index - 1
        return f"{text[:end].rstrip()}{', ' if parent.value else ''}{key}: {flow(value)}{text[end:]}"
    last_key, last = parent.value[-1]
    end = text.find("\n", max(_content_end(text, last), last_key.end_mark.index))
    line = " " * last_key.start_mark.column + f"{key}: {flow(value)}"
    return f"{text[:end]}\n{line}{text[end:]}" if end >= 0 else f"{text}\n{line}\n"
