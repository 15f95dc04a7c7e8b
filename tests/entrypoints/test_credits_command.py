"""`crane credits`: credits granted and looked at from a shell."""

from __future__ import annotations

import asyncio
import json

import pytest
from click.testing import CliRunner
from commands import founded, run
from crediting import left, metered
from entering import events
from house import Client, running

from entrypoints.cli import main
from store.engines import open_database


@pytest.fixture
def url(engine, databases):
    return asyncio.run(databases.new(engine))


@pytest.fixture
def acme(url):
    """An organization's id and its live key."""
    made = founded(url)
    return made["organization_id"], made["live_key"]


def credits(*arguments):
    status, output, errors = run("credits", *arguments)
    assert (status, errors) == (0, "")
    return output


def test_credits_are_granted_and_shown(url, acme):
    own, _ = acme
    told = credits("grant", own, 1000, "--database", url)
    assert told == f"{own} has 1,000 credits left of 1,000 granted.\n"
    shown = json.loads(credits("show", own, "--json", "--database", url))
    assert shown == {"organization_id": own, "credits_remaining": 1_000, "credits_total": 1_000}
    # However the prefix of the id is spelled.
    upper = own.replace("org_", "ORG_")
    assert credits("show", upper, "--database", url) == told


def test_under_one_reference_they_are_granted_once(url, acme):
    own, _ = acme
    asked = ("grant", own, 500, "--reference", "invoice 7", "--source", "refund", "--json")
    for _ in range(2):
        found = json.loads(credits(*asked, "--database", url))
        assert (found["credits_remaining"], found["credits_total"]) == (500, 500)
    again = ("grant", own, 1, "--reference", "invoice 8", "--json", "--database", url)
    assert json.loads(credits(*again))["credits_total"] == 501


def test_a_grant_is_in_the_history_of_the_organization_and_can_be_spent(url, acme):
    own, key = acme
    credits("grant", own, 3, "--reference", "r", "--database", url)

    async def look():
        async with metered(url) as house:
            client = Client(house.http, key, own)
            contact = 'mutation { createContact(name: "Jane", contactType: CUSTOMER) { id } }'
            await client.ask(contact)
            return await left(client), await events(client, house)

    rest, history = asyncio.run(look())
    assert rest == 2
    (granted,) = [row for row in history if row["type"] == "credits.granted"]
    assert (granted["actor"], granted["protocol"], granted["before"]) == ("cli", "cli", None)
    plain = {name: granted["after"][name] for name in ("credits", "source", "reference")}
    assert plain == {"credits": 3, "source": "manual", "reference": "r"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("grant", "org_nobody", "5"), "There is no organization org_nobody."),
        (("show", "org_nobody"), "There is no organization org_nobody."),
        (("grant", "$own", "0"), "0 credits cannot be granted."),
        (("grant", "$own", "--", "-5"), "-5 credits cannot be granted."),
        (("grant", "$own", "5", "--reference", " "), "reference is blank."),
        (("grant", "$own", "5", "--reference", "x" * 101), "reference has 101 characters"),
    ],
)
def test_what_cannot_be_granted_is_refused_in_a_sentence(url, acme, arguments, told):
    own, _ = acme
    asked = [each.replace("$own", own) for each in arguments]
    # Before what a shell takes for a negative number.
    status, output, errors = run("credits", asked[0], "--database", url, *asked[1:])
    assert (status, output) == (1, "")
    assert errors.startswith(f"Error: {told}")
    assert json.loads(credits("show", own, "--json", "--database", url))["credits_total"] == 0


def test_nothing_is_granted_into_books_that_a_server_has(databases):
    url = asyncio.run(databases.new("sqlite"))
    own = founded(url)["organization_id"]

    async def meanwhile():
        async with running(url):
            ask = asyncio.to_thread
            denied = await ask(run, "credits", "grant", own, "5", "--database", url)
            shown = await ask(run, "credits", "show", own, "--json", "--database", url)
            return denied, shown

    (status, _, errors), (shown_status, output, _) = asyncio.run(meanwhile())
    assert status == 1
    assert "SQLite serves one process at a time" in errors
    assert (shown_status, json.loads(output)["credits_total"]) == (0, 0)


def test_books_that_are_not_there_or_not_up_to_date_are_not_shown(tmp_path):
    url = f"sqlite:///{tmp_path / 'none.db'}"
    status, _, errors = run("credits", "show", "org_1", "--database", url)
    assert (status, "There are no books in" in errors) == (1, True)
    assert not (tmp_path / "none.db").exists()

    async def touch():
        database = open_database(url)
        await database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE a (b)"))
        await database.close()

    asyncio.run(touch())
    status, _, errors = run("credits", "show", "org_1", "--database", url)
    assert (status, "Run: crane migrate" in errors) == (1, True)


def test_a_server_that_could_not_charge_is_not_started(tmp_path):
    prices = tmp_path / "prices.json"
    prices.write_text('{"createTransactoin": 3}')
    url = f"sqlite:///{tmp_path / 'crane.db'}"
    for variables, told in (
        ({"CRANE_PRICES": str(prices)}, "a price for 'createTransactoin'"),
        ({"CRANE_STRIPE_KEY": "sk_1"}, "Stripe needs both its secret key"),
    ):
        runner = CliRunner(env={"CRANE_DATABASE_URL": None, **variables})
        result = runner.invoke(main, ["serve", "--database", url, "--port", "0"])
        assert (result.exit_code, told in result.stderr) == (1, True), result.output
        assert not (tmp_path / "crane.db").exists()
