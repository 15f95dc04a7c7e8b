"""Items in the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.currencies import CURRENCIES
from ledger.items import Item
from ledger.money import price_text
from resolvers.books import Written, unknown
from schema.attachments import AttachmentNode, attachments_of
from schema.categories import CategoryNode, categories_by_id
from schema.connections import ListOf
from schema.context import Reading
from schema.enums import ItemType
from schema.filters import (
    BooleanFilter,
    DateTimeFilter,
    IDFilter,
    ItemTypeFilter,
    StringFilter,
    plain,
)
from schema.lists import NounList
from schema.loading import batched
from schema.money import CurrencyNode, currency_node
from schema.nodes import Loaded, Node, id_or_none
from schema.operation import query
from schema.scalars import DecimalText, Json
from schema.tax_rates import TaxRateNode, tax_rates_by_id
from store import items

Items = Annotated["ItemNode", strawberry.lazy("schema.items")]


@strawberry.input(description="Which items; conditions that stand side by side all hold.")
class ItemWhere:
    """A filter of items."""

    id: IDFilter | None = UNSET
    name: StringFilter | None = UNSET
    item_type: ItemTypeFilter | None = UNSET
    sku: StringFilter | None = UNSET
    description: StringFilter | None = UNSET
    category_id: IDFilter | None = UNSET
    currency: StringFilter | None = UNSET
    is_active: BooleanFilter | None = UNSET
    external_id: StringFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[ItemWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[ItemWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: ItemWhere | None = strawberry.field(default=UNSET, name="not")


LISTS = NounList("Item", "items", Items, ("name", "created_at", "updated_at"))
ItemOrder: Any = LISTS.Order
ItemConnection: Any = LISTS.Connection
SOURCE = ListOf("items", items.LISTING.listed, items.LISTING.counted)


@strawberry.type
class ItemNode(Node):
    """Something sold or bought. A line that names it takes from it what it does not say itself."""

    id: strawberry.ID
    name: str
    item_type: ItemType
    description: str | None = strawberry.field(description="The text of lines, else its name.")
    sku: str | None = strawberry.field(description="The stock number; unique.")
    price: DecimalText | None = strawberry.field(
        description="For one unit in `currency`, with up to six decimals, when we sell it."
    )
    purchase_price: DecimalText | None = strawberry.field(description="The same when we buy it.")
    currency: CurrencyNode
    unit: str | None = strawberry.field(description="What one of it is: hour, kg.")
    default_revenue_account_id: strawberry.ID | None
    default_expense_account_id: strawberry.ID | None
    tax_rate_id: strawberry.ID | None
    category_id: strawberry.ID | None
    is_active: bool
    external_id: str | None = strawberry.field(description="The caller's own id; permanent.")
    metadata: Json
    version: int = strawberry.field(description="Counts changes; give it to updates.")
    created_at: datetime
    updated_at: datetime
    fact: strawberry.Private[Item]
    loaded: Loaded = field(default_factory=dict)

    @batched(TaxRateNode | None)
    async def tax_rate(nodes: Sequence[ItemNode], reading: Reading) -> list[TaxRateNode | None]:
        """The tax rate of lines with the item."""
        keys = {node.fact.tax_rate_id for node in nodes if node.fact.tax_rate_id is not None}
        found = await tax_rates_by_id(reading, sorted(keys))
        return [found.get(node.fact.tax_rate_id or "") for node in nodes]

    @batched(CategoryNode | None)
    async def category(nodes: Sequence[ItemNode], reading: Reading) -> list[CategoryNode | None]:
        """The category of lines with the item."""
        keys = {node.fact.category_id for node in nodes if node.fact.category_id is not None}
        found = await categories_by_id(reading, sorted(keys))
        return [found.get(node.fact.category_id or "") for node in nodes]

    @batched(list[AttachmentNode])
    async def attachments(
        nodes: Sequence[ItemNode], reading: Reading
    ) -> list[list[AttachmentNode]]:
        """Files that belong to it."""
        return await attachments_of(reading, [node.fact.id for node in nodes])


def item_node(fact: Item) -> ItemNode:
    """An item as the API shows it."""
    return ItemNode(
        id=strawberry.ID(fact.id),
        name=fact.name,
        item_type=fact.type,
        description=fact.description,
        sku=fact.sku,
        price=_price(fact.price, fact.currency),
        purchase_price=_price(fact.purchase_price, fact.currency),
        currency=currency_node(fact.currency),
        unit=fact.unit,
        default_revenue_account_id=id_or_none(fact.revenue_account_id),
        default_expense_account_id=id_or_none(fact.expense_account_id),
        tax_rate_id=id_or_none(fact.tax_rate_id),
        category_id=id_or_none(fact.category_id),
        is_active=fact.is_active,
        external_id=fact.external_id,
        metadata=Json(fact.metadata),
        version=fact.version,
        created_at=fact.created_at,
        updated_at=fact.updated_at,
        fact=fact,
    )


def _price(price: Decimal | None, code: str) -> DecimalText | None:
    return None if price is None else DecimalText(price_text(price, CURRENCIES[code]))


def item_key(given: str) -> str:
    """An item's id as it is stored; `item_` is another prefix that callers use."""
    return ids.normalise("itm_", given, "item_")


async def item_nodes(_reading: Reading, facts: Sequence[Item]) -> list[ItemNode]:
    """Items as the API shows them."""
    return [item_node(fact) for fact in facts]


async def items_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, ItemNode]:
    """The items of the organization that have these ids."""
    found = await reading.facts(items.ITEMS.existing, keys)
    return {key: item_node(fact) for key, fact in found.items()}


async def written_item(reading: Reading, written: Written) -> ItemNode:
    """The item that a mutation has written."""
    return item_node(await reading.written(written, items.ITEMS.existing, written.outcome))


def where_of(where: ItemWhere | None) -> Any:
    """A filter of items as the store takes it, whichever prefix its ids have."""
    return _with_keys(plain(where))


def _with_keys(part: Any) -> Any:
    if isinstance(part, list):
        return [_with_keys(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _keys(value) if name == "id" else _with_keys(value) if name in _NESTED else value
        for name, value in part.items()
    }


_NESTED = {"and", "or", "not"}


def _keys(value: Any) -> Any:
    """The ids of a comparison as they are stored; all else, `isNull` too, as it is."""
    if isinstance(value, dict):
        return {how: _keys(each) for how, each in value.items()}
    if isinstance(value, list):
        return [_keys(each) for each in value]
    return item_key(value) if isinstance(value, str) else value


@query(ItemNode | None)
async def item(reading: Reading, id: strawberry.ID) -> ItemNode:
    """An item of the organization by its id."""
    key = item_key(id)
    found = await items_by_id(reading, [key])
    if key not in found:
        raise unknown("item", str(id)[:40], "id", in_path=True)
    return found[key]


all_items, items_connection = LISTS.queries(
    ItemWhere, SOURCE, item_nodes, "Items, by name", where_of
)
