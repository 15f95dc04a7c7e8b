"""Accounts through the public door: how they are opened, alone and together."""

from __future__ import annotations

from dataclasses import replace

from asking import Case, all_refused, refused
from charting import CREATE, DELETE, MANY, NEVER, changed, new, opened, read, with_ids
from entering import contents, events


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


def case(reason, field, **given):
    return Case(CREATE, reason, field, given)


REFUSED = [
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
    case("invalid_parent", "parentAccountId", parent="id:3000"),
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
    case("invalid_text", "idempotencyKey", key=""),
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
]


async def test_what_cannot_be_an_account_is_refused_and_nothing_is_written(house, books):
    ids = await books.accounts()
    await opened(books, code="1016", externalId="taken")
    await all_refused(
        house, books, [replace(case, given=with_ids(case.given, ids)) for case in REFUSED]
    )


async def test_metadata_may_be_written_in_the_document(house, books):
    document = """
    mutation Open($x: String, $code: String!) {
      createAccount(code: $code, name: "A", accountType: ASSET, metadata: %s) { metadata }
    }"""
    literal = '{a: $x, b: [$x, 1, 1.5, true, null, WORD, "text"], c: {d: $x}}'
    sent = await books.ask(document % literal, code="1-1", x="here")
    assert sent["createAccount"]["metadata"] == {
        "a": "here",
        "b": ["here", 1, 1.5, True, None, "WORD", "text"],
        "c": {"d": "here"},
    }
    # What was not sent is not there.
    absent = await books.ask(document % literal, code="1-2")
    assert absent["createAccount"]["metadata"] == {
        "b": [1, 1.5, True, None, "WORD", "text"],
        "c": {},
    }
    plain = document.replace("$x: String, ", "")
    assert await books.ask(plain % "null", code="1-3")
    await all_refused(
        house,
        books,
        [
            Case(plain % text, "invalid_value", "metadata", {"code": "1-4"})
            for text in ("[1]", '"text"', "5", "{a: 1e999}", f"{{a: {'9' * 5_000}}}")
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
