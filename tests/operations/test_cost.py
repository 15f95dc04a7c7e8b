"""What a document costs: what is counted, what passes, and which figure refuses what."""

import math
from decimal import Decimal

import pytest
from graphql import GraphQLSchema, build_schema, validate

from ledger.errors import LedgerError, Reason
from schema.cost import measure
from schema.limits import Limits, parse_document
from schema.pages import CEILING

SCHEMA = build_schema("""
  type Currency { code: String! symbol: String }
  type Money { amount: String! formatted: String! currency: Currency! }
  type Entry { account: Account! amount: String! }
  interface Node { id: ID! }
  type Transaction implements Node { id: ID! entries: [Entry!]! tags: [String!]! }
  type PageInfo { endCursor: String }
  type AccountEdge { cursor: String! node: Account! }
  type AccountConnection { edges: [AccountEdge!]! nodes: [Account!]! pageInfo: PageInfo! }
  type Account implements Node {
    id: ID! code: String! balance: Money! parent: Account
    children(limit: Int): [Account!]!
    transactions(limit: Int, offset: Int): [Transaction!]!
    childrenConnection(first: Int, last: Int): AccountConnection!
  }
  type Report { totalDebits: String! totalCredits: String! }
  type Organization {
    id: ID! baseCurrency: Currency! trialBalance: Report!
    accounts(limit: Int, where: String): [Account!]!
    recentTransactions(limit: Int = 10): [Transaction!]!
    invoices(limit: Int, where: String): [Transaction!]!
    accountsConnection(first: Int = 20, last: Int): AccountConnection!
  }
  type Result { transaction: Transaction }
  type Payload { results: [Result!]! }
  union Anything = Account | Transaction
  type Query {
    organization: Organization account(id: ID): Account
    nodes(ids: [ID!]!): [Node]! search: [Anything!]!
  }
  type Mutation {
    createTransactions(count: Int): Payload! createAccounts(limit: Int): [Account!]!
    deleteAccount(id: ID!): Boolean!
  }
""")

DASHBOARD = """query GetOrganizationDashboard { organization {
  id baseCurrency { code symbol }
  recentTransactions(limit: 5) { id }  # Recent activity
  accounts { id code balance { formatted } }
  trialBalance { totalDebits totalCredits }
  invoices(where: "sent") { id }
  bills: invoices(where: "received") { id }
} }"""


def account(selection):
    return "{ account { " + selection + " } }"


def organization(selection):
    return "{ organization { " + selection + " } }"


def nested(fields):
    """The fields, each inside the one before, with an id in the innermost."""
    return " { ".join(fields) + " { id" + " }" * len(fields)


def chain(spreads, leaf, links=40):
    """Fragments of which each spreads the next as `spreads` says, and the last selects `leaf`."""
    bodies = [spreads.replace("NEXT", f"F{n}") for n in range(1, links + 1)] + [leaf]
    return account("...F0") + " ".join(
        f"fragment F{n} on Account {{ {body} }}" for n, body in enumerate(bodies)
    )


def measured(text, limits=None, operation_name=None):
    limits = limits or Limits()
    return measure(SCHEMA, parse_document(text, limits), operation_name, limits)


def refused(found, variables=None):
    with pytest.raises(LedgerError) as caught:
        found.check(variables or {})
    assert caught.value.reason is Reason.DOCUMENT_TOO_COMPLEX
    return caught.value


