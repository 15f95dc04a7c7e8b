"""Organizations that are alike, each asked by a door of its own: GraphQL, REST, or REST queued.

What a door is asked is told once, as the body of REST has it (`schema/documents/rest/bodies.json`).
The call of GraphQL is made of that by the schema alone, not by the document that REST runs: a
document that puts a value in a wrong place would be seen.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from asking import enter
from crediting import grant
from documenting import NOUNS
from filling import SALE, filled
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    print_ast,
)
from graphql import get_nullable_type as nullable
from house import Client, House
from sqlalchemy import Connection, select
from walking import ID_OF

from entrypoints.rest.doors import KEY, Door, all_doors
from entrypoints.rest.examples import bodies
from entrypoints.rest.examples import filled as with_ids
from entrypoints.rest.names import snake
from entrypoints.rest.openapi import name_of
from store.credit_tables import metadata
from store.jobs import JOBS

GRAPHQL, WAIT, QUEUED = DOORS = ("graphql", "wait", "respond-async")
"""The three doors; the last two are the words of the header Prefer."""

WRITES: Mapping[str, Door] = {
    name_of(door): door for door in all_doors() if not door.document.is_query
}
READS: Sequence[Door] = [door for door in all_doors() if door.document.is_query]

OTHERWISE = {
    "contact_type": "contactType",
    "currency_id": "currency",
    "reference_number": "reference",
    "transaction_date": "date",
    "invoice_number_prefix": "invoicePrefix",
    "credit_note_number_prefix": "creditNotePrefix",
    "type": "accountType entryType",
    "parent_id": "parentAccountId",
    "id": " ".join(f"{noun}Id" for noun in NOUNS.values()),
}
"""Names of REST that the schema calls by others, and which."""

SPARE = {
    "changeApiKey": "spare_key",
    "rotateApiKey": "spare_key",
    "revokeApiKey": "spare_key",
    "eraseContact": "stranger",
    "recordInvoicePayment": "invoice",
    "recordBillPayment": "bill",
}
"""What the id in the path is of, where the walk through the schema (`ID_OF`) says nothing else."""

SPARE_KEY = 'mutation { createApiKey(name: "Spare", scope: WRITE) { key { id } } }'
OF = {name: word for names, word in ID_OF.items() for name in names.split()} | SPARE
SETTING = "invoice_number_prefix"

APART = {"created_at", "updated_at", "request_id", "protocol", "salt", "sequence"}
APART |= {"hash", "previous_hash", "head_hash", "preview"}
"""Columns in which any two requests differ, or that count the events of jobs as well."""

ID = re.compile(r"\b([a-z]{3}_[0-9A-Za-z]{20})")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)?")
SHARED = {"rate_window", "claimable"}
"""Tables that tell nothing of an organization's own: how much it asks, and what is to be begun."""

CHANCE = re.compile(
    r"hmac-sha256:[0-9a-f]+"
    r"|\bcl_(?:live|test)_[0-9A-Za-z]+(?:(?:…|\\+u2026)[0-9A-Za-z]+)?"
    r"|(?<=\.)[0-9A-Za-z]{6}\.[0-9A-Za-z]{20,}"
    r"|(?<=DRAFT-|UMBER-)[0-9A-Za-z]{8}"
    r"|\d{8}T\d{6}\.\d+Z-[0-9a-f]{8}"
)
"""What chance has made: digests under a salt, keys and what is shown of them, the ends of links,
numbers of drafts, names of mails.
"""
GIVEN = re.compile(r"[T ]00:00:00(\+00:00|Z)?$")
"""Of an instant that somebody has given, not the clock: it is at midnight."""


@dataclass(frozen=True, slots=True)
class Twin:
    """An organization, by the ids of what is in it, and the door at which it is asked.

    `jobs` are those that it has queued by being asked there.
    """

    client: Client
    made: Mapping[str, str]
    door: str
    jobs: set[str] = field(default_factory=set)

    @property
    def home(self) -> str:
        """The path of the organization."""
        return f"/organizations/{self.client.organization_id}"


