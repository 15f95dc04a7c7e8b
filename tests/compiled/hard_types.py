"""The types of a schema made of hard cases, and how its scalars and enums read and write."""

from __future__ import annotations

from enum import Enum
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    value_from_ast_untyped,
)

from ledger.errors import LedgerError, Reason

WRAPPINGS = (
    "{}",
    "{}!",
    "[{}]",
    "[{}!]",
    "[{}]!",
    "[{}!]!",
    "[[{}]]",
    "[[{}!]]",
    "[[{}]!]",
    "[[{}]]!",
    "[[{}!]!]",
    "[[{}!]]!",
    "[[{}]!]!",
    "[[{}!]!]!",
)
"""Every way of being null or not, down to lists of lists."""

BASES = {
    "int": "Int",
    "cell": "Cell",
    "thing": "Thing",
    "fussy": "Fussy",
    "slowInt": "Int",
    "slowCell": "Cell",
    "slowThing": "Thing",
}
"""The type of the fields of each kind: `cell` and `int` resolve at once, `slow` ones are awaited,
`thing` and `fussy` are attributes."""


def field_name(base: str, wrapping: str) -> str:
    """`intLN` is `[Int]!`: what is around the type, from the inside, as N and L."""
    return base + wrapping.partition("}")[2].replace("]", "L").replace("!", "N")


_WRAPPED = "\n".join(
    f"  {field_name(base, wrapping)}: {wrapping.format(kind)}"
    for base, kind in BASES.items()
    for wrapping in WRAPPINGS
)

ARGUMENTS = """
    i: Int, iD: Int = 7, f: Float, fD: Float = 1, s: String = "s", b: Boolean, bD: Boolean! = true,
    id: ID, color: Color = GREEN, mood: Mood, shout: Shout, blob: Blob, list: [Int], listN: [Int!],
    lists: [[Int]] = [[1, null]], colors: [Color!], point: PointInput, box: BoxInput,
    boxes: [BoxInput!], choice: ChoiceInput
"""

REQUIRED = """
    i: Int!, iD: Int! = 5, color: Color!, list: [Int!]!, box: BoxInput!, s: String! = "d"
"""

SDL = f"""
scalar Fussy
scalar Shout
scalar Blob
scalar Hollow
enum Color {{ RED GREEN BLUE }}
enum Mood {{ CALM WILD }}

input PointInput {{ x: Int! = 0, y: Int, label: String = "p", next: PointInput }}
input BoxInput {{
  at: PointInput!, color: Color = BLUE, moods: [Mood!] = [CALM], sizes: [[Int!]], shout: Shout,
  anything: Blob, luck: Float = 0.5
}}
input ChoiceInput @oneOf {{ number: Int, text: String, at: PointInput }}

interface Named {{ name: String, about: String }}
interface Thing implements Named {{
  id: ID!, name: String, about: String, owner: Person
  tags(prefix: String = "t", most: Int): [String]
}}
type Person implements Named {{
  name: String, about: String, age: Int!, friends: [Person!], things: [Thing!]!, cell: Cell,
  luck: Luck, greeting(word: String! = "hello"): String
}}
type Box implements Thing & Named {{
  id: ID!, name: String!, about: String, owner: Person
  tags(prefix: String = "t", most: Int): [String!]
  size: Int, inside: [Luck], slowOwner: Person!
}}
type Jar implements Thing & Named {{
  id: ID!, name: String, about: String, owner: Person!
  tags(prefix: String = "t", most: Int, sorted: Boolean = false): [String]!
  size: String, label: Shout, lid: Jar
}}
type Stone {{ weight: Float!, size: [Int!], cell: Cell! }}
union Luck = Box | Jar | Stone
union Found = Person | Stone | Cell

type Cell {{
{_WRAPPED}
  key: String!, about: String, place: Blob, missing: String, callable(n: Int = 1): Int
  text: String, flag: Boolean, number: Float, id: ID, color: Color, mood: Mood, shout: Shout
  blob: Blob, hollow: Hollow, odd: [Int], oddN: [Int!]!, late: [Int], lateCells: [Cell!]
  boom: String, boomN: String!, slowBoom: String, slowBoomN: String!
  luck: Luck, lucks: [Luck!], luckN: Luck!, found: Found, founds: [[Found]], named: Named
  named_list: [Named!]!, person: Person, personN: Person!, slowPerson: Person
  echo({ARGUMENTS}): String!
  need({REQUIRED}): String
}}

type Query {{
{_WRAPPED}
  cell0: Cell!, cell1: Cell, slow0: Cell!, slow1: Cell, person: Person, persons: [Person]
  luck: Luck
  founds: [Found!], named: Named, things(most: Int = 3, of: Mood): [Thing], about: String
  place: Blob, boom: String, slowBoom: String, hollow: Hollow, rootNumber: Int
  rootCall(x: Int! = 2): Int
  echo({ARGUMENTS}): String!
  need({REQUIRED}): String
}}

type Mutation {{
  write(word: String!, times: Int = 1): Cell
  writeN(word: String!): Cell!
  slowWrite(word: String!, box: BoxInput): Cell
  slowWriteN(word: String!): Cell!
  words: [String!]!
  slowWords: [String!]
  lucky: Luck
  fail(word: String): Int
  slowFail: Int
  failN: Int!
}}
"""


