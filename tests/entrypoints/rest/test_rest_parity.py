"""The same operation by GraphQL and by REST: the same rows, events and codes, but for the door."""

from __future__ import annotations

import json
import re

import pytest
from entering import contents
from house import Client

CHANGING = {"created_at", "updated_at", "request_id", "protocol", "previous_hash", "hash"}
CHANGING |= {"head_hash", "digest", "expires_at"}
ID = re.compile(r"\b([a-z]{3}_[0-9A-Za-z]{20})(\d\d)?\b")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(\+00:00|Z)?")

LINES = [
    {"account_id": "{cash}", "entry_type": "debit", "amount": "100.00"},
    {"account_id": "{sales}", "entry_type": "credit", "amount": "100.00"},
]
STEPS = [
    (
        "mutation ($code: String!, $name: String!, $accountType: AccountType!) "
        "{ made: createAccount(code: $code, name: $name, accountType: $accountType) { id } }",
        ("POST", "~/accounts", {"code": "1001", "name": "Till", "type": "asset"}),
        {"type": "accountType"},
    ),
    (
        "mutation ($description: String!, $date: DateTime!, $entries: [LedgerEntryInput!]!) "
        "{ made: createTransaction(description: $description, date: $date, entries: $entries) "
        "{ id } }",
        (
            "POST",
            "~/transactions",
            {"description": "Sale", "date": "2026-01-05", "entries": LINES},
        ),
        {},
    ),
    (
        "mutation ($id: ID!) { made: postTransaction(id: $id) { id } }",
        ("POST", "~/transactions/{made}/post", {}),
        {},
    ),
    (
        "mutation ($id: ID!, $reason: String) "
        "{ made: reverseTransaction(id: $id, reason: $reason) { id } }",
        ("POST", "~/transactions/{made}/reverse", {"reason": "Twice"}),
        {},
    ),
    (
        "mutation ($name: String!, $contactType: ContactType!) "
        "{ made: createContact(name: $name, contactType: $contactType) { id } }",
        ("POST", "~/contacts", {"name": "Jane", "contact_type": "customer"}),
        {},
    ),
    (
        "mutation ($contactId: ID!, $invoiceDate: DateTime!, $items: [InvoiceItemInput!]!) "
        "{ made: createInvoice(contactId: $contactId, invoiceDate: $invoiceDate, items: $items) "
        "{ id } }",
        (
            "POST",
            "~/invoices",
            {
                "contact_id": "{made}",
                "invoice_date": "2026-01-05",
                "items": [{"description": "Work", "quantity": "2", "unit_price": "50.00"}],
            },
        ),
        {},
    ),
    (
        "mutation ($id: ID!, $deliver: Boolean!) "
        "{ made: sendInvoice(id: $id, deliver: $deliver) { id } }",
        ("POST", "~/invoices/{made}/send", {"deliver": False}),
        {},
    ),
    (
        "mutation ($invoiceId: ID!, $amount: Decimal!, $paymentDate: DateTime!) { made: "
        "recordInvoicePayment(invoiceId: $invoiceId, amount: $amount, paymentDate: $paymentDate) "
        "{ id } }",
        ("POST", "~/invoices/{made}/payments", {"amount": "40.00", "payment_date": "2026-01-20"}),
        {"id": "invoiceId"},
    ),
    (
        "mutation ($taxNumber: String) { made: updateOrganization(taxNumber: $taxNumber) { id } }",
        ("PUT", "~", {"tax_number": "DE1"}),
        {},
    ),
]
"""A document, the same in REST, and what REST calls otherwise; `{made}` is what was made last."""

REFUSED = [
    ("createAccount", "POST", "~/accounts", {"code": "1000", "name": "x", "type": "asset"}),
    ("createAccount", "POST", "~/accounts", {"code": " ", "name": "x", "type": "asset"}),
    (
        "createTransaction",
        "POST",
        "~/transactions",
        {"description": "Sale", "date": "2026-01-05", "entries": LINES[:1]},
    ),
    (
        "createTransaction",
        "POST",
        "~/transactions",
        {"description": "Sale", "date": "1066-01-05", "entries": LINES},
    ),
    ("createContact", "POST", "~/contacts", {"name": "J", "contact_type": "other", "email": "@"}),
]
ENUMS = {"entry_type", "type", "contact_type"}


