"""Loads that are interrupted by force, by processes that are killed on either side."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time

import httpx2
import pytest
from click.testing import CliRunner
from served import crane, environment, served

from entrypoints.cli import main

COUNT = 5_000


@pytest.fixture
def url(engine, databases):
    return asyncio.run(databases.new(engine))


@pytest.fixture
def key(url):
    """The key of an organization with a bare chart."""
    options = ("--name", "Acme", "--currency", "USD", "--chart", "none", "--json")
    made = CliRunner().invoke(main, ["organization", "create", *options, "--database", url])
    return json.loads(made.stdout)["live_key"]


@pytest.fixture
def file(tmp_path):
    """A ledger large enough to be interrupted."""
    accounts = [
        {"code": "1", "name": "Bank", "type": "asset", "currency": "USD"},
        {"code": "4", "name": "Sales", "type": "revenue", "currency": "USD"},
    ]
    (tmp_path / "many.accounts.json").write_text(json.dumps(accounts))
    entries = [
        {"account_code": "1", "entry_type": "debit", "amount": "1.00"},
        {"account_code": "4", "entry_type": "credit", "amount": "1.00"},
    ]
    rows = (
        {"date": "2026-01-05", "description": f"Sale {n}", "entries": entries} for n in range(COUNT)
    )
    path = tmp_path / "many.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def load(file, server, key):
    """`crane load` as a process of its own."""
    return subprocess.Popen(  # noqa: S603 (ourselves)
        crane("load", str(file), "--url", server.url),
        env=environment(CRANE_KEY=key),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def total(server, key):
    """How many transactions there are, and what the trial balance comes to."""
    query = "{ transactionsConnection { totalCount } trialBalance { totalDebits } }"
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx2.post(f"{server.url}/graphql", json={"query": query}, headers=headers).json()
    data = answer["data"]
    return data["transactionsConnection"]["totalCount"], data["trialBalance"]["totalDebits"]


def some_are_there(server, key):
    deadline = time.monotonic() + 30
    while total(server, key)[0] == 0:
        assert time.monotonic() < deadline


def test_killed_loads_and_killed_servers_leave_each_transaction_there_once(url, key, file):
    with served(url) as server:
        killed = load(file, server, key)
        some_are_there(server, key)
        killed.kill()
        killed.communicate()
        time.sleep(0.3)
        before, _ = total(server, key)
        resumed = load(file, server, key)
        while total(server, key)[0] == before:
            assert resumed.poll() is None
        server.kill()
    with served(url, "--port", server.url.rpartition(":")[2]) as server:
        output, errors = resumed.communicate(timeout=60)
        assert resumed.returncode == 0, errors
        assert total(server, key) == (COUNT, f"{COUNT}.00")
    assert 0 < before < COUNT
    assert "Trying again in " in errors
    assert output.startswith(f"Loaded {COUNT - before:,} transactions with ")
    assert f"; {before:,} were there already." in output
    assert CliRunner().invoke(main, ["check", "--database", url]).exit_code == 0
