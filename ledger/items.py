"""Items: products and services, and what a document's line takes from one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


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
