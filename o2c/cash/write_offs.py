"""Write-offs: an item, or a part of it, is given up for a reason; the reason decides about account and VAT.

A reason with `vat: correct` takes back the VAT of the document in proportion to what is given up (Directive
2006/112/EC, Art. 90): per tax code, from what earlier credit notes and write-offs have left, so that all write-offs
together never take back more than was invoiced, and exactly all of it when all is given up. `vat: keep` leaves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.cash.choosing import Part
from o2c.cash.choosing import Source
from o2c.cash.choosing import Use
from o2c.cash.choosing import choose
from o2c.cash.desk import Desk
from o2c.cash.settled import no_item
from o2c.cash.standing import reduce
from o2c.cash.vat_share import vat_share
from o2c.errors import Refused
from o2c.model import names
from o2c.model.documents import Other
from o2c.model.money import ZERO
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.cash.asked import Asked
    from o2c.master.policies import Reason
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.model.documents import Tax
    from o2c.model.settling import Change


def write_off(
    books: Books, act: Act, day: date, name: str, amount: Asked | None, reason_code: str, *, keep_vat: bool = False
) -> list[Entry]:
    """Give up an open item or a part of it (amount positive; None: all), instalments oldest due first.

    A credit that the customer will not claim is given up for income. `keep_vat` leaves the VAT as it is, whatever the
    reason says. Raises NotFound for an unknown item or reason; Refused for a reason that is for credit notes only, for
    more than is open, and where VAT must be taken back that the books do not know (items moved in, entries by hand).
    """
    desk = Desk(books, act, day)
    reason = books.master.policies.reason(reason_code)
    if reason.kind == "credit-note":
        raise Refused(f"the reason {reason_code} is for credit notes; use one for write-offs")
    parts = _parts(desk, name, amount)
    changes = [reduce(part.stands, part.amount, day) for part in parts]
    total = sum((part.amount for part in parts), ZERO)
    sign = 1 if parts[0].stands.item.open > 0 else -1
    taxes = () if keep_vat or reason.vat == "keep" else _taxes(desk, parts, sign * total, reason)
    _post(desk, parts, changes, taxes, reason)
    return list(desk.drafted)


def _parts(desk: Desk, name: str, asked: Asked | None) -> list[Part]:
    """Find what is given up: debit items by choice as for a payment, or one credit."""
    found = desk.find(name)
    if not found:
        raise no_item(desk, name)
    amount = None if asked is None else asked.within(found[0].item.currency)
    owed = [one for one in found if one.item.open < 0 and one.available]
    debits = [one for one in found if one.item.open > 0 and one.available]
    if debits or not owed:
        item = found[0].item
        open_now = sum((one.available for one in debits), ZERO)
        source = Source("what is open", item.customer, open_now, item.currency)
        return choose(desk, source, [Use(name, amount)])
    one = owed[0]
    wanted = one.available if amount is None else amount
    if not ZERO < wanted <= one.available or len(owed) > 1:
        left, currency = text(one.available, one.item.currency), one.item.currency
        raise Refused(f"{name} has {left} left; {text(wanted, currency)} of it cannot be written off")
    return [Part(one, wanted)]


def _taxes(desk: Desk, parts: Sequence[Part], amount: Decimal, reason: Reason) -> tuple[Tax, ...]:
    item = parts[0].stands.item
    doc = desk.books.facts.versions.get(item.doc_id, [None])[-1]
    if item.open < 0 and (doc is None or doc.doc_type != names.CREDIT_NOTE):
        return ()
    if doc is None or not doc.taxes:
        raise Refused(
            f"the reason {reason.code} takes the VAT back, but the books do not know the VAT of {item.item}; "
            "use a reason that keeps it, or write off with --keep-vat and correct the VAT by hand"
        )
    return vat_share(desk.books.facts, doc, amount)


def _post(desk: Desk, parts: Sequence[Part], changes: Sequence[Change], taxes: tuple[Tax, ...], reason: Reason) -> None:
    item = parts[0].stands.item
    moved, currency = _weight(desk, parts, changes)
    rest = -(moved + sum((tax.amount for tax in taxes), ZERO))
    account = desk.require_open(_account(desk, reason, debit=item.open > 0))
    doc_id = desk.draw(names.WRITE_OFF)
    desk.draft(
        names.WRITE_OFF,
        doc_id,
        item.customer,
        item.currency,
        f"Write-off {doc_id}: {', '.join(part.stands.item.item for part in parts)}, {reason.text}",
        movements=[movement for change in changes for movement in change.movements],
        taxes=taxes,
        others=[Other(account, rest, currency)] if rest else [],
        refers=_refers(desk, item.doc_id),
        reason=reason.code,
    )


def _weight(desk: Desk, parts: Sequence[Part], changes: Sequence[Change]) -> tuple[Decimal, str]:
    """Give what the movements bring to the entry, debit positive: carrying amounts where there are some."""
    item = parts[0].stands.item
    weights = [change.weight for change in changes if change.weight is not None]
    if weights and len(weights) != len(changes):
        raise Refused(f"some instalments of {item.doc_id} have a rate and some have none; write them off one by one")
    if weights:
        return sum((weight.number or ZERO for weight in weights), ZERO), desk.company.currency
    sign = 1 if item.open > 0 else -1
    return -sign * sum((part.amount for part in parts), ZERO), item.currency


def _account(desk: Desk, reason: Reason, *, debit: bool) -> str:
    """Give the account of the reason; a credit given up is income, so it never goes to an expense."""
    if debit or not reason.account.startswith("Expenses:"):
        return reason.account
    return desk.company.accounts.overpayment


def _refers(desk: Desk, doc_id: str) -> str:
    return doc_id if doc_id in desk.books.facts.versions else ""
