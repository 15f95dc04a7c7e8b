"""Links: which operations of OpenAPI take the id of what another has made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from entrypoints.rest.doors import Door, operation_id

Spec = dict[str, Any]

_OF = {"organization_id": "$request.path.organization_id"}
_MARK = re.compile(r"\{(\w+)(?:\[(\w+)\])?\}")


def links(maker: Door, doors: Sequence[Door]) -> Spec:
    """The operations at and below the place of what one has made, by their names."""
    place = maker.row.location or f"{maker.row.path}/{{id}}"
    mark = _MARK.findall(place)[-1]
    found = {**_OF, "id": "$response.body#/" + "/".join(filter(None, mark))}
    where = _MARK.sub("{id}", place)
    return {
        operation_id(door): {"operationId": operation_id(door), "parameters": found}
        for door in doors
        if f"{door.row.path}/".startswith(f"{where}/")
    }


def link_to_job() -> Spec:
    """Where the job is that a request was accepted as."""
    parameters = {**_OF, "id": "$response.body#/data/job_id"}
    return {"getJob": {"operationId": "getJob", "parameters": parameters}}
