"""Accounts through the public door: opened, changed, arranged, deleted; and what they hold."""

from __future__ import annotations

import pytest
from asking import Case, all_refused, enter, refused
from entering import contents, events

from ledger.templates import Template

FIELDS = """
  id code name accountType subtype status description currency { code } parentAccountId isSystem
  externalId metadata version createdAt updatedAt
"""
CREATE = f"""
mutation Open(
  $code: String! = "1015", $name: String! = "Petty cash", $type: AccountType! = ASSET,
  $description: String, $subtype: AccountSubtype, $currency: String, $parent: ID,
  $externalId: String, $metadata: Json, $key: String, $dry: Boolean! = false
) {{
  createAccount(
    code: $code, name: $name, accountType: $type, description: $description, subtype: $subtype,
    currency: $currency, parentAccountId: $parent, externalId: $externalId, metadata: $metadata,
    idempotencyKey: $key, dryRun: $dry
  ) {{ {FIELDS} parent {{ code }} }}
}}"""
UPDATE = f"""
mutation Change(
  $id: ID!, $code: String, $name: String, $type: AccountType, $description: String,
  $subtype: AccountSubtype, $currency: String, $parent: ID, $status: AccountStatus,
  $externalId: String, $metadata: Json, $version: Int, $dry: Boolean! = false
) {{
  updateAccount(
    id: $id, code: $code, name: $name, accountType: $type, description: $description,
    subtype: $subtype, currency: $currency, parentAccountId: $parent, status: $status,
    externalId: $externalId, metadata: $metadata, version: $version, dryRun: $dry
  ) {{ {FIELDS} }}
}}"""
DELETE = "mutation Delete($id: ID!, $version: Int) { deleteAccount(id: $id, version: $version) }"
MANY = """
mutation Many($accounts: [AccountInput!]!, $dry: Boolean! = false) {
  createAccounts(accounts: $accounts, dryRun: $dry) { code parent { code } children { code } }
}"""
READ = f"query Read($id: ID!) {{ account(id: $id) {{ {FIELDS} }} }}"
NEVER = "act_0000000000000000zzzz"


async def opened(client, **given):
    return (await client.ask(CREATE, **given))["createAccount"]


async def changed(client, **given):
    return (await client.ask(UPDATE, **given))["updateAccount"]


async def read(client, account_id):
    return (await client.ask(READ, id=account_id))["account"]


def new(code, **more):
    return {"code": code, "name": f"Account {code}", "accountType": "ASSET", **more}


# Opening


async def test_an_account_is_opened_with_what_is_said_and_sensible_rest(house, books):
    plain = await opened(books)
    assert plain == {**await read(books, plain["id"]), "parent": None}
    assert plain["createdAt"] == plain["updatedAt"]
    assert plain["id"].startswith("act_")
    assert {key: plain[key] for key in plain if key not in {"id", "createdAt", "updatedAt"}} == {
        "code": "1015",
        "name": "Petty cash",
        "accountType": "ASSET",
        "subtype": None,
        "status": "ACTIVE",
        "description": None,
        "currency": {"code": "USD"},
        "parentAccountId": None,
        "isSystem": False,
        "externalId": None,
        "metadata": {},
        "version": 1,
        "parent": None,
    }
    rich = await opened(
        books,
        code="Ä-1.2/x",
        name="Cafe\u0301",
        description="For\tstamps\nand tea",
        subtype="CASH",
        currency="cur_eur",
        parent=plain["id"].replace("act_", "ACT_"),
        externalId="till-7",
        metadata={"till": 7, "open": [True, None, "1.10"]},
    )
    assert (rich["code"], rich["name"], rich["subtype"]) == ("Ä-1.2/x", "Café", "CASH")
    assert (rich["currency"], rich["parent"]) == ({"code": "EUR"}, {"code": "1015"})
    assert rich["metadata"] == {"till": 7, "open": [True, None, "1.10"]}
    assert (rich["description"], rich["externalId"]) == ("For\tstamps\nand tea", "till-7")
    *_, last = await events(books, house)
    assert (last["type"], last["entity_id"]) == ("account.created", rich["id"])
    assert (last["before"], last["after"]["code"]) == (None, "Ä-1.2/x")


