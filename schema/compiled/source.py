"""The source of compiled code: Python that completes a value of one field, as its document asks.

What is selected is read in the order of the document. A list becomes a function with a loop, all
else in it is written out in place:

    def f2(x, v, p, i):
        if type(v) is not list and type(v) is not tuple:
            raise OddError
        found = []
        for v1 in v:
            if type(v1) is not c1: raise OddError
            v2 = v1.code
            if type(v2) is not str: v2 = c2(v2)
            v1 = {'code': v2}
            found.append(v1)
        return found

Here `x` is the run, `v` the value, `p` its path and `i` the info of its field, where these are
needed.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    is_abstract_type,
    is_leaf_type,
)
from graphql.pyutils import Path
from graphql.type import TypeNameMetaFieldDef

from schema.compiled.code import Code, Function
from schema.compiled.leaves import Leaf, leaf_of
from schema.compiled.selection import Selected, class_of, is_told_by_class
from schema.compiled.straight import Called, checked, default, info_of, name_of
from schema.loading import place_of
from schema.wiring import Attribute, Loaded

Complete = Callable[..., Any]


class Source(Code):
    """The source of one operation, and what its names are bound to."""

    def __init__(self) -> None:
        super().__init__(
            Path=Path, checked=checked, default=default, info_of=info_of, name_of=name_of
        )
        self._leaves: dict[Any, tuple[Leaf, str, str]] = {}

    def field(self, selected: Selected) -> str:
        """Write the function that completes a field's value; its name."""
        name = self.named("f")
        _Function(self, name).whole(selected)
        return name

    def items(self, kind: GraphQLList[Any], selected: Selected) -> str:
        """Write the function that completes a list; its name."""
        name = self.named("f")
        _Function(self, name).items(kind, selected)
        return name

    def leaf(self, kind: Any) -> tuple[Leaf, str, str]:
        """How a leaf is written, and the names of its function and of its names."""
        if kind not in self._leaves:
            leaf = leaf_of(kind)
            self._leaves[kind] = leaf, self.bound(leaf.written), self.bound(leaf.names)
        return self._leaves[kind]


class _Function(Function):
    """A function that completes values."""

    def __init__(self, source: Source, name: str) -> None:
        super().__init__(source, f"def {name}(x, v, p, i):")
        self._source = source

    def whole(self, selected: Selected) -> None:
        """Complete the value of a field."""
        self._complete(selected.field.type, "v", selected, "p", "i")
        self.end("return v")

    def items(self, kind: GraphQLList[Any], selected: Selected) -> None:
        """Complete a list."""
        item = self._source.variable()
        self.write("if type(v) is not list and type(v) is not tuple:", "    raise OddError")
        self.write("found = []")
        if selected.has_tracked_items:
            path = self._source.variable()
            with self.block(f"for n, {item} in enumerate(v):"):
                self.write(f"{path} = Path(p, n, None)")
                self._item(kind, item, selected, path)
        else:
            with self.block(f"for {item} in v:"):
                self._item(kind, item, selected, "p")
        self.end("return found")

    def _item(self, kind: GraphQLList[Any], item: str, selected: Selected, path: str) -> None:
        self._complete(kind.of_type, item, selected, path, "i")
        self.write(f"found.append({item})")

    def _complete(self, kind: Any, v: str, selected: Selected, path: str, info: str) -> None:
        """Make what a variable holds what the answer holds."""
        if isinstance(kind, GraphQLNonNull):
            self._present(kind.of_type, v, selected, path, info)
        elif is_leaf_type(kind):
            self._leaf(kind, v, nullable=True)
        else:
            with self.block(f"if {v} is not None:"):
                self._present(kind, v, selected, path, info)

    def _present(self, kind: Any, v: str, selected: Selected, path: str, info: str) -> None:
        if isinstance(kind, GraphQLList):
            name = self._source.items(kind, selected)
            self.write(f"{v} = {name}(x, {v}, {path}, {info})")
        elif is_leaf_type(kind):
            self._leaf(kind, v, nullable=False)
        elif is_abstract_type(kind):
            self._abstract(kind, v, selected, path, info)
        else:
            self._check(kind, v, info)
            self._object(v, selected.below[kind], path)

    def _leaf(self, kind: Any, v: str, *, nullable: bool) -> None:
        leaf, written, names = self._source.leaf(kind)
        if leaf.names:
            test = f"{v} is not None" if nullable else ""
            write = f"{v} = {names}.get(id({v})) or {written}({v})"
        else:
            tests = [f"{v} is not None"] if nullable else []
            tests += [f"({leaf.test.format(v)})"] if leaf.test else []
            test, write = " and ".join(tests), f"{v} = {written}({v})"
        self.write(f"if {test}: {write}" if test else write)

    def _check(self, kind: GraphQLObjectType, v: str, info: str) -> None:
        known = class_of(kind)
        if known is not None:
            self.write(f"if type({v}) is not {self._source.bound(known)}: raise OddError")
        else:
            self.write(f"checked({self._source.bound(kind)}, {v}, {info})")

    def _abstract(
        self, kind: GraphQLAbstractType, v: str, selected: Selected, path: str, info: str
    ) -> None:
        name = self._source.variable()
        if is_told_by_class(kind, selected.below):
            names = self._source.bound({class_of(each): each.name for each in selected.below})
            self.write(f"{name} = {names}.get(type({v}))")
        else:
            self.write(f"{name} = name_of(x, {self._source.bound(kind)}, {v}, {info})")
        word = "if"
        for each, below in selected.below.items():
            with self.block(f"{word} {name} == {each.name!r}:"):
                self._object(v, below, path)
            word = "elif"
        self.write("else: raise OddError" if selected.below else "raise OddError")

    def _object(self, v: str, below: list[Selected], path: str) -> None:
        items = [f"{child.key!r}: {self._field(v, child, path)}" for child in below]
        self.write(f"{v} = {{{', '.join(items)}}}")

    def _field(self, source: str, selected: Selected, around: str) -> str:
        """Read a field of an object and complete it; what then holds it."""
        if selected.field is TypeNameMetaFieldDef:
            return repr(selected.parent.name)
        v, path, info = self._source.variable(), "None", "None"
        if selected.is_tracked:
            path = self._source.variable()
            self.write(f"{path} = Path({around}, {selected.key!r}, {selected.parent.name!r})")
        if selected.is_called or selected.has_checks:
            info = self._source.variable()
            self.write(f"{info} = info_of(x, {self._source.bound(selected)}, {path})")
        self.write(f"{v} = {self._read(source, selected, info)}")
        self._complete(selected.field.type, v, selected, path, info)
        return v

    def _read(self, source: str, selected: Selected, info: str) -> str:
        resolve = selected.field.resolve
        if isinstance(resolve, Attribute):
            name = resolve.name
            is_plain = name.isidentifier() and not keyword.iskeyword(name)
            return f"{source}.{name}" if is_plain else f"getattr({source}, {name!r})"
        if isinstance(resolve, Loaded):
            return f"{source}.loaded[{self._source.bound(place_of(selected.nodes))}]"
        if not selected.is_called:
            return f"default({source}, {selected.nodes[0].name.value!r})"
        return f"{self._source.bound(Called(selected))}(x, {source}, {info})"
