"""The words, numbers and days of documents, in the customer's language and as his country writes them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import yaml

from o2c.errors import BadInput
from o2c.errors import Refused
from o2c.model.money import decimals
from o2c.shipped import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

#: The languages there are words for; every other customer reads English.
LANGUAGES = ("en", "de")


class Words:
    """What a document says in one language; `locale` decides how numbers and days are written (`de-AT`)."""

    def __init__(self, words: Mapping[str, str], language: str, locale: str) -> None:
        """Hold the words; raises BadInput for a locale nobody knows."""
        from babel import Locale
        from babel import UnknownLocaleError

        self._words = words
        self.language = language
        try:
            self._locale = Locale.parse(locale.replace("-", "_"))
        except (UnknownLocaleError, ValueError) as error:
            raise BadInput(f"language: nobody writes {locale!r}; use a language such as de, de-AT or en-GB") from error

    def say(self, name: str, **facts: str) -> str:
        """Give a word by its name, its blanks filled in; raises Refused for a word that is not in the file."""
        if name not in self._words:
            raise Refused(f"templates/words.{self.language}.yaml: the word '{name}' is missing; add it")
        try:
            return self._words[name].format_map(facts)
        except (KeyError, ValueError, IndexError) as error:
            said = f"'{name}' asks for {error}, which it cannot have; it may use {', '.join(facts) or 'nothing'}"
            raise Refused(f"templates/words.{self.language}.yaml: {said}") from error

    def own(self, text: str) -> str:
        """Give a text of the ledger (terms, reasons) in this language, where the file has a line for exactly that text.

        The ledger keeps one wording, frozen when the document was posted. Who changes it in the master data changes
        the line here too; until then the customer reads the ledger's own words, never those of older terms.
        """
        return self._words.get(text, text)

    def unit(self, code: str) -> str:
        """Give a unit as people write it; a code nobody translated stays as it is."""
        return self._words.get(f"unit.{code}", code)

    def kind(self, doc_type: str) -> str:
        """Give the word for a type of document; "" for one that needs no word for customers."""
        return self._words.get(doc_type, "")

    def number(self, number: Decimal) -> str:
        """Write a quantity or price with all its digits.

        >>> from decimal import Decimal
        >>> Words({}, "de", "de").number(Decimal("1234.500"))
        '1.234,5'
        """
        from babel.numbers import format_decimal

        return format_decimal(number, format="#,##0.####################", locale=self._locale)

    def price(self, number: Decimal, currency: str) -> str:
        """Write a price with at least the digits of its currency, and all that it has."""
        from babel.numbers import format_decimal

        places = decimals(currency)
        return format_decimal(number, format=_pattern(places) + "#" * (20 - places), locale=self._locale)

    def amount(self, number: Decimal, currency: str) -> str:
        """Write an amount without its currency, for columns.

        >>> from decimal import Decimal
        >>> Words({}, "de", "de").amount(Decimal("-1234.5"), "EUR")
        '-1.234,50'
        """
        from babel.numbers import format_decimal

        return format_decimal(number, format=_pattern(decimals(currency)), locale=self._locale)

    def money(self, number: Decimal, currency: str) -> str:
        r"""Write an amount with the code of its currency, which no reader takes for another.

        >>> from decimal import Decimal
        >>> Words({}, "en", "en").money(Decimal("1234.5"), "USD")
        '1,234.50\xa0USD'
        """
        return f"{self.amount(number, currency)}\u00a0{currency}"

    def percent(self, number: Decimal) -> str:
        """Write a percentage: 19 %."""
        return f"{self.number(number)}\u00a0%"

    def day(self, day: date) -> str:
        """Write a day with the name of its month, which no reader takes for another."""
        from babel.dates import format_date

        return format_date(day, "d. MMMM y" if self.language == "de" else "d MMMM y", locale=self._locale)

    def short(self, day: date) -> str:
        """Write a day for columns."""
        from babel.dates import format_date

        return format_date(day, "dd.MM.yyyy" if self.language == "de" else "d MMM y", locale=self._locale)


def words(root: Path, locale: str) -> Words:
    """Read the words for a customer's language; the company's own file overrides word by word.

    Raises Refused where the company's file is no list of words.
    """
    language = locale[:2] if locale[:2] in LANGUAGES else "en"
    name = f"words.{language}.yaml"
    found = _read(TEMPLATES / name)
    own = root / "templates" / name
    if own.is_file():
        found = found | _read(own)
    return Words(found, language, locale if locale[:2] == language else language)


def _read(path: Path) -> dict[str, str]:
    return dict(_parsed(path, path.read_bytes()))


@lru_cache(maxsize=16)
def _parsed(path: Path, content: bytes) -> dict[str, str]:
    """Read a list of words once; one whose bytes have changed is another one."""
    try:
        read = yaml.load(content.decode(), Loader=yaml.CBaseLoader)  # noqa: S506 - gives texts and nothing else
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: this is no list of words ({str(error).splitlines()[0]})") from error
    if not isinstance(read, dict) or not all(isinstance(value, str) for value in read.values()):
        raise Refused(f"{path}: this is no list of words; write lines like `invoice: Tax invoice`")
    return read


def _pattern(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")
