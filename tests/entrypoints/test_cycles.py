"""How an answer is written: its head with what it leads, and nothing that breaks out of it."""

from __future__ import annotations

import asyncio
import logging

import pytest
from bare_client import connection, until_closed
from tiny_service import serving
from uvicorn.protocols.http.flow_control import FlowControl

from entrypoints.cycles import Cycle

DATE = (b"date", b"today")


class Wire:
    """A transport that remembers each write."""

    def __init__(self):
        self.written = []
        self.is_closed = False

    def write(self, data):
        self.written.append(data)

    def close(self):
        self.is_closed = True


class Told:
    """A cycle on a wire, and how often it told that it was complete."""

    def __init__(self, method="GET", *, keep_alive=True):
        self.wire = Wire()
        self.ended = 0
        log = logging.getLogger("uvicorn.error")
        flow = FlowControl(self.wire)
        fixed = (self.wire, flow, log, log, False, [DATE], asyncio.Event(), False, keep_alive)
        self.cycle = Cycle({"method": method}, *fixed, self._end)

    def _end(self):
        self.ended += 1

    async def start(self, status=200, *headers):
        message = {"type": "http.response.start", "status": status, "headers": headers}
        await self.cycle.send(message)

    async def body(self, part, *, more=False):
        await self.cycle.send({"type": "http.response.body", "body": part, "more_body": more})


async def test_head_and_body_leave_together():
    told = Told()
    await told.start(200, (b"Content-Length", b"2"), (b"x-a", b"\xe9\tb"))
    assert told.wire.written == []
    await told.body(b"{}")
    head = b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-length: 2\r\nx-a: \xe9\tb\r\n\r\n"
    assert told.wire.written == [head + b"{}"]
    assert (told.ended, told.cycle.response_complete, told.wire.is_closed) == (1, True, False)


async def test_a_body_of_unknown_length_is_sent_in_chunks_as_they_come():
    told = Told()
    await told.start()
    await told.body(b"ab" * 9, more=True)
    await told.body(b"", more=True)
    await told.body(b"c")
    first, empty, last = told.wire.written
    assert first.endswith(b"\r\ntransfer-encoding: chunked\r\n\r\n12\r\n" + b"ab" * 9 + b"\r\n")
    assert (empty, last) == (b"", b"1\r\nc\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    ("method", "status", "headers", "framed"),
    [
        ("HEAD", 200, [(b"content-length", b"9")], b"content-length: 9\r\n"),
        ("HEAD", 200, [], b""),
        ("GET", 204, [], b""),
        ("GET", 304, [], b""),
    ],
)
async def test_an_answer_without_a_body_is_its_head(method, status, headers, framed):
    told = Told(method)
    await told.start(status, *headers)
    await told.body(b"")
    (written,) = told.wire.written
    assert written.partition(b"date: today\r\n")[2] == framed + b"\r\n"
    assert told.ended == 1


@pytest.mark.parametrize(
    ("keep_alive", "headers"),
    [
        (False, []),
        (True, [(b"connection", b"Upgrade, CLOSE")]),
        (False, [(b"connection", b"close")]),
    ],
)
async def test_the_last_answer_of_a_connection_says_so_once_and_ends_it(keep_alive, headers):
    told = Told(keep_alive=keep_alive)
    await told.start(204, *headers)
    await told.body(b"")
    assert told.wire.written[0].lower().count(b"connection: ") == 1
    assert b"close" in told.wire.written[0].lower()
    assert told.wire.is_closed


@pytest.mark.parametrize(
    "header", [(b"x-a", b"1\r\nset-cookie: b"), (b"x-a", b"\x00"), (b"x a", b"1"), (b"x:\n", b"1")]
)
async def test_no_header_can_begin_another(header):
    told = Told()
    with pytest.raises(RuntimeError, match="that none may have"):
        await told.start(200, header)
    assert told.wire.written == []


@pytest.mark.parametrize("part", [b"", b"abc"])
async def test_a_body_is_as_long_as_it_was_said_to_be(part):
    told = Told()
    await told.start(200, (b"content-length", b"2"))
    with pytest.raises(RuntimeError, match="than its Content-Length"):
        await told.body(part)
    assert not told.cycle.response_complete


async def test_messages_come_in_turn():
    told = Told()
    with pytest.raises(RuntimeError, match="out of turn"):
        await told.body(b"")
    await told.start(204)
    with pytest.raises(RuntimeError, match="out of turn"):
        await told.start(204)
    await told.body(b"")
    with pytest.raises(RuntimeError, match="out of turn"):
        await told.body(b"")
    assert told.ended == 1


async def test_nothing_is_written_to_a_client_that_has_left():
    told = Told()
    await told.start(204)
    told.cycle.disconnected = True
    await told.body(b"")
    assert told.wire.written == []


async def test_an_application_that_fails_is_answered_or_its_connection_ended():
    async def app(scope, receive, send):
        if scope["path"] == "/late":
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    async def received(port, path):
        async with connection(port) as (reader, writer):
            writer.write(b"GET %b HTTP/1.1\r\nHost: tiny\r\n\r\n" % path)
            return (await until_closed(reader))[0]

    with serving(app) as port:
        assert (await received(port, b"/soon")).startswith(b"HTTP/1.1 500 ")
        assert await received(port, b"/late") == b""
