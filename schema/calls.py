"""What a document calls, in one of a few words: what requests are counted by.

The words are those of the schema, never the caller's: a label for whatever operation name
somebody makes up would be a label too many.
"""

from __future__ import annotations

from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

SEVERAL = "several"
"""The operation of a document that asks for different root fields."""


class Called(NamedTuple):
    """What was called: a root field or `several`, and whether by a query or a mutation."""

    operation: str
    kind: str


UNREAD = Called("unread", "unknown")
"""What was refused before it was known what it is: too many requests, no valid document."""


def called_by(document: DocumentNode, operation: OperationDefinitionNode | None) -> Called:
    """What a valid document calls by one of its operations."""
    if operation is None:
        return UNREAD
    names = _names(operation.selection_set, document)
    kind = operation.operation.value
    return Called(names.pop() if len(names) == 1 else SEVERAL, kind)


def _names(selected: SelectionSetNode, document: DocumentNode) -> set[str]:
    """The root fields of a selection; each fragment is looked at once, however often it stands."""
    fragments = {
        each.name.value: each.selection_set
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    found: set[str] = set()
    waiting = [selected]
    while waiting:
        for each in waiting.pop().selections:
            if isinstance(each, FieldNode):
                found.add(each.name.value)
            elif isinstance(each, InlineFragmentNode):
                waiting.append(each.selection_set)
            elif isinstance(each, FragmentSpreadNode) and each.name.value in fragments:
                waiting.append(fragments.pop(each.name.value))
    return found
