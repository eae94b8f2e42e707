"""Any change of any field of a proposal gives another hash, so that an approval given before is void (property S22)."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount.core.amount import Amount
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c.errors import BadInput
from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Line
from o2c.model.documents import Movement
from o2c.model.documents import Opening
from o2c.model.documents import Other
from o2c.model.documents import Tax
from o2c.model.findings import NOWHERE
from o2c.model.findings import Source
from o2c.proposals import Proposal
from o2c.proposals import ProposalLine
from o2c.proposals.proposal import text
from o2c.proposals.reading_in import read
from tests.model.strategies import documents
from tests.model.strategies import notes

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = date(2026, 3, 2)
ACT = Act("ann", "2026-03-02T09:00:00Z", "why", "key", "request")
EUR = Decimal("119.00")
#: Places, and what only tells how the entries first looked.
NO_CONTENT = frozenset({"source"})
INVOICE = Document(
    "invoice", "NEW-1", DAY, "C1", "EUR", "Acme", "Invoice NEW-1",
    movements=(Movement(names.receivable("C1"), "NEW-1", EUR, "EUR", DAY, None, (("note-x", "y"),)),),
    lines=(
        Line(
            1, "Income:Sales", Decimal("-100.00"), "EUR", "P-1", "Lamp", Decimal(10), "C62", Amount(Decimal(10), "EUR"),
            Decimal(1), "DE19", Amount(Decimal("100.00"), "EUR"), "charge", "SO-1", 2, "DN-1", (("list", "x"),),
        ),
    ),
    taxes=(
        Tax(
            "Liabilities:VAT", Decimal("-19.00"), "EUR", "DE19", "S", Amount(Decimal("100.00"), "EUR"), Decimal(19),
            "reason", Amount(Decimal("19.00"), "EUR"), (("more", Decimal(1)),),
        ),
    ),
    others=(Other("Expenses:Fees", Decimal("0.00"), "EUR", Amount(Decimal("1.00"), "USD"), (("on-item", "X"),)),),
    due=DAY, terms="net30", refers="SO-1", reason="price", reference="PO 1", version=2, act=ACT,
    links=frozenset({"NEW-1"}), tags=frozenset({"invoice"}), extra=(("supplied", DAY), ("undoes", True)),
)  # fmt: skip
NOTE = Event("remark", DAY, "C1", "C1", ACT, names.receivable("C1"), "Call", (), frozenset({"SO-1"}), (("x-y", "z"),))
LIMIT = Event("o2c-limit", DAY, "", "C1", ACT, values=("C1", Amount(Decimal(500), "EUR"), DAY))
LINE = ProposalLine(
    1, "accepted", "Give up", ("INV-1", "C1"), "sha256:1", (("open", EUR),), (INVOICE, NOTE, LIMIT), ACT
)
PROPOSAL = Proposal(
    "PR-2026-0001", "write-offs", DAY, ACT, "write-off", "sha256:0",
    (LINE, LINE._replace(number=2, state="open", entries=(Opening("Assets:X", DAY, ("EUR",)),))),
)  # fmt: skip


def _other(value: object) -> list[object]:
    """Give other values in place of one field's value."""
    table: dict[type, list[object]] = {
        bool: [not value],
        date: [value + timedelta(days=1)] if isinstance(value, date) else [],
        Decimal: [value + Decimal("0.01")] if isinstance(value, Decimal) else [],
        int: [value + 1] if isinstance(value, int) else [],
        str: [f"{value}-2"],
        frozenset: [frozenset({"other"})],
        tuple: [()],
        type(None): [],
    }
    if isinstance(value, Amount):
        assert value.number is not None
        return [Amount(value.number + Decimal("0.01"), value.currency), Amount(value.number, "GBP")]
    return table.get(type(value), [])


def _changed(value: object) -> Iterator[tuple[str, object]]:
    """Change each field of a value, and of every value within it, one at a time."""
    if isinstance(value, Amount | Source) or not isinstance(value, tuple):
        yield from (("", other) for other in _other(value))
    elif hasattr(value, "_fields"):
        for name in value._fields:
            if name not in NO_CONTENT:
                for path, other in _changed(getattr(value, name)):
                    yield f".{name}{path}", value._replace(**{name: other})  # type: ignore[attr-defined]  # a NamedTuple
    else:
        if value and not _is_pair(value):
            yield "[none]", ()
            yield "[twice]", (*value, value[-1])
        for place, one in enumerate(value):
            for path, other in _changed(one):
                yield f"[{place}]{path}", (*value[:place], other, *value[place + 1 :])


def _is_pair(value: tuple[object, ...]) -> bool:
    """Tell a key with its value, of which neither can be left out, from a list."""
    return len(value) == 2 and isinstance(value[0], str) and value != ("INV-1", "C1")


#: What a text cannot say at all: a custom line has no account, comment or links, evidence no key twice.
UNSAID = {f".lines[0].entries[2].{field}" for field in ("account", "comment", "links")}
UNSAID |= {f".lines[{line}].evidence[twice]" for line in (0, 1)}
CHANGES = [
    (path, changed) for path, changed in _changed(PROPOSAL) if isinstance(changed, Proposal) and path not in UNSAID
]


@pytest.mark.parametrize(("path", "changed"), CHANGES, ids=[path for path, _ in CHANGES])
def test_each_field_changed_alone_gives_another_hash_or_cannot_be_written(path: str, changed: Proposal) -> None:
    try:
        now = changed.hash
    except BadInput:
        now = "it cannot stand in a ledger at all"
    assert now != PROPOSAL.hash, path


def test_the_changes_reach_every_role_of_a_document() -> None:
    assert len(CHANGES) > 120
    reached = " ".join(path for path, _ in CHANGES)
    for field in ("movements[0].amount", "lines[0].net", "taxes[0].rate", "others[0].total", ".evidence", ".act.by"):
        assert field in reached


def test_places_are_not_content() -> None:
    moved = PROPOSAL._replace(source=Source("elsewhere", 7), lines=tuple(
        line._replace(source=Source("elsewhere", 9)) for line in PROPOSAL.lines
    ))  # fmt: skip
    assert moved.hash == PROPOSAL.hash
    assert PROPOSAL.source == NOWHERE


@settings(max_examples=60, deadline=None)
@given(st.lists(documents() | notes(), min_size=1, max_size=3))
def test_what_is_written_is_read_back_with_the_same_hash(entries: list[Document | Event]) -> None:
    plain = tuple(entry for entry in entries if not isinstance(entry, Document) or entry.doc_id)
    meant = PROPOSAL._replace(lines=(LINE._replace(entries=plain),))
    got = read(text(meant).encode(), "PR-2026-0001.beancount")
    assert got.hash == meant.hash
    assert text(got) == text(meant)
