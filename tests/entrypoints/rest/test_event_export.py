"""Exports of the history: complete, charged, told of, and provable from the file alone."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asking import enter, key_of
from awaiting import ended, working
from crediting import grant, left, metered, used
from entering import contents
from entering import events as history

from ledger.event_files import COLUMNS
from ledger.keys import Scope
from resolvers import event_exports

SALE = "2026-01-05: =1+1\n    debit 1000 100.00\n    credit 4000 100.00\n"
EXPORT = """
mutation Export($format: ExportFormat! = CSV, $dryRun: Boolean! = false, $key: String) {
  exportEvents(format: $format, dryRun: $dryRun, idempotencyKey: $key) {
    id format beginsAt endsAt entityType through url createdAt
  }
}"""
PATH = "~/events/export"


def rows_of(text, form):
    """The lines of a file, in the words of the history."""
    if form == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    rows = list(csv.DictReader(text.splitlines(keepends=True), strict=True))
    for row in rows:
        row["request_id"] = row["request_id"].removeprefix("'")
        row["sequence"] = int(row["sequence"])
        row |= {name: row[name] or None for name in ("key_id", "before", "after")}
    return rows


def hash_of(row):
    """The hash that a line must have, as docs/event-exports.md says."""
    content = [row[name] for name in COLUMNS[:-2]]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{row['previous_hash']}\n{text}".encode()).hexdigest()


def require_whole_chain(rows):
    previous = "0" * 64
    for number, row in enumerate(rows, 1):
        assert (row["sequence"], row["previous_hash"]) == (number, previous)
        previous = hash_of(row)
        assert row["hash"] == previous


@pytest.mark.parametrize("form", ["csv", "jsonl"])
async def test_the_whole_history_is_exported_and_proves_itself(
    house, books, rest, form, monkeypatch
):
    monkeypatch.setattr(event_exports, "PAGE", 7)
    await enter(books, SALE)
    headers = {"X_Request_Id": "-2"}  # which a spreadsheet would reckon with
    await rest.post("~/categories", {"name": '"Ä", B\n', "category_type": "income"}, **headers)
    answer = await rest.ask("GET", f"{PATH}?format={form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(
        "text/csv" if form == "csv" else "application/x-ndjson"
    )
    today = datetime.now(UTC).date()
    assert answer.headers["content-disposition"] == f'attachment; filename="events-{today}.{form}"'
    assert "content-length" not in answer.headers
    rows = rows_of(answer.text, form)
    require_whole_chain(rows)
    assert len(rows) == len(await history(books, house))
    last = rows[-1]
    assert (last["type"], last["entity_type"], last["protocol"]) == (
        "events.exported",
        "events",
        "rest",
    )
    assert last["entity_id"].startswith("exp_")
    assert json.loads(last["after"])["format"] == form
    assert [row["request_id"] for row in rows].count("-2") == 1
    assert ("'-2" in answer.text) is (form == "csv")


async def test_the_recipe_in_the_documentation_proves_a_file_and_finds_what_was_altered(rest):
    page = (Path(__file__).parents[3] / "docs" / "event-exports.md").read_text()
    (script,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    scope = {}
    exec(script, scope)  # noqa: S102 (it is the page's own)
    text = (await rest.ask("GET", f"{PATH}?format=jsonl")).text
    lines = text.splitlines()
    assert scope["broken"](lines) is None
    altered = [*lines[:4], lines[4].replace("org_", "org-", 1), *lines[5:]]
    assert scope["broken"](altered) == 5
    assert scope["broken"]([*lines[:4], *lines[5:]]) == 6


async def test_a_period_or_a_noun_can_be_exported(house, books, rest):
    await enter(books, SALE)
    today = datetime.now(UTC).date()
    everything = [event["sequence"] for event in await history(books, house)]

    async def sequences(query):
        answer = await rest.ask("GET", f"{PATH}?format=jsonl&{query}")
        assert answer.status_code == 200, answer.text
        return [row["sequence"] for row in rows_of(answer.text, "jsonl")]

    for query in (f"from={today}&to={today}", f"from_date={today}", "date_range=this_month"):
        assert (await sequences(query))[: len(everything)] == everything
    yesterday, tomorrow = today - timedelta(2), today + timedelta(2)
    for query in (f"to={yesterday}", f"from={tomorrow}", "date_range=LAST_YEAR"):
        assert await sequences(query) == []
    (sale,) = (
        e["sequence"] for e in await history(books, house) if e["type"] == "transaction.posted"
    )
    assert await sequences("entity_type=transaction") == [sale]
    assert await sequences("entity_type=nothing") == []


async def test_what_cannot_be_exported_is_refused_and_leaves_no_event(house, books, rest, rest_of):
    writer = rest_of(await key_of(books, house, Scope.WRITE))
    before = await contents(house)
    for query, status, fields in (
        ("format=xml", 400, ["format"]),
        ("colour=red", 400, ["colour"]),
        ("from=soon", 400, ["from"]),
        ("from=2026-01-02&from=2026-01-02", 400, ["from"]),
        ("from=2026-01-02&from_date=2026-01-02", 400, ["from_date"]),
        ("from=2026-01-02&to=2026-01-01", 400, ["from"]),
        ("date_range=last_year&to=2026-01-01", 400, ["date_range"]),
        ("entity_type=%00", 400, ["entity_type"]),
        ("dry_run=true", 400, ["dry_run"]),
    ):
        error = await rest.refused(status, "GET", f"{PATH}?{query}")
        assert list(error["details"]["fields"]) == fields, error
    assert (await writer.refused(403, "GET", PATH))["code"] == "forbidden"
    other = rest_of(await house.organization())
    before = await contents(house)
    foreign = PATH.replace("~", rest.home)
    assert (await other.refused(404, "GET", foreign))["code"] == "not_found"
    head = await rest.ask("HEAD", f"{PATH}?format=jsonl")
    assert (head.status_code, head.headers["content-type"]) == (200, "application/x-ndjson")
    assert (head.content, await contents(house)) == (b"", before)


async def test_organizations_export_their_own_history_alone(house, books, rest, rest_of):
    other = await house.organization()
    await enter(other, SALE)
    for asked in (rest, rest_of(other)):
        rows = rows_of((await asked.ask("GET", f"{PATH}?format=jsonl")).text, "jsonl")
        assert {row["organization_id"] for row in rows} == {asked.client.organization_id}
        require_whole_chain(rows)


async def test_an_export_by_link_is_the_same_file_whenever_it_is_read(house, books, rest):
    made = (await books.ask(EXPORT, format="JSONL", key="once"))["exportEvents"]
    assert (await books.ask(EXPORT, format="JSONL", key="once"))["exportEvents"] == made
    link = made["url"].partition("/exports/")[2]
    first = await books.http.get(f"/exports/{link}")
    assert (first.status_code, first.headers["content-type"]) == (200, "application/x-ndjson")
    await enter(books, SALE)
    assert (await books.http.get(f"/exports/{link}")).content == first.content
    rows = rows_of(first.text, "jsonl")
    require_whole_chain(rows)
    assert rows[-1]["sequence"] == made["through"] == len(rows)
    for odd in (link[:-1], f"{link}x", "x", link.replace("exp_", "txn_")):
        assert (await books.http.get(f"/exports/{odd}")).status_code == 404
    before = await contents(house)
    tried = (await books.ask(EXPORT, dryRun=True))["exportEvents"]
    assert (tried["url"], tried["through"], tried["format"]) == (None, None, "CSV")
    assert await contents(house) == before


async def test_an_export_costs_two_credits_and_may_be_queued(engine, databases, rest_of):
    async with metered(await databases.new(engine), rest_direct=False) as house:
        books = await house.organization()
        rest = rest_of(books)
        error = await rest.refused(402, "GET", PATH)
        assert error["code"] == "insufficient_credits"
        await grant(house, books, 10)
        assert (await rest.ask("GET", PATH, Idempotency_Key="once")).status_code == 200
        again = await rest.ask("GET", PATH, Idempotency_Key="once")
        assert again.headers["idempotent-replay"] == "true"
        assert await left(books) == 8
        queued = (await rest.ask("POST", PATH, {"format": "csv"})).json()
        assert (queued["credit_cost"], await left(books)) == (2, 6)
        async with working(house):
            job = await ended(rest, queued["data"]["job_id"])
        assert (job["status"], job["queue"]) == ("completed", "report")
        made = job["result"]
        assert made["id"] == queued["data"]["event_export_id"] == job["subject_id"]
        sent = await books.http.get(made["url"].partition("//")[2].partition("/")[2])
        assert sent.text.startswith("organization_id,sequence,")
        require_whole_chain(rows_of(sent.text, "csv"))
        assert (await left(books), await used(books)) == (6, {"exportEvents": (2, 4)})
