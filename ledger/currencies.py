"""The currencies of ISO 4217: their codes, names, symbols and minor units.

The table is data of a standard and is never edited by hand: tests/ledger/generate_currencies.py
writes it from the package `iso4217`, and a test compares the two. Codes that have no minor
unit (gold, bond units, test codes) are not in it, since no amount can be counted in them.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import LedgerError, Reason

_ID_PREFIX = "CUR_"
_LONGEST_CODE = len(_ID_PREFIX) + 3
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency: `decimals` is the number of digits of its minor unit (USD 2, JPY 0, KWD 3).

    `code` is three capital letters, `name` the name in ISO 4217, and `symbol` what stands
    before a figure in English (CLDR): "$", "CA$", or the code where there is none. None of
    them is ever empty.
    """

    code: str
    name: str
    symbol: str
    decimals: int


# One currency a line: code, decimals, symbol, name.
_TABLE = """\
AED 2 AED UAE Dirham
AFN 2 AFN Afghani
ALL 2 ALL Lek
AMD 2 AMD Armenian Dram
AOA 2 AOA Kwanza
ARS 2 ARS Argentine Peso
AUD 2 A$ Australian Dollar
AWG 2 AWG Aruban Florin
AZN 2 AZN Azerbaijan Manat
BAM 2 BAM Convertible Mark
BBD 2 BBD Barbados Dollar
BDT 2 BDT Taka
BHD 3 BHD Bahraini Dinar
BIF 0 BIF Burundi Franc
BMD 2 BMD Bermudian Dollar
BND 2 BND Brunei Dollar
BOB 2 BOB Boliviano
BOV 2 BOV Mvdol
BRL 2 R$ Brazilian Real
BSD 2 BSD Bahamian Dollar
BTN 2 BTN Ngultrum
BWP 2 BWP Pula
BYN 2 BYN Belarusian Ruble
BZD 2 BZD Belize Dollar
CAD 2 CA$ Canadian Dollar
CDF 2 CDF Congolese Franc
CHE 2 CHE WIR Euro
CHF 2 CHF Swiss Franc
CHW 2 CHW WIR Franc
CLF 4 CLF Unidad de Fomento
CLP 0 CLP Chilean Peso
CNY 2 CN¥ Yuan Renminbi
COP 2 COP Colombian Peso
COU 2 COU Unidad de Valor Real
CRC 2 CRC Costa Rican Colon
CUP 2 CUP Cuban Peso
CVE 2 CVE Cabo Verde Escudo
CZK 2 CZK Czech Koruna
DJF 0 DJF Djibouti Franc
DKK 2 DKK Danish Krone
DOP 2 DOP Dominican Peso
DZD 2 DZD Algerian Dinar
EGP 2 EGP Egyptian Pound
ERN 2 ERN Nakfa
ETB 2 ETB Ethiopian Birr
EUR 2 € Euro
FJD 2 FJD Fiji Dollar
FKP 2 FKP Falkland Islands Pound
GBP 2 £ Pound Sterling
GEL 2 GEL Lari
GHS 2 GHS Ghana Cedi
GIP 2 GIP Gibraltar Pound
GMD 2 GMD Dalasi
GNF 0 GNF Guinean Franc
GTQ 2 GTQ Quetzal
GYD 2 GYD Guyana Dollar
HKD 2 HK$ Hong Kong Dollar
HNL 2 HNL Lempira
HTG 2 HTG Gourde
HUF 2 HUF Forint
IDR 2 IDR Rupiah
ILS 2 ₪ New Israeli Sheqel
INR 2 ₹ Indian Rupee
IQD 3 IQD Iraqi Dinar
IRR 2 IRR Iranian Rial
ISK 0 ISK Iceland Krona
JMD 2 JMD Jamaican Dollar
JOD 3 JOD Jordanian Dinar
JPY 0 ¥ Yen
KES 2 KES Kenyan Shilling
KGS 2 KGS Som
KHR 2 KHR Riel
KMF 0 KMF Comorian Franc
KPW 2 KPW North Korean Won
KRW 0 ₩ Won
KWD 3 KWD Kuwaiti Dinar
KYD 2 KYD Cayman Islands Dollar
KZT 2 KZT Tenge
LAK 2 LAK Lao Kip
LBP 2 LBP Lebanese Pound
LKR 2 LKR Sri Lanka Rupee
LRD 2 LRD Liberian Dollar
LSL 2 LSL Loti
LYD 3 LYD Libyan Dinar
MAD 2 MAD Moroccan Dirham
MDL 2 MDL Moldovan Leu
MGA 2 MGA Malagasy Ariary
MKD 2 MKD Denar
MMK 2 MMK Kyat
MNT 2 MNT Tugrik
MOP 2 MOP Pataca
MRU 2 MRU Ouguiya
MUR 2 MUR Mauritius Rupee
MVR 2 MVR Rufiyaa
MWK 2 MWK Malawi Kwacha
MXN 2 MX$ Mexican Peso
MXV 2 MXV Mexican Unidad de Inversion (UDI)
MYR 2 MYR Malaysian Ringgit
MZN 2 MZN Mozambique Metical
NAD 2 NAD Namibia Dollar
NGN 2 NGN Naira
NIO 2 NIO Cordoba Oro
NOK 2 NOK Norwegian Krone
NPR 2 NPR Nepalese Rupee
NZD 2 NZ$ New Zealand Dollar
OMR 3 OMR Rial Omani
PAB 2 PAB Balboa
PEN 2 PEN Sol
PGK 2 PGK Kina
PHP 2 ₱ Philippine Peso
PKR 2 PKR Pakistan Rupee
PLN 2 PLN Zloty
PYG 0 PYG Guarani
QAR 2 QAR Qatari Rial
RON 2 RON Romanian Leu
RSD 2 RSD Serbian Dinar
RUB 2 RUB Russian Ruble
RWF 0 RWF Rwanda Franc
SAR 2 SAR Saudi Riyal
SBD 2 SBD Solomon Islands Dollar
SCR 2 SCR Seychelles Rupee
SDG 2 SDG Sudanese Pound
SEK 2 SEK Swedish Krona
SGD 2 SGD Singapore Dollar
SHP 2 SHP Saint Helena Pound
SLE 2 SLE Leone
SOS 2 SOS Somali Shilling
SRD 2 SRD Surinam Dollar
SSP 2 SSP South Sudanese Pound
STN 2 STN Dobra
SVC 2 SVC El Salvador Colon
SYP 2 SYP Syrian Pound
SZL 2 SZL Lilangeni
THB 2 THB Baht
TJS 2 TJS Somoni
TMT 2 TMT Turkmenistan New Manat
TND 3 TND Tunisian Dinar
TOP 2 TOP Pa\u2019anga
TRY 2 TRY Turkish Lira
TTD 2 TTD Trinidad and Tobago Dollar
TWD 2 NT$ New Taiwan Dollar
TZS 2 TZS Tanzanian Shilling
UAH 2 UAH Hryvnia
UGX 0 UGX Uganda Shilling
USD 2 $ US Dollar
USN 2 USN US Dollar (Next day)
UYI 0 UYI Uruguay Peso en Unidades Indexadas (UI)
UYU 2 UYU Peso Uruguayo
UYW 4 UYW Unidad Previsional
UZS 2 UZS Uzbekistan Sum
VED 2 VED Bolívar Soberano
VES 2 VES Bolívar Soberano
VND 0 ₫ Dong
VUV 0 VUV Vatu
WST 2 WST Tala
XAD 2 XAD Arab Accounting Dinar
XAF 0 FCFA CFA Franc BEAC
XCD 2 EC$ East Caribbean Dollar
XCG 2 Cg. Caribbean Guilder
XOF 0 F\u202fCFA CFA Franc BCEAO
XPF 0 CFPF CFP Franc
YER 2 YER Yemeni Rial
ZAR 2 ZAR Rand
ZMW 2 ZMW Zambian Kwacha
ZWG 2 ZWG Zimbabwe Gold
"""


def _read(line: str) -> Currency:
    """Return the currency that a line of the table describes."""
    code, decimals, symbol, name = line.split(" ", 3)
    return Currency(code, name, symbol, int(decimals))


CURRENCIES: dict[str, Currency] = {each.code: each for each in map(_read, _TABLE.splitlines())}
"""Every active currency of ISO 4217 that has a minor unit, by its code."""


def currency(code: str) -> Currency:
    """Return the currency with this code ("USD") or id ("CUR_USD"), in any case.

    An unknown one is refused with `INVALID_VALUE`.
    """
    known = CURRENCIES.get(code)
    if known is not None:
        return known
    # Only ASCII is folded: Unicode would make "USD" of a long s, and "INR" of a dotless i.
    if len(code) <= _LONGEST_CODE and code.isascii():
        known = CURRENCIES.get(code.upper().removeprefix(_ID_PREFIX))
    if known is None:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"There is no currency {code[:_SHOWN]!r}.",
            'Give the code of an ISO 4217 currency that has a minor unit, such as "USD", '
            'or its id, "CUR_USD".',
        )
    return known