def camel(value, names=()):
    """A body as variables of GraphQL: names in camel case, words of closed lists in capitals."""
    names = dict(names)
    if isinstance(value, list):
        return [camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, item in value.items():
        head, *tail = name.split("_")
        known = names.get(name, head + "".join(part.title() for part in tail))
        found[known] = item.upper() if name in ENUMS else camel(item)
    return found


def filled(value, known):
    text = json.dumps(value)
    for word, key in known.items():
        text = text.replace(f"{{{word}}}", key)
    return json.loads(text)


async def told(house, client: Client):
    """All rows of an organization, ids by their order, and without moments, hashes and doors."""
    from store.document_tables import metadata  # noqa: PLC0415

    codes = {key: f"act-{code}" for code, key in (await client.accounts()).items()}
    names = {client.organization_id: "org-1"}
    found = {}
    for table, rows in (await contents(house)).items():
        columns = metadata.tables[table].c.keys()
        own = [dict(zip(columns, row, strict=True)) for row in rows]
        found[table] = [
            {name: value for name, value in row.items() if name not in CHANGING}
            for row in own
            if client.organization_id in {row.get("organization_id"), row.get("id")}
        ]
    text = json.dumps(found, default=str)
    for key in sorted({match[1] for match in ID.finditer(text)}):
        prefix = key[:3]
        count = sum(1 for name in names.values() if name.startswith(f"{prefix}-"))
        names[key] = codes.get(key) or names.get(key) or f"{prefix}-{count}"
    text = ID.sub(lambda match: names[match[1]] + (match[2] or ""), text)
    shown = json.loads(MOMENT.sub("then", text))
    return {
        table: sorted(json.dumps(row, sort_keys=True) for row in rows)
        for table, rows in shown.items()
        if table not in {"account", "api_key", "organization"}
    }


async def test_both_doors_leave_the_same_rows_and_events(house, rest_of):
    one, other = await house.organization(), rest_of(await house.organization())
    known = {}
    for client in (one, other.client):
        accounts = await client.accounts()
        known[client] = {"cash": accounts["1000"], "sales": accounts["4000"], "made": ""}
    for document, (method, path, body), names in STEPS:
        values = filled(body, known[one])
        if "{made}" in path:
            values = {"id": known[one]["made"], **values}
        found = await one.ask(document, **camel(values, names))
        known[one]["made"] = found["made"]["id"]
        path, given = filled([path, body], known[other.client])
        answer = await other.ask(method, path, given)
        assert answer.status_code in {200, 201}, answer.text
        known[other.client]["made"] = answer.json()["id"]
    by_graphql, by_rest = await told(house, one), await told(house, other.client)
    assert by_graphql.keys() == by_rest.keys()
    for table, rows in by_graphql.items():
        assert rows == by_rest[table], table
    assert len(by_rest["event"]) > 50


@pytest.mark.parametrize(("operation", "method", "path", "body"), REFUSED)
async def test_both_doors_refuse_for_the_same_reason(
    house, books, rest, operation, method, path, body
):
    accounts = await books.accounts()
    known = {"cash": accounts["1000"], "sales": accounts["4000"]}
    given = filled(body, known)
    values = camel(given, {"type": "accountType"})
    from schema import core  # noqa: PLC0415

    types = core.mutation_type.fields[operation].args
    declared = ", ".join(f"${name}: {types[name].type}" for name in values)
    passed = ", ".join(f"{name}: ${name}" for name in values)
    document = f"mutation ({declared}) {{ {operation}({passed}) {{ id }} }}"
    refusal = await books.refusal(document, **values)
    answer = await rest.ask(method, path, given)
    error = answer.json()["error"]
    assert error["code"] == refusal.reason
    details = {name: value for name, value in error["details"].items() if name != "fields"}
    assert details == refusal.details
