"""The reference of REST: /openapi.json, and the same as a page to be read at /docs.

The page is made of the OpenAPI document, has no script, and asks nothing of any other host.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import orjson
from starlette.requests import Request

from entrypoints.rest.doors import Reply
from entrypoints.rest.examples import merged
from entrypoints.rest.openapi import JSON, openapi
from entrypoints.rest.parameters import Spec
from entrypoints.rest.routes import Operation, Rooms

HTML = "text/html; charset=utf-8"
_OK = 200
_HERE = Path(__file__).parent
_STYLE = (_HERE / "docs.css").read_text(encoding="utf-8")
_PAGE = Template((_HERE / "docs.html").read_text(encoding="utf-8"))
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "cache-control": "no-cache",
}


def docs_operations() -> Mapping[str, Operation]:
    """The two operations by their paths; nobody needs a key to read what there is."""
    return {
        "/openapi.json": Operation(for_anyone=_spec),
        "/docs": Operation(for_anyone=_page, media_type=HTML),
    }


async def _spec(_request: Request, _rooms: Rooms) -> Reply:
    body = _spec_body()
    return Reply(_OK, body, {"etag": _tag(body), "cache-control": "no-cache"})


async def _page(_request: Request, _rooms: Rooms) -> Reply:
    body = _page_body()
    return Reply(_OK, body, {"etag": _tag(body), **_HEADERS})


@cache
def _spec_body() -> bytes:
    return orjson.dumps(openapi())


@cache
def _page_body() -> bytes:
    return page(openapi()).encode()


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def page(spec: Spec) -> str:
    """The page of an OpenAPI document."""
    by_tag: dict[str, list[str]] = {tag["name"]: [] for tag in spec["tags"]}
    links: dict[str, list[str]] = {tag["name"]: [] for tag in spec["tags"]}
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            tag = operation["tags"][0]
            by_tag[tag].append(_operation(method.upper(), path, operation, spec))
            anchor = escape(operation["operationId"])
            links[tag].append(f'<a href="#{anchor}">{escape(operation["summary"])}</a>')
    return _PAGE.substitute(
        style=_STYLE,
        title=escape(spec["info"]["title"]),
        about=_about(spec["info"]["description"]),
        contents="".join(
            f"<details><summary>{escape(tag)}</summary>{''.join(found)}</details>"
            for tag, found in links.items()
        ),
        operations="".join(
            f"<h2>{escape(tag)}</h2>{''.join(found)}" for tag, found in by_tag.items()
        ),
        words=_words(spec["components"]["schemas"]),
    )


def _words(components: Mapping[str, Any]) -> str:
    """The objects that bodies hold, and the words of closed lists."""
    found = []
    for name, schema in components.items():
        text = f"<p>{_prose(schema.get('description') or '')}</p>"
        if "enum" in schema:
            words = ", ".join(f"<code>{escape(word)}</code>" for word in schema["enum"])
            found.append(f'<section id="{name}"><h3>{name}</h3>{text}<p>{words}</p></section>')
        elif name.endswith("Input"):
            table = _fields("Fields", schema, components)
            found.append(f'<section id="{name}"><h3>{name}</h3>{text}{table}</section>')
    return "".join(found)


def _about(text: str) -> str:
    """The introduction: a paragraph, then a list."""
    first, *items = text.replace("**", "").split("\n- ")
    listed = "".join(f"<li>{_prose(item)}</li>" for item in items)
    return f"<p>{_prose(first)}</p><ul>{listed}</ul>"


def _prose(text: str) -> str:
    """Text with what stands between backticks as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))


def _operation(method: str, path: str, operation: Mapping[str, Any], spec: Spec) -> str:
    scope, price = operation.get("x-scope", "none"), operation.get("x-credits", 0)
    gone = " <em>deprecated</em>" if operation.get("deprecated") else ""
    cost = "free of charge" if price == 0 else f"{price} credit{'s' * (price > 1)}"
    needs = "No key is needed." if "security" in operation else f"Scope {scope}, {cost}."
    return (
        f'<section id="{escape(operation["operationId"])}"><h3>{escape(operation["summary"])}{gone}'
        f'</h3><p class="path"><b>{method}</b> {escape(path)}</p>'
        f"<p>{_prose(operation.get('description', ''))}</p><p class='needs'>{needs}</p>"
        f"{_parameters(operation)}{_body(operation, spec)}{_answers(operation)}</section>"
    )


def _parameters(operation: Mapping[str, Any]) -> str:
    rows = [
        _row(
            each["name"],
            _kind(each["schema"]) + f" in {each['in']}",
            each.get("description", ""),
            is_required=each.get("required", False) and each["in"] != "path",
        )
        for each in operation["parameters"]
    ]
    return _table("Parameters", rows)


def _body(operation: Mapping[str, Any], spec: Spec) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if content is None:
        return ""
    table = _fields("Body", content["schema"], spec["components"]["schemas"])
    return table + _code("Example", content.get("example", {}))


def _fields(title: str, schema: Mapping[str, Any], components: Mapping[str, Any]) -> str:
    """The fields of an object that is sent."""
    whole = merged(schema, components)
    needed = {*whole.get("required", ())}
    for rule in whole.get("rules", ()):
        needed |= {*rule.get("oneOf", [{"required": []}])[0]["required"]}
    rows = [
        _row(name, _kind(inner), inner.get("description", ""), is_required=name in needed)
        for name, inner in whole["properties"].items()
    ]
    return _table(title, rows)


def _answers(operation: Mapping[str, Any]) -> str:
    for status in ("201", "200"):
        content = operation["responses"].get(status, {}).get("content", {}).get(JSON)
        if content is not None:
            return _code(f"Answer {status}", content["example"])
    return ""


def _kind(schema: Mapping[str, Any]) -> str:
    """What a value is, in a word or two, as HTML."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return _kind(schema["anyOf"][0])
    kinds = schema.get("type", "any")
    words = [kinds] if isinstance(kinds, str) else [each for each in kinds if each != "null"]
    if words == ["array"]:
        return f"list of {_kind(schema.get('items', {}))}"
    return " or ".join([schema["format"]] if "format" in schema else words)


def _row(name: str, kind: str, text: str, *, is_required: bool) -> str:
    mark = " <b>required</b>" if is_required else ""
    return (
        f"<tr><td><code>{escape(name)}</code>{mark}</td><td>{kind}</td><td>{_prose(text)}</td></tr>"
    )


def _table(title: str, rows: list[str]) -> str:
    return f"<h4>{title}</h4><table>{''.join(rows)}</table>" if rows else ""


def _code(title: str, value: Any) -> str:
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return f"<details><summary>{title}</summary><pre>{escape(text)}</pre></details>"
