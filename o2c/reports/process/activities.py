"""What entries are as steps of the process: their names, their order within a moment, and which runs make them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.documents import Document

if TYPE_CHECKING:
    from o2c.model.documents import Act
    from o2c.model.documents import Event

#: A document that is written anew with the same number.
AMENDED = "order-amended"
UNALLOCATED = "unallocated"
REVERSED = "-reversed"
LIMIT = "o2c-limit"
_OF_DOCUMENT = {
    names.ORDER: "order-created",
    names.DELIVERY: "delivered",
    names.RETURN: "returned",
    names.INVOICE: "invoiced",
    names.DEPOSIT_INVOICE: "deposit-invoiced",
    names.OPENING_ITEM: "taken-over",
    names.CREDIT_NOTE: "credited",
    names.RECEIPT: "paid",
    names.ALLOCATION: "allocated",
    names.REFUND: "refunded",
    names.FEE: "fee-charged",
    names.WRITE_OFF: "written-off",
}
_OF_EVENT = {"reminder": "reminded", "promise": "promised", LIMIT: "credit-limit-set"}
#: What happens at the same moment is put in this order; what is not named comes behind, as the ledger has it.
_ORDER = (
    ("order-created", "taken-over"),
    (AMENDED, "credit-warned", "order-confirmed", "order-held", "order-released", "order-cancelled"),
    ("delivered",),
    ("returned",),
    ("invoiced", "deposit-invoiced"),
    ("issued",),
    ("sent",),
    ("credited", "paid"),
    ("allocated", "unallocated"),
)
_RANKS = {activity: rank for rank, group in enumerate(_ORDER) for activity in group}
#: The documents that are steps; entries of the close (accruals, revaluations, allowances) are none.
DOCUMENTS = (*_OF_DOCUMENT, names.REVERSAL)
#: Runs over many documents, by the step they make: what an entry gives as its reason where nobody gave another.
RUNS = {
    "order-created": ("order import", "import history"),
    "order-confirmed": ("order import", "order confirm --all"),
    "delivered": ("deliver --all", "import history"),
    "invoiced": ("invoice run", "import history"),
    "credited": ("import history",),
    "issued": ("document render",),
    "sent": ("send", "outbox retry"),
    "paid": ("bank import", "import history"),
    "allocated": ("bank import",),
    "taken-over": ("import open-items",),
}
#: Most entries of large books give one of few reasons.
_REASONS_KEPT = 1 << 10
#: Steps that the program makes by itself, whatever made it look.
_ITSELF = frozenset({"credit-warned", "issued", "sent"})


def activity(entry: Document | Event) -> str:
    """Name the step that an entry is; empty where it is no step: closes, approvals, entries of the close.

    A reversal is named after what it reverses, `invoice-reversed`; an allocation that takes back is `unallocated`.
    """
    if not isinstance(entry, Document):
        return _OF_EVENT.get(entry.kind, entry.kind if entry.kind in names.EVENTS else "")
    if entry.doc_type == names.REVERSAL:
        said = str(entry.fact("reverses"))
        return f"{said}{REVERSED}" if said in _OF_DOCUMENT else "" if said else "document-reversed"
    if entry.doc_type == names.ALLOCATION and entry.fact("undoes"):
        return UNALLOCATED
    return AMENDED if entry.doc_type == names.ORDER and entry.version > 1 else _OF_DOCUMENT.get(entry.doc_type, "")


def rank(name: str) -> int:
    """Say where a step stands among others of the same moment."""
    return _RANKS.get(name, len(_ORDER))


def is_by_hand(name: str, act: Act) -> bool:
    """Tell whether a person made this step by itself: no run over many documents did, and not the program.

    The reason of the entry tells: without `--why` it is the command. A step with a reason of its own is by hand.
    """
    return name not in _ITSELF and not _is_run(name, act.why)


@lru_cache(_REASONS_KEPT)
def _is_run(name: str, why: str) -> bool:
    return any(f"{why} ".startswith(f"{run} ") for run in RUNS.get(name, ()))
