"""What a document may ask for: the limits, and the parser that stops at the first two.

A document is limited by what it says (tokens, nesting, aliases) and by what it could make
the server do (its cost: the number of objects that it may answer with). Everything here
is decided before a resolver runs. `parse_document` reads no further than the limits allow;
`schema.cost` measures what was read.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphql import DocumentNode, GraphQLSyntaxError, parse

from ledger.errors import LedgerError, Reason


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one document, and the sizes assumed of lists that state none.

    `tokens` counts the words and signs of the text; its comments are counted apart, up to
    the same number. `depth` counts nested fields, the innermost included. `aliases` counts
    aliased fields, and `cost` objects in the answer, both with every fragment expanded.
    Introspection has a depth and a cost of its own, and adds nothing to the others but its
    aliases.

    `assumed_list` is the size of a list that could be limited and is not; `assumed_parts`
    that of one which takes no limit, such as the entries of a transaction. No list counts
    as more than `largest_list`, which is the most that any list answers with.
    """

    tokens: int = 2_000
    depth: int = 12
    aliases: int = 30
    cost: int = 10_000
    introspection_depth: int = 20
    introspection_cost: int = 5_000
    assumed_list: int = 50
    assumed_parts: int = 20
    largest_list: int = 1_000


SENTENCES = {
    "depth": (
        "The document nests fields {found:,} levels deep; {allowed:,} are allowed.",
        "Select fewer levels, or fetch the inner objects in a request of their own.",
    ),
    "aliases": (
        "The document has {found:,} aliases with its fragments expanded; {allowed:,} are allowed.",
        "Ask for many objects by one list field, or spread the aliases over several requests.",
    ),
    "cost": (
        "The document may answer with {found:,} objects; {allowed:,} are allowed.",
        "Ask for fewer items by `limit` or `first`, or nest fewer lists in one another.",
    ),
    "introspection_depth": (
        "The introspection nests fields {found:,} levels deep; {allowed:,} are allowed.",
        "Select fewer levels of `ofType`; ten are more than any type here has.",
    ),
    "introspection_cost": (
        "The introspection costs {found:,}; {allowed:,} is allowed.",
        "Do not follow `type` back into `fields`: list `types` once, and join them by name.",
    ),
}


def too_complex(limit: str, found: int, allowed: int) -> LedgerError:
    """The refusal of a document that was measured and found to exceed the named limit."""
    message, suggestion = SENTENCES[limit]
    return LedgerError(
        Reason.DOCUMENT_TOO_COMPLEX,
        message.format(found=found, allowed=allowed),
        suggestion,
        {"limit": limit, "allowed": allowed, "found": found},
    )


def parse_document(text: str, limits: Limits) -> DocumentNode:
    """Parse a document, reading no more of it than the limits allow.

    A document with too many tokens or comments, or with brackets nested beyond what the
    parser follows (200 levels), is a `LedgerError`; how many there would have been is not
    known, since reading stops. What is no GraphQL stays a `GraphQLSyntaxError`.
    """
    try:
        return parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except GraphQLSyntaxError as error:
        refusal = _unread(error.description, limits)
        if refusal is None:
            raise
    raise refusal


def _unread(description: str, limits: Limits) -> LedgerError | None:
    # The parser gives each failure the same class; its limits are known by their wording.
    if description.startswith("Document is nested too deeply"):
        return LedgerError(
            Reason.DOCUMENT_TOO_COMPLEX,
            "The document nests its brackets too deeply to be read.",
            "Select fewer levels, and send nested values as variables.",
            {"limit": "nesting"},
        )
    if not description.startswith("Document contains more than"):
        return None
    limit = "comments" if "comments" in description else "tokens"
    return LedgerError(
        Reason.DOCUMENT_TOO_COMPLEX,
        f"The document has more than {limits.tokens:,} {limit}.",
        "Send less text in one document: values belong in variables, repeats in fragments.",
        {"limit": limit, "allowed": limits.tokens},
    )
