"""Categories in the API: the tree, its lists, and what can be done to a category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.categories import Category
from resolvers.books import Written, unknown
from schema.connections import ListOf, checked_limit
from schema.context import Reading
from schema.enums import CategoryType
from schema.filters import (
    BooleanFilter,
    CategoryTypeFilter,
    DateTimeFilter,
    IDFilter,
    StringFilter,
)
from schema.lists import NounList
from schema.loading import batched
from schema.nodes import Loaded, Node, id_or_none
from schema.operation import query
from schema.scalars import Json
from store import categories

Categories = Annotated["CategoryNode", strawberry.lazy("schema.categories")]


@strawberry.input(description="Which categories; conditions that stand side by side all hold.")
class CategoryWhere:
    """A filter of categories."""

    id: IDFilter | None = UNSET
    name: StringFilter | None = UNSET
    category_type: CategoryTypeFilter | None = UNSET
    parent_id: IDFilter | None = UNSET
    description: StringFilter | None = UNSET
    is_active: BooleanFilter | None = UNSET
    external_id: StringFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[CategoryWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[CategoryWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: CategoryWhere | None = strawberry.field(default=UNSET, name="not")


LISTS = NounList("Category", "categories", Categories, ("name", "created_at", "updated_at"))
CategoryOrder: Any = LISTS.Order
CategoryConnection: Any = LISTS.Connection
SOURCE = ListOf("categories", categories.LISTING.listed, categories.LISTING.counted)


@strawberry.type
class CategoryNode(Node):
    """What money is earned with or spent on, across accounts: a branch of a tree."""

    id: strawberry.ID
    name: str = strawberry.field(description="Unique among those of its type in its place.")
    category_type: CategoryType = strawberry.field(description="The same in a whole branch.")
    description: str | None
    color: str | None = strawberry.field(description="As #RRGGBB.")
    parent_id: strawberry.ID | None
    is_active: bool
    external_id: str | None = strawberry.field(description="The caller's own id; permanent.")
    metadata: Json
    version: int = strawberry.field(description="Counts changes; give it to updates.")
    created_at: datetime
    updated_at: datetime
    fact: strawberry.Private[Category]
    loaded: Loaded = field(default_factory=dict)

    @batched(Categories | None)
    async def parent(nodes: Sequence[CategoryNode], reading: Reading) -> list[CategoryNode | None]:
        """The category above this one."""
        keys = {node.fact.parent_id for node in nodes if node.fact.parent_id is not None}
        found = await categories_by_id(reading, sorted(keys))
        return [
            None if node.fact.parent_id is None else found[node.fact.parent_id] for node in nodes
        ]

    @batched(list[Categories])
    async def subcategories(
        nodes: Sequence[CategoryNode], reading: Reading, limit: int | None = None
    ) -> list[list[CategoryNode]]:
        """The categories directly below this one, by name."""
        most = checked_limit(limit)
        below: dict[str | None, list[Category]] = defaultdict(list)
        for fact in sorted((await tree_of(reading)).values(), key=_by_name):
            below[fact.parent_id].append(fact)
        return [[category_node(fact) for fact in below[node.fact.id][:most]] for node in nodes]


def _by_name(fact: Category) -> tuple[str, str]:
    return fact.name, fact.id


def category_node(fact: Category) -> CategoryNode:
    """A category as the API shows it."""
    return CategoryNode(
        id=strawberry.ID(fact.id),
        name=fact.name,
        category_type=fact.type,
        description=fact.description,
        color=fact.color,
        parent_id=id_or_none(fact.parent_id),
        is_active=fact.is_active,
        external_id=fact.external_id,
        metadata=Json(fact.metadata),
        version=fact.version,
        created_at=fact.created_at,
        updated_at=fact.updated_at,
        fact=fact,
    )


async def tree_of(reading: Reading) -> Mapping[str, Category]:
    """All categories of the organization by id, as a dry run has decided them where it has."""
    found = await reading.read(categories.CATEGORIES.every, reading.organization_id)
    decided = reading.unstored.items()
    return found | {key: fact for key, fact in decided if isinstance(fact, Category)}


async def category_nodes(_reading: Reading, facts: Sequence[Category]) -> list[CategoryNode]:
    """Categories as the API shows them."""
    return [category_node(fact) for fact in facts]


async def categories_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, CategoryNode]:
    """The categories of the organization that have these ids."""
    found = await reading.facts(categories.CATEGORIES.existing, keys)
    return {key: category_node(fact) for key, fact in found.items()}


async def written_category(reading: Reading, written: Written) -> CategoryNode:
    """The category that a mutation has written."""
    ask = categories.CATEGORIES.existing
    return category_node(await reading.written(written, ask, written.outcome))


@query(CategoryNode | None)
async def category(reading: Reading, id: strawberry.ID) -> CategoryNode:
    """A category of the organization by its id."""
    key = ids.normalise("cat_", id)
    found = await categories_by_id(reading, [key])
    if key not in found:
        raise unknown("category", str(id)[:40], "id", in_path=True)
    return found[key]


all_categories, categories_connection = LISTS.queries(
    CategoryWhere, SOURCE, category_nodes, "Categories of all levels, by name"
)
