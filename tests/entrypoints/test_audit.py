"""GraphQL over HTTP as the specification's own audit sees it: npm's `graphql-http`, 61 checks.

The audit is no code of ours: npm fetches it where there is npm, and its hash is pinned here.
Where it cannot be fetched, the last result must still be in the documentation, complete.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from house import running
from tiny_service import serving

from schema import execution
from server import application
from settings import Settings

DOCUMENT = Path(__file__).parents[2] / "docs" / "graphql-http-audit.md"
PACKAGE = "graphql-http@1.23.1"
TARBALL = "graphql-http-1.23.1.tgz"
SHA512 = "h6AcykL7+xp22QvOnK0fu1eHk9AZG1ngF71rk0ZGuGupnjm1yqXRFrZ/eMv4Q1FTCWILJ5o6hVAxzt3S8/wPHQ=="
MODULES = ("lib/audits/server.js", "lib/audits/utils.js", "lib/utils.js")
CHECKS = 61
SECONDS = 60

# The audit knows of no keys, so ours is added to whatever it sends.
SCRIPT = """
const [audits, url, key] = process.argv.slice(2);
const { serverAudits } = require(audits);
const fetchFn = (target, init = {}) =>
  fetch(target, { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` } });
Promise.all(serverAudits({ url, fetchFn }).map((audit) => audit.fn())).then((results) =>
  console.log(JSON.stringify(results.map(({ id, name, status, reason }) =>
    ({ id, name, status, reason })))));
"""
PROSE = f"""# The audit of `/graphql`

The authors of the GraphQL over HTTP specification keep an audit of it, the npm package
`{PACKAGE.replace("@", "` ")}, which sends {CHECKS} requests to a server and judges the answers.
`/graphql` passes {CHECKS} of {CHECKS}. `tests/entrypoints/test_audit.py` runs the audit wherever
there are node and npm, and compares what it says with this page.

| check | what it asks for | result |
| --- | --- | --- |
"""


@contextmanager
def serve(folder, *, compiled):
    """The address of the real application on a new database, and an API key for it."""
    url = f"sqlite+aiosqlite:///{folder / 'audit.db'}"
    key = asyncio.run(founded(url))
    with serving(application(Settings(database_url=url, compiled=compiled)), lifespan="on") as port:
        yield f"http://127.0.0.1:{port}/graphql", key


async def founded(url):
    """The live key of a new organization."""
    async with running(url) as house:
        return (await house.organization()).key


def fetched(folder):
    """The audit's module, unpacked into the folder; None without node or npm, or a network."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    command = [npm, "pack", PACKAGE, "--ignore-scripts", "--prefer-offline"]
    patience = ["--fetch-retries=0", f"--fetch-timeout={SECONDS * 1000 // 2}"]
    try:
        subprocess.run(  # noqa: S603  every word of the command stands in this file
            [*command, *patience], cwd=folder, timeout=SECONDS, check=True, capture_output=True
        )
    except subprocess.SubprocessError:
        return None
    tarball = folder / TARBALL
    assert base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode() == SHA512
    with tarfile.open(tarball) as archive:
        for name in MODULES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(archive.extractfile(f"package/{name}").read())
    return folder / MODULES[0]


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    """The audit, fetched once."""
    return fetched(tmp_path_factory.mktemp("audit"))


def audited(module, folder, *, compiled):
    """What each check came to: its id, its name, its status, and the reason if that is not ok."""
    script = folder / "audit.js"
    script.write_text(SCRIPT, encoding="utf-8")
    with serve(folder, compiled=compiled) as (url, key):
        command = [shutil.which("node"), str(script), str(module), url, key]
        ran = subprocess.run(command, timeout=SECONDS, check=False, capture_output=True)  # noqa: S603  every word of the command stands in this file
    assert ran.returncode == 0, ran.stderr.decode()
    return json.loads(ran.stdout)


def page(results):
    """The documentation of a result."""
    rows = [f"| {each['id']} | {each['name']} | {each['status']} |\n" for each in results]
    return PROSE + "".join(rows)


def test_the_documentation_lists_every_check_as_passed():
    text = DOCUMENT.read_text(encoding="utf-8")
    checks = re.findall(r"^\| (\w{4}) \| (?:MUST|SHOULD|MAY) .+ \| ok \|$", text, re.MULTILINE)
    assert f"`/graphql` passes {CHECKS} of {CHECKS}." in text
    assert len(checks) == len(set(checks)) == CHECKS


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
def test_the_audit_finds_what_the_documentation_says(compiled, module, tmp_path, monkeypatch):
    if module is None:
        return
    monkeypatch.setattr(execution, "_COMPILED_AT", 1)  # the audit asks most things once
    results = audited(module, tmp_path, compiled=compiled)
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == CHECKS
    assert DOCUMENT.read_text(encoding="utf-8") == page(results)
