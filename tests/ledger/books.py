"""Little books to test with: an organization, its chart, and journals as text.

A journal has a line for each transaction and an indented line for each entry:

    2025-01-01 opening: Owner pays in
        debit  1010  5000.00
        credit 3000  5000.00 EUR @ 1.10

After the amount may follow a currency, `@ rate` and `= base amount`. The id of an account is
`act_` and its code.
"""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ledger.accounts import Account, AccountType, EntryType
from ledger.chart import Chart
from ledger.drafting import draw_up
from ledger.errors import LedgerError
from ledger.organizations import Organization
from ledger.posting import post
from ledger.templates import Template, accounts_for
from ledger.transactions import Draft, DraftEntry, Transaction, TransactionKind

NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2025, 7, 2, 12, 0, tzinfo=UTC)

USD_BOOKS = Organization(
    id="org_1",
    name="Little Books",
    base_currency="USD",
    is_live=True,
    created_at=NOW,
    updated_at=NOW,
)


def chart_of(template=Template.STANDARD, currency="USD"):
    accounts = accounts_for(template, "org_1", currency, NOW, lambda: "")
    named = [replace(account, id=f"act_{account.code}") for account in accounts]
    return Chart({account.id: account for account in named})


STANDARD = chart_of()


def account(code, account_type=AccountType.ASSET, **more: object):
    """An account that is not in the chart yet."""
    given = {"name": f"Account {code}", "currency": "USD", "created_at": NOW, "updated_at": NOW}
    return Account("org_1", f"act_{code}", code, type=account_type, **(given | more))


def entry(line):
    """The entry that a journal line says."""
    words = line.split()
    side, code, amount, *rest = words
    currency = rest.pop(0) if rest and rest[0] not in "@=" else None
    marks = dict(zip(rest[::2], rest[1::2], strict=True))
    return DraftEntry(
        f"act_{code}",
        EntryType(side),
        amount,
        currency,
        exchange_rate=marks.get("@"),
        base_amount=marks.get("="),
    )


def drafts(journal) -> list[Draft]:
    """What a journal says, in its order."""
    read: list[Draft] = []
    for line in filter(str.strip, journal.splitlines()):
        if line.startswith(" " * 4):
            read[-1] = replace(read[-1], entries=[*read[-1].entries, entry(line)])
            continue
        head, _, description = line.partition(":")
        day, _, kind = head.partition(" ")
        read.append(
            Draft(
                description.strip(),
                date.fromisoformat(day),
                [],
                kind=TransactionKind(kind or "standard"),
            )
        )
    return read


def drawn(journal, organization=USD_BOOKS, chart=STANDARD) -> Transaction:
    """The one transaction of a journal, drawn up and not posted."""
    (draft,) = drafts(journal)
    return draw_up(organization, chart, draft, "txn_1", NOW)


def posted(journal, organization=USD_BOOKS, chart=STANDARD) -> list[Transaction]:
    """The transactions of a journal, all posted."""
    ids = (f"txn_{number}" for number in itertools.count(1))
    return [
        post(organization, chart, draw_up(organization, chart, draft, next(ids), NOW), NOW)
        for draft in drafts(journal)
    ]


def shown(transaction):
    """The entries of a transaction as side, code, amount, currency and base amount."""
    return [
        (each.entry_type.value, each.account_id[4:], each.amount, each.currency, each.base_amount)
        for each in transaction.entries
    ]


def refusal(reason, call, /, *arguments: object, **named: object) -> LedgerError:
    """The refusal of a call, which must be for that reason and say how to put it right."""
    with pytest.raises(LedgerError) as refused:
        call(*arguments, **named)
    assert refused.value.reason is reason
    assert refused.value.message
    assert refused.value.suggestion
    return refused.value


def answer(call, *arguments: object):
    """What a call answers, be it a refusal."""
    try:
        return call(*arguments)
    except LedgerError as refused:
        return refused


TWO_YEARS = """
2024-01-01 opening: Owner pays in
    debit  1010  10000.00
    credit 3000  10000.00
2024-02-01: Goods on account
    debit  1200  2000.00
    credit 2000  2000.00
2024-06-15: Sale on account
    debit  1100  3000.00
    credit 4000  3000.00
2024-06-15: Cost of the goods sold
    debit  5000  1200.00
    credit 1200  1200.00
2024-09-01: Rent
    debit  5200   500.00
    credit 1010   500.00
2025-02-10: Sale on account, with a discount
    debit  1100   950.00
    debit  4200    50.00
    credit 4000  1000.00
2025-03-01: Depreciation
    debit  6000   100.00
    credit 1590   100.00
2025-03-15: Interest received
    debit  1010    20.00
    credit 4800    20.00
"""
"""A profit of 1,300.00 in 2024 and of 870.00 in 2025; nothing is closed."""

CLOSING_2024 = """
2024-12-31 closing: The result of 2024 to retained earnings
    debit  4000  3000.00
    credit 5000  1200.00
    credit 5200   500.00
    credit 3100  1300.00
"""
