from dataclasses import replace
from datetime import date

import pytest
from books import LATER, NOW, STANDARD, USD_BOOKS, account, drawn, posted, refusal, shown

from ledger.accounts import AccountStatus
from ledger.errors import LedgerError, Reason
from ledger.posting import amend, fail, post, reverse
from ledger.transactions import TransactionKind, TransactionStatus, TransactionType

PENDING = drawn("""
2025-03-01: Sale for cash
    debit  1000  100.00 EUR @ 1.10
    credit 4000  100.00 EUR
""")
POSTED = replace(post(USD_BOOKS, STANDARD, PENDING, NOW), journal_number=1)
FAILED = fail(PENDING, LedgerError(Reason.PERIOD_LOCKED, "Closed.", "Later."), NOW)


def reversal_of(original=POSTED, organization=USD_BOOKS, chart=STANDARD, **what: object):
    return reverse(organization, chart, original, reversal_id="txn_2", now=LATER, **what)


REVERSED, REVERSAL = reversal_of(reason="Entered twice")
CLOSED = replace(USD_BOOKS, books_closed_through=date(2025, 3, 1))
WITHOUT_CASH = STANDARD.having(
    [replace(STANDARD.by_code["1000"], status=AccountStatus.SUSPENDED), account("1001")]
)


# Posting


def test_a_posted_transaction_has_its_moment_and_its_fiscal_year():
    assert POSTED.status is TransactionStatus.POSTED
    assert POSTED.is_posted
    assert (POSTED.posted_at, POSTED.fiscal_year) == (NOW, 2025)
    assert POSTED.entries == PENDING.entries


def test_the_fiscal_year_is_that_of_the_date():
    april = replace(USD_BOOKS, fiscal_year_start=(4, 1))
    assert post(april, STANDARD, PENDING, NOW).fiscal_year == 2024


def test_posting_later_than_entering_makes_a_new_version():
    assert post(USD_BOOKS, STANDARD, PENDING, NOW).version == 1
    later = post(USD_BOOKS, STANDARD, PENDING, LATER)
    assert (later.version, later.updated_at, later.created_at) == (2, LATER, NOW)


@pytest.mark.parametrize(
    ("transaction", "status", "suggestion"),
    [
        (POSTED, "posted", "Reverse it and enter a new one."),
        (REVERSED, "reversed", "It is final; enter a new one."),
    ],
)
def test_what_is_posted_is_not_posted_again(transaction, status, suggestion):
    refused = refusal(Reason.WRONG_STATUS, post, USD_BOOKS, STANDARD, transaction, LATER)
    assert refused.message == f"Transaction txn_1 is {status} and cannot be posted."
    assert refused.suggestion == suggestion
    assert refused.details == {"transaction_id": "txn_1", "status": status}


def test_posting_looks_again_whether_the_period_is_open():
    assert refusal(Reason.PERIOD_LOCKED, post, CLOSED, STANDARD, PENDING, LATER).field == "date"


def test_posting_looks_again_whether_the_accounts_are_active():
    refused = refusal(Reason.ACCOUNT_INACTIVE, post, USD_BOOKS, WITHOUT_CASH, PENDING, LATER)
    assert refused.field == "entries[0].accountId"


# Failing


def test_a_failed_transaction_says_why():
    assert FAILED.status is TransactionStatus.FAILED
    assert (FAILED.failure_reason, FAILED.failure_message) == ("period_locked", "Closed.")
    assert (FAILED.version, FAILED.posted_at, FAILED.is_posted) == (2, None, False)


def test_a_failed_transaction_may_be_posted_when_the_cause_is_gone():
    retried = post(USD_BOOKS, STANDARD, FAILED, LATER)
    assert retried.status is TransactionStatus.POSTED
    assert (retried.failure_reason, retried.failure_message) == (None, None)


@pytest.mark.parametrize("transaction", [POSTED, REVERSED, REVERSAL])
def test_what_is_posted_never_fails(transaction):
    refused = LedgerError(Reason.WRONG_STATUS, "It is posted.")
    assert refusal(Reason.WRONG_STATUS, fail, transaction, refused, LATER).field == "id"


# Amending


@pytest.mark.parametrize("before", [PENDING, FAILED])
def test_an_amended_transaction_is_pending_with_its_new_contents(before):
    before = replace(before, created_by="usr_1")
    new = drawn("""
2025-03-02: Sale for more cash
    debit  1000  120.00
    credit 4000  120.00
""")
    after = amend(before, replace(new, created_at=LATER, created_by="usr_2"), LATER)
    assert after.status is TransactionStatus.PENDING
    assert (after.description, after.amount) == ("Sale for more cash", 120_00)
    assert (after.created_at, after.created_by, after.updated_at) == (NOW, "usr_1", LATER)
    assert after.version == before.version + 1
    assert after.failure_reason is None


@pytest.mark.parametrize("before", [POSTED, REVERSED, REVERSAL])
def test_what_is_posted_is_never_amended(before):
    refused = refusal(Reason.WRONG_STATUS, amend, before, PENDING, LATER)
    assert refused.message.endswith("cannot be changed.")


