"""`crane serve` as a process: what it prints, what it refuses, how it ends."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
import subprocess
import time
from contextlib import closing

import httpx2
import pytest
from served import crane, environment, served

from entrypoints import serving


@pytest.fixture
def path(tmp_path):
    return tmp_path / "books.db"


@pytest.fixture
def url(path):
    return f"sqlite:///{path}"


def asked(server, key):
    query = "{ organization { name isLive transactionsConnection { totalCount } } }"
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx2.post(f"{server.url}/graphql", json={"query": query}, headers=headers)
    return answer.json()["data"]["organization"]


def test_it_says_where_it_listens_answers_logs_json_and_finishes_what_is_under_way(url, path):
    with served(url) as server:
        assert server.lines == [
            f"Crane Ledger listens at {server.url}, its books in {path}.",
            f"  GraphQL      {server.url}/graphql",
            f"  Playground   {server.url}/graphql/playground",
            "There is no organization yet. To make one and get its keys, stop this server and run:",
            '  crane organization create --name "My company" --currency USD',
            "Stop with Ctrl+C.",
        ]
        ready = httpx2.get(f"{server.url}/health/ready")
        assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
        assert "server" not in ready.headers
        assert httpx2.get(f"{server.url}/graphql/playground").status_code == 200
        port = int(server.url.rpartition(":")[2])
        with closing(socket.create_connection(("127.0.0.1", port))) as connection:
            connection.sendall(
                b"POST /graphql HTTP/1.1\r\nHost: crane\r\nContent-Type: application/json\r\n"
                b"Content-Length: 2\r\n\r\n{"
            )
            time.sleep(0.2)
            server.process.terminate()
            time.sleep(0.2)
            connection.sendall(b"}")
            assert connection.recv(1_000).startswith(b"HTTP/1.1 401 ")
        status, log = server.ended()
    assert status == 0
    entries = [json.loads(line) for line in log]
    assert {"level", "logger", "message", "time"} <= set.intersection(*map(set, entries))
    (access,) = [entry for entry in entries if entry.get("path") == "/health/ready"]
    assert (access["logger"], access["status"]) == ("crane.access", 200)
    assert entries[-1]["message"].startswith("Finished server process")


def test_the_keys_of_the_demo_open_its_books_which_no_second_server_gets(url, path):
    with served(url, "--demo") as server:
        live, test = (line.split()[2] for line in server.lines if line.startswith("  Its "))
        books, sandbox = asked(server, live), asked(server, test)
        second = subprocess.run(  # noqa: S603 (ourselves)
            crane("serve", "--port", "0", "--database", url),
            capture_output=True,
            text=True,
            env=environment(),
            timeout=60,
            check=False,
        )
    assert (books["name"], books["isLive"]) == ("Sandhill Coffee Roasters", True)
    assert books["transactionsConnection"]["totalCount"] > 500
    assert (sandbox["isLive"], sandbox["transactionsConnection"]["totalCount"]) == (False, 0)
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == (
        f"Error: {path} is in use by process {server.process.pid}: SQLite serves one process "
        "at a time. Stop that one first, or use PostgreSQL "
        "(CRANE_DATABASE_URL=postgresql://...).\n"
    )


def test_several_workers_share_one_socket_on_postgresql(databases):
    with served(asyncio.run(databases.new("postgresql")), "--workers", "2") as server:
        assert httpx2.get(f"{server.url}/health/ready", timeout=30).status_code == 200
        time.sleep(0.5)
        status, log = server.stop()
    assert status == 0
    messages = [json.loads(line)["message"] for line in log]
    started = {message for message in messages if message.startswith("Started server process")}
    assert len(started) == 2


async def test_what_is_there_after_the_start_is_left_alone_by_the_garbage_collector():
    thresholds = gc.get_threshold()
    try:
        await serving.settle()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == (50_000, 20, 20)
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
