"""Medians of several short rounds, the ratios between them, the table and the JSON."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(slots=True)
class Results:
    """Every figure of a run by engine and name, one for each round, and the ratios wanted.

    A ratio has a bound: a pair of `>=` or `<=` and the figure it is held against, or None
    where it is told for information. A verdict is something that must hold: by engine, its name,
    whether it does, and what was found.
    """

    figures: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    ratios: list[tuple[str, str, float, tuple[str, float] | None]] = field(default_factory=list)

    verdicts: list[tuple[str, str, bool, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, engine: str, name: str, value: float) -> None:
        """Put down what one round came to."""
        self.figures[engine, name].append(value)

    def median(self, engine: str, name: str) -> float:
        """The middle of all rounds."""
        return statistics.median(self.figures[engine, name])

    def has(self, engine: str, name: str) -> bool:
        """Whether there is such a figure."""
        return (engine, name) in self.figures

    def tell(self, engine: str, name: str, found: str, *, holds: bool) -> None:
        """Put down a verdict."""
        self.verdicts.append((engine, name, holds, found))

    @property
    def is_sound(self) -> bool:
        """Whether everything holds that must; ratios are wishes beside that."""
        return all(holds for _, _, holds, _ in self.verdicts)

    def ratio(
        self,
        engine: str,
        over: str,
        under: str,
        bound: tuple[str, float] | None = None,
        *,
        under_engine: str | None = None,
    ) -> None:
        """Put down the median of one figure over that of another."""
        value = self.median(engine, over) / self.median(under_engine or engine, under)
        self.ratios.append((engine, f"{over} / {under}", value, bound))

    def plain(self) -> dict[str, Any]:
        """All of it as JSON can hold it."""
        return {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "figures": [
                {
                    "engine": engine,
                    "name": name,
                    "median": statistics.median(rounds),
                    "rounds": rounds,
                }
                for (engine, name), rounds in self.figures.items()
            ],
            "ratios": [
                {
                    "engine": engine,
                    "name": name,
                    "ratio": value,
                    "bound": bound,
                    "holds": holds(value, bound),
                }
                for engine, name, value, bound in self.ratios
            ],
            "verdicts": [
                {"engine": engine, "name": name, "holds": holds, "found": found}
                for engine, name, holds, found in self.verdicts
            ],
            "notes": self.notes,
        }

    def write(self, path: Path) -> None:
        """Write the JSON of the run."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.plain(), indent=1) + "\n", encoding="utf-8")

    def show(self, console: Console) -> None:
        """Print the tables of the run."""
        table = Table("figure", "engine", "median", "rounds", title="Figures")
        for (engine, name), rounds in self.figures.items():
            shown = " ".join(f"{value:,.1f}" for value in rounds)
            table.add_row(name, engine, f"{statistics.median(rounds):,.1f}", shown)
        console.print(table)
        table = Table("ratio", "engine", "value", "bound", "holds", title="Ratios")
        for engine, name, value, bound in self.ratios:
            wanted = "" if bound is None else f"{bound[0]} {bound[1]:.3g}"
            met = {None: "", True: "yes", False: "NO"}[holds(value, bound)]
            table.add_row(name, engine, _shown(value), wanted, met)
        console.print(table)
        table = Table("verdict", "engine", "holds", "found", title="Verdicts")
        for engine, name, is_so, found in self.verdicts:
            table.add_row(name, engine, "yes" if is_so else "NO", found)
        console.print(table)
        for note in self.notes:
            console.print(note)


_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": lambda value, bound: value >= bound,
    "<=": lambda value, bound: value <= bound,
}


def _shown(ratio: float) -> str:
    """Three digits, or all of those before the point."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def holds(value: float, bound: tuple[str, float] | None) -> bool | None:
    """Whether a ratio keeps to its bound; None when it has none."""
    return None if bound is None else _HOLDS[bound[0]](value, bound[1])


def machine() -> dict[str, Any]:
    """What the run ran on, and how busy that was with other work when it ended."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": os.getloadavg(),
    }
