"""How REST shows what GraphQL answers: names, dates, enums, currencies, lists."""

from __future__ import annotations

import re

import pytest
from asking import enter
from documenting import customer, issued, paid

from entrypoints.rest.documents import documents
from entrypoints.rest.names import SYNONYMS, also_called, known_as, snake
from entrypoints.rest.rendering import renderer

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
SALE = "2026-01-05: Sale\n    debit 1000 100.00\n    credit 4000 100.00\n"


async def test_an_account_is_shown_as_documented(rest):
    given = {
        "name": "Operating Cash",
        "code": "1001",
        "type": "asset",
        "currency_id": "CUR_EUR",
        "metadata": {"camelCase": {"Type": "ASSET"}, "at": "2026-01-05T00:00:00Z"},
    }
    shown = await rest.post("~/accounts", given)
    for moment in ("created_at", "updated_at"):
        assert INSTANT.fullmatch(shown.pop(moment))
    assert list(shown)[:3] == ["id", "object", "organization_id"]
    assert shown == {
        "id": shown["id"],
        "object": "account",
        "organization_id": rest.client.organization_id,
        "name": "Operating Cash",
        "code": "1001",
        "type": "asset",
        "subtype": None,
        "status": "active",
        "is_active": True,
        "currency": "EUR",
        "currency_id": "CUR_EUR",
        "description": None,
        "parent_id": None,
        "is_system": False,
        "balance": {"debit": "0.00", "credit": "0.00", "net": "0.00", "currency": "USD"},
        "external_id": None,
        "metadata": given["metadata"],
        "version": 1,
    }


async def test_a_transaction_is_shown_with_both_spellings(rest):
    (key,) = await enter(rest.client, SALE)
    shown = await rest.get(f"~/transactions/{key}")
    assert INSTANT.fullmatch(shown["posting_date"])
    for name, value in {
        "object": "transaction",
        "date": "2026-01-05",
        "transaction_date": "2026-01-05",
        "status": "posted",
        "kind": "standard",
        "amount": "100.00",
        "total_debits": "100.00",
        "total_credits": "100.00",
        "currency": "USD",
        "currency_id": "CUR_USD",
        "reference": None,
        "reference_number": None,
        "journal_number": 1,
    }.items():
        assert shown[name] == value, name
    sales = await rest.get(f"~/accounts/{(await rest.accounts())['4000']}")
    moved = {"debit": "0.00", "credit": "100.00", "net": "100.00", "currency": "USD"}
    assert sales["balance"] == moved
    debit, credit = shown["entries"]
    assert debit["id"].startswith("jnl_")
    assert "object" not in debit
    assert (debit["entry_type"], debit["type"], credit["type"]) == ("debit", "debit", "credit")


async def test_a_list_is_an_envelope(rest):
    await enter(rest.client, SALE)
    shown = await rest.get("~/transactions?limit=1")
    assert list(shown) == ["object", "data", "has_more", "total_count", "next_cursor"]
    assert (shown["object"], len(shown["data"]), shown["has_more"]) == ("list", 1, False)
    assert (shown["total_count"], shown["next_cursor"]) == (1, None)
    (own,) = (await rest.get("/organizations"))["data"]
    assert own == await rest.get("~")
    assert own["base_currency"] == {
        "code": "USD",
        "name": "US Dollar",
        "symbol": "$",
        "decimal_places": 2,
    }
    assert "organization_id" not in own


async def test_business_dates_are_plain_and_instants_are_not(rest):
    jane = await customer(rest.client)
    invoice = await issued(rest.client, jane, dueDate="2026-02-09")
    await paid(rest.client, invoice, "40.00")
    shown = await rest.get(f"~/invoices/{invoice}?expand[]=payments&expand[]=contact")
    days = ("invoice_date", "due_date", "posted_on")
    assert [shown[name] for name in days] == ["2026-01-10", "2026-02-09", "2026-01-10"]
    assert INSTANT.fullmatch(shown["issued_at"])
    assert shown["instalments"] == [
        {"date": "2026-02-09", "amount": "100.00", "amount_due": "60.00"}
    ]
    (payment,) = shown["payments"]
    assert (payment["payment_date"], payment["amount"]) == ("2026-01-20", "40.00")
    assert (shown["contact"]["currency"], shown["contact"]["currency_id"]) == (None, None)
    history = (await rest.get(f"~/invoices/{invoice}/history"))["data"]
    assert [each["event"] for each in history][:2] == ["invoice.created", "invoice.sent"]
    assert all(INSTANT.fullmatch(each["at"]) for each in history)
    listed = await rest.get(f"~/invoices/{invoice}/payments?limit=5")
    assert (listed["data"], listed["total_count"]) == ([payment], 1)
    report = await rest.get("~/reports/balance-sheet?as_of=2026-01-31&compare_previous=true")
    assert (report["object"], report["as_of"]) == ("balance_sheet_report", "2026-01-31")
    assert {"previous_balance"} <= report["assets"][0].keys()
    plain = await rest.get("~/reports/balance-sheet?as_of=2026-01-31")
    assert "previous_balance" not in plain["assets"][0]


