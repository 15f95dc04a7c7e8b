"""A tiny Stripe: it begins payments over real HTTP, and tells of them, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

KEY = "sk_test_51EXAMPLE"
SECRET = "whsec_EXAMPLE"  # noqa: S105 (of nothing)


class Stripe(ThreadingHTTPServer):
    """The sessions that it has begun, by idempotency key; `does` is how it treats a request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.sessions: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.does = "answers"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def session(self) -> dict[str, Any]:
        """The one session that was begun."""
        (session,) = self.sessions.values()
        return session

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no news."""


class Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stripe

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(parse_qsl(text, strict_parsing=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.path, headers, form))
        if self.server.does == "is silent":
            self.close_connection = True
            return
        if self.server.does == "fails":
            self.answer(500, {"error": {"type": "api_error", "message": "secret inside"}})
        elif headers.get("authorization") != f"Bearer {KEY}":
            self.answer(401, {"error": {"type": "invalid_request_error"}})
        elif self.server.does == "says nothing":
            self.answer(200, {"id": "cs_1", "url": None})
        elif self.server.does == "says anything":
            self.answer(200, ["cs_1"])
        else:
            self.answer(200, self.begin(headers["idempotency-key"], form))

    def begin(self, key: str, form: dict[str, str]) -> dict[str, Any]:
        """The session of an idempotency key: the first one, however often it is asked for."""
        number = len(self.server.sessions) + 1
        amount = form["line_items[0][price_data][unit_amount]"]
        made = {
            "id": f"cs_test_{number}",
            "object": "checkout.session",
            "url": f"https://checkout.stripe.com/c/pay/cs_test_{number}",
            "amount_total": int(amount),
            "currency": form["line_items[0][price_data][currency]"],
            "payment_status": "unpaid",
            "metadata": {
                name: form[f"metadata[{name}]"] for name in ("organization_id", "checkout_id")
            },
        }
        return self.server.sessions.setdefault(key, made)

    def answer(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Request-Id", "req_EXAMPLE")
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def stripe() -> Iterator[Stripe]:
    """It answers until the test is over."""
    with Stripe() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def told(session: dict[str, Any], kind: str = "checkout.session.completed", **more: Any) -> bytes:
    """What Stripe tells of a session, paid unless `more` says otherwise."""
    paid = {**session, "payment_status": "paid", **more}
    event = {"id": "evt_1", "object": "event", "type": kind, "data": {"object": paid}}
    return json.dumps(event, indent=2).encode()


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The header by which Stripe signs what it tells."""
    moment = int(time.time() if at is None else at)
    right = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={moment},v1={right},v0={'0' * 64}"}
