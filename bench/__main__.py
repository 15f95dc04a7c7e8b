"""One command: `python -m bench`. See the package for what it measures, docs/bench.md for why."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

import click
from rich.console import Console

from bench import beside, executing, jobs, journals, paper, posting, reading
from bench.places import ENGINES, Places, places
from bench.plot import plot
from bench.results import Results

PARTS = ("posting", "jobs", "dashboard", "execution", "reports", "journals", "paper")
_REPORT = re.compile(r"trial balance (?:(now|past), |of )([\d,]+) entries(?: by .*)? ms")


@click.command()
@click.option("--quick", is_flag=True, help="Fewer and shorter rounds, and no million entries.")
@click.option("--large", is_flag=True, help="Reports up to ten million entries: 30 GB of disk.")
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Only these parts.")
@click.option("--engine", type=click.Choice(ENGINES), multiple=True, help="Only these engines.")
@click.option(
    "--json", "path", type=click.Path(path_type=Path), default="docs/bench.json", show_default=True
)
def main(
    quick: bool, large: bool, only: tuple[str, ...], engine: tuple[str, ...], path: Path
) -> None:
    """Measure the service beside its limits, print the tables, and write the figures as JSON.

    The plot of reports stands beside the JSON. Exit status 1 if a verdict does not hold.
    """
    console = Console()
    results = Results()
    parts = only or PARTS
    engines = engine or ENGINES
    with places() as found:
        for name in engines:
            _measure(name, found, results, console, parts, quick=quick, large=large)
        if "execution" in parts:
            console.print("execution")
            executing.measure(found, results, 3 if quick else 9)
        if "journals" in parts:
            console.print("journals")
            entries = journals.QUICK if quick else reading.MILLION
            journals.measure(engines, found, results, entries)
    if "paper" in parts:
        console.print("paper")
        for name, figure in paper.measure().items():
            results.add("typst", name, figure)
    results.show(console)
    results.write(path)
    _draw(results, path.with_suffix(".svg"))
    sys.exit(0 if results.is_sound else 1)


def _measure(
    engine: str,
    found: Places,
    results: Results,
    console: Console,
    parts: tuple[str, ...],
    *,
    quick: bool,
    large: bool,
) -> None:
    """The parts that are of one engine."""
    rounds, seconds = (3, 2.0) if quick else (5, 4.0)
    if "posting" in parts:
        console.print(f"{engine}: posting")
        posting.measure(engine, found, results, rounds, seconds)
    if "jobs" in parts:
        console.print(f"{engine}: jobs")
        jobs.measure(engine, found, results, rounds, seconds / 2)
    if "dashboard" in parts:
        console.print(f"{engine}: dashboard")
        beside.measure(engine, found, results, rounds, seconds)
    if "reports" in parts:
        console.print(f"{engine}: reports")
        sizes = reading.LARGE if large else reading.SIZES[:-1] if quick else reading.SIZES
        reading.trial_balance(engine, found, results, rounds, seconds / 2, sizes)


def _draw(results: Results, path: Path) -> None:
    """Draw what a trial balance costs, by entries, if that was measured."""
    series: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for engine, name in results.figures:
        if told := _REPORT.fullmatch(name):
            when, entries = told.groups()
            if when or engine not in ENGINES:
                of = f"{engine}, {when}" if when else engine
                point = (float(entries.replace(",", "")), results.median(engine, name))
                series[of].append(point)
    if series:
        path.write_text(plot("A trial balance, by entries", series), encoding="utf-8")


if __name__ == "__main__":
    main()
