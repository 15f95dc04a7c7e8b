"""The life of a transaction through the public door, on both engines."""

from __future__ import annotations

import pytest
from entering import (
    CLOSE,
    CREATE,
    DELETE,
    HEALTH,
    POST,
    REVERSE,
    SET_STATUS,
    UPDATE,
    contents,
    events,
    pair,
    read,
    sale,
    unhealthy,
)
from house import Client

BALANCE = "query Balance($id: ID!) { account(id: $id) { balance { formatted } } }"


@pytest.fixture
async def chart(books: Client) -> dict[str, str]:
    """The ids of the standard chart's accounts by code."""
    return await books.accounts()


async def balance(books: Client, account_id: str) -> str:
    found = await books.ask(BALANCE, id=account_id)
    return found["account"]["balance"]["formatted"]


async def refused(house, books, document, **variables):
    """The refusal of a document, after which every row of every table is as it was."""
    before = await contents(house)
    refusal = await books.refusal(document, **variables)
    assert await contents(house) == before
    return refusal


async def close_books(books, through):
    await books.ask(CLOSE, through=through)


async def set_status(books, account_id, status):
    await books.ask(SET_STATUS, id=account_id, status=status)


# Entering


async def test_a_transaction_is_pending_and_counts_nowhere_until_it_is_posted(books, chart):
    pending = await sale(books)
    assert (pending["status"], pending["version"], pending["kind"]) == ("PENDING", 1, "STANDARD")
    assert (pending["journalNumber"], pending["fiscalYear"], pending["postedAt"]) == (None,) * 3
    assert await balance(books, chart["1000"]) == "$0.00"
    posted = (await books.ask(POST, id=pending["id"]))["postTransaction"]
    assert (posted["status"], posted["version"], posted["journalNumber"]) == ("POSTED", 2, 1)
    assert posted["fiscalYear"] == 2026
    assert posted["postedAt"] is not None
    assert await balance(books, chart["1000"]) == "$100.00"
    assert await read(books, pending["id"]) == posted
    assert await unhealthy(books) == []


async def test_what_is_given_comes_back(books, chart):
    given = {
        "description": "Miete für März ☂",
        "date": "2026-03-01T23:30:00-11:00",
        "reference": "INV-7",
        "externalId": "own-7",
        "metadata": {"source": "api", "lines": [1, 2.5, None, True]},
        "kind": "OPENING",
    }
    made = await sale(books, **given, post=True)
    assert made["date"] == "2026-03-01T00:00:00Z"
    for name in ("description", "reference", "externalId", "metadata", "kind"):
        assert made[name] == given[name]
    assert await read(books, made["id"]) == made


async def test_an_unbalanced_transaction_is_refused_and_leaves_nothing(house, books, chart):
    entries = pair(chart["1000"], chart["4000"])
    entries[0]["amount"] = "100.01"
    refusal = await refused(house, books, CREATE, entries=entries)
    assert (refusal.code, refusal.reason) == ("VALIDATION_ERROR", "unbalanced")
    assert refusal.path == ["createTransaction"]


async def test_a_kind_that_the_service_makes_itself_is_refused(house, books, chart):
    entries = pair(chart["1000"], chart["4000"])
    refusal = await refused(house, books, CREATE, entries=entries, kind="REVERSAL")
    assert (refusal.reason, refusal.field) == ("invalid_value", "kind")


async def test_every_account_that_is_not_ours_is_refused_alike(house, books, chart):
    stranger = (await (await house.organization()).accounts())["1000"]
    for account in (stranger, "act_00000000000000000000", stranger[:-1] + "~", "", "txn_1"):
        entries = pair(chart["1000"], account)
        refusal = await refused(house, books, CREATE, entries=entries, post=True)
        assert (refusal.code, refusal.reason) == ("NOT_FOUND", "unknown_reference")
        assert refusal.field == "entries[1].accountId"
        assert refusal.suggestion == "List `accounts` for the ids that exist."


