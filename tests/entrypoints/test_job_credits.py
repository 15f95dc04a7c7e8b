"""Jobs are paid for when they are accepted, and cost nothing when they come to nothing."""

from __future__ import annotations

import pytest
from crediting import grant, left, metered, require_books_of_credits_to_balance, used
from entering import contents
from test_worker import CANCEL, DOCUMENTS, Door, finished, working
from test_worker import sale as given_sale

CLOSE = 'mutation { updateOrganization(booksClosedThrough: "2026-12-31") { id } }'


@pytest.fixture
async def house(engine, databases):
    async with metered(await databases.new(engine)) as started:
        yield started


@pytest.fixture
async def chart(books):
    return await books.accounts()


@pytest.fixture
def door(house, books):
    return Door(house, books)


async def test_a_job_costs_what_the_direct_call_costs_once(house, books, chart, door):
    await grant(house, books, 100)
    direct = given_sale(chart, post=True)
    await books.ask(DOCUMENTS["create"], **direct)
    assert (await left(books), await used(books)) == (97, {"createTransaction": (1, 3)})
    job = (await door.accept("create", direct, "once"))["job"]
    assert (job.charged, await left(books)) == (3, 94)
    again = (await door.accept("create", direct, "once"))["job"]
    assert (again.id, await left(books)) == (job.id, 94)
    async with working(house):
        (done,) = await finished(door, [job.id])
    assert done["state"] == "COMPLETED"
    assert (await left(books), await used(books)) == (94, {"createTransaction": (2, 6)})
    await require_books_of_credits_to_balance(house)


async def test_who_cannot_pay_is_refused_at_once_and_no_job_is_there(house, books, chart, door):
    await grant(house, books, 2)
    before = await contents(house)
    refused = await door.accept("create", given_sale(chart, post=True))
    assert refused["errors"][0]["extensions"]["reason"] == "insufficient_credits"
    assert await contents(house) == before
    assert (await door.accept("create", given_sale(chart)))["job"].charged == 2
    assert await left(books) == 0


async def test_what_a_job_was_charged_is_given_back_when_it_fails(house, books, chart, door):
    await grant(house, books, 100)
    failing = (await door.accept("create", given_sale(chart, post=True)))["job"]
    asked = {"id": failing.subject_id}
    behind = (await door.accept("post", asked, depends_on=(failing.id,)))["job"]
    await books.ask(CLOSE)
    assert await left(books) == 100 - 3 - 1 - 1
    async with working(house):
        done = await finished(door, [failing.id, behind.id])
    assert [job["state"] for job in done] == ["FAILED", "FAILED"]
    assert done[1]["error"]["reason"] == "dependency_failed"
    assert await left(books) == 100 - 1
    assert (await used(books))["postTransaction"] == (0, 0)
    await require_books_of_credits_to_balance(house)


async def test_and_when_it_is_cancelled_which_costs_what_it_costs(house, books, chart, door):
    await grant(house, books, 100)
    job = (await door.accept("create", given_sale(chart)))["job"]
    assert await left(books) == 98
    assert (await books.ask(CANCEL, id=job.id))["cancelJob"]["state"] == "CANCELLED"
    assert await left(books) == 98 + 2 - 1
    assert await used(books) == {"cancelJob": (1, 1), "createTransaction": (0, 0)}
    assert (await books.refusal(CANCEL, id=job.id)).reason == "wrong_status"
    assert await left(books) == 99
    await require_books_of_credits_to_balance(house)


async def test_with_no_credits_left_what_is_given_back_pays_for_the_cancelling(
    house, books, chart, door
):
    await grant(house, books, 3)
    job = (await door.accept("create", given_sale(chart, post=True)))["job"]
    assert await left(books) == 0
    assert (await books.ask(CANCEL, id=job.id))["cancelJob"]["state"] == "CANCELLED"
    assert await left(books) == 2
    await require_books_of_credits_to_balance(house)
