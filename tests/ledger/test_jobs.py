"""Jobs: how one goes from accepted to finished, and what can be done to it meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ledger import jobs
from ledger.errors import LedgerError, Reason
from ledger.jobs import Job, JobPriority, JobState, Queue

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=9)
JOB = Job(
    organization_id="org_1",
    id="job_1",
    queue=Queue.TRANSACTION,
    operation="createTransaction",
    document="create_transaction",
    variables={"description": "Sale"},
    key_id="key_1",
    scope="write",
    request_id="req_1",
    run_after=NOW,
    created_at=NOW,
    updated_at=NOW,
)
BUSY = LedgerError(Reason.BUSY, "The database cannot be reached now.", "Try again in a moment.")
WRONG = LedgerError(Reason.UNBALANCED, "Debits and credits differ.", "Add a credit.")


def test_a_job_completes_with_what_its_operation_answered():
    begun = replace(JOB, state=JobState.PROCESSING)
    done = jobs.complete(begun, {"id": "txn_1"}, LATER)
    assert (done.state, done.progress, done.result) == (JobState.COMPLETED, 100, {"id": "txn_1"})
    assert (done.finished_at, done.version, done.is_finished) == (LATER, 2, True)
    assert not JOB.is_finished


@pytest.mark.parametrize(("attempts", "least", "most"), [(0, 1, 2), (1, 2, 4), (6, 64, 128)])
def test_what_may_help_is_tried_again_later_and_later(attempts, least, most):
    for jitter, seconds in ((0.0, least), (1.0, most)):
        delayed = jobs.fail(replace(JOB, attempts=attempts), BUSY, NOW, jitter)
        assert (delayed.state, delayed.attempts) == (JobState.QUEUED, attempts + 1)
        assert delayed.run_after == NOW + timedelta(seconds=seconds)
        assert delayed.error["reason"] == "busy"


def test_no_wait_is_longer_than_ten_minutes():
    assert jobs.wait_before(40, 1.0) == timedelta(minutes=10)


def test_a_job_fails_when_trying_again_cannot_help_or_was_tried_often_enough():
    refused = jobs.fail(JOB, WRONG, LATER, 0.5)
    tired = jobs.fail(replace(JOB, attempts=jobs.MOST_ATTEMPTS - 1), BUSY, LATER, 0.5)
    assert [job.state for job in (refused, tired)] == [JobState.FAILED] * 2
    assert (refused.error["reason"], refused.attempts) == ("unbalanced", 1)
    assert tired.attempts == jobs.MOST_ATTEMPTS


def test_a_job_fails_with_the_one_that_it_depends_on():
    waiting = replace(JOB, depends_on=("job_0",))
    failed = jobs.depend_in_vain(waiting, "job_0", LATER)
    assert failed.state is JobState.FAILED
    assert failed.error["reason"] == "dependency_failed"
    assert failed.error["details"] == {"job_id": "job_0"}


@pytest.mark.parametrize(
    ("variables", "state", "is_in_vain"),
    [
        ({"id": "txn_1"}, JobState.FAILED, True),
        ({"id": "txn_1"}, JobState.CANCELLED, True),
        ({"lines": [{"amount": 1}, {"of": "txn_1"}]}, JobState.FAILED, True),
        ({"id": "txn_1"}, JobState.COMPLETED, False),
        ({"id": "txn_2"}, JobState.FAILED, False),
    ],
)
def test_only_what_was_to_be_made_for_a_job_makes_it_fail_too(variables, state, is_in_vain):
    before = replace(JOB, state=state, reserved=("txn_1",))
    assert jobs.is_in_vain(replace(JOB, variables=variables), before) is is_in_vain


def test_a_waiting_job_can_be_cancelled_or_begun_sooner():
    assert jobs.cancel(JOB, LATER).state is JobState.CANCELLED
    sooner = jobs.prioritize(JOB, JobPriority.HIGH, LATER)
    assert (sooner.priority, sooner.updated_at, sooner.version) == (JobPriority.HIGH, LATER, 2)


@pytest.mark.parametrize("state", [each for each in JobState if each is not JobState.QUEUED])
def test_one_that_was_begun_can_not(state):
    begun = replace(JOB, state=state)
    for change in (
        lambda: jobs.cancel(begun, LATER),
        lambda: jobs.prioritize(begun, JobPriority.LOW, LATER),
    ):
        with pytest.raises(LedgerError) as refused:
            change()
        assert (refused.value.reason, refused.value.field) == (Reason.WRONG_STATUS, "id")
        assert refused.value.details == {"job_id": "job_1", "state": state.value}


def test_every_text_of_the_arguments_is_found_however_deep():
    given = {"id": "a", "entries": [{"account": "b", "amount": 1}, ["c", None]], "post": True}
    assert list(jobs.texts_in(given)) == ["a", "b", "c"]