async def test_settings_are_shown_and_set_one_by_one(rest):
    listed = await rest.get("~/settings?limit=100")
    kinds = {each["key"]: each["data_type"] for each in listed["data"]}
    assert kinds["number_digits"] == "number"
    assert kinds["numbers_by_year"] == "boolean"
    assert kinds["payment_terms"] == "array"
    assert kinds["address"] == "object"
    assert kinds["paper_size"] == kinds["logo_id"] == "string"
    changed = await rest.put("~/settings/invoice_number_prefix", {"value": "R-"})
    assert changed == {
        "object": "setting",
        "organization_id": rest.client.organization_id,
        "key": "invoice_number_prefix",
        "value": "R-",
        "data_type": "string",
    }
    assert await rest.get("~/settings/invoice_number_prefix") == changed
    several = await rest.put("~/settings?dry_run=true", {"paper_size": "letter"})
    assert {"paper_size": "letter"}.items() <= {
        e["key"]: e["value"] for e in several["data"]
    }.items()
    assert (await rest.get("~/settings/paper_size"))["value"] == "a4"
    error = await rest.refused(404, "PUT", "~/settings/colour", {"value": "red"})
    assert (error["code"], list(error["details"]["fields"])) == ("not_found", ["key"])
    error = await rest.refused(400, "PUT", "~/settings/number_digits", {"value": "many"})
    assert list(error["details"]["fields"]) == ["value"]
    error = await rest.refused(400, "PUT", "~/settings/number_digits", {"value": 99})
    assert error["code"] == "invalid_value"


async def test_a_new_key_is_told_once_and_found_by_its_location(rest):
    made = await rest.ask("POST", "~/api-keys", {"name": "Shop", "scope": "write"})
    shown = made.json()
    assert (shown["object"], shown["key"]["scope"]) == ("new_api_key", "write")
    assert shown["secret"].startswith("cl_live_")
    assert made.headers["location"].endswith(f"/api-keys/{shown['key']['id']}")
    assert "secret" not in (await rest.get("~/api-keys"))["data"][0]


async def test_a_bulk_call_says_what_became_of_each(rest):
    accounts = await rest.accounts()
    one = {"description": "Sale", "date": "2026-01-05"}
    lines = [
        {"account_id": accounts["1000"], "type": "debit", "amount": 5},
        {"account_id": accounts["4000"], "type": "credit", "amount": 5},
    ]
    given = [{**one, "entries": lines}, {**one, "entries": lines[:1]}]
    shown = await rest.post(
        "~/transactions/bulk", {"transactions": given, "continue_on_error": True}
    )
    assert (shown["created"], shown["failed"]) == (1, 1)
    good, bad = shown["results"]
    assert (good["transaction"]["date"], good["error"]) == ("2026-01-05", None)
    assert (bad["transaction"], bad["error"]["code"]) == (None, "too_few_entries")


# The plan


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("id", "id"),
        ("invoiceDate", "invoice_date"),
        ("eInvoice", "e_invoice"),
        ("line1", "line1"),
        ("TrialBalanceReport", "trial_balance_report"),
        ("requestId", "request_id"),
    ],
)
def test_names_are_in_snake_case(name, shown):
    assert snake(name) == shown


def test_a_synonym_stands_for_the_first_of_its_names_that_there_is():
    assert known_as("date", {"date", "transaction_date"}) == "date"
    assert known_as("date", {"invoice_date"}) == "invoice_date"
    assert known_as("type", {"entry_type", "amount"}) == "entry_type"
    assert known_as("tax_id", {"tax_number"}) == "tax_number"
    assert known_as("colour", {"color"}) is None
    assert also_called("entry_type", {"entry_type", "amount"}) == ["type"]
    assert also_called("amount", {"amount"}) == []
    for name, meant in SYNONYMS.items():
        assert name not in meant


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("query Odd($id: ID!) { node(id: $id) { id } }", "Node may be several"),
        ("query Odd { organization { ... on OrganizationNode { id } } }", "no inline fragments"),
    ],
)
def test_a_document_that_cannot_be_shown_is_refused_when_it_is_read(tmp_path, text, problem):
    (tmp_path / "odd.graphql").write_text(text)
    with pytest.raises(TypeError, match=problem):
        renderer(documents(tmp_path)["Odd"])


@pytest.mark.parametrize(
    "text", ["{ organization { id } }", "query Odd($id: Nope) { organization(id: $id) { id } }"]
)
def test_a_document_has_a_name_and_types_that_exist(tmp_path, text):
    (tmp_path / "odd.graphql").write_text(text)
    with pytest.raises(ValueError, match=r"has a name|does not exist"):
        documents(tmp_path)
