"""Answers: from what a document found to JSON as REST spells it, by a plan made once.

Names are in snake case and enums in lower case; business dates are plain dates; `__typename`
becomes `object`, and with it the organization's id. A currency of which only `id` and `code` are
asked is shown by both spellings, `currency` and `currency_id`. A connection becomes a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)

from entrypoints.rest.documents import Document
from entrypoints.rest.names import snake

Render = Callable[[Any, str], Any]
"""Makes JSON of a value, for an organization by its id."""

Selected = dict[str, list[FieldNode]]
"""The fields of a selection by the names under which they are answered."""

GLOBAL = {"OrganizationNode", "CurrencyNode"}
"""What belongs to no organization: the organization itself, and what all have in common."""

_CODE, _ID = "code", "id"


def renderer(document: Document) -> Render:
    """What makes JSON of the value of a document's answer."""
    kind = document.parent.fields[document.root.name.value].type
    return _of_type(document.fragments, kind, [document.root]) or _same


def answer_type(document: Document, path: str) -> Any:
    """The type of a document's answer, or of a field of it by its path."""
    kind: Any = document.parent.fields[document.root.name.value].type
    for name in filter(None, path.split(".")):
        inner = get_named_type(kind)
        if not isinstance(inner, GraphQLObjectType):
            raise TypeError(f"{document.name} has no {path}")
        kind = inner.fields[name].type
    return kind


def noun(kind: GraphQLObjectType) -> str:
    """What `object` says of a type: `CreditNoteNode` is a `credit_note`."""
    return snake(kind.name.removesuffix("Node"))


def is_business_date(kind: GraphQLOutputType, name: str) -> bool:
    """Whether a field is shown as a plain date: those of instants end in `At` or `After`."""
    is_time = getattr(get_named_type(kind), "name", "") == "DateTime"
    return is_time and not name.endswith(("At", "After")) and name != "at"


def is_flat_currency(kind: GraphQLOutputType, selected: Selected) -> bool:
    """Whether only the two spellings of a currency are asked."""
    return getattr(get_named_type(kind), "name", "") == "CurrencyNode" and set(selected) <= {
        _CODE,
        _ID,
    }


def selected(
    fragments: Mapping[str, FragmentDefinitionNode], sets: Sequence[SelectionSetNode]
) -> Selected:
    """The fields that some selections ask of an object, fragments spread."""
    found: Selected = {}
    for selection_set in sets:
        for each in selection_set.selections:
            if isinstance(each, FieldNode):
                found.setdefault((each.alias or each.name).value, []).append(each)
            elif isinstance(each, FragmentSpreadNode):
                fragment = fragments[each.name.value]
                for name, nodes in selected(fragments, [fragment.selection_set]).items():
                    found.setdefault(name, []).extend(nodes)
            else:
                raise TypeError("A document of REST has no inline fragments.")
    return found


def below(nodes: Sequence[FieldNode]) -> list[SelectionSetNode]:
    """What is selected below a field that stands in several places."""
    return [node.selection_set for node in nodes if node.selection_set is not None]


def listed(
    items: Sequence[Any], total: int, *, has_more: bool, cursor: str | None
) -> dict[str, Any]:
    """The envelope of a list."""
    return {
        "object": "list",
        "data": items,
        "has_more": has_more,
        "total_count": total,
        "next_cursor": cursor if has_more else None,
    }


def _of_type(
    fragments: Mapping[str, FragmentDefinitionNode],
    kind: GraphQLOutputType,
    nodes: Sequence[FieldNode],
) -> Render | None:
    """What makes JSON of a value; None where that is the value itself."""
    if isinstance(kind, GraphQLNonNull):
        return _of_type(fragments, kind.of_type, nodes)
    if isinstance(kind, GraphQLList):
        return _list(_of_type(fragments, kind.of_type, nodes))
    if isinstance(kind, GraphQLEnumType):
        return _lowered
    if isinstance(kind, GraphQLObjectType):
        plain = _object(fragments, kind, selected(fragments, below(nodes)))
        return _connection(plain) if kind.name.endswith("Connection") else plain
    if is_composite_type(kind):
        raise TypeError(f"A document of REST selects objects; {kind.name} may be several.")
    return _dated if is_business_date(kind, nodes[0].name.value) else None


def _list(inner: Render | None) -> Render | None:
    if inner is None:
        return None
    return lambda value, of: None if value is None else [inner(each, of) for each in value]


def _object(
    fragments: Mapping[str, FragmentDefinitionNode], kind: GraphQLObjectType, fields: Selected
) -> Render:
    parts = [
        (key, *part)
        for key, nodes in fields.items()
        for part in _parts(fragments, kind, key, nodes)
    ]
    keys, names = [key for key, *_ in parts], [name for _, name, _ in parts]
    made = [(name, inner) for _, name, inner in parts if inner is not None]

    def render(value: Any, of: str) -> Any:
        if value is None:
            return None
        shown = dict(zip(names, map(value.get, keys), strict=True))
        if len(value) < len(fields):  # what was not asked to be expanded is not there
            for key, name in zip(keys, names, strict=True):
                if key not in value:
                    del shown[name]
        for name, inner in made:
            if name in shown:
                shown[name] = inner(shown[name], of)
        return shown

    return render


def _parts(
    fragments: Mapping[str, FragmentDefinitionNode],
    kind: GraphQLObjectType,
    key: str,
    nodes: list[FieldNode],
) -> Iterator[tuple[str, Render | None]]:
    """How one field of an object is shown in it: by which names, and what makes their values."""
    if nodes[0].name.value == "__typename":
        yield from _named(kind)
        return
    own, name = kind.fields[nodes[0].name.value].type, snake(key)
    inner = selected(fragments, below(nodes))
    if is_flat_currency(own, inner):
        yield from _currency(name, inner)
    else:
        yield name, _of_type(fragments, own, nodes)


def _named(kind: GraphQLObjectType) -> Iterator[tuple[str, Render]]:
    name = noun(kind)
    yield "object", lambda _value, _of: name
    if kind.name not in GLOBAL:
        yield "organization_id", lambda _value, of: of


def _currency(name: str, inner: Selected) -> Iterator[tuple[str, Render]]:
    for asked, shown in ((_CODE, name), (_ID, f"{name}_id")):
        if asked in inner:
            yield shown, partial(_of_currency, asked)


def _of_currency(asked: str, value: Any, _of: str) -> Any:
    return (value or {}).get(asked)


def _connection(plain: Render) -> Render:
    def render(value: Any, of: str) -> Any:
        found = plain(value, of)
        info = found["page_info"]
        return listed(
            found["nodes"],
            found["total_count"],
            has_more=info["has_next_page"],
            cursor=info["end_cursor"],
        )

    return render


def _same(value: Any, _of: str) -> Any:
    return value


def _lowered(value: Any, _of: str) -> Any:
    return None if value is None else value.lower()


def _dated(value: Any, _of: str) -> Any:
    return None if value is None else value[:10]
