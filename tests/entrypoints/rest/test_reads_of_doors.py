"""Every read by GraphQL and by REST: the same facts, whatever is preferred, free, and no trace."""

from __future__ import annotations

import pytest
import pytest_asyncio
from crediting import grant, left, metered
from documenting import paid
from entering import contents
from graphql import GraphQLEnumType, get_named_type
from twins import READS, SETTING, facts, furnished, settings_of, shown_of

from entrypoints.rest.doors import MOST

PLACES = {
    "accounts": "account",
    "transactions": "transaction",
    "contacts": "customer",
    "invoices": "invoice",
    "bills": "bill",
    "credit-notes": "credit_note",
    "payments": "payment",
    "categories": "category",
    "items": "item",
    "taxes": "tax_rate",
    "attachments": "attachment",
    "jobs": "job",
    "api-keys": "api_key",
    "currencies": "USD",
}
"""What the id after such a part of a path is of."""

NEEDED = {"ListAttachments": {"subject_id": "invoice"}}
"""What the address of a read must say."""

NOW = {"GetSystemMetrics", "ListQueues"}
"""Reads that tell of the service itself, which reading changes."""

together = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def desk(request, databases, tmp_path_factory):
    """A house, an organization in it, and what there is."""
    folder = tmp_path_factory.mktemp("reads")
    places = {name: str(folder / name) for name in ("files", "mailer")}
    async with metered(await databases.new(request.param), **places) as house:
        books = await house.organization()
        await grant(house, books, 1_000)
        made = await furnished(house, books)
        await paid(books, made["bill"], "10.00")
        yield house, books, made


def given_to(door, made):
    """What a read is given, by the names of REST."""
    values = {
        "organization_id": made["organization"],
        "key": SETTING,
        "entity_type": "transaction",
        "entity_id": made["transaction"],
    }
    if "id" in door.in_path:
        _, _, before = door.row.path.partition("{id}")[0].rstrip("/").rpartition("/")
        values["id"] = made.get(PLACES[before], PLACES[before])
    path = {name: values[name] for name in door.in_path}
    return path, {n: made[word] for n, word in NEEDED.get(door.document.name, {}).items()}


async def by_rest(client, door, path, more, prefer):
    """What REST shows of a read: of a list that GraphQL answers whole all pages, else the first."""
    given = {"Authorization": f"Bearer {client.key}", "Prefer": prefer}
    place, pages = door.row.whole_path.format(**path), []
    paged = {"limit": MOST} if door.is_list and not door.row.keyed else {}
    while not pages or (door.has_window and pages[-1].get("has_more")):
        after = {"offset": sum(len(page["data"]) for page in pages)} if pages else {}
        answer = await client.http.get(place, params={**more, **paged, **after}, headers=given)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json())
    if len(pages) == 1:
        return pages[0]
    return {**pages[0], "data": [each for page in pages for each in page["data"]]}


async def by_graphql(client, door, path, more):
    """What the document of a read answers to GraphQL."""
    slots = door.document.slots
    told = {name: value for name, value in (path | more).items() if name in slots}
    told |= {"limit": MOST} if "limit" in slots else {}
    variables = {
        slots[name].name: value.upper()
        if isinstance(get_named_type(slots[name].type), GraphQLEnumType)
        else value
        for name, value in told.items()
    }
    data = await client.ask(door.document.text, **variables)
    root = door.document.root
    return shown_of(door, data[(root.alias or root.name).value])


def same(door, found, shown):
    """Whether REST shows what GraphQL has found."""
    if door.row.keyed:
        return facts(settings_of(shown)) <= facts(found)
    if isinstance(found, dict) and "totalCount" in found:
        assert shown["total_count"] == found["totalCount"]
    return facts(shown) == facts(found)


@together
async def test_reads_tell_the_same_at_every_door_and_change_and_cost_nothing(desk):
    house, books, made = desk
    before, credits = await contents(house), await left(books)
    different = []
    for door in READS:
        path, more = given_to(door, made)
        found = await by_graphql(books, door, path, more)
        for prefer in ("wait", "respond-async"):
            shown = await by_rest(books, door, path, more, prefer)
            assert facts(shown), f"{door.row.path} shows nothing: put something there"
            if door.document.name not in NOW and not same(door, found, shown):
                differ = (facts(found) - facts(shown), facts(shown) - facts(found))
                different.append((door.row.path, prefer, *differ))
    assert different == []
    assert await left(books) == credits
    assert await contents(house) == before
