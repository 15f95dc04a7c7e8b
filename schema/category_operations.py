"""What can be done to categories: added, changed, deleted."""

from __future__ import annotations

import strawberry
from strawberry import UNSET

from ledger import ids
from resolvers import catalogue as decisions
from resolvers.books import Command
from schema.categories import CategoryNode, written_category
from schema.enums import CategoryType
from schema.nodes import normal
from schema.operation import mutation, only_given, written_flag
from schema.scalars import Json


@mutation(CategoryNode, result=written_category)
def create_category(
    name: str,
    category_type: CategoryType,
    description: str | None = None,
    color: str | None = None,
    parent_id: strawberry.ID | None = None,
    external_id: str | None = None,
    metadata: Json | None = None,
) -> Command:
    """Add a category, at the top or below another one of its type; at most ten levels deep."""
    return decisions.create_category(
        {
            "name": name,
            "type": category_type,
            "description": description,
            "color": color,
            "parent_id": normal("cat_", parent_id),
            "external_id": external_id,
            "metadata": metadata,
        }
    )


@mutation(CategoryNode, result=written_category)
def update_category(
    id: strawberry.ID,
    name: str | None = UNSET,
    category_type: CategoryType | None = UNSET,
    description: str | None = UNSET,
    color: str | None = UNSET,
    parent_id: strawberry.ID | None = UNSET,
    is_active: bool | None = UNSET,
    external_id: str | None = UNSET,
    metadata: Json | None = UNSET,
    version: int | None = None,
) -> Command:
    """Change a category. What is absent stays; null clears, and of `parentId` moves it to the
    top. Its type is fixed once something names it, or lies below it.
    """
    given = only_given(
        {
            "name": name,
            "category_type": category_type,
            "description": description,
            "color": color,
            "parent_id": normal("cat_", parent_id),
            "is_active": is_active,
            "external_id": external_id,
            "metadata": metadata,
        },
        nullable=("description", "color", "parent_id", "external_id", "metadata"),
    )
    kept_as = {"category_type": "type"}
    changed = {kept_as.get(key, key): value for key, value in given.items()}
    return decisions.update_category(ids.normalise("cat_", id), changed, version=version)


@mutation(bool, result=written_flag)
def delete_category(id: strawberry.ID, version: int | None = None) -> Command:
    """Delete a category that nothing names and none lies below; others are deactivated."""
    return decisions.delete_category(ids.normalise("cat_", id), version=version)
