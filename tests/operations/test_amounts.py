"""Amounts and currencies, exact from the wire to the disk and back."""

from __future__ import annotations

import json

import pytest
from entering import CREATE, POST, UPDATE, contents, pair, read, sale, unhealthy
from house import Client
from sqlalchemy import text

MOST = "10000000000000.00"
"""The largest amount in a currency of two decimals: 10^15 minor units."""


@pytest.fixture
async def chart(books: Client) -> dict[str, str]:
    """The ids of the standard chart's accounts by code."""
    return await books.accounts()


async def send(books, body):
    """The answer to a body as it is written, to say how a number is spelled."""
    headers = {"Authorization": f"Bearer {books.key}", "Content-Type": "application/json"}
    response = await books.http.post("/graphql", content=body, headers=headers)
    assert response.status_code < 500, response.text
    return response.json()


def bodies(chart, amount):
    """A body with the amount as a string, as a JSON number, and as a literal in the document."""
    entries = pair(chart["1000"], chart["4000"], "AMOUNT")
    variables = json.dumps({"query": CREATE, "variables": {"entries": entries, "post": True}})
    literal = CREATE.replace("$entries: [LedgerEntryInput!]!,", "").replace(
        "entries: $entries",
        f'entries: [{{accountId: "{chart["1000"]}", entryType: DEBIT, amount: {amount}}},'
        f' {{accountId: "{chart["4000"]}", entryType: CREDIT, amount: {amount}}}]',
    )
    return {
        "string": variables.replace("AMOUNT", amount),
        "number": variables.replace('"AMOUNT"', amount),
        "literal": json.dumps({"query": literal, "variables": {"post": True}}),
    }


async def refused(books, body, reason="invalid_amount"):
    answer = await send(books, body)
    assert not (answer.get("data") or {}).get("createTransaction")
    for error in answer["errors"]:
        assert error["extensions"]["code"] == "VALIDATION_ERROR"
        assert error["extensions"]["reason"] == reason, (body, error)


EXACT = {
    "100": "100.00",
    "0.01": "0.01",
    "0.1": "0.10",
    "123456789012.34": "123456789012.34",
    "9999999999999.99": "9999999999999.99",
    "10000000000000": MOST,
}
REFUSED = [
    "12345678901234567.89",  # exact or refused, and it is more than the limit
    "10000000000000.01",
    "0.001",
    "0",
    "0.00",
    "-1",
    "1e2",
    "1E+2",
    "9" * 400,
    "0." + "0" * 400 + "1",
]
NO_NUMBERS = ["NaN", "Infinity", "1_000", "1,000", "+1", " 1", "\u0661", ""]


async def test_an_amount_is_exact_however_it_is_spelled(books, chart):
    for amount, shown in EXACT.items():
        for body in bodies(chart, amount).values():
            made = (await send(books, body))["data"]["createTransaction"]
            assert (made["amount"], made["baseAmount"]) == (shown, shown)
            assert [entry["amount"] for entry in made["entries"]] == [shown, shown]
            assert await read(books, made["id"]) == made
    assert await unhealthy(books) == []


async def test_what_is_no_amount_is_refused_however_it_is_spelled(house, books, chart):
    before = await contents(house)
    for amount in REFUSED:
        for body in bodies(chart, amount).values():
            await refused(books, body)
    for value in [*map(json.dumps, NO_NUMBERS), "true", "[]", "{}"]:
        await refused(books, bodies(chart, "7")["number"].replace('": 7', f'": {value}'))
    assert await contents(house) == before


async def test_what_is_no_json_number_is_refused_as_such(house, books, chart):
    before = await contents(house)
    for number in ("NaN", "Infinity", "01", "1.", ".5", "1e400", "0x10"):
        body = bodies(chart, "7")["number"].replace('": 7', f'": {number}')
        await refused(books, body, "invalid_request")
    assert await contents(house) == before


async def test_a_currency_has_its_own_decimals(house):
    for currency, amount, too_fine in (("JPY", "1000", "1000.0"), ("KWD", "1.234", "1.2345")):
        books = await house.organization(currency)
        made = await sale(books, amount=amount, post=True)
        assert (made["amount"], made["currency"]) == (amount, {"id": f"CUR_{currency}"})
        accounts = await books.accounts()
        entries = pair(accounts["1000"], accounts["4000"], too_fine)
        refusal = await books.refusal(CREATE, entries=entries)
        assert (refusal.reason, refusal.field) == ("invalid_amount", "entries[0].amount")


