"""What a key may do: by its scope, while it holds, and in which of two books."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asking import ENTER, enter, key_of, refused
from entering import contents
from filling import filled
from house import Client
from walking import Good, fields_asked

from ledger.keys import Scope
from store import organizations

SALE = "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n"
WRITES = """
    createAccount createAccounts updateAccount deleteAccount
    createTransaction createTransactions updateTransaction deleteTransaction
    postTransaction reverseTransaction importBooks
    createContact updateContact eraseContact deleteContact
    createInvoice updateInvoice deleteInvoice sendInvoice deliverInvoice cancelInvoice
    createOpeningInvoice
    createBill updateBill deleteBill receiveBill cancelBill createOpeningBill
    createCreditNote updateCreditNote deleteCreditNote issueCreditNote cancelCreditNote
    recordInvoicePayment recordBillPayment createPayment voidPayment
    applyCredit unapplyCredit refundCredit
    createCategory updateCategory deleteCategory
    createItem updateItem deleteItem
    createTaxRate updateTaxRate deleteTaxRate
    deleteAttachment purchaseCredits
    cancelJob prioritizeJob
"""
ADMINISTERS = """
    updateOrganization updateDocumentSettings updateBilling
    createApiKey changeApiKey rotateApiKey revokeApiKey exportEvents
"""


async def test_a_key_does_what_its_scope_allows_and_nothing_is_written_beyond(house, books):
    mutations = {asked.name: asked for asked in fields_asked() if asked.parent == "Mutation"}
    writes, administers = WRITES.split(), ADMINISTERS.split()
    assert sorted(mutations) == sorted([*writes, *administers])
    made = await filled(house, books)
    good, pending, cash = Good(made), made["plan"], made["account"]
    reader = await key_of(books, house, Scope.READ)
    writer = await key_of(books, house, Scope.WRITE)
    before = await contents(house)
    for client, scope, names, needed in (
        (reader, "read", writes, "write"),
        (reader, "read", administers, "admin"),
        (writer, "write", administers, "admin"),
    ):
        for name in names:
            for dry in (True, False):
                given = good.variables(mutations[name], dry=dry)
                refusal = await client.refusal(mutations[name].document, **given)
                assert (refusal.code, refusal.reason) == ("FORBIDDEN", "forbidden"), name
                assert refusal.details == {"scope": scope, "needed": needed}
    for client, names in ((writer, writes), (books, [*writes, *administers])):
        for name in names:
            assert await client.ask(mutations[name].document, **good.variables(mutations[name]))
    for asked in fields_asked():
        if asked.parent != "Mutation" and asked.name != "apiKey":
            assert await reader.ask(asked.document, **good.variables(asked))
    refusal = await reader.refusal("{ apiKeys { id } }")
    assert refusal.reason == "forbidden"
    refusal = await writer.refusal(
        "query K($id: ID!) { apiKey(id: $id) { id } }", id=made["api_key"]
    )
    assert refusal.reason == "forbidden"
    # What a query and a mutation ask together in one request is refused with the mutation.
    batch = [
        {"query": "{ organization { id } }"},
        {"query": f'mutation {{ deleteAccount(id: "{cash}") }}'},
    ]
    answers = await reader.http.post(
        "/graphql", json=batch, headers={"Authorization": f"Bearer {reader.key}"}
    )
    read, written = answers.json()
    assert read["data"]["organization"]["id"] == books.organization_id
    assert written["errors"][0]["extensions"]["reason"] == "forbidden"
    assert await contents(house) == before
    assert await writer.ask(f'mutation {{ deleteTransaction(id: "{pending}") }}')


async def test_a_key_that_does_not_hold_opens_nothing(house, books):
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    spoilt = [
        await key_of(books, house, Scope.ADMIN, expires_at=now - hour),
        await key_of(books, house, Scope.ADMIN, expires_at=now),
        await key_of(books, house, Scope.ADMIN, revoked_at=now - hour, expires_at=now + hour),
        Client(house.http, books.key[:-1] + ("0" if books.key[-1] != "0" else "1"), ""),
        Client(house.http, books.key.replace("live", "test"), ""),
        Client(house.http, "cl_live_" + "0" * 36, ""),
        Client(house.http, "", ""),
    ]
    for client in spoilt:
        response = await client.post("{ organization { id } __schema { queryType { name } } }")
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        (error,) = response.json()["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
        assert "data" not in response.json()
    good = await key_of(books, house, Scope.READ, expires_at=now + hour)
    assert (await good.ask("{ organization { id } }"))["organization"][
        "id"
    ] == books.organization_id


@pytest.fixture
async def sandbox(house, books):
    """The sandbox twin of `books`, asked with a test key."""
    found = await house.database.read(organizations.existing, [books.organization_id])
    twin = found[books.organization_id].twin_id
    return await key_of(books, house, Scope.ADMIN, live=False, organization_id=twin)


async def test_the_sandbox_is_an_organization_of_its_own(house, books, sandbox):
    (sale,) = await enter(books, SALE)
    cash = (await books.accounts())["1000"]
    shown = (await sandbox.ask("{ organization { id name isLive } }"))["organization"]
    assert shown == {"id": sandbox.organization_id, "name": "Acme (test)", "isLive": False}
    # Its chart is alike, and none of its accounts is the same.
    mine, live = await sandbox.accounts(), await books.accounts()
    assert mine.keys() == live.keys()
    assert not set(mine.values()) & set(live.values())
    assert await sandbox.ask("{ transactions { id } }") == {"transactions": []}
    for document in (f'{{ account(id: "{cash}") {{ id }} }}', f'{{ node(id: "{sale}") {{ id }} }}'):
        refusal = await refused(house, sandbox, document)
        assert refusal.reason == "not_found"
    # The live id, given with a test key, is read as the twin's; not the other way round.
    document = """
    query Same($id: ID!) {
      organization(id: $id) { id isLive } organizationById(id: $id) { id } node(id: $id) { id }
    }"""
    twin = {"id": sandbox.organization_id}
    for known in (books.organization_id, sandbox.organization_id):
        assert await sandbox.ask(document, id=known) == {
            "organization": {**twin, "isLive": False},
            "organizationById": twin,
            "node": twin,
        }
    for name in ("organization", "organizationById", "node"):
        document = f'{{ {name}(id: "{sandbox.organization_id}") {{ id }} }}'
        refusal = await refused(house, books, document)
        assert (refusal.reason, refusal.field) == ("not_found", "id")
    # What is written here stays here.
    await enter(sandbox, SALE)
    count = "{ transactionsConnection { totalCount } }"
    assert await books.ask(count) == await sandbox.ask(count)
    wrong = [
        {
            "description": "S",
            "date": "2026-01-05",
            "entries": [
                {"accountId": mine["1000"], "entryType": "DEBIT", "amount": 1},
                {"accountId": live["4000"], "entryType": "CREDIT", "amount": 1},
            ],
        }
    ]
    for client in (books, sandbox):
        refusal = await refused(house, client, ENTER, transactions=wrong)
        assert refusal.reason == "unknown_reference"
