"""Credits: what is charged and what is free, what is left, and what is refused for want of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from asking import key_of, refusal_of, refused, statements
from crediting import (
    BALANCE,
    USAGE,
    grant,
    left,
    metered,
    require_books_of_credits_to_balance,
    used,
)
from entering import BULK, CREATE, DELETE, POST, REVERSE, contents, item, pair, sale
from house import running

import schema
import server
from entrypoints.billing import require_billing
from ledger.errors import LedgerError
from ledger.keys import Scope
from schema.operation import OPERATIONS
from settings import Settings
from store import organizations

CONTACT = 'mutation { createContact(name: "Jane", contactType: CUSTOMER) { id } }'
INVOICE = """mutation I($contact: ID!, $send: Boolean!) {
  createInvoice(contactId: $contact, invoiceDate: "2026-01-05", send: $send,
    items: [{description: "Work", quantity: 1, unitPrice: "5.00"}]) { id status }
}"""
SEND = "mutation S($id: ID!) { sendInvoice(id: $id, deliver: false) { status } }"
ACCOUNTS = """mutation { createAccounts(accounts: [
  {code: "0-1", name: "A", accountType: ASSET}, {code: "0-2", name: "B", accountType: ASSET}
]) { id } }"""
UPDATE_BILLING = """
mutation Billing($auto: Boolean, $low: Int, $email: String, $version: Int) {
  updateBilling(
    autoRechargeEnabled: $auto, lowBalanceThreshold: $low, billingEmail: $email, version: $version
  ) { creditsRemaining autoRechargeEnabled lowBalanceThreshold billingEmail version }
}"""


@pytest.fixture
async def house(engine, databases):
    async with metered(await databases.new(engine)) as started:
        yield started


@pytest.fixture
async def rich(house, books):
    """An organization with a thousand credits."""
    await grant(house, books, 1_000)
    return books


async def cost(client, document, **variables):
    """What a document has cost, and its data."""
    before = await left(client)
    found = await client.ask(document, **variables)
    return before - await left(client), found


async def cash_sale(client):
    accounts = await client.accounts()
    return pair(accounts["1000"], accounts["4000"])


async def test_each_operation_costs_what_the_schema_says(house, rich):
    entries = await cash_sale(rich)
    price, found = await cost(rich, CREATE, entries=entries)
    pending = found["createTransaction"]["id"]
    assert price == OPERATIONS["createTransaction"].credits == 2
    assert (await cost(rich, POST, id=pending))[0] == 1
    assert (await cost(rich, REVERSE, id=pending))[0] == 2
    spare = (await sale(rich))["id"]
    assert (await cost(rich, DELETE, id=spare))[0] == 1
    assert (await cost(rich, CONTACT))[0] == 1
    # A structural one, which holds the organization.
    price, _ = await cost(rich, 'mutation { updateOrganization(name: "New") { id } }')
    assert price == 1
    await require_books_of_credits_to_balance(house)


async def test_what_is_done_at_once_costs_as_much_as_one_after_the_other(rich):
    entries = await cash_sale(rich)
    assert (await cost(rich, CREATE, entries=entries, post=True))[0] == 2 + 1
    contact = (await rich.ask(CONTACT))["createContact"]["id"]
    price, found = await cost(rich, INVOICE, contact=contact, send=False)
    assert price == 5
    assert (await cost(rich, SEND, id=found["createInvoice"]["id"]))[0] == 1
    assert (await cost(rich, INVOICE, contact=contact, send=True))[0] == 5 + 1


async def test_a_bulk_call_costs_what_its_items_cost(rich):
    given = [item(await cash_sale(rich)) for _ in range(3)]
    assert (await cost(rich, BULK, transactions=given, post=False))[0] == 3 * 2
    assert (await cost(rich, BULK, transactions=given, post=True))[0] == 3 * (2 + 1)
    assert (await cost(rich, ACCOUNTS))[0] == 2
    # Those that are refused cost nothing.
    given[1]["entries"] = []
    price, found = await cost(rich, BULK, transactions=given, continueOnError=True)
    assert (found["createTransactions"]["created"], price) == (2, 2 * 3)
    price, found = await cost(
        rich, BULK, transactions=[item([])], continueOnError=True, idempotencyKey="none"
    )
    assert (found["createTransactions"]["created"], price) == (0, 0)


async def test_what_is_refused_costs_nothing_not_even_a_posting_that_is_recorded_as_failed(rich):
    pending = (await sale(rich))["id"]
    await rich.ask('mutation { updateOrganization(booksClosedThrough: "2026-12-31") { id } }')
    before = await left(rich)
    refusal = await rich.refusal(POST, id=pending)
    assert refusal.reason == "period_locked"
    status = "query T($id: ID!) { transaction(id: $id) { status } }"
    assert (await rich.ask(status, id=pending))["transaction"]["status"] == "FAILED"
    assert (await rich.refusal(CREATE, entries=[])).reason == "too_few_entries"
    assert await left(rich) == before


async def test_replays_and_dry_runs_are_free_and_reads_too(house, rich):
    entries = await cash_sale(rich)
    assert (await cost(rich, CREATE, entries=entries, idempotencyKey="once"))[0] == 2
    before = await contents(house)
    assert (await cost(rich, CREATE, entries=entries, idempotencyKey="once"))[0] == 0
    assert (await cost(rich, CREATE, entries=entries, dryRun=True))[0] == 0
    assert (await cost(rich, "{ trialBalance { totalDebits } transactions { id } }"))[0] == 0
    assert await contents(house) == before
    # Free as they are, a replay needs no credits at all, while a dry run tells that there are none.
    spend = await left(rich)
    given = [item(entries) for _ in range(spend // 2)]
    assert (await cost(rich, BULK, transactions=given, post=False))[0] == spend
    assert (await cost(rich, CREATE, entries=entries, idempotencyKey="once"))[0] == 0
    refusal = await refused(house, rich, CREATE, entries=entries, dryRun=True)
    assert refusal.reason == "insufficient_credits"


async def test_who_has_too_few_is_refused_whole_and_told_so(house, books):
    await grant(house, books, 5)
    entries = await cash_sale(books)
    given = [item(entries) for _ in range(2)]
    refusal = await refused(house, books, BULK, transactions=given, idempotencyKey="again")
    assert (refusal.code, refusal.reason) == ("INSUFFICIENT_CREDITS", "insufficient_credits")
    whose = books.organization_id
    assert refusal.message == f"This costs 6 credits, and organization {whose} has 5 credits left."
    assert refusal.details == {"cost": 6, "balance": 5, "organization_id": whose}
    # The refusal is not remembered: with more credits the same request is done.
    await grant(house, books, 1)
    assert (await cost(books, BULK, transactions=given, idempotencyKey="again"))[0] == 6
    assert await left(books) == 0


async def test_without_any_credits_one_can_read_and_order_some(house, books):
    entries = await cash_sale(books)
    for document in (CONTACT, 'mutation { updateOrganization(name: "New") { id } }'):
        assert (await refused(house, books, document)).reason == "insufficient_credits"
    assert (await refusal_of(books, CREATE, entries=entries)).details["balance"] == 0
    order = "mutation { purchaseCredits(creditAmount: 1000) { creditsToAdd } }"
    assert (await books.ask(order))["purchaseCredits"]["creditsToAdd"] == 1_000
    assert (await books.ask(UPDATE_BILLING, auto=True))["updateBilling"]["version"] == 1


async def test_later_mutations_of_a_document_see_what_earlier_ones_have_left(house, books):
    await grant(house, books, 3)
    document = f"mutation {{ a: {CONTACT[10:-1]} b: {CONTACT[10:-1]} }}"
    assert await books.ask(document)
    body = (await books.post(document)).json()
    assert [error["path"] for error in body["errors"]] == [["b"]]
    assert await left(books) == 0


async def test_each_organization_spends_its_own(house, rich):
    other = await house.organization()
    assert (await refused(house, other, CONTACT)).reason == "insufficient_credits"
    await grant(house, other, 1)
    assert (await cost(other, CONTACT))[0] == 1
    assert await left(rich) == 1_000


@pytest.fixture
async def sandbox(house, books):
    found = await house.database.read(organizations.existing, [books.organization_id])
    twin = found[books.organization_id].twin_id
    return await key_of(books, house, Scope.ADMIN, live=False, organization_id=twin)


async def test_test_keys_are_never_charged(house, sandbox):
    assert await sale(sandbox, post=True)
    assert await sandbox.ask('mutation { updateOrganization(name: "New") { id } }')
    found = (await sandbox.ask(BALANCE))["creditBalance"]
    assert (found["creditsRemaining"], found["creditsTotal"]) == (None, 0)
    assert await used(sandbox) == {}
    assert (await contents(house))["credit_account"] == []


async def test_usage_is_told_by_day_and_operation(house, rich):
    reader = await key_of(rich, house, Scope.WRITE)
    for client in (rich, rich, reader):
        await sale(client, post=True)
    await rich.ask(CONTACT)
    assert await used(rich) == {"createContact": (1, 1), "createTransaction": (3, 9)}
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    found = (await rich.ask(USAGE, **{"from": today, "to": today}))["creditUsage"]
    assert (found["periodStart"], found["periodEnd"]) == (today, today)
    assert found["rows"][1] == {
        "date": today,
        "operation": "createTransaction",
        "count": 3,
        "credits": 9,
    }
    before = (await rich.ask(USAGE, **{"from": "2020-01-01", "to": "2020-12-31"}))["creditUsage"]
    assert (before["rows"], before["totals"]) == ([], {"count": 0, "credits": 0})
    # By which key is kept too.
    kept = (await contents(house))["credit_usage"]
    assert sorted(row[4:] for row in kept) == [(1, 1), (1, 3), (2, 6)]
    refusal = await refusal_of(rich, USAGE, **{"from": "2026-01-02", "to": "2026-01-01"})
    assert refusal.reason == "invalid_date"


async def test_attachments_cost_a_credit(rich):
    contact = (await rich.ask(CONTACT))["createContact"]["id"]
    response = await rich.http.post(
        f"/attachments?subject={contact}&name=a.txt",
        content=b"text",
        headers={
            "Authorization": f"Bearer {rich.key}",
            "Content-Type": "application/octet-stream",
        },
    )
    assert response.status_code == 201, response.text
    assert (await used(rich))["createAttachment"] == (1, 1)


async def test_the_organization_shows_its_credits(rich):
    document = """{ organization {
      creditsRemaining
      creditBalance { organizationId creditsRemaining creditsTotal }
      creditPackages { packageType credits name priceUsd priceCents }
    } }"""
    await rich.ask(CONTACT)
    found = (await rich.ask(document))["organization"]
    assert found["creditsRemaining"] == 999
    assert found["creditBalance"] == {
        "organizationId": rich.organization_id,
        "creditsRemaining": 999,
        "creditsTotal": 1_000,
    }
    assert found["creditPackages"] == [
        dict(zip(("packageType", "credits", "name", "priceUsd", "priceCents"), row, strict=True))
        for row in (
            ("SOLO_DEV", 1_000, "Solo Dev", "10.00", 1_000),
            ("BUILDER", 5_000, "Builder", "50.00", 5_000),
            ("SCALE", 25_000, "Scale", "250.00", 25_000),
        )
    ]


async def test_billing_settings_change_one_by_one_and_by_version(house, rich):
    empty = (await rich.ask(BALANCE))["creditBalance"]
    assert (empty["autoRechargeEnabled"], empty["version"]) == (False, 0)
    assert (empty["lowBalanceThreshold"], empty["billingEmail"]) == (None, None)
    made = await rich.ask(UPDATE_BILLING, auto=True, email="ann@example.com")
    assert made["updateBilling"] == {
        "creditsRemaining": 1_000,
        "autoRechargeEnabled": True,
        "lowBalanceThreshold": None,
        "billingEmail": "ann@example.com",
        "version": 1,
    }
    changed = (await rich.ask(UPDATE_BILLING, low=50, version=1))["updateBilling"]
    assert (changed["lowBalanceThreshold"], changed["autoRechargeEnabled"]) == (50, True)
    refusal = await refused(house, rich, UPDATE_BILLING, low=60, version=1)
    assert (refusal.reason, refusal.details["current_version"]) == ("version_conflict", 2)
    cleared = (await rich.ask(UPDATE_BILLING, email=None, low=None))["updateBilling"]
    assert (cleared["billingEmail"], cleared["lowBalanceThreshold"]) == (None, None)
    for given, field in (
        ({"low": -1}, "lowBalanceThreshold"),
        ({"auto": None}, "autoRechargeEnabled"),
    ):
        refusal = await refused(house, rich, UPDATE_BILLING, **given)
        assert (refusal.reason, refusal.field) == ("invalid_value", field)
    told = [row for row in (await contents(house))["event"] if "billing.updated" in row]
    assert len(told) == 3


# What is not metered


async def test_unmetered_nothing_is_charged_and_no_table_of_credits_is_looked_at(engine, databases):
    async with running(await databases.new(engine)) as house:
        books = await house.organization()
        pending = (await sale(books))["id"]
        entries = await cash_sale(books)
        with statements(house) as seen:
            await books.ask(CREATE, entries=entries, post=True)
            await books.ask(POST, id=pending)
            shown = await books.ask("{ organization { creditsRemaining } }")
        assert shown["organization"]["creditsRemaining"] is None
        assert [text for text in seen if "credit_" in text or "billing" in text] == []
        assert await left(books) is None
        assert await used(books) == {}


async def test_unmetered_a_posting_takes_as_many_statements_as_ever(engine, databases):
    """They were counted without credits; PostgreSQL takes rows of several tables at once."""
    async with running(await databases.new(engine)) as house:
        books = await house.organization()
        entries = await cash_sale(books)
        await books.ask(CREATE, entries=entries, post=True)
        with statements(house) as seen:
            await books.ask(CREATE, entries=entries, post=True)
        assert len(seen) == (10 if house.is_sqlite else 6), seen


async def test_metered_a_posting_takes_three_statements_more_for_any_number_of_payers(
    engine, databases
):
    counts = []
    for start in (running, metered):
        async with start(await databases.new(engine)) as house:
            books = await house.organization()
            await grant(house, books, 100)
            entries = await cash_sale(books)
            await books.ask(CREATE, entries=entries, post=True)
            with statements(house) as seen:
                await books.ask(CREATE, entries=entries, post=True)
            counts.append(len(seen))
    plain, charged = counts
    assert charged == plain + 3


# The price book


@pytest.fixture
def price_book(tmp_path):
    def write(prices):
        path = tmp_path / "prices.json"
        path.write_text(prices if isinstance(prices, str) else json.dumps(prices))
        return str(path)

    return write


async def test_a_price_book_puts_other_prices_in_place(engine, databases, price_book):
    prices = price_book({"createTransaction": 10, "postTransaction": 5, "createContact": 0})
    async with metered(await databases.new(engine), prices=prices) as house:
        books = await house.organization()
        assert await books.ask(CONTACT)
        await grant(house, books, 100)
        entries = await cash_sale(books)
        assert (await cost(books, CREATE, entries=entries))[0] == 10
        assert (await cost(books, CREATE, entries=entries, post=True))[0] == 15
        assert await used(books) == {"createTransaction": (2, 25)}


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        ({"createTransactoin": 1}, "a price for 'createTransactoin', which is no operation"),
        ({"trialBalance": 1}, "a price for 'trialBalance', which is no operation that writes"),
        ({"createTransaction": -1}, "charges -1 for createTransaction"),
        ("{", "cannot be read"),
        ("[]", "A price book is a JSON object"),
    ],
)
def test_a_service_with_a_price_book_that_cannot_be_used_does_not_start(price_book, prices, told):
    settings = Settings(billing="metered", prices=price_book(prices))
    for start in (require_billing, server.House):
        with pytest.raises(LedgerError) as caught:
            start(settings)
        assert told in caught.value.message
    with pytest.raises(LedgerError) as caught:
        require_billing(Settings(prices="/nowhere/prices.json"))
    assert "The price book /nowhere/prices.json cannot be read" in caught.value.message


def test_what_an_operation_does_besides_is_asked_by_a_flag_and_has_a_price_of_its_own():
    flags = {name: dict(each.also) for name, each in OPERATIONS.items() if each.also}
    assert flags == {
        "createTransaction": {"post": "postTransaction"},
        "createTransactions": {"post": "postTransaction"},
        "importBooks": {"post": "postTransaction"},
        "createInvoice": {"send": "sendInvoice"},
        "createBill": {"receive": "receiveBill"},
        "createCreditNote": {"issue": "issueCreditNote"},
    }
    for name, also in flags.items():
        arguments = schema.core.mutation_type.fields[name].args
        for flag, besides in also.items():
            assert str(arguments[flag].type) == "Boolean!"
            assert OPERATIONS[besides].credits > 0
