"""REST and GraphQL under schemathesis: no crash, and no answer that is not documented.

A few examples of each operation here; docs/fuzzing.md says how many were tried at length, and how:
`CRANE_FUZZ_EXAMPLES` and `CRANE_FUZZ_PHASES` make it as long as is wanted, `-s` shows the summary.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from filling import filled
from house import running
from served import ROOT, environment, served

EXAMPLES = int(os.environ.get("CRANE_FUZZ_EXAMPLES", "1"))
PHASES = os.environ.get("CRANE_FUZZ_PHASES", "fuzzing,stateful")
HOUSES = [("sqlite", "true"), ("postgresql", "false")]
"""Each engine, answering at once or by jobs; at length each does both."""
if EXAMPLES > 1:
    HOUSES += [("sqlite", "false"), ("postgresql", "true")]
SEED = "20261120"
HOOKS = Path(__file__).parents[1] / "fuzzing.py"

OURS = "graphql_refusals_are_coded,graphql_answers_are_of_the_schema"
NOT_SAID = "positive_data_acceptance"
"""No document can say that two names exclude each other, that debits equal credits, that an id
exists, or what a document of GraphQL may cost: much that fits the schema must be refused."""
REFUSALS = "not_a_server_error"
"""It takes what GraphQL refuses for a crash; checks of our own stand in for it."""
CONFIG = """
[parameters]
"path.organization_id" = "{organization}"
[auth.openapi.key]
bearer = "{key}"
[generation]
database = ":memory:"
[phases.stateful]
inference = {{ algorithms = [] }}
[phases.stateful.generation]
max-examples = {sequences}
"""


@pytest.fixture
async def books(engine, databases, tmp_path):
    """A database with one of everything in it, its key, and the ids of all that."""
    url = await databases.new(engine)
    async with running(url, files=str(tmp_path)) as house:
        client = await house.organization()
        return url, client.key, await filled(house, client)


async def fuzzed(books, folder, path, *options, config="", **server):
    """The report of a run against a server of its own, in which nothing may be found."""
    url, _, known = books
    (folder / "config.toml").write_text(config)
    report, events = folder / "report.json", folder / "events.ndjson"
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "config.toml", "run"]
    command += ["--max-examples", str(EXAMPLES), "--seed", SEED, "--no-color", "--warnings", "off"]
    command += ["--report-json-path", str(report), "--report-ndjson-path", str(events)]
    hooks = {"SCHEMATHESIS_HOOKS": str(HOOKS), "PYTHONPATH": str(ROOT)}
    given = environment(CRANE_FUZZ_KNOWN=json.dumps(known), **hooks)
    # The server's log goes into a pipe that nobody empties: only a crash may be written there.
    server |= {"CRANE_RATE_LIVE": "0", "CRANE_LOG_LEVEL": "error"}
    server |= {"CRANE_FILES": str(folder), "CRANE_MAILER": str(folder / "mails")}
    with served(url, **server) as started:
        run = await asyncio.to_thread(
            subprocess.run,
            [*command, *options, f"{started.url}{path}"],
            cwd=folder,
            env=given,
            capture_output=True,
            text=True,
            check=False,
        )
        _, log = started.stop()
    asked = requests_of(events)
    print(run.stdout[run.stdout.find("= SUMMARY =") :], asked)  # noqa: T201 (asked for by -s)
    assert (run.returncode, log) == (0, []), run.stdout + run.stderr
    found = json.loads(report.read_text())
    assert (found["complete"], found["failures"], found["errors"]) == (True, [], [])
    assert found["operations"]["tested"] == found["operations"]["total"]
    return asked


def requests_of(events):
    """How many requests were answered in each phase, with which status."""
    found = {}
    for line in events.read_text().splitlines():
        done = json.loads(line).get("ScenarioFinished")
        for each in done["recorder"].get("interactions", {}).values() if done else ():
            counts = found.setdefault(done["phase"], Counter())
            counts[each["response"]["status_code"]] += 1
    return found


@pytest.mark.parametrize(("engine", "direct"), HOUSES)
async def test_rest_answers_every_request_as_its_openapi_says(books, direct, tmp_path):
    _, key, known = books
    config = CONFIG.format(key=key, sequences=5 * EXAMPLES, **known)
    options = ("--phases", PHASES, "--exclude-checks", f"{OURS},{NOT_SAID}")
    asked = await fuzzed(
        books, tmp_path, "/openapi.json", *options, config=config, CRANE_REST_DIRECT=direct
    )
    assert asked.keys() == set(PHASES.split(","))


@pytest.mark.parametrize("engine", [engine for engine, direct in HOUSES if direct == "true"])
async def test_graphql_answers_every_document_as_its_schema_says(books, tmp_path):
    options = ("--phases", "fuzzing", "--exclude-checks", f"{REFUSALS},{NOT_SAID}")
    bearer = ("--header", f"Authorization: Bearer {books[1]}")
    asked = await fuzzed(books, tmp_path, "/graphql", *options, *bearer)
    assert asked.keys() == {"fuzzing"}
