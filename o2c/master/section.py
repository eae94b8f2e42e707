"""One mapping of a master-data file, read field by field; every fault is noted with its place and reading goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

from yaml.nodes import MappingNode
from yaml.nodes import ScalarNode
from yaml.nodes import SequenceNode

from o2c.errors import BadInput
from o2c.master import yaml_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from yaml.nodes import Node

    from o2c.master.faults import Faults

    Gate = Callable[[str, str], "T"]

T = TypeVar("T")


class Section:
    """A mapping whose fields are known; a gate turns the text of a field into a value or raises BadInput.

    `name` is what messages call it: a customer code, "company", "accounts". A field without text (`notes:`) counts
    as absent. After a fault the stand-in value is returned, so that all faults of a file are found in one reading.
    """

    __slots__ = ("_head", "_nodes", "faults", "name")

    def __init__(
        self, name: str, node: Node, faults: Faults, fields: frozenset[str] | None = None, head: Node | None = None
    ) -> None:
        self.name = name
        self._head = head or node
        self.faults = faults
        self._nodes: dict[str, tuple[ScalarNode, Node]] = {}
        if node.__class__ is MappingNode:
            self._nodes = yaml_text.children(node, faults)
        elif node.value != "" or node.__class__ is not ScalarNode:
            faults.at(node, f"{name} must be a mapping, lines of `field: value`")
        if fields is not None:
            self.only(fields)

    def only(self, fields: frozenset[str]) -> None:
        """Note every field that is not one of these."""
        if self._nodes.keys() <= fields:
            return
        from difflib import get_close_matches

        for key in sorted(self._nodes.keys() - fields):
            near = get_close_matches(key, fields, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(sorted(fields))}"
            self.faults.at(self._nodes[key][0], f"{self.name} has no field `{key}`; {hint}")

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    @property
    def line(self) -> int:
        """The line where the mapping begins, with its code if it has one; from 1."""
        mark = self._head.start_mark
        return mark.line + 1 if mark else 1

    @property
    def place(self) -> tuple[int, int]:
        """The line and column that messages about the whole mapping name; in a table, its row."""
        return self.faults.place(self.line, 1)

    def fault(self, key: str, message: str) -> None:
        """Note a fault at a field, or at the beginning of the mapping when the field is absent."""
        self.faults.at(self._nodes[key][1] if key in self._nodes else self._head, f"{self.name}: {message}")

    def missing(self, key: str, example: str = "") -> None:
        """Note that a field is needed and not there."""
        self.faults.at(self._head, f"{self.name} has no `{key}`; add a line `{key}: {example}`".rstrip())

    def value(self, key: str, gate: Gate[T], default: T) -> T:
        """Read an optional field."""
        pair = self._nodes.get(key)
        return default if pair is None else self._typed(key, pair[1], gate, default)

    def needed(self, key: str, gate: Gate[T], stand_in: T, example: str = "") -> T:
        """Read a field that must be there."""
        pair = self._nodes.get(key)
        if pair is None or pair[1].value == "":
            self.missing(key, example)
            return stand_in
        return self._typed(key, pair[1], gate, stand_in)

    def many(self, key: str, gate: Gate[T]) -> tuple[T, ...]:
        """Read a list of values; absent means none."""
        return tuple([gate_value for node in self._list(key) for gate_value in self._one(key, node, gate)])

    def section(self, key: str, fields: frozenset[str] | None = None) -> Section | None:
        """Read a field that is a mapping itself; None when it is absent."""
        pair = self._nodes.get(key)
        return None if pair is None or pair[1].value == "" else Section(key, pair[1], self.faults, fields, pair[0])

    def sections(self, key: str, fields: frozenset[str]) -> list[Section]:
        """Read a list of mappings; absent means none."""
        return [Section(f"{self.name}, {key}", node, self.faults, fields) for node in self._list(key)]

    def records(self, gate: Gate[str], fields: frozenset[str] | None) -> Iterator[tuple[str, Section]]:
        """Read a mapping of codes to mappings, such as a whole file of customers."""
        for key, value in self._nodes.values():
            for code in self._one("code", key, gate):
                yield code, Section(code, value, self.faults, fields, key)

    def pairs(self, key: str, key_gate: Gate[str], gate: Gate[T]) -> dict[str, T]:
        """Read a field that maps codes to single values; absent means none."""
        part = self.section(key)
        return {} if part is None else part.entries(key_gate, gate)

    def entries(self, key_gate: Gate[str], gate: Gate[T]) -> dict[str, T]:
        """Read this mapping as codes with a single value each."""
        return {
            name: value
            for key, node in self._nodes.values()
            for name in self._one(self.name, key, key_gate)
            for value in self._one(name, node, gate)
        }

    def keys(self, gate: Gate[str]) -> Iterator[str]:
        """Give the keys that pass a gate, as written."""
        return (key.value for key, _ in self._nodes.values() for _ in self._one(self.name, key, gate))

    def text_of(self, key: str) -> str | None:
        """Give the text of a field as written; None when it is absent or no single value."""
        pair = self._nodes.get(key)
        return pair[1].value if pair is not None and isinstance(pair[1], ScalarNode) else None

    def _list(self, key: str) -> list[Any]:
        pair = self._nodes.get(key)
        if pair is None or pair[1].value == "":
            return []
        if pair[1].__class__ is SequenceNode:
            return [node for node in pair[1].value if self._untagged(node)]
        self.faults.at(pair[1], f"{self.name}: {key} must be a list, like `{key}: [A, B]`")
        return []

    def _untagged(self, node: Node) -> bool:
        if node.tag:
            self.faults.at(node, f"the tag {node.tag} is not allowed; remove it")
        return not node.tag

    def _one(self, key: str, node: Node, gate: Gate[T]) -> Iterator[T]:
        """Yield the value once, or nothing after a fault."""
        if node.__class__ is not ScalarNode:
            self.faults.at(node, f"{self.name}: {key} must be a single value")
            return
        try:
            yield gate(node.value, key)
        except BadInput as error:
            self.faults.at(node, f"{self.name}: {error}")

    def _typed(self, key: str, node: Node, gate: Gate[T], stand_in: T) -> T:
        if node.__class__ is not ScalarNode:
            self.faults.at(node, f"{self.name}: {key} must be a single value")
            return stand_in
        if node.value == "":
            return stand_in
        try:
            return gate(node.value, key)
        except BadInput as error:
            self.faults.at(node, f"{self.name}: {error}")
            return stand_in
