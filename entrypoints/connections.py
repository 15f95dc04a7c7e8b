"""What uvicorn leaves open on a connection: how long a request's head takes, and how large it is.

uvicorn waits for ever for the rest of a head, for a first byte, and for a client to read its
answer, and takes a head of any size. `EdgeProtocol` is its own protocol with those limits. On
the common path, a whole request in one piece, no timer is set.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from entrypoints.cycles import Cycle
from entrypoints.edge import EVERY_ANSWER, error_answer, new_request_id
from ledger.errors import LedgerError, Reason
from schema.view import WHOLE

logger = logging.getLogger("crane.connections")

_BAD_REQUEST, _TIMED_OUT, _HEAD_TOO_LARGE = 400, 408, 431
_FRAMING = 4
"""What a header's line has besides its name and value: a colon, a blank, its end."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The limits of one connection, in seconds and bytes.

    A new connection has `head_seconds` for its first request's head, and each later head as
    long from its first byte. `write_seconds` is how long a client may leave an answer unread.
    """

    head_seconds: float = 10.0
    head_bytes: int = 16_384
    keep_alive_seconds: float = 5.0
    write_seconds: float = 30.0


class EdgeConfig(uvicorn.Config):
    """uvicorn's configuration with the limits, for one process or many.

    Logs are left as `entrypoints.logs` made them, and the answers do not name the server.
    """

    def __init__(self, app: Any, limits: ConnectionLimits, **options: Any) -> None:
        self.limits = limits
        super().__init__(
            app,
            http=EdgeProtocol,
            timeout_keep_alive=limits.keep_alive_seconds,  # type: ignore[arg-type]  # any number
            log_config=None,
            access_log=False,
            server_header=False,
            **options,
        )


class EdgeProtocol(HttpToolsProtocol):
    """One HTTP connection with limits.

    `_idle_bytes` counts what came in without anything coming of it: part of a head, or the
    trailers and framing of a body. A head that is whole is measured exactly, unless all that it
    can be is little: `_most_head`. `_begun` is the request that began in the piece that is read
    now, and which nobody has seen yet. `_is_over` is set once nothing more is read from the
    connection here, and `_quiet_since` is when its last answer ended.
    """

    config: EdgeConfig

    def __init__(
        self,
        config: EdgeConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        # The edge writes a line of its own, and that one has no query string in it.
        self.access_log = False
        self.url = b""
        self._limits = config.limits
        self._idle_bytes = 0
        self._most_head = 0
        self._is_over = False
        self._begun: Cycle | None = None
        self._quiet_since: float | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        """Start the time of the first head."""
        super().connection_made(transport)
        self._time_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers with the connection."""
        self._stop_head_timer()
        self._stop_write_timer()
        self._stop_quiet_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, and stop the time of the head once a request is under way."""
        if self._is_over:
            return
        self._begun = self._quiet_since = None
        self._idle_bytes += len(data)
        self._most_head = self._idle_bytes
        super().data_received(data)
        self._watch()

    def handle_websocket_upgrade(self) -> None:
        """Leave the connection to the WebSocket protocol, which has its own limits."""
        if not self._is_over:
            self._is_over = True
            self._stop_head_timer()
            self._stop_quiet_timer()
            super().handle_websocket_upgrade()

    def on_headers_complete(self) -> None:
        """Start the request, unless its head is too large."""
        self._idle_bytes = 0
        if self._is_over:
            return
        if self._is_head_too_large():
            self._refuse_head()
            return
        if self.parser.should_upgrade() and self._should_upgrade():
            super().on_headers_complete()
        else:
            self._begin()
        # A chunked body may end with more headers: they must not join those already read.
        self.headers = list(self.headers)

    def _is_head_too_large(self) -> bool:
        most = self._limits.head_bytes
        if self._most_head <= most:
            return False
        return len(self.url) + sum(len(n) + len(v) + _FRAMING for n, v in self.headers) > most

    def _begin(self) -> None:
        """Start the request, as uvicorn does, in a cycle of ours."""
        scope, parser, before = self.scope, self.parser, self.cycle
        version = parser.get_http_version()
        scope["method"] = parser.get_method().decode("ascii")
        scope["http_version"] = version
        scope["path"], scope["raw_path"], query = _address(self.root_path, self.url)
        scope["query_string"] = query
        self.cycle = self._begun = Cycle(
            scope,
            self.transport,
            self.flow,
            self.logger,
            self.access_logger,
            self.access_log,
            self.server_state.default_headers,
            asyncio.Event(),
            self.expect_100_continue,
            version != "1.0" and parser.should_keep_alive(),
            self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._idle_bytes = 0
        if not self._is_over:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._idle_bytes = 0
        if self._is_over:
            return
        super().on_message_complete()
        begun = self._begun
        if begun is not None and begun is self.cycle and not begun.waiting_for_100_continue:
            self.scope["extensions"] = {WHOLE: {"body": bytes(begun.body)}}

    def on_response_complete(self) -> None:
        """Start the request that waits, or the time that the connection may be quiet."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self._quiet_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._time_quiet(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection if it was quiet for all of its time, else see to it later."""
        self.timeout_keep_alive_task = None
        if self._quiet_since is None:
            return
        left = self._quiet_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._time_quiet(left)
        else:
            super().timeout_keep_alive_handler()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP, as every refusal is written."""
        self._refuse(_BAD_REQUEST, msg, "Send HTTP/1.1.")

    def pause_writing(self) -> None:
        """Start the time that a client has to read its answer."""
        super().pause_writing()
        self._write_timer = self.loop.call_later(self._limits.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop the time that a client has to read its answer."""
        self._stop_write_timer()
        super().resume_writing()

    def _watch(self) -> None:
        if self._is_over:
            return
        if self._idle_bytes > self._limits.head_bytes:
            self._refuse_head()
        elif self._is_answering():
            self._stop_head_timer()
        elif self._head_timer is None:
            self._time_head()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _must_finish(self) -> bool:
        """Whether requests before this one still have their answers to come."""
        cycle = self.cycle
        is_received = self._is_answering() and (cycle.response_started or not cycle.more_body)
        return bool(self.pipeline) or is_received

    def _unset_keepalive_if_required(self) -> None:
        """Leave the timer: it looks itself at whether the connection is quiet, and costs less."""

    def _time_quiet(self, seconds: float) -> None:
        later = self.loop.call_later(seconds, self.timeout_keep_alive_handler)
        self.timeout_keep_alive_task = later

    def _stop_quiet_timer(self) -> None:
        super()._unset_keepalive_if_required()

    def _time_head(self) -> None:
        self._head_timer = self.loop.call_later(self._limits.head_seconds, self._head_is_late)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _head_is_late(self) -> None:
        """Close the connection; whoever had begun a head is told why."""
        self._head_timer = None
        if self._idle_bytes == 0:
            self.transport.close()
            return
        cause = f"The head of the request was not whole after {self._limits.head_seconds:g} s."
        self._refuse(_TIMED_OUT, cause, "Send the request again, whole.")

    def _refuse_head(self) -> None:
        cause = f"The head of the request is larger than {self._limits.head_bytes:,} bytes."
        cure = "Send fewer or shorter headers, and a long document by POST."
        self._refuse(_HEAD_TOO_LARGE, cause, cure)

    def _refuse(self, status: int, cause: str, cure: str) -> None:
        """Answer without a request and close; an answer under way is finished instead."""
        self._is_over = True
        self._stop_head_timer()
        if self._must_finish():
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        request_id = new_request_id()
        logger.info(
            "refused", extra={"facts": {"status": status, "cause": cause, "request_id": request_id}}
        )
        refusal = LedgerError(Reason.INVALID_REQUEST, cause, cure)
        path = self.url.partition(b"?")[0].decode("latin-1")
        head, body = error_answer(path, refusal, request_id, status)
        number = (b"x-request-id", request_id.encode())
        headers = [*self.server_state.default_headers, *head["headers"], *EVERY_ANSWER, number]
        lines = b"".join(b"%s: %s\r\n" % pair for pair in headers)
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + body["body"])
        self.transport.close()


@lru_cache(256)
def _address(root: str, url: bytes) -> tuple[str, bytes, bytes]:
    """The path, as text and as it came, and the query string; most requests name the same few."""
    parsed = httptools.parse_url(url)
    path = parsed.path.decode("ascii")
    if "%" in path:
        path = unquote(path)
    return root + path, root.encode("ascii") + parsed.path, parsed.query or b""
