"""OpenAPI 3.1 of all operations, made of the same table and the same documents that run them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from entrypoints.rest.components import HEADERS, common, errors, responses
from entrypoints.rest.doors import (
    CREATED,
    LIMIT,
    MOST,
    NO_CONTENT,
    Door,
    all_doors,
    name_of,
    operation_id,
)
from entrypoints.rest.errors import Words
from entrypoints.rest.examples import bodies, example, filled
from entrypoints.rest.links import links
from entrypoints.rest.own import OWN, Own
from entrypoints.rest.parameters import Spec, in_address, in_path, parameters
from entrypoints.rest.rendering import answer_type
from entrypoints.rest.routes import VERSION
from entrypoints.rest.schemas import Schemas
from entrypoints.rest.table import HOME
from schema.operation import OPERATIONS

JSON = "application/json"

ABOUT = f"""Double-entry books over REST. Every operation runs a GraphQL document of the same
service, by the same rules.

- **Keys**: `Authorization: Bearer cl_live_...`, or `cl_test_...` for the sandbox.
- **Versions**: every path is also there below `/v{VERSION}`; answers say `Crane-Version`.
- **Amounts** are strings with the currency's decimals (`"100.00"`); JSON numbers are taken too, and
  never pass through a float. **Dates** are plain: `2026-01-15`.
- **Lists** take `limit` ({LIMIT}, at most {MOST}) with `cursor` or `offset`, and `sort`.
- **Writes** take `Idempotency-Key` (one effect, one answer, for 24 hours) and `dry_run=true` (all
  checks, the same answer, nothing stored). A PUT is partial: what is absent stays, null clears.
- **ETags** are `"<version>-<hash>"`: send one as `If-None-Match` to read again, or as `If-Match` to
  change what you have read and nothing newer; a stale one is 409 `version_conflict`.
- **Unknown** fields and parameters are refused by name; `details.fields` names all that is wrong.
"""


def openapi() -> Spec:
    """The whole document, as JSON can write it."""
    schemas = Schemas()
    paths: dict[str, Spec] = {}
    doors = all_doors()
    for door in doors:
        made = _operation(door, schemas, doors)
        paths.setdefault(door.row.whole_path, {})[door.row.method.lower()] = made
    for own in OWN:
        paths.setdefault(own.path, {})[own.method.lower()] = _own(own, schemas)
    components = dict(sorted({**schemas.components, **common()}.items()))
    _show_answers(paths, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Crane Ledger",
            "version": VERSION,
            "summary": "A headless accounting service.",
            "description": ABOUT,
        },
        "servers": [{"url": "/"}, {"url": f"/v{VERSION}"}],
        "security": [{"key": []}],
        "tags": [{"name": each} for each in dict.fromkeys(map(_tag, paths))],
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": responses(),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(door: Door, schemas: Schemas, doors: Sequence[Door]) -> Spec:
    document, row = door.document, door.row
    field = document.parent.fields[document.root.name.value]
    text = Words(document.arguments).of_text(field.description) or ""
    about = OPERATIONS[document.root.name.value]
    name = name_of(door)
    found: Spec = {
        "operationId": operation_id(door),
        "tags": [_tag(row.whole_path)],
        "summary": _title(name),
        "description": text.replace("\n", " "),
        "parameters": parameters(door, schemas),
        "x-scope": about.scope.value,
        "x-credits": about.credits,
    }
    if door.fields and not document.is_query:
        found |= _body(door, schemas)
    if row.deprecated is not None:
        found["deprecated"] = True
    return found | {"responses": _responses(door, schemas, doors)}


def _body(door: Door, schemas: Schemas) -> Spec:
    if door.is_setting:
        schema: Spec = {
            "type": "object",
            "properties": {"value": {}, "version": {"type": ["integer", "null"]}},
            "required": ["value"],
            "additionalProperties": False,
        }
    else:
        schema = schemas.object_of(door.fields)
    name = name_of(door)
    schemas.components[f"{name}Body"] = schema
    content: Spec = {"schema": {"$ref": f"#/components/schemas/{name}Body"}}
    if name in bodies():
        content["example"] = filled(bodies()[name])
    needed = any(slot.is_required for slot in door.fields.values()) or door.is_setting
    return {"requestBody": {"required": needed, "content": {JSON: content}}}


def _responses(door: Door, schemas: Schemas, doors: Sequence[Door]) -> Spec:
    document, row = door.document, door.row
    found: Spec = {}
    if row.status == NO_CONTENT:
        found["204"] = {"description": "It is gone."}
    else:
        kind = answer_type(document, "")
        schema = schemas.answered(document.fragments, kind, [document.root])
        content = {JSON: {"schema": _perhaps_queued(door, _shown(door, schema, schemas))}}
        etag = {"ETag": HEADERS["ETag"]}
        found["200"] = {"description": "As asked.", "headers": etag, "content": content}
        if row.status == CREATED:
            tried = {"description": "It was only tried.", "content": {JSON: dict(content[JSON])}}
            made = {"description": "It is made.", "headers": dict(HEADERS), "content": content}
            made["links"] = links(door, doors)
            found = {"201": made, "200": tried}
    if document.is_query:
        found["304"] = {"description": "As the client has it already."}
    elif not row.direct:
        found["202"] = {"$ref": "#/components/responses/Accepted"}
    return found | errors()


def _perhaps_queued(door: Door, schema: Spec) -> Spec:
    """The schema of something whose id may have been given out before it is there."""
    row = door.row
    if row.method == "GET" and row.path.startswith("~/") and row.path.endswith("/{id}"):
        return {"anyOf": [schema, {"$ref": "#/components/schemas/Queued"}]}
    return schema


def _shown(door: Door, schema: Spec, schemas: Schemas) -> Spec:
    """The schema of the answer: a part of the document's, a list of it, or its settings."""
    if door.row.keyed:
        schema = {"$ref": "#/components/schemas/Setting"}
        if door.is_setting:
            return schema
    elif door.row.answer:
        kind = answer_type(door.document, door.row.answer)
        schema = schemas.answered(door.document.fragments, kind, [_inner(door)])
    schema = _present(schema)
    if not door.is_list:
        return schema
    items = schema["items"] if schema.get("type") == "array" else schema
    if "properties" in schema and "nodes" in schema["properties"]:
        items = schema["properties"]["nodes"]["items"]
    listed = {"type": "array", "items": items}
    return {"allOf": [{"$ref": "#/components/schemas/List"}, {"properties": {"data": listed}}]}