@dataclass(frozen=True, slots=True)
class Told:
    """What a door answered: why it refused, or what it shows; and the job that it has queued."""

    reason: str | None = None
    shown: Any = None
    job_id: str | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A write, the id in its path, its body, and the version that is expected."""

    door: Door
    id: str | None = None
    body: Mapping[str, Any] | None = None
    version: int | None = None


def usual(door: Door, made: Mapping[str, str]) -> Asked:
    """A write with the body of its example, about what there is for it."""
    body = with_ids(bodies()[name_of(door)], made) if door.row.method != "DELETE" else None
    return Asked(door, made[OF[root_of(door)]] if "id" in door.in_path else None, body)


STEADY = {"account", "revenue_account", "expense_account", "customer", "vendor"}


def touched(door: Door) -> set[str]:
    """What a write changes of what there is, by its words."""
    body = json.dumps(bodies()[name_of(door)]) if door.row.method != "DELETE" else ""
    own = {OF[root_of(door)]} if "id" in door.in_path else set()
    return (set(re.findall(r"\{(\w+)\}", body)) - STEADY) | own


def root_of(door: Door) -> str:
    """The operation that a door asks, as the schema calls it."""
    return door.document.root.name.value


async def ask(twin: Twin, asked: Asked) -> Told:
    """What a twin's door answers to a write."""
    if twin.door == GRAPHQL:
        return await _by_graphql(twin.client, asked)
    path = asked.door.row.path.replace("~", twin.home)
    headers = {"Prefer": twin.door, "Authorization": f"Bearer {twin.client.key}"}
    if asked.version is not None:
        headers["If-Match"] = f'"{asked.version}"'
    answer = await twin.client.http.request(
        asked.door.row.method,
        path.format(id=asked.id, key=SETTING),
        json=None if asked.body is None else dict(asked.body),
        headers=headers,
    )
    found = answer.json() if answer.content else None
    if answer.status_code >= 400:
        return Told(found["error"]["code"], status=answer.status_code)
    if answer.status_code != 202:
        return Told(None, found, status=answer.status_code)
    twin.jobs.add(found["data"]["job_id"])
    return Told(None, None, found["data"]["job_id"], 202)


async def _by_graphql(client: Client, asked: Asked) -> Told:
    document, given = call_of(asked)
    answer = (await client.post(document, given)).json()
    if "errors" in answer:
        return Told(answer["errors"][0]["extensions"]["reason"])
    return Told(None, shown_of(asked.door, answer["data"]["it"]))


def shown_of(door: Door, found: Any) -> Any:
    """The part of what a document found that its row shows."""
    for name in filter(None, door.row.answer.split(".")):
        found = found[name]
    return found


def settings_of(shown: Any) -> dict[str, Any]:
    """Settings that are shown one by one, as the fields of one thing."""
    return {each["key"]: each["value"] for each in shown.get("data", [shown])}


def call_of(asked: Asked) -> tuple[str, dict[str, Any]]:
    """The document of GraphQL that does the same, and its variables."""
    root = asked.door.document.root
    field = asked.door.document.parent.fields[root.name.value]
    told: dict[str, Any] = dict(asked.body or {})
    if KEY in asked.door.in_path:
        told[SETTING] = told.pop("value")
    told |= {} if asked.id is None else {"id": asked.id}
    told |= {} if asked.version is None else {"version": asked.version}
    given = _spelled(field.args, told)
    declared = ", ".join(f"${name}: {field.args[name].type}" for name in given)
    passed = ", ".join(f"{name}: ${name}" for name in given)
    _, _, fragments = asked.door.document.text.partition("\n\nfragment")
    below = "" if is_leaf_type(get_named_type(field.type)) else _selection(asked.door)
    more = f"\n\nfragment{fragments}" if fragments else ""
    head = f"mutation Do({declared})" if declared else "mutation Do"
    return f"{head} {{ it: {root.name.value}({passed}) {below} }}{more}", given


def _selection(door: Door) -> str:
    source = door.document.root.selection_set
    if source is None:
        raise TypeError(f"{door.document.name} selects nothing")
    return print_ast(source)


