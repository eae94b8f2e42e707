"""Days as other systems write them: one format, named by the profile, never guessed."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from o2c.errors import BadInput
from o2c.model.money import shown

_YEAR, _MONTH, _DAY = r"(?P<y>[0-9]{4})", r"(?P<m>[0-9]{1,2})", r"(?P<d>[0-9]{1,2})"
_TIME = r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
_NAMES = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
#: What a profile may say under `dates`, and what is read by it; a time of day is dropped.
FORMATS = {
    "YYYY-MM-DD": rf"{_YEAR}-{_MONTH}-{_DAY}",
    "YYYY-MM-DD HH:MM:SS": rf"{_YEAR}-{_MONTH}-{_DAY}{_TIME}",
    "YYYY/MM/DD": rf"{_YEAR}/{_MONTH}/{_DAY}",
    "YYYYMMDD": r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
    "M/D/YYYY": rf"{_MONTH}/{_DAY}/{_YEAR}",
    "D/M/YYYY": rf"{_DAY}/{_MONTH}/{_YEAR}",
    "D.M.YYYY": rf"{_DAY}\.{_MONTH}\.{_YEAR}",
    "D-M-YYYY": rf"{_DAY}-{_MONTH}-{_YEAR}",
    "D-MON-YYYY": rf"{_DAY}-(?P<m>{'|'.join(_NAMES)})-{_YEAR}",
}
_PATTERNS = {name: re.compile(pattern, re.ASCII | re.IGNORECASE) for name, pattern in FORMATS.items()}
#: How a workbook's typed days come out of the sheet reader.
_TYPED = re.compile(rf"{_YEAR}-{_MONTH}-{_DAY}(?:{_TIME})?", re.ASCII)


@lru_cache(maxsize=100_000)
def parse_date(text: str, written: str, column: str) -> date:
    """Read a day written in one of FORMATS (`""` = a typed cell); between 1900 and 2199. Raises BadInput.

    >>> parse_date("4/6/2013", "M/D/YYYY", "InvoiceDate"), parse_date("4/6/2013", "D/M/YYYY", "InvoiceDate")
    (datetime.date(2013, 4, 6), datetime.date(2013, 6, 4))
    """
    form = written or "a date"
    match = (_PATTERNS[written] if written else _TYPED).fullmatch(text)
    if match is None:
        raise BadInput(f"{column}: {shown(text)} is not a day written as {form}; correct it, or `dates` in the profile")
    try:
        day = date(int(match["y"]), _month(match["m"]), int(match["d"]))
    except ValueError:
        raise BadInput(f"{column}: {shown(text)} is no day of the calendar, read as {form}; correct it") from None
    if not 1900 <= day.year <= 2199:
        raise BadInput(
            f"{column}: {shown(text)} lies before 1900 or after 2199; correct the cell, or name it under `no_date`"
        )
    return day


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _NAMES.index(text.upper()) + 1
