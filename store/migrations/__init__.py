"""How the tables came to be, one step a file; run in process, in one transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from store.dialects import is_sqlite

_SCRIPTS = Path(__file__).parent
_MIGRATION_LOCK = 7_263_004


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Bring the tables up to date; several processes may ask at once, one does it."""
    if not is_sqlite(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
    if not is_current(connection):
        command.upgrade(_config(connection), "head")


def is_current(connection: Connection) -> bool:
    """Whether the database has every step."""
    found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory(str(_SCRIPTS)).get_current_head()
