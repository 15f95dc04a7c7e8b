"""What a file calls accounts, what becomes of its transactions, and how its faults are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from books import STANDARD, account, answer

from ledger.accounts import AccountType, EntryType
from ledger.errors import LedgerError, Reason
from ledger.import_accounts import accounts_meant, title
from ledger.importing import (
    MOST_TOLD,
    Faults,
    ImportSource,
    Journal,
    Told,
    ToldAccount,
    ToldEntry,
    checked_name,
)

ASSET, EXPENSE = AccountType.ASSET, AccountType.EXPENSE
DAY = date(2026, 1, 15)


def journal(*names, source=ImportSource.QUICKBOOKS, **more):
    entries = [ToldEntry(line, name, EntryType.DEBIT, "1.00") for line, name in enumerate(names, 2)]
    return Journal(source, [Told(2, "17", DAY, "Sale", entries, "R-1")], **more)


def told(name, code, kind=None, place="accounts[0]"):
    return ToldAccount(place, name, code, kind)


OFFICE = replace(account("5290", EXPENSE), id="act_5290", name="Office")
PAPER = replace(account("5291", EXPENSE), id="act_5291", name="Paper", parent_id="act_5290")
OTHER = replace(account("5292", EXPENSE), id="act_5292", name="Paper")
CHART = STANDARD.having([OFFICE, PAPER, OTHER])


def test_an_account_is_found_by_what_is_said_of_it_then_by_code_then_by_its_name():
    names = ["1000", "Office", "Office:Paper", "5292 \u00b7 Paper", "X:1010 \u00b7 Till", "Bank A"]
    meant = accounts_meant(CHART, journal(*names), [told("Bank A", "1010"), told("Office", "5292")])
    assert meant.codes == {
        "1000": "1000",
        "Office": "5292",
        "Office:Paper": "5291",
        "5292 \u00b7 Paper": "5292",
        "X:1010 \u00b7 Till": "1010",
        "Bank A": "1010",
    }
    assert meant.opened == []


def test_other_sources_name_accounts_by_their_codes():
    for source in (ImportSource.CSV, ImportSource.LEDGER):
        error = answer(accounts_meant, CHART, journal("1000", "Office", source=source), [])
        assert error.details == {"missing": 1, "accounts": [{"name": "Office", "line": 3}]}


def test_all_accounts_that_are_missing_are_told_at_once():
    names = ["Paper", "A", "B", "1000", "A", "C", "D", "E"]
    error = answer(accounts_meant, CHART, journal(*names), [told("B", "9999")])
    assert (error.reason, error.field) == (Reason.UNKNOWN_REFERENCE, "accounts")
    shown = error.message.partition(" accounts of the file are not in the chart: ")
    assert (shown[0], shown[2]) == ("6", "Paper, A, B, C, D and others.")
    assert error.details["accounts"][:3] == [
        {"name": "Paper", "line": 2},  # two accounts have this name
        {"name": "A", "line": 3},
        {"name": "B", "line": 4},
    ]
    error = answer(accounts_meant, CHART, journal("1 \u00b7 X"), [])
    assert error.message == "1 account of the file is not in the chart: 1 \u00b7 X."


def test_accounts_with_a_type_that_are_not_there_are_opened_once():
    said = [told("Cars:Vans", "1630", ASSET), told("Vans", "1630"), told("Cars", "1600", ASSET)]
    meant = accounts_meant(CHART, journal("Cars:Vans", "Vans", "1630"), said)
    assert meant.codes == {"Cars:Vans": "1630", "Vans": "1630", "1630": "1630"}
    assert [(each.code, kind) for each, kind in meant.opened] == [("1630", ASSET), ("1600", ASSET)]
    assert [title(each) for each, _ in meant.opened] == ["Vans", "Cars"]
    of_file = [
        told("Vans", "1630", ASSET, "data.accounts[0]"),
        told("Vans", "1631", ASSET, "data."),
    ]
    found = journal("1631", source=ImportSource.LEDGER, accounts=of_file)
    assert len(accounts_meant(CHART, found, []).opened) == 2


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([told("A", "1000", EXPENSE)], "Account 1000 A is of type asset."),
        (
            [told("A", "1630", ASSET), told("B", "1630", EXPENSE)],
            "Account 1630 B is of type asset.",
        ),
        ([told("A", "1000"), told("A", "1010")], "Account 1010 A has the code 1000 too."),
    ],
)
def test_two_things_cannot_be_said_of_one_account(said, message):
    error = answer(accounts_meant, CHART, journal("1000"), said)
    assert (error.message, error.reason) == (message, Reason.INVALID_VALUE)


def test_a_transaction_becomes_a_draft_with_an_external_id_of_its_number():
    found = journal("A", "B")
    (draft,) = found.drafts({"A": "act_1", "B": "act_2"}, None)
    assert (draft.external_id, draft.description, draft.date) == ("quickbooks:17", "Sale", DAY)
    assert [entry.account_id for entry in draft.entries] == ["act_1", "act_2"]
    assert found.drafts({"A": "act_1", "B": "act_2"}, "old")[0].external_id == "old:17"
    assert (checked_name(None), checked_name("old")) == (None, "old")
    for name in ("", "x" * 101, "\0"):
        assert answer(checked_name, name).field == "name"


def test_a_refusal_of_the_books_is_told_at_the_line_of_its_entry():
    (transaction,) = journal("A", "B").transactions
    for field, line in (
        ("transactions[0].entries[1].amount", 3),
        ("transactions[0].entries", 2),
        (None, 2),
    ):
        error = LedgerError(Reason.INVALID_AMOUNT, "Odd.", field=field)
        assert transaction.line_of(error) == line


def test_faults_keep_their_details_and_no_more_are_looked_for_than_anyone_reads():
    faults = Faults()
    faults.require_none()
    there = LedgerError(Reason.DUPLICATE, "There.", "Use it.", {"existing_id": "t"})
    for line in range(MOST_TOLD, 1, -1):
        faults.note(line, there)
    error = answer(faults.note, 1, there)
    assert error.message.startswith("1,000 or more lines of the file cannot be imported.")
    assert (error.reason, error.suggestion) == (Reason.DUPLICATE, "Use it.")
    assert error.details["faults"] == MOST_TOLD
    assert len(error.details["lines"]) == MOST_TOLD
    assert error.details["lines"][0] == {
        "line": 1,
        "reason": "duplicate",
        "message": "There.",
        "details": {"existing_id": "t"},
    }
