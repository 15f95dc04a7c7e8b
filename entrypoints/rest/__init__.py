"""REST: a table of *method, path, document, status*, and what all its rows have in common.

    table.py        the rows
    documents.py    the named documents of schema/documents/rest, read once
    paths.py        which path a request is for; incoming.py: its headers and its body
    request.py      path, address, headers and body become variables (reading.py: their values)
    doors.py        a row with its document; rendering.py: what it found becomes JSON
    errors.py       a refusal becomes JSON; etags.py: which state an answer shows
    routes.py       what answers at each path; own.py: the few operations that are no documents
    openapi.py      all of this as OpenAPI 3.1, and docs_page.py as a page to be read

There is no business logic here and no SQL: an operation of REST is a document of GraphQL that is
run by the same executor, through the same gate, and a row that says where it is.
"""

from __future__ import annotations

from entrypoints.rest.docs_page import docs_operations
from entrypoints.rest.doors import all_doors
from entrypoints.rest.own import OWN
from entrypoints.rest.paths import Paths
from entrypoints.rest.routes import House, operations_of, paths_of


def rest_paths(house: House, most_bytes: int) -> Paths:
    """All paths of REST; `house` is there once it is open, a body has at most `most_bytes`."""
    operations = operations_of(all_doors(), most_bytes)
    for own in OWN:
        operations.setdefault(own.path, {})[own.method] = own.operation
    for path, operation in docs_operations().items():
        operations[path] = {"GET": operation}
    return paths_of(house, operations)
