"""The playground: GraphiQL in the browser, served by ourselves, with no other host involved.

The page is static. The key that a caller enters stays in the browser's tab and is sent in the
Authorization header only, so nothing here ever sees one. Addresses in the page are relative:
a proxy may put the service below a path of its own. GraphiQL and React are fetched when
the package is installed (`playground_assets.py`); without them the page says how to get them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template

from graphql import OperationDefinitionNode, parse
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

HERE = Path(__file__).parent
DOCUMENTS = HERE / "documents"
FETCHED = HERE / "playground_assets"
FIRST_EXAMPLE = "organization_overview"

# Fetched files carry their version in the name, so a browser may keep them for ever.
FETCHED_ASSETS = {
    "react-18.2.0.min.js": "text/javascript",
    "react-dom-18.2.0.min.js": "text/javascript",
    "graphiql-4.1.2.min.js": "text/javascript",
    "graphiql-4.1.2.min.css": "text/css",
}
OWN_ASSETS = {"playground.js": "text/javascript", "playground.css": "text/css"}

# GraphiQL's editor sets styles in the page; scripts, and what they may reach, are ours alone.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

MISSING = (
    "The playground's scripts are not installed: run <code>pip install -e .</code> again in the "
    "project's folder, on a network where npm can download packages, and reload this page."
)
MISSING_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Crane Ledger playground</title>'
    f'<body style="font: 16px/1.5 system-ui; margin: 15vh auto; max-width: 34em"><p>{MISSING}</p>'
)


@dataclass(frozen=True, slots=True)
class Example:
    """A document that the page offers: its title, its kind of operation, its variables.

    `kind` is "query", "mutation" or "subscription". `variables` is the text of a JSON object,
    or empty; `{{TODAY}}` and `{{ASSET}}` (or another account type) in it stand for the date in
    the browser, and for the caller's first account of that type; `{{CUSTOMER}}`, `{{VENDOR}}`,
    `{{INVOICE}}` (unpaid) and `{{DRAFT}}` for the first or newest of these in the books.
    """

    title: str
    kind: str
    query: str
    variables: str


def routes() -> list[Route]:
    """The page at `/graphql/playground`, and its assets below it."""
    return [
        Route("/graphql/playground", _page),
        Route("/graphql/playground/assets/{name}", _asset),
    ]


def examples(folder: Path) -> list[Example]:
    """The examples in a folder of documents, the overview first, the rest by name.

    `trial_balance.graphql` holds one named operation; `trial_balance.variables.json` beside
    it, if there is one, is the text of its variables.
    """
    paths = sorted(folder.glob("*.graphql"), key=lambda path: (path.stem != FIRST_EXAMPLE, path))
    return [_example(path) for path in paths]


def render(offered: list[Example]) -> str:
    """The page as HTML, with the examples in it as JSON that cannot end its own element."""
    data = json.dumps([asdict(example) for example in offered]).replace("<", "\\u003c")
    template = Template((HERE / "playground.html").read_text(encoding="utf-8"))
    return template.substitute(examples=data)


def _example(path: Path) -> Example:
    query = path.read_text(encoding="utf-8")
    variables = path.with_suffix(".variables.json")
    operation = next(
        node for node in parse(query).definitions if isinstance(node, OperationDefinitionNode)
    )
    return Example(
        title=path.stem.replace("_", " ").capitalize(),
        kind=operation.operation.value,
        query=query,
        variables=variables.read_text(encoding="utf-8").strip() if variables.is_file() else "",
    )


PAGE = render(examples(DOCUMENTS))


async def _page(_: Request) -> Response:
    present = all((FETCHED / name).is_file() for name in FETCHED_ASSETS)
    return HTMLResponse(PAGE if present else MISSING_PAGE, headers=PAGE_HEADERS)


async def _asset(request: Request) -> Response:
    """One of the files named above; any other name is not found, whatever path it spells."""
    name = request.path_params["name"]
    if name in OWN_ASSETS:
        return _file(HERE / name, OWN_ASSETS[name], "no-cache")
    if name in FETCHED_ASSETS and (FETCHED / name).is_file():
        return _file(FETCHED / name, FETCHED_ASSETS[name], "public, max-age=31536000, immutable")
    return PlainTextResponse("The playground has no such file.", status_code=404)


def _file(path: Path, media_type: str, cache: str) -> Response:
    headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type=f"{media_type}; charset=utf-8", headers=headers)