async def test_a_foreign_transaction_is_converted_and_allotted_without_a_remainder(books, chart):
    rate = {"exchangeRate": "1.0825"}
    entries = [
        {"accountId": chart["1000"], "entryType": "DEBIT", "amount": "100.00", **rate},
        {"accountId": chart["4000"], "entryType": "CREDIT", "amount": "33.33", **rate},
        {"accountId": chart["4100"], "entryType": "CREDIT", "amount": "66.67", **rate},
    ]
    made = await sale(books, entries=entries, currency="EUR", post=True)
    assert (made["currency"], made["amount"], made["baseAmount"]) == (
        {"id": "CUR_EUR"},
        "100.00",
        "108.25",
    )
    assert [(e["amount"], e["baseAmount"], e["exchangeRate"]) for e in made["entries"]] == [
        ("100.00", "108.25", "1.0825"),
        ("33.33", "36.08", "1.0825"),
        ("66.67", "72.17", "1.0825"),
    ]
    assert await read(books, made["id"]) == made
    assert await unhealthy(books) == []


async def test_a_mixed_transaction_balances_in_base_and_is_summed_in_it(books, chart):
    entries = [
        {
            "accountId": chart["1010"],
            "entryType": "DEBIT",
            "amount": "100.00",
            "currency": "EUR",
            "baseAmount": "108.50",
        },
        {"accountId": chart["1000"], "entryType": "CREDIT", "amount": "108.50"},
    ]
    made = await sale(books, entries=entries, post=True)
    assert (made["currency"], made["amount"]) == ({"id": "CUR_USD"}, "108.50")
    by_currency = await books.ask(
        "query B($id: ID!) { account(id: $id) "
        "{ balances { balance { formatted } baseBalance { formatted } } } }",
        id=chart["1010"],
    )
    assert by_currency["account"]["balances"] == [
        {"balance": {"formatted": "€100.00"}, "baseBalance": {"formatted": "$108.50"}}
    ]
    assert await unhealthy(books) == []


async def test_a_rounding_residue_is_an_entry_of_its_own(books, chart):
    entries = [
        {
            "accountId": chart["1010"],
            "entryType": "DEBIT",
            "amount": "33.33",
            "currency": "EUR",
            "exchangeRate": "1.1",
        },
        {"accountId": chart["1000"], "entryType": "CREDIT", "amount": "36.67"},
    ]
    made = await sale(books, entries=entries, post=True)
    assert [(e["accountId"], e["entryType"], e["baseAmount"]) for e in made["entries"]] == [
        (chart["1010"], "DEBIT", "36.66"),
        (chart["1000"], "CREDIT", "36.67"),
        (chart["7900"], "DEBIT", "0.01"),
    ]
    assert await unhealthy(books) == []


async def test_a_foreign_entry_without_a_rate_is_refused(house, books, chart):
    before = await contents(house)
    entries = pair(chart["1000"], chart["4000"], currency="EUR")
    refusal = await books.refusal(CREATE, entries=entries)
    assert (refusal.code, refusal.reason) == ("VALIDATION_ERROR", "missing_rate")
    assert await contents(house) == before


async def test_a_foreign_draft_keeps_its_entries_when_only_its_text_changes(books, chart):
    entries = pair(chart["1000"], chart["4000"], "33.33", currency="EUR", exchangeRate="1.0825")
    pending = await sale(books, entries=entries)
    changed = (await books.ask(UPDATE, id=pending["id"], description="B"))["updateTransaction"]
    assert changed["entries"] == pending["entries"]
    posted = (await books.ask(POST, id=pending["id"]))["postTransaction"]
    assert posted["entries"] == pending["entries"]
    assert await unhealthy(books) == []


async def test_a_balance_that_could_not_be_kept_exactly_is_refused(house, books, chart):
    await sale(books, amount="1.00", post=True)

    def fill(connection):
        connection.execute(text("UPDATE balance SET debit = 9223372036854775000"))

    await house.database.write(fill)
    before = await contents(house)
    entries = pair(chart["1000"], chart["4000"], "100.00")
    refusal = await books.refusal(CREATE, entries=entries, post=True)
    assert (refusal.code, refusal.reason) == ("VALIDATION_ERROR", "balance_overflow")
    assert await contents(house) == before
    assert await unhealthy(books) == ["balances"]
