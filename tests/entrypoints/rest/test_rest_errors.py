"""Refusals in REST: one body, the status of the reason, fields by the names that callers know."""

from __future__ import annotations

import logging

import pytest
from asking import enter, key_of
from entering import contents
from house import Client
from sqlalchemy.exc import OperationalError

from entrypoints.rest.errors import TYPES, Words, error_body, first_error, told
from ledger.errors import Code, LedgerError, Reason
from ledger.keys import Scope
from store.troubles import Trouble

NEVER = "0000000000000000zzzz"
OPEN, ENTER = "POST ~/accounts", "POST ~/transactions"
AGING = "~/reports/receivables-aging"
SALE = "2026-01-05: Sale\n    debit 1000 100.00\n    credit 4000 100.00\n"


async def test_unbalanced_entries_are_refused_as_documented(house, rest):
    accounts = await rest.accounts()
    before = await contents(house)
    lines = [
        {"account_id": accounts["1000"], "type": "debit", "amount": 1500.00},
        {"account_id": accounts["4000"], "type": "credit", "amount": 1000.00},
    ]
    body = {"description": "Sale", "date": "2026-01-05", "entries": lines}
    error = await rest.refused(422, "POST", "~/transactions", body)
    assert error == {
        "type": "validation_error",
        "code": "unbalanced",
        "message": "Debits are 1500.00 and credits are 1000.00 USD: they differ by 500.00.",
        "status": 422,
        "details": {
            "total_debits": "1500.00",
            "total_credits": "1000.00",
            "difference": "500.00",
            "currency": "USD",
            "fields": {
                "entries": "Debits are 1500.00 and credits are 1000.00 USD: they differ by 500.00."
            },
        },
        "suggestion": "Add a credit of 500.00, or correct an amount.",
        "request_id": error["request_id"],
    }
    assert await contents(house) == before


async def test_what_is_refused_says_its_status_its_code_and_the_field_at_fault(house, rest):
    accounts = await rest.accounts()
    (posted,) = await enter(rest.client, SALE)

    def lines(account):
        return [
            {"account_id": accounts["1000"], "type": "debit", "amount": 5},
            {"account_id": account, "type": "credit", "amount": 5},
        ]

    never, sales = f"act_{NEVER}", accounts["4000"]
    dear = [{**each, "amount": "1.234"} for each in lines(sales)]
    pay = {"amount": 1, "date": "2026-01-05"}
    table = [
        # An id in the path that names nothing, and one in the body
        (404, "not_found", "id", f"GET ~/accounts/{never}", None),
        (404, "not_found", "id", f"POST ~/invoices/inv_{NEVER}/payments", pay),
        (404, "not_found", "id", f"GET ~/contacts/con_{NEVER}/statement", None),
        (422, "unknown_reference", "entries[1].account_id", ENTER, {"entries": lines(never)}),
        (422, "unknown_reference", "parent_id", OPEN, {"parent_id": never}),
        (422, "unknown_reference", "contact_id", f"GET {AGING}?contact_id=con_{NEVER}", None),
        # The names of the request, also where a synonym was used
        (422, "unknown_reference", "parent_account_id", OPEN, {"parent_account_id": never}),
        (400, "invalid_value", "currency_id", OPEN, {"currency_id": "CUR_XXX"}),
        (400, "invalid_value", "currency", OPEN, {"currency": "XXX"}),
        (400, "invalid_text", "name", OPEN, {"name": " "}),
        (400, "invalid_text", "reference_number", ENTER, {"reference_number": "x" * 101}),
        (400, "invalid_amount", "entries[0].amount", ENTER, {"entries": dear}),
        (400, "too_few_entries", "entries", ENTER, {"entries": []}),
        # In conflict with how things stand
        (409, "duplicate", "code", OPEN, {"code": "1000"}),
        (409, "wrong_status", "id", f"PUT ~/transactions/{posted}", {"description": "x"}),
        (409, "in_use", "id", f"DELETE ~/accounts/{accounts['1000']}", None),
    ]
    usual = {
        OPEN: {"name": "x", "code": "9", "type": "asset"},
        ENTER: {"description": "Sale", "date": "2026-01-05", "entries": lines(sales)},
    }
    before = await contents(house)
    for status, code, field, asked, given in table:
        method, _, path = asked.partition(" ")
        body = given if given is None else usual.get(asked, {}) | given
        error = await rest.refused(status, method, path, body)
        assert (error["code"], list(error["details"]["fields"])) == (code, [field]), (asked, error)
        assert error["type"] == TYPES[Reason[code.upper()].code]
    assert await contents(house) == before