async def test_what_cannot_be_an_id_is_not_told_as_another(house, books, chart):
    entries = pair(chart["1000"], chart["4000"])
    create = """mutation C($contact: ID, $category: ID, $entries: [LedgerEntryInput!]!) {
      createTransaction(
        description: "Sale", date: "2026-01-05", entries: $entries,
        contactId: $contact, categoryId: $category
      ) { id }
    }"""
    for given in ("x", chart["1000"], "", "con-1", "\0", "con_" * 11):
        for noun in ("contact", "category"):
            refusal = await refused(house, books, create, entries=entries, **{noun: given})
            assert (refusal.reason, refusal.field) == ("unknown_reference", f"{noun}Id")
            assert refusal.message == f"What was given cannot be the id of any {noun}."
            assert refusal.details == {}
    refusal = await refused(house, books, POST, id="x")
    assert refusal.message == "What was given cannot be the id of any transaction."


# Changing and deleting


async def test_what_is_absent_stays_and_null_clears(books, chart):
    pending = await sale(books, reference="A", metadata={"a": 1})
    entries = pair(chart["1010"], chart["4100"], "7.00")
    changed = await books.ask(UPDATE, id=pending["id"], entries=entries, reference=None)
    found = changed["updateTransaction"]
    assert (found["reference"], found["metadata"], found["description"]) == (None, {"a": 1}, "Sale")
    assert (found["amount"], found["version"], found["status"]) == ("7.00", 2, "PENDING")
    assert [e["accountId"] for e in found["entries"]] == [chart["1010"], chart["4100"]]
    moved = await books.ask(UPDATE, id=pending["id"], date="2025-12-31", version=2)
    assert moved["updateTransaction"]["date"] == "2025-12-31T00:00:00Z"
    posted = (await books.ask(POST, id=pending["id"], version=3))["postTransaction"]
    assert (posted["fiscalYear"], posted["journalNumber"], posted["version"]) == (2025, 1, 4)
    assert await balance(books, chart["1010"]) == "$7.00"
    assert await unhealthy(books) == []


async def test_a_stale_version_is_refused_with_the_current_one(house, books, chart):
    pending = await sale(books)
    await books.ask(UPDATE, id=pending["id"], description="Sale 2", version=1)
    for document, more in ((UPDATE, {"description": "Sale 3"}), (DELETE, {}), (POST, {})):
        refusal = await refused(house, books, document, id=pending["id"], version=1, **more)
        assert (refusal.code, refusal.reason) == ("CONFLICT", "version_conflict")
        assert refusal.details == {"current_version": 2, "given_version": 1}


async def test_a_pending_transaction_can_be_deleted_with_all_its_entries(house, books, chart):
    pending = await sale(books, externalId="own-1")
    assert await books.ask(DELETE, id=pending["id"]) == {"deleteTransaction": True}
    rows = await contents(house)
    assert (rows["transaction"], rows["entry"]) == ([], [])
    refusal = await refused(house, books, DELETE, id=pending["id"])
    assert (refusal.code, refusal.reason) == ("NOT_FOUND", "not_found")
    again = await sale(books, externalId="own-1")
    assert again["externalId"] == "own-1"


async def test_a_posted_transaction_is_neither_changed_nor_deleted_nor_posted_again(
    house, books, chart
):
    posted = await sale(books, post=True)
    for document, more in ((UPDATE, {"description": "Other"}), (DELETE, {}), (POST, {})):
        refusal = await refused(house, books, document, id=posted["id"], **more)
        assert (refusal.code, refusal.reason) == ("CONFLICT", "wrong_status")
        assert refusal.suggestion == "Reverse it and enter a new one."
    assert await read(books, posted["id"]) == posted


async def test_an_external_id_is_unique_and_permanent(house, books, chart):
    entries = pair(chart["1000"], chart["4000"])
    for own in ("own-1", ""):
        first = await sale(books, externalId=own, post=True)
        refusal = await refused(house, books, CREATE, entries=entries, externalId=own)
        assert (refusal.code, refusal.reason) == ("CONFLICT", "duplicate")
        assert refusal.field == "externalId"
        assert refusal.details == {"external_id": own, "existing_id": first["id"]}
    second = await sale(books)
    refusal = await refused(house, books, UPDATE, id=second["id"], externalId="own-1")
    assert refusal.reason == "duplicate"
    await books.ask(UPDATE, id=second["id"], externalId="own-2")
    refusal = await refused(house, books, UPDATE, id=second["id"], externalId="own-3")
    assert refusal.reason == "frozen"
    kept = await books.ask(UPDATE, id=second["id"], externalId="own-2", description="Same")
    assert kept["updateTransaction"]["externalId"] == "own-2"


