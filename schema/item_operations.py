"""What can be done to items: added, changed, deleted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import strawberry
from strawberry import UNSET

from ledger.items import parse_price
from resolvers import catalogue as decisions
from resolvers.books import Command
from schema.enums import ItemType
from schema.items import ItemNode, item_key, written_item
from schema.nodes import normal
from schema.operation import mutation, only_given, written_flag
from schema.scalars import DecimalText, Json

KEPT_AS = {
    "item_type": "type",
    "default_revenue_account_id": "revenue_account_id",
    "default_expense_account_id": "expense_account_id",
}


@mutation(ItemNode, result=written_item)
def create_item(
    name: str,
    item_type: ItemType,
    description: str | None = None,
    sku: str | None = None,
    price: DecimalText | None = None,
    purchase_price: DecimalText | None = None,
    currency: str | None = None,
    unit: str | None = None,
    default_revenue_account_id: strawberry.ID | None = None,
    default_expense_account_id: strawberry.ID | None = None,
    tax_rate_id: strawberry.ID | None = None,
    category_id: strawberry.ID | None = None,
    external_id: str | None = None,
    metadata: Json | None = None,
) -> Command:
    """Add a product or service. Its prices are in the organization's currency if none is given."""
    return decisions.create_item(
        {
            "name": name,
            "type": item_type,
            "description": description,
            "sku": sku,
            "price": _price(price, "price"),
            "purchase_price": _price(purchase_price, "purchasePrice"),
            "currency": currency,
            "unit": unit,
            "revenue_account_id": normal("act_", default_revenue_account_id),
            "expense_account_id": normal("act_", default_expense_account_id),
            "tax_rate_id": normal("tax_", tax_rate_id),
            "category_id": normal("cat_", category_id),
            "external_id": external_id,
            "metadata": metadata,
        }
    )


@mutation(ItemNode, result=written_item)
def update_item(
    id: strawberry.ID,
    name: str | None = UNSET,
    item_type: ItemType | None = UNSET,
    description: str | None = UNSET,
    sku: str | None = UNSET,
    price: DecimalText | None = UNSET,
    purchase_price: DecimalText | None = UNSET,
    currency: str | None = UNSET,
    unit: str | None = UNSET,
    default_revenue_account_id: strawberry.ID | None = UNSET,
    default_expense_account_id: strawberry.ID | None = UNSET,
    tax_rate_id: strawberry.ID | None = UNSET,
    category_id: strawberry.ID | None = UNSET,
    is_active: bool | None = UNSET,
    external_id: str | None = UNSET,
    metadata: Json | None = UNSET,
    version: int | None = None,
) -> Command:
    """Change an item. What is absent stays; null clears. Lines that were made with it stay as
    they are.
    """
    given = {
        "name": name,
        "item_type": item_type,
        "description": description,
        "sku": sku,
        "price": _price(price, "price"),
        "purchase_price": _price(purchase_price, "purchasePrice"),
        "currency": currency,
        "unit": unit,
        "default_revenue_account_id": normal("act_", default_revenue_account_id),
        "default_expense_account_id": normal("act_", default_expense_account_id),
        "tax_rate_id": normal("tax_", tax_rate_id),
        "category_id": normal("cat_", category_id),
        "is_active": is_active,
        "external_id": external_id,
        "metadata": metadata,
    }
    needed = {"name", "item_type", "currency", "is_active"}
    given = only_given(given, nullable=given.keys() - needed)
    changed = {KEPT_AS.get(key, key): value for key, value in given.items()}
    return decisions.update_item(item_key(id), changed, version=version)


def _price(given: DecimalText | None, field: str) -> Any:
    """A price as the ledger takes it; what was not given stays so."""
    if given is None or given is UNSET:
        return given
    price: Decimal = parse_price(given, field)
    return price


@mutation(bool, result=written_flag)
def delete_item(id: strawberry.ID, version: int | None = None) -> Command:
    """Delete an item that no line names and nothing is attached to; others are deactivated."""
    return decisions.delete_item(item_key(id), version=version)
