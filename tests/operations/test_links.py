"""Signed links: what is made is read, and nothing else is."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError, Reason
from resolvers.links import Claim, Links, expiry

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
LINKS = Links(b"s" * 32, "https://books.example.com/")
OTHERS = Links(b"t" * 32, "https://books.example.com")
ORGANIZATION, INVOICE = "org_0VFxgIu1AbCdEfGhIjKl", "inv_0VFxgIu2AbCdEfGhIjKl"
TOKEN = LINKS.make("view", ORGANIZATION, INVOICE, LATER)
SIGNS = string.ascii_letters + string.digits + "_.-~"

words = st.from_regex(r"[0-9A-Za-z_]{1,40}", fullmatch=True)
moments = st.datetimes(datetime(1970, 1, 1), datetime(3769, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (the zone follows)


def refused(token, purpose="view", now=NOW, links=LINKS):
    with pytest.raises(LedgerError) as error:
        links.read(token, purpose, now)
    assert error.value.reason is Reason.NOT_FOUND
    assert error.value.suggestion
    return error.value


def test_a_link_says_what_it_opens():
    assert LINKS.read(TOKEN, "view", NOW) == Claim(ORGANIZATION, INVOICE, LATER)


def test_a_token_is_short_and_needs_no_quoting_in_a_url():
    assert len(TOKEN) == 79
    assert set(TOKEN) <= set(SIGNS)
    assert TOKEN[-1].isalnum()
    assert LINKS.url("i", TOKEN) == f"https://books.example.com/i/{TOKEN}"


def test_the_same_link_is_made_again_and_read_by_all_that_know_the_secret():
    same = Links(b"s" * 32, "http://other")
    assert same.make("view", ORGANIZATION, INVOICE, LATER) == TOKEN
    assert same.read(TOKEN, "view", NOW) == LINKS.read(TOKEN, "view", NOW)


@given(words, words, words, moments)
def test_every_link_that_is_made_is_read(purpose, organization_id, subject_id, expires_at):
    token = LINKS.make(purpose, organization_id, subject_id, expires_at)
    whole = expires_at.replace(microsecond=0)
    claim = LINKS.read(token, purpose, whole - timedelta(seconds=1))
    assert claim == Claim(organization_id, subject_id, whole)
    assert refused(token, f"{purpose}x").message == "There is nothing at this link."


def test_a_moment_in_another_time_zone_is_the_same_moment():
    east = LATER.astimezone(timezone(timedelta(hours=14)))
    assert LINKS.make("view", ORGANIZATION, INVOICE, east) == TOKEN


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from(SIGNS))
def test_a_link_with_one_sign_changed_opens_nothing(place, sign):
    changed = TOKEN[:place] + sign + TOKEN[place + 1 :]
    if changed != TOKEN:
        assert refused(changed).message == "There is nothing at this link."


@given(st.text() | st.text(SIGNS, min_size=70, max_size=90) | st.binary().map(repr))
def test_no_garbage_opens_anything(garbage):
    for token in (garbage, TOKEN + garbage, garbage + TOKEN):
        if token != TOKEN:
            assert refused(token).message == "There is nothing at this link."


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "...",
        TOKEN[:-1],
        TOKEN + "=",
        TOKEN + "\n",
        TOKEN.replace(".", "%2E"),
        TOKEN.replace("org_", "org_\u0661"),
        "\ud800" * 79,
        "\0" * 79,
        TOKEN * 100_000,
        "a" * 10_000_000,
        f"{TOKEN.rpartition('.')[0]}.{'z' * 22}",
        f"{ORGANIZATION}.{INVOICE}.zzzzzz.{'0' * 22}",
        LINKS.make("view", ORGANIZATION, INVOICE, LATER + timedelta(days=1))[:-22] + TOKEN[-22:],
    ],
    ids=lambda token: ascii(token[:20]),
)
def test_a_forged_or_garbled_link_is_not_found(token):
    assert refused(token).message == "There is nothing at this link."


def test_forged_foreign_and_garbled_get_one_answer():
    forged = OTHERS.make("view", ORGANIZATION, INVOICE, LATER)
    answers = [refused(forged), refused(TOKEN, "pdf"), refused("x"), refused("é" * 79)]
    assert {str(answer.plain()) for answer in answers} == {str(answers[0].plain())}


@pytest.mark.parametrize(("seconds", "opens"), [(-1, True), (0, False), (1, False)])
def test_a_link_opens_until_the_moment_it_expires(seconds, opens):
    now = LATER + timedelta(seconds=seconds)
    if opens:
        assert LINKS.read(TOKEN, "view", now).subject_id == INVOICE
    else:
        assert refused(TOKEN, now=now).message == "This link expired on 2026-02-04."


def test_that_a_link_has_expired_is_told_of_true_ones_alone():
    forged = OTHERS.make("view", ORGANIZATION, INVOICE, NOW)
    assert refused(forged, now=LATER).message == "There is nothing at this link."
    assert refused(TOKEN, "pdf", now=LATER).message == "There is nothing at this link."


@pytest.mark.parametrize(
    ("purpose", "organization_id", "subject_id", "expires_at"),
    [
        ("", "org_1", "inv_1", LATER),
        ("view\npdf", "org_1", "inv_1", LATER),
        ("view", "org.1", "inv_1", LATER),
        ("view", "org_1", "inv_1.x", LATER),
        ("view", "org_1", "i" * 41, LATER),
        ("view", "org_1", "inv_é", LATER),
        ("view", "org_1", "inv_1", LATER.replace(tzinfo=None)),
        ("view", "org_1", "inv_1", datetime(1969, 12, 31, tzinfo=UTC)),
        ("view", "org_1", "inv_1", datetime(9999, 12, 31, tzinfo=UTC)),
    ],
)
def test_a_link_that_could_not_be_read_is_not_made(
    purpose, organization_id, subject_id, expires_at
):
    with pytest.raises(ValueError, match="A link"):
        LINKS.make(purpose, organization_id, subject_id, expires_at)


@pytest.mark.parametrize(
    ("now", "days", "end"),
    [
        (datetime(2026, 1, 5, 0, 0, tzinfo=UTC), 1, datetime(2026, 1, 7, tzinfo=UTC)),
        (datetime(2026, 1, 5, 23, 59, 59, 999_999, UTC), 1, datetime(2026, 1, 7, tzinfo=UTC)),
        (datetime(2026, 1, 6, 0, 0, tzinfo=UTC), 1, datetime(2026, 1, 8, tzinfo=UTC)),
        (datetime(2026, 12, 31, 1, tzinfo=UTC), 0, datetime(2027, 1, 1, tzinfo=UTC)),
        (
            datetime(2026, 1, 5, 1, tzinfo=timezone(timedelta(hours=2))),
            30,
            datetime(2026, 2, 4, tzinfo=UTC),
        ),
    ],
)
def test_an_expiry_is_the_same_all_day(now, days, end):
    assert expiry(now, days) == end


@given(moments, st.integers(0, 3650))
def test_an_expiry_is_at_least_the_days_and_at_most_one_more(now, days):
    left = expiry(now, days) - now
    assert timedelta(days=days) < left <= timedelta(days=days + 1)


@pytest.mark.parametrize("secret", [b"", b"s" * 31])
def test_a_short_secret_is_refused(secret):
    with pytest.raises(LedgerError) as error:
        Links(secret, "https://books.example.com")
    assert error.value.message.endswith(f"has {len(secret)} bytes.")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "books",
        "ftp://host",
        "https://",
        "https://h?x=1",
        "https://h#x",
        "http://[h",
        "http://u:p@h",
        "http://h\n",
        "http://h/a b",
    ],
)
def test_a_public_address_that_is_none_is_refused(url):
    with pytest.raises(LedgerError) as error:
        Links(b"s" * 32, url)
    assert error.value.reason is Reason.INVALID_VALUE
