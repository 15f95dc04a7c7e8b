"""The long proof that queued work is done once: `python -m bench.killing --transactions 2000`.

It is the suite's own test (tests/killing.py) at its full size on each engine.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from pathlib import Path

import click

from bench.places import ENGINES, places


@click.command()
@click.option("--transactions", default=2_000, show_default=True, help="How many are queued.")
@click.option("--kills", default=25, show_default=True, help="How often to kill meanwhile.")
@click.option("--lease", default=30, show_default=True, help="CRANE_JOB_LEASE, in seconds.")
@click.option("--engine", type=click.Choice(ENGINES), multiple=True, help="Only these engines.")
def main(transactions: int, kills: int, lease: int, engine: tuple[str, ...]) -> None:
    """Kill who runs jobs at random moments; fail when something is missing or there twice."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    kill_often = importlib.import_module("killing").kill_often
    with places() as found:
        for name in engine or ENGINES:
            tale = asyncio.run(kill_often(found.new(name), transactions, kills, lease=lease))
            click.echo(
                f"{name}: {len(tale.accepted):,} transactions by {len(tale.jobs):,} jobs in "
                f"{tale.seconds:.0f} s, all there once; {len(tale.dead)} kills, "
                f"{len(tale.taken_over):,} jobs begun anew, after {tale.longest_stuck:.1f} s "
                f"at most with a lease of {lease} s; {tale.resent:,} requests sent again; "
                "books healthy"
            )


if __name__ == "__main__":
    main()
