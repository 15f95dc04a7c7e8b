"""The commands of `crane` beside serving, as a shell meets them."""

from __future__ import annotations

import asyncio
import json
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from commands import founded, run
from house import Databases, running
from served import crane
from tiny_service import serving as served_here

from entrypoints import asking, serving
from ledger.keys import is_well_formed
from server import application
from settings import Settings
from store import migrations
from store.engines import open_database

LITTLE = Path(__file__).parents[1] / "ledger" / "little_ledger.json"


@pytest.fixture
def url(engine, databases: Databases):
    """The address of a database with tables and nothing in them."""
    return asyncio.run(databases.new(engine))


@pytest.fixture
def sqlite(databases: Databases):
    return asyncio.run(databases.new("sqlite"))


def asked(url, key, query):
    async def answer():
        async with running(url) as house:
            headers = {"Authorization": f"Bearer {key}"}
            body = {"query": query}
            return (await house.http.post("/graphql", json=body, headers=headers)).json()

    return asyncio.run(answer())["data"]


def test_an_organization_is_made_with_its_sandbox_and_a_key_for_each(url):
    made = founded(url)
    assert list(made) == ["organization_id", "live_key", "test_organization_id", "test_key"]
    query = "{ organization { id name isLive baseCurrency { code } accounts { code } } }"
    for kind, name in (("live", "Acme"), ("test", "Acme (test)")):
        key = made[f"{kind}_key"]
        assert key.startswith(f"cl_{kind}_")
        assert is_well_formed(key)
        found = asked(url, key, query)["organization"]
        assert (found["name"], found["isLive"]) == (name, kind == "live")
        assert found["baseCurrency"] == {"code": "USD"}
        assert len(found["accounts"]) > 30
    assert asked(url, made["live_key"], query)["organization"]["id"] == made["organization_id"]


def test_the_tables_are_made_first_and_the_chart_may_be_bare(databases, engine):
    url = asyncio.run(databases.empty(engine))
    made = founded(url, "--chart", "none")
    found = asked(url, made["live_key"], "{ accounts { code isSystem } }")["accounts"]
    assert {account["isSystem"] for account in found} == {True}
    assert {account["code"][:4] for account in found} == {"SYS-"}


def test_people_are_told_that_the_keys_are_shown_once(sqlite):
    options = ("--name", "Acme", "--currency", "eur", "--database", sqlite)
    status, output, _ = run("organization", "create", *options)
    lines = output.splitlines()
    assert (status, len(lines)) == (0, 4)
    assert lines[0].startswith("Made Acme, org_")
    assert is_well_formed(lines[1].split()[2])
    assert is_well_formed(lines[2].split()[2])
    assert lines[3] == (
        "The keys may do everything in their books, and are shown this once: keep them."
    )


@pytest.mark.parametrize(
    ("name", "currency", "told"),
    [("Acme", "XYZ", "XYZ"), (" ", "USD", "name is blank. Give name a text.")],
)
def test_what_the_ledger_refuses_is_told_with_its_cure(sqlite, name, currency, told):
    options = ("--name", name, "--currency", currency, "--database", sqlite)
    status, output, errors = run("organization", "create", *options)
    assert (status, output) == (1, "")
    assert errors.startswith("Error: ")
    assert told in errors


def test_migrate_brings_the_tables_up_to_date_as_often_as_one_likes(databases, engine):
    url = asyncio.run(databases.empty(engine))

    async def is_current():
        database = open_database(url)
        found = await database.read(migrations.is_current)
        await database.close()
        return found

    for _ in range(2):
        status, output, _ = run(
            "migrate",
            CRANE_DATABASE_URL=url,
        )
        assert status == 0
        assert output.startswith("The tables in ")
        assert output.endswith(" are up to date.\n")
    assert asyncio.run(is_current())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("migrate", "--database", "nonsense"), "Could not parse SQLAlchemy URL"),
        (("migrate", "--database", "oracle://x/y"), "in SQLite or PostgreSQL, not in oracle"),
        (("migrate", "--database", "sqlite://"), "SQLite in memory keeps nothing"),
        (("migrate", "--database", "sqlite:////no/such/folder/x.db"), "No such file or directory"),
        (("migrate", "--database", "postgresql://a:geheim@127.0.0.1:1/x"), "Connect"),
        (("load", LITTLE, "--key", "x", "--url", "localhost"), "begins with http"),
        (("load", LITTLE, "--key", "x", "--url", "http://127.0.0.1:1"), "cannot be reached"),
        (("load", "nowhere.json", "--key", "x"), "does not exist"),
        (("load", LITTLE), "Missing option '--key'"),
        (("serve", "--workers", "2"), "SQLite serves one process at a time"),
        (("serve", "--port", "70000"), "port: Input should be less than or equal to 65535"),
        (("organization", "create", "--name", "x"), "Missing option '--currency'"),
    ],
)
def test_what_cannot_be_done_ends_with_one_sentence_and_no_traceback(monkeypatch, arguments, told):
    monkeypatch.setattr(asking, "_FIRST_DELAYS", (0.001, 0.001))
    status, output, errors = run(*arguments)
    assert status in {1, 2}
    assert output == ""
    assert told in errors
    assert "geheim" not in errors
    assert errors.count("Error: ") == 1


def test_a_setting_of_the_environment_that_cannot_be_used_is_named():
    status, _, errors = run("migrate", CRANE_LOG_LEVEL="loud")
    assert status == 2
    assert "log_level: Input should be 'debug', 'info', 'warning' or 'error'" in errors


def test_a_port_that_is_taken_is_refused_before_anything_else(tmp_path):
    path = tmp_path / "books.db"
    with closing(serving.listening("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, output, errors = run("serve", "--port", port, "--database", f"sqlite:///{path}")
    assert (status, output) == (1, "")
    assert errors == (
        f"Error: Cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "Choose another by --host and --port.\n"
    )
    assert not path.exists()


def test_the_same_command_line_is_there_by_the_server_file():
    command = crane("--help")
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 (ourselves)
    for command in ("check", "load", "migrate", "organization", "serve"):
        assert f"\n  {command} " in told.stdout


def test_a_ledger_is_loaded_and_verified_over_http(url, tmp_path):
    made = founded(url, "--chart", "none")
    app = application(Settings(database_url=url))
    wrong = json.loads(LITTLE.read_text())
    wrong["expected"]["as_of"]["2024-12-31"]["balances"]["1000"] = "450.01"
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    with served_here(app, lifespan="on") as port:
        command = ("--url", f"http://127.0.0.1:{port}", "--key", made["live_key"], "--verify")
        first = run("load", LITTLE, *command)
        again = run("load", LITTLE, *command)
        differs = run("load", tmp_path / "wrong.json", *command)
        denied = run("load", LITTLE, *command[:2], "--key", "cl_live_" + "x" * 36)
    count = len(wrong["transactions"])
    assert first[0] == 0
    lines = first[1].splitlines()
    assert lines[0].startswith(f"Loaded {count} transactions with ")
    assert lines[0].endswith("; 0 were there already.")
    assert lines[1].startswith("Trial balance of ")
    assert lines[2].endswith(" figures: all as expected.")
    assert again[1].startswith("Loaded 0 transactions with 0 entries in ")
    assert f"; {count} were there already." in again[1]
    assert differs[0] == 1
    assert "2024-12-31, balances, 1000: expected 450.01, found 450.00\n" in differs[1]
    assert differs[1].endswith(" figures: 1 differ.\n")
    assert denied[0] == 1
    assert "not an API key of ours" in denied[2]
