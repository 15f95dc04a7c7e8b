"""Opening the demo: the company with its books, made once, in one database transaction.

Whoever stops the process half-way finds no half a company. The books go through the same
decisions and the same writes as those of any caller; only the door is another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from entrypoints.demo import CURRENCY, NAME, company
from entrypoints.demo.desk import ORIGIN, TIME_ZONE, Desk, evening
from entrypoints.demo.furnishing import furnish
from ledger.keys import Key, Scope, fingerprint, preview
from ledger.organizations import Organization
from ledger.templates import Template
from resolvers import organizations as founding
from resolvers.minting import Mint, new_key
from store import events, keys, organizations
from store.files import Files

_BEFORE_EVENING = timedelta(hours=9)
LATER_KEYS = timedelta(days=30)
"""How long the keys last that a later start gives out."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The demo company's keys, seen this once; `is_new` when its books were made just now."""

    live_key: str
    test_key: str
    is_new: bool


def open_demo(
    connection: Connection, now: datetime, mint: Mint, files: Files | None = None
) -> Opened:
    """Make the demo company if it is not there, and give keys to it and to its sandbox.

    The sandbox has the chart and no books. `files` keep the logo; without them there is none.
    Keys are stored as hashes only, so a company that is there gets a new pair, which lasts
    `LATER_KEYS`: the earlier ones go on working.
    """
    there = _existing(connection)
    if there is None:
        return _new(connection, now, mint, files)
    live, test = new_key(live=True), new_key(live=False)
    pair = ((there.id, live), (there.twin_id or "", test))
    keys.insert_all(connection, [_later_key(owner, key, now, mint) for owner, key in pair])
    return Opened(live, test, is_new=False)


def _existing(connection: Connection) -> Organization | None:
    """The company that an earlier start has made: by its name, and by who made it."""
    for fact in organizations.every(connection):
        if fact.is_live and fact.name == NAME:
            first = next(events.chain(connection, fact.id, page=1))
            if first.actor == ORIGIN.actor:
                return fact
    return None


def _later_key(organization_id: str, key: str, now: datetime, mint: Mint) -> Key:
    return Key(
        organization_id=organization_id,
        id=mint("key_"),
        name="Demo",
        scope=Scope.ADMIN,
        hash=fingerprint(key),
        preview=preview(key),
        expires_at=now + LATER_KEYS,
        revoked_at=None,
        created_at=now,
    )


def _new(connection: Connection, now: datetime, mint: Mint, files: Files | None) -> Opened:
    told = company(now.astimezone(ZoneInfo(TIME_ZONE)).date())
    opened = evening(told.start) - _BEFORE_EVENING
    founded = founding.found(
        connection,
        name=NAME,
        currency=CURRENCY,
        template=Template.STANDARD,
        origin=ORIGIN,
        now=opened,
        mint=mint,
    )
    desk = Desk(connection, founded.organization_id, opened, now, mint)
    furnish(desk, told.accounts, files)
    desk.keep(told.steps)
    return Opened(founded.live_key, founded.test_key, is_new=True)
