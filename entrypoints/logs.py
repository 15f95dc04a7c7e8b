"""The log: one JSON object a line on standard error, and no key in any of them."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

_KEY = re.compile(r"(cl_(?:live|test)_)[0-9A-Za-z]+", re.IGNORECASE)
_UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.asgi", "uvicorn.access")


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON: time, level, logger, message, its `facts`, its traceback.

    `facts` is a dictionary given as `extra={"facts": {...}}`. Whatever looks like an API key,
    wherever it stands, loses all but its prefix.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        line = _written(entry)
        return _KEY.sub(r"\1...", line) if "cl_" in line.lower() else line


def _written(entry: dict[str, Any]) -> str:
    try:
        return orjson.dumps(entry, default=str).decode()
    except TypeError:
        # Half a character or a very long number: what is odd must not be lost to the log.
        return json.dumps(entry, default=str)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send the records of every logger to one stream, standard error unless another is given.

    uvicorn's loggers lose their own handlers, and its access log is turned off: the edge
    writes one that has no query string in it. Python's warnings are logged too.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for name in _UVICORN:
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = name != "uvicorn.access"
