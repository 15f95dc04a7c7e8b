"""One organization's key and another's books: a foreign id is as good as none at all."""

from __future__ import annotations

import json

from asking import enter
from entering import contents
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type

from schema import core

SALE = "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n"
ENTRIES = """entries: [
  {accountId: "%s", entryType: DEBIT, amount: 1}, {accountId: $x, entryType: CREDIT, amount: 1}
]"""
# Where an id may be given, and a document that gives it there; %s is an account of the caller's.
ORGANIZATIONS = {
    "Query.organization.id": "{ organization(id: $x) { id name } }",
    "Query.organizationById.id": "{ organizationById(id: $x) { id name } }",
}
ACCOUNTS = {
    "Query.account.id": "{ account(id: $x) { id } }",
    "Query.node.id": "{ node(id: $x) { id } }",
    "Query.nodes.ids": "{ nodes(ids: [$x]) { id } }",
    "Mutation.createAccount.parentAccountId": """{
      createAccount(code: "1-1", name: "A", accountType: ASSET, parentAccountId: $x) { id }
    }""",
    "Mutation.createAccounts.accounts.parentAccountId": """{
      createAccounts(
        accounts: [{code: "1-1", name: "A", accountType: ASSET, parentAccountId: $x}]
      ) { id }
    }""",
    "Mutation.updateAccount.id": '{ updateAccount(id: $x, name: "Mine") { id } }',
    "Mutation.updateAccount.parentAccountId": """{
      updateAccount(id: "%s", parentAccountId: $x) { id }
    }""",
    "Mutation.deleteAccount.id": "{ deleteAccount(id: $x) }",
    "Mutation.createTransaction.entries.accountId": """{
      createTransaction(description: "S", date: "2026-01-05", post: true, ENTRIES) { id }
    }""".replace("ENTRIES", ENTRIES),
    "Mutation.createTransactions.transactions.entries.accountId": """{
      createTransactions(
        transactions: [{description: "S", date: "2026-01-05", ENTRIES}], post: true
      ) { created }
    }""".replace("ENTRIES", ENTRIES),
    "Mutation.updateTransaction.entries.accountId": """{
      updateTransaction(id: "PENDING", ENTRIES) { id }
    }""".replace("ENTRIES", ENTRIES),
}
TRANSACTIONS = {
    "Query.transaction.id": "{ transaction(id: $x) { id } }",
    "Query.node.id": "{ node(id: $x) { id } }",
    "Query.nodes.ids": "{ nodes(ids: [$x]) { id } }",
    "Mutation.updateTransaction.id": '{ updateTransaction(id: $x, description: "Mine") { id } }',
    "Mutation.deleteTransaction.id": "{ deleteTransaction(id: $x) }",
    "Mutation.postTransaction.id": "{ postTransaction(id: $x) { id } }",
    "Mutation.reverseTransaction.id": "{ reverseTransaction(id: $x) { id } }",
}
KEYS = {
    "Mutation.rotateApiKey.id": "{ rotateApiKey(id: $x) { secret } }",
    "Mutation.revokeApiKey.id": "{ revokeApiKey(id: $x) { id } }",
}
FILTERS = {
    f"{parent}.{name}.where.{field}": document
    for parent, document in (("Query", "{ %s }"), ("OrganizationNode", "{ organization { %s } }"))
    for name, fields in (
        ("accounts", ("id", "parentAccountId")),
        ("accountsConnection", ("id", "parentAccountId")),
        ("transactions", ("id", "accountId")),
        ("transactionsConnection", ("id", "accountId")),
    )
    for field in fields
}
NEVER = "0000000000000000zzzz"


def positions():
    """Every argument of the schema that takes an id, also inside input objects."""

    def within(kind, path, above):
        kind = get_named_type(kind)
        if kind.name in {"ID", "IDFilter"}:
            yield path
        elif isinstance(kind, GraphQLInputObjectType) and kind not in above:
            for name, field in kind.fields.items():
                yield from within(field.type, f"{path}.{name}", (*above, kind))

    for parent in core.type_map.values():
        if isinstance(parent, GraphQLObjectType) and not parent.name.startswith("__"):
            for field_name, field in parent.fields.items():
                for name, argument in field.args.items():
                    yield from within(argument.type, f"{parent.name}.{field_name}.{name}", ())


def test_every_place_that_takes_an_id_is_on_a_table_here():
    tables = (ORGANIZATIONS, ACCOUNTS, TRANSACTIONS, KEYS, FILTERS)
    assert set(positions()) == {place for table in tables for place in table}


async def answer(client, place, document, given):
    """What an id is answered in some place, but for the id itself."""
    kind = "mutation" if place.startswith("Mutation") else "query"
    response = await client.post(f"{kind} Ask($x: ID!) {document}", {"x": given})
    assert response.status_code < 500
    body = response.json()
    for error in body.get("errors", ()):
        assert error["extensions"].pop("requestId")
        assert error["extensions"]["code"] != "INTERNAL_ERROR"
    return json.loads(json.dumps(body).replace(given, "IT"))


async def test_a_foreign_id_and_one_never_issued_get_the_same_answer(house, books):
    other = await house.organization()
    (foreign_sale,) = await enter(other, SALE)
    (foreign_plan,) = await enter(other, SALE, post=False)
    (pending,) = await enter(books, SALE, post=False)
    cash, foreign_cash = (await books.accounts())["1000"], (await other.accounts())["1000"]
    foreign_key = (await other.ask("{ apiKeys { id } }"))["apiKeys"][0]["id"]
    before = await contents(house)
    for prefix, table, foreign in (
        ("org_", ORGANIZATIONS, other.organization_id),
        ("act_", ACCOUNTS, foreign_cash),
        ("txn_", TRANSACTIONS, foreign_sale),
        ("txn_", TRANSACTIONS, foreign_plan),
        ("key_", KEYS, foreign_key),
    ):
        for place, document in table.items():
            asked = document.replace("%s", cash).replace("PENDING", pending)
            found = await answer(books, place, asked, foreign)
            assert found == await answer(books, place, asked, prefix + NEVER), place
            if place == "Query.nodes.ids":
                assert found == {"data": {"nodes": [None]}}
                continue
            (error,) = found["errors"]
            assert error["extensions"]["code"] == "NOT_FOUND", place
            assert error["extensions"]["reason"] in {"not_found", "unknown_reference"}, place
            assert "IT" in error["message"], place
    assert await contents(house) == before


async def test_a_filter_by_a_foreign_id_finds_nothing_of_anyone(house, books):
    other = await house.organization()
    (foreign_sale,) = await enter(other, SALE)
    await enter(books, SALE)
    foreign_cash = (await other.accounts())["1000"]
    total = {"accounts": 40, "transactions": 1}
    for place, document in FILTERS.items():
        _, name, _, field = place.split(".")
        noun = name.removesuffix("Connection")
        foreign = foreign_sale if (noun, field) == ("transactions", "id") else foreign_cash
        selection = "{ id }" if name == noun else "{ nodes { id } }"
        for operator, finds in (("eq: $x", 0), ("in: [$x]", 0), ("ne: $x", 1), ("notIn: [$x]", 1)):
            listed = f"{name}(where: {{{field}: {{{operator}}}}}) {selection}"
            asked = document % listed
            found = await answer(books, place, asked, foreign)
            assert found == await answer(books, place, asked, foreign[:4] + NEVER), place
            data = found["data"].get("organization", found["data"])[name]
            items = data if name == noun else data["nodes"]
            assert len(items) == finds * total[noun], (place, operator)
