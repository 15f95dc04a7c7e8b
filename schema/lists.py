"""Lists of a noun, made alike: edge, connection, order, and how they are read.

CONTACTS = NounList("Contact", "contacts", Contacts, ("name", "created_at"), listed, counted)
ContactConnection, ContactOrder = CONTACTS.Connection, CONTACTS.Order
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import Enum
from typing import Any

import strawberry

from schema.connections import (
    CursorPage,
    ListOf,
    OrderDirection,
    PageInfo,
    by_cursor,
    by_position,
)
from schema.context import Reading
from schema.filters import plain
from schema.loading import batched
from schema.nodes import Loaded
from store.pages import Order

MakeNodes = Callable[[Reading, Sequence[Any]], Any]


class NounList:
    """The GraphQL types of a noun's lists, and the lists themselves.

    `node` is the type of its nodes (lazy where files know each other), `orders` what it can be
    ordered by, the first being the default: columns, or columns by the names that callers know
    them by. `newest_first` is the direction of that default.
    """

    def __init__(
        self,
        name: str,
        plural: str,
        node: Any,
        orders: Sequence[str] | Mapping[str, str],
        *,
        newest_first: bool = False,
    ) -> None:
        self.plural = plural
        self.Order = _order_of(name, orders, newest_first=newest_first)
        self.Edge = _edge_of(name, node)
        self.Connection = _connection_of(name, node, self.Edge)

    async def position(
        self,
        reading: Reading,
        source: ListOf,
        nodes: MakeNodes,
        *,
        where: Any,
        order_by: Any,
        limit: int | None,
        offset: int,
    ) -> list[Any]:
        """Nodes by position."""
        order = self.order(order_by)
        facts = await by_position(reading, source, plain(where), order, limit, offset)
        found: list[Any] = await nodes(reading, facts)
        return found

    async def cursor(
        self,
        reading: Reading,
        source: ListOf,
        nodes: MakeNodes,
        *,
        where: Any,
        order_by: Any,
        **window: Any,
    ) -> Any:
        """Nodes by cursor."""
        terms = plain(where)
        page: CursorPage = await by_cursor(reading, source, terms, self.order(order_by), **window)
        made = await nodes(reading, page.items)
        edges = [
            self.Edge(node=node, cursor=cursor)
            for node, cursor in zip(made, page.cursors, strict=True)
        ]
        counted = source.counted
        return self.Connection(
            edges=edges, nodes=made, page_info=page.info, where=terms, counted=counted
        )

    def order(self, chosen: Any) -> Order:
        """The order as the store takes it."""
        chosen = chosen or self.Order()
        return Order(chosen.field.value, chosen.direction is OrderDirection.DESC)


def _made(name: str, annotations: dict[str, Any], **body: Any) -> Any:
    return type(name, (), {"__annotations__": annotations, "__module__": __name__, **body})


def _words(name: str) -> str:
    """`CreditNote` as it is written in a sentence."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _order_of(name: str, orders: Sequence[str] | Mapping[str, str], *, newest_first: bool) -> Any:
    named = orders if isinstance(orders, Mapping) else {order.upper(): order for order in orders}
    make: Any = Enum  # whose first argument may be no variable in the eyes of the type checker
    fields = make(f"{name}OrderField", dict(named))
    of = strawberry.enum(fields, description=f"What a list of {_words(name)}s is ordered by.")
    direction = OrderDirection.DESC if newest_first else OrderDirection.ASC
    made = _made(
        f"{name}Order",
        {"field": of, "direction": OrderDirection},
        field=next(iter(of)),
        direction=direction,
    )
    text = f"The order of {_words(name)}s; ties are broken by id."
    return strawberry.input(made, description=text)


def _edge_of(name: str, node: Any) -> Any:
    made = _made(f"{name}Edge", {"node": node, "cursor": str})
    return strawberry.type(made, description=f"A {_words(name)} in a page.")


def _connection_of(name: str, node: Any, edge: Any) -> Any:
    async def total_count(nodes: Sequence[Any], reading: Reading) -> list[int]:
        """How many there are in all; counted only when asked for."""
        return [
            await reading.read(each.counted, reading.organization_id, each.where) for each in nodes
        ]

    many: Any = list
    private: Any = strawberry.Private
    hidden = private[Any]
    annotations = {
        "edges": many[edge],
        "nodes": many[node],
        "page_info": PageInfo,
        "where": hidden,
        "counted": hidden,
        "loaded": Loaded,
    }
    made = _made(
        f"{name}Connection",
        annotations,
        loaded=field(default_factory=dict),
        total_count=batched(int)(total_count),
    )
    return strawberry.type(made, description=f"A page of {_words(name)}s.")
