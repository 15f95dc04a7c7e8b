"""Contacts: taken in, found, changed, erased, deleted; and what history remembers of them."""

from __future__ import annotations

import pytest
from asking import Case, all_refused, refused
from cataloguing import HARMLESS, NEVER, UNFIT, linked, require_sound, texts_of
from entering import contents, events, without

CREATE = """
mutation Create($name: String!, $type: ContactType!, $email: String) {
  createContact(name: $name, contactType: $type, email: $email, taxId: "123456789",
    billingAddress: {line1: "1 Main St", country: "us"}, phone: "+1-555-0123") {
    id name contactType contactTypes email phone taxId isActive version
    billingAddress { line1 country } paymentTerms { percent days }
  }
}
"""

FIELDS = """
  id name contactType contactTypes email phone website taxId reference currency { code } language
  billingAddress { line1 line2 city state postalCode country } shippingAddress { city }
  paymentTerms { percent days } defaultRevenueAccountId defaultExpenseAccountId defaultTaxRateId
  isActive erasedAt externalId metadata version createdAt updatedAt
"""
SHARED = {
    "email": "String",
    "phone": "String",
    "website": "String",
    "taxId": "String",
    "reference": "String",
    "currency": "String",
    "language": "String",
    "billingAddress": "AddressInput",
    "shippingAddress": "AddressInput",
    "paymentTerms": "[PaymentTermInput!]",
    "defaultRevenueAccountId": "ID",
    "defaultExpenseAccountId": "ID",
    "defaultTaxRateId": "ID",
    "contactTypes": "[ContactType!]",
    "externalId": "String",
    "metadata": "Json",
    "dryRun": "Boolean! = false",
}
"""What can be said of a contact when it is taken in, and when it is changed."""


def mutation(called, **own):
    """A mutation with all its arguments as variables of their names."""
    kinds = {**own, **SHARED}
    variables = ", ".join(f"${key}: {kind}" for key, kind in kinds.items())
    arguments = ", ".join(f"{key}: ${key}" for key in kinds)
    return f"mutation Of({variables}) {{ {called}({arguments}) {{ {FIELDS} }} }}"


ADD = mutation("createContact", name="String!", contactType="ContactType!")
UPDATE = mutation("updateContact", id="ID!", name="String", isActive="Boolean", version="Int")
ERASE = f"mutation Erase($id: ID!) {{ eraseContact(id: $id) {{ {FIELDS} }} }}"
DELETE = "mutation Delete($id: ID!, $version: Int) { deleteContact(id: $id, version: $version) }"
READ = f"query Read($id: ID!) {{ contact(id: $id) {{ {FIELDS} }} }}"
SALE = "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n"
PERSONAL = {
    "name": "Jane Quimby",
    "email": "jane@quimby.example",
    "phone": "+1-555-0199",
    "website": "https://quimby.example",
    "taxId": "QX-123-77",
    "reference": "Quimby/9",
    "billingAddress": {"line1": "77 Elm Row", "city": "Quimbyville", "country": "US"},
    "shippingAddress": {"city": "Quimbyport"},
    "metadata": {"nickname": "Janey Q", "born": {"on": "1971-02-03"}},
}
SECRETS = ("Quimby", "quimby", "555-0199", "QX-123", "Elm Row", "Janey", "1971-02-03")


async def added(client, **given):
    given = {"name": "Jane", "contactType": "CUSTOMER", **given}
    return (await client.ask(ADD, **given))["createContact"]


async def changed(client, **given):
    return (await client.ask(UPDATE, **given))["updateContact"]


async def read(client, key):
    return (await client.ask(READ, id=key))["contact"]


async def test_a_contact_is_taken_in_and_found_again(books):
    made = (await books.ask(CREATE, name="Jane", type="CUSTOMER", email="jane@example.com"))[
        "createContact"
    ]
    assert made["billingAddress"] == {"line1": "1 Main St", "country": "US"}
    found = await books.ask(
        "query Find($id: ID!) { contact(id: $id) { name email transactions { id } } }",
        id=made["id"],
    )
    assert found["contact"] == {"name": "Jane", "email": "jane@example.com", "transactions": []}
    listed = await books.ask(
        "{ contacts(where: {contactType: {eq: CUSTOMER}}) { id }"
        "  vendors: contacts(where: {contactType: {eq: VENDOR}}) { id } }"
    )
    assert listed == {"contacts": [{"id": made["id"]}], "vendors": []}


