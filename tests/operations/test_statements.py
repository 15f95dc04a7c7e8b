"""How many SQL statements an operation takes: as many for three hundred rows as for three."""

from __future__ import annotations

import re

import pytest
from asking import ENTER, statements
from house import running
from published import DASHBOARD, HEALTH
from sqlalchemy import event

NESTED = """
{
  accounts(limit: 10) {
    balance { amount } balanceWithChildren { amount } balances { balance { amount } }
    parent { code balance { amount } }
    children(limit: 10) { code balance(asOf: "2026-01-31") { amount } parent { code } }
  }
}"""
DEEP = """
{
  accounts(limit: 2) {
    transactions(limit: 2) {
      entries { account { balance { amount } } transaction { reversedBy { id } reversalOf { id } } }
    }
  }
}"""
LEDGERS = """
query Ledgers($first: Int, $last: Int) {
  accounts(limit: 20) {
    entriesConnection(from: "2026-01-02", first: $first, last: $last) {
      edges { runningBalance { amount } node { account { code } transaction { description } } }
      openingBalance { amount } closingBalance { amount } totalCount
    }
  }
}"""
CONNECTIONS = """
{
  accountsConnection(first: 300) { nodes { balance { amount } } edges { node { code } } totalCount }
  transactionsConnection(first: 200) { nodes { description } totalCount }
}"""
REPORTS = """
{
  trialBalance(comparePrevious: true) { totalDebits }
  balanceSheet(comparePrevious: true) { totalAssets }
  incomeStatement(comparePrevious: true) { netIncome }
  ledgerHealth { isHealthy }
}"""
NODES = (
    "query N($ids: [ID!]!) { nodes(ids: $ids) { id ... on AccountNode { balance { amount } } } }"
)
OPEN = "mutation Open($accounts: [AccountInput!]!) { createAccounts(accounts: $accounts) { id } }"


async def company(house, accounts, transactions):
    """An organization with so many accounts of its own, and so many transactions between them."""
    client = await house.organization()
    opened = [
        {
            "code": f"0-{number:03}",
            "name": "Own",
            "accountType": "ASSET",
            "parentCode": f"0-{number // 10:03}" if number else None,
        }
        for number in range(accounts)
    ]
    await client.ask(OPEN, accounts=opened)
    ids = await client.accounts()
    given = [
        {
            "description": f"Number {number}",
            "date": f"2026-01-{number % 27 + 2:02}",
            "entries": [
                {"accountId": ids[f"0-{number % accounts:03}"], "entryType": "DEBIT", "amount": 1},
                {"accountId": ids["4000"], "entryType": "CREDIT", "amount": 1},
            ],
        }
        for number in range(transactions)
    ]
    await client.ask(ENTER, transactions=given)
    return client


async def counted(house, client, document, **variables):
    """The statements that a document takes, which are the same when it is asked again."""
    await client.ask(document, **variables)
    with statements(house) as seen:
        await client.ask(document, **variables)
    return seen


@pytest.fixture
async def sizes(house):
    """A small company and a large one in one house."""
    return await company(house, 3, 1), await company(house, 300, 200)


async def test_the_number_of_statements_of_a_query_does_not_depend_on_rows(house, sizes):
    small, large = sizes
    for name, document, variables in (
        ("dashboard", DASHBOARD, {}),
        ("health", HEALTH, {}),
        ("nested", NESTED, {}),
        ("deep", DEEP, {}),
        ("ledgers", LEDGERS, {"first": 4}),
        ("ledgers from the end", LEDGERS, {"last": 4}),
        ("connections", CONNECTIONS, {}),
        ("reports", REPORTS, {}),
    ):
        few = await counted(house, small, document, **variables)
        many = await counted(house, large, document, **variables)
        assert len(few) == len(many), (name, few, many)


async def test_the_published_queries_take_few_statements(house, sizes):
    _, large = sizes
    # Settings and chart stand since the first time, and so does the key where nobody else can
    # write. Else the key; the version row; transactions, and what they are linked to; balances and
    # what lies ahead of today, for accounts and trial balance alike; invoices; bills.
    assert len(await counted(house, large, DASHBOARD)) == 7 - house.is_sqlite
    # The key, the version row; balances and what lies ahead, and the year to date by months and
    # days; the year to date again; accounts by a filter. What is posted to them is known by then.
    assert len(await counted(house, large, HEALTH)) <= 8


