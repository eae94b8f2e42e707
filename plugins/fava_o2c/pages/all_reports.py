"""Reports: every report there is, each with the options it takes; a new report shows here without a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava_o2c import links
from fava_o2c.pages.making import report
from fava_o2c.pages.making import shown
from fava_o2c.parts import Entry
from fava_o2c.parts import Fields
from fava_o2c.parts import Form
from fava_o2c.parts import Links
from fava_o2c.parts import Said
from fava_o2c.parts import Shown
from fava_o2c.parts import View
from fava_o2c.viewing import FORMATS
from o2c import reports
from o2c.errors import WrongUsage
from o2c.model import text
from o2c.model.money import shown as quoted
from o2c.reports.aging import BASES
from o2c.reports.dso import METHODS

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date

    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables

#: Before the name of an option in an address.
PREFIX = "with-"
#: What Fava's time filter says, so that no field asks for it.
_DAYS = frozenset({"since", "until"})
#: The values of options that take one of some words.
_WORDS = {"basis": tuple(BASES), "method": tuple(METHODS)}
_YES = "yes"
#: Reports that look at the entries of all days, and how many documents are too many of them for a page.
OF_ALL_DAYS = frozenset(
    {
        "duties",
        "event-log",
        "forecast",
        "forecast-error",
        "forecast-items",
        "insight-items",
        "insights",
        "rework",
        "variants",
        "waiting-times",
    }
)
MANY = 15_000
_LONG = "This report looks at all entries of all days, which with so many documents takes longer than a page may: "
_WHOLE = "This report has no customers in its rows: Fava's account filter does not narrow it, the fields below do."


def tables(here: Here) -> Tables:
    """Give the table of the report that was chosen; none in the list of reports."""
    name = _name(here)
    return {name: lambda: report(here, name, None, **_given(here, name))} if name else {}


def parts(here: Here) -> list[Part]:
    """Give the parts of the page: the list of reports, or one of them."""
    name = _name(here)
    if not name:
        return [Fields("", tuple((one, (Shown(known.summary, _way(here, one)),)) for one, known in _all()))]
    back = Links("Reports", (Shown("all reports", links.page(here.asked, here.page, {})),))
    if name in OF_ALL_DAYS and len(here.books.facts.versions) > MANY:
        return [back, _form(here, name), *_instead(here, name)]
    found = shown(here, tables(here))
    return [back, _form(here, name), *_said(here, found), *found]


def own(args: Mapping[str, str]) -> tuple[str, ...]:
    """Name the parameters that say which report is shown, and how; every link on its page keeps them."""
    return ("report", *(name for name in args if name.startswith(PREFIX)))


def title(here: Here) -> str:
    """Say what the chosen report shows."""
    name = _name(here)
    return f"Report {name}: {reports.REPORTS[name].summary}" if name else "Reports"


def _instead(here: Here, name: str) -> list[Part]:
    """Give the ways to a report that takes longer than a page may."""
    args = {**here.kept(), "report": name, "table": name}
    ways = (
        Shown(fmt.upper(), links.page(here.asked, here.page, {**args, "format": fmt}, "download")) for fmt in FORMATS
    )
    command = f"o2c report {name} --as-of {here.asked.day}"
    return [Said(_LONG, code=command), Links("Take it along, which takes some seconds", tuple(ways), are_files=True)]


def _said(here: Here, found: Iterable[Part]) -> list[Part]:
    """Say so where the rows have no customer that Fava's filter could choose."""
    heads = [{head.label for head in one.heads} for one in found if isinstance(one, View)]
    is_lost = here.asked.customers is not None and any("customer" not in one for one in heads)
    return [Said(_WHOLE)] if is_lost else []


def _all() -> list[tuple[str, reports.Report]]:
    return sorted(reports.REPORTS.items())


def _name(here: Here) -> str:
    name = here.asked.args.get("report", "")
    if name and name not in reports.REPORTS:
        raise WrongUsage(f"there is no report {quoted(name)}; there are: {', '.join(reports.REPORTS)}")
    return name


def _way(here: Here, name: str) -> str:
    return links.page(here.asked, here.page, {"report": name})


def _form(here: Here, name: str) -> Form:
    entries = tuple(_entry(here, option, kind) for option, kind in _fields(name).items())
    action = links.page(here.asked, here.page, {}).partition("?")[0]
    return Form("Options of the report", action, {**here.asked.filters(), "report": name}, entries)


def _fields(name: str) -> dict[str, str]:
    """Give the options of a report that a reader fills in, with the type each has in its signature."""
    return {option: kind for option, kind in sorted(reports.kinds(name).items()) if option not in _DAYS}


def _entry(here: Here, option: str, kind: str) -> Entry:
    words = (_YES,) if kind == "bool" else _WORDS.get(option, ())
    return Entry(PREFIX + option, option.replace("_", " "), here.asked.args.get(PREFIX + option, ""), words)


def _given(here: Here, name: str) -> dict[str, object]:
    """Read the options of the address, and the days of Fava's time filter."""
    kinds, found = reports.kinds(name), dict[str, object]()
    for option, kind in _fields(name).items():
        if said := here.asked.args.get(PREFIX + option, "").strip():
            found[option] = _read(option, kind, said)
    if here.asked.since and "since" in kinds and "days" not in found:
        found["since"] = here.asked.since
    return found


def _read(option: str, kind: str, said: str) -> object:
    """Read an option as its type in the signature of the report says."""
    for word, read in _READERS.items():
        if word in kind:
            return read(said, option)
    return text.code(said, option) if option in {"customer", "group", "currency"} else text.one_line(said, option)


def _whole(said: str, option: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 6):
        raise WrongUsage(f"{option}: {quoted(said)} is no whole number; write it like 90")
    return int(said)


def _numbers(said: str, option: str) -> tuple[int, ...]:
    return tuple(_whole(word.strip(), option) for word in said.split(","))


def _day(said: str, option: str) -> date:
    return text.day(said, option)


def _is_yes(said: str, _option: str) -> bool:
    return said == _YES


#: Readers by a word of the type; the first that is there counts.
_READERS: dict[str, Callable[[str, str], object]] = {
    "bool": _is_yes,
    "date": _day,
    "[int": _numbers,
    "int": _whole,
}
