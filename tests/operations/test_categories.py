"""Categories: a tree that is built, moved about, frozen by use, and taken apart again."""

from __future__ import annotations

import pytest
from asking import Case, all_refused, refused, statements
from cataloguing import NEVER, at_once, linked, require_sound, takes_texts
from entering import contents, events, without

FIELDS = """
  id name categoryType description color parentId isActive externalId metadata version
  createdAt updatedAt
"""
CREATE = f"""
mutation Add(
  $name: String! = "Travel", $type: CategoryType! = EXPENSE, $description: String, $color: String,
  $parent: ID, $externalId: String, $metadata: Json, $dry: Boolean! = false
) {{
  createCategory(
    name: $name, categoryType: $type, description: $description, color: $color, parentId: $parent,
    externalId: $externalId, metadata: $metadata, dryRun: $dry
  ) {{ {FIELDS} parent {{ name }} subcategories {{ name }} }}
}}"""
UPDATE = f"""
mutation Change(
  $id: ID!, $name: String, $type: CategoryType, $description: String, $color: String, $parent: ID,
  $isActive: Boolean, $externalId: String, $metadata: Json, $version: Int, $dry: Boolean! = false
) {{
  updateCategory(
    id: $id, name: $name, categoryType: $type, description: $description, color: $color,
    parentId: $parent, isActive: $isActive, externalId: $externalId, metadata: $metadata,
    version: $version, dryRun: $dry
  ) {{ {FIELDS} }}
}}"""
DELETE = "mutation Delete($id: ID!, $version: Int) { deleteCategory(id: $id, version: $version) }"
READ = f"query Read($id: ID!) {{ category(id: $id) {{ {FIELDS} }} }}"
LIST = """
query Of($where: CategoryWhere, $order: CategoryOrder, $limit: Int) {
  categories(where: $where, orderBy: $order, limit: $limit) { name }
  categoriesConnection(where: $where, orderBy: $order, first: $limit) {
    nodes { name } totalCount pageInfo { hasNextPage }
  }
}"""
SALE = "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n"


async def added(client, name, parent=None, **more):
    """The id of a new category."""
    found = await client.ask(CREATE, name=name, parent=parent, **more)
    return found["createCategory"]["id"]


async def changed(client, **given):
    return (await client.ask(UPDATE, **given))["updateCategory"]


async def names(client, **given):
    """The names of a list, the same by position and by cursor."""
    found = await client.ask(LIST, **given)
    by_cursor = [node["name"] for node in found["categoriesConnection"]["nodes"]]
    assert [node["name"] for node in found["categories"]] == by_cursor
    return " ".join(by_cursor)


@pytest.fixture
async def tree(books):
    """Ids by name: Travel, with Air and Rail below it, and Night below Rail; and Sales."""
    ids = {"Travel": await added(books, "Travel", color="#1e90ff")}
    ids["Rail"] = await added(books, "Rail", ids["Travel"])
    ids["Air"] = await added(books, "Air", ids["Travel"])
    ids["Night"] = await added(books, "Night", ids["Rail"].replace("cat_", "CAT_"))
    ids["Sales"] = await added(books, "Sales", type="INCOME", externalId="s-1")
    return ids


async def test_a_category_is_added_and_found_again(house, books):
    given = {"description": "Away", "color": "#1e90ff", "externalId": "t-1", "metadata": {"a": 1}}
    made = (await books.ask(CREATE, **given))["createCategory"]
    assert without(made, "id", "createdAt", "updatedAt") == {
        "name": "Travel",
        "categoryType": "EXPENSE",
        **given,
        "color": "#1E90FF",
        "parentId": None,
        "isActive": True,
        "version": 1,
        "parent": None,
        "subcategories": [],
    }
    assert made["id"].startswith("cat_")
    found = (await books.ask(READ, id="CAT_" + made["id"][4:]))["category"]
    assert found == without(made, "parent", "subcategories")
    *_, last = await events(books, house)
    assert (last["type"], last["entity_id"]) == ("category.created", made["id"])
    assert last["after"]["name"] == "Travel"
    await require_sound(house, books)


