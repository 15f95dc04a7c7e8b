"""What a client may send and is sent back: the media types of GraphQL over HTTP.

Two types of answer are offered. `application/json` is the older one, and whoever does not ask
for the other gets it: under it every well-formed request is answered with 200, so that a
client does not take our refusal for that of a proxy. Under
`application/graphql-response+json` the status tells whether the document was executed.
"""

from __future__ import annotations

import re
from functools import lru_cache

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"

_WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_REMEMBERED = 256


@lru_cache(_REMEMBERED)
def answer_type(accept: str | None) -> str | None:
    """Return the type of answer that an Accept header asks for; None if we have none it takes.

    The type with the greater weight wins; of equals the one that is named, and when both are
    named, the newer one.
    """
    if accept is None or not accept.strip():
        return JSON
    ranges = dict(_range(each) for each in accept.lower().split(","))
    offers = [(_offer(kind, ranges), kind) for kind in (JSON, GRAPHQL)]
    (weight, *_), kind = max(offers, key=lambda offer: offer[0])
    return kind if weight > 0 else None


def _range(text: str) -> tuple[str, float]:
    """Return a media range and its weight, from 0 to 1; a weight that is none counts as 0."""
    name, *parameters = (part.strip() for part in text.split(";"))
    weights = [each for each in parameters if each.startswith("q=")]
    if not weights:
        return name, 1.0
    match = _WEIGHT.fullmatch(weights[0])
    return name, 0.0 if match is None else float(match[1])


def _offer(kind: str, ranges: dict[str, float]) -> tuple[float, bool, bool]:
    any_type = ranges.get("*/*", 0.0)
    weight = ranges.get(kind, ranges.get("application/*", any_type))
    is_named = kind in ranges
    return weight, is_named, is_named and kind == GRAPHQL


@lru_cache(_REMEMBERED)
def is_json(content_type: str | None) -> bool:
    """Whether a Content-Type header says JSON in UTF-8; a charset that is not given is UTF-8."""
    name, *parameters = (part.strip() for part in (content_type or "").lower().split(";"))
    charsets = [each.partition("=")[2] for each in parameters if each.startswith("charset=")]
    return name == JSON and all(each.strip('"') == "utf-8" for each in charsets)
