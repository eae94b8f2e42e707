"""Records for customers.yaml of the customers that an import brings."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from o2c.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o2c.importing.imported import Imported
    from o2c.importing.imported import NewCustomer
    from o2c.master import Master

_NO_COUNTRY = "Imported; the country is not known, the company's own stands in."


def newcomers(imported: Imported, master: Master, terms: str) -> list[Mapping[str, Any]]:
    """Compose the records of the customers that the books do not know, in the order of the file.

    A customer needs terms and a country. Where the file says nothing, `terms` (or the first that master data have)
    and the company's own country stand in, and the record's notes say so. Raises BadInput where there are no terms.
    """
    new = [customer for customer in imported.customers if customer.code not in master.customers]
    agreed = terms if terms in master.terms else next(iter(master.terms), "")
    if new and not agreed:
        raise BadInput(f"master/terms.yaml: there are no terms, and every customer needs some; add `{terms}` there")
    return [_record(customer, master.company.country, agreed) for customer in new]


def _record(customer: NewCustomer, own_country: str, terms: str) -> Mapping[str, Any]:
    record: dict[str, Any] = {
        "code": customer.code,
        "name": customer.name,
        "address": {"country": customer.country or own_country},
        "terms": terms,
        "currency": customer.currency,
    }
    if not customer.has_number:
        record["status"] = "one-time"
    if customer.number_there:
        record["external_ids"] = [customer.number_there]
    if not customer.country:
        record["notes"] = _NO_COUNTRY
    return record
