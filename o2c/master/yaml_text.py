"""Reading a YAML file as nothing but text with its place: no guessing of types, no references, no surprises.

YAML would turn `NO` into false, `01234` into 668 and `1.10` into 1.1, keep the last of two equal keys, and follow
references without end. Here every scalar stays the text that was written, and everything else is refused
(rules R7 and R10): see docs/master-data.md, "What the files may contain".
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.error import MarkedYAMLError
from yaml.error import YAMLError
from yaml.nodes import MappingNode
from yaml.nodes import Node
from yaml.nodes import ScalarNode
from yaml.nodes import SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

if TYPE_CHECKING:
    from o2c.master.faults import Faults

MAX_BYTES = 20_000_000
MAX_DEPTH = 20

_FORBIDDEN = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]|\r(?!\n)")
_MAYBE_REFERENCE = re.compile(r"[&*](?=[^\s,\[\]{}])(?:(?<=[\s\[{,:].)|(?<![\s\S].))")
_NO_REFERENCES = "anchors (`&`) and references (`*`) are not allowed; write the value out, or quote it"
_ADVICE = {
    "\t": "a tab; use spaces",
    "\ufeff": "a byte order mark (U+FEFF); save the file as UTF-8 without one",
    "\r": "a carriage return that ends no line; save the file with Unix or Windows line ends",
}


class _TooDeep(Exception):
    """The file nests deeper than any master data do; carries the last node that is not too deep."""


class _Text:
    """The part of a PyYAML loader that chooses types: here it chooses none, and counts how deep we are."""

    def __init__(self) -> None:
        levels = [None] * MAX_DEPTH
        self._down = levels.pop
        self.ascend_resolver = partial(levels.append, None)
        self.resolve = "".format  # the empty type for every node; built in, because it is asked a million times

    def descend_resolver(self, parent: Node, _index: object) -> None:
        try:
            self._down()
        except IndexError:
            raise _TooDeep(parent) from None


class _PythonLoader(Reader, Scanner, Parser, Composer, _Text):
    """The slow loader, for machines where PyYAML has no compiled parser."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        _Text.__init__(self)

    def check_resolver_prefix(self, *_: object) -> bool:
        return False


def _fast_loader() -> type[Any]:
    """Build the loader on the compiled parser."""
    from yaml._yaml import CParser

    class FastLoader(CParser, _Text):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            _Text.__init__(self)

    return FastLoader


_Loader: type[Any] = _fast_loader() if yaml.__with_libyaml__ else _PythonLoader


def decoded(data: bytes, faults: Faults) -> str | None:
    """Turn the bytes of a file into text; None, and a fault, when it is too large, not UTF-8 or has odd characters."""
    if len(data) > MAX_BYTES:
        faults.add(1, 1, f"the file has {len(data)} bytes, more than {MAX_BYTES} are not read; split or shorten it")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(data[: error.start].decode("utf-8"))
        faults.add(line, column, f"the byte 0x{data[error.start]:02X} is not UTF-8; save the file as UTF-8")
        return None
    if odd := _FORBIDDEN.search(text):
        sign = odd.group()
        advice = _ADVICE.get(sign, f"the character U+{ord(sign):04X}; remove it")
        faults.add(*_place(text[: odd.start()]), f"the file contains {advice}")
        return None
    return text


def composed(text: str, faults: Faults) -> MappingNode | None:
    """Read a text that must be one mapping; None, and faults, when it is not, or when it uses references or tags."""
    node = node_of(text, faults)
    if node is None or (isinstance(node, MappingNode) and not node.tag):
        return node
    faults.at(node, "the file must be a mapping, `name: value` lines; see docs/master-data.md")
    return None


def node_of(text: str, faults: Faults) -> Node | None:
    """Read a text of any form (empty: an empty mapping); None, and faults, when it is no YAML or uses references."""
    if _MAYBE_REFERENCE.search(text) and _has_references(text, faults):
        return None
    try:
        node = _Loader(text).get_single_node()
    except _TooDeep as error:
        faults.at(error.args[0], f"the file nests deeper than {MAX_DEPTH} levels; write it flat")
        return None
    except YAMLError as error:
        _syntax(error, faults)
        return None
    return MappingNode("", []) if node is None else node


def children(node: Node, faults: Faults) -> dict[str, tuple[ScalarNode, Node]]:
    """Give the entries of a mapping node by key; faults for keys that are twice there, no text, `<<`, or tagged."""
    entries: dict[str, tuple[ScalarNode, Node]] = {}
    for key, value in node.value:
        if key.__class__ is not ScalarNode:
            faults.at(key, "a key must be a plain word")
        elif key.value == "<<":
            faults.at(key, "`<<` (merging) is not allowed; write the fields out")
        elif key.value in entries:
            first = entries[key.value][0].start_mark.line + 1
            faults.at(key, f"`{key.value}` stands here a second time, first in line {first}; remove one of them")
        else:
            entries[key.value] = (key, value)
        if value.tag or key.tag:
            faults.at(value, f"the tag {value.tag or key.tag} is not allowed; remove it")
    return entries


def plain(node: Node) -> Any:  # noqa: ANN401 - dicts, lists and strings, one inside the other
    """Give what a node says as dicts, lists and strings; nothing but strings at the ends."""
    if isinstance(node, MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [plain(value) for value in node.value]
    return node.value


def _has_references(text: str, faults: Faults) -> bool:
    """Note every anchor and alias of the text; stops at what the composer will report."""
    before = len(faults.found)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CLoader if yaml.__with_libyaml__ else yaml.Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                break
            if isinstance(event, yaml.NodeEvent) and event.anchor:
                faults.at(event, _NO_REFERENCES)
    except YAMLError:
        pass
    return len(faults.found) > before


def _syntax(error: YAMLError, faults: Faults) -> None:
    """Note what the YAML parser says, with its place."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = (error.problem or error.context) if isinstance(error, MarkedYAMLError) else str(error).splitlines()[0]
    if problem and "document" in problem:
        problem = "there are several documents (`---`) in the file; keep one"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    faults.add(line, column, f"this is not YAML: {problem}; see docs/master-data.md for the form of the file")


def _place(text_before: str) -> tuple[int, int]:
    """Count line and column, from 1, of what follows a text."""
    return text_before.count("\n") + 1, len(text_before) - (text_before.rfind("\n") + 1) + 1
