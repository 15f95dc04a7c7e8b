"""One command: `python -m bench`. See the package for what it measures, docs/bench.md for why."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from bench import paper, posting, reading
from bench.places import ENGINES, places
from bench.results import Results

PARTS = ("posting", "dashboard", "reports", "paper")


@click.command()
@click.option("--quick", is_flag=True, help="Fewer and shorter rounds, and no million entries.")
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Only these parts.")
@click.option("--engine", type=click.Choice(ENGINES), multiple=True, help="Only these engines.")
@click.option(
    "--json", "path", type=click.Path(path_type=Path), default="docs/bench.json", show_default=True
)
def main(quick: bool, only: tuple[str, ...], engine: tuple[str, ...], path: Path) -> None:
    """Measure the service beside its limits, print the tables, and write the figures as JSON."""
    console = Console()
    results = Results()
    rounds, seconds = (3, 2.0) if quick else (5, 4.0)
    sizes = reading.SIZES[:-1] if quick else reading.SIZES
    parts = only or PARTS
    with places() as found:
        for name in engine or ENGINES:
            if "posting" in parts:
                console.print(f"{name}: posting")
                posting.measure(name, found, results, rounds, seconds)
            if "dashboard" in parts:
                console.print(f"{name}: dashboard")
                reading.dashboard(name, found, results, rounds, seconds)
            if "reports" in parts:
                console.print(f"{name}: reports")
                reading.trial_balance(name, found, results, rounds, seconds / 2, sizes)
    if "paper" in parts:
        console.print("paper")
        for name, figure in paper.measure().items():
            results.add("typst", name, figure)
    results.show(console)
    results.write(path)


if __name__ == "__main__":
    main()
