"""Exports of events: which days a period has, and lines from which hashes can be proved."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from books import NOW, USD_BOOKS, answer

from ledger.errors import Reason
from ledger.event_exports import Asked, DateRange, ExportFormat, days_of, draw_up, restored
from ledger.event_files import COLUMNS, head, line
from ledger.events import Change, Event, seal, snapshot

CSV, JSONL = ExportFormat.CSV, ExportFormat.JSONL
BERLIN = replace(USD_BOOKS, time_zone="Europe/Berlin", fiscal_year_start=(4, 1))


@pytest.mark.parametrize(
    ("span", "today", "first", "last"),
    [
        ("this_month", "2026-01-31", "2026-01-01", "2026-01-31"),
        ("last_month", "2026-01-31", "2025-12-01", "2025-12-31"),
        ("last_month", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("this_quarter", "2026-05-07", "2026-04-01", "2026-06-30"),
        ("last_quarter", "2026-02-07", "2025-10-01", "2025-12-31"),
        ("this_year", "2026-12-31", "2026-01-01", "2026-12-31"),
        ("last_year", "2026-01-01", "2025-01-01", "2025-12-31"),
        ("this_fiscal_year", "2026-03-31", "2025-04-01", "2026-03-31"),
        ("this_fiscal_year", "2026-04-01", "2026-04-01", "2027-03-31"),
        ("last_fiscal_year", "2026-03-31", "2024-04-01", "2025-03-31"),
    ],
)
def test_a_named_period_has_these_days(span, today, first, last):
    found = days_of(DateRange(span), BERLIN, date.fromisoformat(today))
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


def test_days_are_those_of_the_organization_and_both_count_in():
    asked = Asked(CSV, first=date(2026, 3, 29), last=date(2026, 3, 29), entity_type="account")
    found = draw_up(BERLIN, asked, "exp_1", NOW)
    assert found.begin == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert found.end == datetime(2026, 3, 29, 21, 59, 59, 999999, tzinfo=UTC)  # clocks went on
    assert (found.organization_id, found.entity_type) == ("org_1", "account")
    whole = draw_up(BERLIN, Asked(JSONL), "exp_1", NOW)
    assert (whole.begin, whole.end) == (None, None)
    last_year = draw_up(USD_BOOKS, Asked(CSV, DateRange.LAST_YEAR), "exp_1", NOW)
    assert last_year.begin == datetime(2024, 1, 1, tzinfo=UTC)
    for export in (found, whole, last_year):
        assert restored(snapshot(export)) == export


@pytest.mark.parametrize(
    ("asked", "reason", "field"),
    [
        (Asked(CSV, DateRange.LAST_YEAR, first=date(2026, 1, 1)), "invalid_value", "dateRange"),
        (Asked(CSV, DateRange.LAST_YEAR, last=date(2026, 1, 1)), "invalid_value", "dateRange"),
        (Asked(CSV, first=date(2026, 1, 2), last=date(2026, 1, 1)), "invalid_date", "from"),
        (Asked(CSV, first=date(1, 1, 1)), "invalid_date", "from"),
        (Asked(CSV, last=date(9999, 12, 31)), "invalid_date", "to"),
        (Asked(CSV, entity_type="\0"), "invalid_text", "entityType"),
    ],
)
def test_a_period_that_is_none_is_refused(asked, reason, field):
    error = answer(draw_up, USD_BOOKS, asked, "exp_1", NOW)
    assert (error.reason, error.field) == (Reason[reason.upper()], field)


def event(**more):
    content = {
        "organization_id": "org_1",
        "sequence": 2,
        "id": "evt_1",
        "type": "account.created",
        "entity_type": "account",
        "entity_id": "act_1",
        "actor": "key:key_1",
        "key_id": None,
        "request_id": "req_1",
        "protocol": "rest",
        "before": None,
        "after": '{"name":"=1+1, \\"M\u00fcller\\"\\n"}',
        "created_at": NOW,
        **more,
    }
    previous = "0" * 64
    return Event(**content, previous_hash=previous, hash=seal(previous, tuple(content.values())))


def test_an_export_is_an_event_of_its_own():
    export = draw_up(USD_BOOKS, Asked(CSV), "exp_1", NOW)
    change = Change("exported", None, export)
    assert (change.entity_type, change.fact.id) == ("events", "exp_1")


@pytest.mark.parametrize("form", ExportFormat)
def test_a_line_holds_all_that_its_hash_is_of(form):
    for given in (event(), event(request_id="-1", before="{}", key_id="key_1")):
        text = head(form) + line(form, given)
        if form is CSV:
            (row,) = csv.DictReader(text.splitlines(keepends=True), strict=True)
            assert row["request_id"] in {"req_1", "'-1"}
            row = {name: cell.removeprefix("'") or None for name, cell in row.items()}
            row["sequence"] = int(row["sequence"])
        else:
            row = json.loads(text)
        assert tuple(row) == COLUMNS
        *content, previous, sealed = row.values()
        content[-1] = datetime.fromisoformat(content[-1])
        assert seal(previous, tuple(content)) == sealed == given.hash
