"""Imports: a file of another system is entered whole or not at all, and once."""

from __future__ import annotations

import asyncio
import json

import pytest
from asking import refused
from entering import HEALTH, contents, unhealthy
from entering import events as history

IMPORT = """
mutation Import(
  $source: ImportSource! = CSV, $data: String!, $accounts: [ImportAccountInput!],
  $post: Boolean! = true, $name: String, $dateOrder: DateOrder! = MDY, $idempotencyKey: String,
  $dryRun: Boolean! = false
) {
  importBooks(
    source: $source, data: $data, accounts: $accounts, post: $post, name: $name,
    dateOrder: $dateOrder, idempotencyKey: $idempotencyKey, dryRun: $dryRun
  ) { source accountsCreated transactionsCreated linesIgnored accountIds transactionIds }
}"""
ENTERED = """{
  transactions(limit: 50) {
    id externalId status date description reference metadata
    entries { account { code } entryType amount description }
  }
}"""
TRIAL = """{ trialBalance { isBalanced accounts { accountCode netBalance } } }"""
HEAD = "number,date,description,account,debit,credit\n"
SALES = f"""{HEAD}\
1,2026-01-15,Cash sale,1000,100.00,
1,,,4000,,100.00
2,2026-01-16,A van,1630,95.50,
2,,,1000,,95.50
"""
VANS = {"name": "Vehicles:Vans", "code": "1630", "accountType": "ASSET", "subtype": "FIXED_ASSET"}
JOURNAL = """\
"Trans #","Type","Date","Num","Name","Memo","Account","Debit","Credit"
"17","Deposit","01/02/2026","","","Opening","Checking","1,000.00",""
"","","","","","","Opening Balance Equity","","1,000.00"
"","","","","","","","1,000.00","1,000.00"
"18","Check","01/31/2026","7","Mill","Paper","Office:Paper","80.00",""
"","","","","","","Checking","","80.00"
"TOTAL","","","","","","","1,080.00","1,080.00"
"""
MAPPED = [
    {"name": "Checking", "code": "1010"},
    {"name": "Opening Balance Equity", "code": "3000"},
    {"name": "Office:Paper", "code": "5290", "accountType": "EXPENSE"},
]


async def imported(client, **given):
    return (await client.ask(IMPORT, **given))["importBooks"]


async def balances(client):
    found = (await client.ask(TRIAL))["trialBalance"]
    assert found["isBalanced"]
    return {row["accountCode"]: row["netBalance"] for row in found["accounts"]}


async def test_a_file_is_entered_with_the_accounts_that_it_needs(house, books):
    made = await imported(books, data=SALES, accounts=[VANS])
    assert (made["source"], made["linesIgnored"]) == ("CSV", 0)
    assert (made["accountsCreated"], made["transactionsCreated"]) == (1, 2)
    entered = {each["externalId"]: each for each in (await books.ask(ENTERED))["transactions"]}
    assert [entered[key]["id"] for key in ("csv:1", "csv:2")] == made["transactionIds"]
    assert entered["csv:2"]["status"] == "POSTED"
    assert entered["csv:2"]["entries"][0] == {
        "account": {"code": "1630"},
        "entryType": "DEBIT",
        "amount": "95.50",
        "description": None,
    }
    account = await books.ask(
        "query A($id: ID!) { account(id: $id) { name code subtype } }", id=made["accountIds"][0]
    )
    assert account["account"] == {"name": "Vans", "code": "1630", "subtype": "FIXED_ASSET"}
    found = await balances(books)
    assert {code: found[code] for code in ("1000", "1630", "4000")} == {
        "1000": "4.50",
        "1630": "95.50",
        "4000": "100.00",
    }
    types = [event["type"] for event in await history(books, house)]
    assert types[-3:] == ["account.created", "transaction.posted", "transaction.posted"]
    assert await unhealthy(books) == []


async def test_the_journal_of_quickbooks_is_entered_by_a_mapping_of_its_accounts(books):
    made = await imported(books, source="QUICKBOOKS", data=JOURNAL, accounts=MAPPED)
    assert (made["accountsCreated"], made["transactionsCreated"], made["linesIgnored"]) == (1, 2, 2)
    paper = (await books.ask(ENTERED))["transactions"]
    (found,) = (each for each in paper if each["externalId"] == "quickbooks:18")
    assert (found["date"], found["description"], found["reference"]) == (
        "2026-01-31T00:00:00Z",
        "Paper",
        "7",
    )
    assert found["metadata"] == {"quickbooks_kind": "Check", "quickbooks_name": "Mill"}
    assert found["entries"][0]["description"] == "Mill: Paper"
    amounts = await balances(books)
    assert (amounts["1010"], amounts["5290"]) == ("920.00", "80.00")
    assert await unhealthy(books) == []


