"""What all operations have in common in OpenAPI: envelopes, refusals, headers."""

from __future__ import annotations

from collections.abc import Mapping

from entrypoints.rest.errors import TYPES
from entrypoints.rest.links import link_to_job
from entrypoints.rest.parameters import Spec
from entrypoints.rest.settings import DATA_TYPES
from ledger.errors import Reason

JSON = "application/json"
HEADERS: Mapping[str, Spec] = {
    "ETag": {"schema": {"type": "string"}, "description": "The state that is shown."},
    "Location": {"schema": {"type": "string"}, "description": "Where what was made is."},
}
_ERRORS = {
    "400": ("Malformed", "The request is wrong in itself; `details.fields` names what."),
    "401": ("Unauthenticated", "No API key, or none that holds."),
    "403": ("Forbidden", "The key may not do this."),
    "404": ("NotFound", "An id in the path names nothing here."),
    "409": ("Conflict", "In conflict with how things stand."),
    "422": ("Refused", "The books refuse it, or an id in the request names nothing here."),
    "default": ("Other", "Any other refusal."),
}


def errors() -> Spec:
    """The refusals that any operation may answer with."""
    return {code: {"$ref": f"#/components/responses/{name}"} for code, (name, _) in _ERRORS.items()}


def responses() -> Spec:
    """The answers that operations refer to, by their names."""
    content = {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}
    found = {name: {"description": text, "content": content} for name, text in _ERRORS.values()}
    accepted = {
        "description": "It is accepted as a job, which the Location leads to.",
        "headers": {"Location": HEADERS["Location"]},
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Accepted"}}},
        "links": link_to_job(),
    }
    return found | {"Accepted": accepted}


def common() -> Spec:
    """The schemas that no document has."""
    text: Spec = {"type": "string"}
    told: Spec = {
        "type": {"type": "string", "enum": sorted(set(TYPES.values()))},
        "code": {"type": "string", "enum": [reason.slug for reason in Reason]},
        "message": text,
        "status": {"type": "integer"},
        "details": {"type": "object"},
        "suggestion": {"type": ["string", "null"]},
        "request_id": text,
    }
    inner = {"type": "object", "properties": told, "required": list(told)}
    envelope: Spec = {
        "object": {"const": "list"},
        "data": {"type": "array"},
        "has_more": {"type": "boolean"},
        "total_count": {"type": "integer", "minimum": 0},
        "next_cursor": {"type": ["string", "null"]},
    }
    setting: Spec = {
        "object": {"const": "setting"},
        "organization_id": text,
        "key": text,
        "value": {},
        "data_type": {
            "type": "string",
            "enum": ["string", *DATA_TYPES.values(), "object", "array"],
        },
    }
    job = {"job_id": text, "status": text, "message": text, "estimated_completion": text}
    accepted: Spec = {
        "request_id": text,
        "success": {"const": True},
        "data": _object(job, "What was accepted, with the ids that it was given: `invoice_id`."),
        "error": {"type": "null"},
        "duration_ms": {"type": "integer", "minimum": 0},
        "credit_cost": {"type": "integer", "minimum": 0},
    }
    queued = dict.fromkeys(
        ("id", "object", "organization_id", "status", "job_id", "created_at"), text
    )
    return {
        "Accepted": _object(accepted, "That a request was accepted, to be done by a job."),
        "Error": _object({"error": inner}, "Why a request was refused."),
        "List": _object(envelope, "A list, or a page of it."),
        "Queued": _object(queued, "What was given its id, and is not there yet."),
        "Setting": _object(setting, "A setting of the organization."),
    }


def _object(properties: Spec, text: str) -> Spec:
    required = list(properties)
    return {
        "type": "object",
        "description": text,
        "properties": properties,
        "required": required,
    }
