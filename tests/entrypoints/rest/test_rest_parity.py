"""The same operation by GraphQL and by REST: the same rows, events and codes, but for the door."""

from __future__ import annotations

import json
import re

import pytest
from documenting import do, document_of
from entering import contents
from entering import events as events_of

from store.document_tables import metadata

OWN = {"created_at", "updated_at", "request_id", "protocol", "salt"}
OWN |= {"hash", "previous_hash", "head_hash"}
"""What differs between any two requests."""

ID = re.compile(r"\b([a-z]{3}_[0-9A-Za-z]{20})")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d+(\+00:00|Z)?|hmac-sha256:[0-9a-f]+")
LINES = [
    {"account_id": "{cash}", "entry_type": "debit", "amount": "100.00"},
    {"account_id": "{sales}", "entry_type": "credit", "amount": "100.00"},
]
SALE = {"description": "Sale", "date": "2026-01-05", "entries": LINES}
ITEM = {"description": "Work", "quantity": "2", "unit_price": "50.00"}
INVOICE = {"contact_id": "{made}", "invoice_date": "2026-01-05", "items": [ITEM]}
PAYMENT = {"amount": "40.00", "payment_date": "2026-01-20"}
TILL = {"code": "1001", "name": "Till", "type": "asset"}
JANE = {"name": "Jane", "contact_type": "customer"}
STEPS = [
    ("createAccount", "POST ~/accounts", TILL),
    ("createTransaction", "POST ~/transactions", SALE),
    ("postTransaction", "POST ~/transactions/{made}/post", {}),
    ("reverseTransaction", "POST ~/transactions/{made}/reverse", {"reason": "Twice"}),
    ("createContact", "POST ~/contacts", JANE),
    ("createInvoice", "POST ~/invoices", INVOICE),
    ("sendInvoice", "POST ~/invoices/{made}/send", {"deliver": False}),
    ("recordInvoicePayment", "POST ~/invoices/{made}/payments", PAYMENT),
    ("voidPayment", "POST ~/payments/{made}/void", {"reason": "Bounced"}),
    ("updateOrganization", "PUT ~", {"tax_number": "DE1"}),
]
"""Operations, the same in REST, and what they are given; `{made}` is what was made last."""

REFUSED = [
    ("createAccount", "POST ~/accounts", {**TILL, "code": "1000"}),
    ("createAccount", "POST ~/accounts", {**TILL, "name": " "}),
    ("createAccount", "POST ~/accounts", {**TILL, "currency": "XXX"}),
    ("createTransaction", "POST ~/transactions", {**SALE, "entries": LINES[:1]}),
    ("createTransaction", "POST ~/transactions", {**SALE, "date": "1066-01-05"}),
    ("createTransaction", "POST ~/transactions", {**SALE, "currency": "EUR"}),
    ("createContact", "POST ~/contacts", {**JANE, "email": "nowhere"}),
    ("createContact", "POST ~/contacts", {**JANE, "contact_type": "friend"}),
]
ENUMS = {"entry_type", "type", "contact_type"}
NAMES = {"type": "accountType", "createInvoice": "", "recordInvoicePayment": "invoiceId"}


def spelled(value):
    """A body as variables of GraphQL: names in camel case, words of closed lists in capitals."""
    if isinstance(value, list):
        return [spelled(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, item in value.items():
        head, *tail = name.split("_")
        known = NAMES.get(name, head + "".join(part.title() for part in tail))
        found[known] = item.upper() if name in ENUMS else spelled(item)
    return found


def with_ids(value, known):
    """A value with ids in the places of its marks."""
    text = json.dumps(value)
    for word, key in known.items():
        text = text.replace(f"{{{word}}}", key)
    return json.loads(text)


async def marks(client):
    accounts = await client.accounts()
    return {"cash": accounts["1000"], "sales": accounts["4000"], "made": ""}


async def left(house, client):
    """All rows of an organization but those that it began with, ids by their order."""
    found = {}
    for table, rows in (await contents(house)).items():
        columns = metadata.tables[table].c.keys()
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        own = [row for row in named if row.get("organization_id") == client.organization_id]
        found[table] = [{k: v for k, v in row.items() if k not in OWN} for row in own]
    text = json.dumps(found, default=str)
    codes = {key: f"act-{code}" for code, key in (await client.accounts()).items()}
    names, counts = {}, {}
    for key in sorted({match[1] for match in ID.finditer(text)} - codes.keys()):
        counts[key[:3]] = counts.get(key[:3], 0) + 1
        names[key] = f"{key[:3]}-{counts[key[:3]]}"
    text = ID.sub(lambda match: (codes | names)[match[1]], text)
    shown = json.loads(MOMENT.sub("then", text))
    del shown["api_key"]
    return {name: sorted(json.dumps(row) for row in rows) for name, rows in shown.items()}


async def test_both_doors_leave_the_same_rows_and_events(house, rest_of):
    client, rest = await house.organization(), rest_of(await house.organization())
    ours, theirs = await marks(client), await marks(rest.client)
    for operation, asked, body in STEPS:
        given = spelled(with_ids(body, ours))
        if "{made}" in asked:
            given[NAMES.get(operation) or "id"] = ours["made"]
        ours["made"] = (await do(client, operation, **given))["id"]
        (method, path), given = with_ids(asked, theirs).split(), with_ids(body, theirs)
        answer = await rest.ask(method, path, given)
        assert answer.status_code in {200, 201}, answer.text
        theirs["made"] = answer.json()["id"]
    by_graphql, by_rest = await left(house, client), await left(house, rest.client)
    assert by_graphql.keys() == by_rest.keys()
    for table, rows in by_graphql.items():
        assert rows == by_rest[table], table
    for door, name in ((client, "graphql"), (rest.client, "rest")):
        seen = [event["protocol"] for event in await events_of(door, house)]
        assert set(seen) == {"cli", name}
        assert seen.count(name) > len(STEPS)


@pytest.mark.parametrize(("operation", "asked", "body"), REFUSED)
async def test_both_doors_refuse_for_the_same_reason(books, rest, operation, asked, body):
    given = with_ids(body, await marks(books))
    values = spelled(given)
    refusal = await books.refusal(document_of(operation, values), **values)
    answer = await rest.ask(*asked.split(), given)
    error = answer.json()["error"]
    assert error["code"] == refusal.reason
    if refusal.reason != "invalid_request":
        details = {name: value for name, value in error["details"].items() if name != "fields"}
        assert details == refusal.details
        assert error["message"] == refusal.message or refusal.field in refusal.message
