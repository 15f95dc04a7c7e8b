"""Queued requests: accepted with ids that hold, shown while they wait, done once, in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from awaiting import ended, working
from house import running

from ledger.jobs import Queue
from store import jobs as stored

CONTACT = {"name": "Jane", "contact_type": "customer"}


@pytest.fixture
async def house(engine, databases):
    """A house whose REST API queues, as it does unless it is told otherwise; no worker."""
    async with running(await databases.new(engine), rest_direct=False) as started:
        yield started


async def sale(rest, **more):
    accounts = {a["code"]: a["id"] for a in (await rest.get("~/accounts?limit=100"))["data"]}
    return {
        "description": "Cash sale",
        "transaction_date": "2026-01-05",
        "entries": [
            {"account_id": accounts["1000"], "entry_type": "debit", "amount": "100.00"},
            {"account_id": accounts["4000"], "entry_type": "credit", "amount": "100.00"},
        ],
        **more,
    }


async def test_a_queued_write_answers_202_with_its_job_and_its_id(rest):
    answer = await rest.ask("POST", "~/transactions", await sale(rest))
    assert answer.status_code == 202
    body = answer.json()
    assert body.keys() == {
        "request_id", "success", "data", "error", "duration_ms", "credit_cost"
    }  # fmt: skip
    assert (body["success"], body["error"], body["credit_cost"]) == (True, None, 2)
    data = body["data"]
    assert data["status"] == "queued"
    assert data["message"] == "Transaction creation queued"
    assert data["transaction_id"].startswith("txn_")
    assert data["estimated_completion"].endswith("Z")
    assert answer.headers["location"] == f"{rest.home}/jobs/{data['job_id']}"
    waiting = await rest.get(f"~/transactions/{data['transaction_id']}")
    assert (waiting["status"], waiting["job_id"]) == ("queued", data["job_id"])
    job = await rest.get(f"~/jobs/{data['job_id']}")
    assert (job["object"], job["status"], job["queue"]) == ("job", "queued", "transaction")
    assert datetime.fromisoformat(job["run_after"]) <= datetime.now(UTC)
    listed = await rest.get("~/jobs?status=queued")
    assert [each["id"] for each in listed["data"]] == [job["id"]]
    queues = (await rest.get("/system/queues"))["data"]
    assert next(q["depth"] for q in queues if q["name"] == "transaction") == 1


async def test_bad_input_has_its_refusal_at_once_and_leaves_no_job(rest):
    body = await sale(rest)
    body["entries"][0]["amount"] = "99.00"
    error = await rest.refused(422, "POST", "~/transactions", body)
    assert error["code"] == "unbalanced"
    assert (await rest.get("~/jobs"))["total_count"] == 0


async def test_what_was_accepted_is_done_and_later_requests_may_refer_to_it(house, rest):
    contact = (await rest.ask("POST", "~/contacts", CONTACT)).json()["data"]
    invoice = (
        await rest.ask(
            "POST",
            "~/invoices",
            {
                "contact_id": contact["contact_id"],
                "invoice_date": "2026-01-05",
                "items": [{"description": "Work", "quantity": "1", "unit_price": "80.00"}],
            },
        )
    ).json()["data"]
    path = f"~/invoices/{invoice['invoice_id']}"
    sent = (await rest.ask("POST", f"{path}/send", {"deliver": False})).json()["data"]
    assert sent["invoice_id"] == invoice["invoice_id"]
    async with working(house):
        jobs = [await ended(rest, each["job_id"]) for each in (contact, invoice, sent)]
    assert [job["status"] for job in jobs] == ["completed"] * 3, jobs
    shown = await rest.get(path)
    assert (shown["invoice_number"], shown["status"]) == ("INV-0001", "overdue")


async def test_a_reversal_is_told_its_own_id(house, rest):
    posted = await rest.post("~/transactions", await sale(rest, post=True), Prefer="wait=5")
    answer = await rest.ask("POST", f"~/transactions/{posted['id']}/reverse", {"reason": "Wrong"})
    data = answer.json()["data"]
    assert (answer.status_code, data["message"]) == (202, "Transaction reversal queued")
    async with working(house):
        assert (await ended(rest, data["job_id"]))["status"] == "completed"
    reversal = await rest.get(f"~/transactions/{data['reversal_transaction_id']}")
    assert reversal["reversal_of_id"] == posted["id"]


async def test_prefer_decides_whether_a_write_waits(rest):
    waited = await rest.ask("POST", "~/transactions", await sale(rest), Prefer="wait=10")
    assert waited.status_code == 201
    queued = await rest.ask(
        "POST", "~/categories", {"name": "Coffee", "category_type": "income"},
        Prefer="respond-async",
    )  # fmt: skip
    assert queued.status_code == 202
    assert queued.json()["data"]["category_id"].startswith("cat_")


async def test_what_tells_a_secret_is_never_queued_since_a_job_would_keep_it(house, rest):
    made = await rest.post("~/api-keys", {"name": "New", "scope": "admin"}, Prefer="respond-async")
    assert made["secret"].startswith("cl_live_")
    turned = await rest.post(f"~/api-keys/{made['key']['id']}/rotate", Prefer="respond-async")
    assert turned["secret"].startswith("cl_live_")
    assert (await rest.get("~/jobs"))["total_count"] == 0


async def test_the_same_key_is_accepted_once(rest):
    body = await sale(rest)
    first = await rest.ask("POST", "~/transactions", body, Idempotency_Key="once")
    again = await rest.ask("POST", "~/transactions", body, Idempotency_Key="once")
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["data"]["job_id"] == again.json()["data"]["job_id"]
    assert again.headers["idempotent-replay"] == "true"


async def test_a_job_can_be_cancelled_and_prioritized(rest):
    job = (await rest.ask("POST", "~/contacts", CONTACT)).json()["data"]["job_id"]
    sooner = await rest.post(f"~/jobs/{job}/prioritize", {"priority": "high"})
    assert sooner["priority"] == "high"
    assert (await rest.post(f"~/jobs/{job}/cancel"))["status"] == "cancelled"
    error = await rest.refused(409, "POST", f"~/jobs/{job}/cancel")
    assert error["code"] == "wrong_status"


async def claimed(house, most=10):
    """The jobs that a worker would begin now, which it never finishes."""
    now = datetime.now(UTC)

    def claim(connection):
        found = stored.claim(connection, tuple(Queue), "w", now, now + timedelta(minutes=1), most)
        return [each.job_id for each in found]

    return await house.database.write(claim)


async def accepted(rest, path, body=None):
    answer = await rest.ask("POST", path, body or {})
    assert answer.status_code == 202, answer.text
    return answer.json()["data"]


async def test_a_request_that_refers_to_several_waits_for_all_of_them(house, rest):
    """Its contact and its invoice's; the younger of the two is done before the older."""
    contact = await accepted(rest, "~/contacts", CONTACT)
    other = await accepted(rest, "~/contacts", {**CONTACT, "name": "June"})
    body = {
        "contact_id": contact["contact_id"],
        "invoice_date": "2026-01-05",
        "items": [{"description": "Work", "quantity": "1", "unit_price": "80.00"}],
        "metadata": {"for": other["contact_id"]},
    }
    invoice = await accepted(rest, "~/invoices", body)
    shown = await rest.get(f"~/jobs/{invoice['job_id']}")
    assert shown["depends_on_id"] == other["job_id"]
    await rest.post(f"~/jobs/{other['job_id']}/cancel")
    assert await claimed(house) == [contact["job_id"]]
    await house.database.write(stored.release)
    async with working(house):
        ends = [await ended(rest, each["job_id"]) for each in (contact, invoice)]
    assert [job["status"] for job in ends] == ["completed", "failed"]
    assert ends[1]["error"]["details"] == {"job_id": other["job_id"]}


