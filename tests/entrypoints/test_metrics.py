"""/metrics: what Prometheus reads, of all processes together, and who may read it."""

from __future__ import annotations

from collections import defaultdict

import httpx2
import pytest
from house import Client, running
from prometheus_client.parser import text_string_to_metric_families

from resolvers.latencies import BOUNDS

TOKEN = "scrape-metrics-0123456789-é"  # noqa: S105 (it opens nothing but these tests)


async def scraped(http):
    """Every sample by its name, with its labels."""
    answer = await http.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=1.0.0; charset=utf-8"
    found = defaultdict(list)
    for family in text_string_to_metric_families(answer.text):
        assert family.documentation
        for sample in family.samples:
            found[sample.name].append((sample.labels, sample.value))
    return found


def asked_from(house, host):
    """A client of the same application at another address."""
    transport = httpx2.ASGITransport(app=house.app, client=(host, 4_321))
    return httpx2.AsyncClient(transport=transport, base_url="http://test")


async def test_requests_are_there_by_operation_type_and_code(house, books):
    other = await house.organization()
    for client in (books, other):
        await client.ask("{ accounts { id } }")
    await books.refusal('{ account(id: "act_1") { id } }')
    found = await scraped(house.http)
    labels = ("operation", "type", "code")
    counts = {
        tuple(each[name] for name in labels): value for each, value in found["crane_requests_total"]
    }
    assert counts == {
        ("accounts", "query", "OK"): 2,
        ("account", "query", "NOT_FOUND"): 1,
    }
    assert not any("org_" in str(sample) for samples in found.values() for sample in samples)


async def test_how_long_they_took_is_a_histogram_in_seconds(house):
    count = house.app.house.figures.count
    for took in (0.0004, 0.0015, 0.0016, 0.3, 60.0):
        count("org_1", "accounts", "query", "OK", took)
    found = await scraped(house.http)
    name = "crane_request_duration_seconds"
    buckets = {float(labels["le"]): value for labels, value in found[f"{name}_bucket"]}
    assert list(buckets) == [*(bound / 1_000_000 for bound in BOUNDS), float("inf")]
    assert buckets[0.0005] == buckets[0.001] == 1
    assert buckets[0.002] == buckets[0.2] == 3
    assert buckets[0.5] == buckets[10] == 4
    assert buckets[float("inf")] == 5
    ((_, number),) = found[f"{name}_count"]
    ((_, seconds),) = found[f"{name}_sum"]
    assert number == 5
    assert seconds == pytest.approx(60.3035)


async def test_queues_are_there(engine, databases):
    async with running(await databases.new(engine), rest_direct=False) as house:
        books = await house.organization()
        answer = await books.http.post(
            f"/organizations/{books.organization_id}/contacts",
            json={"name": "Jane", "contact_type": "customer"},
            headers={"Authorization": f"Bearer {books.key}"},
        )
        assert answer.status_code == 202, answer.text
        found = await scraped(house.http)
        waiting = {labels["queue"]: value for labels, value in found["crane_jobs_waiting"]}
        assert (waiting["contact"], waiting["invoice"]) == (1, 0)
        assert {value for _, value in found["crane_jobs_processing"]} == {0}
        assert {value for _, value in found["crane_jobs_finished_total"]} == {0}
        assert {labels["state"] for labels, _ in found["crane_jobs_finished_total"]} == {
            "completed",
            "failed",
        }
        assert ({}, 0) not in found["crane_job_duration_seconds_count"]
        ((labels, _),) = found["crane_requests_total"]
        assert labels == {"operation": "createContact", "type": "mutation", "code": "OK"}


async def test_all_processes_tell_the_same(databases):
    url = await databases.new("postgresql")
    async with running(url) as one, running(url) as other:
        books = await one.organization()
        for house, number in ((one, 2), (other, 3)):
            client = Client(house.http, books.key, books.organization_id)
            for _ in range(number):
                await client.ask("{ items { id } }")
        await scraped(one.http)
        found = [(await scraped(http))["crane_requests_total"] for http in (other.http, one.http)]
        assert found[0] == found[1] == [({"operation": "items", "type": "query", "code": "OK"}, 5)]


async def test_what_was_counted_outlives_the_process(engine, databases):
    url = await databases.new(engine)
    for number in (1, 2):
        async with running(url) as house:
            books = await house.organization()
            await books.ask("{ items { id } }")
            ((_, value),) = (await scraped(house.http))["crane_requests_total"]
            assert value == number


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
async def test_without_a_token_the_machine_itself_may_ask(house, host):
    async with asked_from(house, host) as http:
        assert (await http.get("/metrics")).status_code == 200


@pytest.mark.parametrize("host", ["10.0.0.8", "2001:db8::1", "::ffff:10.0.0.8", "unknown", ""])
async def test_without_a_token_strangers_are_refused(house, books, host):
    async with asked_from(house, host) as http:
        # The key of an organization opens its books, and not this.
        headers = {"Authorization": f"Bearer {books.key}"}
        answer = await http.get("/metrics", headers=headers)
    assert answer.status_code == 403
    assert '"forbidden"' in answer.text
    assert "crane_" not in answer.text.replace("CRANE_", "")


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
async def test_what_a_proxy_on_this_machine_passes_on_comes_from_a_stranger(house, name):
    answer = await house.http.get("/metrics", headers={name: "127.0.0.1"})
    assert answer.status_code == 403


async def test_with_a_token_whoever_shows_it_may_ask_from_anywhere(engine, databases):
    async with running(await databases.new(engine), metrics_token=TOKEN) as house:
        async with asked_from(house, "10.0.0.8") as http:
            answer = await http.get(
                "/metrics", headers=[(b"Authorization", f"Bearer {TOKEN}".encode())]
            )
            assert answer.status_code == 200
        for given in (
            *(None, "", "Bearer", f"Basic {TOKEN}", "Bearer x", f"Bearer {TOKEN[:-1]}"),
            *(f"Bearer {TOKEN}é", f"Bearer {TOKEN.upper()}"),
        ):
            headers = [] if given is None else [(b"Authorization", given.encode())]
            answer = await house.http.get("/metrics", headers=headers)
            assert answer.status_code == 401, given
            assert answer.headers["www-authenticate"] == "Bearer"
            assert TOKEN not in answer.text


async def test_it_is_at_one_address_and_for_reading_alone(house):
    assert (await house.http.head("/metrics")).status_code == 200
    assert (await house.http.post("/metrics")).status_code == 405
    assert (await house.http.get("/v1/metrics")).status_code == 404