def _spelled(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """What a body tells, by the names and in the words of the schema."""
    found = {}
    for name, value in told.items():
        head, *tail = name.split("_")
        names = [head + "".join(part.title() for part in tail), *OTHERWISE.get(name, "").split()]
        here = next(each for each in names if each in known)
        found[here] = _worded(known[here].type, value)
    return found


def _worded(kind: Any, value: Any) -> Any:
    kind = nullable(kind)
    if is_list_type(kind):
        return [_worded(kind.of_type, each) for each in value]
    if isinstance(kind, GraphQLInputObjectType):
        return _spelled(kind.fields, value)
    return value.upper() if isinstance(kind, GraphQLEnumType) and value is not None else value


@dataclass
class Trio:
    """Three organizations that were filled alike, one for each door, and what was touched there."""

    twins: list[Twin]
    touched: set[str] = field(default_factory=set)


class Trios:
    """Gives out three organizations in which something is still as it was made."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._known: list[Trio] = []

    @asynccontextmanager
    async def untouched(self, words: set[str]) -> AsyncIterator[list[Twin]]:
        """Three in which nothing that these words name was touched. If it fails, they are left."""
        trio = next((each for each in self._known if not each.touched & words), None)
        if trio is None:
            trio = Trio([await self._twin(door) for door in DOORS])
        else:
            self._known.remove(trio)
        yield trio.twins
        trio.touched |= words
        self._known.append(trio)

    async def _twin(self, door: str) -> Twin:
        client = await self.house.organization()
        await grant(self.house, client, 1_000)
        return Twin(client, await furnished(self.house, client), door)


async def furnished(house: House, client: Client) -> dict[str, str]:
    """The ids of what an organization is filled with, and of a key that nobody uses.

    The transaction among them is one that no job is about, behind which others would wait.
    """
    made = await filled(house, client)
    spare = (await client.ask(SPARE_KEY))["createApiKey"]["key"]["id"]
    (posted,) = await enter(client, SALE)
    return {**made, "spare_key": spare, "transaction": posted}


async def ended(house: House, twin: Twin, job_id: str) -> Any:
    """A job of a twin, when a worker has finished it."""
    async with asyncio.timeout(20):
        while True:
            of = twin.client.organization_id
            job = (await house.database.read(JOBS.existing, of, [job_id]))[job_id]
            if job.is_finished:
                return job
            await asyncio.sleep(0.005)


def left(connection: Connection, twins: Sequence[Twin]) -> list[dict[str, list[str]]]:
    """All rows of some twins by their tables; their jobs, and what belongs to them, left out.

    Ids are told by their order among those of their kind, moments alike, events in their order.
    """
    found: list[dict[str, list[Any]]] = [{} for _ in twins]
    keys = [twin.client.organization_id for twin in twins]
    for table in metadata.sorted_tables:
        of = table.c.get("organization_id", table.c.get("id"))
        if of is None or table.name in SHARED:
            continue
        ask = select(table).where(of.in_(keys)).order_by(*table.primary_key)
        rows = connection.execute(ask).mappings().all()
        drop = APART | ({"version"} if table.name == "organization_version" else set())
        for twin, key, own in zip(twins, keys, found, strict=True):
            own[table.name] = [
                {name: value for name, value in row.items() if name not in drop}
                for row in rows
                if row[of.name] == key and not _is_of(row, twin.jobs)
            ]
    return [_told_alike(own) for own in found]


def _told_alike(found: Mapping[str, list[Any]]) -> dict[str, list[str]]:
    rows = json.loads(plain(json.dumps(found, default=str)))
    return {
        name: [json.dumps(row) for row in each]
        if name == "event"
        else sorted(map(json.dumps, each))
        for name, each in rows.items()
    }


def _is_of(row: Mapping[str, Any], jobs: Collection[str]) -> bool:
    """Whether a row is one of some jobs, its event, what it reserves, or that it was done once."""
    named = {row.get(name) for name in ("id", "job_id", "entity_id", "outcome")}
    return not named.isdisjoint(jobs) or str(row.get("key")).removeprefix("job:") in jobs


def plain(text: str) -> str:
    """A text with ids told by their order, and what a clock has said told alike."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for key in sorted({match[1] for match in ID.finditer(text)}):
        counts[key[:3]] += 1
        names[key] = f"{key[:3]}-{counts[key[:3]]}"
    text = CHANCE.sub("?", ID.sub(lambda match: names[match[1]], text))
    return MOMENT.sub(lambda match: match[0] if GIVEN.search(match[0]) else "then", text)


BESIDES = {"__typename", "object", "organization_id"}
BESIDES |= {"pageInfo", "totalCount", "total_count", "has_more", "next_cursor"}
BESIDES |= {"generatedAt", "generated_at", "through"}
"""Names of what answers have besides facts."""


def facts(shown: Any) -> Counter[str]:
    """What an answer tells, each with its name, whichever door has spelled it."""
    return Counter(_facts(shown, ""))


def _facts(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        is_flat = bool(name) and bool(value) and value.keys() <= {"code", "id"}
        for key, item in value.items():
            if key in BESIDES:
                continue
            own = snake(key)
            yield from _facts(item, {"code": name, "id": f"{name}_id"}[own] if is_flat else own)
    elif isinstance(value, list):
        for item in value:
            yield from _facts(item, name)
    else:
        if value is None and name in {"currency", "currency_id"}:
            return  # REST tells in two names that there is none
        told = value.lower().removesuffix("t00:00:00z") if isinstance(value, str) else value
        yield f"{name}: {told}"
