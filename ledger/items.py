"""Items: products and services, and what a document's line takes from one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ledger import references, texts
from ledger.chart import Chart
from ledger.currencies import currency as known_currency
from ledger.errors import LedgerError, Reason, at
from ledger.quantities import parse_decimal

PRICE_DIGITS = 12
PRICE_DECIMALS = 6
SKU_LENGTH = 100
UNIT_LENGTH = 50
_PRICE_CURE = (
    f"Write a price of zero or more with at most {PRICE_DIGITS} digits before and {PRICE_DECIMALS} "
    'after the point, such as "19.90": no sign, exponent or blank.'
)


class ItemType(StrEnum):
    """What an item is."""

    PRODUCT = "product"
    SERVICE = "service"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Item:
    """Something we sell or buy. Prices are in `currency`, with up to six decimals.

    A line that names the item takes from it what it does not say itself: description, price
    (on a bill the purchase price), account, tax rate and category.
    """

    organization_id: str
    id: str
    name: str
    type: ItemType
    currency: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    sku: str | None = None
    price: Decimal | None = None
    purchase_price: Decimal | None = None
    revenue_account_id: str | None = None
    expense_account_id: str | None = None
    tax_rate_id: str | None = None
    category_id: str | None = None
    unit: str | None = None
    is_active: bool = True
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1


def add_item(
    chart: Chart, item: Item, *, tax_rates: Collection[str], categories: Collection[str]
) -> Item:
    """The item as it comes into the books, or why it cannot.

    `tax_rates` and `categories` are the ids of those that the organization has.
    """
    optional = texts.clean_optional
    added = replace(
        item,
        name=texts.clean(item.name, "name", texts.NAME_LENGTH),
        currency=at("currency", known_currency, item.currency).code,
        description=optional(item.description, "description", texts.DESCRIPTION_LENGTH),
        sku=None if item.sku is None else texts.clean(item.sku, "sku", SKU_LENGTH),
        price=_price(item.price, "price"),
        purchase_price=_price(item.purchase_price, "purchasePrice"),
        unit=optional(item.unit, "unit", UNIT_LENGTH),
        external_id=optional(item.external_id, "externalId", texts.NAME_LENGTH),
        metadata=texts.clean_metadata(item.metadata),
    )
    references.require_default_account(chart, item.revenue_account_id, "defaultRevenueAccountId")
    references.require_default_account(chart, item.expense_account_id, "defaultExpenseAccountId")
    references.require_known("tax rate", tax_rates, item.tax_rate_id, "taxRateId")
    references.require_known("category", categories, item.category_id, "categoryId")
    return added


def change_item(
    chart: Chart,
    before: Item,
    after: Item,
    *,
    tax_rates: Collection[str],
    categories: Collection[str],
) -> Item:
    """The item as it is after an update, or why it cannot become so."""
    after = add_item(chart, after, tax_rates=tax_rates, categories=categories)
    references.require_permanent_external_id(before.external_id, after.external_id)
    return after


def remove_item(item: Item, *, is_used: bool) -> None:
    """Raise the reason why an item cannot be deleted, if there is one.

    `is_used` says whether a document's line names it, or an attachment is of it.
    """
    if not is_used:
        return
    raise LedgerError(
        Reason.IN_USE,
        f"Item {item.name} is named by documents or has attachments, and stays.",
        "Set its isActive to false instead.",
        {"item_id": item.id},
        "id",
    )


def parse_price(value: str | int | Decimal, field_name: str) -> Decimal:
    """Return an item's price: zero or more, at most twelve digits before and six after the point.

    Anything else is refused with `INVALID_AMOUNT`; a price is never rounded.
    """
    try:
        return parse_decimal(
            value, "a price", _PRICE_CURE, digits=PRICE_DIGITS, decimals=PRICE_DECIMALS
        )
    except LedgerError as error:
        raise error.inside(field_name) from None


def _price(value: Decimal | None, field_name: str) -> Decimal | None:
    return None if value is None else parse_price(value, field_name)
