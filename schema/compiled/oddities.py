"""What compiled code leaves to graphql-core, and how it says so."""

from __future__ import annotations

from types import CoroutineType
from typing import Any, TypeGuard

from graphql import Undefined


class UncompilableError(Exception):
    """Raised while compiling: graphql-core is to execute the document, whole."""


class OddError(Exception):
    """Raised by compiled code: a value is not what it nearly always is.

    It says nothing of the value. Whoever catches it lets graphql-core look at the value again,
    which finds the error that the specification knows, or finds that all is well.
    """


def is_coroutine(value: Any) -> TypeGuard[CoroutineType[Any, Any, Any]]:
    """Whether a field is still at work: root fields are, what they have loaded never is."""
    return type(value) is CoroutineType


def require_value(value: Any) -> None:
    """Find odd what graphql-core takes for nothing, for an error, or for still at work."""
    is_nothing = value is None or value is Undefined
    if is_nothing or is_coroutine(value) or isinstance(value, Exception):
        raise OddError