async def test_the_tree_is_read_from_above_and_from_below(house, books, tree):
    document = """
    {
      categories(where: {parentId: {isNull: true}}, limit: 9) {
        name
        subcategories(limit: 9) {
          name subcategories(limit: 1) { name subcategories(limit: 9) { name } }
        }
      }
      category(id: "NIGHT") { parent { name parent { name parent { name } } } }
    }""".replace("NIGHT", tree["Night"])
    with statements(house) as few:
        found = await books.ask(document)
    assert found["categories"] == [
        {"name": "Sales", "subcategories": []},
        {
            "name": "Travel",
            "subcategories": [
                {"name": "Air", "subcategories": []},
                {"name": "Rail", "subcategories": [{"name": "Night", "subcategories": []}]},
            ],
        },
    ]
    above = {"name": "Rail", "parent": {"name": "Travel", "parent": None}}
    assert found["category"] == {"parent": above}
    for number in range(12):
        await added(books, f"Air {number}", tree["Air"])
    with statements(house) as many:
        await books.ask(document)
    assert len(many) == len(few)


async def test_categories_are_listed_by_name_whether_active_or_not(books, tree):
    await changed(books, id=tree["Air"], isActive=False)
    for where, expected in (
        (None, "Air Night Rail Sales Travel"),
        ({"isActive": {"eq": True}}, "Night Rail Sales Travel"),
        ({"categoryType": {"eq": "INCOME"}}, "Sales"),
        ({"categoryType": {"notIn": ["INCOME", "OTHER"]}}, "Air Night Rail Travel"),
        ({"parentId": {"eq": "CAT_" + tree["Travel"][4:]}}, "Air Rail"),
        ({"parentId": {"isNull": True}, "name": {"startsWith": "t"}}, "Travel"),
        ({"id": {"in": [tree["Rail"], "cat_" + NEVER]}}, "Rail"),
        ({"externalId": {"eq": "s-1"}}, "Sales"),
        ({"not": {"or": [{"name": {"contains": "A"}}, {"parentId": {"isNull": True}}]}}, "Night"),
    ):
        assert await names(books, where=where) == expected, where
    newest = {"field": "CREATED_AT", "direction": "DESC"}
    assert await names(books, order=newest, limit=2) == "Sales Night"
    page = (await books.ask(LIST, limit=2))["categoriesConnection"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (5, True)


async def test_what_is_absent_stays_and_null_clears(house, books, tree):
    given = {"description": "Trains", "color": "#00aa00", "metadata": {"a": 1}, "version": 1}
    full = await changed(books, id=tree["Rail"], **given)
    assert (full["description"], full["color"], full["metadata"]) == ("Trains", "#00AA00", {"a": 1})
    same = await changed(books, id=tree["Rail"])
    assert same["version"] == 3
    assert without(same, "version", "updatedAt") == without(full, "version", "updatedAt")
    empty = {"description": None, "color": None, "metadata": None, "parent": None}
    cleared = await changed(books, id=tree["Rail"], **empty, name="Train")
    expected = {"description": None, "color": None, "metadata": {}, "parentId": None}
    assert {key: cleared[key] for key in expected} == expected
    assert (cleared["name"], cleared["version"]) == ("Train", 4)
    assert (await books.ask(READ, id=tree["Rail"]))["category"] == cleared
    changes = [each for each in await events(books, house) if each["type"] == "category.updated"]
    assert [each["after"]["version"] for each in changes] == [2, 3, 4]
    await require_sound(house, books)


async def test_a_dry_run_answers_the_same_and_keeps_nothing(house, books, tree):
    before = await contents(house)
    made = await books.ask(CREATE, name="Road", parent=tree["Travel"], dry=True)
    assert made["createCategory"]["parent"] == {"name": "Travel"}
    moved = await changed(books, id=tree["Night"], parent=tree["Travel"], dry=True)
    assert (moved["parentId"], moved["version"]) == (tree["Travel"], 2)
    assert await contents(house) == before


async def test_what_the_tree_does_not_allow_is_refused(house, books, tree):
    other = await house.organization()
    foreign = await added(other, "Theirs")
    await linked(books, SALE, categoryId=tree["Night"])

    def new(reason, field, **given):
        return Case(CREATE, reason, field, given)

    def case(reason, field, whose, **given):
        return Case(UPDATE, reason, field, {"id": tree[whose], **given})

    await all_refused(
        house,
        books,
        [
            new("duplicate", "name", name="travel"),
            new("duplicate", "externalId", name="X", externalId="s-1"),
            new("invalid_parent", "parentId", type="INCOME", parent=tree["Travel"]),
            new("unknown_reference", "parentId", parent="cat_" + NEVER),
            new("unknown_reference", "parentId", parent=foreign),
            new("unknown_reference", "parentId", parent="\0"),
            new("invalid_value", "color", color="red"),
            new("invalid_text", "name", name=" "),
            new("invalid_value", "metadata", metadata=[]),
            new("invalid_request", None, type="expense"),
            case("version_conflict", "version", "Air", name="Plane", version=2),
            case("invalid_parent", "parentId", "Travel", parent=tree["Night"]),
            case("invalid_parent", "parentId", "Rail", parent=tree["Rail"]),
            case("duplicate", "name", "Air", name="RAIL"),
            case("duplicate", "externalId", "Air", externalId="s-1"),
            case("frozen", "externalId", "Sales", externalId=None),
            # A type stays with those below, and with what was entered.
            case("frozen", "categoryType", "Travel", type="OTHER"),
            case("frozen", "categoryType", "Night", type="OTHER", parent=None),
            # Null clears what may be empty, and nothing else.
            case("invalid_value", "name", "Air", name=None),
            case("invalid_value", "categoryType", "Air", type=None),
            case("invalid_value", "isActive", "Air", isActive=None),
            *(
                Case(document, "not_found", "id", {"id": key})
                for document in (READ, UPDATE, DELETE)
                for key in (foreign, "cat_" + NEVER, "txn_" + tree["Air"][4:], "\0", "")
            ),
        ],
    )


async def test_only_a_category_without_use_and_without_children_is_deleted(house, books, tree):
    await linked(books, SALE, categoryId=tree["Air"])
    used = await refused(house, books, DELETE, id=tree["Air"])
    assert (used.reason, used.suggestion) == ("in_use", "Set its isActive to false instead.")
    parent = await refused(house, books, DELETE, id=tree["Rail"])
    assert parent.details == {"category_id": tree["Rail"], "children": [tree["Night"]]}
    stale = await refused(house, books, DELETE, id=tree["Night"], version=2)
    assert stale.details == {"current_version": 1, "given_version": 2}
    assert await books.ask(DELETE, id=tree["Night"], version=1) == {"deleteCategory": True}
    assert await books.ask(DELETE, id=tree["Rail"]) == {"deleteCategory": True}
    assert await names(books) == "Air Sales Travel"
    *_, last = await events(books, house)
    assert (last["type"], last["after"]) == ("category.deleted", None)
    assert (await changed(books, id=tree["Air"], isActive=False))["isActive"] is False
    await require_sound(house, books)


async def test_hostile_texts_are_kept_as_they_are_or_refused(house, books):
    document = """
    mutation Add($name: String!, $description: String) {
      createCategory(name: $name, description: $description, categoryType: OTHER, dryRun: true) {
        name description
      }
    }"""
    await takes_texts(house, books, document, ("name", "description"), name="Travel")


async def test_of_moves_at_once_none_closes_a_circle(house, books):
    ids = [await added(books, f"C{number}") for number in range(6)]
    ring = [{"id": ids[at], "parent": ids[at - 1]} for at in range(6)]
    outcomes = await at_once(books, UPDATE, ring)
    assert sorted(outcomes) == ["done"] * 5 + ["invalid_parent"]
    top = await books.ask("{ categories(where: {parentId: {isNull: true}}) { id } }")
    assert len(top["categories"]) == 1
    await require_sound(house, books)


async def test_of_many_at_once_one_gets_the_name_and_one_makes_the_change(house, books):
    outcomes = await at_once(books, CREATE, [{"name": "Same"}] * 16)
    assert sorted(outcomes) == ["done"] + ["duplicate"] * 15
    (same,) = (await books.ask("{ categories { id version } }"))["categories"]
    changes = [{"id": same["id"], "version": 1, "color": f"#0000{at:02}"} for at in range(16)]
    outcomes = await at_once(books, UPDATE, changes)
    assert sorted(outcomes) == ["done"] + ["version_conflict"] * 15