async def test_names_in_a_message_are_those_of_rest(rest):
    made = await rest.post("~/contacts", {"name": "Jane", "contact_type": "customer"})
    error = await rest.refused(
        400,
        "POST",
        "~/invoices",
        {"contact_id": made["id"], "invoice_date": "2026-01-05", "due_date": "2026-01-01",
         "items": [{"quantity": 1, "description": "x", "price": 5}]},
    )  # fmt: skip
    assert "dueDate" not in str(error)
    error = await rest.refused(400, "PUT", "~", {"time_zone": None})
    assert error["message"] == "time_zone cannot be null."


async def test_who_asks_is_asked_first(house, rest, rest_of):
    reader = rest_of(await key_of(rest.client, house, Scope.READ))
    error = await reader.refused(
        403, "POST", "~/accounts", {"code": "1", "name": "x", "type": "asset"}
    )
    assert (error["type"], error["code"]) == ("authorization_error", "forbidden")
    assert error["details"] == {"scope": "read", "needed": "write"}
    stranger = rest_of(Client(house.http, "cl_live_x", rest.client.organization_id))
    error = await stranger.refused(401, "POST", "~/accounts?foo=1", {"foo": 1})
    assert (error["type"], error["code"]) == ("authentication_error", "unauthenticated")
    assert "foo" not in str(error)


async def test_what_nobody_foresaw_shows_nothing_of_the_inside(rest, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("SELECT secret FROM table")

    monkeypatch.setattr("entrypoints.rest.routes.given", broken)
    with caplog.at_level(logging.ERROR, "crane.errors"):
        error = await rest.refused(500, "GET", "~/accounts")
    assert (error["type"], error["code"]) == ("server_error", "internal")
    assert "secret" not in str(error)
    assert "SELECT secret" in caplog.text

    def busy(*_):
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr("entrypoints.rest.routes.given", busy)
    monkeypatch.setattr("entrypoints.rest.routes.trouble", lambda _: Trouble.BUSY)
    error = await rest.refused(503, "GET", "~/accounts")
    assert (error["type"], error["code"]) == ("server_error", "busy")


# The rendering


def test_every_class_of_errors_has_a_type():
    assert TYPES.keys() == set(Code)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_body_and_keeps_its_code(reason):
    error = LedgerError(reason, "Because.", None, {"a": 1}, "items[0].unit_price")
    body = error_body(error, "req_1", reason.status)["error"]
    assert (body["code"], body["status"], body["type"]) == (
        *(reason.slug, reason.status, TYPES[reason.code]),
    )
    assert body["details"] == {"a": 1, "fields": {"items[0].unit_price": "Because."}}
    extensions = {"reason": reason.slug, "details": {"a": 1}, "field": "x"}
    again = first_error([{"message": "Because.", "extensions": extensions}])
    assert (again.reason, again.details, again.field) == (reason, {"a": 1}, "x")


def test_fields_are_called_as_the_request_called_them():
    words = Words(
        {"accountType": "type", "entries": "entries", "where.date.gte": "from_date", "id": "id"},
        {"id"},
        {"type": "account_type", "entries[1].entry_type": "entries[1].type"},
    )
    assert words.of_field("accountType") == "account_type"
    assert words.of_field("entries[1].entryType") == "entries[1].type"
    assert words.of_field("entries[0].entryType") == "entries[0].entry_type"
    assert words.of_field("where.date.gte") == "from_date"
    assert words.of_field("dueDate") == "due_date"
    assert words.of_text("Give accountType or dueDate, not BTC.") == (
        "Give account_type or due_date, not BTC."
    )
    assert words.of_text(None) is None


@pytest.mark.parametrize(
    ("reason", "field", "becomes"),
    [
        (Reason.UNKNOWN_REFERENCE, "invoiceId", Reason.NOT_FOUND),
        (Reason.UNKNOWN_REFERENCE, "accountId", Reason.UNKNOWN_REFERENCE),
        (Reason.NOT_FOUND, "invoiceId", Reason.NOT_FOUND),
        (Reason.NOT_FOUND, "accountId", Reason.UNKNOWN_REFERENCE),
        (Reason.NOT_FOUND, "idempotencyKey", Reason.NOT_FOUND),
        (Reason.NOT_FOUND, None, Reason.NOT_FOUND),
        (Reason.IN_USE, "invoiceId", Reason.IN_USE),
    ],
)
def test_only_an_id_in_the_path_is_not_found(reason, field, becomes):
    words = Words({"invoiceId": "id", "accountId": "account_id"}, {"id"})
    assert told(LedgerError(reason, "There is none.", field=field), words).reason is becomes
