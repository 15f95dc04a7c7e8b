"""The log: a JSON object a line, complete, and without keys."""

from __future__ import annotations

import io
import json
import logging
import sys
import warnings

import pytest

from entrypoints.logs import JsonFormatter, configure

LOGGERS = ("", "uvicorn", "uvicorn.error", "uvicorn.asgi", "uvicorn.access", "py.warnings")


@pytest.fixture
def stream():
    """The log of a configured program; the loggers are put back afterwards."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(each, each.handlers, each.propagate, each.level) for each in loggers]
    written = io.StringIO()
    configure("INFO", written)
    yield written
    logging.captureWarnings(capture=False)
    for each, handlers, propagate, level in before:
        each.handlers, each.propagate = handlers, propagate
        each.setLevel(level)


def entries(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_one_line_of_json_with_its_facts(stream):
    facts = {"status": 200, "path": "/a\nb", "operation": "Größe"}
    logging.getLogger("crane.access").info("a %s", "request", extra={"facts": facts})
    (entry,) = entries(stream)
    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "level": "info",
        "logger": "crane.access",
        "message": "a request",
        "status": 200,
        "path": "/a\nb",
        "operation": "Größe",
    }


def test_an_exception_is_logged_with_its_traceback(stream):
    try:
        {}["cl_live_abc"]
    except KeyError:
        logging.getLogger("crane").exception("failed")
    (entry,) = entries(stream)
    assert entry["exception"].startswith("Traceback (most recent call last):\n")
    assert entry["exception"].endswith("KeyError: 'cl_live_...'")


@pytest.mark.parametrize("prefix", ["cl_live_", "cl_test_", "CL_Live_"])
def test_a_key_is_never_written_wherever_it_stands(stream, prefix):
    key = prefix + "0aZ9" * 9
    logger = logging.getLogger("any.library")
    logger.info("Bearer %s!", key, extra={"facts": {"path": f"/{key}/x", key: [key]}})
    assert "0aZ9" not in stream.getvalue()
    (entry,) = entries(stream)
    assert entry["message"] == f"Bearer {prefix}...!"
    assert entry["path"] == f"/{prefix}.../x"


@pytest.mark.parametrize("odd", ["\ud800", 2**70, {1, 2}, b"\xff", object()])
def test_what_json_has_no_word_for_is_written_all_the_same(stream, odd):
    logging.getLogger("crane").info("odd", extra={"facts": {"odd": odd}})
    assert entries(stream)[0]["message"] == "odd"


def test_the_server_s_own_lines_and_warnings_are_json_and_its_access_log_is_off(stream):
    logging.getLogger("uvicorn.error").info("Started")
    logging.getLogger("uvicorn.access").info("GET /?secret=1")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", UserWarning, stacklevel=1)
    assert [entry["logger"] for entry in entries(stream)] == ["uvicorn.error", "py.warnings"]


def test_the_level_is_a_name(stream):
    configure("WARNING", stream)
    logging.getLogger("crane").info("quiet")
    logging.getLogger("crane").warning("loud")
    assert [entry["message"] for entry in entries(stream)] == ["loud"]


def test_the_log_goes_to_standard_error(stream):
    configure()
    (handler,) = logging.getLogger().handlers
    assert handler.stream is sys.stderr
    assert isinstance(handler.formatter, JsonFormatter)
