"""Documents at random: valid ones for any schema, by construction, and variables for them.

Fields that merge must be alike. So a response key stands for the same field with the same
arguments and the same type all over a document; another one gets an alias. That leaves next to
nothing for validation to find.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from compiled.values import Declared, Hints, Values, Variable, literal
from graphql import (
    GraphQLBoolean,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    is_required_argument,
    is_union_type,
)

ODD_KEYS = ("class", "None", "self", "data", "errors", "info", "_", "__x", "lambda", "items", "key")
"""Response keys that mean something elsewhere."""

INTROSPECTION = (
    "__schema { queryType { name } }",
    '__type(name: "Query") { kind name }',
    '__type(name: "Nobody") { name }',
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A document with what is sent beside it: first some variables, then maybe others."""

    text: str
    operation_name: str | None = None
    sent: tuple[dict[str, Any], ...] = ({},)

    def __str__(self) -> str:
        return f"{self.text}\n# operation {self.operation_name!r} with {self.sent!r}"


@dataclass(frozen=True, slots=True)
class Shape:
    """How much a document may hold.

    `mutations` is the share of operations that write, `wrong` that of variables that are wrong,
    `several` that of documents with several operations, `arguments` that of arguments given.
    """

    depth: int = 5
    fields: int = 40
    breadth: int = 4
    mutations: float = 0.2
    wrong: float = 0.02
    several: float = 0.12
    arguments: float = 0.35


@dataclass(slots=True)
class _Fragment:
    name: str
    condition: Any
    text: str
    height: int
    variables: set[str]


@dataclass(slots=True)
class _Scope:
    """One definition while it is written: the variables in it, and how deep it goes."""

    variables: set[str] = field(default_factory=set)
    height: int = 0


