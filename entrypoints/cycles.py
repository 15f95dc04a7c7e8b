"""A request and its answer on a connection: uvicorn's own cycle, but with less to do for each.

uvicorn writes the head of an answer before there is anything of its body, and looks through each
header with two regular expressions. Here the head waits for what it leads, as ASGI asks of a
server, so that a short answer is one call to the system; and all headers are looked through once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

_CONTROLS = bytes(range(32)) + b"\x7f"
_NEVER_IN_NAMES = _CONTROLS + b'()<>@,;:[]={} \\"'
_NEVER_IN_VALUES = _CONTROLS.replace(b"\t", b"")
_LENGTH, _ENCODING, _CONNECTION = b"content-length", b"transfer-encoding", b"connection"
_MEANT_FOR_US = frozenset((_LENGTH, _ENCODING, _CONNECTION))
_WITHOUT_BODY = (204, 304)


class Cycle(RequestResponseCycle):
    """One request and its answer, of which the head is sent with the first part of the body."""

    _head = b""
    _says_close = False

    async def send(self, message: Any) -> None:
        """Take the next message of an answer; nothing is sent to a client that has left."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        if kind == "http.response.body" and self.response_started and not self.response_complete:
            self._write(message.get("body", b""), more=message.get("more_body", False))
        elif kind == "http.response.start" and not self.response_started:
            self._begin(message["status"], message.get("headers", ()))
        else:
            raise RuntimeError(f"The ASGI message {kind} came out of turn.")

    def _begin(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.response_started = True
        self.waiting_for_100_continue = False
        lines = [STATUS_LINE[status]]
        names, values = [], []
        for given, value in (*self.default_headers, *headers):
            name = given.lower()
            if name in _MEANT_FOR_US:
                self._heed(name, value)
            names.append(name)
            values.append(value)
            lines += (name, b": ", value, b"\r\n")
        _require_harmless(b"".join(names), b"".join(values))
        if not self.keep_alive and not self._says_close:
            lines.append(b"connection: close\r\n")
        is_framed = self.chunked_encoding is not None or status in _WITHOUT_BODY
        if not is_framed and self.scope["method"] != "HEAD":
            self.chunked_encoding = True
            lines.append(b"transfer-encoding: chunked\r\n")
        lines.append(b"\r\n")
        self._head = b"".join(lines)

    def _heed(self, name: bytes, value: bytes) -> None:
        """Note what a header says of how the body is framed, or of the connection."""
        if name == _LENGTH and self.chunked_encoding is None:
            self.expected_content_length = int(value)
            self.chunked_encoding = False
        elif name == _ENCODING and value.lower() == b"chunked":
            self.expected_content_length = 0
            self.chunked_encoding = True
        elif name == _CONNECTION and b"close" in map(bytes.strip, value.lower().split(b",")):
            self.keep_alive = False
            self._says_close = True

    def _write(self, part: bytes, *, more: bool) -> None:
        if self.scope["method"] == "HEAD":
            self.expected_content_length = 0
            part = b""
        elif self.chunked_encoding:
            part = _chunk(part, more=more)
        else:
            self.expected_content_length -= len(part)
            if self.expected_content_length < 0:
                raise RuntimeError("The body of the answer is longer than its Content-Length.")
        head, self._head = self._head, b""
        self.transport.write(head + part)
        if not more:
            self._end()

    def _end(self) -> None:
        if self.expected_content_length != 0:
            raise RuntimeError("The body of the answer is shorter than its Content-Length.")
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


def _chunk(part: bytes, *, more: bool) -> bytes:
    framed = b"%x\r\n%b\r\n" % (len(part), part) if part else b""
    return framed if more else framed + b"0\r\n\r\n"


def _require_harmless(names: bytes, values: bytes) -> None:
    """Raise `RuntimeError` when a header would end too early, and begin another."""
    if names.translate(None, _NEVER_IN_NAMES) != names:
        raise RuntimeError("A header's name has a character that none may have.")
    if values.translate(None, _NEVER_IN_VALUES) != values:
        raise RuntimeError("A header's value has a character that none may have.")
