"""What a failing statement calls for, whichever engine it failed on."""

from __future__ import annotations

import sqlite3
from enum import Enum, auto

import asyncpg
from sqlalchemy.exc import DBAPIError


class Trouble(Enum):
    """What an error of the database calls for.

    RETRY: run it again, another was faster. BUSY: it cannot be done now. CONSTRAINT: another's
    row is in the way. OVERFLOW: a sum is too large to be kept. OTHER: nobody foresaw it.
    """

    RETRY = auto()
    BUSY = auto()
    OVERFLOW = auto()
    CONSTRAINT = auto()
    OTHER = auto()


_BY_SQLSTATE = {
    "40001": Trouble.RETRY,
    "40P01": Trouble.RETRY,
    "55P03": Trouble.BUSY,
    "57014": Trouble.BUSY,
    "57P01": Trouble.BUSY,
    "57P02": Trouble.BUSY,
    "57P03": Trouble.BUSY,
    "08000": Trouble.BUSY,
    "08003": Trouble.BUSY,
    "08006": Trouble.BUSY,
    "25006": Trouble.BUSY,
    "53100": Trouble.BUSY,
    "53200": Trouble.BUSY,
    "53300": Trouble.BUSY,
    "22003": Trouble.OVERFLOW,
    "23505": Trouble.CONSTRAINT,
    "23503": Trouble.CONSTRAINT,
    "23514": Trouble.CONSTRAINT,
}
_BY_SQLITE_CODE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_FULL: Trouble.BUSY,
    sqlite3.SQLITE_IOERR: Trouble.BUSY,
    sqlite3.SQLITE_READONLY: Trouble.BUSY,
    sqlite3.SQLITE_CANTOPEN: Trouble.BUSY,
    sqlite3.SQLITE_CONSTRAINT | 12 << 8: Trouble.OVERFLOW,  # of a STRICT table's INTEGER column
    sqlite3.SQLITE_CONSTRAINT: Trouble.CONSTRAINT,
}


def trouble(error: BaseException) -> Trouble:
    """What an error calls for; one that has nothing to do with the database is OTHER."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError | asyncpg.InterfaceError):
        return Trouble.BUSY
    while cause is not None:
        sqlstate = getattr(cause, "sqlstate", None)
        if sqlstate in _BY_SQLSTATE:
            return _BY_SQLSTATE[sqlstate]
        code = getattr(cause, "sqlite_errorcode", 0)
        for known in (code, code & 0xFF):
            if known in _BY_SQLITE_CODE:
                return _BY_SQLITE_CODE[known]
        cause = cause.__cause__
    is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return Trouble.BUSY if is_lost else Trouble.OTHER
