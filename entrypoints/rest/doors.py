"""Doors: each row of the table with its document, ready to be asked and to answer."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import orjson
from graphql import GraphQLInt, GraphQLList, GraphQLNonNull, get_nullable_type

from entrypoints.rest.documents import Document, Slot, documents
from entrypoints.rest.etags import etag
from entrypoints.rest.names import snake
from entrypoints.rest.reading import Plan
from entrypoints.rest.rendering import Render, answer_type, listed, renderer
from entrypoints.rest.settings import require_setting, setting
from entrypoints.rest.table import HOME, TABLE, Row
from schema.view import Answer, Form

LIMIT, MOST = 20, 100
"""How many items a list has, unless it is told, and at most."""

OK, CREATED, NO_CONTENT = 200, 201, 204
KEY = "key"
_EXPAND = "expand_"
_IN_PATH = re.compile(r"\{(\w+)\}")
_COUNT = GraphQLNonNull(GraphQLInt)
WINDOW = {
    "limit": Slot("limit", _COUNT, is_required=False),
    "offset": Slot("offset", _COUNT, is_required=False),
}
"""What may be given for a list that is answered whole, and shown in part."""

_NOTHING: Mapping[str, str] = {}


class Given(NamedTuple):
    """What a request gives to a document, and what it wants of the answer."""

    variables: dict[str, Any]
    path: Mapping[str, str]
    spelled: Mapping[str, str] = _NOTHING
    limit: int = LIMIT
    offset: int = 0
    is_dry: bool = False


class Reply(NamedTuple):
    """An HTTP answer; `headers` by their names in lower case. A `stream` is sent as it comes."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = _NOTHING
    stream: AsyncIterator[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """A row, its document, and the plan by which the answer is shown.

    `fields` are what the body may hold, or of a read the address, and `takes` is the plan by which
    they are read; `expands` what may be expanded, by the names that callers give, and the variables
    behind them. A list that `has_window` is answered whole, and shown in part.
    """

    row: Row
    document: Document
    render: Render
    in_path: frozenset[str]
    fields: Mapping[str, Slot]
    takes: Plan
    expands: Mapping[str, Slot]
    is_list: bool
    has_window: bool

    @property
    def is_setting(self) -> bool:
        """Whether it is about one setting."""
        return KEY in self.in_path

    def status(self, given: Given) -> int:
        """The status of what was done, or of what was only tried."""
        return OK if given.is_dry and self.row.status == CREATED else self.row.status

    def form(self, given: Given, of: str) -> Form:
        """How an answer to what was given is shown, for an organization by its id."""
        part = (self.row.path, given.path.get(KEY), given.limit, given.offset)
        return Form(part, lambda answer: self._answer(answer, given, of))

    def _answer(self, answer: Answer, given: Given, of: str) -> Answer:
        row = self.row
        more = {name.lower(): value for name, value in answer.headers.items()}
        if row.status == NO_CONTENT:
            return Answer(encoded=b"", headers=more)
        shown = self._shown(answer.body["data"], given, of)
        body = orjson.dumps(shown)
        headers: dict[str, str] = {}
        if row.method == "GET" or (isinstance(shown, dict) and "version" in shown):
            headers["etag"] = etag(body, shown)
        if self.status(given) == CREATED:
            headers["location"] = self._location(shown, given)
        return Answer(encoded=body, headers={**headers, **more})

    def _shown(self, data: Mapping[str, Any], given: Given, of: str) -> Any:
        root = self.document.root
        shown = self.render(data[(root.alias or root.name).value], of)
        if _JOB in self.document.fragments:
            _show_results(shown, of)
        for name in filter(None, self.row.answer.split(".")):
            shown = shown[snake(name)]
        if self.row.keyed:
            shown = self._settings(shown, given, of)
        elif self.row.listed:
            shown = [shown]
        if not isinstance(shown, list):
            return shown
        part: Sequence[Any] = shown
        if self.has_window:
            part = shown[given.offset : given.offset + given.limit]
        more = given.offset + len(part) < len(shown)
        return listed(part, len(shown), has_more=more, cursor=None)

    def _settings(self, shown: Mapping[str, Any], given: Given, of: str) -> Any:
        slots = settings()
        if self.is_setting:
            key = given.path[KEY]
            return setting(key, shown[key], require_setting(key, slots), of)
        return [setting(key, value, slots[key], of) for key, value in shown.items()]

    def _location(self, shown: Mapping[str, Any], given: Given) -> str:
        path = self.row.location or f"{self.row.path}/{{id}}"
        return path.replace("~", HOME, 1).format_map({**shown, "organization_id": given.path[_OF]})


_OF = "organization_id"
_JOB = "Job"


def settings() -> Mapping[str, Slot]:
    """All settings by their keys."""
    slots = documents()["UpdateSettings"].slots
    return {key: slot for key, slot in slots.items() if key not in {"version", "dry_run"}}


@cache
def all_doors() -> Sequence[Door]:
    """The doors of the table, made once for routes, OpenAPI and jobs."""
    known = documents()
    return tuple(door(row, known[row.document]) for row in TABLE)


def _show_results(shown: dict[str, Any], of: str) -> None:
    """Let jobs show what they answered as it would have been answered directly."""
    jobs: list[dict[str, Any]] = shown["data"] if shown["object"] == "list" else [shown]
    for job in jobs:
        if job["result"] is not None:
            job["result"] = _answered(job["result"], of)


def _answered(data: Mapping[str, Any], of: str) -> Any:
    (root,) = data
    door = _writes()[root]
    if door.row.status == NO_CONTENT:
        return None
    return door._shown(data, Given({}, {}), of)  # noqa: SLF001 (of its own kind)


@cache
def _writes() -> Mapping[str, Door]:
    """The doors that a job may have come by, by the name of what it answered."""
    found = {}
    for each in all_doors():
        if not (each.document.is_query or each.is_setting):
            root = each.document.root
            found[(root.alias or root.name).value] = each
    return found


def name_of(door: Door) -> str:
    """The name of an operation: that of its document, of one setting in the singular."""
    name = door.document.name
    return name.removesuffix("s") if door.is_setting else name


def operation_id(door: Door) -> str:
    """The same as OpenAPI has it: `createInvoice`."""
    name = name_of(door)
    return name[0].lower() + name[1:]


def door(row: Row, document: Document) -> Door:
    """A row with its document."""
    in_path = frozenset(_IN_PATH.findall(row.whole_path))
    slots = document.slots
    expands = {n.removeprefix(_EXPAND): s for n, s in slots.items() if n.startswith(_EXPAND)}
    fields = {
        name: slot
        for name, slot in slots.items()
        if name not in in_path and not name.startswith(_EXPAND) and name != "dry_run"
    }
    if row.method == "DELETE":  # it has no body, and its version is the header's
        fields = {}
    kind = get_nullable_type(answer_type(document, row.answer))
    is_connection = getattr(kind, "name", "").endswith("Connection")
    is_list = is_connection or isinstance(kind, GraphQLList) or row.listed
    is_list = is_list or (row.keyed and KEY not in in_path)
    has_window = is_list and "limit" not in slots
    takes = {**fields, **WINDOW} if has_window and document.is_query else fields
    return Door(
        row=row,
        document=document,
        render=renderer(document),
        in_path=in_path,
        fields=fields,
        takes=Plan(takes),
        expands=expands,
        is_list=is_list,
        has_window=has_window,
    )
