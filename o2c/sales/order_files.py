"""Order files: YAML, CSV and XLSX into requests, every fault with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaml.nodes import MappingNode
from yaml.nodes import ScalarNode
from yaml.nodes import SequenceNode

from o2c.errors import BadInput
from o2c.master import yaml_text
from o2c.master.faults import Faults
from o2c.sales.requests import HEAD_FIELDS
from o2c.sales.requests import LINE_FIELDS
from o2c.sales.requests import Fields
from o2c.sales.requests import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from yaml.nodes import Node

    from o2c.sales.requests import OrderRequest


def from_rows(file: str, rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[OrderRequest]:
    """Read one row per order line; rows with the same `order` and customer are one order.

    The head fields stand on the first row of an order; on its other rows they are empty or the same.
    Raises BadInput with every fault.
    """
    reader = Reader()
    heads: dict[tuple[str, str], tuple[Fields, list[Fields]]] = {}
    last_customer: dict[str, str] = {}
    for number, cells in rows:
        if _unknown_column(file, cells, reader):
            break
        head = _row_fields(file, number, cells, HEAD_FIELDS)
        own_number = cells.get("order", "").strip() or f"row {number}"
        customer = cells.get("customer", "").strip() or last_customer.get(own_number, "")
        last_customer[own_number] = customer
        first, lines = heads.setdefault((own_number, customer), (head, []))
        _require_equal(first, head, reader)
        lines.append(_row_fields(file, number, cells, LINE_FIELDS))
    return _all_good(file, reader, [reader.order(head, lines) for head, lines in heads.values()])


def from_yaml(file: str, data: bytes) -> list[OrderRequest]:
    """Read YAML: a list of orders, one order, or `orders:` with a list; raises BadInput with every fault."""
    faults = Faults(file)
    text = yaml_text.decoded(data, faults)
    node = yaml_text.node_of(text, faults) if text is not None else None
    reader = Reader()
    requests = [reader.order(head, lines) for head, lines in _orders(node, faults)] if node is not None else []
    reader.faults[:0] = faults.sentences()
    return _all_good(file, reader, requests)


def _all_good(file: str, reader: Reader, requests: list[OrderRequest | None]) -> list[OrderRequest]:
    if not requests and not reader.faults:
        reader.faults.append(f"{file}: there is no order in the file")
    if reader.faults:
        raise BadInput(reader.faults)
    return [request for request in requests if request is not None]


def _orders(node: Node, faults: Faults) -> Iterator[tuple[Fields, list[Fields]]]:
    if isinstance(node, MappingNode) and [key.value for key, _ in node.value] == ["orders"]:
        node = node.value[0][1]
    for one in node.value if isinstance(node, SequenceNode) else [node]:
        if not isinstance(one, MappingNode):
            faults.at(one, "an order must be a mapping, lines of `field: value`")
            continue
        entries = yaml_text.children(one, faults)
        lines = entries.pop("lines", (None, None))[1]
        yield _yaml_fields(one, entries, faults), list(_lines(lines, faults))


def _lines(node: Node | None, faults: Faults) -> Iterator[Fields]:
    if node is not None and not isinstance(node, SequenceNode):
        faults.at(node, "lines must be a list, a `-` before each line")
        return
    for one in node.value if node is not None else []:
        if isinstance(one, MappingNode):
            yield _yaml_fields(one, yaml_text.children(one, faults), faults)
        else:
            faults.at(one, "a line must be a mapping, like {sku: P-1001, quantity: 2}")


def _yaml_fields(node: Node, entries: Mapping[str, tuple[ScalarNode, Node]], faults: Faults) -> Fields:
    texts = {}
    for key, (_, value) in entries.items():
        if isinstance(value, ScalarNode):
            texts[key] = value.value
        else:
            faults.at(value, f"{key} must be a single value")

    def place(name: str) -> str:
        at = entries[name][1] if name in entries else node
        line, column = (at.start_mark.line + 1, at.start_mark.column + 1) if at.start_mark else (1, 1)
        return f"{faults.file}:{line}:{column}"

    return Fields(texts, place)


def _unknown_column(file: str, cells: Mapping[str, str], reader: Reader) -> bool:
    known = HEAD_FIELDS + LINE_FIELDS
    unknown = [name for name in cells if name not in known]
    if unknown:
        reader.faults.append(f"{file}:1: there is no column {unknown[0]!r}; the columns are {', '.join(known)}")
    return bool(unknown)


def _row_fields(file: str, number: int, cells: Mapping[str, str], wanted: tuple[str, ...]) -> Fields:
    def place(name: str) -> str:
        return f"{file}:{number}: {name}" if name else f"{file}:{number}"

    return Fields({name: cells[name] for name in wanted if name in cells}, place)


def _require_equal(first: Fields, other: Fields, reader: Reader) -> None:
    for name, text in other.texts.items():
        if text.strip() and text.strip() != first.texts.get(name, "").strip():
            before = first.texts.get(name, "")
            reader.faults.append(
                f"{other.place(name)} is {text!r} here and {before!r} on the first row of the order; make them equal",
            )
