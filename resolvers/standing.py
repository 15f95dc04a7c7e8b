"""What stands of an organization's settings and chart until its structure changes.

Each commit that changes an account, or the organization itself, moves the structure number of the
version row (docs/decisions/0002). What was read of them in one snapshot would so be found again in
every other that shows the same number, and need not be read.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from store.pages import Page

MOST_KEPT = 100_000
"""Accounts, and questions about them, that are kept in all; some 60 MB."""


@dataclass(slots=True, eq=False)
class Standing:
    """What was found at one structure of an organization, by what was asked for."""

    organization_id: str
    structure: int
    found: dict[Hashable, Any] = field(default_factory=dict)
    size: int = 0


class Standings:
    """What stands of many organizations, the latest used last out."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._kept: OrderedDict[str, Standing] = OrderedDict()
        self._most = most
        self._size = 0

    def at(self, organization_id: str, structure: int) -> Standing:
        """What stands in a snapshot that shows this structure number.

        A snapshot older than what is kept gets a place of its own, which ends with it.
        """
        kept = self._kept.get(organization_id)
        if kept is not None and kept.structure == structure:
            self._kept.move_to_end(organization_id)
            return kept
        made = Standing(organization_id, structure)
        if kept is None or kept.structure < structure:
            self._drop(organization_id)
            self._kept[organization_id] = made
        return made

    def put(self, standing: Standing, found: Mapping[Any, Any]) -> None:
        """Add what was found, by what was asked for."""
        size = _size(found)
        standing.found |= found
        standing.size += size
        if self._kept.get(standing.organization_id) is standing:
            self._size += size
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, organization_id: str) -> None:
        gone = self._kept.pop(organization_id, None)
        if gone is not None:
            self._size -= gone.size


def _size(found: Any) -> int:
    """How many facts there are in what was found, and in what."""
    if isinstance(found, Page):
        return _size(found.items)
    if isinstance(found, Mapping):
        return sum(map(_size, found.values()))
    return 1 + len(found) if isinstance(found, list) else 1
