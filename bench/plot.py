"""The plot of cost against size, drawn by hand: an SVG with two scales of powers of ten."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 190, 40, 50
_SPACE = 'xmlns="http://www.w3.org/2000/svg"'
_FONT = 'font-family="sans-serif" font-size="12"'
_COLOURS = ("#0b6e4f", "#6bbf59", "#1d4e89", "#7fb2e5", "#c1440e", "#e0a030")

Series = Mapping[str, Sequence[tuple[float, float]]]
"""Points of entries and milliseconds, by what they are of; both above zero."""


def plot(title: str, series: Series) -> str:
    """The drawing as text: a line for each series, a dot for each point."""
    points = [point for line in series.values() for point in line]
    across = _Scale.around([x for x, _ in points], _LEFT, WIDTH - _RIGHT)
    up = _Scale.around([y for _, y in points], HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg {_SPACE} viewBox="0 0 {WIDTH} {HEIGHT}" {_FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="22" font-size="15">{title}</text>',
        *_grid(across, up),
        *_lines(series, across, up),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Scale:
    """Where a figure stands between two edges, by its power of ten."""

    def __init__(self, low: int, high: int, begin: float, end: float) -> None:
        self.low, self.high = low, max(high, low + 1)
        self._begin, self._end = begin, end

    @classmethod
    def around(cls, figures: Sequence[float], begin: float, end: float) -> _Scale:
        """A scale of whole powers of ten that has all the figures in it."""
        logs = [math.log10(figure) for figure in figures]
        return cls(math.floor(min(logs)), math.ceil(max(logs)), begin, end)

    def at(self, figure: float) -> float:
        """The place of a figure, to a tenth of a unit."""
        share = (math.log10(figure) - self.low) / (self.high - self.low)
        return round(self._begin + share * (self._end - self._begin), 1)


def _grid(across: _Scale, up: _Scale) -> list[str]:
    """A line and a figure for each power of ten, and what the figures are."""
    parts = []
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    for power in range(across.low, across.high + 1):
        x = across.at(10**power)
        parts += [
            f'<line x1="{x}" y1="{_TOP}" x2="{x}" y2="{bottom}" stroke="#ddd"/>',
            f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{10**power:,}</text>',
        ]
    for power in range(up.low, up.high + 1):
        y = up.at(10**power)
        parts += [
            f'<line x1="{_LEFT}" y1="{y}" x2="{right}" y2="{y}" stroke="#ddd"/>',
            f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{10**power:,g}</text>',
        ]
    middle = (_LEFT + right) / 2
    return [
        *parts,
        f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">entries</text>',
        f'<text x="14" y="{_TOP - 8}">ms</text>',
    ]


def _lines(series: Series, across: _Scale, up: _Scale) -> list[str]:
    """The series, each with its name beside the drawing."""
    parts = []
    for place, (name, points) in enumerate(series.items()):
        colour = _COLOURS[place % len(_COLOURS)]
        spots = [(across.at(x), up.at(y)) for x, y in sorted(points)]
        path = " ".join(f"{x},{y}" for x, y in spots)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in spots]
        y = _TOP + 14 + place * 20
        x = WIDTH - _RIGHT + 14
        parts += [
            f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{colour}"/>',
            f'<text x="{x + 10}" y="{y}">{name}</text>',
        ]
    return parts
