"""Answers in another form than GraphQL's: made once, kept so, and never of a refusal."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asking import key_of
from entering import sale
from house import Client, House

from ledger.keys import Scope
from schema.requests import GraphQLRequest
from schema.view import Answer, ExecuteOptions, Form

CODES = "query C($limit: Int) { accounts(limit: $limit) { code } }"
UNKNOWN = '{ account(id: "act_00000000000000000000") { id } }'


class Maker:
    """A form that counts the answers that it makes."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.made = 0

    def show(self, answer: Answer) -> Answer:
        self.made += 1
        codes = ",".join(each["code"] for each in answer.body["data"]["accounts"])
        return Answer(encoded=f"{self.key}:{codes}".encode(), headers={"made": str(self.made)})


async def asked(
    house: House, client: Client, maker: Maker | None, query: str = CODES, **variables: Any
) -> Answer:
    """The answer of the executor, in a form or in GraphQL's own."""
    rooms = house.app.house
    caller = await rooms.gate.authenticate(f"Bearer {client.key}", "req_1", "rest")
    form = None if maker is None else Form(maker.key, maker.show)
    options = ExecuteOptions("req_1", True, None, {}, form=form)
    return await rooms.executor(caller, GraphQLRequest(query, None, variables), options)


async def test_a_form_is_made_once_for_as_long_as_nothing_moves(house, books):
    maker = Maker("csv")
    found = [await asked(house, books, maker, limit=2) for _ in range(3)]
    assert {answer.json() for answer in found} == {b"csv:1000,1010"}
    assert [answer.headers for answer in found] == [{"made": "1"}] * 3
    await sale(books, post=True)
    moved = await asked(house, books, maker, limit=2)
    assert (moved.json(), moved.headers) == (b"csv:1000,1010", {"made": "2"})


async def test_every_form_of_an_answer_is_another_one(house, books):
    one, other = Maker("one"), Maker("other")
    for _ in range(2):
        assert (await asked(house, books, one, limit=1)).json() == b"one:1000"
        assert (await asked(house, books, other, limit=1)).json() == b"other:1000"
        plain = await asked(house, books, None, limit=1)
        assert plain.body == {"data": {"accounts": [{"code": "1000"}]}}
    assert (one.made, other.made) == (1, 1)


async def test_forms_are_kept_for_each_organization_and_scope(house, books):
    maker = Maker("csv")
    reader = await key_of(books, house, Scope.READ)
    for number, client in enumerate((books, await house.organization(), reader), 1):
        await asked(house, client, maker, limit=1)
        await asked(house, client, maker, limit=1)
        assert maker.made == number


async def test_equal_questions_at_once_share_a_form(house, books):
    maker = Maker("csv")
    found = await asyncio.gather(*(asked(house, books, maker) for _ in range(5)))
    assert maker.made == 1
    assert len({answer.json() for answer in found}) == 1


@pytest.mark.parametrize("times", [1, 3])
async def test_a_refusal_has_the_form_of_graphql(house, books, times):
    maker = Maker("csv")
    for _ in range(times):
        answer = await asked(house, books, maker, UNKNOWN)
        assert answer.body["errors"][0]["extensions"]["reason"] == "not_found"
    assert maker.made == 0
