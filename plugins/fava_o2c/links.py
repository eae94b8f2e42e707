"""Addresses inside Fava: pages of ours, the journal, the source; all keep Fava's filters."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import urlencode

from fava.context import g
from flask import url_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fava_o2c.asked import Asked
    from o2c.model.findings import Source

RECEIVABLES = "O2CReceivables"
CUSTOMER = "O2CCustomers"
DOCUMENT = "O2CDocuments"


def page(asked: Asked, name: str, args: Mapping[str, str], endpoint: str = "") -> str:
    """Give the address of a page of ours, or of one of its endpoints."""
    return _address("extension_report", asked, {"extension_name": name}, args, endpoint)


def customer(asked: Asked, code: str) -> str:
    """Give the address of a customer."""
    return page(asked, CUSTOMER, {"code": code})


def document(asked: Asked, number: str) -> str:
    """Give the address of a document with its chain."""
    return page(asked, DOCUMENT, {"number": number})


def journal(asked: Asked, number: str) -> str:
    """Give the address of Fava's journal with the entries that are linked to a document, of all days."""
    return _address("report", asked, {"report_name": "journal"}, {"filter": f"^{number}", "time": "", "account": ""})


def account(asked: Asked, name: str) -> str:
    """Give the address of Fava's page about an account."""
    return _address("account", asked, {"name": name}, {})


def source(asked: Asked, place: Source) -> str:
    """Give the address of a line of the books in Fava's editor."""
    args = {"file_path": place.file, "line": str(place.line)}
    return _address("report", asked, {"report_name": "editor"}, args)


def errors(asked: Asked) -> str:
    """Give the address of Fava's list of errors."""
    return _address("report", asked, {"report_name": "errors"}, {})


def _address(route: str, asked: Asked, place: Mapping[str, str], args: Mapping[str, str], endpoint: str = "") -> str:
    names: dict[str, Any] = {"bfile": g.beancount_file_slug, **place}
    bare = url_for(route, **names).partition("?")[0]
    given = {name: value for name, value in {**asked.filters(), **args}.items() if value}
    return f"{bare}{endpoint}{'?' + urlencode(given) if given else ''}"
