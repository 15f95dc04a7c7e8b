"""Real ledgers with known answers, loaded and held against them by the reports of the API."""

from __future__ import annotations

from pathlib import Path

import pytest
from loads import LITTLE, load

from entrypoints.asking import Remote
from entrypoints.ledger_files import open_ledger
from entrypoints.verifying import verify
from ledger.templates import Template

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "ledgers"
CASES = [LITTLE, *(p for p in sorted(SHARED.glob("*.json")) if not p.name.startswith("large_"))]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
async def test_a_whole_ledger_gives_every_figure_that_it_expects(house, path):
    ledger = open_ledger(path)
    bare = await house.organization(currency=ledger.base_currency, template=Template.NONE)
    assert await load(bare, path) == (ledger.size, 0)
    verdict = await verify(Remote(bare.http, bare.key), ledger.expected)
    assert verdict.differences == []
    assert verdict.unknown == set()
    assert verdict.compared > 25


async def test_figures_that_differ_are_named(lone):
    await load(lone, LITTLE)
    expected = open_ledger(LITTLE).expected
    expected["as_of"]["2024-12-31"]["balances"]["1000"] = "450.01"
    expected["as_of"]["2024-12-31"]["net_income_to_date"] = "0.00"
    verdict = await verify(Remote(lone.http, lone.key), expected)
    assert verdict.differences == [
        "2024-12-31, balances, 1000: expected 450.01, found 450.00",
        "2024-12-31, net_income_to_date: expected 0.00, found 113.00",
    ]
