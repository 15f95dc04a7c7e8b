"""The schema as callers see it: exported, and of one grammar throughout."""

from __future__ import annotations

import re
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    is_specified_scalar_type,
    parse,
)

import schema
from resolvers.attachments import SUBJECTS
from schema.operation import OPERATIONS

EXPORTED = Path(schema.__file__).parent / "schema.graphql"
CORE = schema.core
OWN = {name: kind for name, kind in CORE.type_map.items() if not name.startswith("__")}
ROOTS = {"Query": CORE.query_type, "Mutation": CORE.mutation_type}
CAMEL = re.compile(r"[a-z][a-zA-Z0-9]*")
PASCAL = re.compile(r"[A-Z][a-zA-Z0-9]*")
FIGURE = re.compile(
    r"(?i:amount|balance|rate$|price|percent|quantity|total|discount)|^(net|debit|credit(?!Note))[A-Z]"
)
LISTED = (
    *("Account", "Transaction", "Contact", "Invoice", "Bill", "CreditNote", "Payment"),
    *("Item", "Category", "TaxRate"),
)
"""The nouns that callers make, and that have lists."""

FIXED = {
    "createTransaction": {"kind", "post"},
    "createContact": {"contactType"},  # the first of `contactTypes`, which can be changed
    "createInvoice": {"send"},
    "createBill": {"receive"},
    "createCreditNote": {"documentId", "side", "issue"},
}
"""What can be said of something when it is made, and is not an argument of its update."""

UPPER = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


def with_fields(*kinds):
    return {name: each for name, each in OWN.items() if isinstance(each, kinds)}


def test_the_exported_schema_is_the_one_that_runs():
    current = EXPORTED.read_text(encoding="utf-8") == schema.sdl()
    assert current, "schema/schema.graphql is not up to date: run `python -m schema`."
    build_schema(schema.sdl())


def test_every_operation_shows_its_scope_and_its_price():
    shown = {}
    for definition in parse(schema.sdl()).definitions:
        if getattr(definition, "name", None) and definition.name.value in ROOTS:
            for field in definition.fields:
                (directive,) = field.directives
                assert directive.name.value == "operation"
                given = {each.name.value: each.value.value for each in directive.arguments}
                shown[field.name.value] = (definition.name.value, given)
    declared = {
        name: (
            operation.kind.title(),
            {"scope": operation.scope.name, "credits": str(operation.credits)},
        )
        for name, operation in OPERATIONS.items()
    }
    assert shown == declared
    assert set(shown) == {name for root in ROOTS.values() for name in root.fields}
    for kind, given in shown.values():
        if kind == "Query":
            assert given["credits"] == "0"
            assert given["scope"] in {"READ", "ADMIN"}
        else:
            assert given["scope"] in {"WRITE", "ADMIN"}
    free = {name for name, (kind, given) in shown.items() if given["credits"] == "0"}
    # Who has no credits left must still be able to get some.
    assert free - set(ROOTS["Query"].fields) == {"purchaseCredits", "updateBilling"}


def test_every_mutation_can_be_repeated_safely_and_tried_dry():
    for name, field in CORE.mutation_type.fields.items():
        key, dry = field.args["idempotencyKey"], field.args["dryRun"]
        assert (str(key.type), str(dry.type)) == ("String", "Boolean!"), name
        assert list(field.args)[-2:] == ["idempotencyKey", "dryRun"], name


def test_what_an_update_does_not_say_stays():
    for name, field in CORE.mutation_type.fields.items():
        if name.startswith("update"):
            required = [key for key, arg in field.args.items() if str(arg.type).endswith("!")]
            assert set(required) <= {"id", "dryRun"}, name
            assert "version" in field.args, name


def test_what_is_given_at_first_can_be_changed_and_deleted_later():
    mutations = CORE.mutation_type.fields
    for name, field in mutations.items():
        later = mutations.get(name.replace("create", "update", 1))
        if name.startswith("create") and later is not None:
            assert field.args.keys() - later.args.keys() <= FIXED.get(name, set()), name
            assert later.args.keys() - field.args.keys() <= {"id", "version", "status", "isActive"}
            assert "version" in mutations[name.replace("create", "delete", 1)].args, name
    assert mutations.keys() >= FIXED.keys()


def test_what_is_made_in_bulk_is_given_as_one_of_it_is():
    own = {"idempotencyKey", "dryRun"}
    for name, single, more in (
        ("AccountInput", "createAccount", {"parentCode"}),
        ("TransactionInput", "createTransaction", {"post"}),
    ):
        given = CORE.mutation_type.fields[single].args.keys()
        assert OWN[name].fields.keys() ^ given == own | more, name


def test_names_are_spelled_one_way():
    for name, kind in OWN.items():
        assert PASCAL.fullmatch(name), name
        if isinstance(kind, GraphQLEnumType):
            assert all(UPPER.fullmatch(value) for value in kind.values), name
        for field_name, field in getattr(kind, "fields", {}).items():
            assert CAMEL.fullmatch(field_name), (name, field_name)
            for argument in getattr(field, "args", {}):
                assert CAMEL.fullmatch(argument), (name, field_name, argument)
    for name in with_fields(GraphQLInputObjectType):
        assert name.endswith(("Input", "Filter", "Where", "Order")), name


