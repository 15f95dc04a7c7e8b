"""`crane worker`: runs jobs apart from any server, any number of them beside each other."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import signal
from datetime import timedelta

import click

from entrypoints import logs
from entrypoints.options import database_option, is_sqlite, settings_of
from entrypoints.worker import Worker
from ledger.jobs import Queue
from settings import Settings

logger = logging.getLogger("crane.worker")

_QUEUES = [queue.value for queue in Queue]


@click.command()
@database_option
@click.option(
    "--queues",
    default=",".join(_QUEUES),
    show_default=True,
    help="The queues whose jobs are run, with commas between them.",
)
@click.option("--most", default=64, show_default=True, help="Jobs that run at a time.")
def worker(database: str | None, queues: str, most: int) -> None:
    """Run jobs until told to stop (Ctrl+C); then finish what is under way."""
    settings = settings_of(database_url=database)
    if is_sqlite(settings):
        raise click.ClickException(
            "SQLite serves one process: `crane serve` runs its jobs itself. Use PostgreSQL."
        )
    chosen = [name.strip() for name in queues.split(",") if name.strip()]
    if unknown := [name for name in chosen if name not in _QUEUES]:
        raise click.BadParameter(f"There is no queue {unknown[0]!r}.", param_hint="--queues")
    logs.configure(settings.log_level.upper())
    asyncio.run(_work(settings, [Queue(name) for name in chosen], most))


async def _work(settings: Settings, queues: list[Queue], most: int) -> None:
    # Named and not imported, as the server is: the composition root stands above all commands.
    root = importlib.import_module("server")
    house = root.House(settings.model_copy(update={"jobs": 0}))
    await house.open()
    hand = Worker(
        house.database,
        house.writer,
        house.worked,
        root.text_of,
        queues=queues,
        most=most,
        lease=timedelta(seconds=settings.job_lease),
    )
    logger.info("A worker looks for jobs.", extra={"facts": {"queues": queues, "most": most}})
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(each, hand.stop)
    try:
        await hand.run()
    finally:
        await house.close()
