"""Reading the text of a proposal: strictly, because somebody may have edited it by hand.

Whatever could get lost between this text and the books is refused with its line: amounts left out, flags on postings,
kinds of entries that we do not write.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount
from beancount.core.position import Cost
from beancount.core.position import CostSpec
from beancount.parser import parser

from o2c.errors import BadInput
from o2c.model import names
from o2c.model import reading
from o2c.model.approvals import MARKS
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.money import ZERO
from o2c.model.money import shown
from o2c.model.text import code
from o2c.model.text import identifier
from o2c.model.writing import write
from o2c.proposals.proposal import EVIDENCE
from o2c.proposals.proposal import STATES
from o2c.proposals.proposal import Proposal
from o2c.proposals.proposal import ProposalLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from beancount.core.data import Directive

    from o2c.model.documents import Entry
    from o2c.model.documents import Extra

#: The currency of a cost that is not known before booking; it is never written.
_ANY = "XXX"
#: Entries and postings as the parser gives them: not booked, so that amounts and costs may be missing.
Parsed = Any
_PLACE = frozenset({"filename", "lineno"})
_PROPOSABLE = "only documents with `doc-type` and `doc-id`, our notes and custom lines, and `open`"
_LOST = "a flag on a posting, a cost or price that we do not write, an unknown kind of note"
_HEAD = frozenset({"approval", "produced", *Act._fields})
_LINE = frozenset({"summary", "about", "basis", *Act._fields})


def read(content: bytes, file: str) -> Proposal:
    """Read the text of a proposal; raises BadInput with file and line of everything that is wrong."""
    entries = _parsed(content, file)
    if not entries or not _is(entries[0], names.PROPOSAL):
        raise BadInput(f'{file}:1: this is no proposal: it must begin with `DAY custom "o2c-proposal" NUMBER KIND`')
    proposal = _head(entries[0])
    lines: list[ProposalLine] = []
    for entry in entries[1:]:
        if _is(entry, names.PROPOSAL_LINE):
            lines.append(_line(entry, len(lines) + 1, proposal))
        elif not lines:
            raise BadInput(f"{reading.source(entry)}: an entry stands before the first line; move it behind its line")
        else:
            lines[-1] = lines[-1]._replace(entries=(*lines[-1].entries, _entry(entry)))
    return proposal._replace(lines=tuple(lines))


def _parsed(content: bytes, file: str) -> list[Directive]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: the file is not UTF-8 text ({error.reason}); restore it") from error
    try:
        entries, errors, options = parser.parse_string(text, file)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise BadInput(f"{file}: Beancount cannot read the proposal: {error!r}; correct it") from error
    if errors:
        raise BadInput(
            f"{file}:{error.source['lineno']}: {str(error.message).splitlines()[0]}; correct the proposal"
            for error in errors
        )
    if options["plugin"] or options["include"]:
        raise BadInput(f"{file}: a proposal holds no `plugin` and no `include`; remove the line")
    return sorted(entries, key=lambda entry: int(entry.meta["lineno"]))


def _is(entry: Parsed, kind: str) -> bool:
    return isinstance(entry, data.Custom) and entry.type == kind


def _values(entry: Parsed) -> list[Any]:
    return [value.value for value in entry.values or ()]


def _refuse(entry: Directive, message: str) -> BadInput:
    return BadInput(f"{reading.source(entry)}: {message}")


def _head(entry: Directive) -> Proposal:
    values = _values(entry)
    if len(values) != 2 or not all(isinstance(value, str) for value in values):
        raise _refuse(entry, "the head of a proposal names its number and kind, in quotes")
    meta = _meta(entry, _HEAD)
    return Proposal(
        _gated(entry, identifier, values[0], "proposal"),
        _gated(entry, code, values[1], "kind"),
        entry.date,
        Act(*(str(meta.get(key, "")) for key in Act._fields)),
        str(meta.get("approval", "")),
        str(meta.get("produced", "")),
        (),
        reading.source(entry),
    )


def _gated(entry: Directive, gate: Callable[[str, str], str], text: str, field: str) -> str:
    try:
        return gate(text, field)
    except BadInput as error:
        raise _refuse(entry, str(error)) from error


def _line(entry: Directive, expected: int, proposal: Proposal) -> ProposalLine:
    values = _values(entry)
    if len(values) != 2 or values[0] != Decimal(expected) or values[1] not in STATES:
        states = ", ".join(f'"{state}"' for state in STATES)
        raise _refuse(entry, f"here must stand line {expected} with one of {states}")
    if entry.date != proposal.day:
        raise _refuse(entry, f"the line is dated {entry.date}, the proposal {proposal.day}; write the same day")
    meta = _meta(entry, _LINE)
    return ProposalLine(
        expected,
        values[1],
        str(meta.get("summary", "")),
        tuple(str(meta.get("about", "")).split()),
        str(meta.get("basis", "")),
        _evidence(meta),
        (),
        Act(*(str(meta.get(key, "")) for key in Act._fields)),
        reading.source(entry),
    )


def _evidence(meta: dict[str, Any]) -> Extra:
    return tuple(sorted((key[len(EVIDENCE) :], value) for key, value in meta.items() if key.startswith(EVIDENCE)))


def _meta(entry: Directive, known: frozenset[str]) -> dict[str, Any]:
    found = {key: value for key, value in entry.meta.items() if key not in _PLACE and value is not None}
    for key, value in found.items():
        if key in known and not isinstance(value, str):
            raise _refuse(entry, f"`{key}` is a text; write it in quotes")
        if key not in known and not (key.startswith(EVIDENCE) and known is _LINE):
            raise _refuse(entry, f"`{key}` has no meaning here; remove it")
    return found


def _entry(entry: Directive) -> Entry:
    """Read one entry as it will be posted; refuses what would not come back from the books as it stands here."""
    _refuse_marks(entry)
    if isinstance(entry, data.Transaction):
        entry = entry._replace(postings=[_with_cost(entry, posting) for posting in entry.postings])
    found = reading.read(entry)
    if found is None or (isinstance(found, Document) and not (found.doc_type and found.doc_id)):
        raise _refuse(entry, f"this {type(entry).__name__.lower()} cannot be proposed: {_PROPOSABLE}")
    try:
        again = parser.parse_string(write([found]))[0]
    except BadInput as error:
        raise _refuse(entry, f"{error}; correct the proposal") from error
    if len(again) != 1 or _normal(again[0]) != _normal(entry):
        raise _refuse(entry, f"part of this entry would get lost in the books ({_LOST}); remove it")
    return found


def _refuse_marks(entry: Directive) -> None:
    marked = sorted(MARKS & entry.meta.keys())
    if marked:
        raise _refuse(entry, f"`{marked[0]}` is written when the proposal is posted; remove it")


def _with_cost(entry: Directive, posting: Parsed) -> Parsed:
    """Read the cost of a lot before booking: a lot that is taken out has only its label, its cost is known later."""
    if not isinstance(posting.units, Amount) or not isinstance(posting.units.number, Decimal):
        raise _refuse(entry, f"the posting on {posting.account} has no amount; write every amount out")
    if not isinstance(posting.cost, CostSpec):
        return posting
    return posting._replace(cost=_cost(entry, posting, posting.cost))


def _cost(entry: Directive, posting: Parsed, spec: Parsed) -> Cost:
    units = posting.units.number
    if isinstance(spec.number_total, Decimal) and units:
        return Cost(abs(spec.number_total / units), spec.currency, spec.date, spec.label)
    if isinstance(spec.number_per, Decimal):
        return Cost(spec.number_per, spec.currency, spec.date, spec.label)
    if (units > 0) == posting.account.startswith(names.RECEIVABLES + ":"):
        label = shown(str(spec.label))
        raise _refuse(entry, f'the lot {label} has no cost; write it like {{{{920.00 EUR, "INV-1"}}}}')
    return Cost(ZERO, _ANY, spec.date, spec.label)


def _normal(entry: Parsed) -> object:
    """Give what an entry says, without its place and the order of its postings, to compare two texts."""
    fields = dict(entry._asdict())
    fields["meta"] = _said(entry.meta)
    for optional in ("tags", "links"):
        if optional in fields:
            fields[optional] = frozenset(fields[optional] or ())
    if "postings" in fields:
        fields["postings"] = sorted(_posting(posting) for posting in entry.postings)
    if "currencies" in fields:
        fields["currencies"] = sorted(entry.currencies or ())
    return fields | {"payee": fields.get("payee") or "", "type_": type(entry)}


def _posting(posting: Parsed) -> str:
    label = getattr(posting.cost, "label", None)
    said = sorted(_said(posting.meta).items())
    return repr((posting.account, _plain(posting.units), label, _plain(posting.price), posting.flag, said))


def _said(meta: dict[str, Any] | None) -> dict[str, Any]:
    return {key: _plain(value) for key, value in (meta or {}).items() if key not in _PLACE and value is not None}


def _plain(value: object) -> object:
    """Give a number without its zeros: `100` and `100.00` say the same."""
    if isinstance(value, Amount) and isinstance(value.number, Decimal):
        return (_plain(value.number), value.currency)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