async def test_all_that_can_be_said_of_a_contact_is_kept(books):
    accounts = await books.accounts()
    rate = 'mutation { createTaxRate(name: "VAT", taxType: VAT, rate: 19) { id } }'
    said = {
        "website": "https://example.com",
        "reference": "A-1",
        "paymentTerms": [{"percent": "30", "days": 30}, {"percent": "70", "days": 60}],
        "defaultRevenueAccountId": accounts["4000"],
        "defaultExpenseAccountId": accounts["5000"],
        "defaultTaxRateId": (await books.ask(rate))["createTaxRate"]["id"],
        "externalId": "c-1",
        "metadata": {"a": 1},
    }
    more = {"contactTypes": ["VENDOR", "CUSTOMER"], "currency": "eur", "language": "de-ch"}
    made = await added(books, **said, **more)
    assert {key: made[key] for key in said} == said
    assert (made["contactType"], made["contactTypes"]) == ("CUSTOMER", ["CUSTOMER", "VENDOR"])
    assert (made["currency"], made["language"]) == ({"code": "EUR"}, "de-CH")
    assert await read(books, "CON_" + made["id"][4:]) == made


async def test_what_is_absent_stays_and_null_clears(house, books):
    full = await added(books, **PERSONAL, currency="EUR", language="de", externalId="c-1")
    same = await changed(books, id=full["id"], version=1)
    assert same["version"] == 2
    assert without(same, "version", "updatedAt") == without(full, "version", "updatedAt")
    kept = {"id", "name", "contactTypes", "externalId", "dryRun"}
    cleared = await changed(books, id=full["id"], **dict.fromkeys(SHARED.keys() - kept))
    bare = await added(await house.organization(), name="Jane Quimby", externalId="c-1")
    own = ("id", "version", "createdAt", "updatedAt")
    assert without(cleared, *own) == without(bare, *own)
    moved = await changed(books, id=full["id"], contactTypes=["OTHER"], isActive=False, version=3)
    assert (moved["contactType"], moved["isActive"], moved["version"]) == ("OTHER", False, 4)
    assert await read(books, full["id"]) == moved
    await require_sound(house, books)


async def test_what_cannot_be_a_contact_is_refused(house, books):
    other = await house.organization()
    theirs, foreign = (await other.accounts())["4000"], (await added(other))["id"]
    first, key = (await added(books, externalId="e-1"))["id"], (await added(books))["id"]

    def case(reason, field, **given):
        return Case(UPDATE, reason, field, {"id": key, **given})

    terms = [{"percent": "60", "days": 10}, {"percent": "39.9999", "days": 20}]
    new = {"name": "X", "contactType": "CUSTOMER"}
    await all_refused(
        house,
        books,
        [
            Case(ADD, "duplicate", "externalId", {**new, "externalId": "e-1"}),
            Case(ADD, "invalid_text", "name", {**new, "name": " "}),
            Case(ADD, "invalid_request", None, {**new, "contactType": "customer"}),
            case("version_conflict", "version", name="X", version=2),
            case("duplicate", "externalId", externalId="e-1"),
            Case(UPDATE, "frozen", "externalId", {"id": first, "externalId": None}),
            case("invalid_value", "email", email="Jane <jane@example.com>"),
            case("invalid_value", "currency", currency="XXQ"),
            case("invalid_value", "language", language="German"),
            case("invalid_value", "billingAddress.country", billingAddress={"country": "Germany"}),
            case("invalid_value", "paymentTerms", paymentTerms=terms),
            case("invalid_value", "contactTypes", contactTypes=[]),
            case("invalid_value", "contactTypes", contactTypes=["VENDOR", "VENDOR"]),
            case("unknown_reference", "defaultRevenueAccountId", defaultRevenueAccountId=theirs),
            case("unknown_reference", "defaultTaxRateId", defaultTaxRateId="tax_" + NEVER),
            case("invalid_value", "name", name=None),
            case("invalid_value", "isActive", isActive=None),
            *(
                Case(document, "not_found", "id", {"id": each})
                for document in (READ, UPDATE, ERASE, DELETE)
                for each in (foreign, "con_" + NEVER, "act_" + key[4:], "\0", "")
            ),
        ],
    )


