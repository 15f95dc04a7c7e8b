"""Workers: what was accepted is done once, in order where it must be, whoever dies meanwhile."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from entering import pair
from house import running

from entrypoints.cli import main
from entrypoints.worker import Begun, Worker
from ledger.jobs import Queue
from resolvers.jobs import Enqueueing
from schema.requests import GraphQLRequest
from schema.view import ExecuteOptions
from store import jobs

ROOT = Path(__file__).parents[2]
CREATE = """
mutation Create($description: String!, $entries: [LedgerEntryInput!]!, $post: Boolean) {
  createTransaction(description: $description, date: "2026-01-05", entries: $entries, post: $post) {
    id status
  }
}"""
POST = "mutation Post($id: ID!) { postTransaction(id: $id) { id status } }"
DOCUMENTS = {"create": CREATE, "post": POST}
JOB = """query Job($id: ID!) { job(id: $id) {
  state operation queue priority progress attempts subjectId dependsOnId result
  error { reason message details } } }"""
CANCEL = "mutation Cancel($id: ID!) { cancelJob(id: $id) { state } }"
SOONER = "mutation Sooner($id: ID!) { prioritizeJob(id: $id, priority: HIGH) { priority } }"


class Door:
    """Accepts documents as jobs, as a door that queues does."""

    def __init__(self, house, books):
        self.house, self.books = house, books

    async def accept(self, document, variables, key=None, **more):
        caller = await self.house.app.house.gate.authenticate(
            f"Bearer {self.books.key}", "req_test", "rest"
        )
        asked = Enqueueing(Queue.TRANSACTION, document, variables, **more)
        options = ExecuteOptions("req_test", False, key, {}, enqueueing=asked)
        request = GraphQLRequest(DOCUMENTS[document], None, dict(variables))
        answer = await self.house.app.house.executor(caller, request, options)
        return answer.body

    async def job(self, key):
        return (await self.books.ask(JOB, id=key))["job"]


@pytest.fixture
async def chart(books):
    return await books.accounts()


@pytest.fixture
def door(house, books):
    return Door(house, books)


def sale(chart, name="Sale", amount="1.00", **more):
    return {"description": name, "entries": pair(chart["1000"], chart["4000"], amount), **more}


def worker_of(house, **more):
    inside = house.app.house
    return Worker(inside.database, inside.writer, inside.worked, DOCUMENTS.get, **more)


@asynccontextmanager
async def working(house, **more):
    worker = worker_of(house, **more)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await task


async def finished(door, keys):
    async with asyncio.timeout(30):
        while True:
            found = [await door.job(key) for key in keys]
            if all(job["state"] not in {"QUEUED", "PROCESSING"} for job in found):
                return found
            await asyncio.sleep(0.02)


async def test_what_is_accepted_has_its_id_at_once_and_its_effect_later(house, books, chart, door):
    job = (await door.accept("create", sale(chart, post=True)))["job"]
    look = "query Look($id: ID!) { transaction(id: $id) { status } }"
    assert job.subject_id.startswith("txn_")
    assert (await books.refusal(look, id=job.subject_id)).reason == "not_found"
    async with working(house):
        (done,) = await finished(door, [job.id])
    assert done == {
        "state": "COMPLETED",
        "operation": "createTransaction",
        "queue": "TRANSACTION",
        "priority": "NORMAL",
        "progress": 100,
        "attempts": 0,
        "subjectId": job.subject_id,
        "dependsOnId": None,
        "result": {"createTransaction": {"id": job.subject_id, "status": "POSTED"}},
        "error": None,
    }
    assert (await books.ask(look, id=job.subject_id))["transaction"]["status"] == "POSTED"


async def test_bad_input_is_refused_at_once(books, chart, door):
    entries = pair(chart["1000"], chart["4000"])
    entries[0]["amount"] = "2.00"
    refused = await door.accept("create", {"description": "Sale", "entries": entries})
    assert refused["errors"][0]["extensions"]["reason"] == "unbalanced"
    assert (await books.ask("{ jobs { id } }"))["jobs"] == []


async def test_the_same_key_is_accepted_once(door, books, chart):
    first = (await door.accept("create", sale(chart), key="once"))["job"]
    again = (await door.accept("create", sale(chart), key="once"))["job"]
    assert (first.id, first.subject_id) == (again.id, again.subject_id)
    other = await door.accept("create", sale(chart, name="Other"), key="once")
    assert other["errors"][0]["extensions"]["reason"] == "idempotency_mismatch"


async def test_a_job_whose_worker_has_died_is_begun_anew_and_done_once(house, books, chart, door):
    job = (await door.accept("create", sale(chart, post=True)))["job"]
    past = datetime.now(UTC)

    def die(connection):
        claims = jobs.claim(connection, [Queue.TRANSACTION], "dead", past, past, 10)
        return jobs.begin(connection, claims, past)

    assert [each.id for each in await house.database.write(die)] == [job.id]
    # Its effect was committed, and it died before it could say so.
    worker = worker_of(house)
    caller = await house.app.house.gate.authenticate(f"Bearer {books.key}", "req_1", "rest")
    assert await worker._outcome(Begun(job, caller, None))
    await asyncio.sleep(0.01)
    async with working(house):
        (done,) = await finished(door, [job.id])
    assert done["state"] == "COMPLETED"
    found = await books.ask("{ transactions { id status } }")
    assert found["transactions"] == [{"id": job.subject_id, "status": "POSTED"}]


async def test_a_later_request_may_refer_to_what_is_not_there_yet(house, books, chart, door):
    first = (await door.accept("create", sale(chart)))["job"]
    found = await house.database.read(
        jobs.reserved_by, books.organization_id, [first.subject_id, "txn_0000000000000000zzzz"]
    )
    assert found == {first.subject_id: first.id}
    asked = {"id": first.subject_id}
    second = (await door.accept("post", asked, depends_on=(first.id,)))["job"]
    async with working(house):
        one, two = await finished(door, [first.id, second.id])
    assert [job["state"] for job in (one, two)] == ["COMPLETED"] * 2
    assert two["result"]["postTransaction"]["status"] == "POSTED"


async def test_what_depends_on_a_cancelled_job_fails(house, books, chart, door):
    first = (await door.accept("create", sale(chart)))["job"]
    asked = {"id": first.subject_id}
    second = (await door.accept("post", asked, depends_on=(first.id,)))["job"]
    assert (await books.ask(CANCEL, id=first.id))["cancelJob"]["state"] == "CANCELLED"
    async with working(house):
        one, two = await finished(door, [first.id, second.id])
    assert (one["state"], two["state"]) == ("CANCELLED", "FAILED")
    assert two["error"]["reason"] == "dependency_failed"
    assert two["error"]["details"] == {"job_id": first.id}
    assert (await books.ask("{ transactions { id } }"))["transactions"] == []
    refusal = await books.refusal(CANCEL, id=first.id)
    assert (refusal.reason, refusal.field) == ("wrong_status", "id")


async def test_what_the_books_refuse_later_fails_with_the_reason(house, books, chart, door):
    job = (await door.accept("create", sale(chart, post=True)))["job"]
    close = 'mutation { updateOrganization(booksClosedThrough: "2026-01-31") { id } }'
    await books.ask(close)
    async with working(house):
        (done,) = await finished(door, [job.id])
    assert (done["state"], done["attempts"]) == ("FAILED", 1)
    assert done["error"]["reason"] == "period_locked"


async def test_the_urgent_are_begun_first_and_then_the_oldest(house, books, chart, door):
    made = [(await door.accept("create", sale(chart)))["job"] for _ in range(3)]
    assert (await books.ask(SOONER, id=made[2].id))["prioritizeJob"]["priority"] == "HIGH"
    now = datetime.now(UTC)

    def claim(connection):
        until = now + timedelta(seconds=9)
        return [
            jobs.claim(connection, [Queue.TRANSACTION], "w", now, until, 1)[0].job_id
            for _ in range(3)
        ]

    order = await house.database.write(claim)
    assert order == [made[2].id, made[0].id, made[1].id]
    other = await house.database.write(
        lambda connection: jobs.claim(connection, [Queue.INVOICE], "w", now, now, 9)
    )
    assert other == []


async def test_many_jobs_and_two_workers_do_each_once(house, books, chart, door):
    keys = [
        (await door.accept("create", sale(chart, amount=f"{n}.00", post=True)))["job"].id
        for n in range(1, 41)
    ]
    async with working(house), working(house, most=4):
        done = await finished(door, keys)
    assert {job["state"] for job in done} == {"COMPLETED"}
    found = await books.ask("{ transactions { amount } ledgerHealth { isHealthy } }")
    amounts = sorted(float(each["amount"]) for each in found["transactions"])
    assert amounts == [float(n) for n in range(1, 41)]
    assert found["ledgerHealth"]["isHealthy"]
    queues = (await books.ask("{ queues { name waiting processing completedPerHour } }"))["queues"]
    mine = next(each for each in queues if each["name"] == "TRANSACTION")
    assert (mine["waiting"], mine["processing"], mine["completedPerHour"]) == (0, 0, 40)


def test_a_worker_of_its_own_needs_postgresql_and_queues_that_there_are(tmp_path):
    lite = CliRunner().invoke(main, ["worker", "--database", f"sqlite:///{tmp_path}/a.db"])
    assert (lite.exit_code, "SQLite serves one process" in lite.output) == (1, True)
    asked = ["worker", "--database", "postgresql://localhost/none", "--queues", "nope"]
    nowhere = CliRunner().invoke(main, asked)
    assert nowhere.exit_code == 2
    assert "There is no queue 'nope'" in nowhere.output


async def test_a_worker_of_its_own_runs_what_a_server_has_accepted(databases):
    url = await databases.new("postgresql")
    async with running(url, rest_direct=False) as house:
        books = await house.organization()
        headers = {"Authorization": f"Bearer {books.key}"}
        path = f"/organizations/{books.organization_id}/contacts"
        body = {"name": "Jane", "contact_type": "customer"}
        asked = await house.http.post(path, json=body, headers=headers)
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, str(ROOT / "server.py"), "worker"),
            *("--database", url, "--queues", "contact"),
        )
        try:
            (done,) = await finished(Door(house, books), [asked.json()["data"]["job_id"]])
            assert done["state"] == "COMPLETED"
        finally:
            worker.terminate()
            assert await worker.wait() == 0


async def test_a_job_is_cancelled_or_done_whoever_comes_first(house, books, chart, door):
    """What is claimed, finished and cancelled at once is locked in one order by all three."""
    keys = [(await door.accept("create", sale(chart)))["job"].id for _ in range(40)]
    async with working(house, most=4), working(house, most=4):
        asked = [books.post(CANCEL, {"id": key}) for key in keys]
        answers = [answer.json() for answer in await asyncio.gather(*asked)]
        done = await finished(door, keys)
    refused = {
        answer["errors"][0]["extensions"]["reason"] for answer in answers if "errors" in answer
    }
    cancelled = [job["subjectId"] for job in done if job["state"] == "CANCELLED"]
    assert refused <= {"wrong_status"}
    assert len(cancelled) == sum("errors" not in answer for answer in answers)
    assert {job["state"] for job in done} <= {"CANCELLED", "COMPLETED"}
    found = {each["id"] for each in (await books.ask("{ transactions { id } }"))["transactions"]}
    assert found == {job["subjectId"] for job in done} - set(cancelled)
