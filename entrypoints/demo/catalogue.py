"""What the demo company's documents are made of: tax rates, categories and items."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.categories import CategoryType
from ledger.items import ItemType

_STATE, _CITY = 550, 175


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax rate: its parts by name, each in hundredths of a per cent.

    `is_cost` says that nobody gives the tax back when we buy; `is_reverse_charge` that the
    buyer owes it, and not the vendor.
    """

    name: str
    told: str
    parts: tuple[tuple[str, int], ...]
    is_cost: bool = False
    is_reverse_charge: bool = False


TAXES = {
    "sales-tax-lincoln": Tax(
        "Sales tax, Lincoln",
        "What is sold or let in the city: 5.5 % for the state and 1.75 % for the city.",
        (("Nebraska sales tax", _STATE), ("Lincoln sales tax", _CITY)),
    ),
    "sales-tax-state": Tax(
        "Sales tax, outside the cities",
        "What is delivered to places without a tax of their own.",
        (("Nebraska sales tax", _STATE),),
    ),
    "exempt": Tax(
        "Exempt",
        "Food for home use, sales for resale and sales abroad: reported, and not taxed.",
        (("Tax-exempt", 0),),
    ),
    "sales-tax-paid": Tax(
        "Sales tax that we pay",
        "On what we buy to use: it is part of the cost, for nobody gives it back.",
        (("Sales tax paid", _STATE + _CITY),),
        is_cost=True,
    ),
    "use-tax": Tax(
        "Use tax",
        "On what we buy abroad to use: the vendor charges nothing, and we owe the tax.",
        (("Nebraska use tax", _STATE), ("Lincoln use tax", _CITY)),
        is_cost=True,
        is_reverse_charge=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Branch:
    """A category, below another one or at the top, and the accounts whose entries are its own."""

    name: str
    type: CategoryType
    color: str
    parent: str | None = None
    accounts: tuple[str, ...] = ()


_INCOME, _EXPENSE = CategoryType.INCOME, CategoryType.EXPENSE
CATEGORIES = {
    "cafe": Branch("Café", _INCOME, "#B5651D"),
    "counter": Branch("Counter", _INCOME, "#C68642", "cafe", ("4010",)),
    "retail": Branch("Beans by the bag", _INCOME, "#8D5524", "cafe", ("4020",)),
    "wholesale": Branch("Wholesale", _INCOME, "#2E6F40"),
    "beans": Branch("Coffee", _INCOME, "#3F8F55", "wholesale", ("4030", "4200")),
    "machines": Branch("Machines", _INCOME, "#5B8C5A", "wholesale", ("4040", "4050", "4110")),
    "courses": Branch("Courses", _INCOME, "#7FB285", "wholesale", ("4120",)),
    "goods": Branch("Goods sold", _EXPENSE, "#7A3B2E"),
    "coffee": Branch("Coffee and packaging", _EXPENSE, "#8C4A3C", "goods", ("5010", "5030")),
    "kitchen": Branch("Milk and pastry", _EXPENSE, "#A4604F", "goods", ("5020",)),
    "equipment": Branch("Machines sold", _EXPENSE, "#B97A6A", "goods", ("5040",)),
    "losses": Branch("Stock losses", _EXPENSE, "#CC9688", "goods", ("5090",)),
    "running": Branch("Running the house", _EXPENSE, "#34495E"),
    "people": Branch("People", _EXPENSE, "#46617C", "running", ("5410", "5420", "5450", "5700")),
    "premises": Branch(
        "Premises", _EXPENSE, "#587A9A", "running", ("5200", "5300", "5800", "6200")
    ),
    "upkeep": Branch("Machines and van", _EXPENSE, "#7593AE", "running", ("5750", "6000", "6100")),
    "office": Branch(
        "Office and selling",
        _EXPENSE,
        "#96ADC2",
        "running",
        ("5100", "5500", "5550", "5600", "5900", "5910"),
    ),
}
CATEGORY_OF = {code: key for key, branch in CATEGORIES.items() for code in branch.accounts}
"""The category of an account's entries, by its code; the rest have none."""


@dataclass(frozen=True, slots=True)
class Good:
    """Something that the company sells, or buys where it has a `cost` and no price.

    Prices and costs are in cents of `currency`. `coffee` and `packaging` are what one of it
    takes from stock, at standard cost; `account` is where it is sold to or bought for.
    """

    name: str
    unit: str
    account: str
    price: int | None = None
    cost: int | None = None
    told: str | None = None
    tax: str | None = "exempt"
    currency: str = "USD"
    coffee: int = 0
    packaging: int = 0
    type: ItemType = ItemType.PRODUCT

    @property
    def category(self) -> str | None:
        """The category of what it is sold for."""
        return CATEGORY_OF.get(self.account)


_SERVICE, _LINCOLN = ItemType.SERVICE, "sales-tax-lincoln"
GOODS = {
    "PRB-5LB": Good("Platte River Blend, 5 lb", "bag", "4030", 5_800, coffee=2_640, packaging=95),
    "CDE-5LB": Good("Crane Dance Espresso, 5 lb", "bag", "4030", 6_200, coffee=2_640, packaging=95),
    "PRB-1KG": Good("Platte River Blend, 1 kg", "bag", "4030", 2_750, coffee=1_165, packaging=55),
    "CDE-1KG": Good("Crane Dance Espresso, 1 kg", "bag", "4030", 2_950, coffee=1_165, packaging=55),
    "GUJ-1KG": Good("Ethiopia Guji, 1 kg", "bag", "4030", 3_600, coffee=1_420, packaging=55),
    "DEC-1KG": Good("Night Roost Decaf, 1 kg", "bag", "4030", 3_100, coffee=1_310, packaging=55),
    "LEASE-BREW": Good(
        "Lease of a brewer",
        "brewer",
        "4040",
        8_500,
        told="Lease of a brewer, filters and cleaning included",
        tax=_LINCOLN,
        type=_SERVICE,
    ),
    "SRV-VISIT": Good(
        "Machine service",
        "visit",
        "4110",
        14_500,
        told="Machine service: gaskets, screens, descaling, grinder set anew",
        tax=_LINCOLN,
        type=_SERVICE,
    ),
    "CRS-BREW": Good(
        "Brewing course",
        "person",
        "4120",
        6_500,
        told="Brewing course, half a day at the roastery",
        tax=None,
        type=_SERVICE,
    ),
    "MCH-GRIND": Good("Shop grinder G65", "pc", "4050", 64_000, 41_500, tax=_LINCOLN),
    "GRN-HUILA": Good("Green coffee, Colombia Huila", "lb", "1210", cost=420, tax=None),
    "GRN-GUJI": Good(
        "Green coffee, Ethiopia Guji", "kg", "1210", cost=828, tax=None, currency="EUR"
    ),
    "PKG-5LB": Good("Bags with valve, 5 lb", "pc", "1220", cost=55, tax=None),
    "PKG-12OZ": Good("Bags with valve, 12 oz", "pc", "1220", cost=48, tax=None),
    "PKG-CUP": Good("Paper cups and lids, 12 oz", "pc", "1220", cost=13, tax=None),
}
