"""What is asked: a GraphQL request, as the body of a POST or the address of a GET carries it.

Only the form is judged here: whether the members are there and of the right type. What the
document says is for the executor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ledger.errors import LedgerError, Reason
from schema.decoding import decode_json

_MOST_PARAMETERS = 100
_MOST_BODIES = 1_000
_LONGEST_BODY = 4_000


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A document, the name of the operation to run when it has several, and its variables.

    Numbers among the variables are as `schema.decoding` reads them. Of the `extensions`, which
    some clients always send, only `"cache": true` is heeded: the answer then says in its own
    whether it was kept.
    """

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    tells_cache: bool = False


class Bodies:
    """Reads the bodies of requests, of which those that come again are read once.

    Only what nobody could change is kept: a request without variables, and no longer than most.
    """

    def __init__(self, most_batched: int) -> None:
        self._most_batched = most_batched
        self._kept: dict[bytes, GraphQLRequest] = {}

    def __call__(self, body: bytes) -> GraphQLRequest | list[GraphQLRequest]:
        """The request, or the requests of a batch; a `LedgerError` when it is none."""
        kept = self._kept.get(body)
        if kept is not None:
            return kept
        asked = from_body(decode_json(body), self._most_batched)
        if isinstance(asked, list) or asked.variables or len(body) > _LONGEST_BODY:
            return asked
        if len(self._kept) >= _MOST_BODIES:
            del self._kept[next(iter(self._kept))]
        self._kept[body] = asked
        return asked


def from_body(value: object, most_batched: int) -> GraphQLRequest | list[GraphQLRequest]:
    """Return the request that a JSON body is, or the requests of a batch in their order.

    A body that is neither an object nor a list of 1 to `most_batched` objects, or that has
    a member of the wrong type, is refused as a whole.
    """
    if not isinstance(value, list):
        return _request(value)
    if not value:
        raise _refusal("The batch is empty.", "Send an object, or a list of at least one.")
    if len(value) > most_batched:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS,
            f"The batch has {len(value):,} requests; {most_batched:,} are allowed.",
            f"Send at most {most_batched:,} requests in one batch.",
            {"allowed": most_batched, "found": len(value)},
        )
    return [_member(position, each) for position, each in enumerate(value)]


def from_query_string(text: bytes) -> GraphQLRequest:
    """Return the request that the address of a GET carries: `query`, `variables` and the rest.

    `variables` and `extensions` are JSON objects, URL-encoded; an empty one is none. Each
    parameter may be given once.
    """
    try:
        pairs = parse_qsl(
            text.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError:
        cause = "The address is not URL-encoded UTF-8, or has too many parameters."
        raise _refusal(cause, "Encode the parameters as encodeURIComponent does.") from None
    parameters: dict[str, object] = dict(pairs)
    if len(parameters) < len(pairs):
        cause = "The address has a parameter more than once."
        raise _refusal(cause, "Give each parameter once.")
    for name in ("variables", "extensions"):
        given = parameters.get(name)
        if isinstance(given, str):
            parameters[name] = decode_json(given.encode(), f"parameter {name}") if given else None
    return _request({**parameters, "operationName": parameters.get("operationName") or None})


def _member(position: int, value: object) -> GraphQLRequest:
    try:
        return _request(value)
    except LedgerError as error:
        raise LedgerError(
            error.reason,
            f"Request {position + 1} of the batch is not well-formed: {error.message}",
            error.suggestion,
            {"index": position},
            error.field,
        ) from None


def _request(value: object) -> GraphQLRequest:
    if not isinstance(value, dict):
        cause = f"A GraphQL request is an object, and this is {_kind(value)}."
        raise _refusal(cause, 'Send {"query": "...", "variables": {...}}.')
    if "query" not in value:
        cause = "The request has no `query`."
        raise _refusal(cause, "Send the GraphQL document as the string `query`.", "query")
    query = value["query"]
    if not isinstance(query, str):
        raise _wrong("query", "a string", query)
    name = value.get("operationName")
    if not (name is None or isinstance(name, str)):
        raise _wrong("operationName", "a string or null", name)
    variables = _mapping(value, "variables")
    extensions = _mapping(value, "extensions") or {}
    return GraphQLRequest(query, name, variables, extensions.get("cache") is True)


def _mapping(value: Mapping[str, Any], member: str) -> dict[str, Any] | None:
    found = value.get(member)
    if found is None or isinstance(found, dict):
        return found
    raise _wrong(member, "an object or null", found)


def _wrong(member: str, expected: str, found: object) -> LedgerError:
    cause = f"`{member}` is {_kind(found)}, and not {expected}."
    return _refusal(cause, f"Send `{member}` as {expected}.", member)


def _kind(value: object) -> str:
    """Return what JSON calls a value of this type."""
    if value is None:
        return "null"
    names = {bool: "a boolean", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")


def _refusal(cause: str, cure: str, field: str | None = None) -> LedgerError:
    return LedgerError(Reason.INVALID_REQUEST, cause, cure, {}, field)