async def test_a_ledger_is_entered_as_crane_load_would_and_may_stay_pending(books):
    entries = [
        {"account_code": "1630", "entry_type": "debit", "amount": "10.01"},
        {"account_code": "1000", "entry_type": "credit", "amount": "10.01"},
    ]
    sale = {"date": "2026-01-15", "description": "Van", "entries": entries}
    account = {"code": "1630", "name": "Vans", "type": "asset"}
    ledger = {"base_currency": "USD", "accounts": [account], "transactions": [sale]}
    data = json.dumps(ledger)
    made = await imported(books, source="LEDGER", data=data, name="old books", post=False)
    assert (made["accountsCreated"], made["transactionsCreated"]) == (1, 1)
    (entered,) = (await books.ask(ENTERED))["transactions"]
    assert (entered["externalId"], entered["status"]) == ("old books:1", "PENDING")
    lines = f"{json.dumps(sale)}\n{json.dumps(sale)}\n"
    assert (await imported(books, source="LEDGER", data=lines))["transactionsCreated"] == 2


async def test_the_same_file_twice_is_a_conflict_that_names_what_is_there(house, books):
    first = await imported(books, data=SALES, accounts=[VANS])
    refusal = await refused(house, books, IMPORT, data=SALES, accounts=[VANS])
    assert (refusal.code, refusal.reason, refusal.field) == ("CONFLICT", "duplicate", "data")
    assert [line["line"] for line in refusal.details["lines"]] == [2, 4]
    existing = [line["details"]["existing_id"] for line in refusal.details["lines"]]
    assert existing == first["transactionIds"]
    again = await imported(books, data=SALES, accounts=[VANS], name="other till")
    assert (again["accountsCreated"], again["transactionsCreated"]) == (0, 2)


async def test_the_same_key_is_imported_once_and_a_trial_leaves_nothing(house, books):
    before = await contents(house)
    tried = await imported(books, data=SALES, accounts=[VANS], dryRun=True)
    assert (tried["accountsCreated"], tried["transactionsCreated"]) == (1, 2)
    assert await contents(house) == before
    given = {"data": SALES, "accounts": [VANS], "idempotencyKey": "once"}
    first = await imported(books, **given)
    assert await imported(books, **given) == first
    refusal = await refused(house, books, IMPORT, **{**given, "post": False})
    assert refusal.reason == "idempotency_mismatch"


BAD = f"""{HEAD}\
1,2026-01-15,A,1000,100.00,
1,,,4000,,90.00
2,2026-01-15,B,1000,1.005,
2,,,4000,,1.005
3,2026-01-15,C,1000,-5.00,
3,,,4000,,5.00
4,1850-01-15,D,1000,5.00,
4,,,4000,,5.00
5,2026-01-15,,1000,5.00,
5,,,4000,,5.00
6,2026-01-15,F,1000,5.00,
7,2026-01-15,G,1000,5.00,
7,,,4000,,5.00
"""


async def test_everything_that_the_books_refuse_is_told_by_its_line(house, books):
    refusal = await refused(house, books, IMPORT, data=BAD)
    assert (refusal.reason, refusal.details["faults"]) == ("invalid_value", 6)
    assert [(told["line"], told["reason"]) for told in refusal.details["lines"]] == [
        (2, "unbalanced"),
        (4, "invalid_amount"),
        (6, "invalid_amount"),
        (8, "invalid_date"),
        (10, "invalid_text"),
        (12, "too_few_entries"),
    ]
    one = HEAD + "1,2026-01-15,A,1000,100.00,\n1,,,4000,,90.00\n"
    refusal = await refused(house, books, IMPORT, data=one)
    assert (refusal.reason, refusal.message.split(": ")[0]) == ("unbalanced", "Line 2")


