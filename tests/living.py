"""Lives of documents, told by tables of steps, and the equation that must hold after each step.

After a step it is looked at what was posted, what the document shows, and that at the end of
every day the control accounts come to what is open: in all, and for each contact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from documenting import NOUNS, customer, do, figures, look, refuse
from entering import unhealthy
from house import Client, House
from sqlalchemy import Connection, and_, select
from trading import CONTROL, aged

from ledger.accounts import Role
from ledger.aging import standings
from ledger.open_items import Application, OpenItem, Side
from store import open_items
from store.document_tables import transaction_link
from store.tables import account, entry

POSTED = """{
  transactions(
    where: {status: {in: [POSTED, REVERSED]}}, orderBy: {field: CREATED_AT, direction: ASC}
  ) {
    id journalNumber fiscalYear date description
    entries { entryType amount baseAmount currency { code } account { code } }
  }
  organization { baseCurrency { code } }
}"""


class Clock:
    """Lets it be another day, for those who write and those who read."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self._house, self._monkeypatch = house, monkeypatch

    def set(self, day: str) -> None:
        moment = datetime.fromisoformat(f"{day}T12:00:00Z")

        class At(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return moment

        self._monkeypatch.setattr("schema.context.datetime", At)
        self._monkeypatch.setattr(self._house.app.house.writer, "_clock", lambda: moment)


# What was posted


def lines_of(text: str) -> list[str]:
    """The lines of a text, each with single blanks."""
    return [" ".join(row.split()) for row in text.splitlines() if row.strip()]


def _told(transaction: Mapping[str, Any], base: str) -> list[str]:
    found = [f"{transaction['date'][:10]} {transaction['description']}"]
    for each in transaction["entries"]:
        side = "Dr" if each["entryType"] == "DEBIT" else "Cr"
        code, own = each["currency"]["code"], each["amount"]
        foreign = "" if code == base else f" ({own} {code})"
        found.append(f"{side} {each['account']['code']} {each['baseAmount']}{foreign}")
    return found


@dataclass
class Journal:
    """What is posted, as an accountant reads it; looked at again and again."""

    client: Client
    _seen: set[str] = field(default_factory=set)

    async def news(self) -> list[str]:
        """The transactions that were posted since the last look, in the order of their numbers."""
        found = await self.client.ask(POSTED)
        base = found["organization"]["baseCurrency"]["code"]
        new = [each for each in found["transactions"] if each["id"] not in self._seen]
        self._seen |= {each["id"] for each in new}
        new.sort(key=lambda each: (each["fiscalYear"], each["journalNumber"]))
        return [row for each in new for row in _told(each, base)]


# That the sub-ledgers tie

CONTROLS = {"1100": Side.RECEIVABLE, "2000": Side.PAYABLE}


@dataclass(frozen=True)
class SubLedgers:
    """All open items and applications, and what was posted to the control accounts.

    `posted` are day, side, contact and base amount of the entries, positive as the side grows.
    """

    items: list[OpenItem]
    applications: list[Application]
    posted: list[tuple[date, Side, str | None, int]]

    @property
    def days(self) -> list[date]:
        """Every day on which something changed, and the day before all of them."""
        facts = [*self.items, *self.applications]
        found = {each.date for each in facts} | {each.ended_on for each in facts if each.ended_on}
        found |= {day for day, *_ in self.posted}
        return sorted({min(found) - timedelta(1), *found}) if found else []

    def require_agreement(self, day: date) -> dict[str, int]:
        """What is open by control account, which for each contact is what was posted with it."""
        open_then = standings(self.items, self.applications, day)
        found: dict[tuple[Side, str | None], int] = defaultdict(int)
        for item in self.items:
            left, sign = open_then[item.id], 1 if item.amount > 0 else -1
            assert 0 <= sign * left.amount <= sign * item.amount, (day, item)
            assert 0 <= sign * left.base_amount <= sign * item.base_amount, (day, item)
            found[item.side, item.contact_id] += left.base_amount
        entered: dict[tuple[Side, str | None], int] = defaultdict(int)
        for on, side, contact, amount in self.posted:
            entered[side, contact] += amount if on <= day else 0
        for key in found.keys() | {key for key in entered if key[1] is not None}:
            assert found[key] == entered[key], (day, key)
        return {
            code: sum(amount for (at, _), amount in entered.items() if at is side)
            for code, side in CONTROLS.items()
        }


def _sub_ledgers(connection: Connection, organization_id: str) -> SubLedgers:
    of_control = {role.value: Side(role.value) for role in (Role.RECEIVABLE, Role.PAYABLE)}
    statement = (
        select(
            entry.c.date,
            account.c.role,
            transaction_link.c.contact_id,
            entry.c.entry_type,
            entry.c.base_amount,
        )
        .join_from(entry, account, _same(entry, account, account_id="id"))
        .outerjoin(
            transaction_link, _same(entry, transaction_link, transaction_id="transaction_id")
        )
        .where(
            entry.c.organization_id == organization_id,
            entry.c.posted,
            account.c.role.in_(of_control),
        )
    )
    posted = [
        (day, of_control[role], contact, amount if kind == of_control[role].grows_by else -amount)
        for day, role, contact, kind, amount in connection.execute(statement)
    ]
    return SubLedgers(
        list(open_items.ITEMS.every(connection, organization_id).values()),
        list(open_items.APPLICATIONS.every(connection, organization_id).values()),
        posted,
    )


def _same(one: Any, other: Any, **names: str) -> Any:
    pairs = {"organization_id": "organization_id", **names}.items()
    return and_(*(one.c[left] == other.c[right] for left, right in pairs))


async def require_ties(house: House, client: Client) -> None:
    """Assert the control-account equation at the end of every day, and that all is healthy."""
    found = await house.database.read(_sub_ledgers, client.organization_id)
    for some in (found.days[at : at + 25] for at in range(0, len(found.days), 25)):
        asked = " ".join(
            f'd{day:%Y%m%d}: trialBalance(asOf: "{day}") '
            "{ isBalanced accounts { accountCode netBalance } }"
            for day in some
        )
        trials = await client.ask(f"{{ {asked} }}")
        for day in some:
            trial = trials[f"d{day:%Y%m%d}"]
            nets = {row["accountCode"]: _minor(row["netBalance"]) for row in trial["accounts"]}
            assert trial["isBalanced"], day
            for code, total in found.require_agreement(day).items():
                assert nets.get(code, 0) == total, (day, code)
    assert await unhealthy(client) == []


async def require_aged(client: Client, days: Iterable[str]) -> None:
    """Assert that the aging of each day is the control account, and ties contact by contact."""
    for day in days:
        found = await aged(client, day)
        nets = {row["accountCode"]: row["netBalance"] for row in found["trialBalance"]["accounts"]}
        for side, code in CONTROL.items():
            report = found[side]
            assert report["total"] == report["controlBalance"] == nets.get(code, "0.00"), day
            assert report["isTied"] is True, (day, side)


def _minor(amount: str) -> int:
    """Minor units, of which all base currencies of these tests have two digits."""
    return int(amount.replace(".", ""))


# Lives


@dataclass(frozen=True)
class Step:
    """What happens on a day, what that posts, and what the document of the life shows then.

    In `given`, `$name` stands for an id: of an account by its code, or of what an earlier step
    `keeps` under that name. One that is `refused` for a reason writes nothing.
    """

    today: str
    says: str
    name: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    posts: str = ""
    shows: str = ""
    keeps: str = ""
    refused: str = ""


def filled(given: Any, ids: Mapping[str, str]) -> Any:
    """What is given, with ids in place of their names."""
    if isinstance(given, Mapping):
        return {key: filled(value, ids) for key, value in given.items()}
    if isinstance(given, list):
        return [filled(value, ids) for value in given]
    return ids[given[1:]] if isinstance(given, str) and given.startswith("$") else given


@dataclass
class Life:
    """What happens in an organization to one document, told by a table of steps."""

    house: House
    client: Client
    clock: Clock
    ids: dict[str, str]
    journal: Journal

    async def live(self, steps: Iterable[Step], of: str) -> None:
        """Go through the steps; whatever holds must hold after each of them."""
        for step in steps:
            self.clock.set(step.today)
            await self._take(step)
            posted = await self.journal.news()
            assert (step.says, posted) == (step.says, lines_of(step.posts))
            if step.shows:
                shown = await figures(self.client, self.ids[of])
                assert (step.says, shown) == (step.says, step.shows)
            await require_ties(self.house, self.client)
        found = await self.house.database.read(_sub_ledgers, self.client.organization_id)
        await require_aged(self.client, map(str, found.days))

    async def _take(self, step: Step) -> None:
        given = filled(step.given, self.ids)
        if step.refused:
            refusal = await refuse(self.house, self.client, step.name, **given)
            assert refusal.reason == step.refused, step.says
        elif step.name:
            found = await do(self.client, step.name, **given)
            if step.keeps:
                await self._keep(step.keeps, found["id"])

    async def _keep(self, name: str, key: str) -> None:
        """Remember an id; `name.1` is then that of its first application, if it has one."""
        self.ids[name] = key
        if key[:4] in NOUNS:
            found = await look(self.client, key, "{ applications { id } }")
            for place, each in enumerate(found["applications"]):
                self.ids[f"{name}.{place + 1}"] = each["id"]


async def begun(house: House, monkeypatch: pytest.MonkeyPatch, currency: str = "USD") -> Life:
    """A new organization with a customer, a vendor, and a sales tax of 8.25 %."""
    client = await house.organization(currency)
    clock = Clock(house, monkeypatch)
    clock.set("2026-01-01")
    tax = await do(client, "createTaxRate", name="Sales tax", taxType="SALES_TAX", rate="8.25")
    ids = {
        **await client.accounts(),
        "customer": await customer(client),
        "vendor": await customer(client, name="Vic", contactType="VENDOR"),
        "tax": tax["id"],
    }
    return Life(house, client, clock, ids, Journal(client))