async def test_the_totals_of_few_accounts_are_not_those_of_all(house, sizes):
    small, large = sizes
    reports = "trialBalance { totalDebits }"
    few = "accounts(limit: 30) { balance { amount } }"
    for client, together in ((small, 1), (large, 2)):
        await counted(house, client, f"{{ {reports} }}")  # from now on its chart stands
        seen = await counted(house, client, f"{{ organization {{ {few} {reports} }} }}")
        assert len(_sums_of_balances(seen)) == together, seen
        # The same the other way round: what is known of all is known of some.
        seen = await counted(house, client, f"{{ organization {{ {reports} {few} }} }}")
        assert len(_sums_of_balances(seen)) == 1, seen


def _sums_of_balances(seen):
    return [each for each in seen if re.search(r"FROM balance\b", each)]


async def test_nodes_are_found_by_a_statement_for_each_noun(house, sizes):
    small, large = sizes
    one = list((await small.accounts()).values())[:1]
    hundred = list((await large.accounts()).values())[:100]
    few = await counted(house, small, NODES, ids=one)
    many = await counted(house, large, NODES, ids=hundred)
    assert len(few) == len(many)
    # The same thing asked a hundred times is looked at once.
    document = """
    query N($ids: [ID!]!) {
      nodes(ids: $ids) { ... on OrganizationNode { ledgerHealth { isHealthy } } }
    }"""
    own = large.organization_id
    once = await counted(house, large, document, ids=[own])
    assert len(await counted(house, large, document, ids=[own] * 100)) == len(once)


async def test_the_number_of_statements_of_a_mutation_does_not_depend_on_items(house, books):
    ids = await books.accounts()

    def given(transactions, entries):
        sides = [("DEBIT", ids["1000"], entries - 1)] + [("CREDIT", ids["4000"], 1)] * (entries - 1)
        lines = [{"accountId": i, "entryType": s, "amount": a} for s, i, a in sides]
        return [{"description": "S", "date": "2026-01-05", "entries": lines}] * transactions

    found = []
    for transactions, entries in ((1, 2), (1, 300), (200, 2)):
        await books.ask(ENTER, transactions=given(transactions, entries))
        with statements(house) as seen:
            await books.ask(ENTER, transactions=given(transactions, entries))
        found.append(len(seen))
    assert len(set(found)) == 1, found
    opened = []
    for number in (1, 300):
        accounts = [
            {"code": f"{number}-{each}", "name": "Own", "accountType": "ASSET"}
            for each in range(number)
        ]
        with statements(house) as seen:
            await books.ask(OPEN, accounts=accounts)
        opened.append(len(seen))
    assert len(set(opened)) == 1, opened


async def test_what_is_read_by_id_is_found_by_an_index_and_not_by_looking_through_everything(
    databases,
):
    async with running(await databases.new("sqlite")) as house:
        client = await company(house, 3, 5)
        (sale, *_) = (await client.ask("{ transactions { id entries { id } } }"))["transactions"]
        cash = (await client.accounts())["0-000"]
        seen = []

        def note(_connection, _cursor, statement, parameters, *_):
            seen.append((statement, parameters))

        event.listen(house.database.reader, "before_cursor_execute", note)
        one = f"""
        {{
          transaction(id: "{sale["id"]}") {{ entries {{ account {{ code }} }} }}
          entry: node(id: "{sale["entries"][0]["id"]}") {{ id }}
          account(id: "{cash}") {{
            transactions(limit: 2) {{ id }}
            entriesConnection(last: 2) {{ edges {{ runningBalance {{ amount }} }} }}
          }}
          transactions(limit: 2, where: {{accountId: {{eq: "{cash}"}}}}) {{ id }}
        }}"""
        for document in (DEEP, one):
            await client.ask(document)
        plans = [
            step
            for statement, parameters in list(seen)
            if statement.startswith("SELECT")
            for step in await house.database.read(_plan, statement, parameters)
        ]
    read = [step for step in plans if re.search(r"\b(entry|transaction|reversal|account)\b", step)]
    assert len(read) > 15
    # A list is read in the order of its index, as far as its page goes.
    pages = (
        "SEARCH transaction USING INDEX transaction_organization_id_date_id_index",
        "SEARCH account USING INDEX sqlite_autoindex_account_2",  # that of the codes
    )
    for step in read:
        found_by_more_than_its_organization = " AND " in step
        assert found_by_more_than_its_organization or step.startswith(pages), step


def _plan(connection, statement, parameters):
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [row[3] for row in plan]
