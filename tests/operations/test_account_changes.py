"""Accounts through the public door: how they change, rest, wake, and are deleted."""

from __future__ import annotations

import pytest
from asking import Case, all_refused, enter, refused
from charting import DELETE, NEVER, UPDATE, changed, opened, read
from entering import events

from ledger.templates import Template


async def test_what_is_absent_stays_and_null_clears(books):
    given = {
        "description": "Tea",
        "subtype": "CASH",
        "parent": (await books.accounts())["1000"],
        "metadata": {"a": 1},
    }
    account = await opened(books, **given)
    same = await changed(books, id=account["id"])
    assert same["version"] == 2
    assert {k: v for k, v in same.items() if k not in {"version", "updatedAt"}} == {
        k: v for k, v in account.items() if k not in {"version", "updatedAt", "parent"}
    }
    assert same["updatedAt"] > account["updatedAt"]
    cleared = await changed(
        books, id=account["id"], description=None, subtype=None, parent=None, metadata=None
    )
    assert [cleared[k] for k in ("description", "subtype", "parentAccountId", "metadata")] == [
        None,
        None,
        None,
        {},
    ]
    moved = await changed(
        books, id=account["id"], code="6015", name="Tea", type="EXPENSE", currency="EUR", version=3
    )
    assert (moved["code"], moved["accountType"], moved["version"]) == ("6015", "EXPENSE", 4)
    assert await read(books, account["id"]) == moved


async def test_a_change_that_the_chart_does_not_allow_is_refused(house, books):
    accounts = await books.accounts()
    cash, sales = accounts["1000"], accounts["4000"]
    receivable = accounts["1100"]
    own = (await opened(books, code="1-1", externalId="mine"))["id"]
    child = (await opened(books, code="1-2", parent=own))["id"]
    await opened(books, code="1-3", externalId="other")
    await enter(books, "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n")

    def case(reason, field, **given):
        return Case(UPDATE, reason, field, given)

    await all_refused(
        house,
        books,
        [
            case("not_found", "id", id=NEVER, name="X"),
            case("not_found", "id", id="", name="X"),
            case("not_found", "id", id="txn_" + cash[4:], name="X"),
            case("version_conflict", "version", id=own, name="X", version=7),
            case("version_conflict", "version", id=own, name="X", version=-1),
            case("duplicate", "code", id=own, code="1000"),
            case("frozen", "externalId", id=own, externalId="changed"),
            case("frozen", "externalId", id=own, externalId=None),
            case("duplicate", "externalId", id=child, externalId="other"),
            # Posted accounts and system accounts keep type and currency.
            case("frozen", "accountType", id=cash, type="EXPENSE"),
            case("frozen", "currency", id=sales, currency="EUR"),
            case("frozen", "currency", id=receivable, currency="EUR"),
            case("system_account", "status", id=receivable, status="INACTIVE"),
            case("system_account", "status", id=receivable, status="SUSPENDED"),
            case("invalid_value", "subtype", id=own, subtype="SALES"),
            case("invalid_parent", "parentAccountId", id=own, parent=own),
            case("invalid_parent", "parentAccountId", id=own, parent=child),
            case("invalid_parent", "parentAccountId", id=own, parent=sales),
            case("invalid_parent", "accountType", id=own, type="EXPENSE"),
            case("unknown_reference", "parentAccountId", id=own, parent=NEVER),
            case("invalid_text", "name", id=own, name=""),
            case("invalid_text", "code", id=own, code="\0"),
            case("invalid_value", "currency", id=own, currency=""),
            # Null clears what may be empty, and nothing else.
            case("invalid_value", "code", id=own, code=None),
            case("invalid_value", "name", id=own, name=None),
            case("invalid_value", "accountType", id=own, type=None),
            case("invalid_value", "currency", id=own, currency=None),
            case("invalid_value", "status", id=own, status=None),
            case("invalid_request", None, id=None, name="X"),
            case("invalid_request", None, id=own, version=2**31),
            case("invalid_request", None, id=own, version="1"),
            case("invalid_request", None, id=own, status="active"),
        ],
    )
    stale = await refused(house, books, UPDATE, id=own, name="X", version=7)
    assert stale.details == {"current_version": 1, "given_version": 7}
    assert stale.code == "CONFLICT"


async def test_system_accounts_are_renamed_and_recoded_but_not_deleted(house):
    bare = await house.organization(template=Template.NONE)
    chart = await bare.ask("{ accounts { id code isSystem } }")
    assert all(account["isSystem"] for account in chart["accounts"])
    assert [account["code"] for account in chart["accounts"]] == [
        "SYS-EXCHANGE-GAIN",
        "SYS-EXCHANGE-LOSS",
        "SYS-OPENING-BALANCES",
        "SYS-PAYABLE",
        "SYS-RECEIVABLE",
        "SYS-RETAINED-EARNINGS",
        "SYS-ROUNDING",
        "SYS-SUSPENSE",
        "SYS-TAX",
    ]
    debtors = chart["accounts"][4]["id"]
    recoded = await changed(bare, id=debtors, code="1100", name="Debtors")
    assert (recoded["code"], recoded["name"], recoded["isSystem"]) == ("1100", "Debtors", True)
    refusal = await refused(house, bare, DELETE, id=debtors)
    assert (refusal.reason, refusal.field) == ("system_account", "id")


