"""The demo company's books, as the ledger takes them into the standard chart."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

from entrypoints.demo import company
from ledger.accounts import Account, AccountType, EntryType, Subtype
from ledger.chart import Chart, open_account
from ledger.drafting import draw_up
from ledger.organizations import Organization
from ledger.templates import Template, accounts_for
from ledger.transactions import Draft, DraftEntry, TransactionKind

Json = dict[str, Any]


def chart_of(books: Json, organization: Organization) -> Chart:
    """The standard chart, with the accounts that the demo adds to it."""
    now, ids = organization.created_at, count()
    new_id = functools.partial(lambda: f"act_{next(ids)}")
    standard = accounts_for(Template.STANDARD, organization.id, "USD", now, new_id)
    chart = Chart({account.id: account for account in standard})
    for row in books["accounts"]:
        if row["code"] in chart.by_code:
            continue
        parent = row.get("parent_code")
        account = Account(
            organization_id=organization.id,
            id=new_id(),
            code=row["code"],
            name=row["name"],
            type=AccountType(row["type"]),
            currency=row["currency"],
            created_at=now,
            updated_at=now,
            subtype=Subtype(row["subtype"]),
            parent_id=chart.by_code[parent].id if parent else None,
            description=row.get("description"),
        )
        chart = chart.having([open_account(chart, account)])
    return chart


@pytest.mark.parametrize(
    "today", [date(2025, 1, 1), date(2026, 11, 14), date(2028, 2, 29)], ids=str
)
def test_the_ledger_takes_every_transaction_and_finds_nothing_to_round(today):
    books = company(today)
    now = datetime(2024, 1, 1, tzinfo=UTC)
    organization = Organization("org_1", "Sandhill", "USD", True, now, now)
    chart = chart_of(books, organization)
    for transaction in books["transactions"]:
        entries = [
            DraftEntry(
                chart.by_code[entry["account_code"]].id,
                EntryType(entry["entry_type"]),
                entry["amount"],
                entry["currency"],
                entry.get("exchange_rate"),
                description=entry.get("description"),
            )
            for entry in transaction["entries"]
        ]
        draft = Draft(
            transaction["description"],
            date.fromisoformat(transaction["date"]),
            entries,
            reference=transaction["reference"],
            payment_method=transaction.get("payment_method"),
            metadata=transaction.get("metadata"),
            kind=TransactionKind(transaction.get("kind", "standard")),
        )
        drawn = draw_up(organization, chart, draft, "txn_1", now)
        assert len(drawn.entries) == len(entries)
        assert sum(entry.base_signed for entry in drawn.entries) == 0


def test_accounts_with_a_standard_code_are_those_of_the_standard_chart():
    books = company(date(2026, 11, 14))
    now = datetime(2024, 1, 1, tzinfo=UTC)
    standard = accounts_for(Template.STANDARD, "org_1", "USD", now, lambda: "act_1")
    known = {a.code: (a.name, a.type, a.subtype, a.currency) for a in standard}
    ours = {
        a["code"]: (a["name"], a["type"], a["subtype"], a["currency"]) for a in books["accounts"]
    }
    shared = set(known) & set(ours)
    assert {code: ours[code] for code in shared} == {code: known[code] for code in shared}
    assert len(shared) == 32
    assert len(ours) == len(books["accounts"])
