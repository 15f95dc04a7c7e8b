import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from books import LATER, NOW, refusal
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Reason
from ledger.keys import (
    SECRET_LIMIT,
    Key,
    Scope,
    change,
    fingerprint,
    is_well_formed,
    issue,
    preview,
    revoke,
    seal,
)

LIVE = seal(live=True, secret=12345)
READ, WRITE, ADMIN = Scope


def key(**times: object):
    known = {"expires_at": None, "revoked_at": None} | times
    return Key(
        organization_id="org_1",
        id="key_1",
        name="Shop",
        scope=WRITE,
        hash=fingerprint(LIVE),
        preview=preview(LIVE),
        created_at=NOW,
        **known,
    )


def test_a_key_says_whether_it_is_live_and_ends_with_its_checksum():
    assert LIVE[:-6] == "cl_live_" + "0" * 27 + "3D7"
    assert seal(live=False, secret=0).startswith("cl_test_" + "0" * 30)
    assert len(seal(live=True, secret=SECRET_LIMIT - 1)) == 44


@given(st.booleans(), st.integers(min_value=0, max_value=SECRET_LIMIT - 1))
def test_every_sealed_key_is_well_formed(live, secret):
    assert is_well_formed(seal(live=live, secret=secret))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        LIVE[:-1],
        LIVE + "0",
        LIVE + "\n",
        " " + LIVE,
        LIVE.upper(),
        LIVE.replace("live", "test"),
        LIVE.replace("live", "prod"),
        LIVE[:20] + ("1" if LIVE[20] == "0" else "0") + LIVE[21:],
        LIVE[:-1] + ("1" if LIVE[-1] == "0" else "0"),
        LIVE[:20] + "\u0660" + LIVE[21:],
        "\ud800" * 44,
    ],
)
def test_a_typing_error_shows_without_asking_a_database(typed):
    assert not is_well_formed(typed)


def test_only_a_hash_of_a_key_is_kept():
    assert fingerprint(LIVE) == hashlib.sha256(LIVE.encode()).hexdigest()
    assert LIVE not in repr(key())


def test_a_preview_shows_little_of_a_key():
    assert preview(LIVE) == f"cl_live_0000…{LIVE[-4:]}"


@pytest.mark.parametrize(
    ("scope", "read", "write", "admin"),
    [(READ, True, False, False), (WRITE, True, True, False), (ADMIN, True, True, True)],
)
def test_each_scope_includes_the_ones_before_it(scope, read, write, admin):
    assert [scope.allows(needed) for needed in Scope] == [read, write, admin]


@pytest.mark.parametrize(
    ("times", "holds"),
    [
        ({}, True),
        ({"expires_at": NOW + timedelta(seconds=1)}, True),
        ({"expires_at": NOW}, False),
        ({"expires_at": NOW - timedelta(days=1)}, False),
        ({"revoked_at": NOW}, False),
        ({"revoked_at": NOW - timedelta(days=1)}, False),
        ({"revoked_at": NOW + timedelta(days=1)}, True),
        ({"revoked_at": NOW, "expires_at": NOW + timedelta(days=1)}, False),
    ],
)
def test_a_key_holds_until_the_moment_it_expires_or_is_revoked(times, holds):
    assert key(**times).holds_at(NOW) is holds


# Keys that make keys


def made(scope=ADMIN, until=None, **what: object):
    return issue(key(**what), maker_scope=scope, maker_expires_at=until)


def test_a_key_makes_one_that_can_do_no_more_and_no_longer():
    assert made() == key()
    assert made(WRITE, LATER, expires_at=LATER) == key(expires_at=LATER)
    soon = NOW + timedelta(hours=1)
    assert made(WRITE, LATER, expires_at=soon).expires_at == soon
    assert made(until=LATER).expires_at == LATER


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"scope": READ}, Reason.FORBIDDEN, "scope"),
        (
            {"until": LATER, "expires_at": LATER + timedelta(seconds=1)},
            Reason.FORBIDDEN,
            "expiresAt",
        ),
        ({"expires_at": NOW}, Reason.INVALID_DATE, "expiresAt"),
    ],
)
def test_a_key_that_would_be_more_or_was_over_already_is_not_made(what, reason, field):
    assert refusal(reason, made, **what).field == field


def test_a_key_is_called_by_a_clean_text():
    named = replace(key(), name=" ")
    refused = refusal(Reason.INVALID_TEXT, issue, named, maker_scope=ADMIN, maker_expires_at=None)
    assert refused.field == "name"


def test_a_key_is_revoked_once_and_for_good():
    gone = revoke(key(), NOW)
    assert gone.revoked_at == NOW
    assert revoke(gone, LATER) == gone


# Keys that change keys


def changed(latest=None, name="Till", **times: object):
    return change(replace(key(**times), name=name), NOW, changer_expires_at=latest)


def test_a_key_is_given_another_name_and_another_expiry_that_lies_ahead():
    assert changed() == replace(key(), name="Till")
    assert changed(expires_at=LATER).expires_at == LATER
    assert changed(LATER, expires_at=LATER).expires_at == LATER
    assert changed(LATER).expires_at == LATER


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"name": " "}, Reason.INVALID_TEXT, "name"),
        ({"expires_at": NOW}, Reason.INVALID_DATE, "expiresAt"),
        ({"latest": LATER, "expires_at": LATER + timedelta(1)}, Reason.FORBIDDEN, "expiresAt"),
    ],
)
def test_a_key_is_not_changed_into_what_none_could_be_made_as(what, reason, field):
    assert refusal(reason, changed, **what).field == field
