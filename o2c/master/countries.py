"""Countries: their names, who is in the European Union on a day, and how their VAT numbers begin."""

from __future__ import annotations

from datetime import date

from o2c.errors import BadInput
from o2c.model.money import shown

#: ISO 3166-1, alpha-2, with the short English name that is written on a letter.
_NAMES = """
AD Andorra; AE United Arab Emirates; AF Afghanistan; AG Antigua and Barbuda; AI Anguilla; AL Albania; AM
Armenia; AO Angola; AQ Antarctica; AR Argentina; AS American Samoa; AT Austria; AU Australia; AW Aruba; AX Åland
Islands; AZ Azerbaijan; BA Bosnia and Herzegovina; BB Barbados; BD Bangladesh; BE Belgium; BF Burkina Faso; BG
Bulgaria; BH Bahrain; BI Burundi; BJ Benin; BL St. Barthélemy; BM Bermuda; BN Brunei; BO Bolivia; BQ Caribbean
Netherlands; BR Brazil; BS Bahamas; BT Bhutan; BV Bouvet Island; BW Botswana; BY Belarus; BZ Belize; CA Canada;
CC Cocos (Keeling) Islands; CD Congo - Kinshasa; CF Central African Republic; CG Congo - Brazzaville; CH
Switzerland; CI Ivory Coast; CK Cook Islands; CL Chile; CM Cameroon; CN China; CO Colombia; CR Costa Rica; CU
Cuba; CV Cape Verde; CW Curaçao; CX Christmas Island; CY Cyprus; CZ Czechia; DE Germany; DJ Djibouti; DK
Denmark; DM Dominica; DO Dominican Republic; DZ Algeria; EC Ecuador; EE Estonia; EG Egypt; EH Western Sahara; ER
Eritrea; ES Spain; ET Ethiopia; FI Finland; FJ Fiji; FK Falkland Islands; FM Micronesia; FO Faroe Islands; FR
France; GA Gabon; GB United Kingdom; GD Grenada; GE Georgia; GF French Guiana; GG Guernsey; GH Ghana; GI
Gibraltar; GL Greenland; GM Gambia; GN Guinea; GP Guadeloupe; GQ Equatorial Guinea; GR Greece; GS South Georgia
and South Sandwich Islands; GT Guatemala; GU Guam; GW Guinea-Bissau; GY Guyana; HK Hong Kong SAR China; HM Heard
and McDonald Islands; HN Honduras; HR Croatia; HT Haiti; HU Hungary; ID Indonesia; IE Ireland; IL Israel; IM
Isle of Man; IN India; IO British Indian Ocean Territory; IQ Iraq; IR Iran; IS Iceland; IT Italy; JE Jersey; JM
Jamaica; JO Jordan; JP Japan; KE Kenya; KG Kyrgyzstan; KH Cambodia; KI Kiribati; KM Comoros; KN St. Kitts and
Nevis; KP North Korea; KR South Korea; KW Kuwait; KY Cayman Islands; KZ Kazakhstan; LA Laos; LB Lebanon; LC St.
Lucia; LI Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho; LT Lithuania; LU Luxembourg; LV Latvia; LY Libya;
MA Morocco; MC Monaco; MD Moldova; ME Montenegro; MF St. Martin; MG Madagascar; MH Marshall Islands; MK North
Macedonia; ML Mali; MM Myanmar (Burma); MN Mongolia; MO Macao SAR China; MP Northern Mariana Islands; MQ
Martinique; MR Mauritania; MS Montserrat; MT Malta; MU Mauritius; MV Maldives; MW Malawi; MX Mexico; MY
Malaysia; MZ Mozambique; NA Namibia; NC New Caledonia; NE Niger; NF Norfolk Island; NG Nigeria; NI Nicaragua; NL
Netherlands; NO Norway; NP Nepal; NR Nauru; NU Niue; NZ New Zealand; OM Oman; PA Panama; PE Peru; PF French
Polynesia; PG Papua New Guinea; PH Philippines; PK Pakistan; PL Poland; PM St. Pierre and Miquelon; PN Pitcairn
Islands; PR Puerto Rico; PS Palestinian Territories; PT Portugal; PW Palau; PY Paraguay; QA Qatar; RE Réunion;
RO Romania; RS Serbia; RU Russia; RW Rwanda; SA Saudi Arabia; SB Solomon Islands; SC Seychelles; SD Sudan; SE
Sweden; SG Singapore; SH St. Helena; SI Slovenia; SJ Svalbard and Jan Mayen; SK Slovakia; SL Sierra Leone; SM
San Marino; SN Senegal; SO Somalia; SR Suriname; SS South Sudan; ST São Tomé and Príncipe; SV El Salvador; SX
Sint Maarten; SY Syria; SZ Eswatini; TC Turks and Caicos Islands; TD Chad; TF French Southern Territories; TG
Togo; TH Thailand; TJ Tajikistan; TK Tokelau; TL Timor-Leste; TM Turkmenistan; TN Tunisia; TO Tonga; TR Türkiye;
TT Trinidad and Tobago; TV Tuvalu; TW Taiwan; TZ Tanzania; UA Ukraine; UG Uganda; UM U.S. Outlying Islands; US
United States; UY Uruguay; UZ Uzbekistan; VA Vatican City; VC St. Vincent and Grenadines; VE Venezuela; VG
British Virgin Islands; VI U.S. Virgin Islands; VN Vietnam; VU Vanuatu; WF Wallis and Futuna; WS Samoa; YE
Yemen; YT Mayotte; ZA South Africa; ZM Zambia; ZW Zimbabwe
"""
NAMES = dict(entry.split(" ", 1) for entry in _NAMES.replace("\n", " ").strip().split("; "))