async def test_an_external_id_is_the_same_in_every_spelling_of_its_letters(house, books, chart):
    first = await sale(books, externalId="caf\u00e9")
    entries = pair(chart["1000"], chart["4000"])
    refusal = await refused(house, books, CREATE, entries=entries, externalId="cafe\u0301")
    assert refusal.reason == "duplicate"
    assert refusal.details["existing_id"] == first["id"]
    second = await sale(books)
    refusal = await refused(house, books, UPDATE, id=second["id"], externalId="cafe\u0301")
    assert refusal.reason == "duplicate"


async def test_an_external_id_that_cannot_be_kept_is_refused(house, books, chart):
    given = {"entries": pair(chart["1000"], chart["4000"])}
    pending = await sale(books)
    for external_id in ("a\u0000b", "x" * 201, "a" + "\u0301" * 40):
        for document, more in ((CREATE, given), (UPDATE, {"id": pending["id"]})):
            refusal = await refused(house, books, document, externalId=external_id, **more)
            assert (refusal.reason, refusal.field) == ("invalid_text", "externalId")


async def test_an_organization_has_its_own_external_ids(house, books):
    other = await house.organization()
    assert (await sale(books, externalId="own-1"))["externalId"] == "own-1"
    assert (await sale(other, externalId="own-1"))["externalId"] == "own-1"


# Failing


async def test_an_inactive_account_makes_posting_fail_and_the_reason_is_kept(house, books, chart):
    pending = await sale(books)
    await set_status(books, chart["4000"], "INACTIVE")
    refusal = await books.refusal(POST, id=pending["id"])
    assert (refusal.code, refusal.reason) == ("VALIDATION_ERROR", "account_inactive")
    assert refusal.field == "entries[1].accountId"
    failed = await read(books, pending["id"])
    assert (failed["status"], failed["version"]) == ("FAILED", 2)
    assert (failed["failureReason"], failed["failureMessage"]) == (refusal.reason, refusal.message)
    assert await balance(books, chart["1000"]) == "$0.00"
    last = (await events(books, house))[-1]
    assert (last["type"], last["entity_id"]) == ("transaction.failed", pending["id"])
    assert (last["before"]["status"], last["after"]["status"]) == ("pending", "failed")
    assert last["after"]["failure_reason"] == "account_inactive"
    assert await unhealthy(books) == []


async def test_a_failed_transaction_fails_again_until_the_cause_is_gone(books, chart):
    pending = await sale(books)
    await set_status(books, chart["4000"], "SUSPENDED")
    for version in (2, 3):
        assert (await books.refusal(POST, id=pending["id"])).reason == "account_inactive"
        assert (await read(books, pending["id"]))["version"] == version
    await set_status(books, chart["4000"], "ACTIVE")
    posted = (await books.ask(POST, id=pending["id"]))["postTransaction"]
    assert (posted["status"], posted["journalNumber"], posted["version"]) == ("POSTED", 1, 4)
    assert (posted["failureReason"], posted["failureMessage"]) == (None, None)
    assert await balance(books, chart["4000"]) == "$100.00"


async def test_a_failed_transaction_is_pending_again_once_changed_and_can_be_deleted(books, chart):
    pending = await sale(books)
    await set_status(books, chart["4000"], "INACTIVE")
    await books.refusal(POST, id=pending["id"])
    entries = pair(chart["1000"], chart["4100"])
    changed = (await books.ask(UPDATE, id=pending["id"], entries=entries))["updateTransaction"]
    assert (changed["status"], changed["failureReason"]) == ("PENDING", None)
    other = await sale(books, entries=entries)
    await set_status(books, chart["4100"], "INACTIVE")
    await books.refusal(POST, id=other["id"])
    assert await books.ask(DELETE, id=other["id"]) == {"deleteTransaction": True}


async def test_entering_and_posting_at_once_records_no_failure(house, books, chart):
    await set_status(books, chart["4000"], "INACTIVE")
    entries = pair(chart["1000"], chart["4000"])
    refusal = await refused(house, books, CREATE, entries=entries, post=True)
    assert refusal.reason == "account_inactive"


