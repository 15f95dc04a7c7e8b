import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest
from books import LATER, NOW, STANDARD, USD_BOOKS, posted
from desk import Desk
from documented import BILL, CATALOGUE, CREDIT_NOTE, CUSTOMER, INVOICE, VENDOR_CREDIT, day

from ledger.attachments import Attachment
from ledger.contacts import Address
from ledger.document_settings import Paper
from ledger.erasure import PERSONAL, erased
from ledger.events import FIRST_HASH, Change, Event, snapshot
from ledger.keys import Key, Scope

BANK = STANDARD.by_code["1010"]
(SALE,) = posted("""
2025-03-01: Sale
    debit  1000  100.00 EUR @ 1.10
    credit 4000  100.00 EUR
""")

DESK = Desk()
INVOICED = DESK.issue(INVOICE, "4000 2 x 50.00 vat", currency="EUR", exchange_rate="1.10")
PAID = DESK.pay("40.00", currency="EUR", exchange_rate="1.20", deductions=["5900 1.00"])
APPLIED = DESK.apply(PAID, INVOICED)
KEY = Key("org_1", "key_1", "Shop", Scope.WRITE, "5ec2e7", "cl_live_1", None, None, NOW)
FILE = Attachment("org_1", "att_1", INVOICED.id, "a.pdf", "application/pdf", 3, "ab" * 32, NOW)
ANN = replace(
    CUSTOMER,
    email="ann@example.com",
    phone="+49 1",
    website="ann.example",
    tax_number="DE1",
    reference="R-1",
    currency="EUR",
    language="de",
    billing_address=Address("Main Street 1", city="Ulm"),
    shipping_address=Address("Quay 2"),
    metadata={"birthday": "1980-01-01"},
    external_id="crm-1",
    salt="the key",
)

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
        (None, KEY, KEY, "api_key"),
        (ANN, None, ANN, "contact"),
        (None, CATALOGUE.items["itm_1"], CATALOGUE.items["itm_1"], "item"),
        (None, CATALOGUE.tax_rates["vat"], CATALOGUE.tax_rates["vat"], "tax_rate"),
        (None, CATALOGUE.categories["web"], CATALOGUE.categories["web"], "category"),
        (None, INVOICED, INVOICED, "invoice"),
        (None, PAID, PAID, "payment"),
        (None, PAID.item, PAID.item, "open_item"),
        (None, APPLIED, APPLIED, "application"),
        (None, FILE, FILE, "attachment"),
    ],
)
def test_a_change_is_of_the_fact_as_it_is_or_last_was(before, after, fact, entity_type):
    change = Change("changed", before, after)
    assert change.fact == fact
    assert change.entity_type == entity_type


@pytest.mark.parametrize(
    ("kind", "noun"),
    [
        (INVOICE, "invoice"),
        (BILL, "bill"),
        (CREDIT_NOTE, "credit_note"),
        (VENDOR_CREDIT, "vendor_credit"),
    ],
)
def test_a_change_of_a_document_is_told_by_its_kind(kind, noun):
    draft = DESK.draw(kind, "4000 1.00")
    assert Change("deleted", draft, None).entity_type == noun


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


def test_a_snapshot_of_an_organization_has_the_settings_that_are_not_the_usual_ones():
    assert "documents" not in json.loads(snapshot(USD_BOOKS))
    letter = replace(USD_BOOKS, documents=replace(USD_BOOKS.documents, paper=Paper.LETTER))
    read = json.loads(snapshot(letter))["documents"]
    assert (read["paper"], read["terms"]) == ("letter", [{"days": 30, "percent": "100"}])


def test_a_snapshot_of_a_key_has_nothing_by_which_it_is_found():
    read = json.loads(snapshot(KEY))
    assert (read["preview"], read["scope"]) == ("cl_live_1", "write")
    assert "hash" not in read
    assert KEY.hash not in snapshot(KEY)


def test_a_snapshot_of_a_document_has_its_lines_and_its_copies_and_what_is_open_of_it():
    read = json.loads(snapshot(INVOICED))
    assert (read["kind"], read["phase"], read["number"]) == ("invoice", "issued", "INV-0001")
    assert (read["total"], read["base_total"], read["exchange_rate"]) == (119_00, 130_90, "1.10")
    assert read["dues"] == [{"amount": 119_00, "date": "2025-03-31"}]
    (line,) = read["lines"]
    assert (line["quantity"], line["unit_price"], line["net"]) == ("2", "50", 100_00)
    (tax,) = line["taxes"]
    assert (tax["name"], tax["percent"], tax["amount"]) == ("VAT", "19", 19_00)
    assert read["copies"]["contact"] == {"name": "Ann"}
    assert (read["item"]["open_amount"], read["item"]["next_due"]) == (119_00, "2025-03-31")
    assert read["is_opening"] is False
    assert not {"viewed_at", "cancelled_on", "corrects_id", "metadata"} & read.keys()


def test_a_snapshot_of_a_payment_has_its_deductions_and_that_of_an_application_its_bases():
    read = json.loads(snapshot(PAID))
    assert read["deductions"] == [{"account_id": "act_5900", "amount": 1_00}]
    assert (read["side"], read["direction"], read["date"]) == (
        "receivable",
        "received",
        "2025-03-01",
    )
    read = json.loads(snapshot(APPLIED))
    assert (read["from_id"], read["to_id"]) == (PAID.id, INVOICED.id)
    assert (read["from_base"], read["to_base"]) == (49_20, 45_10)
    ended = replace(APPLIED, ended_on=day("2025-04-01"))
    assert json.loads(snapshot(ended))["ended_on"] == "2025-04-01"


# Personal data


def test_a_snapshot_of_a_contact_seals_what_is_personal_and_never_has_the_key():
    text = snapshot(ANN)
    read = json.loads(text)
    for name in PERSONAL:
        assert read[name].startswith("hmac-sha256:")
        assert len(read[name]) == len("hmac-sha256:") + 64
    for secret in ("Ann", "ann@", "+49", "ann.example", "DE1", "R-1", "Main", "Quay", "1980"):
        assert secret not in text
    assert "salt" not in read
    assert ANN.salt not in text
    assert (read["external_id"], read["currency"], read["types"]) == ("crm-1", "EUR", ["customer"])


def test_the_seal_of_a_field_tells_whether_it_changed_and_not_what_it_is():
    before, after = (json.loads(snapshot(each)) for each in (ANN, replace(ANN, phone="+49 2")))
    assert [name for name in before if before[name] != after[name]] == ["phone"]
    other = json.loads(snapshot(replace(ANN, salt="another key")))
    assert all(before[name] != other[name] for name in PERSONAL)


def test_a_snapshot_of_an_erased_contact_has_nothing_personal_left():
    read = json.loads(snapshot(erased(ANN, LATER)))
    assert read["name"] == "Erased contact"
    assert read.keys() & set(PERSONAL) == {"name"}
    assert (read["is_active"], read["external_id"]) == (False, "crm-1")


# The chain


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
