"""What a job answered reads as the answer would have read without a job."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from entrypoints.rest.documents import text_of
from entrypoints.worker import Worker


@asynccontextmanager
async def working(house):
    """A worker, while it is needed."""
    inside = house.app.house
    worker = Worker(inside.database, inside.writer, inside.worked, text_of)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task


async def result_of(house, rest, method, path, body=None):
    """What a queued request answered, as its job shows it alone and in the list of all."""
    answer = await rest.ask(method, path, body, Prefer="respond-async")
    assert answer.status_code == 202, answer.text
    place = answer.headers["location"]
    assert place == f"{rest.prefix}{rest.home}/jobs/{answer.json()['data']['job_id']}"
    async with asyncio.timeout(20), working(house):
        while (job := await rest.get(place.removeprefix(rest.prefix)))["status"] != "completed":
            assert job["status"] in {"queued", "processing"}, job
            await asyncio.sleep(0.02)
    (listed,) = [each for each in (await rest.get("~/jobs"))["data"] if each["id"] == job["id"]]
    assert listed["result"] == job["result"]
    return job["result"]


async def test_what_was_made_is_shown_as_it_is_shown_itself(house, rest):
    body = {"name": "Jane Doe", "contact_type": "customer"}
    result = await result_of(house, rest, "POST", "~/contacts", body)
    assert result == await rest.get(f"~/contacts/{result['id']}")
    assert (result["object"], result["contact_type"]) == ("contact", "customer")


async def test_what_is_shown_as_a_list_is_one_and_what_is_gone_is_nothing(house, rest):
    before = await rest.get("~/settings")
    assert await result_of(house, rest, "PUT", "~/settings", {}) == before
    category = await rest.post("~/categories", {"name": "Tea", "category_type": "expense"})
    assert await result_of(house, rest, "DELETE", f"~/categories/{category['id']}") is None


@pytest.mark.parametrize("prefix", ["", "/v1"])
async def test_a_job_is_found_below_the_version_that_it_was_asked_for_by(house, rest, prefix):
    body = {"name": "Coffee", "category_type": "expense"}
    result = await result_of(house, rest.below(prefix), "POST", "~/categories", body)
    assert result["name"] == "Coffee"
