"""A client that writes what no library would, and the service that it talks to."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager

from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route, Router, WebSocketRoute

from entrypoints.connections import ConnectionLimits
from entrypoints.edge import Edge

SHORT = ConnectionLimits(head_seconds=0.2, keep_alive_seconds=0.2, write_seconds=0.2)
GET = b"GET / HTTP/1.1\r\nHost: tiny\r\n\r\n"
HEAD_ALONE = b"POST / HTTP/1.1\r\nHost: tiny\r\nContent-Length: 4\r\n\r\n"


async def plain(request):
    return PlainTextResponse(f"{request.method} {len(request.headers)}")


async def read(request):
    return PlainTextResponse(await request.body())


async def trailed(request):
    body = await request.body()
    return PlainTextResponse(f"{body.decode()} {request.headers.get('x-late')}")


async def slow(request):
    await asyncio.sleep(0.3)
    return PlainTextResponse("slow")


async def endless(request):
    async def parts():
        while True:
            await asyncio.sleep(0)
            yield b"x" * 100_000

    return StreamingResponse(parts())


async def talk(websocket):
    await websocket.accept()
    await asyncio.sleep(0.4)
    await websocket.send_text(await websocket.receive_text())
    await websocket.close()


def app(**limits):
    routes = [
        Route("/", plain, methods=["GET", "POST"]),
        Route("/read", read, methods=["POST"]),
        Route("/trailed", trailed, methods=["POST"]),
        Route("/slow", slow, methods=["GET", "POST"]),
        Route("/endless", endless),
        WebSocketRoute("/talk", talk),
    ]
    return Edge(Router(routes), **limits)


@asynccontextmanager
async def connection(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def until_closed(reader):
    """All that came until the server closed the connection, and the seconds that it took."""
    began = time.monotonic()
    received = await asyncio.wait_for(reader.read(), 5)
    return received, time.monotonic() - began


async def answer(reader):
    """The status and the body of one answer."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
    return int(head.split()[1]), await reader.readexactly(int(headers[b"content-length"]))
