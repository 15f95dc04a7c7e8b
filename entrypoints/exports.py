"""Exports of events that were made: `GET /exports/{token}`, by a signed link, as often as asked.

It can be no document of GraphQL: a file of any length is sent as it is read.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from entrypoints.files import Rooms, claimed, coded
from entrypoints.rest.exporting import headers_of
from resolvers.event_exports import content, recorded
from resolvers.outside import EXPORT, nothing_there


class ExportDoors:
    """The door of exports; `rooms` are there once the house is open."""

    def __init__(self, rooms: Callable[[], Rooms]) -> None:
        self._rooms = rooms

    def routes(self) -> list[Route]:
        """Its address."""
        return [Route("/exports/{token}", coded(self._give))]

    async def _give(self, request: Request) -> Response:
        rooms = self._rooms()
        claim = claimed(request, rooms.outside, EXPORT)
        found = await rooms.database.read(recorded, claim.organization_id, claim.subject_id)
        if found is None:
            raise nothing_there()
        return StreamingResponse(content(rooms.database, found), headers=headers_of(found.export))
