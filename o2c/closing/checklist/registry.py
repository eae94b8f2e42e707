"""The checks of the close, in the order in which they are worth reading."""

from __future__ import annotations

from o2c.closing.checklist import money_in
from o2c.closing.checklist import people
from o2c.closing.checklist import proofs
from o2c.closing.checklist import supplies
from o2c.closing.checklist import valuation
from o2c.closing.checklist import vat
from o2c.closing.checklist.result import Check

_ALL = (
    Check("books-clean", "every check of `o2c check` finds nothing", proofs.books_clean, repaired=True),
    Check("earlier-periods", "the month before is closed", proofs.earlier_periods),
    Check("sub-ledger", "open items sum to the customers' accounts", proofs.sub_ledger, repaired=True),
    Check("numbering", "gaps in the numbers are explained", proofs.numbering),
    Check("bank-proof", "bank accounts are proved by balance assertions", money_in.bank_proof),
    Check("unidentified", "no money without a name", money_in.unidentified),
    Check("unapplied", "credits that are not used yet", money_in.unapplied),
    Check("credit-balances", "customers to whom we owe", money_in.credit_balances),
    Check("left-over", "no order is a draft or held", supplies.left_over),
    Check("proposals", "no proposal is left over", people.proposals),
    Check("delivered-not-invoiced", "deliveries without invoice are accrued", supplies.delivered_not_invoiced),
    Check("invoiced-not-delivered", "nothing is invoiced before its delivery", supplies.invoiced_not_delivered),
    Check("cut-off", "supply and invoice lie in the same month", supplies.cut_off),
    Check("vat", "tax accounts say what base and rate say", vat.vat),
    Check("revaluation", "foreign items are at the closing rate", valuation.revaluation),
    Check("allowance", "the bad-debt allowance is what the matrix gives", valuation.allowance),
    Check("limits", "no credit limit is due for review", people.limits),
    Check("approvals", "what needed a second person has one", people.approvals),
    Check("duties", "duties that one person holds", people.duties),
)

#: Every check of the close by its name.
CHECKS = {check.name: check for check in _ALL}
