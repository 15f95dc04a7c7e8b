"""The service compiles a document at its second use, unless it is told not to."""

from __future__ import annotations

import pytest

import schema.execution
from schema import core
from schema.execution import Executor
from schema.requests import GraphQLRequest
from schema.view import ExecuteOptions
from server import limits_of
from settings import Settings

ACCOUNTS = "query Chart($most: Int) { accounts(limit: $most) { id code balance { formatted } } }"
BOTH = ACCOUNTS + " query Other { organization { id } }"


@pytest.fixture
async def asked(house, books, monkeypatch):
    """What a new executor answers, and the names of the operations that it compiled."""
    inside, names = house.app.house, []
    compile_operation = schema.execution.compile_operation

    def noted(known, document, name):
        names.append(name)
        return compile_operation(known, document, name)

    monkeypatch.setattr(schema.execution, "compile_operation", noted)
    caller = await inside.gate.authenticate(f"Bearer {books.key}", "req_x", "graphql")

    def of(**settings):
        chosen = Settings(database_url=house.url, **settings)
        executor = Executor(
            core,
            inside.database,
            inside.writer,
            limits_of(chosen),
            inside.outside,
            compiles=chosen.compiled,
        )

        async def ask(text, name=None, **variables):
            options = ExecuteOptions("req_x", only_queries=False, idempotency_key=None, state={})
            answer = await executor(caller, GraphQLRequest(text, name, variables), options)
            return answer.body

        return ask, names

    return of


async def test_a_document_is_compiled_when_it_comes_again(asked):
    ask, names = asked()
    first = await ask(ACCOUNTS)
    assert names == []
    assert await ask(ACCOUNTS) == first
    assert names == [None]
    assert await ask(ACCOUNTS) == first
    assert names == [None], "it is compiled once"
    assert len((await ask(ACCOUNTS, most=2))["data"]["accounts"]) == 2


async def test_each_operation_of_a_document_is_compiled_for_itself(asked):
    ask, names = asked()
    for name in ("Chart", "Other", "Chart", "Other"):
        assert "errors" not in await ask(BOTH, name)
    assert names == ["Chart", "Other"]


async def test_what_is_refused_is_not_compiled(asked):
    ask, names = asked()
    for _ in range(3):
        assert "errors" in await ask("{ nothing }")
    assert names == []


async def test_nothing_is_compiled_where_that_is_switched_off(asked, monkeypatch):
    monkeypatch.setenv("CRANE_COMPILED", "off")
    ask, names = asked()
    for _ in range(3):
        assert "errors" not in await ask(ACCOUNTS)
    assert names == []


async def test_the_refusal_of_a_compiled_document_is_the_same(asked):
    ask, names = asked()
    text = "query Chart($most: Int) { organization { id } accounts(limit: $most) { id } }"
    bodies = [await ask(text, most=-1) for _ in range(3)]
    assert names == [None]
    assert bodies[0] == bodies[1] == bodies[2]
    [error] = bodies[0]["errors"]
    assert error["path"] == ["accounts"]
    assert error["extensions"]["reason"] == "invalid_value"
    assert bodies[0]["data"] is None
