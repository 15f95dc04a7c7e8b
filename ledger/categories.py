"""Categories: a tree of what money is earned with and spent on, across accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


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