def _inner(door: Door) -> Any:
    """The field of the root that is the answer."""
    selections = door.document.root.selection_set
    chosen = selections.selections if selections else ()
    return next(
        each
        for each in chosen
        if getattr(each, "name").value == door.row.answer  # noqa: B009
    )


def _present(schema: Spec) -> Spec:
    """The schema of what is there: a query that finds nothing is refused, not answered null."""
    if "anyOf" in schema:
        return schema["anyOf"][0]  # type: ignore[no-any-return] # a schema of our own
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return {**schema, "type": kinds[0]}
    return schema


def _own(own: Own, schemas: Schemas) -> Spec:
    found: Spec = {
        "operationId": own.name,
        "tags": [_tag(own.path)],
        "summary": own.summary,
        "parameters": in_path(own.path)
        + [
            {"name": name, "in": "query", "schema": {"type": "boolean"}, "description": text}
            for name, text in own.parameters.items()
        ]
        + in_address(own.slots, schemas),
    }
    content: Spec = {JSON: {"schema": {"type": "object"}}}
    if own.operation.media_type != JSON:
        kinds = (own.operation.media_type, *own.other_types)
        content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    answered = {"200": {"description": "As asked.", "content": content}}
    if own.operation.for_anyone is not None:
        down = {"503": {"description": "Not now.", "content": content}}
        return found | {"security": [], "responses": answered | down | errors()}
    return found | {"responses": answered | {"304": {"description": "As known."}} | errors()}


def _show_answers(paths: Spec, components: Spec) -> None:
    """Give each operation an example of its answer."""
    for operation in (each for item in paths.values() for each in item.values()):
        status = "201" if "201" in operation["responses"] else "200"
        content = operation["responses"].get(status, {}).get("content", {}).get(JSON)
        if content is not None:
            content["example"] = example(content["schema"], components)


def _tag(path: str) -> str:
    """The noun that a path is about."""
    step = path.removeprefix(HOME).strip("/").split("/")[0]
    return (step or "organizations").replace("-", " ").capitalize().replace("Api ", "API ")


def _title(name: str) -> str:
    """`CreateCreditNote` as words."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).capitalize()
