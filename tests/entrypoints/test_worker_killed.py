"""Whoever runs jobs may die at any moment: what was accepted is done, once, and soon enough."""

from __future__ import annotations

from killing import kill_often

LEASE = 4
LATE = 1.5
"""How late a machine that is busy with other tests may see that a job was taken over."""


async def test_killed_workers_leave_nothing_undone_nor_done_twice(databases):
    tale = await kill_often(await databases.new("postgresql"), 120, 2, lease=LEASE)
    assert len(tale.dead) == 2
    assert tale.taken_over
    assert tale.longest_stuck <= LEASE + LATE


async def test_nor_does_a_killed_server_that_runs_jobs_itself(databases):
    """Its jobs are begun anew as soon as it is there again, and not when their lease ends."""
    tale = await kill_often(await databases.new("sqlite"), 120, 2, lease=300)
    assert len(tale.dead) == 2
    assert tale.taken_over
    assert tale.longest_stuck < 60
