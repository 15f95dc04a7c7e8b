"""Lists of a noun, made alike: edge, connection, order, and how they are read.

CONTACTS = NounList("Contact", "contacts", Contacts, ("name", "created_at"), listed, counted)
ContactConnection, ContactOrder = CONTACTS.Connection, CONTACTS.Order
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
from schema.operation import OperationField, query
from store.pages import Order

MakeNodes = Callable[[Reading, Sequence[Any]], Awaitable[list[Any]]]
Source = ListOf | Callable[[Reading], Awaitable[ListOf]]
"""A list of the store, or what gives it where that depends on the day."""

_WINDOW = ("first", "after", "last", "before")


class NounList:
    """The GraphQL types of a noun's lists, and the lists themselves.

    `node` is the type of its nodes (lazy where files know each other), `orders` what it can be
    ordered by, the first being the default: columns, or columns by the names that callers know
    them by. `newest_first` is the direction of that default; `live` is as on operations.
    """

    def __init__(
        self,
        name: str,
        plural: str,
        node: Any,
        orders: Sequence[str] | Mapping[str, str],
        *,
        newest_first: bool = False,
        live: bool = False,
    ) -> None:
        self.live = live
        self.plural = plural
        self.node = node
        self.Order = _order_of(name, plural, orders, newest_first=newest_first)
        self.Edge = _edge_of(name, plural, node)
        self.Connection = _connection_of(name, plural, node, self.Edge)

    def queries(
        self,
        where: Any,
        source: Source,
        nodes: MakeNodes,
        text: str,
        stored: Callable[[Any], Any] = plain,
    ) -> tuple[OperationField, OperationField]:
        """The root fields that list the noun: by position, and by cursor.

        `where` is the input type of its filter, which `stored` makes what the store takes.
        """

        async def by_place(reading: Reading, **given: Any) -> list[Any]:
            terms, order = stored(given.get("where")), self.order(given.get("order_by"))
            found = await _found(source, reading)
            facts = await by_position(
                reading, found, terms, order, given.get("limit"), given.get("offset", 0)
            )
            shown: list[Any] = await nodes(reading, facts)
            return shown

        async def by_key(reading: Reading, **given: Any) -> Any:
            terms, order = stored(given.get("where")), self.order(given.get("order_by"))
            window = {name: given.get(name) for name in _WINDOW}
            found = await _found(source, reading)
            offset = given.get("offset", 0)
            page = await by_cursor(reading, found, terms, order, offset=offset, **window)
            return self.connection(page, await nodes(reading, page.items), terms, found)

        by_place.__name__, by_key.__name__ = f"list_{self.plural}", f"connect_{self.plural}"
        by_place.__doc__ = f"{text}; up to 1,000 when no limit is given."
        by_key.__doc__ = f"{text}, by cursor."
        terms = {"where": where | None, "order_by": self.Order | None}
        numbers = {"limit": int | None, "offset": int}
        cursors = {"first": int | None, "after": str | None, "last": int | None}
        _declare(by_place, terms | numbers)
        _declare(by_key, terms | cursors | {"before": str | None, "offset": int})
        many: Any = list
        return (
            query(many[self.node], name=self.plural, live=self.live)(by_place),
            query(self.Connection, name=f"{self.plural}Connection", live=self.live)(by_key),
        )

    def connection(self, page: CursorPage, nodes: Sequence[Any], terms: Any, source: ListOf) -> Any:
        """The connection of a page."""
        edges = [
            self.Edge(node=node, cursor=cursor)
            for node, cursor in zip(nodes, page.cursors, strict=True)
        ]
        return self.Connection(
            edges=edges, nodes=nodes, page_info=page.info, where=terms, counted=source.counted
        )

    def order(self, chosen: Any) -> Order:
        """The order as the store takes it."""
        chosen = chosen or self.Order()
        return Order(chosen.field.value, chosen.direction is OrderDirection.DESC)


async def _found(source: Source, reading: Reading) -> ListOf:
    return source if isinstance(source, ListOf) else await source(reading)


def _declare(find: Any, arguments: Mapping[str, Any]) -> None:
    """Give a function the arguments that the schema is to show, all of them optional."""
    first = inspect.Parameter("reading", inspect.Parameter.POSITIONAL_ONLY)
    others = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=kind,
            default=0 if name == "offset" else None,
        )
        for name, kind in arguments.items()
    ]
    find.__signature__ = inspect.Signature([first, *others])


def _made(name: str, annotations: dict[str, Any], **body: Any) -> Any:
    return type(name, (), {"__annotations__": annotations, "__module__": __name__, **body})


def _words(name: str) -> str:
    """`creditNotes` as it is written in a sentence."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _order_of(
    name: str,
    plural: str,
    orders: Sequence[str] | Mapping[str, str],
    *,
    newest_first: bool,
) -> Any:
    named = orders if isinstance(orders, Mapping) else {order.upper(): order for order in orders}
    make: Any = Enum  # whose first argument may be no variable in the eyes of the type checker
    fields = make(f"{name}OrderField", dict(named))
    of = strawberry.enum(fields, description=f"What a list of {_words(plural)} is ordered by.")
    direction = OrderDirection.DESC if newest_first else OrderDirection.ASC
    made = _made(
        f"{name}Order",
        {"field": of, "direction": OrderDirection},
        field=next(iter(of)),
        direction=direction,
    )
    text = f"The order of {_words(plural)}; ties are broken by id."
    return strawberry.input(made, description=text)


def _edge_of(name: str, plural: str, node: Any) -> Any:
    made = _made(f"{name}Edge", {"node": node, "cursor": str})
    return strawberry.type(made, description=f"One of a page of {_words(plural)}.")


def _connection_of(name: str, plural: str, node: Any, edge: Any) -> Any:
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
    return strawberry.type(made, description=f"A page of {_words(plural)}.")
