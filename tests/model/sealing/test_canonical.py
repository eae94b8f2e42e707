"""The canonical form holds every field of every type of entry, and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pytest
from beancount.core import data
from beancount.core.amount import Amount
from beancount.core.position import Cost
from beancount.parser import booking
from beancount.parser import parser
from hypothesis import given
from hypothesis import strategies as st

from o2c.model.sealing import canonical
from tests.model.sealing import sealed_books

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beancount.core.data import Directive

TEXT = sealed_books.ACCOUNTS + sealed_books.JANUARY
#: `diff_amount` is filled in by Beancount's own check, after the entries were read.
NO_FACTS = {("Balance", "diff_amount")}
OTHER = {
    str: "other",
    Decimal: Decimal("7.77"),
    date: date(2025, 5, 5),
    bool: None,
    Amount: Amount(Decimal("7.77"), "XXX"),
    frozenset: frozenset({"other"}),
    list: [],
    type(None): "something",
}


def _entries() -> list[Directive]:
    parsed, errors, options = parser.parse_string(TEXT, "/books/main.beancount")
    booked, more = booking.book(parsed, options)
    assert errors + more == []
    return booked


def _changed(value: object) -> object:
    """Give another value of the same type."""
    if isinstance(value, bool):
        return not value
    return next(other for kind, other in OTHER.items() if isinstance(value, kind))


def _method(of: data.Open) -> data.Booking:
    return data.Booking.LIFO if of.booking is None else data.Booking.NONE


def _fields(of: Any, *, skip: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any NamedTuple
    for name in of._fields:
        if name not in skip and (type(of).__name__, name) not in NO_FACTS:
            yield name, of._replace(**{name: _changed(getattr(of, name)) if name != "booking" else _method(of)})


def _metadata(meta: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "a key more", {**meta, "more": "x"}
    yield "a key of no value", {**meta, "more": None}
    for key in set(meta) - {"filename", "lineno"}:
        if not key.startswith(("note-", "__")):
            yield f"without {key}", {name: value for name, value in meta.items() if name != key}
            yield f"other {key}", {**meta, key: _changed(meta[key])}
            yield f"{key} as text", {**meta, key: str(meta[key]) if not isinstance(meta[key], str) else Decimal(1)}


def _postings(entry: data.Transaction) -> Iterator[tuple[str, data.Transaction]]:
    for number, posting in enumerate(entry.postings):
        others = [*_fields(posting, skip=("meta", "units", "cost", "price"))]
        others += [("units", posting._replace(units=one)) for _, one in _fields(posting.units)]
        others += [("meta", posting._replace(meta=one)) for _, one in _metadata(posting.meta)]
        cost = posting.cost or Cost(Decimal(1), "EUR", date(2026, 1, 1), None)
        others += [("cost", posting._replace(cost=one)) for _, one in _fields(cost)]
        others += [
            ("price", posting._replace(price=one)) for _, one in _fields(posting.price or Amount(Decimal(1), "A"))
        ]
        rest = entry.postings[:number] + entry.postings[number + 1 :]
        yield "without a posting", entry._replace(postings=rest)
        yield "with a posting twice", entry._replace(postings=[*entry.postings, posting])
        for name, other in others:
            yield name, entry._replace(postings=[*rest, other])


def _mutants(entry: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any directive
    yield from _fields(entry, skip=("meta", "postings"))
    yield from (("metadata: " + said, entry._replace(meta=meta)) for said, meta in _metadata(entry.meta))
    if isinstance(entry, data.Transaction):
        yield from _postings(entry)
    for name in ("amount", "units"):
        if getattr(entry, name, None) is not None:
            yield from ((name, entry._replace(**{name: one})) for _, one in _fields(getattr(entry, name)))


@pytest.mark.parametrize("entry", _entries(), ids=lambda entry: type(entry).__name__)
def test_every_field_of_every_entry_is_in_the_form(entry: Directive) -> None:
    known = canonical.form(entry, "/books").digest
    mutants = list(_mutants(entry))
    assert [said for said, one in mutants if canonical.form(one, "/books").digest == known] == []
    assert {name for name in entry._fields if (type(entry).__name__, name) not in NO_FACTS} - {"meta", "postings"} <= {
        said for said, _ in mutants
    }


def test_all_types_of_entries_of_beancount_are_tried() -> None:
    assert {type(entry) for entry in _entries()} == set(data.ALL_DIRECTIVES)


@pytest.mark.parametrize("entry", _entries(), ids=lambda entry: type(entry).__name__)
def test_places_and_remarks_are_not_in_the_form(entry: Directive) -> None:
    meta = {**entry.meta, "filename": "/elsewhere", "lineno": 999, "note-x": "y", "__automatic__": True}
    assert canonical.form(entry._replace(meta=meta), "/books") == canonical.form(entry, "/books")


def test_the_form_of_an_invoice_reads_as_documented() -> None:
    parsed, _, options = parser.parse_string(
        '2026-10-03 * "Ac\\"me" "Invoice" #b #a ^l\n  doc-id: "I1"\n  rate: 1.50\n  note-a: "x"\n'
        '  Assets:AR:C1  100.00 EUR\n    item: "I1"\n  Income:Sales\n',
        "/books/a.beancount",
    )
    (entry,), _ = booking.book(parsed, options)
    assert canonical.form(entry, "/books").text == (
        '["o2c-1","transaction","2026-10-03",["*","Ac\\"me","Invoice"],[["a","b"],["l"]],'
        '[["doc-id",["s","I1"]],["rate",["n","1.5"]]],'
        '[["Assets:AR:C1",["100","EUR"],null,null,null,[["item",["s","I1"]]]],'
        '["Income:Sales",["-100","EUR"],null,null,null,[]]]]'
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [("100.00", "100"), ("1E+3", "1000"), ("-0.00", "0"), ("0.500", "0.5"), ("-3.25", "-3.25"), ("100", "100")],
)
def test_numbers_are_written_one_way_only(number: str, text: str) -> None:
    assert canonical.number(Decimal(number)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), st.text(), st.text(), st.booleans())
def test_the_verifier_from_outside_writes_the_same_form(number: Decimal, one: str, other: str, flag: bool) -> None:
    meta = {"a": one, "n": number, "b": flag, "amount": Amount(number, "EUR"), "z": None, "d": date(2026, 1, 1)}
    posting = data.Posting(
        "Assets:Ä", Amount(number, "EUR"), Cost(number, "EUR", date(2026, 1, 1), one), None, None, meta
    )
    entry = data.Transaction(meta, date(2026, 1, 2), "!", one, other, frozenset({one}), frozenset({other}), [posting])
    assert sealed_books.OUTSIDE.leaf(entry, "/books") == canonical.form(entry, "/books").digest