@pytest.mark.parametrize(
    ("text", "depth", "aliases", "cost"),
    [
        # A scalar has depth and no cost; an object costs one.
        ("{ __typename }", 1, 0, 0),
        (account("id"), 2, 0, 1),
        (account("balance { currency { code } }"), 4, 0, 3),
        ("mutation { deleteAccount(id: 1) }", 1, 0, 0),
        ("{ a: account { b: id c: code } }", 2, 3, 1),
        # A list costs its page, as asked, preset or assumed; a list of scalars nothing.
        (account("children(limit: 100) { id }"), 3, 0, 101),
        (account("children { id }"), 3, 0, 51),
        (account("children(limit: null) { id }"), 3, 0, 51),
        (account("children(limit: 5000) { id }"), 3, 0, 1_001),
        (account("children(limit: 99999999999999999999) { id }"), 3, 0, 1_001),
        (account("children(limit: 0) { id }"), 3, 0, 2),
        (account("children(limit: -7) { id }"), 3, 0, 2),
        (organization("recentTransactions { id }"), 3, 0, 11),
        (organization("recentTransactions(limit: null) { id }"), 3, 0, 51),
        (organization("recentTransactions(limit: 3) { tags entries { amount } }"), 4, 0, 64),
        ("{ search { ... on Account { children(limit: 2) { id } } } }", 3, 0, 60),
        # A list that names its items has as many.
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 2, 0, 3),
        ('{ nodes(ids: "a") { id } }', 2, 0, 1),
        # A connection has a page; the lists right inside it are that page, not another.
        (organization("accountsConnection(first: 100) { edges { node { id } } }"), 5, 0, 301),
        (organization("accountsConnection(last: 100) { nodes { id } }"), 4, 0, 201),
        (organization("accountsConnection { pageInfo { endCursor } }"), 4, 0, 41),
        (account("childrenConnection { __typename }"), 3, 0, 51),
        (account("childrenConnection(first: 2, last: 3) { __typename }"), 3, 0, 4),
        # What mutations answer with counts too.
        ("mutation { createTransactions { results { transaction { id } } } }", 4, 0, 41),
        ("mutation { createAccounts(limit: 7) { id } }", 2, 0, 7),
        # Fragments count where they are spread, each time.
        (account("...A ...A") + "fragment A on Account { x: parent { id } }", 3, 2, 3),
        (account("parent { ...A }") + "fragment A on Account { parent { id } }", 4, 0, 3),
        (account("... { ... on Node { i: id } }"), 2, 1, 1),
        (DASHBOARD, 4, 1, 208),
    ],
)
def test_a_document_has_a_depth_a_number_of_aliases_and_a_cost(text, depth, aliases, cost):
    found = measured(text)
    assert (found.depth, found.aliases, found.cost_with({})) == (depth, aliases, cost)
    assert found.steps == ()
    found.check({})


@pytest.mark.parametrize(
    ("variables", "page"),
    [
        *[({"n": seven}, 7) for seven in (7, 7.0, "7", Decimal(7))],
        *[({"n": small}, 1) for small in (0, -1, -math.inf)],
        *[({"n": large}, 1_000) for large in (10**6, math.inf, "9" * 5_000, Decimal("1E+999999"))],
        *[(unset, 50) for unset in ({}, {"n": None}, {"other": 7})],
        # What is no number is refused when it is coerced, and must only not fail here.
        *[({"n": wrong}, 1) for wrong in ("seven", {"seven": 7}, 10**400, math.nan)],
    ],
)
def test_a_page_asked_for_by_a_variable_is_counted_on_each_request(variables, page):
    found = measured("query ($n: Int) { account { parent { children(limit: $n) { id } } } }")
    assert found.cost_with(variables) == 1 + 1 + page


@pytest.mark.parametrize(
    ("variables", "page"),
    [({}, 30), ({"n": 4}, 4), ({"n": None}, 50), ({"m": 8}, 30), ({"m": 8, "n": 4}, 8)],
)
def test_a_variable_that_is_not_sent_has_its_default(variables, page):
    connection = account("childrenConnection(first: $n, last: $m) { __typename }")
    assert measured("query ($n: Int = 30, $m: Int)" + connection).cost_with(variables) == 1 + page


def test_ids_sent_as_a_variable_count_one_by_one():
    found = measured("query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Account { id } } }")
    assert found.cost_with({"ids": ["a", "b", "c"]}) == 3


def test_pages_of_variables_multiply_one_another_through_fragments():
    found = measured("""
      query ($n: Int, $m: Int) { organization { accounts(limit: $n) { ...A parent { ...A } } } }
      fragment A on Account { balance { amount } children(limit: $m) { id children { id } } }
    """)
    assert found.cost_with({"n": 1, "m": 1}) == 1 + 1 * (1 + 2 * (1 + 1 * 51) + 1)
    assert found.cost_with({"n": 30, "m": 3}) == 1 + 30 * (1 + 2 * (1 + 3 * 51) + 1)
    found.check({"n": 30, "m": 3})
    error = refused(found, {"n": 100, "m": 3})
    assert error.details == {"limit": "cost", "allowed": 10_000, "found": 31_001}


