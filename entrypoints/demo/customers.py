"""What the demo company's customers order, how often, and how they pay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Pays(Enum):
    """How a customer pays its invoices."""

    BY_STATEMENT = auto()
    """All invoices of a month together, on the fifteenth of the next."""
    AT_TERM = auto()
    """After `days`, more or less, sometimes a few late."""
    EARLY = auto()
    """Within ten days, less two per cent."""
    IN_HALVES = auto()
    """Late, and in two halves."""
    IN_INSTALMENTS = auto()
    """Each part of the terms when it is due."""


@dataclass(frozen=True, slots=True)
class Want:
    """From `low` to `high` of a good, at a price in the customer's currency, else as listed.

    `every` so many months, `discount` in per cent; a `tax` of the customer's own place.
    """

    good: str
    low: int
    high: int
    price: int | None = None
    every: int = 1
    discount: int = 0
    tax: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A house that buys on account: every second Tuesday, or on `day` of the month.

    It orders every so many months, counted from `first`; `order` begins its own order numbers.
    Its terms are of so many `days`; `opens` says whether it opens the link to its invoices.
    """

    key: str
    wants: tuple[Want, ...]
    pays: Pays = Pays.AT_TERM
    day: int | None = None
    every: int = 1
    first: int = 0
    days: int = 30
    method: str = "check"
    order: str | None = None
    currency: str = "USD"
    notes: str | None = None
    opens: bool = False


BISTRO, BOOKS, HOTEL, DENTAL, INN = (
    "copper-spoon",
    "north-bottoms",
    "hotel-cornelia",
    "burr-oak",
    "saltillo",
)
CUSTOMERS = (
    Customer(
        "platte-valley",
        (Want("PRB-5LB", 42, 52), Want("GUJ-1KG", 8, 12)),
        Pays.BY_STATEMENT,
        order="PO-",
        opens=True,
    ),
    Customer(
        HOTEL,
        (Want("CDE-5LB", 22, 30), Want("DEC-1KG", 4, 6)),
        days=45,
        method="ach",
        order="HC/",
    ),
    Customer("antelope", (Want("PRB-5LB", 44, 56),), day=4, opens=True),
    Customer(BISTRO, (Want("CDE-5LB", 9, 12),), day=9),
    Customer(BOOKS, (Want("PRB-5LB", 24, 32),), day=14),
    Customer(
        "innes-rowe",
        (Want("CDE-1KG", 7, 9), Want("LEASE-BREW", 1, 1), Want("SRV-VISIT", 1, 1, every=6)),
        day=22,
        method="ach",
        opens=True,
    ),
    Customer(
        "meridian",
        (Want("PRB-1KG", 14, 18), Want("CDE-1KG", 8, 10), Want("LEASE-BREW", 2, 2)),
        Pays.EARLY,
        day=2,
        method="ach",
        order="MS-",
        notes="2 % discount on payment within 10 days.",
        opens=True,
    ),
    Customer("havelock", (Want("PRB-5LB", 12, 16),), Pays.IN_HALVES, day=18),
    Customer(
        INN,
        (
            Want("CDE-5LB", 6, 9),
            Want("LEASE-BREW", 1, 1, tax="sales-tax-state"),
            Want("SRV-VISIT", 1, 1, every=3, tax="sales-tax-state"),
        ),
        day=12,
    ),
    Customer(
        "wascana",
        (Want("PRB-1KG", 30, 40, price=3_700), Want("CDE-1KG", 20, 26, price=3_950)),
        day=24,
        method="wire",
        currency="CAD",
        notes="Export to Canada: sold free of US sales tax.",
    ),
    Customer(
        "cottonwood",
        (
            Want("PRB-5LB", 58, 70, discount=5),
            Want("CRS-BREW", 8, 12),
            Want("MCH-GRIND", 1, 1),
        ),
        Pays.IN_INSTALMENTS,
        day=6,
        every=3,
        first=1,
        method="ach",
        opens=True,
    ),
    Customer(DENTAL, (Want("DEC-1KG", 5, 7), Want("PRB-1KG", 6, 8)), day=8, method="check"),
)