# Closed periods


async def test_nothing_is_entered_posted_or_reversed_in_a_closed_period(house, books, chart):
    pending = await sale(books, date="2026-01-31")
    posted = await sale(books, date="2026-01-31", post=True)
    await close_books(books, "2026-01-31")
    entries = pair(chart["1000"], chart["4000"])
    for document, more in (
        (CREATE, {"entries": entries, "date": "2026-01-31"}),
        (CREATE, {"entries": entries, "date": "2026-01-31", "post": True}),
        (UPDATE, {"id": pending["id"], "description": "Other"}),
        (REVERSE, {"id": posted["id"], "reversalDate": "2026-01-31"}),
    ):
        refusal = await refused(house, books, document, **more)
        assert (refusal.code, refusal.reason) == ("VALIDATION_ERROR", "period_locked")
        assert refusal.details == {"books_closed_through": "2026-01-31", "date": "2026-01-31"}
    assert (await books.refusal(POST, id=pending["id"])).reason == "period_locked"
    assert (await read(books, pending["id"]))["failureReason"] == "period_locked"
    after = await sale(books, date="2026-02-01", post=True)
    assert after["status"] == "POSTED"


async def test_a_reopened_period_takes_entries_again(books, chart):
    pending = await sale(books, date="2026-01-31")
    await close_books(books, "2026-01-31")
    await books.refusal(POST, id=pending["id"])
    moved = await books.ask(UPDATE, id=pending["id"], date="2026-02-01")
    assert moved["updateTransaction"]["status"] == "PENDING"
    await close_books(books, None)
    back = await books.ask(UPDATE, id=pending["id"], date="2026-01-31")
    assert back["updateTransaction"]["date"] == "2026-01-31T00:00:00Z"
    assert (await books.ask(POST, id=pending["id"]))["postTransaction"]["journalNumber"] == 1


# Ids that are not ours


async def test_a_foreign_id_and_one_never_issued_are_answered_alike(house, books):
    other = await house.organization()
    foreign = (await sale(other, post=True))["id"]
    for document in (UPDATE, POST, DELETE, REVERSE):
        for key in (foreign, foreign[:-3] + "000"):
            refusal = await refused(house, books, document, id=key)
            assert (refusal.code, refusal.reason, refusal.field) == ("NOT_FOUND", "not_found", "id")
            assert refusal.message == f"There is no transaction {key} in this organization."
        no_id = await refused(house, books, document, id="x' OR 1=1 --\u0000")
        assert no_id.reason == "not_found"


async def test_any_case_of_the_prefix_names_the_transaction(books):
    pending = await sale(books)
    posted = await books.ask(POST, id="TXN_" + pending["id"][4:])
    assert posted["postTransaction"]["id"] == pending["id"]


# Numbers


async def test_numbers_have_no_gaps_in_any_fiscal_year(books, chart):
    await books.ask(
        "mutation { updateOrganization(fiscalYearStartMonth: 4, fiscalYearStartDay: 6) { id } }"
    )
    dates = ["2026-04-05", "2026-04-06", "2026-04-05", "2027-04-05", "2026-04-06", "2025-04-06"]
    numbers = []
    for index, day in enumerate(dates):
        made = await sale(books, date=day, post=True)
        numbers.append((made["fiscalYear"], made["journalNumber"]))
        if index % 2:
            await books.ask(DELETE, id=(await sale(books, date=day))["id"])
            entries = pair(chart["1000"], "act_00000000000000000000")
            await books.refusal(CREATE, entries=entries, date=day, post=True)
    assert numbers == [(2025, 1), (2026, 1), (2025, 2), (2026, 2), (2026, 3), (2025, 3)]
    assert await unhealthy(books) == []


async def test_health_names_every_check(books):
    found = await books.ask(HEALTH)
    assert [check["name"] for check in found["ledgerHealth"]["checks"]] == [
        "zero sum",
        "balanced transactions",
        "entry dates",
        "balances",
        "daily totals",
        "monthly totals",
        "reversals",
        "journal numbers",
        "control accounts",
        "open items",
        "posted documents",
        "document numbers",
        "credits",
        "event chain",
        "posted transactions",
    ]