@pytest.mark.parametrize(
    ("text", "limit", "allowed", "found"),
    [
        (account(nested(["parent"] * 12)), "depth", 12, 14),
        (account(nested(["children(limit: 1000)"] * 12)), "depth", 12, 14),
        (chain("parent { ...NEXT }", "id", links=11), "depth", 12, 13),
        (account(" ".join(f"a{n}: id" for n in range(31))), "aliases", 30, 31),
        (chain("...NEXT ...NEXT", "a: id b: id", links=4), "aliases", 30, 32),
        (chain("...NEXT ...NEXT", "a: id"), "aliases", 30, CEILING),
        (chain("...NEXT ...NEXT", "parent { id }"), "cost", 10_000, CEILING),
        (account(nested(["children(limit: 100)"] * 2)), "cost", 10_000, 10_101),
        (account(nested(["children(limit:100)"] * 3)), "cost", 10_000, 1_010_101),
        (account(nested(["children(limit: 1000)"] * 10)), "cost", 10_000, CEILING),
        (organization(nested(["accounts", "transactions", "entries"])), "cost", 10_000, 52_551),
        ("mutation { createAccounts(limit: 300) { children { id } } }", "cost", 10_000, 15_300),
    ],
)
def test_a_document_over_a_limit_is_refused_by_that_limit(text, limit, allowed, found):
    error = refused(measured(text))
    assert error.details == {"limit": limit, "allowed": allowed, "found": found}


def test_a_thousand_accounts_with_their_balances_pass():
    balances = "{ id balance { amount formatted currency { code } } }"
    lists = measured(organization("accounts(limit: 1000) " + balances))
    edges = "accountsConnection(first: 1000) { pageInfo { endCursor } edges { node %s } }"
    pages = measured(organization(edges % balances))
    assert (lists.cost_with({}), pages.cost_with({})) == (3_001, 6_001)
    lists.check({})
    pages.check({})


def test_each_limit_and_each_assumption_is_a_setting():
    assert refused(measured("{ a: __typename }", Limits(aliases=0))).details["found"] == 1
    assert refused(measured(account("id"), Limits(depth=1))).details["found"] == 2
    sizes = Limits(assumed_list=7, assumed_parts=3, largest_list=5)
    assert measured(account("children { id }"), sizes).cost_with({}) == 1 + 5
    assert measured("{ search { __typename } }", sizes).cost_with({}) == 3


@pytest.fixture
def visits(monkeypatch):
    seen = []
    look_up = GraphQLSchema.get_field

    def counted(schema, parent, name):
        seen.append(name)
        return look_up(schema, parent, name)

    monkeypatch.setattr(GraphQLSchema, "get_field", counted)
    return seen


def test_each_field_of_the_text_is_visited_once_however_fragments_multiply(visits):
    text = chain("x: parent { ...NEXT } y: parent { ...NEXT }", "id")
    assert refused(measured(text)).details["limit"] == "depth"
    assert len(visits) == 1 + 40 * 2 + 1


def test_each_product_of_variables_is_computed_once_however_fragments_multiply():
    links = chain("...NEXT ...NEXT", "children(limit: $n) { id }")
    found = measured("query ($n: Int) " + links)
    assert len(found.steps) == 41 + 1 + 1
    assert refused(found, {"n": 1}).details["found"] == CEILING


def test_cycles_and_unknown_names_count_as_empty_and_are_left_to_validation():
    text = """
      query One { account { ...A ...Lost nothing { here } id { x } ... on Lost { a: id } } nope }
      fragment A on Account { parent { ...B } }  fragment B on Account { parent { ...A ...B } }
      fragment C on Lost { id }  subscription Two { any { id } }  type Unrunnable { id: ID }
    """
    one, two = measured(text, operation_name="One"), measured(text, operation_name="Two")
    assert (one.depth, one.aliases, one.cost_with({})) == (3, 0, 3)
    assert (two.depth, two.cost_with({})) == (0, 0)
    assert measured(text) == measured(text, operation_name="Three") == two
    assert validate(SCHEMA, parse_document(text, Limits()))
