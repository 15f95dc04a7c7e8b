"""Writing an answer in one piece: its head and its body are two writes of uvicorn's.

Each write is a call to the system, and on a short answer a quarter of what the server does. Here
what is written in one turn of the event loop leaves together at its end.
"""

from __future__ import annotations

import asyncio
from typing import Any

_MOST = 65_536


class Gathering(asyncio.Transport):
    """A transport that holds what is written until the turn ends, or it has become much."""

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.inner = inner
        self._loop = loop
        self._parts: list[Any] = []
        self._size = 0
        self.abort = inner.abort  # type: ignore[method-assign]  # what is held is let go with it
        self.is_closing = inner.is_closing  # type: ignore[method-assign]

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Hold data until the turn ends."""
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)
        self._size += len(data)
        if self._size > _MOST:
            self._flush()

    def close(self) -> None:
        """Send what is held, then close."""
        self._flush()
        self.inner.close()

    def _flush(self) -> None:
        if self._parts:
            parts, self._parts, self._size = self._parts, [], 0
            self.inner.write(parts[0] if len(parts) == 1 else b"".join(parts))