async def test_an_erased_contact_is_nowhere_any_more(house, books):
    made = await added(books, **PERSONAL, externalId="c-1")
    await changed(books, id=made["id"], **{**PERSONAL, "name": "Jane Doe Quimby"})
    await linked(books, SALE, contactId=made["id"])
    told = await texts_of(house)
    assert all(secret in told for secret in SECRETS)
    erased = (await books.ask(ERASE, id=made["id"]))["eraseContact"]
    assert (erased["name"], erased["isActive"], erased["version"]) == ("Erased contact", False, 3)
    assert erased["externalId"] == "c-1"
    gone = {key: erased[key] for key in PERSONAL if key != "name"}
    assert gone == {**dict.fromkeys(gone), "metadata": {}}
    assert await read(books, made["id"]) == erased
    told = await texts_of(house)
    assert [secret for secret in SECRETS if secret in told] == []
    about = [each for each in await events(books, house) if each["entity_id"] == made["id"]]
    assert [each["type"].partition(".")[2] for each in about] == ["created", "updated", "erased"]
    assert all(each["after"]["name"].startswith("hmac-sha256:") for each in about[:2])
    assert about[1]["before"]["email"] == about[1]["after"]["email"]
    assert about[2]["after"]["name"] == "Erased contact"
    await require_sound(house, books)


async def test_what_was_erased_stays_as_it_is(house, books):
    key = (await added(books, **PERSONAL))["id"]
    erased = (await books.ask(ERASE, id=key))["eraseContact"]
    before = await contents(house)
    assert (await books.ask(ERASE, id=key))["eraseContact"] == erased
    assert await contents(house) == before
    refusal = await refused(house, books, UPDATE, id=key, name="Jane")
    assert (refusal.reason, refusal.field) == ("frozen", "id")
    assert await books.ask(DELETE, id=key) == {"deleteContact": True}


async def test_only_a_contact_without_history_is_deleted(house, books):
    used, unused = (await added(books))["id"], (await added(books, name="Joe"))["id"]
    await linked(books, SALE, contactId="CON_" + used[4:])
    refusal = await refused(house, books, DELETE, id=used)
    assert refusal.reason == "in_use"
    assert refusal.suggestion.startswith("Set its isActive to false instead")
    stale = await refused(house, books, DELETE, id=unused, version=2)
    assert stale.details == {"current_version": 1, "given_version": 2}
    assert await books.ask(DELETE, id=unused, version=1) == {"deleteContact": True}
    assert (await refused(house, books, READ, id=unused)).reason == "not_found"
    assert (await changed(books, id=used, isActive=False))["isActive"] is False
    listed = await books.ask(
        "{ contacts { id } active: contacts(where: {isActive: {eq: true}}) { id } }"
    )
    assert listed == {"contacts": [{"id": used}], "active": []}
    await require_sound(house, books)


async def test_a_dry_run_answers_the_same_and_keeps_nothing(house, books):
    key = (await added(books))["id"]
    before = await contents(house)
    made = await added(books, **PERSONAL, dryRun=True)
    assert {name: made[name] for name in ("name", "email")} == {
        "name": "Jane Quimby",
        "email": "jane@quimby.example",
    }
    assert (await changed(books, id=key, name="Joe", dryRun=True))["version"] == 2
    assert await contents(house) == before


@pytest.mark.parametrize("name", ["name", "phone", "website", "taxId", "reference", "externalId"])
async def test_hostile_texts_are_kept_as_they_are_or_refused(house, books, name):
    for text in HARMLESS:
        assert (await added(books, **{name: text, "dryRun": True}))[name] == text
    for text in UNFIT:
        given = {"name": "Jane", "contactType": "OTHER", name: text}
        refusal = await refused(house, books, ADD, **given)
        assert (refusal.reason, refusal.field) == ("invalid_text", name)


@pytest.mark.parametrize("name", ["line1", "line2", "city", "state", "postalCode"])
async def test_hostile_texts_do_no_harm_in_addresses(house, books, name):
    for text in HARMLESS:
        kept = text[:20]
        made = await added(books, billingAddress={name: kept}, dryRun=True)
        assert made["billingAddress"][name] == kept
    for text in UNFIT:
        given = {"name": "Jane", "contactType": "OTHER", "billingAddress": {name: text}}
        refusal = await refused(house, books, ADD, **given)
        assert (refusal.reason, refusal.field) == ("invalid_text", f"billingAddress.{name}")
