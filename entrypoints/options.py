"""What all commands share: the option of the database, the settings, the opened database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import click
from pydantic import ValidationError
from sqlalchemy import make_url

from settings import Settings
from store.engines import Database, normalised_url, open_database

database_option = click.option(
    "--database",
    metavar="URL",
    help="Where the books are kept; else CRANE_DATABASE_URL, else ./crane.db.",
)


def settings_of(**given: Any) -> Settings:
    """The settings of the environment, with what the command line gives in their place."""
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
        backend = make_url(normalised_url(settings.database_url)).get_backend_name()
    except ValidationError as error:
        told = "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors())
        raise click.UsageError(f"A setting cannot be used: {told}.") from None
    if backend not in {"sqlite", "postgresql"}:
        raise click.UsageError(f"Books are kept in SQLite or PostgreSQL, not in {backend}.")
    return settings.model_copy(update={"database_url": normalised_url(settings.database_url)})


def is_sqlite(settings: Settings) -> bool:
    """Whether the books are kept in an SQLite file."""
    return make_url(settings.database_url).get_backend_name() == "sqlite"


def place_of(settings: Settings) -> str:
    """Where the books are kept, without a password."""
    url = make_url(settings.database_url)
    return (url.database or "memory") if is_sqlite(settings) else url.render_as_string()


@asynccontextmanager
async def opened_database(
    settings: Settings, *, read_only: bool = False
) -> AsyncIterator[Database]:
    """The database of the settings, for as long as a command needs it."""
    database = open_database(settings.database_url, pool=2, read_only=read_only)
    try:
        yield database
    finally:
        await database.close()
