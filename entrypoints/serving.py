"""Running the server: one process, or on PostgreSQL several, on one socket."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
import ssl
import sys

import uvicorn
from uvicorn.supervisors import Multiprocess

from entrypoints import logs
from entrypoints.connections import ConnectionLimits, EdgeConfig
from settings import Settings

_APPLICATION = "server:application"
_BACKLOG = 2_048
_NEVER_AGAIN = 1_000_000_000


class ServingConfig(EdgeConfig):
    """uvicorn's configuration by our settings; each process makes its own application."""

    def __init__(self, settings: Settings) -> None:
        self._level = settings.log_level.upper()
        limits = ConnectionLimits(
            head_seconds=settings.timeout_head,
            head_bytes=settings.limit_head,
            keep_alive_seconds=settings.timeout_idle,
        )
        super().__init__(
            _APPLICATION,
            limits,
            factory=True,
            loop="uvloop",
            lifespan="on",
            workers=settings.workers,
            backlog=_BACKLOG,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            ssl_certfile=settings.tls_cert or None,
            ssl_keyfile=settings.tls_key or None,
            timeout_graceful_shutdown=settings.timeout_shutdown,
            callback_notify=settle,
            timeout_notify=_NEVER_AGAIN,
        )

    def configure_logging(self) -> None:
        """Write JSON lines; uvicorn asks for it in every process."""
        logs.configure(self._level)


async def settle() -> None:
    """Take what the process consists of out of garbage collection, and collect rarely.

    uvicorn calls it once the server has started. A full collection over all modules and the
    schema would stop every request for a twentieth of a second, again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def require_pair(settings: Settings) -> None:
    """Raise `ValueError` or `OSError` when the certificate and its key are of no use."""
    if bool(settings.tls_cert) != bool(settings.tls_key):
        raise ValueError("a certificate and its private key are needed together")
    if settings.tls_cert:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_cert, settings.tls_key)


def listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on; `OSError` when the address is not to be had."""
    opened = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(_BACKLOG)
    except OSError:
        opened.close()
        raise
    opened.set_inheritable(True)
    return opened


def run(settings: Settings, opened: socket.socket) -> None:
    """Serve until told to stop by SIGINT or SIGTERM; requests under way are finished."""
    config = ServingConfig(settings)
    if settings.workers > 1:
        Multiprocess(config, sockets=[opened]).run()
        return
    # uvicorn repeats the signal when all is closed: an orderly end is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[opened])
