"""Numbers and days are read as the profile writes them and in no other way (hostile inputs H16, H30)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from o2c.errors import BadInput
from o2c.importing.dates import FORMATS
from o2c.importing.dates import parse_date
from o2c.importing.numbers import parse_written

ENGLISH = (".", ",", "before")
PLAIN = (".", "", "before")
GERMAN = (",", ".", "before")
SAP = (",", ".", "after")
BRACKETS = (".", ",", "brackets")
FRENCH = (",", "\u00a0", "before")


@pytest.mark.parametrize(
    ("text", "signs", "number"),
    [
        ("1,234.56", ENGLISH, "1234.56"),
        ("1.234,56", GERMAN, "1234.56"),
        ("1,234", ENGLISH, "1234"),
        ("1,234", GERMAN, "1.234"),
        ("1.234", GERMAN, "1234"),
        ("1.234", ENGLISH, "1.234"),
        ("1234567.89", ENGLISH, "1234567.89"),
        ("-5", PLAIN, "-5"),
        ("5,00-", SAP, "-5.00"),
        ("1.234.567,00-", SAP, "-1234567.00"),
        ("(5.00)", BRACKETS, "-5.00"),
        ("5.00", BRACKETS, "5.00"),
        ("1\u00a0234,56", FRENCH, "1234.56"),
        ("-0", PLAIN, "0"),
        ("1000000000000000000", PLAIN, "1000000000000000000"),
        ("1000000000000000001", PLAIN, None),
        ("100000000000000000", PLAIN, "100000000000000000"),
        ("1,234.56", PLAIN, None),
        ("1.234,56", ENGLISH, None),
        ("1,23", ENGLISH, None),
        ("1,2345", ENGLISH, None),
        ("12,34.5", ENGLISH, None),
        (",5", GERMAN, None),
        (".5", PLAIN, None),
        ("5.", PLAIN, None),
        ("\u22125", PLAIN, None),
        ("(5.00)", PLAIN, None),
        ("5.00-", PLAIN, None),
        ("-5.00", SAP, None),
        ("(5.00", BRACKETS, None),
        ("-5.00", BRACKETS, None),
        ("1\u00a0234,56", GERMAN, None),
        ("1 234,56", FRENCH, None),
        ("1_000", PLAIN, None),
        ("1e3", PLAIN, None),
        ("NaN", PLAIN, None),
        ("Infinity", PLAIN, None),
        ("\uff15", PLAIN, None),
        ("\u0665", PLAIN, None),
        ("$5.00", PLAIN, None),
        ("5.00 EUR", PLAIN, None),
        ("+5", PLAIN, None),
        ("0x10", PLAIN, None),
        ("1.1234567", PLAIN, None),
        ("9" * 10_000, PLAIN, None),
    ],
)
def test_a_number_means_what_the_profile_says_or_nothing(
    text: str, signs: tuple[str, str, str], number: str | None
) -> None:
    if number is None:
        with pytest.raises(BadInput, match=r"^Amount: "):
            parse_written(text, *signs, "Amount")
    else:
        assert parse_written(text, *signs, "Amount") == Decimal(number)


DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "written", "day"),
    [
        ("2026-03-05", "YYYY-MM-DD", DAY),
        ("2026-03-05 12:30:00", "YYYY-MM-DD HH:MM:SS", DAY),
        ("2026/3/5", "YYYY/MM/DD", DAY),
        ("20260305", "YYYYMMDD", DAY),
        ("3/5/2026", "M/D/YYYY", DAY),
        ("03/05/2026", "M/D/YYYY", DAY),
        ("3/5/2026", "D/M/YYYY", date(2026, 5, 3)),
        ("05.03.2026", "D.M.YYYY", DAY),
        ("5-3-2026", "D-M-YYYY", DAY),
        ("05-MAR-2026", "D-MON-YYYY", DAY),
        ("2024-02-29", "YYYY-MM-DD", date(2024, 2, 29)),
        ("2023-02-29", "YYYY-MM-DD", None),
        ("13/1/2026", "M/D/YYYY", None),
        ("3/5/26", "M/D/YYYY", None),
        ("2026-03-05", "M/D/YYYY", None),
        ("2026-03-05 12:30", "YYYY-MM-DD", None),
        ("2026-03-05", "YYYY-MM-DD HH:MM:SS", None),
        ("05-MRZ-2026", "D-MON-YYYY", None),
        ("46086", "YYYY-MM-DD", None),
        ("1899-12-31", "YYYY-MM-DD", None),
        ("4712-12-31", "YYYY-MM-DD", None),
        ("\u0662\u0660\u0662\u0666-03-05", "YYYY-MM-DD", None),
        ("", "YYYY-MM-DD", None),
    ],
)
def test_a_day_means_what_the_profile_says_or_nothing(text: str, written: str, day: date | None) -> None:
    assert written in FORMATS
    if day is None:
        with pytest.raises(BadInput, match=r"^Date: "):
            parse_date(text, written, "Date")
    else:
        assert parse_date(text, written, "Date") == day