class Writer:
    """Writes one document."""

    def __init__(self, schema: GraphQLSchema, draw: Random, hints: Hints, shape: Shape) -> None:
        self._schema = schema
        self._draw = draw
        self._hints = hints
        self._shape = shape
        self._values = Values(draw, hints)
        self._left = shape.fields
        self._keys: dict[str, tuple[str, str, str]] = {}
        self._fragments: list[_Fragment] = []
        self._variables: dict[str, Declared] = {}
        self._scope = _Scope()

    def write(self) -> Asked:
        """The document, and what to send with it."""
        count = self._draw.choice((2, 3)) if self._often(self._shape.several) else 1
        names = [None] if count == 1 and self._often(0.4) else [f"Op{at}" for at in range(count)]
        operations = [(name, *self._operation(name)) for name in names]
        chosen, _, scope = self._draw.choice(operations)
        texts = [text for _, text, _ in operations] + [each.text for each in self._fragments]
        self._draw.shuffle(texts)
        name = chosen if count > 1 or self._often(0.5) else None
        if self._often(0.005):
            name = "Nobody"
        needed = sorted(scope.variables)
        sent = [self._given(needed) for _ in range(2 if needed else 1)]
        return Asked("\n".join(texts), name, tuple(sent))

    def _often(self, share: float) -> bool:
        return self._draw.random() < share

    def _operation(self, name: str | None) -> tuple[str, _Scope]:
        self._scope = scope = _Scope()
        self._left = max(self._left, self._shape.fields // 3)
        writes = self._schema.mutation_type is not None and self._often(self._shape.mutations)
        root = self._schema.mutation_type if writes else self._schema.query_type
        assert root is not None
        body = self._selections(root, self._shape.depth, is_root=True)
        declared = [self._variables[each].text for each in sorted(scope.variables)]
        if name is None and not declared and not writes:
            return body, scope
        given = f"({', '.join(declared)})" if declared else ""
        return f"{'mutation' if writes else 'query'} {name or ''}{given} {body}", scope

    # Selections

    def _selections(self, kind: Any, depth: int, *, is_root: bool = False) -> str:
        self._scope.height = max(self._scope.height, self._shape.depth - depth)
        heads: list[tuple[str, Any]] = []
        parts = []
        for _ in range(self._draw.randint(1, self._shape.breadth)):
            parts.append(self._selection(kind, depth, heads))
            if self._left <= 0:
                break
        if is_root and kind is self._schema.query_type and self._often(0.01):
            parts.append(self._draw.choice(INTROSPECTION))
        gap = self._draw.choice((" ", " ", "\n  ", ",\n", " # a remark\n"))
        return f"{{{gap}{gap.join(parts)}{gap.strip(',') or ' '}}}"

    def _selection(self, kind: Any, depth: int, heads: list[tuple[str, Any]]) -> str:
        lot = self._draw.random()
        if lot < 0.06 or (is_union_type(kind) and lot < 0.3):
            return self._typename()
        if lot < 0.16 or (is_union_type(kind) and lot < 0.8):
            return self._inline(kind, depth)
        if lot < 0.27 or is_union_type(kind):
            return self._spread(kind, depth)
        if heads and lot < 0.4:
            head, below = self._draw.choice(heads)
            return self._field(head, below, depth)
        found = self._head(kind, depth)
        if found is None:
            return self._typename()
        heads.append(found)
        return self._field(*found, depth)

    def _typename(self) -> str:
        key = self._key("__typename", "", "String!")
        return f"{key}__typename{self._directives()}"

    def _head(self, kind: Any, depth: int) -> tuple[str, Any] | None:
        """A field of a type with its arguments, and the type of what is below it."""
        names = list(kind.fields)
        leaves = [name for name in names if is_leaf_type(get_named_type(kind.fields[name].type))]
        if depth <= 1 or self._left <= 0 or (leaves and self._often(0.4)):
            names = leaves
        if not names:
            return None
        name = self._draw.choice(names)
        field_of = kind.fields[name]
        arguments = self._arguments(f"{kind.name}.{name}", field_of)
        key = self._key(name, arguments, str(field_of.type))
        return f"{key}{name}{arguments}", get_named_type(field_of.type)

    def _field(self, head: str, below: Any, depth: int) -> str:
        self._left -= 1
        text = head + self._directives()
        if is_leaf_type(below):
            return text
        return f"{text} {self._selections(below, depth - 1)}"

    def _key(self, name: str, arguments: str, kind: str) -> str:
        """The alias, if there must or may be one, that keeps a field apart from any other."""
        meant = (name, arguments, kind)
        if self._keys.setdefault(name, meant) == meant and not self._often(0.12):
            return ""
        if self._often(0.3):
            others = [*ODD_KEYS, *list(self._keys)]
            odd = self._draw.choice(others)
            if self._keys.setdefault(odd, meant) == meant:
                return f"{odd}: "
        known = [key for key, other in self._keys.items() if other == meant and key != name]
        if known and self._often(0.5):
            return f"{self._draw.choice(known)}: "
        alias = f"k{len(self._keys)}"
        self._keys[alias] = meant
        return f"{alias}: "

    # Fragments

    def _inline(self, kind: Any, depth: int) -> str:
        self._left -= 1
        directives = self._directives()
        if self._often(0.25) and not is_union_type(kind):
            return f"...{directives} {self._selections(kind, depth)}"
        condition = self._draw.choice(self._fitting(kind))
        return f"... on {condition.name}{directives} {self._selections(condition, depth)}"

    def _spread(self, kind: Any, depth: int) -> str:
        self._left -= 1
        fitting = self._fitting(kind)
        known = [
            each for each in self._fragments if each.condition in fitting and each.height <= depth
        ]
        found = self._draw.choice(known) if known and self._often(0.6) else None
        if found is None:
            found = self._fragment(self._draw.choice(fitting), depth)
        self._scope.variables |= found.variables
        reached = self._shape.depth - depth + found.height
        self._scope.height = max(self._scope.height, reached)
        return f"...{found.name}{self._directives()}"

    def _fragment(self, condition: Any, depth: int) -> _Fragment:
        outside, self._scope = self._scope, _Scope()
        body = self._selections(condition, depth)
        inside, self._scope = self._scope, outside
        name = f"F{len(self._fragments)}"
        height = inside.height - (self._shape.depth - depth) + 1
        text = f"fragment {name} on {condition.name} {body}"
        self._fragments.append(_Fragment(name, condition, text, height, inside.variables))
        return self._fragments[-1]

    def _fitting(self, kind: Any) -> list[Any]:
        """The types that a fragment on a type may be on."""
        possible = self._possible(kind)
        near: Iterable[Any] = (
            [kind, *kind.interfaces] if is_object_type(kind) else [kind, *self._in_order(possible)]
        )
        far = [
            named
            for named in self._schema.type_map.values()
            if is_abstract_type(named) and self._possible(named) & possible
        ]
        return [*near, *(each for each in far if each not in near)]

    def _possible(self, kind: Any) -> set[GraphQLObjectType]:
        if isinstance(kind, GraphQLObjectType):
            return {kind}
        return set(self._schema.get_possible_types(kind))

    def _in_order(self, kinds: set[GraphQLObjectType]) -> list[GraphQLObjectType]:
        return sorted(kinds, key=lambda kind: kind.name)

    # Directives, arguments and variables

    def _directives(self) -> str:
        if not self._often(0.14):
            return ""
        names = self._draw.choice((["skip"], ["include"], ["skip", "include"], ["include", "skip"]))
        return "".join(f" @{name}(if: {self._flag(name)})" for name in names)

    def _flag(self, name: str) -> str:
        if self._often(0.45):
            return f"${self._variable(GraphQLNonNull(GraphQLBoolean), None, has_default=False)}"
        return "true" if self._often(0.3 if name == "skip" else 0.75) else "false"

    def _arguments(self, asked: str, field_of: Any) -> str:
        given = []
        for name, each in field_of.args.items():
            if name in self._hints.always:
                given.append(f"{name}: {literal(each.type, self._hints.always[name])}")
            elif is_required_argument(each) or (
                name not in self._hints.never and self._often(self._shape.arguments)
            ):
                choices = self._hints.for_argument(asked, name, each.type)
                has_default = each.default is not None
                value = self._value(each.type, choices, has_default=has_default)
                given.append(f"{name}: {literal(each.type, value)}")
        self._draw.shuffle(given)
        return f"({', '.join(given)})" if given else ""

    def _value(self, kind: Any, choices: Any, *, has_default: bool, depth: int = 0) -> Any:
        """A value to write into a document: a variable, or a literal that may hold some."""
        if self._often(0.3):
            return Variable(self._variable(kind, choices, has_default=has_default))
        value = self._values.good(kind, choices, depth)
        return self._with_variables(kind, value) if choices is None else value

    def _with_variables(self, kind: Any, value: Any) -> Any:
        """A value in which some members are variables."""
        inner = kind.of_type if is_non_null_type(kind) else kind
        if is_list_type(inner) and isinstance(value, list):
            return [self._within(inner.of_type, each, has_default=False) for each in value]
        if is_input_object_type(inner) and isinstance(value, dict):
            made = {}
            for name, each in value.items():
                member = inner.fields[name]
                one_of = GraphQLNonNull(member.type) if inner.is_one_of else member.type
                made[name] = self._within(one_of, each, has_default=member.default is not None)
            return made
        return value

    def _within(self, kind: Any, value: Any, *, has_default: bool) -> Any:
        if self._often(0.15):
            return Variable(self._variable(kind, None, has_default=has_default))
        return self._with_variables(kind, value)

    def _variable(self, kind: Any, choices: Any, *, has_default: bool) -> str:
        """The name of a variable that may stand where a type is expected."""
        default = None
        if is_non_null_type(kind):
            if self._often(0.3):
                default = literal(kind, self._values.good(kind, choices))
                kind = self._draw.choice((kind, kind.of_type))
            elif has_default and self._often(0.5):
                kind = kind.of_type
        else:
            if self._often(0.2):
                kind = GraphQLNonNull(kind)
            if self._often(0.3):
                default = literal(kind, self._values.good(kind, choices))
        for known in self._variables.values():
            same = str(known.kind) == str(kind) and known.choices == choices
            if same and known.default == default and self._often(0.6):
                self._scope.variables.add(known.name)
                return known.name
        name = f"v{len(self._variables)}"
        self._variables[name] = Declared(name, kind, default, choices)
        self._scope.variables.add(name)
        return name

    def _given(self, names: list[str]) -> dict[str, Any]:
        """Values for the variables: most are good; some are absent, null or wrong."""
        given: dict[str, Any] = {}
        for name in names:
            known = self._variables[name]
            may_lack = known.default is not None or not is_non_null_type(known.kind)
            if self._often(0.25 if may_lack else self._shape.wrong):
                continue
            if self._often(self._shape.wrong):
                given[name] = self._values.wrong(known.kind)
            else:
                given[name] = self._values.good(known.kind, known.choices)
        if self._often(0.05):
            given["unheardOf"] = 1
        return given


def written(schema: GraphQLSchema, seed: int, hints: Hints, shape: Shape) -> Asked:
    """The document of a seed."""
    draw = Random(f"document {seed}")  # noqa: S311  the same for the same seed
    return Writer(schema, draw, hints, shape).write()
