"""Events as lines of a file, from which alone the chain of hashes can be proved.

A line holds all that its hash is of, in the same order, then the hash of the event before it and
its own. `before` and `after` are the JSON texts that were sealed, letter by letter, also in JSON.

A cell of a table that begins as a formula would (= + - @) has an apostrophe before it: opened in
a spreadsheet it stays a text. Of these columns only `request_id`, which callers may choose, can
begin so, and never with an apostrophe of its own: without the apostrophe it is what was sealed.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from ledger.event_exports import ExportFormat
from ledger.events import Event

COLUMNS = tuple(field.name for field in fields(Event))
_values = attrgetter(*COLUMNS)
_QUOTED = re.compile('[",\r\n]')
_FORMULA = ("=", "+", "-", "@")


def head(form: ExportFormat) -> str:
    """What stands above the first event."""
    return ",".join(COLUMNS) + "\r\n" if form is ExportFormat.CSV else ""


def line(form: ExportFormat, event: Event) -> str:
    """One event, with the end of its line."""
    plain = [_plain(value) for value in _values(event)]
    if form is ExportFormat.CSV:
        return ",".join(map(_cell, plain)) + "\r\n"
    return _json(dict(zip(COLUMNS, plain, strict=True))) + "\n"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    if text.startswith(_FORMULA):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
