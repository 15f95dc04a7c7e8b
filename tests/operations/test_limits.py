"""What the parser refuses to read, how a refusal reads, and what introspection may ask for."""

import pytest
from graphql import GraphQLSyntaxError, build_schema, get_introspection_query

from ledger.errors import Code, LedgerError, Reason
from schema.cost import measure
from schema.limits import SENTENCES, Limits, parse_document, too_complex

SCHEMA = build_schema("type Query { me: Query ids(of: [[ID]]): [ID] }")


def refusal(text, limits=None):
    with pytest.raises(LedgerError) as caught:
        parse_document(text, limits or Limits())
    assert caught.value.reason is Reason.DOCUMENT_TOO_COMPLEX
    assert caught.value.__context__ is None
    return caught.value


def measured(text):
    return measure(SCHEMA, parse_document(text, Limits()), None, Limits())


def test_as_many_tokens_as_allowed_are_read_and_not_one_more():
    text = "{ me { me { me } } }"
    assert len(parse_document(text, Limits(tokens=9)).definitions) == 1
    error = refusal(text, Limits(tokens=8))
    assert error.code is Code.VALIDATION_ERROR
    assert error.message == "The document has more than 8 tokens."
    assert error.suggestion == (
        "Send less text in one document: values belong in variables, repeats in fragments."
    )
    assert error.details == {"limit": "tokens", "allowed": 8}


def test_comments_are_counted_apart():
    text = "# one\n# two\n{ me }  # three\n # four"
    assert len(parse_document(text, Limits(tokens=4)).definitions) == 1
    error = refusal(text, Limits(tokens=3))
    assert error.message == "The document has more than 3 comments."
    assert error.details == {"limit": "comments", "allowed": 3}
    assert refusal("#\n" * 2_001 + "{ me }").details == {"limit": "comments", "allowed": 2_000}


@pytest.mark.parametrize("levels", [201, 10_000])
@pytest.mark.parametrize(
    ("start", "level"),
    [
        ("{", " me {"),
        ("{", "... {"),
        ("{ ids(of:", "["),
        ("{ ids(of:", "{of:"),
        ("{ me @skip(if:", "["),
        ("query ($of: ID =", "["),
        ("query ($of:", "["),
    ],
)
def test_brackets_nested_too_deeply_are_a_refusal(start, level, levels):
    error = refusal(start + level * levels)
    assert error.message == "The document nests its brackets too deeply to be read."
    assert error.suggestion == "Select fewer levels, and send nested values as variables."
    assert error.details == {"limit": "nesting"}


@pytest.mark.parametrize(
    "text", ["", "{", "{ me }}", "Document contains more than", "{ a(b:\ud800) }"]
)
def test_what_is_no_graphql_stays_a_syntax_error(text):
    with pytest.raises(GraphQLSyntaxError):
        parse_document(text, Limits())


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("depth", "The document nests fields 1,234 levels deep; 12 are allowed."),
        (
            "aliases",
            "The document has 1,234 aliases with its fragments expanded; 12 are allowed.",
        ),
        ("cost", "The document may answer with 1,234 objects; 12 are allowed."),
        (
            "introspection_depth",
            "The introspection nests fields 1,234 levels deep; 12 are allowed.",
        ),
        ("introspection_cost", "The introspection costs 1,234; 12 is allowed."),
    ],
)
def test_a_refusal_names_the_figure_the_limit_and_the_cure(limit, message):
    error = too_complex(limit, 1_234, 12)
    assert (error.code, error.message) == (Code.VALIDATION_ERROR, message)
    assert error.suggestion == SENTENCES[limit][1]
    assert error.details == {"limit": limit, "allowed": 12, "found": 1_234}


def full_introspection(levels, *, everything=True):
    return get_introspection_query(
        specified_by_url=everything,
        directive_is_repeatable=everything,
        schema_description=everything,
        input_value_deprecation=everything,
        one_of=everything,
        type_depth=levels,
    )


def back_into_fields(times, start="fields"):
    return f"{start} {{ type {{ " * times + "name" + " } }" * times


@pytest.mark.parametrize(
    ("text", "depth", "cost"),
    [
        (full_introspection(9), 15, 2_924),
        (full_introspection(9, everything=False), 15, 2_924),
        (full_introspection(7), 13, 2_924),
        (full_introspection(14), 20, 2_924),
        ("{ __schema { queryType { name } } me { __typename } }", 3, 2),
        ('{ __type(name: "Query") {' + back_into_fields(2) + "} }", 6, 221),
        ("{ me { ...S } } fragment S on Query { __schema { types { name } } }", 3, 11),
    ],
)
def test_introspection_has_figures_of_its_own_and_passes(text, depth, cost):
    found = measured(text)
    assert (found.introspection_depth, found.introspection_cost) == (depth, cost)
    assert (found.depth, found.aliases) <= (2, 0)
    assert found.cost_with({}) <= 1
    found.check({})


def types(selection, times=1):
    fields = (f"a{n}: __schema {{ types {{ {selection} }} }}" for n in range(times))
    return "{ " + " ".join(fields) + " }"


@pytest.mark.parametrize(
    ("text", "limit", "allowed", "found"),
    [
        (full_introspection(15), "introspection_depth", 20, 21),
        (types(back_into_fields(3)), "introspection_cost", 5_000, 22_211),
        (types(back_into_fields(3, "inputFields")), "introspection_cost", 5_000, 22_211),
        (types(back_into_fields(2), times=3), "introspection_cost", 5_000, 6_633),
    ],
)
def test_an_introspection_that_multiplies_itself_is_refused(text, limit, allowed, found):
    with pytest.raises(LedgerError) as caught:
        measured(text).check({})
    assert caught.value.details == {"limit": limit, "allowed": allowed, "found": found}


def test_the_aliases_of_an_introspection_count_with_the_others():
    found = measured(types("name", times=31))
    with pytest.raises(LedgerError) as caught:
        found.check({})
    assert caught.value.details == {"limit": "aliases", "allowed": 30, "found": 31}
