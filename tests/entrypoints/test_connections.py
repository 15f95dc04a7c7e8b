"""What a connection may do besides its heads, on real sockets with short limits."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import pytest
from bare_client import GET, HEAD_ALONE, SHORT, answer, app, connection, until_closed
from tiny_service import KEY, TinyService, serving
from websockets.asyncio.client import connect

from schema.view import WHOLE


@pytest.fixture(scope="module")
def port():
    with serving(app(), SHORT) as opened:
        yield opened


async def test_a_broken_chunk_ends_the_request_that_it_is_in(port):
    async with connection(port) as (reader, writer):
        writer.write(b"POST /read HTTP/1.1\r\nHost: tiny\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"4\r\nbody\r\nZZ\r\n")
        received, _ = await until_closed(reader)
    assert received.startswith(b"HTTP/1.1 400 ")
    assert received.count(b"HTTP/1.1 ") == 1


async def test_headers_after_a_chunked_body_join_no_request(port):
    async with connection(port) as (reader, writer):
        writer.write(
            b"POST /trailed HTTP/1.1\r\nHost: tiny\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"4\r\nbody\r\n0\r\nX-Late: yes\r\n\r\n" + GET
        )
        assert await answer(reader) == (200, b"body None")
        assert await answer(reader) == (200, b"GET 1")


async def test_headers_after_a_chunked_body_have_a_limit(port):
    async with connection(port) as (reader, writer):
        writer.write(b"POST /read HTTP/1.1\r\nHost: tiny\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"4\r\nbody\r\n0\r\n")
        await asyncio.sleep(0.02)
        for _ in range(3):
            writer.write(b"X-Late: " + b"x" * 8_000 + b"\r\n")
            await asyncio.sleep(0.02)
        received, _ = await until_closed(reader)
    assert received.startswith(b"HTTP/1.1 431 ")


async def test_a_body_that_stops_is_answered_with_408():
    with serving(app(body_seconds=0.2), SHORT) as port:
        async with connection(port) as (reader, writer):
            writer.write(b"POST /read HTTP/1.1\r\nHost: tiny\r\nContent-Length: 4\r\n\r\nbo")
            received, seconds = await until_closed(reader)
    assert received.startswith(b"HTTP/1.1 408 ")
    assert 0.1 < seconds < 1


async def test_the_rest_of_a_body_that_nobody_wants_is_waited_for_only_so_long(port):
    async with connection(port) as (reader, writer):
        writer.write(HEAD_ALONE)
        assert await answer(reader) == (200, b"POST 2")
        await asyncio.sleep(0.05)
        writer.write(b"body" + GET)
        assert await answer(reader) == (200, b"GET 1")
    async with connection(port) as (reader, writer):
        writer.write(HEAD_ALONE.replace(b"4", b"400000"))
        assert await answer(reader) == (200, b"POST 2")
        ended = asyncio.create_task(until_closed(reader))
        while not ended.done():
            writer.write(b"x")
            await asyncio.sleep(0.03)
        received, seconds = await ended
    assert received == b""
    assert seconds < 1


@pytest.mark.parametrize("is_announced", [True, False])
async def test_two_megabytes_are_refused_while_they_come_and_the_connection_stays(is_announced):
    service = TinyService()
    body = b" " * 2_000_000
    head = b"POST /graphql HTTP/1.1\r\nHost: tiny\r\nContent-Type: application/json\r\n"
    head += b"Authorization: Bearer " + KEY.encode() + b"\r\n"
    framed = b"Content-Length: 2000000\r\n\r\n" + body
    if not is_announced:
        framed = b"Transfer-Encoding: chunked\r\n\r\n1E8480\r\n" + body + b"\r\n0\r\n\r\n"
    with serving(service.app(), SHORT) as port:
        async with connection(port) as (reader, writer):
            writer.write(head + framed)
            status, refusal = await answer(reader)
            assert (status, b"request_too_large" in refusal) == (413, True)
            writer.write(head + b"Content-Length: 19\r\n\r\n" + b'{"query":"{hello}"}')
            assert await answer(reader) == (200, b'{"data":{"hello":"Hello world"}}')


async def test_a_client_that_does_not_read_its_answer_is_let_go(port):
    async with connection(port) as (reader, writer):
        writer.write(b"GET /endless HTTP/1.1\r\nHost: tiny\r\n\r\n")
        await reader.readexactly(10)
        await asyncio.sleep(0.4)
        async with asyncio.timeout(5):
            with suppress(ConnectionResetError):
                while await reader.read(1_000_000):
                    pass


async def test_a_client_that_reads_slowly_has_its_answer(port):
    async with connection(port) as (reader, writer):
        writer.write(b"GET /endless HTTP/1.1\r\nHost: tiny\r\n\r\n")
        for _ in range(5):
            await asyncio.sleep(0.06)
            await reader.readexactly(6_000_000)


async def test_a_websocket_outlives_the_time_of_a_head(port):
    async with connect(f"ws://127.0.0.1:{port}/talk") as websocket:
        await websocket.send("still here")
        assert await websocket.recv() == "still here"


async def test_the_answers_do_not_name_the_server_and_uvicorn_logs_no_address(port, caplog):
    caplog.set_level(logging.INFO)
    async with connection(port) as (reader, writer):
        writer.write(GET.replace(b"/ ", b"/?secret=1 "))
        head = await reader.readuntil(b"\r\n\r\n")
    assert b"server:" not in head.lower()
    assert b"date:" in head.lower()
    assert all("secret" not in str(each.__dict__) for each in caplog.records)


async def heard(scope, receive, send):
    """Answer with whether the body was said to be there at once, with it, and with the address."""
    whole = scope.get("extensions", {}).get(WHOLE)
    body = b"" if whole is None else whole["body"]
    is_more = whole is None
    while is_more:
        message = await receive()
        body += message["body"]
        is_more = message["more_body"]
    where = f" {scope['path']} {scope['raw_path']} {scope['query_string']}".encode()
    found = (b"whole " if WHOLE in scope.get("extensions", ()) else b"late ") + body + where
    head = [(b"content-length", str(len(found)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": found})


POST = b"POST /a%20b?c=%20 HTTP/1.1\r\nHost: tiny\r\nContent-Length: 4\r\n"
WHERE = b" /a b b'/a%20b' b'c=%20'"


async def test_a_body_is_given_with_its_request_when_both_came_in_one_piece():
    with serving(heard, SHORT) as port:
        async with connection(port) as (reader, writer):
            writer.write(POST + b"\r\nbody" + POST + b"\r\nnext" + POST + b"\r\nla")
            assert await answer(reader) == (200, b"whole body" + WHERE)
            assert await answer(reader) == (200, b"whole next" + WHERE)
            await asyncio.sleep(0.02)
            writer.write(b"st" + POST + b"\r\nmore")
            assert await answer(reader) == (200, b"late last" + WHERE)
            assert await answer(reader) == (200, b"whole more" + WHERE)


async def test_who_waits_to_be_told_to_continue_is_told():
    with serving(heard, SHORT) as port:
        async with connection(port) as (reader, writer):
            writer.write(POST + b"Expect: 100-continue\r\n\r\nbody")
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            assert await answer(reader) == (200, b"late body" + WHERE)


async def test_a_connection_is_quiet_for_all_of_its_time_after_each_answer(port):
    async with connection(port) as (reader, writer):
        for _ in range(4):
            writer.write(GET)
            assert await answer(reader) == (200, b"GET 1")
            await asyncio.sleep(0.12)
        received, seconds = await until_closed(reader)
    assert received == b""
    assert 0.04 < seconds < 0.5


async def test_a_connection_whose_answer_takes_longer_than_it_may_be_quiet_is_kept(port):
    async with connection(port) as (reader, writer):
        writer.write(GET)
        assert await answer(reader) == (200, b"GET 1")
        for _ in range(2):
            writer.write(b"GET /slow HTTP/1.1\r\nHost: tiny\r\n\r\n")
            assert await answer(reader) == (200, b"slow")
        received, seconds = await until_closed(reader)
    assert received == b""
    assert 0.1 < seconds < 1
