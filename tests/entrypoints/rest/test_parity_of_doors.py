"""Every write by three doors: GraphQL, REST, and REST queued leave the same rows, events, charges.

Three organizations are filled alike; each is asked by a door of its own, and all that they then
hold is compared. A new row of the table is tested as it is: by the example of its body, and by
what the id in its path is of.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest
import pytest_asyncio
from crediting import metered
from entering import contents, without
from twins import (
    BESIDES,
    DOORS,
    OF,
    QUEUED,
    WRITES,
    Asked,
    Trios,
    ask,
    ended,
    facts,
    left,
    plain,
    root_of,
    settings_of,
    shown_of,
    touched,
    usual,
)

from entrypoints.rest.examples import bodies
from entrypoints.rest.openapi import name_of
from entrypoints.rest.table import TABLE

together = pytest.mark.asyncio(loop_scope="module")

CLOSE = 'mutation { updateOrganization(booksClosedThrough: "2026-12-31") { id } }'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where files and mails are put."""
    return tmp_path_factory.mktemp("doors")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def trios(request, databases, folder):
    """Organizations of a house that charges, with a worker in it."""
    places = {name: str(folder / name) for name in ("files", "mailer")}
    async with metered(await databases.new(request.param), jobs=4, **places) as house:
        yield Trios(house)


def counted(folder):
    """How many files there are in all below a folder."""
    return sum(len(names) for _, _, names in os.walk(folder))


def differences(found, others):
    """The rows that two differ in, pair by pair."""
    longest = max(len(found), len(others))
    padded = ([*rows, *[None] * (longest - len(rows))] for rows in (found, others))
    return [pair for pair in zip(*padded, strict=True) if pair[0] != pair[1]]


async def finished(house, twin, asked):
    """What a door answers to a write in the end: if it was queued, what became of it."""
    told = await ask(twin, asked)
    if told.job_id is None:
        return told
    job = await ended(house, twin, told.job_id)
    if job.error is not None:
        return replace(told, reason=job.error["reason"])
    return replace(told, shown=shown_of(asked.door, next(iter(job.result.values()))))


def require_same_answers(door, told):
    """Assert that answers tell the same; of what is deleted REST shows nothing."""
    first, *others = (json.loads(plain(json.dumps(each.shown))) for each in told)
    for answer, each in zip(others, told[1:], strict=True):
        if each.job_id is not None:
            assert without(answer, *BESIDES) == without(first, *BESIDES)
        elif door.row.keyed:
            assert facts(settings_of(answer)) <= facts(first)
        elif answer is not None:
            assert facts(answer) == facts(first)


async def require_same_rows(house, twins):
    """Assert that twins hold the same rows, with the same events and charges among them."""
    first, *others = await house.database.read(left, twins)
    for twin, other in zip(twins[1:], others, strict=True):
        for table, found in other.items():
            assert differences(found, first[table]) == [], (twin.door, table)


async def compared(house, twins, folder, asked_of):
    """Ask all twins, and assert that all came to the same; gives what they were told."""
    told, made = [], []
    for twin in twins:
        before = counted(folder)
        told.append(await finished(house, twin, asked_of(twin)))
        made.append(counted(folder) - before)
    reasons = [each.reason for each in told]
    assert reasons == reasons[:1] * len(reasons)
    assert made == made[:1] * len(made), "files and mails"
    if reasons[0] is None:
        require_same_answers(asked_of(twins[0]).door, told)
    await require_same_rows(house, twins)
    return told


def test_every_write_of_the_table_has_a_case():
    missing = []
    for name, door in WRITES.items():
        if door.row.method != "DELETE" and name not in bodies():
            missing.append(f"{name}: an example of its body in schema/documents/rest/bodies.json")
        if "id" in door.in_path and root_of(door) not in OF:
            missing.append(f"{name}: what its id is of, in ID_OF of tests/walking.py")
    assert missing == []
    assert len(WRITES) == sum(row.method != "GET" for row in TABLE)
    assert {name_of(door) for door in WRITES.values()} == WRITES.keys()


@together
@pytest.mark.parametrize("name", WRITES)
async def test_a_write_is_the_same_by_every_door(trios, folder, name):
    door = WRITES[name]
    async with trios.untouched(touched(door)) as twins:
        told = await compared(trios.house, twins, folder, lambda twin: usual(door, twin.made))
    assert [each.reason for each in told] == [None] * len(DOORS), told
    assert (told[-1].job_id is None) is door.row.direct


@together
@pytest.mark.parametrize("name", [name for name, door in WRITES.items() if door.row.direct])
async def test_a_secret_is_told_once_and_kept_nowhere(trios, name):
    door = WRITES[name]
    async with trios.untouched({*touched(door), "spare_key"}) as twins:
        for twin in twins:
            told = await ask(twin, usual(door, twin.made))
            assert told.shown["secret"].startswith("cl_live_")
            assert told.shown["secret"] not in str(await contents(trios.house))
        assert twins[-1].door == QUEUED
        assert (told.job_id, told.status) == (None, 201)


@together
async def test_what_a_refusal_writes_is_written_by_every_door(trios, folder):
    """A transaction whose period was locked meanwhile is FAILED, and that costs nothing."""
    async with trios.untouched({"plan", *OF.values()}) as twins:
        for twin in twins:
            await twin.client.ask(CLOSE)
        door = WRITES["PostTransaction"]
        told = await compared(
            trios.house, twins, folder, lambda twin: Asked(door, twin.made["plan"], {})
        )
    assert [each.reason for each in told] == ["period_locked"] * len(DOORS)
    assert told[-1].job_id is None
