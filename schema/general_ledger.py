"""The general ledger of an account: its posted entries, with the balance after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from ledger.balances import NOTHING
from ledger.ids import entry_place
from schema.connections import Listing, PageInfo, page_info
from schema.context import Reading
from schema.loading import batched
from schema.money import MoneyNode, money
from schema.nodes import Loaded
from schema.scalars import midnight
from store import journal, totals
from store.journal import Place, Posted
from store.pages import Page, Span

if TYPE_CHECKING:
    from schema.transactions import LedgerEntryNode

Entries = Annotated["LedgerEntryNode", strawberry.lazy("schema.transactions")]
Dates = tuple[Date | None, Date | None]


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
        ask, of = journal.ledger_count, reading.organization_id
        return [
            await reading.read(ask, of, node.asked.account_id, node.asked.dates) for node in nodes
        ]


async def ledger_of(
    reading: Reading, node: Any, dates: Dates, span: Span, after: str | None, before: str | None
) -> LedgerEntryConnection:
    """A page of one account's general ledger."""
    listing = Listing(reading.organization_id, "entries", [node.fact.id, *map(str, dates)])
    kinds = (Date, str, int)
    page = await reading.read(
        journal.ledger_page,
        reading.organization_id,
        node.fact.id,
        dates,
        span,
        listing.keys(after, "after", *kinds),
        listing.keys(before, "before", *kinds),
    )
    opening = await _balance_before(reading, node.fact.id, page, dates)
    return _connection(node, page, opening, listing, dates)


async def _balance_before(
    reading: Reading, account_id: str, page: Page[Posted], dates: Dates
) -> int:
    """The debit-positive balance before a page: the days before it, and what is before its day."""
    of = reading.organization_id
    if not page.items:
        return await _net_through(reading, account_id, _eve(dates[0]))
    place: Place = page.items[0].place
    earlier = await reading.read(journal.net_on_day_before, of, account_id, place)
    return earlier + await _net_through(reading, account_id, _eve(place[0]))


def _eve(day: Date | None) -> Date | None:
    return None if day is None else day - timedelta(days=1)


async def _net_through(reading: Reading, account_id: str, day: Date | None) -> int:
    if day is None:
        return 0
    found = await reading.read(totals.between, reading.organization_id, None, day, [account_id])
    return found.get(account_id, NOTHING).net


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
    from schema.transactions import transactions_by_id  # noqa: PLC0415 (the two know each other)

    places = {key: place for key in keys if (place := entry_place(key)) is not None}
    whole = await transactions_by_id(reading, sorted({place[0] for place in places.values()}))
    return {
        key: whole[of].entries[position]
        for key, (of, position) in places.items()
        if of in whole and position < len(whole[of].entries)
    }
