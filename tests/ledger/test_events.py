import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest
from books import NOW, STANDARD, USD_BOOKS, posted

from ledger.events import FIRST_HASH, Change, Event, snapshot

BANK = STANDARD.by_code["1010"]
(SALE,) = posted("""
2025-03-01: Sale
    debit  1000  100.00 EUR @ 1.10
    credit 4000  100.00 EUR
""")

FIRST = Event(
    organization_id="org_1",
    sequence=1,
    id="evt_1",
    type="account.created",
    entity_type="account",
    entity_id=BANK.id,
    actor="key_1",
    key_id="key_1",
    request_id="req_1",
    protocol="graphql",
    before=None,
    after=snapshot(BANK),
    created_at=NOW,
    previous_hash=FIRST_HASH,
    hash="",
)


@pytest.mark.parametrize(
    ("before", "after", "fact", "entity_type"),
    [
        (None, BANK, BANK, "account"),
        (BANK, replace(BANK, name="Giro"), replace(BANK, name="Giro"), "account"),
        (BANK, None, BANK, "account"),
        (None, SALE, SALE, "transaction"),
        (None, USD_BOOKS, USD_BOOKS, "organization"),
    ],
)
def test_a_change_is_of_the_fact_as_it_is_or_last_was(before, after, fact, entity_type):
    change = Change("changed", before, after)
    assert change.fact == fact
    assert change.entity_type == entity_type


def test_a_change_of_nothing_is_none():
    with pytest.raises(ValueError, match="before or after"):
        _ = Change("changed", None, None).fact


def test_a_snapshot_says_all_that_is_there_in_canonical_json():
    assert snapshot(None) is None
    assert snapshot(replace(BANK, metadata={"b": 1, "a": "é"})) == (
        '{"code":"1010","created_at":"2025-07-01T12:00:00+00:00","currency":"USD",'
        '"id":"act_1010","metadata":{"a":"é","b":1},"name":"Bank account",'
        '"organization_id":"org_1","status":"active","subtype":"bank","type":"asset",'
        '"updated_at":"2025-07-01T12:00:00+00:00","version":1}'
    )


def test_a_snapshot_of_a_transaction_has_its_entries_in_minor_units():
    read = json.loads(snapshot(SALE))
    assert (read["date"], read["status"], read["kind"]) == ("2025-03-01", "posted", "standard")
    assert read["entries"] == [
        {
            "account_id": "act_1000",
            "amount": 100_00,
            "base_amount": 110_00,
            "currency": "EUR",
            "entry_type": "debit",
            "exchange_rate": "1.10",
        },
        {
            "account_id": "act_4000",
            "amount": 100_00,
            "base_amount": 110_00,
            "currency": "EUR",
            "entry_type": "credit",
        },
    ]


def test_a_snapshot_of_an_organization_has_its_calendar():
    books = replace(USD_BOOKS, books_closed_through=date(2024, 12, 31), fiscal_year_start=(4, 6))
    read = json.loads(snapshot(books))
    assert (read["books_closed_through"], read["fiscal_year_start"]) == ("2024-12-31", [4, 6])
    assert "twin_id" not in read


def test_the_hash_of_an_event_is_that_of_its_content_and_the_hash_before():
    content = (
        '["org_1",1,"evt_1","account.created","account","act_1010","key_1","key_1","req_1",'
        '"graphql",null,"{}","2025-07-01T12:00:00+00:00"]'
    )
    sealed = hashlib.sha256(f"{'0' * 64}\n{content}".encode()).hexdigest()
    assert replace(FIRST, after="{}").sealed() == sealed
    assert replace(FIRST, hash="anything").sealed() == FIRST.sealed()


@pytest.mark.parametrize(
    "altered",
    [
        {"organization_id": "org_2"},
        {"sequence": 2},
        {"id": "evt_2"},
        {"type": "account.updated"},
        {"entity_type": "transaction"},
        {"entity_id": "act_2"},
        {"actor": "usr_1"},
        {"key_id": None},
        {"request_id": "req_2"},
        {"protocol": "rest"},
        {"before": "{}"},
        {"after": None},
        {"created_at": NOW.replace(microsecond=1)},
        {"previous_hash": "1" * 64},
    ],
    ids=lambda altered: next(iter(altered)),
)
def test_no_part_of_an_event_can_be_altered_unseen(altered):
    assert replace(FIRST, **altered).sealed() != FIRST.sealed()
