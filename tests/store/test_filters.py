"""The `where` grammar means the same on both engines: what an oracle of a few lines says."""

from __future__ import annotations

import operator
import random
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from entering import BULK, pair

from ledger.currencies import CURRENCIES
from ledger.errors import LedgerError
from ledger.templates import Template
from store import accounts, journal
from store.filters import lowered
from store.pages import Order, Span

ALL = Span(limit=1_000)
WORDS = [
    "",
    "a",
    "A",
    "b",
    "ab",
    "aB",
    "é",
    "É",
    "%",
    "_",
    "ab%",
    "\\",
    "ä",
    "e\u0301",
    "\U0001f3c3",
    "1",
    "10",
]


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "in": lambda value, given: value in given,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "starts_with": lambda value, given: lowered(value).startswith(lowered(given)),
    "contains": lambda value, given: lowered(given) in lowered(value),
}


def compared(value: Any, how: str, given: Any) -> bool:
    """Whether a value, which may be None, compares as a filter says."""
    if how == "is_null":
        return (value is None) is given
    if how in {"ne", "not_in"}:
        return not compared(value, {"ne": "eq", "not_in": "in"}[how], given)
    return value is not None and OPERATORS[how](value, given)


def holds(row: dict[str, Any], where: dict[str, Any]) -> bool:
    """Whether a row fits a filter."""
    return all(
        all(holds(row, part) for part in value)
        if name == "and"
        else any(holds(row, part) for part in value)
        if name == "or"
        else not holds(row, value)
        if name == "not"
        else all(compared(row[name], how, given) for how, given in value.items())
        for name, value in where.items()
    )


def filter_of(draw, fields, value, operators, depth=0):
    """A random filter."""
    if depth < 3 and draw.random() < 0.4:
        inner = [filter_of(draw, fields, value, operators, depth + 1) for _ in range(2)]
        how = draw.choice(("and", "or", "not"))
        return {how: inner[0] if how == "not" else inner}
    how = draw.choice(operators)
    given: Any = value(draw)
    if how in {"in", "not_in"}:
        given = [value(draw) for _ in range(draw.randrange(4))]
    elif how == "is_null":
        given = draw.random() < 0.5
    return {draw.choice(fields): {how: given}}


def read(where: Any, of: Callable[[str], Any]) -> Any:
    """A filter with each of its texts as the oracle compares it."""
    if isinstance(where, dict):
        return {key: read(value, of) for key, value in where.items()}
    if isinstance(where, list):
        return [read(value, of) for value in where]
    return of(where) if isinstance(where, str) else where


def as_stored(text: str) -> str:
    """A text in the form in which it is stored."""
    return unicodedata.normalize("NFC", text)


RANGES = ("eq", "ne", "in", "not_in", "lt", "lte", "gt", "gte", "is_null")


async def test_every_filter_of_texts_lets_through_what_the_oracle_says(house):
    client = await house.organization(template=Template.NONE)
    draw = random.Random(11)  # noqa: S311 (the same each time)
    rows = [
        {
            "code": f"{number}-{draw.choice(WORDS[1:])}",
            "name": f"{draw.choice(WORDS)}x{draw.choice(WORDS)}",
            "description": draw.choice([None, *WORDS]),
        }
        for number in range(40)
    ]
    opening = "mutation Open($of: [AccountInput!]!) { createAccounts(accounts: $of) { id } }"
    await client.ask(opening, of=[{**row, "accountType": "ASSET"} for row in rows])
    found = await house.database.read(
        accounts.listed, client.organization_id, None, Order("code"), ALL
    )
    facts = [
        {"code": each.code, "name": each.name, "description": each.description}
        for each in found.items
    ]
    operators = (*RANGES, "starts_with", "contains")
    for _ in range(80):
        where = filter_of(draw, list(facts[0]), lambda d: d.choice(WORDS), operators)
        expected = sorted(fact["code"] for fact in facts if holds(fact, read(where, as_stored)))
        for asked, codes in (
            (where, expected),
            ({"not": where}, sorted({fact["code"] for fact in facts} - set(expected))),
        ):
            page = await house.database.read(
                accounts.listed, client.organization_id, asked, Order("code"), ALL
            )
            assert [each.code for each in page.items] == codes, asked
            count = await house.database.read(accounts.counted, client.organization_id, asked)
            assert count == len(codes)


async def test_every_filter_of_amounts_compares_decimals_across_currencies(house, books):
    ids = await books.accounts()
    draw = random.Random(12)  # noqa: S311 (the same each time)
    given = []
    for _ in range(60):
        currency = CURRENCIES[draw.choice(("USD", "JPY", "KWD", "CLF"))]
        minor = draw.choice((1, 5, 10, 99, 100, 101, 1_000, 1_500, 10**15))
        amount = str(Decimal(minor).scaleb(-currency.decimals))
        rate = "1" if currency.code == "USD" else "0.0000000001"
        entries = pair(ids["1000"], ids["4000"], f"{Decimal(amount):f}", currency=currency.code)
        if currency.code != "USD":
            entries = [{**entry, "exchangeRate": rate} for entry in entries]
        given.append({"description": "x", "date": "2026-01-05", "entries": entries})
    await books.ask(BULK, transactions=given, post=False)
    page = await house.database.read(
        journal.listed, books.organization_id, None, Order("date"), ALL
    )
    facts = {
        each.id: {"amount": Decimal(each.amount).scaleb(-CURRENCIES[each.currency].decimals)}
        for each in page.items
    }
    assert len(facts) == 60

    def value(draw):
        figures = ("0.01", "0.0001", "0.001", "1", "1.00", "1.5", "0.99", "1.01", "100", "1000")
        return draw.choice(
            (*figures, "-1", "0", "10000000000000", "999999999999999999", "0.00000000001")
        )

    for _ in range(80):
        where = filter_of(draw, ["amount"], value, RANGES)
        expected = {key for key, fact in facts.items() if holds(fact, read(where, Decimal))}
        page = await house.database.read(
            journal.listed, books.organization_id, where, Order("date"), ALL
        )
        assert {each.id for each in page.items} == expected, where


@pytest.mark.parametrize(
    "where",
    [
        {"code": {"eq": None}},
        {"and": [{"code": {"in": None}}]},
    ],
)
async def test_null_is_compared_by_is_null_alone(house, books, where):
    with pytest.raises(LedgerError) as caught:
        await house.database.read(accounts.listed, books.organization_id, where, Order("code"), ALL)
    assert caught.value.suggestion == "Use code: {isNull: true}."
