"""Paths: which application is at the path of a request, found step by step.

There are some hundred paths, each once as it is and once below the version. Looking for one costs
as many steps as it has, and not as many as there are paths.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

_NAME = re.compile(r"\{(\w+)\}")
_Found = tuple[ASGIApp, Mapping[str, str]]


@dataclass(slots=True)
class _Step:
    """What may come next in a path: a word that is written out, or anything, by some name.

    `there` is the application of the path that ends here, and `names` are those that it has.
    """

    words: dict[str, _Step] = field(default_factory=dict)
    named: _Step | None = None
    there: ASGIApp | None = None
    names: Sequence[str] = ()

    def put(self, path: str, there: ASGIApp) -> None:
        """Put an application at a path whose first step this is."""
        step = self
        for part in path.split("/"):
            if not part.startswith("{"):
                step = step.words.setdefault(part, _Step())
                continue
            if step.named is None:
                step.named = _Step()
            step = step.named
        step.there, step.names = there, _NAME.findall(path)

    def find(
        self, parts: Sequence[str], place: int = 0, given: tuple[str, ...] = ()
    ) -> _Found | None:
        """What is at the rest of a path, and by what its names are filled; words come first."""
        if place == len(parts):
            named = dict(zip(self.names, given, strict=True))
            return None if self.there is None else (self.there, named)
        part = parts[place]
        if part in self.words:
            found = self.words[part].find(parts, place + 1, given)
            if found is not None:
                return found
        if self.named is None or not part:
            return None
        return self.named.find(parts, place + 1, (*given, part))


class Paths(BaseRoute):
    """The applications at some paths, as they are and below `prefix`; a route of all of them.

    To what else there is below the prefix, or below a path of several steps, it answers with
    `nothing`.
    """

    def __init__(self, there: Mapping[str, ASGIApp], prefix: str, nothing: ASGIApp) -> None:
        self._root = _Step()
        for path, application in there.items():
            self._root.put(path, application)
        self._prefix = prefix
        self._below = f"{prefix}/"
        self._nothing = nothing
        self._roots = {path.split("/")[1] for path in there if path.count("/") > 1}

    def find(self, scope: Scope) -> ASGIApp | None:
        """The application at the path of an HTTP request, whose scope is told what that gives."""
        found = self._look_up(scope)
        if found is None:
            return None
        application, more = found
        scope.update(more)
        return application

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether something is at the path of a request, and what its scope is to be told."""
        if scope["type"] != "http":
            return Match.NONE, {}
        found = self._look_up(scope)
        if found is None and not self._is_taken(scope):
            return Match.NONE, {}
        application, more = found or (self._nothing, {})
        return Match.FULL, {**more, "endpoint": application}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that matched."""
        await scope["endpoint"](scope, receive, send)

    def _look_up(self, scope: Scope) -> tuple[ASGIApp, Scope] | None:
        root: str = scope.get("root_path", "")
        path: str = scope["path"].removeprefix(root)
        if path.startswith(self._below):
            path, root = path.removeprefix(self._prefix), root + self._prefix
        found = self._root.find(path.split("/"))
        if found is None:
            return None
        application, given = found
        return application, {"root_path": root, "path_params": given}

    def _is_taken(self, scope: Scope) -> bool:
        _, *parts = scope["path"].removeprefix(scope.get("root_path", "")).split("/")
        return len(parts) > 1 and (f"/{parts[0]}" == self._prefix or parts[0] in self._roots)
