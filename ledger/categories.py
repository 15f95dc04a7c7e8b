"""Categories: a tree of what money is earned with and spent on, across accounts.

Whoever adds up a category adds up those below it, so all of a branch are of one type, and the
type stays as soon as anything hangs on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from ledger import texts
from ledger.errors import LedgerError, Reason
from ledger.references import require_known, require_permanent_external_id

DEEPEST = 10
_COLOR = re.compile("#[0-9A-Fa-f]{6}")


class CategoryType(StrEnum):
    """What a category is about."""

    INCOME = "income"
    EXPENSE = "expense"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Category:
    """A branch of the tree; one below another has its type. `color` is `#RRGGBB`."""

    organization_id: str
    id: str
    name: str
    type: CategoryType
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    color: str | None = None
    parent_id: str | None = None
    is_active: bool = True
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1


def open_category(tree: Mapping[str, Category], category: Category) -> Category:
    """The category as it joins the organization's others, by id; or why it cannot."""
    category = _cleaned(category)
    _require_free_name(tree, category)
    _require_free_external_id(tree, category)
    _require_fitting_parent(tree, category)
    return category


def change_category(
    tree: Mapping[str, Category], before: Category, after: Category, *, is_used: bool
) -> Category:
    """The category as it is after an update, or why it cannot become so.

    `is_used` says whether a transaction, a document or an item names it: then its type stays.
    """
    after = _cleaned(after)
    _require_free_name(tree, after)
    require_permanent_external_id(before.external_id, after.external_id)
    _require_free_external_id(tree, after)
    _require_unfrozen(tree, before, after, is_used=is_used)
    _require_fitting_parent(tree, after)
    return after


def close_category(tree: Mapping[str, Category], category: Category, *, is_used: bool) -> None:
    """Raise the reason why a category cannot be deleted, if there is one."""
    if is_used:
        raise LedgerError(
            Reason.IN_USE,
            f"Category {category.name} is named by transactions, documents or items and stays.",
            "Set its isActive to false instead.",
            {"category_id": category.id},
            "id",
        )
    children = _children(tree, category.id)
    if children:
        raise LedgerError(
            Reason.IN_USE,
            f"Category {category.name} has {len(children)} sub-categories.",
            "Move or delete the sub-categories first.",
            {"category_id": category.id, "children": [child.id for child in children[:10]]},
            "id",
        )


def _cleaned(category: Category) -> Category:
    optional = texts.clean_optional
    return replace(
        category,
        name=texts.clean(category.name, "name", texts.NAME_LENGTH),
        description=optional(category.description, "description", texts.DESCRIPTION_LENGTH),
        color=None if category.color is None else _color(category.color),
        external_id=optional(category.external_id, "externalId", texts.NAME_LENGTH),
        metadata=texts.clean_metadata(category.metadata),
    )


def _color(color: str) -> str:
    if _COLOR.fullmatch(color):
        return color.upper()
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"{color[:20]!r} is not a colour.",
        'Give red, green and blue in hexadecimal digits, such as "#1E90FF".',
        field="color",
    )


def _require_free_name(tree: Mapping[str, Category], category: Category) -> None:
    """Categories of one type in one place differ by more than the letter case of their names."""
    place = _place(category)
    for other in tree.values():
        if other.id != category.id and _place(other) == place:
            raise LedgerError(
                Reason.DUPLICATE,
                f"There is a category {other.name} in the same place already.",
                "Choose another name or parent, or use the existing category.",
                {"name": category.name, "existing_id": other.id},
                "name",
            )


def _place(category: Category) -> tuple[str | None, CategoryType, str]:
    return category.parent_id, category.type, category.name.casefold()


def _require_free_external_id(tree: Mapping[str, Category], category: Category) -> None:
    if category.external_id is None:
        return
    for other in tree.values():
        if other.id != category.id and other.external_id == category.external_id:
            raise LedgerError(
                Reason.DUPLICATE,
                f"The external id {other.external_id!r} is already that of category {other.name}.",
                "Use the existing category, or another external id.",
                {"external_id": other.external_id, "existing_id": other.id},
                "externalId",
            )


def _require_unfrozen(
    tree: Mapping[str, Category], before: Category, after: Category, *, is_used: bool
) -> None:
    if after.type is before.type:
        return
    has_children = bool(_children(tree, before.id))
    if not (is_used or has_children):
        return
    why = "has sub-categories" if has_children else "is in use"
    raise LedgerError(
        Reason.FROZEN,
        f"Category {before.name} {why} and stays of type {before.type.value}.",
        "Create another category of the other type.",
        {"category_id": before.id},
        "categoryType",
    )


def _require_fitting_parent(tree: Mapping[str, Category], category: Category) -> None:
    if category.parent_id is None:
        return
    require_known("category", tree, category.parent_id, "parentId")
    parent = tree[category.parent_id]
    line = _line_of(tree, parent)
    problem = None
    if parent.type is not category.type:
        problem = f"is of type {parent.type.value}, not {category.type.value}"
    elif category.id in line:
        problem = "is the category itself or lies below it"
    elif len(line) + _height(tree, category.id) > DEEPEST:
        problem = f"lies on level {len(line)}, and a tree has at most {DEEPEST} levels"
    if problem:
        raise LedgerError(
            Reason.INVALID_PARENT,
            f"Category {parent.name} cannot be the parent: it {problem}.",
            "Choose a parent of the same type, above this category.",
            {"parent_id": parent.id},
            "parentId",
        )


def _children(tree: Mapping[str, Category], category_id: str) -> list[Category]:
    return [each for each in tree.values() if each.parent_id == category_id]


def _height(tree: Mapping[str, Category], category_id: str) -> int:
    """How many levels a category and those below it take."""
    height, level = 1, {category_id}
    while level := {each.id for each in tree.values() if each.parent_id in level}:
        height += 1
    return height


def _line_of(tree: Mapping[str, Category], category: Category) -> list[str]:
    """The ids from a category up to the top of its tree."""
    line = [category.id]
    while category.parent_id is not None:
        category = tree[category.parent_id]
        line.append(category.id)
    return line
