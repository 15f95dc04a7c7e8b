"""The general ledger of an account: its posted entries, with the balance after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from ledger.balances import NOTHING, Total
from ledger.dates import require_business_date
from ledger.ids import entry_place
from schema.connections import Listing, PageInfo, page_info
from schema.context import Reading
from schema.loading import batched
from schema.money import MoneyNode, money
from schema.nodes import Loaded
from schema.scalars import midnight
from store import general_ledger, totals
from store.general_ledger import Dates, Place, Posted
from store.pages import Page, Span

if TYPE_CHECKING:
    from schema.transactions import LedgerEntryNode

Entries = Annotated["LedgerEntryNode", strawberry.lazy("schema.transactions")]


@strawberry.type
class LedgerEntryEdge:
    """A posted entry in the order of its account."""

    node: Entries
    cursor: str
    date: datetime = strawberry.field(description="The date of its transaction, at 00:00:00Z.")
    running_balance: MoneyNode = strawberry.field(
        description="The account's balance after the entry, positive on its normal side."
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a connection was asked of, for fields that are computed later."""

    account_id: str
    dates: Dates


@strawberry.type
class LedgerEntryConnection:
    """A page of an account's general ledger."""

    edges: list[LedgerEntryEdge]
    nodes: list[Entries]
    page_info: PageInfo
    opening_balance: MoneyNode = strawberry.field(
        description="The balance before the first entry of the page."
    )
    closing_balance: MoneyNode = strawberry.field(
        description="The balance after the last entry of the page."
    )
    asked: strawberry.Private[Asked]
    loaded: Loaded = field(default_factory=dict)

    @batched(int)
    async def total_count(nodes: Sequence[LedgerEntryConnection], reading: Reading) -> list[int]:
        """How many entries there are in all; counted only when asked for."""
        keys, dates = [node.asked.account_id for node in nodes], nodes[0].asked.dates
        found = await reading.read(
            general_ledger.ledger_counts, reading.organization_id, keys, dates
        )
        return [found.get(key, 0) for key in keys]


async def ledgers_of(
    reading: Reading,
    nodes: Sequence[Any],
    dates: Dates,
    span: Span,
    after: str | None,
    before: str | None,
) -> list[LedgerEntryConnection]:
    """A page of the general ledger of each account; with a cursor, of the one it belongs to."""
    for day, name in zip(dates, ("from", "to"), strict=True):
        if day is not None:
            require_business_date(day, name)
    if after is None and before is None:
        return await _from_an_end(reading, nodes, dates, span)
    return [await _beside_cursor(reading, node, dates, span, after, before) for node in nodes]


async def _from_an_end(
    reading: Reading, nodes: Sequence[Any], dates: Dates, span: Span
) -> list[LedgerEntryConnection]:
    """The first or the last pages: as many statements for many accounts as for one."""
    of, keys = reading.organization_id, [node.fact.id for node in nodes]
    pages = await reading.read(general_ledger.ledger_pages, of, keys, dates, span)
    since, through = dates
    if span.backward and through is None:
        nets = await reading.read(totals.now, of, keys)
    else:
        nets = await _nets_through(reading, keys, through if span.backward else _eve(since))
    connections = []
    for node in nodes:
        page = pages[node.fact.id]
        opening = nets.get(node.fact.id, NOTHING).net
        if span.backward:
            opening -= sum(posted.entry.base_signed for posted in page.items)
        listing = _listing(reading, node, dates)
        connections.append(_connection(node, page, opening, listing, dates))
    return connections


async def _beside_cursor(
    reading: Reading, node: Any, dates: Dates, span: Span, after: str | None, before: str | None
) -> LedgerEntryConnection:
    """A page that begins after an entry, or ends before one."""
    listing = _listing(reading, node, dates)
    kinds = (Date, str, int)
    begin, end = listing.keys(after, "after", *kinds), listing.keys(before, "before", *kinds)
    of, account_id = reading.organization_id, node.fact.id
    page = await reading.read(general_ledger.ledger_page, of, account_id, dates, span, begin, end)
    first: Place = page.items[0].place if page.items else _empty_place(begin, end)
    earlier = await reading.read(general_ledger.net_on_day_before, of, account_id, first)
    nets = await _nets_through(reading, [account_id], _eve(first[0]))
    opening = earlier + nets.get(account_id, NOTHING).net
    return _connection(node, page, opening, listing, dates)


def _empty_place(begin: Any, end: Any) -> Place:
    """Where a page without entries lies: just after its one cursor, or before the other."""
    place: Place = end if begin is None else (begin[0], begin[1], begin[2] + 1)
    return place


def _listing(reading: Reading, node: Any, dates: Dates) -> Listing:
    return Listing(reading.organization_id, "entries", [node.fact.id, *map(str, dates)])


def _eve(day: Date | None) -> Date | None:
    return None if day is None else day - timedelta(days=1)


async def _nets_through(
    reading: Reading, keys: Sequence[str], day: Date | None
) -> dict[str, Total]:
    """What accounts came to at the end of a day; nothing before the first of all days."""
    if day is None:
        return {}
    return await reading.read(totals.between, reading.organization_id, None, day, keys)


def _connection(
    node: Any, page: Page[Posted], opening: int, listing: Listing, dates: Dates
) -> LedgerEntryConnection:
    from schema.transactions import entry_node  # noqa: PLC0415 (the two know each other)

    base, natural = node.organization.base_currency, node.fact.type.natural
    edges, balance = [], opening
    for posted in page.items:
        balance += posted.entry.base_signed
        edges.append(
            LedgerEntryEdge(
                node=entry_node(
                    posted.entry, posted.transaction_id, posted.position, posted.created_at, base
                ),
                cursor=listing.cursor(*posted.place),
                date=midnight(posted.date),
                running_balance=money(natural(balance), base),
            )
        )
    return LedgerEntryConnection(
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=page_info(page, [edge.cursor for edge in edges]),
        opening_balance=money(natural(opening), base),
        closing_balance=money(natural(balance), base),
        asked=Asked(node.fact.id, dates),
    )


async def entries_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, Any]:
    """The entries of the organization that have these ids."""
    from schema.transactions import (  # noqa: PLC0415 (the two know each other)
        entry_nodes,
        transactions_by_id,
    )

    places = {key: place for key in keys if (place := entry_place(key)) is not None}
    whole = await transactions_by_id(reading, sorted({place[0] for place in places.values()}))
    lines = {key: entry_nodes(node) for key, node in whole.items()}
    return {
        key: lines[of][position]
        for key, (of, position) in places.items()
        if of in lines and position < len(lines[of])
    }