async def test_what_is_asked_of_one_thing_is_done_in_the_order_of_asking(house, rest):
    created = await accepted(rest, "~/transactions", await sale(rest))
    path = f"~/transactions/{created['transaction_id']}"
    posted = await accepted(rest, f"{path}/post")
    assert await claimed(house) == [created["job_id"]]
    reversed_ = await accepted(rest, f"{path}/reverse", {"reason": "Wrong"})
    await house.database.write(stored.release)
    async with working(house):
        ends = [await ended(rest, each["job_id"]) for each in (created, posted, reversed_)]
    assert [job["status"] for job in ends] == ["completed"] * 3, ends
    assert (await rest.get(path))["status"] == "reversed"


async def test_what_waits_for_a_queued_change_is_accepted_before_it_is_possible(house, rest):
    pending = await rest.post("~/transactions", await sale(rest), Prefer="wait=5")
    path = f"~/transactions/{pending['id']}"
    await rest.refused(409, "POST", f"{path}/reverse", {"reason": "Wrong"})
    posted = await accepted(rest, f"{path}/post")
    reversed_ = await accepted(rest, f"{path}/reverse", {"reason": "Wrong"})
    assert await claimed(house) == [posted["job_id"]]
    await house.database.write(stored.release)
    async with working(house):
        ends = [await ended(rest, each["job_id"]) for each in (posted, reversed_)]
    assert [job["status"] for job in ends] == ["completed"] * 2, ends
    assert (await rest.get(path))["status"] == "reversed"
