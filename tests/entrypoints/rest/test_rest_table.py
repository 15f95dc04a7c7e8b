"""The table of REST, walked: every row is asked, on both engines, and answers as OpenAPI says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from asking import key_of
from entering import contents
from filling import filled
from house import running
from jsonschema import Draft202012Validator

from entrypoints.rest.documents import documents
from entrypoints.rest.doors import all_doors, name_of
from entrypoints.rest.examples import bodies
from entrypoints.rest.examples import filled as with_ids
from entrypoints.rest.openapi import openapi
from entrypoints.rest.own import OWN
from entrypoints.rest.table import HOME, TABLE
from ledger.keys import Scope

DOORS = all_doors()
SPEC: dict[str, Any] = json.loads(json.dumps(openapi()))
NEVER = "0000000000000000zzzz"
MARK = re.compile(r"\{(\w+)\}")

OF = {
    "GetAccount UpdateAccount GetAccountBalance ListAccountTransactions": "account",
    "DeleteAccount": "CreateAccount",
    "GetTransaction ReverseTransaction": "transaction",
    "UpdateTransaction PostTransaction": "plan",
    "DeleteTransaction": "CreateTransaction",
    "GetContact GetContactStatement": "customer",
    "UpdateContact": "vendor",
    "EraseContact": "stranger",
    "DeleteContact": "CreateContact",
    "GetInvoice DeliverInvoice RecordInvoicePayment": "invoice",
    "ListInvoicePayments GetInvoiceHistory": "invoice",
    "UpdateInvoice SendInvoice": "draft_invoice",
    "CancelInvoice": "opening_invoice",
    "DeleteInvoice": "CreateInvoice",
    "GetBill RecordBillPayment ListBillPayments GetBillHistory": "bill",
    "UpdateBill ReceiveBill": "draft_bill",
    "CancelBill": "CreateOpeningBill",
    "DeleteBill": "CreateBill",
    "GetCreditNote GetCreditNoteHistory": "credit_note",
    "UpdateCreditNote IssueCreditNote CancelCreditNote": "draft_credit_note",
    "DeleteCreditNote": "CreateCreditNote",
    "GetPayment": "payment",
    "VoidPayment": "CreatePayment",
    "UnapplyCredit": "application",
    "GetCategory UpdateCategory": "category",
    "DeleteCategory": "CreateCategory",
    "GetItem UpdateItem": "item",
    "DeleteItem": "CreateItem",
    "GetTaxRate UpdateTaxRate": "tax_rate",
    "DeleteTaxRate": "CreateTaxRate",
    "GetAttachment DeleteAttachment": "attachment",
    "GetJob PrioritizeJob": "job",
    "CancelJob": "other_job",
    "GetApiKey": "api_key",
    "ChangeApiKey RotateApiKey": "CreateApiKey",
    "RevokeApiKey": "RotateApiKey",
}
"""What the id in the path of a document is of: something that is there, or that a row has made."""

WORDS = {document: word for names, word in OF.items() for document in names.split()}
NEEDED = {"ListAttachments": "?subject_id={invoice}"}
NOT_YET = {name for name, word in WORDS.items() if word[0].isupper()} | {"CancelCreditNote"}
"""Documents that something must be made or issued for before."""


@pytest.fixture
async def house(engine, databases, tmp_path):
    async with running(await databases.new(engine), files=str(tmp_path)) as started:
        yield started


async def everything(house, rest):
    """The ids of what an organization is filled with, and of two jobs that wait."""
    made = await filled(house, rest.client)
    for word in ("job", "other_job"):
        body = with_ids(bodies()["CreateContact"], made)
        queued = await rest.ask("POST", "~/contacts", body, Prefer="respond-async")
        made[word] = queued.json()["data"]["job_id"]
    return made


def ordered():
    """All doors, what makes something before what needs it, and what deletes it last."""
    return sorted(DOORS, key=lambda door: door.row.method == "DELETE")


class Walk:
    """Asks rows with good values, and holds every answer against OpenAPI."""

    def __init__(self, rest, made):
        self.rest = rest
        self.made = dict(made)

    def path(self, door):
        values = {
            "id": self.made.get(WORDS.get(door.document.name, ""), "USD"),
            "key": "invoice_number_prefix",
            "entity_type": "transaction",
            "entity_id": self.made["transaction"],
        }
        path = door.row.path.format(**values) + NEEDED.get(door.document.name, "")
        return path.format(**self.made)

    def body(self, door):
        return with_ids(bodies()[name_of(door)], self.made) if door.row.method != "GET" else None

    async def ask(self, door, *, dry=False, path=None):
        row = door.row
        body = None if row.method in {"GET", "DELETE"} else self.body(door)
        mark = "?dry_run=true" if dry else ""
        answer = await self.rest.ask(row.method, (path or self.path(door)) + mark, body)
        require_described(door, answer)
        if "location" in answer.headers and answer.status_code == 201:
            self.made[door.document.name] = answer.headers["location"].rpartition("/")[2]
        return answer


def require_described(door, answer):
    """Assert that an answer is one that OpenAPI tells of."""
    described = SPEC["paths"][door.row.whole_path][door.row.method.lower()]["responses"]
    status = str(answer.status_code)
    response = described[status if status in described else "default"]
    if "$ref" in response:
        response = SPEC["components"]["responses"][response["$ref"].rpartition("/")[2]]
    if status == "204":
        assert answer.content == b""
        return
    assert answer.headers["content-type"] == "application/json"
    schema = response["content"]["application/json"]["schema"]
    checked = Draft202012Validator({**schema, "components": SPEC["components"]})
    problems = [error.message for error in checked.iter_errors(answer.json())]
    assert problems == [], (door.row, answer.text[:300])


async def test_every_row_is_tried_and_then_done(house, books, rest):
    walk = Walk(rest, await everything(house, rest))
    before = await contents(house)
    for door in ordered():
        if not door.document.is_query and door.document.name not in NOT_YET:
            answer = await walk.ask(door, dry=True)
            assert answer.status_code == (204 if door.row.status == 204 else 200), answer.text
            assert "location" not in answer.headers
    assert await contents(house) == before
    for door in ordered():
        answer = await walk.ask(door)
        assert answer.status_code == door.row.status, (door.row, answer.text)
        assert answer.headers["crane-version"] == "1"
        if answer.status_code == 201:
            found = await rest.ask("GET", answer.headers["location"])
            assert found.status_code == 200, door.row


async def test_every_filter_and_every_expansion_is_taken(house, books, rest):
    made = await everything(house, rest)
    walk = Walk(rest, made)
    values = {
        "string": "x",
        "integer": "1",
        "boolean": "true",
        "date": "2026-01-05",
    }
    special = {
        "contact_id": made["customer"],
        "organization_id": books.organization_id,
        "period": "15m",
    }
    asked = 0
    for door in DOORS:
        if not door.document.is_query:
            continue
        operation = SPEC["paths"][door.row.whole_path]["get"]
        for parameter in operation["parameters"]:
            if parameter["in"] != "query" or parameter["name"] in {"cursor", "subject_id"}:
                continue
            name, schema = parameter["name"], parameter["schema"]
            schema = schema.get("items", schema)
            if "$ref" in schema:
                schema = SPEC["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            is_day = re.search("(from|to|since|as_of|_date)$|^(from|to|due)_", name)
            text = values["date"] if is_day else values[schema.get("type", "string")]
            text = special.get(name, text)
            for given in schema.get("enum", [text]):
                path = walk.path(door)
                path += f"{'&' if '?' in path else '?'}{name}={given}"
                answer = await walk.ask(door, path=path)
                assert answer.status_code == 200, (path, answer.text)
                asked += 1
    assert asked > 300


async def test_an_id_in_the_path_that_names_nothing_is_404_whatever_the_row(house, rest, rest_of):
    walk = Walk(rest, await everything(house, rest))
    theirs = await everything(house, rest_of(await house.organization()))
    before = await contents(house)
    for door in DOORS:
        if "{id}" not in door.row.path:
            continue
        word = WORDS.get(door.document.name, "USD")
        foreign = theirs.get(word, walk.made["account"][:4])
        for key in (foreign[:4] + NEVER, foreign, "x", "%00", "act_" + "x" * 300):
            path = door.row.path.format(id=key)
            answer = await walk.ask(door, path=path)
            if answer.status_code != 404:
                assert word[0].isupper(), (door.row, key, answer.text)
                continue
            assert answer.json()["error"]["code"] == "not_found", (door.row, answer.text)
    assert await contents(house) == before


async def test_another_organization_is_404_and_no_key_401_and_too_small_a_scope_403(
    house, books, rest
):
    made = await everything(house, rest)
    other = await house.organization()
    reader = await key_of(books, house, Scope.READ)
    before = await contents(house)
    for door in DOORS:
        method, path = door.row.method, door.row.whole_path
        values = dict.fromkeys(MARK.findall(path), "x")
        values["organization_id"] = books.organization_id
        keys = {401: None, 404: other.key}
        if not door.document.is_query:
            keys[403] = reader.key
            values["id"] = made.get(WORDS.get(door.document.name, ""), "x")
        if "organization_id" not in path:
            del keys[404]
        for status, key in keys.items():
            headers = {} if key is None else {"Authorization": f"Bearer {key}"}
            body = {}
            if status == 403 and method != "DELETE":
                body = {"json": with_ids(bodies()[name_of(door)], made)}
                values["key"] = "invoice_number_prefix"
            answer = await books.http.request(
                method, path.format(**values), headers=headers, **body
            )
            assert answer.status_code == status, (door.row, answer.text)
            if status == 401:
                assert answer.headers["www-authenticate"] == "Bearer"
    assert await contents(house) == before


PUBLISHED = """
    /organizations: GET
    ~: GET PUT
    ~/accounts: POST GET
    ~/accounts/{id}: GET PUT DELETE
    ~/accounts/{id}/balance: GET
    ~/accounts/{id}/transactions: GET
    ~/transactions: POST GET
    ~/transactions/{id}: GET PUT DELETE
    ~/transactions/{id}/post: POST
    ~/transactions/{id}/reverse: POST
    ~/reports/balance-sheet: GET
    ~/reports/income-statement: GET
    ~/reports/trial-balance: GET
    ~/contacts: POST GET
    ~/contacts/{id}: GET PUT DELETE
    ~/invoices: POST GET
    ~/invoices/{id}: GET PUT DELETE
    ~/invoices/{id}/send: POST
    ~/invoices/{id}/pdf: GET
    ~/invoices/{id}/payments: POST
    ~/invoices/{id}/history: GET
    ~/bills: POST GET
    ~/bills/{id}: GET PUT DELETE
    ~/bills/{id}/receive: POST
    ~/bills/{id}/payments: POST
    ~/bills/{id}/history: GET
    ~/api-keys: POST GET
    ~/api-keys/{id}: GET PUT
    ~/api-keys/{id}/rotate: POST
    /currencies: GET
    /currencies/{id}: GET
    /events/{entity_type}/{entity_id}: GET
    ~/events: GET
"""
"""The paths that documentation shows, of all that there is yet, and their methods."""


def test_every_published_path_has_its_methods():
    served = {(row.path, row.method) for row in TABLE} | {
        (own.path.replace(HOME, "~"), own.method) for own in OWN
    }
    rows = [line.strip().partition(": ") for line in PUBLISHED.strip().splitlines()]
    published = {(path, method) for path, _, methods in rows for method in methods.split()}
    assert published - served == set()
    assert len(published) > 40


def test_every_row_has_a_document_and_every_document_a_row():
    assert {row.document for row in TABLE} == documents().keys()
    assert len({(row.method, row.path) for row in TABLE}) == len(TABLE)
