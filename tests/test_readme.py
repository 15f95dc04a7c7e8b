"""What the README says, done: its commands, its first transaction, its new operation."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from house import Client
from strawberry.tools import create_type

import schema
from entrypoints.cli import main
from schema import account_operations
from schema.execution import Executor
from schema.limits import Limits
from schema.operation import OPERATIONS
from schema.wiring import wire

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_its_two_lines_are_the_ones_that_were_promised():
    run, test = (block.strip() for block in blocks("sh")[:2])
    assert run.endswith("pip install -e . && .venv/bin/crane serve --demo")
    tested = "'.[test]' && .venv/bin/pytest -n 2 --dist loadfile"
    assert test.endswith(f"pip install -e {tested}")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert ci.strip().endswith(f"pip install -q -e {tested}")


@pytest.mark.parametrize("command", re.findall(r"^\| `crane ([^`]+)` \|", README, re.MULTILINE))
def test_its_commands_and_their_options_exist(command):
    words = [word for word in shlex.split(command.replace("[", " ").replace("]", " ")) if word]
    named = [word for word in words if word.islower() and word.isalpha()]
    path = named[:2] if named[0] in {"organization", "credits"} else named[:1]
    found = CliRunner().invoke(main, [*path, "--help"])
    assert found.exit_code == 0, found.output
    for option in (word for word in words if word.startswith("--")):
        assert option in found.output


async def test_its_first_transaction_is_answered_and_replayed(books):
    command = next(block for block in blocks("sh") if "Idempotency-Key" in block)
    body = json.loads(re.search(r"-d '(.*)'", command, re.DOTALL)[1])
    accounts = await books.accounts()
    first, second = body["variables"]["entries"]
    first["accountId"], second["accountId"] = accounts["1000"], accounts["4000"]
    once = await books.post(body["query"], body["variables"], **{"Idempotency-Key": "sale-1"})
    again = await books.post(body["query"], body["variables"], **{"Idempotency-Key": "sale-1"})
    sale = once.json()["data"]["createTransaction"]
    assert (sale["status"], sale["journalNumber"], sale["amount"]) == ("POSTED", 1, "100.00")
    assert again.json()["data"] == once.json()["data"]
    assert again.headers["idempotent-replay"] == "true"


async def test_its_refusal_reads_as_shown(books):
    shown = json.loads(blocks("json")[0])["errors"][0]
    accounts = await books.accounts()
    refusal = await books.refusal(
        "mutation Sale($entries: [LedgerEntryInput!]!) { createTransaction("
        'description: "Cash sale", date: "2026-01-05", entries: $entries) { id } }',
        entries=[
            {"accountId": accounts["1000"], "entryType": "DEBIT", "amount": "100.00"},
            {"accountId": accounts["4000"], "entryType": "CREDIT", "amount": "90.00"},
        ],
    )
    more = shown["extensions"]
    assert refusal.message == shown["message"]
    assert (refusal.code, refusal.reason) == (more["code"], more["reason"])
    assert (refusal.details, refusal.suggestion) == (more["details"], more["suggestion"])
    assert (refusal.field, refusal.path) == (more["field"], shown["path"])


async def test_the_operation_that_it_adds_works(books: Client, house, monkeypatch):
    function = next(block for block in blocks("python") if "rename_account" in block)
    namespace = vars(account_operations)
    monkeypatch.setitem(OPERATIONS, "renameAccount", None)
    exec(function, namespace)  # noqa: S102 (the README's own words)
    added = namespace.pop("rename_account")
    mutation = create_type("Mutation", [account_operations.create_account, added])
    made = schema.strawberry.Schema(
        schema.Query, mutation, types=schema.NODES, config=schema.CONFIG
    )
    wire(made._schema)
    inside = house.app.house
    inside.executor = Executor(made._schema, inside.database, inside.writer, Limits())
    account = (await books.accounts())["1000"]
    renamed = await books.ask(
        'mutation R($id: ID!) { renameAccount(id: $id, name: "Till") { name } }',
        id=account,
    )
    assert renamed["renameAccount"] == {"name": "Till"}
    assert "@operation(scope: WRITE, credits: 1)" in README