#: First day in the Union (its VAT area) and, for one, the last.
_JOINED = {
    **dict.fromkeys("BE DE FR IT LU NL".split(), date(1958, 1, 1)),
    **dict.fromkeys("DK GB IE".split(), date(1973, 1, 1)),
    "GR": date(1981, 1, 1),
    **dict.fromkeys("ES PT".split(), date(1986, 1, 1)),
    **dict.fromkeys("AT FI SE".split(), date(1995, 1, 1)),
    **dict.fromkeys("CY CZ EE HU LT LV MT PL SI SK".split(), date(2004, 5, 1)),
    **dict.fromkeys("BG RO".split(), date(2007, 1, 1)),
    "HR": date(2013, 7, 1),
}
_LEFT = {"GB": date(2020, 12, 31)}
#: Countries that count as another's VAT area (Directive 2006/112/EC, Art. 7).
_AREAS = {"MC": "FR", "IM": "GB"}
_PREFIXES = {"GR": "EL"}
#: Northern Ireland: goods as inside the Union, services as outside (Protocol, in force since 2021-01-01).
NORTHERN_IRELAND = "XI"


def country(text: str, field: str = "country") -> str:
    """Pass a country as ISO 3166-1 alpha-2, `DE`; raises BadInput for anything else."""
    if text not in NAMES:
        raise BadInput(f"{field}: {shown(text)} is not a country; write its two capitals after ISO 3166, like DE or GB")
    return text


def vat_area(code: str) -> str:
    """Give the country whose VAT applies: Monaco counts as France, the Isle of Man as Great Britain."""
    return _AREAS.get(code, code)


def in_union(code: str, day: date | None = None) -> bool:
    """Tell whether a country is in the Union's VAT area on a day; without a day, whether it is and has not left.

    >>> in_union("GB", date(2020, 12, 31)), in_union("GB", date(2021, 1, 1)), in_union("HR", date(2013, 6, 30))
    (True, False, False)
    """
    area = vat_area(code)
    if area not in _JOINED:
        return False
    return area not in _LEFT if day is None else _JOINED[area] <= day <= _LEFT.get(area, date.max)


def vat_country(tax_id: str) -> str:
    """Give the country of a VAT number: its first two letters, but `EL` is Greece.

    >>> vat_country("EL123456789"), vat_country("XI123456789")
    ('GR', 'XI')
    """
    prefix = tax_id[:2]
    return next((code for code, letters in _PREFIXES.items() if letters == prefix), prefix)
