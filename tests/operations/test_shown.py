"""Nodes of facts: what a document does not select is not worked out."""

from __future__ import annotations

from dataclasses import dataclass

import strawberry

from schema.nodes import of_fact, shown
from schema.wiring import wire


@dataclass
class Fact:
    """Counts how often each of its fields is read."""

    read: list[str]

    @property
    def name(self):
        self.read.append("name")
        return "Cash"

    @property
    def code(self):
        self.read.append("code")
        return "1000"


@strawberry.type
class Shown:
    fact: strawberry.Private[Fact]
    name: str = of_fact("name", "What it is called.")
    code: str = of_fact("code")
    label: str = shown(lambda node: f"{node.fact.code} {node.fact.name}")


async def test_a_field_is_worked_out_when_it_is_selected_and_not_before():
    node = Shown(fact=Fact([]))

    @strawberry.type
    class Query:
        one: Shown = strawberry.field(resolver=lambda: node)

    schema = strawberry.Schema(Query)
    wire(schema._schema)
    assert node.fact.read == []
    assert (await schema.execute("{ one { name } }")).data == {"one": {"name": "Cash"}}
    assert node.fact.read == ["name"]
    assert (await schema.execute("{ one { label } }")).data == {"one": {"label": "1000 Cash"}}
    assert node.fact.read == ["name", "code", "name"]
    assert '"""What it is called."""\n  name: String!' in schema.as_str()
