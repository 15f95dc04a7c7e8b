"""The long proof that what was acknowledged survives: `python -m bench.crash --times 50`.

It is the suite's own test (tests/crashing.py), run as often as asked on each engine.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import time
from pathlib import Path

import click

from bench.places import ENGINES, places


@click.command()
@click.option("--times", default=50, show_default=True, help="How often to kill, per engine.")
@click.option("--engine", type=click.Choice(ENGINES), multiple=True, help="Only these engines.")
def main(times: int, engine: tuple[str, ...]) -> None:
    """Kill a server under load again and again; fail when it broke a promise."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    crash_often = importlib.import_module("crashing").crash_often
    with places() as found:
        for name in engine or ENGINES:
            began = time.perf_counter()
            kept = asyncio.run(crash_often(found.new(name), times))
            click.echo(
                f"{name}: {kept.kills} kills in {time.perf_counter() - began:.0f} s, "
                f"{len(kept.made):,} transactions and {len(kept.reversed):,} reversals "
                f"acknowledged, all there once; {kept.resent:,} requests sent again; "
                f"{len(kept.unanswered)} never answered, each whole or absent; books healthy"
            )


if __name__ == "__main__":
    main()
