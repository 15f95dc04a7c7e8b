from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from books import NOW, STANDARD, USD_BOOKS, account, drafts, drawn, refusal, shown

from ledger.accounts import AccountStatus, EntryType
from ledger.drafting import MOST_ENTRIES, draw_up, redraft
from ledger.errors import Reason
from ledger.transactions import (
    Draft,
    DraftEntry,
    TransactionKind,
    TransactionStatus,
    TransactionType,
)

EURO_TILL = account("1001", currency="EUR")
CLOSED_TILL = account("1002", status=AccountStatus.INACTIVE)
CHART = STANDARD.having([EURO_TILL, CLOSED_TILL])

(SALE,) = drafts("""
2025-03-01: Sale for cash
    debit  1000  100.00
    credit 4000  100.00
""")


def draw(draft, organization=USD_BOOKS):
    return draw_up(organization, CHART, draft, "txn_1", NOW)


def with_entry(index, **what: object):
    entries = list(SALE.entries)
    entries[index] = replace(entries[index], **what)
    return replace(SALE, entries=entries)


def test_a_transaction_says_what_its_draft_said():
    draft = replace(
        with_entry(1, description="Kaffebro\u0308d", reference="line 2"),
        reference="INV-1",
        payment_method="card",
        external_id="shop-17",
        metadata={"till": 7},
        type=TransactionType.INCOME,
    )
    transaction = draw(draft)
    assert transaction.type is TransactionType.INCOME
    assert (transaction.organization_id, transaction.id) == ("org_1", "txn_1")
    assert (transaction.date, transaction.description) == (date(2025, 3, 1), "Sale for cash")
    assert (transaction.reference, transaction.payment_method) == ("INV-1", "card")
    assert (transaction.external_id, transaction.metadata) == ("shop-17", {"till": 7})
    assert (transaction.entries[1].description, transaction.entries[1].reference) == (
        "Kaffebr\u00f6d",
        "line 2",
    )
    assert (transaction.entries[0].description, transaction.entries[0].reference) == (None, None)


def test_a_transaction_is_pending_and_not_numbered_until_it_is_posted():
    transaction = draw(SALE)
    assert transaction.status is TransactionStatus.PENDING
    assert not transaction.is_posted
    assert (transaction.fiscal_year, transaction.journal_number) == (None, None)
    assert (transaction.created_at, transaction.updated_at, transaction.posted_at) == (
        NOW,
        NOW,
        None,
    )
    assert transaction.version == 1


@pytest.mark.parametrize(
    ("journal", "currency", "amount", "base_amount"),
    [
        (
            """
2025-03-01: In the books' own currency
    debit  1000  60.00
    debit  1010  40.00
    credit 4000 100.00
""",
            "USD",
            100_00,
            100_00,
        ),
        (
            """
2025-03-01: In another
    debit  1000  100.00 EUR @ 1.10
    credit 4000  100.00 EUR
""",
            "EUR",
            100_00,
            110_00,
        ),
        (
            """
2025-03-01: In two
    debit  1000  100.00 EUR @ 1.10
    credit 4000  110.00
""",
            "USD",
            110_00,
            110_00,
        ),
    ],
)
def test_the_amount_of_a_transaction_is_what_it_debits_in_all(
    journal, currency, amount, base_amount
):
    transaction = drawn(journal)
    assert (transaction.currency, transaction.amount, transaction.base_amount) == (
        currency,
        amount,
        base_amount,
    )


@pytest.mark.parametrize(
    ("entry_currency", "draft_currency", "currency"),
    [
        (None, None, "EUR"),
        (None, "GBP", "GBP"),
        ("chf", "GBP", "CHF"),
        ("CUR_JPY", None, "JPY"),
    ],
)
def test_the_currency_of_an_entry_is_its_own_else_the_drafts_else_the_accounts(
    entry_currency, draft_currency, currency
):
    draft = Draft(
        "Till to till",
        date(2025, 3, 1),
        [
            DraftEntry(EURO_TILL.id, side, "100", entry_currency, exchange_rate=2)
            for side in EntryType
        ],
        currency=draft_currency,
    )
    assert {each.currency for each in draw(draft).entries} == {currency}