def test_an_external_id_may_be_given_later_and_then_stays():
    named = replace(PENDING, external_id="shop-17")
    assert amend(PENDING, named, LATER).external_id == "shop-17"
    assert amend(named, named, LATER).external_id == "shop-17"
    for other in (PENDING, replace(PENDING, external_id="shop-18")):
        assert refusal(Reason.FROZEN, amend, named, other, LATER).field == "externalId"


# Reversing


def test_a_reversal_has_the_same_entries_on_the_other_sides():
    assert shown(POSTED) == [
        ("debit", "1000", 100_00, "EUR", 110_00),
        ("credit", "4000", 100_00, "EUR", 110_00),
    ]
    assert shown(REVERSAL) == [
        ("credit", "1000", 100_00, "EUR", 110_00),
        ("debit", "4000", 100_00, "EUR", 110_00),
    ]
    assert (REVERSAL.amount, REVERSAL.base_amount, REVERSAL.currency) == (100_00, 110_00, "EUR")


def test_a_reversal_has_no_type_whatever_its_original_has():
    original = replace(POSTED, type=TransactionType.INCOME)
    reversed_original, reversal = reversal_of(original)
    assert (reversed_original.type, reversal.type) == (TransactionType.INCOME, None)


def test_both_are_linked_and_count():
    assert (REVERSED.status, REVERSED.reversed_by) == (TransactionStatus.REVERSED, "txn_2")
    assert (REVERSAL.status, REVERSAL.reversal_of) == (TransactionStatus.POSTED, "txn_1")
    assert REVERSED.is_posted
    assert REVERSAL.is_posted
    assert REVERSAL.kind is TransactionKind.REVERSAL
    assert (REVERSED.reversal_reason, REVERSAL.reversal_reason) == ("Entered twice",) * 2
    assert REVERSAL.description == "Reversal of: Sale for cash"


def test_nothing_else_of_the_original_changes():
    unlinked = replace(
        REVERSED, status=TransactionStatus.POSTED, reversed_by=None, reversal_reason=None
    )
    assert unlinked == POSTED


@pytest.mark.parametrize(
    ("original_date", "given", "reversal_date"),
    [
        ("2025-03-01", None, date(2025, 7, 2)),
        ("2025-12-31", None, date(2025, 12, 31)),
        ("2025-03-01", date(2025, 3, 1), date(2025, 3, 1)),
        ("2025-03-01", date(2026, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_reversal_happens_today_unless_told_but_never_before_its_original(
    original_date, given, reversal_date
):
    (original,) = posted(f"""
{original_date}: Sale
    debit  1000  100.00
    credit 4000  100.00
""")
    _, reversal = reversal_of(original, on=given)
    assert (reversal.date, reversal.fiscal_year) == (reversal_date, reversal_date.year)


def test_a_reversal_before_its_original_is_refused():
    refused = refusal(Reason.REVERSAL_BEFORE_ORIGINAL, reversal_of, on=date(2025, 2, 28))
    assert refused.message == (
        "A transaction of 2025-03-01 cannot be reversed on 2025-02-28, before it happened."
    )
    assert refused.suggestion == "Use 2025-03-01 or a later date."
    assert refused.field == "reversalDate"


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"on": date(2201, 1, 1)}, Reason.INVALID_DATE, "reversalDate"),
        (
            {"on": date(2025, 3, 1), "organization": CLOSED},
            Reason.PERIOD_LOCKED,
            "reversalDate",
        ),
        ({"chart": WITHOUT_CASH}, Reason.ACCOUNT_INACTIVE, "entries[0].accountId"),
        ({"reason": "x" * 1001}, Reason.INVALID_TEXT, "reason"),
        ({"original": REVERSED}, Reason.ALREADY_REVERSED, "id"),
        ({"original": REVERSAL}, Reason.WRONG_STATUS, "id"),
        ({"original": PENDING}, Reason.WRONG_STATUS, "id"),
        ({"original": FAILED}, Reason.WRONG_STATUS, "id"),
    ],
)
def test_a_reversal_that_cannot_be_is_refused_with_its_field(what, reason, field):
    assert refusal(reason, reversal_of, **what).field == field


def test_a_reversal_happens_once_and_says_which_one_it_was():
    refused = refusal(Reason.ALREADY_REVERSED, reversal_of, REVERSED)
    assert refused.message == "Transaction txn_1 is already reversed, by txn_2."
    assert refused.details == {"transaction_id": "txn_1", "reversal_id": "txn_2"}


def test_the_reversal_of_a_closing_transaction_is_kept_apart_as_well():
    (closing,) = posted("""
2025-12-31 closing: Close the year
    debit  4000  100.00
    credit 3100  100.00
""")
    _, reversal = reversal_of(closing)
    assert (reversal.kind, reversal.closing) == (TransactionKind.REVERSAL, True)


def test_a_long_description_leaves_room_for_what_it_is():
    _, reversal = reversal_of(replace(POSTED, description="x" * 1000))
    assert reversal.description == "Reversal of: " + "x" * 987
