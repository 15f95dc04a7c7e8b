"""What every noun is: a node that can be fetched again by its id alone."""

from __future__ import annotations

from typing import Any

import strawberry


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    """A thing that `node(id)` finds."""

    id: strawberry.ID


Loaded = strawberry.Private[dict[frozenset[int], Any]]
"""What was loaded for a node's batched fields, by their places in the document."""