async def test_what_cannot_be_an_account_is_refused_and_nothing_is_written(house, books):
    accounts = await books.accounts()
    equity = accounts["3000"]
    await opened(books, code="1016", externalId="taken")

    def case(reason, field, **given):
        return Case(CREATE, reason, field, given)

    await all_refused(
        house,
        books,
        [
            case("duplicate", "code", code="1000"),
            case("duplicate", "externalId", externalId="taken"),
            case("invalid_text", "code", code=""),
            case("invalid_text", "code", code="   "),
            case("invalid_text", "code", code="1" * 33),
            case("invalid_text", "code", code="1\0"),
            case("invalid_value", "code", code=" 1015"),
            case("invalid_value", "code", code="10\n15"),
            case("invalid_text", "name", name=""),
            case("invalid_text", "name", name="\u2003\t"),
            case("invalid_text", "name", name="x" * 201),
            case("invalid_text", "name", name="bell\a"),
            case("invalid_text", "name", name="c1\x85"),
            case("invalid_text", "name", name="\ufffe"),
            case("invalid_text", "name", name="a" + "\u0301" * 31),
            case("invalid_text", "description", description="x" * 1_001),
            case("invalid_text", "description", description="\x1b[31m"),
            case("invalid_text", "externalId", externalId="x" * 201),
            case("invalid_value", "currency", currency="XXX"),
            case("invalid_value", "currency", currency="US\0"),
            case("invalid_value", "currency", currency="U\u017fD"),
            case("invalid_value", "subtype", subtype="PAYABLE"),
            case("invalid_parent", "parentAccountId", parent=equity),
            case("unknown_reference", "parentAccountId", parent=NEVER),
            case("unknown_reference", "parentAccountId", parent=""),
            case("unknown_reference", "parentAccountId", parent="x" * 10_000),
            case("unknown_reference", "parentAccountId", parent="act_\0"),
            case("invalid_value", "metadata", metadata=5),
            case("invalid_value", "metadata", metadata=["a"]),
            case("invalid_value", "metadata", metadata={"n": 10**400}),
            case(
                "invalid_value",
                "metadata",
                metadata={"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}},
            ),
            case("invalid_text", "metadata", metadata={"a": "\0"}),
            case("invalid_text", "metadata", metadata={"\0": "a"}),
            case("invalid_text", "metadata", metadata={"a": "x" * 16_400}),
            case("invalid_text", "metadata", metadata={"a" * 201: 1}),
            case("invalid_text", "idempotencyKey", key="x" * 201),
            case("invalid_text", "idempotencyKey", key="\0"),
            # What GraphQL itself refuses has the same form.
            case("invalid_request", None, type="asset"),
            case("invalid_request", None, type=None),
            case("invalid_request", None, type="NOPE"),
            case("invalid_request", None, code=None),
            case("invalid_request", None, code=1015),
            case("invalid_request", None, name=["Petty cash"]),
            case("invalid_request", None, name={"a": 1}),
            case("invalid_request", None, subtype=True),
            case("invalid_request", None, dry="yes"),
            case("invalid_request", None, dry=None),
        ],
    )


async def test_a_duplicate_names_the_account_that_is_there(house, books):
    cash = (await books.accounts())["1000"]
    refusal = await refused(house, books, CREATE, code="1000")
    assert refusal.code == "CONFLICT"
    assert refusal.message == "Account code 1000 is already that of Cash."
    assert refusal.details == {"code": "1000", "existing_id": cash}
    assert refusal.path == ["createAccount"]


async def test_accounts_are_opened_together_or_not_at_all(house, books):
    found = await books.ask(
        MANY,
        accounts=[
            new("1-1"),
            new("1-1-1", parentCode="1-1"),
            new("1-1-2", parentCode="1-1"),
            new("1-1-1-1", parentCode="1-1-1"),
        ],
    )
    assert found["createAccounts"] == [
        {"code": "1-1", "parent": None, "children": [{"code": "1-1-1"}, {"code": "1-1-2"}]},
        {"code": "1-1-1", "parent": {"code": "1-1"}, "children": [{"code": "1-1-1-1"}]},
        {"code": "1-1-2", "parent": {"code": "1-1"}, "children": []},
        {"code": "1-1-1-1", "parent": {"code": "1-1-1"}, "children": []},
    ]

    def case(reason, field, *accounts):
        return Case(MANY, reason, field, {"accounts": list(accounts)})

    await all_refused(
        house,
        books,
        [
            case("too_many_items", "accounts"),
            case("too_many_items", "accounts", *(new(f"x{n}") for n in range(1_001))),
            case("duplicate", "accounts[1].code", new("2-1"), new("1-1")),
            case("duplicate", "accounts[1].code", new("2-1"), new("2-1")),
            case(
                "duplicate",
                "accounts[1].externalId",
                new("2-1", externalId="x"),
                new("2-2", externalId="x"),
            ),
            # A parent comes before its children.
            case(
                "unknown_reference",
                "accounts[0].parentCode",
                new("2", parentCode="2-1"),
                new("2-1"),
            ),
            case("unknown_reference", "accounts[0].parentCode", new("2-1", parentCode="\0")),
            case(
                "unknown_reference",
                "accounts[0].parentAccountId",
                new("2-1", parentAccountId=NEVER),
            ),
            case("invalid_text", "accounts[2].name", new("2-1"), new("2-2"), new("2-3", name="")),
            case("invalid_request", None, {"code": "2-1", "name": "No type"}),
            case("invalid_request", None, new("2-1", nope=1)),
            case("invalid_request", None, None),
        ],
    )


async def test_a_thousand_accounts_are_opened_in_one_call(books):
    accounts = [new(f"9-{n:04}") for n in range(1_000)]
    found = await books.ask(
        "mutation Many($of: [AccountInput!]!) { createAccounts(accounts: $of) { code } }",
        of=accounts,
    )
    assert [each["code"] for each in found["createAccounts"]] == [f"9-{n:04}" for n in range(1_000)]


async def test_a_dry_run_answers_as_if_and_stores_nothing(house, books):
    cash = (await books.accounts())["1000"]
    before = await contents(house)
    tried = await opened(books, dry=True, parent=cash)
    assert (tried["code"], tried["parent"], tried["version"]) == ("1015", {"code": "1000"}, 1)
    renamed = await changed(books, id=cash, name="Till", dry=True)
    assert (renamed["name"], renamed["version"]) == ("Till", 2)
    many = [new("1-1"), new("1-1-1", parentCode="1-1")]
    found = (await books.ask(MANY, accounts=many, dry=True))["createAccounts"]
    assert [each["parent"] for each in found] == [None, {"code": "1-1"}]
    gone = "mutation Try($id: ID!) { deleteAccount(id: $id, dryRun: true) }"
    assert await books.ask(gone, id=cash) == {"deleteAccount": True}
    assert await contents(house) == before
    assert (await refused(house, books, CREATE, code="1000", dry=True)).reason == "duplicate"


async def test_a_repeated_request_opens_one_account_and_says_when_it_is_gone(house, books):
    first = await opened(books, key="once")
    assert await opened(books, key="once") == first
    assert (await refused(house, books, CREATE, code="1017", key="once")).reason == (
        "idempotency_mismatch"
    )
    assert await books.ask(DELETE, id=first["id"]) == {"deleteAccount": True}
    refusal = await refused(house, books, CREATE, key="once")
    assert (refusal.reason, refusal.field) == ("not_found", "idempotencyKey")
    assert refusal.details == {"account_id": first["id"]}


# Changing


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


# What accounts hold

BRANCHES = """
2025-12-31: Before
    debit  1-1 10.00
    credit 4000 10.00
2026-01-01: In the year
    debit  1-1-1 20.00
    credit 4000 20.00
2026-06-30: Abroad
    debit  1-1-1 100.00 EUR @ 1.10
    credit 4000 100.00 EUR @ 1.10
2027-01-01: Ahead
    debit  1-1-2 40.00
    credit 4000 40.00
"""
HOLDINGS = """
query Holdings($id: ID!, $day: Date) {
  account(id: $id) {
    own: balance { amount formatted currency { code } }
    whole: balanceWithChildren { amount }
    ownThen: balance(asOf: $day) { amount }
    wholeThen: balanceWithChildren(asOf: $day) { amount }
    balances { balance { amount currency { code } } baseBalance { amount } }
  }
}"""


async def test_balances_are_the_accounts_own_or_with_all_below_now_or_at_a_date(books):
    tree = [new("1-1"), new("1-1-1", parentCode="1-1"), new("1-1-2", parentCode="1-1-1")]
    await books.ask(MANY, accounts=tree)
    ids = await books.accounts()
    await enter(books, BRANCHES)
    await enter(books, "2026-01-02: Plan\n    debit 1-1 5.00\n    credit 4000 5.00\n", post=False)
    expected = {
        # day: own, with children
        "2025-12-30": ("0.00", "0.00"),
        "2025-12-31": ("10.00", "10.00"),
        "2026-01-01": ("10.00", "30.00"),
        "2026-06-29": ("10.00", "30.00"),
        "2026-06-30": ("10.00", "140.00"),
        "2026-12-31": ("10.00", "140.00"),
        "2027-01-01": ("10.00", "180.00"),
    }
    for day, (own, whole) in expected.items():
        found = (await books.ask(HOLDINGS, id=ids["1-1"], day=day))["account"]
        assert (found["ownThen"]["amount"], found["wholeThen"]["amount"]) == (own, whole), day
        # Without a date all entries count, those ahead too.
        assert found["own"] == {
            "amount": "10.00",
            "formatted": "$10.00",
            "currency": {"code": "USD"},
        }
        assert found["whole"] == {"amount": "180.00"}
    assert found["balances"] == [
        {
            "balance": {"amount": "10.00", "currency": {"code": "USD"}},
            "baseBalance": {"amount": "10.00"},
        }
    ]
    branch = (await books.ask(HOLDINGS, id=ids["1-1-1"]))["account"]
    assert (branch["own"]["amount"], branch["whole"]["amount"]) == ("130.00", "170.00")
    assert branch["balances"] == [
        {
            "balance": {"amount": "100.00", "currency": {"code": "EUR"}},
            "baseBalance": {"amount": "110.00"},
        },
        {
            "balance": {"amount": "20.00", "currency": {"code": "USD"}},
            "baseBalance": {"amount": "20.00"},
        },
    ]
    sales = (await books.ask(HOLDINGS, id=ids["4000"]))["account"]
    assert sales["own"]["amount"] == "180.00"
    assert [each["balance"]["amount"] for each in sales["balances"]] == ["100.00", "70.00"]
    idle = (await books.ask(HOLDINGS, id=ids["8000"]))["account"]
    assert (idle["own"]["formatted"], idle["balances"]) == ("$0.00", [])


async def test_a_balance_is_asked_of_a_business_date(house, books):
    document = "query At($day: Date) { accounts(limit: 1) { balance(asOf: $day) { amount } } }"
    below = document.replace("balance(", "balanceWithChildren(")
    for day in ("0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"):
        for asked in (document, below):
            refusal = await refused(house, books, asked, day=day)
            assert (refusal.reason, refusal.field) == ("invalid_date", "asOf"), day
    for day in ("1900-01-01", "2200-12-31"):
        found = await books.ask(document, day=day)
        assert found == {"accounts": [{"balance": {"amount": "0.00"}}]}


async def test_one_account_in_two_places_of_a_document_answers_each_for_itself(books):
    await enter(books, "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n")
    found = await books.ask("""
    {
      accountsConnection(first: 1) {
        nodes { ...Then children { code } }
        edges { node { balance { amount } children { balance { amount } } } }
        again: nodes { ...Then }
      }
      transactions { a: entries { account { balance { amount } } } b: entries { account { code } } }
    }
    fragment Then on AccountNode { balance(asOf: "2025-12-31") { amount } }
    """)
    page = found["accountsConnection"]
    assert page["nodes"] == [{"balance": {"amount": "0.00"}, "children": []}]
    assert page["edges"] == [{"node": {"balance": {"amount": "1.00"}, "children": []}}]
    assert page["again"] == [{"balance": {"amount": "0.00"}}]
    assert found["transactions"] == [
        {
            "a": [{"account": {"balance": {"amount": "1.00"}}}] * 2,
            "b": [{"account": {"code": "1000"}}, {"account": {"code": "4000"}}],
        }
    ]


async def test_an_account_shows_its_newest_transactions_of_every_status(house, books):
    ids = await books.accounts()
    journal = """
2026-01-05: Oldest
    debit  1000 1.00
    credit 4000 1.00
2026-01-07: Newest, with the account twice
    debit  1000 1.00
    debit  1000 2.00
    credit 4000 3.00
2026-01-06: Elsewhere
    debit  1010 1.00
    credit 4000 1.00
"""
    await enter(books, journal)
    await enter(books, "2026-01-06: Plan\n    debit 1000 1.00\n    credit 4100 1.00\n", post=False)
    document = """
    query Of($limit: Int! = 50) {
      accounts(where: {code: {in: ["1000", "1010", "4100", "8000"]}}) {
        transactions(limit: $limit) { description status }
      }
    }"""
    found = await books.ask(document)
    shown = [
        [each["description"][:6] for each in account["transactions"]]
        for account in found["accounts"]
    ]
    assert shown == [["Newest", "Plan", "Oldest"], ["Elsewh"], ["Plan"], []]
    assert found["accounts"][2]["transactions"] == [{"description": "Plan", "status": "PENDING"}]
    two = await books.ask(document, limit=2)
    assert [len(account["transactions"]) for account in two["accounts"]] == [2, 1, 1, 0]
    assert await books.ask(document, limit=0) == {"accounts": [{"transactions": []}] * 4}
    asked = f'{{ account(id: "{ids["1000"]}") {{ %s {{ id }} }} }}'
    await all_refused(
        house,
        books,
        [
            Case(asked % "transactions(limit: -1)", "invalid_value", "limit"),
            Case(asked % "transactions(limit: 1001)", "invalid_value", "limit"),
            Case(asked % "children(limit: -1)", "invalid_value", "limit"),
            Case(asked % "children(limit: 1001)", "invalid_value", "limit"),
            Case(asked % "transactions(limit: null)", "invalid_request"),
            Case(asked % "transactions(limit: 1.5)", "invalid_request"),
            Case(asked % f"transactions(limit: {'9' * 400})", "invalid_request"),
            Case(asked % f"transactions(limit: {'9' * 5_000})", "invalid_request"),
        ],
    )
