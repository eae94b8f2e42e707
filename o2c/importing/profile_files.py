"""Reading profiles: those that ship with the package, by name, and the user's own, by file."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.errors import NotFound
from o2c.importing import dates
from o2c.importing import numbers
from o2c.importing.delimited import DELIMITERS
from o2c.importing.delimited import ENCODINGS
from o2c.importing.profile import FIELDS
from o2c.importing.profile import HISTORY
from o2c.importing.profile import KINDS
from o2c.importing.profile import NEEDED
from o2c.importing.profile import OPEN_ITEMS
from o2c.importing.profile import STATUSES
from o2c.importing.profile import TYPES
from o2c.importing.profile import WITH_LINES
from o2c.importing.profile import Profile
from o2c.master import countries
from o2c.master import gates
from o2c.master import yaml_text
from o2c.master.faults import Faults
from o2c.master.section import Section
from o2c.model import text
from o2c.model.money import parse_currency

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

_FIELDS = frozenset({*Profile.__dataclass_fields__, "kind"} - {"name", "kinds"})


def shipped() -> dict[str, Path]:
    """Name the profiles that ship with the package, and their files."""
    folder = Path(str(files("o2c.importing"))) / "profiles"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load(name: str) -> Profile:
    """Read a profile by the name of a shipped one, or by its file; raises NotFound, or BadInput with every fault."""
    known = shipped()
    path = known.get(name, Path(name))
    try:
        with path.open("rb") as stream:
            data = stream.read(yaml_text.MAX_BYTES + 1)
    except OSError as error:
        raise NotFound(
            f"--profile {name}: {error.strerror}; name a file, or one of {', '.join(known)}",
        ) from error
    return parse(path.stem, data, str(path))


def parse(name: str, data: bytes, file: str) -> Profile:
    """Read the text of a profile; raises BadInput with every fault as `FILE:LINE:COL: what; what to do`."""
    faults = Faults(file)
    decoded = yaml_text.decoded(data, faults)
    node = yaml_text.composed(decoded, faults) if decoded is not None else None
    profile = _profile(name, Section("profile", node, faults, _FIELDS)) if node is not None else None
    if faults.found or profile is None:
        raise BadInput(faults.sentences())
    return profile


def _profile(name: str, section: Section) -> Profile:
    profile = Profile(
        name=name,
        kinds=_words(section, "kind", gates.choice(*KINDS)),
        title=section.value("title", gates.line, ""),
        columns=_columns(section),
        optional=section.many("optional", gates.choice(*FIELDS)),
        encoding=section.value("encoding", gates.choice(*ENCODINGS), "utf-8"),
        delimiter=DELIMITERS[section.value("delimiter", gates.choice(*DELIMITERS), ",")],
        sheet=section.value("sheet", gates.line, ""),
        header_line=section.value("header_line", gates.whole(1, 100), 1),
        rows_need=section.many("rows_need", gates.line),
        dates=section.value("dates", gates.choice(*dates.FORMATS), "YYYY-MM-DD"),
        no_date=section.many("no_date", gates.line),
        decimal=section.value("decimal", gates.choice(*numbers.DECIMALS), "."),
        group=numbers.GROUPS[section.value("group", gates.choice(*numbers.GROUPS), "none")],
        minus=section.value("minus", gates.choice(*numbers.MINUS), "before"),
        currency=section.value("currency", parse_currency, ""),
        numbers=section.value("numbers", gates.choice("as-is", "adapted"), "as-is"),
        prefixes=section.pairs("prefixes", gates.choice("invoice", "credit-note", "receipt"), text.identifier),
        types=section.pairs("types", gates.line, gates.choice(*TYPES)),
        credits=section.value("credits", gates.choice("negative", "positive"), "negative"),
        negative_amounts=section.value("negative_amounts", gates.choice("credit", "refused"), "refused"),
        cancellation_prefix=section.value("cancellation_prefix", text.identifier, ""),
        statuses=section.pairs("statuses", gates.line, gates.choice(*STATUSES)),
        disputed=section.many("disputed", gates.line),
        undisputed=section.many("undisputed", gates.line),
        due_days=section.value("due_days", gates.whole(0, 3650), -1),
        one_time=section.value("one_time", text.customer_code, ""),
        one_time_name=section.value("one_time_name", gates.line, "One-time customers"),
        customer_terms=section.value("customer_terms", text.code, "net30"),
        countries=section.pairs("countries", gates.line, _country),
        income_account=section.value("income_account", text.account, "Income:Imported"),
        bank_account=section.value("bank_account", text.account, "Assets:Bank:Imported"),
        opening_account=section.value("opening_account", text.account, "Equity:Opening-Balances"),
    )
    _check(profile, section)
    return profile


def _words(section: Section, key: str, gate: Callable[[str, str], str]) -> tuple[str, ...]:
    """Read one word, or a list of words."""
    return section.many(key, gate) if section.text_of(key) is None else (section.needed(key, gate, "", HISTORY),)


def _columns(section: Section) -> dict[str, tuple[str, ...]]:
    part = section.section("columns", frozenset(FIELDS))
    if part is None:
        section.missing("columns", "{number: Invoice, customer: Customer, date: Date, amount: Amount}")
        return {}
    return {name: _words(part, name, gates.line) for name in FIELDS if name in part}


def _country(value: str, name: str) -> str:
    """Pass a country, or `none` for a text that names no country."""
    return "" if value == "none" else countries.country(value, name)


def _check(profile: Profile, section: Section) -> None:
    """Note what cannot be right in a profile as a whole."""
    if not profile.kinds:
        section.missing("kind", HISTORY)
    for fault in _contradictions(profile):
        section.fault("columns", fault)


def _contradictions(profile: Profile) -> Iterator[str]:
    columns = profile.columns
    for kind in profile.kinds:
        for name in NEEDED.get(kind, ()):
            if name not in columns:
                yield f"{kind} needs a column for `{name}`; add `{name}: NAME OF THE COLUMN` to columns"
    if OPEN_ITEMS in profile.kinds and not {"amount", "open"} & columns.keys():
        yield "open-items needs a column for `open` or `amount`; add one to columns"
    if profile.decimal == profile.group:
        yield "decimal and group are the same sign; then no number can be read, correct one of them"
    for name, key in (("type", "types"), ("status", "statuses"), ("disputed", "disputed")):
        if (name in columns) != bool(getattr(profile, key)):
            yield f"a column for `{name}` and the key `{key}` belong together; give both or neither"
    if WITH_LINES in profile.kinds and {"type", "status", "settled", "applies_to"} & columns.keys():
        yield "invoices-with-lines knows no type, status, settled or applies_to; remove these columns"
