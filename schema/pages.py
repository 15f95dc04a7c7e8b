"""How many items a field answers with: its page, as the document or its variables ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLCompositeType,
    GraphQLField,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from graphql.utilities.coerce_input_value import coerce_default_value

from schema.limits import Limits

SIZE_ARGUMENTS = ("limit", "first", "last", "ids")
"""The arguments that say how many items a list has: by a number, or by naming them."""

INTROSPECTION_LIST = 10
"""The size assumed of every list in an introspection: types, fields, arguments."""

CEILING = 1_000_000_000
"""Where counting stops. Past it a figure is only too high, and it stays printable."""


@dataclass(frozen=True, slots=True)
class Page:
    """How many items a field answers with: `asked` or by its variables, else `assumed`.

    Each of `variables` is a name and the number that it stands for when it is not sent.
    """

    assumed: int
    largest: int
    asked: int | None = None
    variables: tuple[tuple[str, int | None], ...] = ()

    def size(self, variables: Mapping[str, Any]) -> int:
        """The number of items, at least one and at most the largest list there is."""
        sent = [
            count(variables[name]) if name in variables else default
            for name, default in self.variables
        ]
        asked = _largest([self.asked, *sent])
        number = self.assumed if asked is None else max(asked, 1)
        return min(number, self.largest)


ONE = Page(assumed=1, largest=1)
"""The page of a field that is no list."""


def page_of(
    node: FieldNode,
    definition: GraphQLField,
    parent: GraphQLCompositeType,
    defaults: Mapping[str, int | None],
    limits: Limits,
) -> Page:
    """The page of a field that selects objects; `defaults` are the operation's variables'.

    A connection is a list, and the lists right inside it (`edges`, `nodes`) are that same
    page, not another. An argument left out has the schema's default; one that is null or a
    variable without a value leaves the size open.
    """
    is_list = is_list_type(get_nullable_type(definition.type))
    if is_introspection(parent):
        return Page(INTROSPECTION_LIST, INTROSPECTION_LIST) if is_list else ONE
    is_connection = get_named_type(definition.type).name.endswith("Connection")
    if parent.name.endswith("Connection") or not (is_list or is_connection):
        return ONE
    known = [name for name in SIZE_ARGUMENTS if name in definition.args]
    assumed = limits.assumed_list if known or is_connection else limits.assumed_parts
    given = [each.value for each in node.arguments or () if each.name.value in SIZE_ARGUMENTS]
    if not given:
        presets = [count(coerce_default_value(definition.args[name])) for name in known]
        return Page(assumed, limits.largest_list, _largest(presets))
    literals = [literal_count(value) for value in given if not isinstance(value, VariableNode)]
    names = [value.name.value for value in given if isinstance(value, VariableNode)]
    variables = tuple((name, defaults.get(name)) for name in names)
    return Page(assumed, limits.largest_list, _largest(literals), variables)


def is_introspection(parent: GraphQLCompositeType) -> bool:
    """Whether a type describes the schema, as `__Schema` and `__Type` do."""
    return parent.name.startswith("__")


def literal_count(node: ValueNode) -> int | None:
    """The number of items that a value in the document asks for; None if it leaves that open."""
    if isinstance(node, NullValueNode):
        return None
    if isinstance(node, ListValueNode):
        return len(node.values)
    return count(node.value) if isinstance(node, IntValueNode) else 1


def count(value: Any) -> int | None:
    """The number of items that a variable's value asks for; None if it leaves that open.

    The value is what the request carried, not yet coerced: numbers may be text. What is no
    number names one item, or is refused when it is coerced.
    """
    if value is None or value is Undefined:
        return None
    if isinstance(value, list | tuple):
        return len(value)
    try:
        # By way of a float, so that a decimal such as 1E+999999999 is never written out.
        return int(min(max(float(value), 0), CEILING))
    except (TypeError, ValueError, OverflowError):
        return 1


def _largest(numbers: Iterable[int | None]) -> int | None:
    return max((number for number in numbers if number is not None), default=None)
