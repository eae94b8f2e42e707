"""Tax numbers and bank accounts of customers: their form, and their check digits.

The form and the check digits of an IBAN are proved whenever master data are read. The check digits of tax numbers
differ by country; python-stdnum knows them, and is asked when a customer is added, changed, imported or checked.
"""

from __future__ import annotations

import re
from string import ascii_uppercase

from o2c.errors import BadInput
from o2c.master.countries import vat_country
from o2c.model.money import shown

#: How VAT numbers of the Union look behind the two letters (European Commission, VIES, "VAT number formats").
_FORMS = {
    "AT": r"U[0-9]{8}",
    "BE": r"[01][0-9]{9}",
    "BG": r"[0-9]{9,10}",
    "CY": r"[0-9]{8}[A-Z]",
    "CZ": r"[0-9]{8,10}",
    "DE": r"[0-9]{9}",
    "DK": r"[0-9]{8}",
    "EE": r"[0-9]{9}",
    "EL": r"[0-9]{9}",
    "ES": r"[0-9A-Z][0-9]{7}[0-9A-Z]",
    "FI": r"[0-9]{8}",
    "FR": r"[0-9A-Z]{2}[0-9]{9}",
    "HR": r"[0-9]{11}",
    "HU": r"[0-9]{8}",
    "IE": r"[0-9][0-9A-Z][0-9]{5}[A-Z]{1,2}",
    "IT": r"[0-9]{11}",
    "LT": r"[0-9]{9}|[0-9]{12}",
    "LU": r"[0-9]{8}",
    "LV": r"[0-9]{11}",
    "MT": r"[0-9]{8}",
    "NL": r"[0-9]{9}B[0-9]{2}",
    "PL": r"[0-9]{10}",
    "PT": r"[0-9]{9}",
    "RO": r"[0-9]{2,10}",
    "SE": r"[0-9]{12}",
    "SI": r"[0-9]{8}",
    "SK": r"[0-9]{10}",
    "XI": r"[0-9]{9}|[0-9]{12}|GD[0-9]{3}|HA[0-9]{3}",
}
_TAX_ID = re.compile(r"[A-Z]{2}[A-Z0-9]{2,20}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_LETTER_VALUES = {ord(letter): str(value) for value, letter in enumerate(ascii_uppercase, 10)}
#: Where stdnum keeps the check of a number that begins with these letters, and whether they belong to the number.
_CHECKS = {"XI": ("gb", "vat", False), "GB": ("gb", "vat", False), "CH": ("ch", "uid", True), "NO": ("no", "mva", True)}
_US_CHECK = ("us", "ein", False)


def tax_id(text: str, field: str = "tax_ids") -> str:
    """Pass a tax number as its country writes it: two letters first, then capitals and digits only."""
    form = _FORMS.get(text[:2])
    if not _TAX_ID.fullmatch(text) or (form and not re.fullmatch(form, text[2:], re.ASCII)):
        raise BadInput(
            f"{field}: {shown(text)} is not a tax number; "
            "write the country's two letters and the number without spaces or dots, like DE136695976",
        )
    return text


def is_union_vat(number: str) -> bool:
    """Tell whether a tax number is a VAT number of the Union (or of Northern Ireland)."""
    return number[:2] in _FORMS


def iban(text: str, field: str = "ibans") -> str:
    """Pass a bank account number whose check digits are right (ISO 13616, modulo 97), without spaces."""
    if not _IBAN.fullmatch(text):
        raise BadInput(f"{field}: {shown(text)} is not an IBAN; write capitals and digits without spaces")
    if int((text[4:] + text[:4]).translate(_LETTER_VALUES)) % 97 != 1:
        raise BadInput(f"{field}: the check digits of the IBAN {shown(text)} are wrong; compare it with the source")
    return text


def bic(text: str, field: str = "bic") -> str:
    """Pass the code of a bank (ISO 9362), eight or eleven signs."""
    if not _BIC.fullmatch(text):
        raise BadInput(f"{field}: {shown(text)} is not a BIC; write 8 or 11 capitals and digits, like COBADEFFXXX")
    return text


def wrong_tax_id(number: str) -> str:
    """Say in a sentence what is wrong with the check digits of a tax number; "" when right, or no check is known."""
    from stdnum.exceptions import ValidationError
    from stdnum.util import get_cc_module

    prefix = number[:2]
    country, kind, whole = (
        _US_CHECK if prefix == "US" else _CHECKS.get(prefix, (vat_country(number).lower(), "vat", True))
    )
    module = get_cc_module(country, kind)
    if module is None:
        return ""
    try:
        module.validate(_swiss(number) if prefix == "CH" else number if whole else number[2:])
    except ValidationError:
        return f"the tax number {number} has wrong check digits; compare it with the customer's papers"
    return ""


def _swiss(number: str) -> str:
    """Take the letters for VAT from the end of a Swiss number: CHE123456788MWST."""
    return re.sub(r"(MWST|TVA|IVA|TPV)$", "", number)
