"""What was acknowledged survives kill -9 at any moment, and is there once."""

from __future__ import annotations

from crashing import CLIENTS, crash_often


async def test_three_kills_under_load_break_no_promise(engine, databases):
    promises = await crash_often(await databases.new(engine), 3)
    assert promises.kills == 3
    assert promises.resent > 0
    assert len(promises.made) >= 3 * CLIENTS
