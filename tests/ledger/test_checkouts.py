"""Checkouts: what credits cost in money, what can be ordered, and what a payment grants."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ledger.checkouts import (
    CENTS_PER_CREDIT,
    PACKAGES,
    CheckoutStatus,
    Order,
    PackageType,
    complete,
    draw_up,
)
from ledger.credits import GrantSource
from ledger.errors import LedgerError, Reason

NOW = datetime(2026, 3, 14, 15, 9, 26, 535_897, tzinfo=UTC)


def ordered(**given):
    return draw_up(Order(**given), "org_1", "chk_1", NOW)


def test_there_are_three_packages_and_a_credit_costs_a_cent_in_each():
    assert [(p.type.name, p.name, p.credits, p.price_cents) for p in PACKAGES.values()] == [
        ("SOLO_DEV", "Solo Dev", 1_000, 1_000),
        ("BUILDER", "Builder", 5_000, 5_000),
        ("SCALE", "Scale", 25_000, 25_000),
    ]
    assert PACKAGES.keys() == set(PackageType)
    assert all(p.credits * CENTS_PER_CREDIT == p.price_cents for p in PACKAGES.values())


def test_a_number_of_credits_is_ordered_at_a_cent_each_for_twelve_hours():
    made = ordered(credit_amount=1_234)
    assert (made.credits, made.price_cents, made.currency) == (1_234, 1_234, "USD")
    assert made.package is None
    assert made.expires_at == datetime(2026, 3, 15, 3, 9, 26, tzinfo=UTC)
    assert (made.status, made.is_completed) == (CheckoutStatus.OPEN, False)
    assert (made.gateway, made.reference, made.url) == (None, None, None)


def test_a_package_is_ordered_by_its_name():
    made = ordered(package=PackageType.SCALE)
    assert (made.credits, made.price_cents, made.package) == (25_000, 25_000, PackageType.SCALE)


@pytest.mark.parametrize("given", [{}, {"credit_amount": 100, "package": PackageType.BUILDER}])
def test_what_is_wanted_is_said_in_one_way(given):
    with pytest.raises(LedgerError) as caught:
        ordered(**given)
    assert (caught.value.reason, caught.value.field) == (Reason.INVALID_VALUE, "creditAmount")
    assert caught.value.suggestion == "Give either creditAmount or packageType."


def test_neither_too_few_nor_too_many_are_ordered_at_once():
    assert [ordered(credit_amount=n).credits for n in (50, 1_000_000)] == [50, 1_000_000]
    for number in (49, 0, -100, 1_000_001):
        with pytest.raises(LedgerError) as caught:
            ordered(credit_amount=number)
        assert caught.value.field == "creditAmount"
        assert caught.value.details == {"least": 50, "most": 1_000_000}


GOOD = [
    "https://app.example.com/paid?session={CHECKOUT_SESSION_ID}#top",
    "http://localhost:3000/credits",
    "http://[::1]:8000/",
]
BAD = [
    "javascript:alert(1)",
    "//evil.example.com/",
    "/paid",
    "https://",
    "ftp://example.com/",
    "https://example.com/a b",
    "https://ex\u00e4mple.com/",
    "https://[::1/",
    "https://example.com/\tpaid",
]


@pytest.mark.parametrize("url", GOOD)
def test_a_person_may_be_led_on_to_any_address_of_the_web(url):
    made = ordered(credit_amount=100, success_url=url, cancel_url=url)
    assert (made.success_url, made.cancel_url) == (url, url)


@pytest.mark.parametrize("url", BAD)
@pytest.mark.parametrize("field", ["success_url", "cancel_url"])
def test_and_to_nothing_else(url, field):
    with pytest.raises(LedgerError) as caught:
        ordered(credit_amount=100, **{field: url})
    assert caught.value.reason is Reason.INVALID_VALUE
    assert caught.value.field == field.replace("_url", "Url")


def test_an_address_is_not_longer_than_browsers_can_bear():
    with pytest.raises(LedgerError) as caught:
        ordered(credit_amount=100, success_url="https://example.com/" + "x" * 2_000)
    assert (caught.value.reason, caught.value.field) == (Reason.INVALID_TEXT, "successUrl")


def test_a_payment_completes_its_checkout_and_grants_what_was_ordered():
    before = ordered(package=PackageType.BUILDER)
    after, grant = complete(before, "crg_1", NOW)
    assert (after.status, after.is_completed, after.completed_at) == ("completed", True, NOW)
    assert (grant.organization_id, grant.id, grant.credits) == ("org_1", "crg_1", 5_000)
    assert (grant.source, grant.package) == (GrantSource.PURCHASE, "builder")
    assert (grant.price_cents, grant.currency, grant.created_at) == (5_000, "USD", NOW)


def test_the_grant_has_the_reference_of_the_payment_or_that_of_its_checkout():
    before = ordered(credit_amount=100)
    _, grant = complete(before, "crg_1", NOW)
    assert (grant.reference, grant.package) == ("chk_1", None)
    _, grant = complete(replace(before, reference="cs_1"), "crg_1", NOW)
    assert grant.reference == "cs_1"