@pytest.mark.parametrize("rate", [None, 1, "1.000", Decimal("1.0")])
@pytest.mark.parametrize("base_amount", [None, "100", 100, Decimal("100.00")])
def test_an_entry_in_the_base_currency_may_say_that_it_is_its_own_base_amount(rate, base_amount):
    transaction = draw(with_entry(0, exchange_rate=rate, base_amount=base_amount))
    assert shown(transaction)[0] == ("debit", "1000", 100_00, "USD", 100_00)
    assert transaction.entries[0].exchange_rate is None


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"account_id": "act_9999"}, Reason.UNKNOWN_REFERENCE, "accountId"),
        ({"account_id": "act_1002"}, Reason.ACCOUNT_INACTIVE, "accountId"),
        ({"currency": "XYZ"}, Reason.INVALID_VALUE, "currency"),
        ({"amount": "100.001"}, Reason.INVALID_AMOUNT, "amount"),
        ({"amount": "0.00"}, Reason.INVALID_AMOUNT, "amount"),
        ({"amount": "-100.00"}, Reason.INVALID_AMOUNT, "amount"),
        ({"amount": "1e2"}, Reason.INVALID_AMOUNT, "amount"),
        ({"amount": Decimal("NaN")}, Reason.INVALID_AMOUNT, "amount"),
        ({"amount": "9" * 400}, Reason.INVALID_AMOUNT, "amount"),
        ({"currency": "JPY", "amount": "100.00"}, Reason.INVALID_AMOUNT, "amount"),
        ({"currency": "EUR", "base_amount": "0"}, Reason.INVALID_AMOUNT, "baseAmount"),
        ({"base_amount": "1.234"}, Reason.INVALID_AMOUNT, "baseAmount"),
        ({"exchange_rate": "0"}, Reason.INVALID_AMOUNT, "exchangeRate"),
        ({"exchange_rate": "1.1"}, Reason.INVALID_AMOUNT, "exchangeRate"),
        ({"base_amount": "99.99"}, Reason.INVALID_AMOUNT, "baseAmount"),
        ({"base_amount": "99.99", "exchange_rate": 1}, Reason.INVALID_AMOUNT, "baseAmount"),
        ({"description": "\0"}, Reason.INVALID_TEXT, "description"),
        ({"reference": "x" * 101}, Reason.INVALID_TEXT, "reference"),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused_by_its_path(what, reason, field):
    assert refusal(reason, draw, with_entry(1, **what)).field == f"entries[1].{field}"


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"description": " "}, Reason.INVALID_TEXT, "description"),
        ({"description": "x" * 1001}, Reason.INVALID_TEXT, "description"),
        ({"date": date(1899, 12, 31)}, Reason.INVALID_DATE, "date"),
        ({"date": date(2201, 1, 1)}, Reason.INVALID_DATE, "date"),
        ({"reference": "x" * 101}, Reason.INVALID_TEXT, "reference"),
        ({"payment_method": "x" * 101}, Reason.INVALID_TEXT, "paymentMethod"),
        ({"external_id": "\ud800"}, Reason.INVALID_TEXT, "externalId"),
        ({"metadata": []}, Reason.INVALID_VALUE, "metadata"),
        ({"kind": TransactionKind.REVERSAL}, Reason.INVALID_VALUE, "kind"),
        ({"kind": TransactionKind.REVALUATION}, Reason.INVALID_VALUE, "kind"),
        ({"currency": "XYZ"}, Reason.INVALID_VALUE, "entries[0].currency"),
        ({"entries": []}, Reason.TOO_FEW_ENTRIES, "entries"),
        ({"entries": SALE.entries[:1]}, Reason.TOO_FEW_ENTRIES, "entries"),
        ({"entries": SALE.entries * 501}, Reason.TOO_MANY_ITEMS, "entries"),
    ],
)
def test_a_draft_that_cannot_be_entered_is_refused_with_its_field(what, reason, field):
    draft = replace(SALE, **what)
    if what.get("currency"):
        draft = replace(draft, entries=[replace(e, currency=None) for e in draft.entries])
    assert refusal(reason, draw, draft).field == field


def test_a_transaction_may_have_a_thousand_entries():
    draft = replace(SALE, entries=SALE.entries * (MOST_ENTRIES // 2))
    assert len(draw(draft).entries) == 1_000


def test_nothing_is_entered_in_a_closed_period():
    closed = replace(USD_BOOKS, books_closed_through=date(2025, 3, 1))
    refused = refusal(Reason.PERIOD_LOCKED, draw, SALE, closed)
    assert refused.field == "date"
    still_open = replace(USD_BOOKS, books_closed_through=date(2025, 2, 28))
    assert draw(SALE, still_open) == draw(SALE)


@pytest.mark.parametrize(
    "journal",
    [
        """
2025-03-01 opening: In the books' own currency
    debit  1000  100.00
    credit 4000  100.00
""",
        """
2025-03-01: Each converts to half a cent, together to two cents
    debit  1010  0.04 EUR @ 0.5
    credit 4000  0.01 EUR
    credit 4000  0.01 EUR
    credit 4000  0.01 EUR
    credit 4000  0.01 EUR
""",
        """
2025-03-01: With a rounding entry
    debit  5900  0.65 EUR @ 0.5
    credit 1010  0.33
""",
        """
2025-03-01: Worth nothing
    debit  1010  1.00 IDR @ 0.00006
    credit 4000  1.00 IDR
""",
    ],
)
def test_a_transaction_can_be_drafted_again_as_it_is(journal):
    before = replace(
        drawn(journal),
        reference="INV-1",
        payment_method="card",
        external_id="shop-17",
        metadata={"till": 7},
        type=TransactionType.EXPENSE,
    )
    assert draw_up(USD_BOOKS, CHART, redraft(USD_BOOKS, before), "txn_1", NOW) == before


@pytest.mark.parametrize(
    ("kind", "closing"),
    [
        (TransactionKind.STANDARD, False),
        (TransactionKind.OPENING, False),
        (TransactionKind.CLOSING, True),
    ],
)
def test_only_a_closing_transaction_is_kept_apart(kind, closing):
    transaction = draw(replace(SALE, kind=kind))
    assert (transaction.kind, transaction.closing) == (kind, closing)
