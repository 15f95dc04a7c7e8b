"""A tiny S3-compatible store, to keep files in over real HTTP."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

NO_SUCH = '<?xml version="1.0"?><Error><Code>{}</Code><Message>None.</Message></Error>'


class Bucket(ThreadingHTTPServer):
    """A store with one bucket; `does` is how it treats every request: answers, fails ..."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Request)
        self.objects = {}
        self.heads = []
        self.does = "answers"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_):
        """A client that went away is no news."""


class Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Bucket

    def log_message(self, *_):
        """Nobody reads it."""

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["x-amz-content-sha256"] == hashlib.sha256(content).hexdigest()
        if self.may_answer():
            self.server.objects[self.path] = content
            self.answer(200)

    def do_GET(self):
        if not self.may_answer():
            return
        if self.path in self.server.objects:
            self.answer(200, self.server.objects[self.path])
        else:
            self.answer(404, NO_SUCH.format("NoSuchKey").encode())

    def do_DELETE(self):
        if self.may_answer():
            self.server.objects.pop(self.path, None)
            self.answer(204)

    def may_answer(self):
        self.server.heads.append(dict(self.headers))
        if self.server.does == "is silent":
            time.sleep(1)
        elif self.server.does == "fails":
            self.answer(500, NO_SUCH.format("InternalError").encode())
        elif self.server.does == "denies":
            self.answer(403, NO_SUCH.format("AccessDenied").encode())
        elif self.server.does == "knows no key":
            self.answer(404, NO_SUCH.format("NoSuchKey").encode())
        elif self.server.does == "breaks off":
            self.answer(200, b"half", length=8)
            self.close_connection = True
        elif not self.path.startswith("/books/"):
            self.answer(404, NO_SUCH.format("NoSuchBucket").encode())
        else:
            return True
        return False

    def answer(self, status, body=b"", length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def bucket_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A store that runs in a thread; boto3 finds credentials for it, and for nothing else."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "anna")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("NO_PROXY", "*")
    with Bucket() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