LONG = "9" * 250
ROW = "1,2026-01-15,A,1000,1.00,\n1,,,4000,,1.00\n"
REFUSED = [
    ({"data": HEAD + ROW.replace("4000", "Sales")}, "unknown_reference", "accounts"),
    ({"data": HEAD + ROW.replace("A,", '"A\0",')}, "invalid_text", "data"),
    ({"data": HEAD + ROW, "name": "x" * 101}, "invalid_text", "name"),
    ({"data": HEAD + ROW, "name": " "}, "invalid_text", "name"),
    ({"data": HEAD + ROW.replace("1,2", f"{LONG},2").replace("1,,", ",,")}, "invalid_text", "data"),
    ({"data": "," * 900_000}, "invalid_value", "data"),
    ({"data": '"' * 99_999}, "invalid_value", "data"),
    ({"data": HEAD + ROW, "accounts": [{**VANS, "code": ""}]}, "invalid_text", "accounts[0].code"),
    ({"data": HEAD + ROW, "accounts": [VANS] * 1_001}, "too_many_items", "accounts"),
    (
        {"data": HEAD + ROW, "accounts": [{**VANS, "parentCode": "9"}]},
        "unknown_reference",
        "accounts[0].parentCode",
    ),
    (
        {"data": HEAD + ROW, "accounts": [{**VANS, "code": "1000", "accountType": "EXPENSE"}]},
        "invalid_value",
        "accounts[0]",
    ),
    ({"source": "LEDGER", "data": "{"}, "invalid_request", None),
    ({"source": "LEDGER", "data": '{"transactions": [1]}'}, "invalid_value", "data"),
    ({"source": "LEDGER", "data": "[" * 9_999}, "invalid_request", None),
    ({"source": "LEDGER", "data": '{"a": "\\ud800"}'}, "invalid_request", None),
    ({"source": "QUICKBOOKS", "data": HEAD + ROW}, "invalid_value", "data"),
    ({"source": "QUICKBOOKS", "data": JOURNAL}, "unknown_reference", "accounts"),
]


async def test_what_cannot_be_imported_is_refused_and_nothing_is_written(house, books):
    for given, reason, field in REFUSED:
        refusal = await refused(house, books, IMPORT, **given)
        assert (refusal.reason, refusal.field) == (reason, field), (str(given)[:80], refusal)
    refusal = await refused(house, books, IMPORT, source="QUICKBOOKS", data=JOURNAL)
    assert [each["name"] for each in refusal.details["accounts"]] == [
        "Checking",
        "Opening Balance Equity",
        "Office:Paper",
    ]
    entry = {"account_code": "1000", "entry_type": "debit", "amount": "1.00"}
    sale = {"date": "2026-01-15", "description": "A", "entries": [entry]}
    foreign = json.dumps({"base_currency": "EUR", "transactions": [sale]})
    refusal = await refused(house, books, IMPORT, source="LEDGER", data=foreign)
    assert refusal.message == "The ledger is kept in EUR, and these books in USD."


async def test_what_a_spreadsheet_would_run_is_kept_as_text(books):
    row = ROW.replace("A,", "\"=cmd|' /C calc'!A0\",")
    await imported(books, data="\ufeff" + (HEAD + row).replace("\n", "\r\n"))
    (entered,) = (await books.ask(ENTERED))["transactions"]
    assert entered["description"] == "=cmd|' /C calc'!A0"


async def test_imports_and_posts_at_the_same_time_leave_books_that_balance(house, books):
    chart = await books.accounts()
    post = f"""mutation {{ createTransaction(description: "S", date: "2026-01-05", post: true,
      entries: [
        {{accountId: "{chart["1000"]}", entryType: DEBIT, amount: 1}},
        {{accountId: "{chart["4000"]}", entryType: CREDIT, amount: 1}}
      ]) {{ id }} }}"""
    files = [
        imported(books, data=SALES, accounts=[VANS], name=f"till {number}") for number in range(8)
    ]
    made, *_ = await asyncio.gather(asyncio.gather(*files), *(books.ask(post) for _ in range(40)))
    assert sum(each["accountsCreated"] for each in made) == 1
    assert (await balances(books))["4000"] == "840.00"
    assert (await books.ask(HEALTH))["ledgerHealth"]["isHealthy"]


@pytest.mark.parametrize("count", [1_000])
async def test_a_thousand_transactions_are_one_commit(house, books, count):
    rows = (ROW.replace("1,2", f"{n},2").replace("1,,", f"{n},,") for n in range(count))
    made = await imported(books, data=HEAD + "".join(rows))
    assert made["transactionsCreated"] == count
    moments = {event["created_at"] for event in (await history(books, house))[-count:]}
    assert len(moments) == 1
    assert (await balances(books))["1000"] == "1000.00"
