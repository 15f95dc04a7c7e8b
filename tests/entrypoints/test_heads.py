"""How long the head of a request may take and how large it may be, on real sockets."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from bare_client import GET, SHORT, answer, app, connection, until_closed
from tiny_service import serving


@pytest.fixture(scope="module")
def port():
    with serving(app(), SHORT) as opened:
        yield opened


async def test_a_socket_that_says_nothing_is_closed_without_a_word(port):
    async with connection(port) as (reader, _):
        received, seconds = await until_closed(reader)
    assert received == b""
    assert 0.1 < seconds < 1


@pytest.mark.parametrize("begun", [b"G", b"GET / HTTP/1.1\r\nHost: tiny\r\n", b"\r\n"])
async def test_a_head_that_stops_is_closed_with_its_cause(port, begun):
    async with connection(port) as (reader, writer):
        writer.write(begun)
        received, seconds = await until_closed(reader)
    assert received.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    error = json.loads(received.partition(b"\r\n\r\n")[2])["error"]
    assert error["message"] == "The head of the request was not whole after 0.2 s."
    assert error["request_id"].encode() in received.partition(b"\r\n\r\n")[0]
    assert 0.1 < seconds < 1


async def test_a_head_that_drips_has_no_more_time_than_one_that_stops(port):
    async with connection(port) as (reader, writer):
        ended = asyncio.create_task(until_closed(reader))
        for byte in GET:
            if ended.done():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
        received, seconds = await ended
    assert received.startswith(b"HTTP/1.1 408 ")
    assert 0.1 < seconds < 1


async def test_a_connection_kept_open_is_closed_when_idle_or_when_it_drips_blank_lines(port):
    async with connection(port) as (reader, writer):
        writer.write(GET)
        assert await answer(reader) == (200, b"GET 1")
        received, seconds = await until_closed(reader)
        assert received == b""
        assert 0.1 < seconds < 1
    async with connection(port) as (reader, writer):
        writer.write(GET)
        assert await answer(reader) == (200, b"GET 1")
        ended = asyncio.create_task(until_closed(reader))
        while not ended.done():
            writer.write(b"\r\n")
            await asyncio.sleep(0.03)
        assert (await ended)[1] < 1


async def test_many_requests_in_turn_pass_on_one_connection_for_longer_than_one_head_may_take(port):
    async with connection(port) as (reader, writer):
        for _ in range(6):
            writer.write(GET[:20])
            await asyncio.sleep(0.04)
            writer.write(GET[20:])
            assert await answer(reader) == (200, b"GET 1")
            await asyncio.sleep(0.04)


async def test_an_answer_may_take_longer_than_a_head(port):
    async with connection(port) as (reader, writer):
        writer.write(b"GET /slow HTTP/1.1\r\nHost: tiny\r\n\r\n")
        assert await answer(reader) == (200, b"slow")


async def test_requests_sent_at_once_are_answered_in_turn(port):
    async with connection(port) as (reader, writer):
        writer.write(b"GET /slow HTTP/1.1\r\nHost: tiny\r\n\r\n" + GET + GET[:-2])
        assert await answer(reader) == (200, b"slow")
        assert await answer(reader) == (200, b"GET 1")
        writer.write(b"\r\n")
        assert await answer(reader) == (200, b"GET 1")


def head_of(size, name=b"X-Long"):
    return (
        GET[:-2]
        + name
        + b": "
        + b"x" * (size - 4 - len(name) - len(b"/Hosttiny") - 4)
        + b"\r\n\r\n"
    )


async def test_a_head_has_at_most_its_bytes(port):
    async with connection(port) as (reader, writer):
        writer.write(head_of(16_384))
        assert await answer(reader) == (200, b"GET 2")
        writer.write(head_of(16_385))
        received, _ = await until_closed(reader)
    assert received.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    error = json.loads(received.partition(b"\r\n\r\n")[2])["error"]
    assert error["message"] == "The head of the request is larger than 16,384 bytes."


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /" + b"x" * 20_000,
        GET[:-2] + b"X-Long: " + b"x" * 20_000,
        GET[:-2] + b"".join(b"X-%d: y\r\n" % n for n in range(3000)),
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nX-Long: " + b"x" * 20_000 + b"\r\nContent-Length: 4\r\n\r\nbody" + GET,
        b"GET /talk HTTP/1.1\r\nHost: tiny\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
        b"X-Long: " + b"x" * 20_000 + b"\r\n\r\n",
    ],
    ids=["address", "header", "headers", "whole", "with body", "websocket"],
)
async def test_a_head_that_is_too_large_is_refused_before_or_when_it_ends(port, begun):
    async with connection(port) as (reader, writer):
        writer.write(begun)
        received, seconds = await until_closed(reader)
    assert received.count(b"HTTP/1.1 ") == 1
    assert received.startswith(b"HTTP/1.1 431 ")
    assert seconds < 0.15


async def test_a_head_too_large_lets_the_request_before_it_have_its_answer(port):
    async with connection(port) as (reader, writer):
        writer.write(b"POST /slow HTTP/1.1\r\nHost: tiny\r\nContent-Length: 4\r\n\r\nbody")
        writer.write(head_of(20_000))
        received, _ = await until_closed(reader)
    assert received.count(b"HTTP/1.1 ") == 1
    assert received.startswith(b"HTTP/1.1 200 OK")
    assert received.endswith(b"slow")


async def test_two_waiting_requests_before_a_bad_one_have_their_answers(port):
    async with connection(port) as (reader, writer):
        writer.write(b"GET /slow HTTP/1.1\r\nHost: tiny\r\n\r\n" + GET + b"NONSENSE\r\n\r\n")
        received, _ = await until_closed(reader)
    assert received.count(b"HTTP/1.1 200 OK") == received.count(b"HTTP/1.1 ") == 2


async def test_what_is_not_http_is_refused_with_a_code(port):
    async with connection(port) as (reader, writer):
        writer.write(b"NONSENSE\r\n\r\n")
        received, _ = await until_closed(reader)
    assert received.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b'"code":"invalid_request"' in received
    assert b"x-content-type-options: nosniff\r\n" in received


async def test_a_connection_that_is_refused_is_logged(port, caplog):
    caplog.set_level(logging.INFO, "crane.connections")
    async with connection(port) as (reader, writer):
        writer.write(head_of(20_000))
        await until_closed(reader)
    (record,) = [each for each in caplog.records if each.name == "crane.connections"]
    assert record.facts["status"] == 431
    assert record.facts["request_id"].startswith("req_")
