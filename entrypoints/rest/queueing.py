"""Queueing: accepting a request as a job in the place of an answer.

Rows that name a queue are accepted: decided at once, so that bad input has its refusal now, and
answered with 202, the job, and the ids of what it is going to make. `Prefer: respond-async` queues
any write but those that tell a secret, `Prefer: wait=N` runs it now; `CRANE_REST_DIRECT` turns the
default round.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from graphql import get_named_type

from entrypoints.rest.doors import Door, Reply
from entrypoints.rest.incoming import Incoming
from entrypoints.rest.names import snake
from ledger.jobs import Job, JobPriority, Queue, texts_in
from resolvers.gate import Caller
from resolvers.jobs import Enqueueing
from store import jobs
from store.engines import Database

ACCEPTED = 202
_ID = re.compile(r"(?:act|txn|con|inv|bil|crn|pay|cat|itm|tax|app)_[0-9A-Za-z]{20}", re.ASCII)
_RECENT = timedelta(hours=2)
_KEPT_FOR = timedelta(seconds=1)
_DEPTHS: WeakKeyDictionary[Database, tuple[datetime, list[jobs.QueueDepth]]] = WeakKeyDictionary()
_REMEMBERED = 256
_FIRST_GUESS = timedelta(milliseconds=200)


@lru_cache(_REMEMBERED)
def preferred(prefer: str | None) -> str | None:
    """What a Prefer header asks for: `respond-async`, `wait`, or neither."""
    for part in (prefer or "").lower().split(","):
        word = part.strip().partition(";")[0].partition("=")[0].strip()
        if word in {"respond-async", "wait"}:
            return word
    return None


def is_queued(door: Door, request: Incoming, *, direct: bool) -> bool:
    """Whether a request is to be accepted as a job."""
    if door.document.is_query or door.row.direct:
        return False
    asked = preferred(request.header(b"prefer"))
    if asked is not None:
        return asked == "respond-async"
    return door.row.queue is not None and not direct


async def enqueueing(
    database: Database,
    caller: Caller,
    door: Door,
    variables: Mapping[str, Any],
    subject: str | None,
) -> Enqueueing:
    """How a request is accepted: in its row's queue, behind the jobs that it refers to."""
    named = sorted({text for text in texts_in(variables) if _ID.fullmatch(text)})
    waits: list[str] = []
    if named:
        waits = await database.peek(jobs.unfinished, caller.organization_id, named)
    return Enqueueing(
        queue=door.row.queue or Queue.TRANSACTION,
        document=door.document.name,
        variables=variables,
        priority=JobPriority.NORMAL,
        depends_on=tuple(waits),
        subject_id=subject,
        makes=None if subject is not None else _PREFIXES.get(_made_by(door)),
    )


def _made_by(door: Door) -> str:
    """What a document makes, as the API calls it: `credit_note`."""
    field = door.document.parent.fields[door.document.root.name.value]
    return snake(get_named_type(field.type).name.removesuffix("Node"))


def shown(job: Job) -> dict[str, Any]:
    """What is told of something that is not there yet, but was given its id."""
    noun = _NOUNS.get((job.subject_id or "")[:4], "subject")
    return {
        "id": job.subject_id,
        "object": noun,
        "organization_id": job.organization_id,
        "status": job.state.value,
        "job_id": job.id,
        "created_at": _instant(job.created_at),
    }


async def reserved(database: Database, caller: Caller, key: str) -> Job | None:
    """The job that an id was given out for, while what it names is not there yet."""

    def find(connection: Any) -> Job | None:
        of = caller.organization_id
        held = jobs.reserved_by(connection, of, [key]).get(key)
        return None if held is None else jobs.JOBS.existing(connection, of, [held]).get(held)

    return await database.read(find)


def accepted(
    job: Job, door: Door, request_id: str, *, began: float, estimate: datetime, cost: int
) -> Reply:
    """The envelope that says that a request was accepted, and where its job is found."""
    data: dict[str, Any] = {
        "job_id": job.id,
        "status": job.state.value,
        "message": door.row.queued or "Request queued",
        "estimated_completion": _instant(estimate),
    }
    if job.subject_id is not None:
        data[_name_of(job.subject_id, door)] = job.subject_id
    body = {
        "request_id": request_id,
        "success": True,
        "data": data,
        "error": None,
        "duration_ms": int((time.perf_counter() - began) * 1_000),
        "credit_cost": cost,
    }
    place = f"/organizations/{job.organization_id}/jobs/{job.id}"
    return Reply(ACCEPTED, orjson.dumps(body), {"location": place})


_NOUNS = {
    "act_": "account",
    "txn_": "transaction",
    "con_": "contact",
    "inv_": "invoice",
    "bil_": "bill",
    "crn_": "credit_note",
    "pay_": "payment",
    "cat_": "category",
    "itm_": "item",
    "tax_": "tax",
    "app_": "application",
    "exp_": "event_export",
}


_PREFIXES = {noun: prefix for prefix, noun in _NOUNS.items()} | {"tax_rate": "tax_"}


def _name_of(key: str, door: Door) -> str:
    """What the envelope calls an id: `invoice_id`; of a reversal its own."""
    if door.document.name == "ReverseTransaction":
        return "reversal_transaction_id"
    return f"{_NOUNS.get(key[:4], 'subject')}_id"


async def depths(database: Database, now: datetime) -> list[jobs.QueueDepth]:
    """What waits in the queues, and how fast it was done: as it was within the last second.

    All jobs that wait are counted for that, which not every one that is accepted must pay for.
    """
    kept = _DEPTHS.get(database)
    if kept is None or now - kept[0] > _KEPT_FOR:
        kept = now, await database.read(jobs.depths, now, now - _RECENT)
        _DEPTHS[database] = kept
    return kept[1]


def estimated(depths: list[jobs.QueueDepth], queue: Queue, now: datetime) -> datetime:
    """When a job of a queue is likely to be done, by what it has done in the last hours."""
    (depth,) = (each for each in depths if each.queue is queue)
    ahead = depth.waiting + depth.running
    if depth.finished == 0:
        return now + _FIRST_GUESS * (ahead + 1)
    each = timedelta(milliseconds=max(1, depth.milliseconds // depth.finished))
    return now + each * (ahead + 1)


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
