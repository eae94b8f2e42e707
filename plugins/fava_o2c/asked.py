"""What a reader asks for: the day, the period, and which customers and documents Fava's filters leave.

Time: reports show the end of the last day of Fava's time filter (not after today); without one, of today. Lists over
a period show its days. Account: customers whose receivable or deposit account it matches. Text: documents and notes
whose entries it matches; sums of a customer are not split by it.
"""

from __future__ import annotations

import re
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import NamedTuple
from zoneinfo import ZoneInfo

from beancount.core import account
from beancount.core.data import Custom
from beancount.core.data import Note
from beancount.core.data import Transaction
from fava.core.filters import FilterError
from fava.core.filters import Match
from fava.util.date import INTERVALS
from fava.util.date import Month
from fava.util.date import parse_date

from o2c.errors import O2CError
from o2c.errors import WrongUsage
from o2c.model import names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date as Date

    from fava.core import FavaLedger
    from fava.util.date import Interval

    from fava_o2c.ledger_books import LedgerBooks

#: The filters of Fava that all links keep.
FILTERS = ("time", "account", "filter", "interval", "conversion")


class Asked(NamedTuple):
    """What the address of a page asks for.

    `day` is the day whose end is shown; `since` and `until` are the first and last day of the period asked for, None
    where none is. `customers` and `numbers` are what the filters leave, None where nothing is filtered. `args` are
    all parameters. `said` tells the reader how the filters were taken.
    """

    day: Date
    since: Date | None
    until: Date
    customers: frozenset[str] | None
    numbers: frozenset[str] | None
    interval: Interval
    args: Mapping[str, str]
    said: tuple[str, ...]

    def filters(self) -> dict[str, str]:
        """Give the filters of Fava as parameters of an address."""
        return {name: self.args[name] for name in FILTERS if self.args.get(name)}


def asked(ledger: FavaLedger, books: LedgerBooks, args: Mapping[str, str], fixed: Date | None = None) -> Asked:
    """Read the parameters of an address; `fixed` is the day taken for today, None where the clock says it.

    Raises WrongUsage for a filter that Fava would refuse too.
    """
    now = fixed or today(books)
    since, end = _span(ledger, args.get("time", ""))
    until = min(end - timedelta(days=1), now) if end else now
    customers = _customers(books, args.get("account", ""))
    numbers = _numbers(ledger, args.get("filter", ""))
    interval = INTERVALS.get(args.get("interval", "").lower(), Month)
    said = (
        f"At the end of {until}{'' if end else ' (today)'}."
        + ("" if end else " Fava's time filter chooses another day: its last one."),
        *([f"Only customers whose accounts match “{args['account']}”."] if customers is not None else []),
        *(
            [f"The filter “{args['filter']}” narrows lists of documents; sums of customers are not split by it."]
            if numbers is not None
            else []
        ),
    )
    return Asked(until, since, until, customers, numbers, interval, args, said)


def today(books: LedgerBooks) -> Date:
    """Give the day it is where the company is; here alone the pages ask the clock."""
    try:
        zone = books.master.company.timezone
    except O2CError:
        zone = "UTC"
    return datetime.now(ZoneInfo(zone)).date()


def _span(ledger: FavaLedger, text: str) -> tuple[Date | None, Date | None]:
    """Read a time filter: first day, and the day after the last one."""
    if not text.strip():
        return None, None
    try:
        since, end = parse_date(text, ledger.fava_options.fiscal_year_end)
    except (ValueError, OverflowError):
        since = end = None
    if end is None:
        raise WrongUsage(f"the time filter “{text}” is not one; write it like 2026-03, 2026-Q1 or 2026-01 - 2026-03")
    return since, end


def _customers(books: LedgerBooks, value: str) -> frozenset[str] | None:
    """Name the customers whose accounts match, by Fava's own rule: a parent account or a regular expression."""
    if not value:
        return None
    try:
        return frozenset(code for code in books.slices.customers if _matches(value, code))
    except re.error as error:
        raise WrongUsage(f"the account filter “{value}” cannot be read: {error}") from error


def _matches(value: str, code: str) -> bool:
    match, accounts = Match(value), (names.receivable(code), names.deposit(code))
    return any(account.has_component(name, value) or match(name) for name in accounts)


def _numbers(ledger: FavaLedger, text: str) -> frozenset[str] | None:
    if not text.strip():
        return None
    try:
        entries = ledger.get_filtered(filter=text).entries
    except FilterError as error:
        raise WrongUsage(f"the filter “{text}” cannot be read: {error}") from error
    keys = ("doc-id", "subject")
    ours = (entry for entry in entries if isinstance(entry, Transaction | Note | Custom) and entry.meta)
    return frozenset(str(entry.meta[key]) for entry in ours for key in keys if key in entry.meta)