async def test_only_an_account_without_history_is_deleted(house, books):
    accounts = await books.accounts()
    await enter(books, "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n")
    await enter(books, "2026-01-05: Plan\n    debit 1010 1.00\n    credit 4100 1.00\n", post=False)
    parent = (await opened(books, code="1-1"))["id"]
    child = (await opened(books, code="1-2", parent=parent))["id"]

    def case(reason, field, account_id, **more):
        return Case(DELETE, reason, field, {"id": account_id, **more})

    await all_refused(
        house,
        books,
        [
            case("in_use", "id", accounts["1000"]),
            case("in_use", "id", accounts["1010"]),
            case("in_use", "id", parent),
            case("system_account", "id", accounts["2000"]),
            case("version_conflict", "version", child, version=2),
            case("not_found", "id", NEVER),
            case("not_found", "id", "\0"),
            case("not_found", "id", "x" * 100_000),
            case("invalid_request", None, None),
            case("invalid_request", None, {"id": child}),
        ],
    )
    assert await books.ask(DELETE, id=child, version=1) == {"deleteAccount": True}
    assert await books.ask(DELETE, id=parent.upper().replace("ACT_", "Act_")[:4] + parent[4:])
    assert (await refused(house, books, DELETE, id=parent)).reason == "not_found"
    *_, last = await events(books, house)
    assert (last["type"], last["entity_id"], last["after"]) == ("account.deleted", parent, None)


NAMING = {
    "a tax rate": """mutation ($of: ID!) {
        createTaxRate(name: "VAT", taxType: VAT, rate: "20", accountId: $of) { id } }""",
    "a contact": """mutation ($of: ID!) {
        createContact(name: "J", contactType: CUSTOMER, defaultRevenueAccountId: $of) { id } }""",
    "an item": """mutation ($of: ID!) {
        createItem(name: "Tea", itemType: SERVICE, defaultRevenueAccountId: $of) { id } }""",
    "the settings": """mutation ($of: ID!) {
        updateDocumentSettings(paymentAccountId: $of) { id } }""",
}


@pytest.mark.parametrize("name", NAMING)
async def test_an_account_that_something_names_is_not_deleted(house, books, name):
    given = {
        "a tax rate": {"accountType": "LIABILITY"},
        "the settings": {"accountType": "ASSET"},
    }.get(name, {"accountType": "REVENUE"})
    made = (await opened(books, **given))["id"]
    await books.ask(NAMING[name], of=made)
    refusal = await refused(house, books, DELETE, id=made)
    assert (refusal.reason, refusal.field) == ("in_use", "id")
    assert refusal.message.endswith(
        "is named by contacts, items, tax rates, documents or the settings."
    )


async def test_an_account_that_a_draft_names_is_not_deleted(house, books):
    made = (await opened(books, accountType="REVENUE"))["id"]
    contact = await books.ask('mutation { createContact(name: "J", contactType: CUSTOMER) { id } }')
    invoice = """mutation ($contact: ID!, $account: ID!) {
      createInvoice(contactId: $contact, invoiceDate: "2026-01-05", items: [
        {description: "Tea", quantity: 1, unitPrice: 1, accountId: $account}]) { id } }"""
    drafted = await books.ask(invoice, contact=contact["createContact"]["id"], account=made)
    assert (await refused(house, books, DELETE, id=made)).reason == "in_use"
    key = drafted["createInvoice"]["id"]
    await books.ask("mutation ($id: ID!) { deleteInvoice(id: $id) }", id=key)
    assert await books.ask(DELETE, id=made) == {"deleteAccount": True}


@pytest.mark.parametrize("status", ["INACTIVE", "SUSPENDED"])
async def test_an_account_that_rests_takes_no_entries_and_can_be_woken(house, books, status):
    accounts = await books.accounts()
    await changed(books, id=accounts["1000"], status=status)
    post = """
    mutation Sale($debit: ID!, $credit: ID!) {
      createTransaction(description: "Sale", date: "2026-01-05", post: true, entries: [
        {accountId: $debit, entryType: DEBIT, amount: 1},
        {accountId: $credit, entryType: CREDIT, amount: 1}
      ]) { status }
    }"""
    given = {"debit": accounts["1000"], "credit": accounts["4000"]}
    refusal = await refused(house, books, post, **given)
    assert (refusal.reason, refusal.field) == ("account_inactive", "entries[0].accountId")
    await changed(books, id=accounts["1000"], status="ACTIVE")
    assert await books.ask(post, **given) == {"createTransaction": {"status": "POSTED"}}
