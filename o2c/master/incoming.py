"""Customers out of the rows of a table: columns are named like the fields of customers.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from o2c.errors import BadInput
from o2c.master.customers import LIST_FIELDS
from o2c.master.customers import SINGLE_FIELDS
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

SEPARATOR = ";"
_ADDRESS = ("lines", "postcode", "city", "region", "country")
_CONTACT = ("role", "name", "email", "phone")
#: All columns there may be; `code`, `name`, `address.country`, `terms` and `currency` must be there.
COLUMNS = (
    "code",
    *SINGLE_FIELDS,
    *LIST_FIELDS,
    *(f"address.{field}" for field in _ADDRESS),
    *(f"contact.{field}" for field in _CONTACT),
)
NEEDED = ("code", "name", "address.country", "terms", "currency")


def check_columns(columns: Iterable[str], name: str) -> None:
    """Raise BadInput with every column that is not known, and every one that is missing."""
    there = list(columns)
    faults = [f"{name}:1: there is no column {column}; add it" for column in NEEDED if column not in there]
    faults += [
        f"{name}:1: the column {shown(column)} is not known; known are {', '.join(COLUMNS)}"
        for column in there
        if column not in COLUMNS
    ]
    if faults:
        raise BadInput(faults)


def check_types(rows: Iterable[tuple[int, frozenset[str]]], name: str) -> None:
    """Raise BadInput for postcodes that a workbook holds as numbers: their leading zeros are lost already."""
    faults = [
        f"{name}:{line}: address.postcode is a number in the workbook, 01234 would be 1234; format the column as text"
        for line, typed in rows
        if "address.postcode" in typed
    ]
    if faults:
        raise BadInput(faults)


def customer(cells: Mapping[str, str]) -> dict[str, Any]:
    """Turn a row into a customer as in customers.yaml; several values in a cell have `;` between them."""
    record: dict[str, Any] = {"code": cells["code"], "name": cells["name"]}
    record["legal_name"] = cells.get("legal_name", "")
    address = {field: cells.get(f"address.{field}", "") for field in _ADDRESS}
    record["address"] = {**address, "lines": _values(address["lines"])}
    contact = {field: cells[f"contact.{field}"] for field in _CONTACT if cells.get(f"contact.{field}")}
    record["contacts"] = [{"role": "billing", **contact}] if contact else []
    record |= {field: _values(cells.get(field, "")) for field in LIST_FIELDS}
    return record | {field: cells.get(field, "") for field in SINGLE_FIELDS}


def _values(cell: str) -> list[str]:
    return [value.strip() for value in cell.split(SEPARATOR) if value.strip()]
