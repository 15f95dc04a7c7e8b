"""Secrets that the service has made for itself."""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from store.document_tables import service_secret

_ADD = text(
    "INSERT INTO service_secret (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING"
)


def kept(connection: Connection, name: str, fresh: str) -> str:
    """The secret of this name; it is `fresh` when there was none, and of several the first."""
    connection.execute(_ADD, {"name": name, "value": fresh})
    columns = service_secret.c
    found: str = connection.execute(select(columns.value).where(columns.name == name)).scalar_one()
    return found
