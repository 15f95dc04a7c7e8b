"""What every noun is: a node that can be fetched again by its id alone."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import strawberry
from strawberry import UNSET

from ledger import ids


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    """A thing that `node(id)` finds."""

    id: strawberry.ID


Loaded = strawberry.Private[dict[frozenset[int], Any]]
"""What was loaded for a node's batched fields, by their places in the document."""


def shown(read: Callable[[Any], Any], description: str | None = None) -> Any:
    """A field that its node works out of what it holds, each time it is asked and not before.

    A node so costs what a document selects of it: most select a few of many fields.
    """
    made = strawberry.field(default=property(read), description=description)
    made.init = False
    return made


def of_fact(name: str, description: str | None = None) -> Any:
    """A field that is that of the node's fact."""
    return shown(attrgetter(f"fact.{name}"), description)


_ALSO = {"led_": "jnl_", "item_": "itm_"}


def stored_id(given: str) -> str:
    """An id of any noun as it is stored, whatever the case of its prefix."""
    for also, prefix in _ALSO.items():
        if given[: len(also)].lower() == also:
            return ids.normalise(prefix, given, also)
    return ids.normalise(given[:4].lower(), given)


def id_or_none(key: str | None) -> strawberry.ID | None:
    """An id that may be absent, as the API shows it."""
    return None if key is None else strawberry.ID(key)


def normal(prefix: str, given: str | None, *also: str) -> Any:
    """An id that may be absent, as it is stored; what was not given stays so."""
    if given is None or given is UNSET:
        return given
    return ids.normalise(prefix, given, *also)