def texts():
    """Every description in the schema, by the name of what it is of."""
    for name, kind in OWN.items():
        if not is_specified_scalar_type(kind):
            yield name, kind.description
        parts = {**getattr(kind, "fields", {}), **getattr(kind, "values", {})}
        for part_name, part in parts.items():
            found = {part_name: part, **getattr(part, "args", {})}
            for key, each in found.items():
                if each.description is not None:
                    yield f"{name}.{key}", each.description


def test_everything_says_what_it_is():
    for name, kind in OWN.items():
        if not is_specified_scalar_type(kind):
            assert kind.description, name
    for root in ROOTS.values():
        for name, field in root.fields.items():
            assert field.description, name
    for name, text in texts():
        assert text.strip() == text, name
        assert text.endswith("."), name


def test_no_amount_is_a_float_and_no_place_is_left_for_one():
    assert "Float" not in OWN
    for name, kind in with_fields(GraphQLObjectType, GraphQLInputObjectType).items():
        for field_name, field in kind.fields.items():
            if FIGURE.search(field_name):
                found = get_named_type(field.type).name
                assert found not in {"String", "Float"}, (name, field_name, found)


def test_connections_are_alike_and_stand_beside_a_list():
    connections = {name for name in OWN if name.endswith("Connection")}
    assert connections == {f"{noun}Connection" for noun in (*LISTED, "LedgerEntry", "Job", "Event")}
    for name in connections:
        fields = OWN[name].fields
        edge = get_named_type(fields["edges"].type)
        assert {"edges", "nodes", "pageInfo", "totalCount"} <= set(fields), name
        assert edge.name == name.replace("Connection", "Edge")
        assert {"node", "cursor"} <= set(edge.fields), edge.name
        assert get_named_type(fields["nodes"].type) is get_named_type(edge.fields["node"].type)
    for kind in with_fields(GraphQLObjectType).values():
        for name, field in kind.fields.items():
            if get_named_type(field.type).name in connections:
                window = {"first", "after", "last", "before"}
                assert window <= set(field.args), name
                beside = kind.fields.get(name.removesuffix("Connection"))
                assert (beside is None) is (name in {"entriesConnection", "eventsConnection"}), name
                if beside is not None:
                    assert set(beside.args) == {"where", "orderBy", "limit", "offset"}, name
                    assert set(field.args) == {"where", "orderBy", "offset", *window}, name


def test_every_noun_that_is_listed_is_asked_for_in_the_same_ways():
    query, organization = CORE.query_type.fields, OWN["OrganizationNode"].fields
    for noun in LISTED:
        node = OWN[f"{noun}Node"]
        one = query[noun[0].lower() + noun[1:]]
        assert (get_named_type(one.type), str(one.args["id"].type)) == (node, "ID!"), noun
        listed = {name for name, field in query.items() if str(field.type) == f"[{noun}Node!]!"}
        (plural,) = listed
        for name in (plural, f"{plural}Connection"):
            assert str(query[name].type) == str(organization[name].type), name
            assert query[name].args.keys() == organization[name].args.keys(), name
        shown = {"id", "externalId", "metadata", "version", "createdAt", "updatedAt"}
        assert shown <= node.fields.keys(), noun
        # What a list can be filtered by is a field of what it lists, but for these.
        hidden = {"accountId", "nextDueDate", "isVoided", "and", "or", "not"}
        assert OWN[f"{noun}Where"].fields.keys() <= node.fields.keys() | hidden, noun


def test_what_has_an_id_of_its_own_is_a_node():
    node = OWN["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    kinds = {kind.name for kind in CORE.get_possible_types(node)}
    others = ("Organization", "LedgerEntry", "Application", "Attachment", "Job")
    assert kinds == {f"{noun}Node" for noun in (*LISTED, *others)}
    for name in kinds:
        assert isinstance(OWN[name].fields["id"].type, GraphQLNonNull)
    documents = {kind.name for kind in CORE.get_possible_types(OWN["DocumentNode"])}
    assert documents == {"InvoiceNode", "BillNode", "CreditNoteNode"}


def test_what_files_can_belong_to_shows_its_files():
    shows = {name for name, kind in OWN.items() if "attachments" in getattr(kind, "fields", ())}
    nouns = (noun.title().replace(" ", "") for noun in SUBJECTS.values())
    belonging = {f"{noun}Node" for noun in nouns} - {"OrganizationNode"}
    assert shows == belonging | {"DocumentNode", "Query"}


def test_filters_have_one_grammar():
    wheres = {name: kind for name, kind in OWN.items() if name.endswith("Where")}
    for name, kind in wheres.items():
        combined = {key: str(kind.fields[key].type) for key in ("and", "or", "not")}
        assert combined == {"and": f"[{name}!]", "or": f"[{name}!]", "not": name}
        own = {"externalId"} if name.removesuffix("Where") in LISTED else set()
        assert {"id", "createdAt", "updatedAt"} | own <= set(kind.fields), name
    ranges = {"lt", "lte", "gt", "gte"}
    for name, kind in OWN.items():
        if name.endswith("Filter"):
            operators = set(kind.fields)
            assert {"eq", "ne", "isNull"} <= operators, name
            assert operators & ranges in (set(), ranges), name
            assert ("in" in operators) is ("notIn" in operators) is (name != "BooleanFilter"), name
