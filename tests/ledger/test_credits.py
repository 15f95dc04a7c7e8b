"""Credits: prices, who pays, what is refused for want of them, and how one is billed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger.credits import (
    FREE,
    MOST_GRANTED,
    UNMETERED,
    Billing,
    BillingSettings,
    Price,
    checked_billing,
    checked_grant,
    payer_of,
    price_book,
    require_credits,
    settings_id,
    usage_period,
)
from ledger.errors import LedgerError, Reason
from ledger.organizations import Organization

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
KNOWN = {"createTransaction", "postTransaction"}
SETTINGS = BillingSettings("org_1", "bls_1", NOW, NOW)


def organization(*, live: bool) -> Organization:
    return Organization("org_1", "Acme", "USD", live, NOW, NOW)


def test_nothing_is_metered_unless_it_is_said():
    assert (UNMETERED.is_metered, dict(UNMETERED.prices)) == (False, {})
    assert FREE.credits == 0


def test_an_operation_costs_what_is_declared():
    assert UNMETERED.price("createTransaction", 2) == Price("createTransaction", 2)


def test_what_is_done_besides_costs_what_it_costs_alone():
    also = {"postTransaction": 1}
    assert Billing().price("createTransaction", 2, also) == Price("createTransaction", 3)


def test_a_price_book_has_the_last_word():
    billing = Billing(True, {"createTransaction": 7, "postTransaction": 0})
    assert billing.price("createTransaction", 2, {"postTransaction": 1}).credits == 7
    assert billing.price("reverseTransaction", 2).credits == 2


def test_a_price_book_names_operations_and_whole_credits():
    assert price_book({"createTransaction": 3, "postTransaction": 0}, KNOWN) == {
        "createTransaction": 3,
        "postTransaction": 0,
    }
    assert price_book({}, KNOWN) == {}


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        ([], "A price book is a JSON object."),
        (None, "A price book is a JSON object."),
        ({"createTransation": 3}, "a price for 'createTransation', which is no operation"),
        ({"trialBalance": 1}, "a price for 'trialBalance', which is no operation that writes"),
        ({"createTransaction": -1}, "charges -1 for createTransaction"),
        ({"createTransaction": 0.5}, "charges 0.5 for createTransaction"),
        ({"createTransaction": True}, "charges True for createTransaction"),
        ({"createTransaction": "3"}, "charges '3' for createTransaction"),
        ({"createTransaction": 1_000_001}, "charges 1000001 for createTransaction"),
    ],
)
def test_any_other_price_book_is_refused_by_what_is_wrong_in_it(plain, told):
    with pytest.raises(LedgerError) as caught:
        price_book(plain, KNOWN)
    assert caught.value.reason is Reason.INVALID_VALUE
    assert told in caught.value.message
    assert caught.value.suggestion


def test_an_organization_pays_for_itself_and_nobody_for_a_sandbox():
    assert payer_of(organization(live=True)) == "org_1"
    assert payer_of(organization(live=False)) is None


def test_the_last_credit_can_be_spent():
    require_credits("org_1", 5, 5)
    require_credits("org_1", 0, 0)


def test_who_has_too_few_is_told_what_it_costs_and_what_is_left():
    with pytest.raises(LedgerError) as caught:
        require_credits("org_1", 5_000, 1)
    refusal = caught.value
    assert refusal.reason is Reason.INSUFFICIENT_CREDITS
    assert refusal.message == "This costs 5,000 credits, and organization org_1 has 1 credit left."
    assert refusal.details == {"cost": 5_000, "balance": 1, "organization_id": "org_1"}
    assert "purchaseCredits" in (refusal.suggestion or "")


def test_grants_are_of_at_least_one_credit_and_not_without_end():
    assert [checked_grant(number) for number in (1, MOST_GRANTED)] == [1, MOST_GRANTED]
    for number in (0, -5, MOST_GRANTED + 1):
        with pytest.raises(LedgerError) as caught:
            checked_grant(number)
        assert (caught.value.reason, caught.value.field) == (Reason.INVALID_VALUE, "credits")


def test_billing_settings_have_an_id_made_of_that_of_their_organization():
    assert settings_id("org_06rnMKpwEXAMPLE00000") == "bls_06rnMKpwEXAMPLE00000"


def with_settings(**given):
    return BillingSettings("org_1", "bls_1", NOW, NOW, **given)


def test_billing_settings_may_be_empty_or_full():
    assert checked_billing(SETTINGS) == SETTINGS
    full = with_settings(low_balance_threshold=0, billing_email="ann@example.com")
    assert checked_billing(full) == full


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"low_balance_threshold": -1}, "lowBalanceThreshold", Reason.INVALID_VALUE),
        ({"low_balance_threshold": 10**10}, "lowBalanceThreshold", Reason.INVALID_VALUE),
        ({"billing_email": "nobody"}, "billingEmail", Reason.INVALID_VALUE),
        ({"billing_email": "a\0@example.com"}, "billingEmail", Reason.INVALID_TEXT),
    ],
)
def test_other_billing_settings_are_refused_by_their_name(given, field, reason):
    with pytest.raises(LedgerError) as caught:
        checked_billing(with_settings(**given))
    assert (caught.value.reason, caught.value.field) == (reason, field)


TODAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("begin", "end", "period"),
    [
        (None, None, (date(2026, 3, 1), TODAY)),
        (None, date(2026, 2, 28), (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 1, 5), None, (date(2026, 1, 5), TODAY)),
        (TODAY, TODAY, (TODAY, TODAY)),
        (date(2024, 1, 1), date(2024, 12, 31), (date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_usage_is_told_of_the_month_to_date_or_of_the_days_that_are_given(begin, end, period):
    assert usage_period(TODAY, begin, end) == period


@pytest.mark.parametrize(
    ("begin", "end", "told"),
    [
        (date(2026, 3, 2), date(2026, 3, 1), "has 0 days"),
        (date(2025, 1, 1), date(2026, 1, 2), "has 367 days"),
        (date(1899, 12, 31), None, "outside the years 1900 to 2200"),
        (None, date(2201, 1, 1), "outside the years 1900 to 2200"),
    ],
)
def test_usage_of_days_that_are_no_period_is_refused(begin, end, told):
    with pytest.raises(LedgerError) as caught:
        usage_period(TODAY, begin, end)
    assert caught.value.reason is Reason.INVALID_DATE
    assert told in caught.value.message
