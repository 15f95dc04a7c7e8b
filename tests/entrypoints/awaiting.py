"""How tests have what REST has queued done, and wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from house import House

from entrypoints.rest.documents import text_of
from entrypoints.worker import Worker


@asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    """A worker, while it is needed."""
    inside = house.app.house
    worker = Worker(inside.database, inside.writer, inside.worked, text_of)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task


async def ended(rest: Any, job_id: str) -> dict[str, Any]:
    """A job when it is finished, as REST shows it."""
    async with asyncio.timeout(20):
        while True:
            job: dict[str, Any] = await rest.get(f"~/jobs/{job_id}")
            if job["status"] not in {"queued", "processing"}:
                return job
            await asyncio.sleep(0.02)
