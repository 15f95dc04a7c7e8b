"""Ledgers of our own form: one object or JSON lines, exact, with every fault at its line."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from books import answer

from ledger.accounts import AccountType, EntryType, Subtype
from ledger.errors import LedgerError, Reason
from ledger.import_ledgers import read_ledger
from ledger.importing import ImportSource, Told, ToldAccount, ToldEntry
from ledger.transactions import TransactionKind, TransactionType

LINES = [
    {"account_code": "1000", "entry_type": "debit", "amount": "100.00"},
    {"account_code": "4000", "entry_type": "CREDIT", "amount": 100, "currency": "EUR", "rate": "1"},
]
SALE = {"date": "2026-01-15", "description": "Sale", "entries": LINES}
VANS = {"code": "1630", "name": "Vans", "type": "asset", "subtype": "fixed_asset"}


def decoded(text: str) -> object:
    """JSON as the API reads it: exact, or a refusal."""
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise LedgerError(Reason.INVALID_REQUEST, f"Not JSON: {error}", "Send JSON.") from None


def read(*lines):
    return read_ledger(
        "\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), decoded
    )


def lines_refused(*lines):
    told = answer(read, *lines).details["lines"]
    return [(each["line"], each["message"]) for each in told]


def test_json_lines_are_transactions_known_by_their_lines():
    more = {"reference": "R", "payment_method": "card", "metadata": {"a": 1}, "kind": "Opening"}
    journal = read(SALE, "", "  ", {**SALE, **more, "type": "income"})
    assert (journal.source, journal.accounts, journal.base_currency) == (
        ImportSource.LEDGER,
        [],
        None,
    )
    first, second = journal.transactions
    assert first == Told(
        1,
        "1",
        date(2026, 1, 15),
        "Sale",
        [
            ToldEntry(1, "1000", EntryType.DEBIT, "100.00"),
            ToldEntry(1, "4000", EntryType.CREDIT, 100, "EUR", "1"),
        ],
    )
    assert (second.line, second.number, second.reference) == (4, "4", "R")
    assert (second.payment_method, second.metadata) == ("card", {"a": 1})
    assert (second.kind, second.type) == (TransactionKind.OPENING, TransactionType.INCOME)


def test_one_object_has_accounts_and_a_currency_besides():
    whole = {"base_currency": "USD", "accounts": [VANS], "transactions": [SALE, SALE]}
    journal = read(json.dumps(whole, indent=2))
    assert journal.base_currency == "USD"
    assert journal.accounts == [
        ToldAccount("data.accounts[0]", "Vans", "1630", AccountType.ASSET, Subtype.FIXED_ASSET)
    ]
    assert [(told.line, told.number) for told in journal.transactions] == [(1, "1"), (2, "2")]
    assert read(json.dumps(whole)).transactions == journal.transactions
    assert read({"transactions": [SALE]}).accounts == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"date": None}, "It has no `date`."),
        ({"date": 20260115}, "`date` is no text."),
        ({"date": "15.1.2026"}, "'15.1.2026' is not a date that exists."),
        ({"description": ["x"]}, "`description` is no text."),
        ({"metadata": [1]}, "`metadata` is no JSON object."),
        ({"kind": "odd"}, "`kind` cannot be 'odd'."),
        ({"type": "gift"}, "`type` cannot be 'gift'."),
        ({"entries": None}, "There is no list of `entries`."),
        ({"entries": ["x"]}, "An entry is no JSON object."),
        ({"entries": [{**LINES[0], "amount": None}]}, "An entry has no `account_code`, no"),
        ({"entries": [{**LINES[0], "account_code": 1000}]}, "`account_code` is no text."),
        ({"entries": [{**LINES[0], "entry_type": "left"}]}, "`entry_type` cannot be 'left'."),
    ],
)
def test_a_transaction_that_cannot_be_read_is_told_by_its_line(change, message):
    ((line, told),) = lines_refused(SALE, {**SALE, **change})
    assert line == 2
    assert told.startswith(message)


def test_all_bad_lines_are_told_at_once():
    assert lines_refused(SALE, "{", "[]", {**SALE, "date": 1}) == [
        (
            2,
            "Not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        (3, "A transaction is no JSON object."),
        (4, "`date` is no text."),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Not JSON"),
        ("{", "Not JSON"),
        ("[]", "The file is no JSON object."),
        ('{"transactions": 1}', "There is no list of `transactions`."),
        ('{"transactions": []}', "the file has 0."),
        ('{"accounts": {}, "transactions": []}', "There is no list of `accounts`."),
        ('{"accounts": [1], "transactions": []}', "An account is no JSON object."),
        ('{"accounts": [{"code": "1"}], "transactions": []}', "Account 1 of the file has no"),
    ],
)
def test_what_is_no_ledger_is_refused_whole(text, message):
    assert message in answer(read, text).message
