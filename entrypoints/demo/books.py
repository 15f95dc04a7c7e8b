"""The notebook in which the demo company's year is written down, step by step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from entrypoints.demo.figures import Line
from entrypoints.demo.steps import Entered, Step


@dataclass
class Books:
    """All that was written so far, and the balance of every account, debit-positive, in cents."""

    steps: list[Step] = field(default_factory=list)
    balances: Counter[str] = field(default_factory=Counter)

    def add(self, step: Step) -> None:
        """Write a step down; one that does not balance is a `ValueError`."""
        if sum(line.signed for line in step.lines):
            raise ValueError(f"{step} does not balance.")
        for line in step.lines:
            self.balances[line.code] += line.signed
        self.steps.append(step)

    def write(
        self, day: date, told: str, reference: str, lines: list[Line], **more: Any
    ) -> Entered:
        """Write a transaction; lines of nothing are left out.

        `more` are further members of the step, such as `method` or `contact`.
        """
        kept = tuple(line for line in lines if line.amount)
        step = Entered(day, told, reference, kept, **more)
        self.add(step)
        return step


class Habit(Protocol):
    """Something that the company does again and again, told day by day."""

    def opening(self) -> list[Line]:
        """What it brings into the year: its lines of the opening balance."""
        ...

    def on(self, day: date) -> None:
        """Write down what happens on that day, if anything does."""
        ...
