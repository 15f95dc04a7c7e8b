"""Two servers on one PostgreSQL database: each knows what the other has done."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from entering import BULK, CLOSE, CREATE, POST, SET_STATUS, item, pair, sale, unhealthy
from house import Client, running

CREATE_ACCOUNT = (
    "mutation C($code: String!) "
    '{ createAccount(code: $code, name: "New", accountType: ASSET) { id } }'
)


@pytest.fixture
async def two(databases) -> AsyncIterator[tuple[Client, Client]]:
    """The same organization at two servers, both of which have its chart in mind."""
    url = await databases.new("postgresql")
    async with running(url) as house, running(url) as other:
        here = await house.organization()
        there = Client(other.http, here.key, here.organization_id)
        for client in (here, there):
            await sale(client, post=True)
        yield here, there


async def test_an_account_opened_here_can_be_used_there_at_once(two):
    here, there = two
    chart = await here.accounts()
    for number, document in enumerate((CREATE, BULK, CREATE)):
        opened = (await here.ask(CREATE_ACCOUNT, code=f"10{number}9"))["createAccount"]["id"]
        entries = pair(opened, chart["4000"])
        if document == BULK:
            given = {"transactions": [item(entries)], "continueOnError": True}
            assert (await there.ask(BULK, **given))["createTransactions"]["failed"] == 0
        else:
            dry = number == 2
            found = await there.ask(CREATE, entries=entries, post=True, dryRun=dry)
            assert found["createTransaction"]["status"] == "POSTED"
    assert await unhealthy(there) == []


async def test_an_account_switched_on_here_takes_entries_there_at_once(two):
    here, there = two
    chart = await here.accounts()
    entries = pair(chart["1010"], chart["4100"])
    for status in ("INACTIVE", "ACTIVE") * 2:
        await here.ask(SET_STATUS, id=chart["4100"], status=status)
        if status == "ACTIVE":
            await sale(there, entries=entries)
        else:
            assert (await there.refusal(CREATE, entries=entries)).reason == "account_inactive"


async def test_a_period_closed_or_reopened_here_is_so_there_at_once(two):
    here, there = two
    pending = await sale(here)
    await here.ask(CLOSE, through="2026-01-31")
    assert (await there.refusal(POST, id=pending["id"])).reason == "period_locked"
    await here.ask(CLOSE, through=None)
    await there.ask(POST, id=pending["id"])
    assert await unhealthy(here) == []


async def test_an_account_deleted_here_takes_nothing_there(two):
    here, there = two
    chart = await here.accounts()
    opened = (await here.ask(CREATE_ACCOUNT, code="1099"))["createAccount"]["id"]
    await there.ask(CREATE, entries=pair(opened, chart["4000"]), dryRun=True)
    await here.ask("mutation D($id: ID!) { deleteAccount(id: $id) }", id=opened)
    refusal = await there.refusal(CREATE, entries=pair(opened, chart["4000"]), post=True)
    assert refusal.reason == "unknown_reference"


async def test_numbers_go_on_from_server_to_server(two):
    here, there = two
    numbers = [(await sale(client, post=True))["journalNumber"] for client in (here, there) * 3]
    assert numbers == [3, 4, 5, 6, 7, 8]
