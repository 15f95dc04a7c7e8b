"""Whom the demo company sells to, buys from and employs. All are made up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ledger.contacts import Address, ContactType, Term


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as it is taken in; `account` and `tax` are what its bills take by default."""

    name: str
    type: ContactType
    address: Address
    email: str | None = None
    phone: str | None = None
    reference: str | None = None
    tax_number: str | None = None
    currency: str | None = None
    delivery: Address | None = None
    terms: tuple[Term, ...] = ()
    account: str | None = None
    tax: str | None = None


def _at(line: str, city: str, state: str | None, code: str, country: str = "US") -> Address:
    return Address(line, None, city, state, code, country)


def _lincoln(line: str, code: str) -> Address:
    return _at(line, "Lincoln", "NE", code)


def _days(*parts: tuple[int, int]) -> tuple[Term, ...]:
    return tuple(Term(Decimal(percent), days) for percent, days in parts)


_CUSTOMER, _VENDOR, _EMPLOYEE = ContactType.CUSTOMER, ContactType.VENDOR, ContactType.EMPLOYEE
CUSTOMERS = {
    "platte-valley": Person(
        "Platte Valley Co-op",
        _CUSTOMER,
        _lincoln("1618 Grain Belt Avenue", "68521"),
        "payables@platte-valley.example",
        "+1 402 555 0111",
        "C-1001",
        terms=_days((100, 45)),
    ),
    "hotel-cornelia": Person(
        "Hotel Cornelia",
        _CUSTOMER,
        _lincoln("333 Cornhusker Row", "68508"),
        "accounts@hotel-cornelia.example",
        "+1 402 555 0112",
        "C-1002",
        delivery=Address("Kitchen dock, 9 Canopy Lane", None, "Lincoln", "NE", "68508", "US"),
        terms=_days((100, 45)),
    ),
    "antelope": Person(
        "Antelope Bakehouse",
        _CUSTOMER,
        _lincoln("2240 Antelope Parkway", "68503"),
        "office@antelope.example",
        "+1 402 555 0113",
        "C-1003",
    ),
    "copper-spoon": Person(
        "Copper Spoon Bistro",
        _CUSTOMER,
        _lincoln("71 Telegraph Street", "68508"),
        "hello@copper-spoon.example",
        None,
        "C-1004",
    ),
    "north-bottoms": Person(
        "North Bottoms Books",
        _CUSTOMER,
        _lincoln("905 Charleston Street", "68508"),
        "shop@north-bottoms.example",
        "+1 402 555 0115",
        "C-1005",
    ),
    "innes-rowe": Person(
        "Innes & Rowe Architects",
        _CUSTOMER,
        _lincoln("Suite 400, 1200 Mill Towne Road", "68508"),
        "studio@innes-rowe.example",
        "+1 402 555 0116",
        "C-1006",
    ),
    "meridian": Person(
        "Meridian Software, Inc.",
        _CUSTOMER,
        _lincoln("5600 Wilderness Ridge Drive", "68512"),
        "ap@meridian.example",
        "+1 402 555 0117",
        "C-1007",
    ),
    "havelock": Person(
        "Havelock Diner",
        _CUSTOMER,
        _lincoln("6210 Havelock Avenue", "68507"),
        "diner@havelock.example",
        "+1 402 555 0118",
        "C-1008",
    ),
    "saltillo": Person(
        "Saltillo Road Inn",
        _CUSTOMER,
        _at("14400 Saltillo Road", "Roca", "NE", "68430"),
        "inn@saltillo.example",
        "+1 402 555 0119",
        "C-1009",
        tax="sales-tax-state",
    ),
    "wascana": Person(
        "Wascana Coffee House",
        _CUSTOMER,
        _at("2300 Lakeshore Drive", "Regina", "SK", "S4P 3V7", "CA"),
        "orders@wascana.example",
        "+1 306 555 0120",
        "C-1010",
        currency="CAD",
    ),
    "cottonwood": Person(
        "Cottonwood Hall Events",
        _CUSTOMER,
        _lincoln("8800 Cottonwood Hollow", "68526"),
        "bookings@cottonwood.example",
        "+1 402 555 0121",
        "C-1011",
        terms=_days((40, 30), (30, 60), (30, 90)),
    ),
    "burr-oak": Person(
        "Burr Oak Dental",
        _CUSTOMER,
        _lincoln("4030 Pioneers Boulevard", "68506"),
        "front.desk@burr-oak.example",
        "+1 402 555 0122",
        "C-1012",
    ),
}
VENDORS = {
    "prairie-green": Person(
        "Prairie Green Coffee Importers",
        _VENDOR,
        _at("Pier 4, 210 Wharf Street", "Houston", "TX", "77029"),
        "trading@prairie-green.example",
        "+1 713 555 0131",
        "V-2001",
        terms=_days((100, 30)),
        account="1210",
    ),
    "speicherstadt": Person(
        "Speicherstadt Rohkaffee GmbH",
        _VENDOR,
        _at("Sandtorkai 27", "Hamburg", None, "20457", "DE"),
        "kontor@speicherstadt.example",
        "+49 40 5550132",
        "V-2002",
        "DE123456788",
        "EUR",
        terms=_days((100, 60)),
        account="1210",
    ),
    "emmerich": Person(
        "Emmerich Röstmaschinen GmbH",
        _VENDOR,
        _at("Reeser Straße 94", "Emmerich am Rhein", None, "46446", "DE"),
        "service@emmerich.example",
        "+49 2822 555013",
        "V-2003",
        "DE987654321",
        terms=_days((100, 30)),
        account="6100",
        tax="use-tax",
    ),
    "salt-creek": Person(
        "Salt Creek Paper & Carton",
        _VENDOR,
        _lincoln("3701 Industrial Circle", "68504"),
        "billing@salt-creek.example",
        "+1 402 555 0134",
        "V-2004",
        terms=_days((100, 21)),
        account="1220",
    ),
    "sower-street": Person(
        "Sower Street Bakery",
        _VENDOR,
        _lincoln("118 Sower Street", "68502"),
        "bakery@sower-street.example",
        "+1 402 555 0135",
        "V-2005",
        terms=_days((100, 14)),
        account="2420",
    ),
    "branched-oak": Person(
        "Branched Oak Dairy",
        _VENDOR,
        _at("17015 Branched Oak Road", "Raymond", "NE", "68428"),
        "milk@branched-oak.example",
        "+1 402 555 0136",
        "V-2006",
        terms=_days((100, 30)),
        account="2410",
    ),
    "lakeside": Person(
        "Lakeside Accounting",
        _VENDOR,
        _lincoln("620 Capitol Beach Boulevard", "68528"),
        "books@lakeside.example",
        "+1 402 555 0137",
        "V-2007",
        terms=_days((100, 14)),
        account="5600",
    ),
    "espresso-service": Person(
        "Nebraska Espresso Service",
        _VENDOR,
        _at("4414 Center Street", "Omaha", "NE", "68105"),
        "workshop@espresso-service.example",
        "+1 402 555 0138",
        "V-2008",
        terms=_days((100, 10)),
        account="6100",
        tax="sales-tax-paid",
    ),
    "heartland": Person(
        "Heartland Mutual",
        _VENDOR,
        _at("1 Mutual Plaza", "Omaha", "NE", "68131"),
        "policies@heartland.example",
        "+1 402 555 0139",
        "V-2009",
        terms=_days((100, 20)),
        account="1300",
    ),
}
STAFF = {
    "marta-kovar": Person(
        "Marta Kovář",
        _EMPLOYEE,
        _lincoln("1540 Garfield Street, Apt. 3", "68502"),
        "marta@sandhill.example",
        "+1 402 555 0141",
        "E-01",
    ),
}
PEOPLE = CUSTOMERS | VENDORS | STAFF
