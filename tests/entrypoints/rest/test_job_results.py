"""What a job answered reads as the answer would have read without a job."""

from __future__ import annotations

import pytest
from awaiting import ended, working


async def result_of(house, rest, method, path, body=None):
    """What a queued request answered, as its job shows it alone and in the list of all."""
    answer = await rest.ask(method, path, body, Prefer="respond-async")
    assert answer.status_code == 202, answer.text
    place = answer.headers["location"]
    assert place == f"{rest.prefix}{rest.home}/jobs/{answer.json()['data']['job_id']}"
    async with working(house):
        await ended(rest, answer.json()["data"]["job_id"])
    job = await rest.get(place.removeprefix(rest.prefix))
    assert job["status"] == "completed", job
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
