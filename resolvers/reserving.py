"""Ids that are given out before what they are of is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Reserving:
    """Gives out ids, and notes them."""

    mint: Callable[[str], str]
    given: list[str] = field(default_factory=list)

    def __call__(self, prefix: str) -> str:
        """A new id."""
        made = self.mint(prefix)
        self.given.append(made)
        return made


def replaying(reserved: Iterable[str], mint: Callable[[str], str]) -> Callable[[str], str]:
    """Gives out the ids that were reserved, in their order; beyond them new ones."""
    left = list(reserved)

    def next_id(prefix: str) -> str:
        if left and left[0].startswith(prefix):
            return left.pop(0)
        return mint(prefix)

    return next_id
