"""The JSON schema of OCEL 2.0, as its specification describes it, and what a schema cannot say."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
#: Keys that an object must have, and what it may have beside; each with the shape of its value.
_RELATION = ({"objectId": str, "qualifier": str}, {})
_DECLARED = ({"name": str, "type": str}, {})
_VALUE = ({"name": str, "value": str}, {})
_TIMED = ({"name": str, "value": str, "time": "time"}, {})
_TYPE = ({"name": str, "attributes": [_DECLARED]}, {})
_EVENT = ({"id": str, "type": str, "time": "time"}, {"attributes": [_VALUE], "relationships": [_RELATION]})
_OBJECT = ({"id": str, "type": str}, {"attributes": [_TIMED], "relationships": [_RELATION]})
LOG = ({"eventTypes": [_TYPE], "objectTypes": [_TYPE], "events": [_EVENT], "objects": [_OBJECT]}, {})
_TYPES = {"string", "time", "integer", "float", "boolean"}


def check(made: object, shape: object = LOG, where: str = "log") -> None:
    """Fail where a value has not the shape that the schema demands."""
    if isinstance(shape, tuple):
        required, optional = shape
        assert isinstance(made, dict), where
        assert set(required) <= set(made) <= {*required, *optional}, f"{where}: {sorted(made)}"
        for key, value in made.items():
            check(value, {**required, **optional}[key], f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(made, list), where
        for at, one in enumerate(made):
            check(one, shape[0], f"{where}[{at}]")
    else:
        assert isinstance(made, str), where
        assert shape is str or _TIME.fullmatch(made), f"{where}: {made}"


def check_references(log: dict[str, Any]) -> None:
    """Fail where a number is used twice, a type or attribute is not declared, or a relation leads to nothing."""
    objects = {one["id"]: one for one in log["objects"]}
    assert len(objects) == len(log["objects"])
    assert Counter(one["id"] for one in log["events"]).most_common(1)[0][1] == 1
    for kind, entries in (("eventTypes", log["events"]), ("objectTypes", log["objects"])):
        declared = {one["name"]: {a["name"]: a["type"] for a in one["attributes"]} for one in log[kind]}
        assert set(declared) == {entry["type"] for entry in entries}
        assert {said for one in declared.values() for said in one.values()} <= _TYPES
        for entry in entries:
            for attribute in entry["attributes"]:
                _check_value(attribute["value"], declared[entry["type"]][attribute["name"]])
            for relation in entry["relationships"]:
                assert relation["objectId"] in objects
                assert relation["objectId"] != entry["id"]


def _check_value(value: str, declared: str) -> None:
    if declared == "float":
        assert f"{Decimal(value):f}" == value
    elif declared == "time":
        assert datetime.fromisoformat(value).tzinfo is not None
    elif declared == "boolean":
        assert value in {"true", "false"}
