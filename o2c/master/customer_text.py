"""The text of customers.yaml: where a customer's lines are, how they look after a change, how new ones are added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaml.nodes import MappingNode

from o2c.errors import BadInput
from o2c.errors import NotFinished
from o2c.errors import NotFound
from o2c.master import yaml_text
from o2c.master import yaml_writing
from o2c.master.customers import LIST_FIELDS
from o2c.master.customers import SINGLE_FIELDS
from o2c.master.faults import Faults
from o2c.model.money import shown
from o2c.model.text import customer_code

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from typing import Any

    from o2c.master.yaml_writing import Value

NAME = "customers"
_ADDRESS_FIELDS = ("postcode", "city", "region", "country")
#: What can be set by itself: `terms`, `address.city`, and lists with commas between their values.
SETTABLE = (*SINGLE_FIELDS, *(f"address.{name}" for name in _ADDRESS_FIELDS))
SETTABLE_LISTS = (*LIST_FIELDS, "address.lines")


def parsed_changes(pairs: Iterable[str]) -> dict[str, str]:
    """Read `field=value` words as changes; raises BadInput for a field that cannot be set by itself."""
    changes: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign:
            raise BadInput(f"--set: {shown(pair)} has no '='; write it like terms=net30")
        _settable(key)
        changes[key] = value.strip()
    return changes


def record(fields: Mapping[str, Any]) -> str:
    """Write a customer, given as its `code` and fields, as lines for customers.yaml."""
    code = customer_code(str(fields.get("code", "")), "code")
    return yaml_writing.record(code, {name: value for name, value in fields.items() if name != "code"})


def joined(before: str, new: str) -> str:
    """Put new records behind the old text, one empty line between, with the file's own line ends."""
    both = [part for part in (before.rstrip(), new.strip("\r\n").rstrip()) if part]
    return with_ends_of(before, "\n\n".join(both) + "\n")


def at_margin(text: str, codes: set[str]) -> str:
    """Give a text of records as it can stand in customers.yaml: at the margin, without those that are there already."""
    node = yaml_text.composed(text, Faults(NAME))
    assert node is not None
    fits = not node.flow_style and all(key.start_mark.column == 0 for key, _ in node.value)
    if fits and not codes and not text.lstrip().startswith(("---", "%")) and "\n..." not in text:
        return text
    records = yaml_text.plain(node)
    return "\n".join(yaml_writing.record(code, fields) for code, fields in records.items() if code not in codes)


def with_ends_of(before: str, text: str) -> str:
    """Give a text the line ends of a file, Unix or Windows."""
    text = text.replace("\r\n", "\n")
    return text.replace("\n", "\r\n") if "\r\n" in before else text


def block(text: str, code: str) -> tuple[int, int]:
    """Find a record's lines: from its code to before the empty lines and margin comments that follow it."""
    node = yaml_text.composed(text, Faults(NAME))
    pairs = node.value if node is not None else []
    place = next((at for at, (key, _) in enumerate(pairs) if key.value == code), None)
    if node is None or place is None:
        raise NotFound(f"there is no customer {shown(code)} in master/{NAME}.yaml; look it up with `o2c customer list`")
    if node.flow_style or pairs[place][0].start_mark.column:
        raise BadInput(f"master/{NAME}.yaml is written in braces or indented; edit the file by hand")
    start = pairs[place][0].start_mark.index
    end = pairs[place + 1][0].start_mark.index if place + 1 < len(pairs) else len(text)
    lines = text[start:end].splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith(("#", "---", "..."))):
        lines.pop()
    return start, start + len("".join(lines))


def with_changes(text: str, changes: Mapping[str, str]) -> str:
    """Set the fields one after the other in a record's own lines."""
    for key, value in changes.items():
        _settable(key)
        new: Value = [part.strip() for part in value.split(",") if part.strip()] if key in SETTABLE_LISTS else value
        text = _with_change(text, key, new)
    return text


def plain(text: str) -> dict[str, Any]:
    """Give what a text of records says as dicts, lists and strings."""
    node = yaml_text.composed(text, Faults(NAME))
    result = yaml_text.plain(node) if node is not None else {}
    assert isinstance(result, dict)
    return result


def _with_change(text: str, key: str, value: Value) -> str:
    node = yaml_text.composed(text, Faults(NAME))
    assert node is not None
    parent = node.value[0][1]
    *outer, field = key.split(".")
    for name in outer:
        inner = next((child for head, child in parent.value if head.value == name), None)
        if not isinstance(inner, MappingNode):
            return yaml_writing.changed(text, parent, name, {field: value})
        parent = inner
    result = yaml_writing.changed(text, parent, field, value)
    if plain(result) != _expected(plain(text), outer, field, value):
        raise NotFinished(f"{key}: the line cannot be changed by itself; use the editor, `o2c customer edit CODE`")
    return result


def _expected(data: dict[str, Any], outer: list[str], field: str, value: Value) -> dict[str, Any]:
    """Say what a record must read like after a change."""
    fields = next(iter(data.values()))
    for name in outer:
        fields = fields[name]
    if value:
        fields[field] = value
    elif fields.get(field) != "":
        fields.pop(field, None)
    return data


def _settable(key: str) -> None:
    if key not in SETTABLE and key not in SETTABLE_LISTS:
        raise BadInput(f"{shown(key)} cannot be set; settable are {', '.join((*SETTABLE, *SETTABLE_LISTS))}")
