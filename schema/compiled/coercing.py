"""Coercing what is sent for variables, by code that is written once for each input type.

    def f1(v):
        if type(v) is not list: raise OddError
        v2 = []
        for v3 in v:
            v3 = f4(v3)
            v2.append(v3)
        v = v2
        return v

The code knows what nearly all requests send. Whatever else comes is odd.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLString,
    Undefined,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.values import input_is_nested_too_deeply
from graphql.type.scalars import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_value

from schema.compiled.code import Code, Function
from schema.compiled.oddities import OddError, UncompilableError

Coerce = Callable[[Any], Any]

_TESTS: dict[Any, str] = {
    GraphQLString.coerce_input_value: "type({0}) is not str",
    GraphQLID.coerce_input_value: "type({0}) is not str",
    GraphQLBoolean.coerce_input_value: "{0} is not True and {0} is not False",
    GraphQLInt.coerce_input_value: (
        f"type({{0}}) is not int or not {GRAPHQL_MIN_INT} <= {{0}} <= {GRAPHQL_MAX_INT}"
    ),
}
"""What is odd of scalars that are taken as they are sent."""

_KNOWN: WeakKeyDictionary[Any, dict[str, Coerce]] = WeakKeyDictionary()


def coercer(kind: GraphQLInputType) -> Coerce:
    """The function that coerces values of a type: new lists and objects, or an exception."""
    known = _KNOWN.setdefault(get_named_type(kind), {})
    coerce = known.get(str(kind))
    if coerce is None:
        code = _Coercions()
        name = code.function(kind)
        coerce = code.compiled()[name]
        known[str(kind)] = coerce = _careful(kind, coerce) if _is_endless(kind) else coerce
    return coerce


class _Coercions(Code):
    """The functions for one type, one for each input object in it."""

    def __init__(self) -> None:
        super().__init__(Undefined=Undefined)
        self._objects: dict[str, str] = {}

    def function(self, kind: GraphQLInputType) -> str:
        """Write the function that coerces a type; its name."""
        name = self.named("f")
        _Coercion(self, name).whole(kind)
        return name

    def members(self, kind: GraphQLInputObjectType) -> str:
        """The name of the function that coerces an input object, which may hold itself."""
        if kind.name not in self._objects:
            self._objects[kind.name] = name = self.named("f")
            _Coercion(self, name).members(kind)
        return self._objects[kind.name]


class _Coercion(Function):
    """A function that coerces values."""

    def __init__(self, coercions: _Coercions, name: str) -> None:
        super().__init__(coercions, f"def {name}(v):")
        self._coercions = coercions

    def whole(self, kind: GraphQLInputType) -> None:
        """Coerce a value of any type."""
        self._coerce(kind, "v")
        self.end("return v")

    def members(self, kind: GraphQLInputObjectType) -> None:
        """Coerce an object by its members."""
        names = self._coercions.bound(frozenset(kind.fields))
        self.write(f"if type(v) is not dict or not v.keys() <= {names}: raise OddError")
        self.write("found = {}")
        for name, field in kind.fields.items():
            self._member(name, field)
        is_plain = kind.out_type is GraphQLInputObjectType.out_type
        made = "found" if is_plain else f"{self._coercions.bound(kind.out_type)}(found)"
        self.end(f"return {made}")

    def _member(self, name: str, field: GraphQLInputField) -> None:
        v, place = self._coercions.variable(), f"found[{(field.out_name or name)!r}]"
        default = _default(field)
        if default is OddError:
            self.write(f"{v} = v[{name!r}]")
            self._coerce(field.type, v)
            self.write(f"{place} = {v}")
            return
        with self.block(f"if {name!r} in v:"):
            self.write(f"{v} = v[{name!r}]")
            self._coerce(field.type, v)
            self.write(f"{place} = {v}")
        if default is not Undefined:
            self.write(f"else: {place} = {self._coercions.bound(default)}")

    def _coerce(self, kind: Any, v: str) -> None:
        """Make what a variable holds what it is coerced to."""
        if not isinstance(kind, GraphQLNonNull):
            with self.block(f"if {v} is not None:"):
                self._present(kind, v)
            return
        if is_leaf_type(kind.of_type) and kind.of_type.coerce_input_value not in _TESTS:
            self.write(f"if {v} is None: raise OddError")
        self._present(kind.of_type, v)

    def _present(self, kind: Any, v: str) -> None:
        if isinstance(kind, GraphQLList):
            self._items(kind, v)
        elif isinstance(kind, GraphQLInputObjectType):
            self.write(f"{v} = {self._object(kind)}({v})")
        elif kind.coerce_input_value in _TESTS:
            self.write(f"if {_TESTS[kind.coerce_input_value].format(v)}: raise OddError")
        elif isinstance(kind, GraphQLEnumType):
            self.write(f"{v} = {self._coercions.bound(_names(kind))}[{v}]")
        else:
            self.write(f"{v} = {self._coercions.bound(kind.coerce_input_value)}({v})")
            self.write(f"if {v} is Undefined: raise OddError")

    def _items(self, kind: GraphQLList[Any], v: str) -> None:
        found, item = self._coercions.variable(), self._coercions.variable()
        self.write(f"if type({v}) is not list: raise OddError", f"{found} = []")
        with self.block(f"for {item} in {v}:"):
            self._coerce(kind.of_type, item)
            self.write(f"{found}.append({item})")
        self.write(f"{v} = {found}")

    def _object(self, kind: GraphQLInputObjectType) -> str:
        if kind.is_one_of:
            return self._coercions.bound(_one_of(kind))
        return self._coercions.members(kind)


def _names(kind: GraphQLEnumType) -> dict[str, Any]:
    """What the names of an enum are coerced to."""
    found = {}
    for name in kind.values:
        try:
            found[name] = kind.coerce_input_value(name)
        except Exception:  # noqa: BLE001, S112  what cannot be taken is odd when it comes
            continue
    return found


def _default(field: GraphQLInputField) -> Any:
    """A field's value where it is not given: `Undefined` for none, `OddError` if it must be."""
    try:
        default = coerce_default_value(field)
    except Exception as error:
        raise UncompilableError from error
    is_required = default is Undefined and isinstance(field.type, GraphQLNonNull)
    return OddError if is_required else default


def _one_of(kind: GraphQLInputObjectType) -> Coerce:
    def whole(value: Any) -> Any:
        coerced = coerce_input_value(value, kind)
        if coerced is None or coerced is Undefined:
            raise OddError
        return coerced

    return whole


def _careful(kind: GraphQLInputType, coerce: Coerce) -> Coerce:
    def shallow(value: Any) -> Any:
        if input_is_nested_too_deeply(value, kind):
            raise OddError
        return coerce(value)

    return shallow


def _is_endless(kind: Any, around: tuple[Any, ...] = ()) -> bool:
    """Whether values of a type may be nested to any depth: some type in it holds itself."""
    while isinstance(kind, GraphQLNonNull | GraphQLList):
        kind = kind.of_type
    if not isinstance(kind, GraphQLInputObjectType):
        return False
    return kind in around or any(
        _is_endless(field.type, (*around, kind)) for field in kind.fields.values()
    )