class Mood(Enum):
    """An enum whose members are the values inside."""

    CALM = "calm"
    WILD = "wild"


COLORS = {"RED": 1, "GREEN": "green", "BLUE": (0, 0, 255)}


class Boxed:
    """What a `BoxInput` becomes inside: an object, whose members have other names."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def __repr__(self) -> str:
        return f"Boxed({self.values!r})"


def _fussy_out(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        if value % 7 == 3:
            raise LedgerError(Reason.INVALID_VALUE, f"Fussy cannot be {value}.", "Add one.")
        if value % 7 == 4:
            raise ValueError(f"{value} is too fussy")
        return {"fussy": value}
    if value == "undefined":
        return None
    raise GraphQLError(f"Fussy does not like {value!r}.", extensions={"fussy": True})


def _shout_out(value: Any) -> str:
    return str(value).upper()


def _shout_in(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError("Shout takes text.", extensions={"heard": type(value).__name__})
    if value == "whisper":
        raise LedgerError(Reason.INVALID_VALUE, "Nobody shouts so.", "Shout louder.")
    return value + "!"


def _as_it_is(value: Any) -> Any:
    return value


def _nothing(_value: Any) -> None:
    return None


def _blob_literal(node: Any, variables: Any = None) -> Any:
    return value_from_ast_untyped(node, variables)


def types() -> GraphQLSchema:
    """The schema, without resolvers."""
    schema = build_schema(SDL)
    of: dict[str, Any] = schema.type_map
    _written(of["Fussy"], _fussy_out)
    _written(of["Shout"], _shout_out)
    of["Shout"].coerce_input_value = of["Shout"].parse_value = _shout_in
    of["Blob"].parse_literal = _blob_literal
    _written(of["Hollow"], _nothing)
    _renamed(of["BoxInput"])
    color: GraphQLEnumType = of["Color"]
    color.values.clear()
    color.values.update({name: GraphQLEnumValue(value) for name, value in COLORS.items()})
    mood: GraphQLEnumType = of["Mood"]
    mood.values.clear()
    mood.values.update({each.name: GraphQLEnumValue(each) for each in Mood})
    for kind in ("Query", "Cell"):
        of[kind].fields["echo"].args["s"].out_name = "said"
    return schema


def _written(scalar: GraphQLScalarType, write: Any) -> None:
    scalar.coerce_output_value = scalar.serialize = write  # type: ignore[method-assign]


def _renamed(box: GraphQLInputObjectType) -> None:
    box.out_type = Boxed  # type: ignore[method-assign]
    box.fields["anything"].out_name = "any_thing"
