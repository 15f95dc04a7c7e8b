"""Items: what is sold and bought, with its prices, and what it may name."""

from __future__ import annotations

import pytest
from asking import Case, all_refused, refused, statements
from cataloguing import NEVER, at_once, require_sound, takes_texts
from entering import contents, events, without

FIELDS = """
  id name itemType description sku price purchasePrice currency { code } unit
  defaultRevenueAccountId defaultExpenseAccountId taxRateId categoryId isActive externalId metadata
  version createdAt updatedAt
"""
SHARED = """
  $description: String, $sku: String, $price: Decimal, $purchasePrice: Decimal, $currency: String,
  $unit: String, $revenue: ID, $expense: ID, $taxRate: ID, $category: ID, $externalId: String,
  $metadata: Json, $dry: Boolean! = false
"""
GIVEN = """
  name: $name, itemType: $type, description: $description, sku: $sku, price: $price,
  purchasePrice: $purchasePrice, currency: $currency, unit: $unit, categoryId: $category,
  defaultRevenueAccountId: $revenue, defaultExpenseAccountId: $expense, taxRateId: $taxRate,
  externalId: $externalId, metadata: $metadata, dryRun: $dry
"""
CREATE = f"""
mutation Add($name: String! = "Hour of work", $type: ItemType! = SERVICE, {SHARED}) {{
  createItem({GIVEN}) {{ {FIELDS} }}
}}"""
UPDATE = f"""
mutation Change(
  $id: ID!, $name: String, $type: ItemType, $isActive: Boolean, $version: Int, {SHARED}
) {{
  updateItem(id: $id, isActive: $isActive, version: $version, {GIVEN}) {{ {FIELDS} }}
}}"""
DELETE = "mutation Delete($id: ID!, $version: Int) { deleteItem(id: $id, version: $version) }"
READ = f"query Read($id: ID!) {{ item(id: $id) {{ {FIELDS} }} }}"
LIST = """
query Of($where: ItemWhere, $order: ItemOrder, $limit: Int) {
  items(where: $where, orderBy: $order, limit: $limit) { name }
  itemsConnection(where: $where, orderBy: $order, first: $limit) { nodes { name } totalCount }
}"""
RATE = 'mutation { createTaxRate(name: "VAT", taxType: VAT, rate: 19) { id } }'
CATEGORY = 'mutation { createCategory(name: "Work", categoryType: INCOME) { id } }'


async def added(client, **given):
    return (await client.ask(CREATE, **given))["createItem"]


async def changed(client, **given):
    return (await client.ask(UPDATE, **given))["updateItem"]


async def names(client, **given):
    """The names of a list, the same by position and by cursor."""
    found = await client.ask(LIST, **given)
    by_cursor = [node["name"] for node in found["itemsConnection"]["nodes"]]
    assert [node["name"] for node in found["items"]] == by_cursor
    return " ".join(by_cursor)


@pytest.fixture
async def named(books):
    """What an item may name: accounts, a tax rate and a category of the same organization."""
    accounts = await books.accounts()
    return {
        "revenue": accounts["4000"],
        "expense": accounts["5000"],
        "taxRate": (await books.ask(RATE))["createTaxRate"]["id"],
        "category": (await books.ask(CATEGORY))["createCategory"]["id"],
    }


async def test_an_item_is_added_and_found_again(house, books, named):
    given = {
        "description": "By the hour",
        "sku": "W-1",
        "price": "120.50",
        "purchasePrice": "0.000001",
        "unit": "h",
        "externalId": "i-1",
        "metadata": {"a": [1]},
    }
    made = await added(books, **given, **named)
    assert without(made, "id", "createdAt", "updatedAt") == {
        "name": "Hour of work",
        "itemType": "SERVICE",
        **given,
        "price": "120.50",
        "currency": {"code": "USD"},
        "defaultRevenueAccountId": named["revenue"],
        "defaultExpenseAccountId": named["expense"],
        "taxRateId": named["taxRate"],
        "categoryId": named["category"],
        "isActive": True,
        "version": 1,
    }
    *_, last = await events(books, house)
    assert (last["type"], last["after"]["price"]) == ("item.created", "120.5")
    linked = (
        "query L($id: ID!) { item(id: $id) { taxRate { rate } category { name parent { id } } } }"
    )
    assert (await books.ask(linked, id=made["id"]))["item"] == {
        "taxRate": {"rate": "19.0000"},
        "category": {"name": "Work", "parent": None},
    }
    bare = await added(await house.organization("CHF"))
    assert (bare["currency"], bare["price"]) == ({"code": "CHF"}, None)
    await require_sound(house, books)


async def test_an_item_is_known_by_each_of_its_prefixes(books):
    key = (await added(books))["id"]
    assert key.startswith("itm_")
    for prefix in ("itm_", "ITM_", "item_", "ITEM_", "Item_"):
        other = prefix + key[4:]
        assert (await books.ask(READ, id=other))["item"]["id"] == key
        assert (await changed(books, id=other, dry=True))["id"] == key
        assert await names(books, where={"id": {"eq": other}}) == "Hour of work"
        assert await names(books, where={"not": {"id": {"in": [other]}}}) == ""
        assert await names(books, where={"or": [{"id": {"isNull": True}}]}) == ""
    assert await books.ask(DELETE, id="ITEM_" + key[4:]) == {"deleteItem": True}


async def test_prices_are_exact_however_they_are_sent(books):
    for sent, kept in (
        ("0", "0.00"),
        ("19.90", "19.90"),
        (19, "19.00"),
        (19.9, "19.90"),
        ("999999999999.999999", "999999999999.999999"),
        (1234567.000001, "1234567.000001"),
    ):
        assert (await added(books, price=sent))["price"] == kept
    literal = (
        'mutation { createItem(name: "L", itemType: PRODUCT, price: 12345678901.1) { price } }'
    )
    assert await books.ask(literal) == {"createItem": {"price": "12345678901.10"}}


async def test_items_are_listed_by_name_whether_active_or_not(books, named):
    await added(books, name="Bolt", type="PRODUCT", sku="B", category=named["category"])
    axle = await added(books, name="Axle", type="PRODUCT", currency="EUR", externalId="x")
    await added(books, name="Call", description="By phone")
    await changed(books, id=axle["id"], isActive=False)
    for where, expected in (
        (None, "Axle Bolt Call"),
        ({"isActive": {"eq": True}}, "Bolt Call"),
        ({"itemType": {"eq": "PRODUCT"}}, "Axle Bolt"),
        ({"sku": {"isNull": False}}, "Bolt"),
        ({"currency": {"ne": "USD"}}, "Axle"),
        ({"categoryId": {"eq": "CAT_" + named["category"][4:]}}, "Bolt"),
        ({"externalId": {"eq": "x"}}, "Axle"),
        ({"description": {"contains": "PHONE"}}, "Call"),
        ({"and": [{"name": {"gt": "A"}}, {"not": {"itemType": {"in": ["SERVICE"]}}}]}, "Axle Bolt"),
    ):
        assert await names(books, where=where) == expected, where
    newest = {"field": "CREATED_AT", "direction": "DESC"}
    assert await names(books, order=newest, limit=1) == "Call"


async def test_what_items_name_is_read_for_all_of_them_at_once(house, books, named):
    document = "{ items(limit: 50) { taxRate { name } category { name parent { name } } } }"
    await added(books, **named)
    with statements(house) as few:
        await books.ask(document)
    for number in range(12):
        await added(books, name=f"I{number}", **(named if number % 2 else {}))
    with statements(house) as many:
        found = await books.ask(document)
    assert len(found["items"]) == 13
    assert len(many) == len(few)


async def test_what_is_absent_stays_and_null_clears(house, books, named):
    texts = {"description": "D", "sku": "S", "unit": "h", "metadata": {"a": 1}}
    full = await added(books, price="1", purchasePrice="2", **texts, **named)
    same = await changed(books, id=full["id"], version=1)
    assert same["version"] == 2
    assert without(same, "version", "updatedAt") == without(full, "version", "updatedAt")
    empty = dict.fromkeys((*texts, "price", "purchasePrice", *named))
    cleared = await changed(books, id=full["id"], **empty)
    assert without(cleared, "id", "createdAt", "updatedAt") == {
        **dict.fromkeys(("description", "sku", "unit", "price", "purchasePrice", "taxRateId")),
        **dict.fromkeys(("defaultRevenueAccountId", "defaultExpenseAccountId", "categoryId")),
        **{key: full[key] for key in ("name", "itemType", "currency", "isActive", "externalId")},
        "metadata": {},
        "version": 3,
    }
    moved = await changed(books, id=full["id"], type="PRODUCT", currency="eur", externalId="new")
    assert (moved["itemType"], moved["currency"]["code"]) == ("PRODUCT", "EUR")
    assert (await books.ask(READ, id=full["id"]))["item"] == moved
    await require_sound(house, books)


async def test_what_cannot_be_an_item_is_refused(house, books, named):
    other = await house.organization()
    foreign = (await other.ask(RATE))["createTaxRate"]["id"]
    theirs = (await other.accounts())["4000"]
    control = (await books.accounts())["1100"]
    first = await added(books, name="First", sku="K\u00e9", externalId="e-1")
    second = await added(books, name="Second")

    def new(reason, field, **given):
        return Case(CREATE, reason, field, given)

    def case(reason, field, whose=second, **given):
        return Case(UPDATE, reason, field, {"id": whose["id"], **given})

    prices = ("-1", "1e3", "NaN", "Infinity", "", " 1", "1_000", "\uff11", "1.0000001", "1" * 13)
    await all_refused(
        house,
        books,
        [
            *(new("invalid_amount", "price", price=price) for price in prices),
            *(case("invalid_amount", "purchasePrice", purchasePrice=price) for price in prices),
            new("duplicate", "sku", sku="Ke\u0301"),
            new("duplicate", "externalId", externalId="e-1"),
            new("invalid_text", "sku", sku=""),
            new("invalid_text", "name", name="\n"),
            new("invalid_value", "currency", currency=""),
            new("invalid_value", "currency", currency="XXQ"),
            new("unknown_reference", "defaultRevenueAccountId", revenue="act_" + NEVER),
            new("unknown_reference", "defaultExpenseAccountId", expense=theirs),
            new("invalid_value", "defaultRevenueAccountId", revenue=control),
            new("unknown_reference", "taxRateId", taxRate=foreign),
            new("unknown_reference", "taxRateId", taxRate=named["category"]),
            new("unknown_reference", "categoryId", category="cat_" + NEVER),
            new("invalid_value", "metadata", metadata=""),
            case("version_conflict", "version", name="X", version=2),
            case("duplicate", "sku", sku="K\u00e9"),
            case("duplicate", "externalId", externalId="e-1"),
            case("frozen", "externalId", first, externalId="e-2"),
            case("unknown_reference", "taxRateId", taxRate=foreign),
            case("unknown_reference", "categoryId", category="\0"),
            # Null clears what may be empty, and nothing else.
            case("invalid_value", "name", name=None),
            case("invalid_value", "itemType", type=None),
            case("invalid_value", "currency", currency=None),
            case("invalid_value", "isActive", isActive=None),
            *(
                Case(document, "not_found", "id", {"id": key})
                for document in (READ, UPDATE, DELETE)
                for key in ("item_" + NEVER, "itm_", "cat_" + first["id"][4:], "\0", "")
            ),
        ],
    )


async def test_an_item_nothing_refers_to_is_deleted_and_frees_what_it_named(house, books, named):
    gone = await added(books, sku="S", externalId="e", **named)
    nouns = {"TaxRate": named["taxRate"], "Category": named["category"]}
    document = "mutation D($id: ID!) { deleteNOUN(id: $id) }"
    for noun, key in nouns.items():
        refusal = await refused(house, books, document.replace("NOUN", noun), id=key)
        assert refusal.reason == "in_use"
    assert (await refused(house, books, DELETE, id=gone["id"], version=2)).field == "version"
    assert await books.ask(DELETE, id=gone["id"], version=1) == {"deleteItem": True}
    for noun, key in nouns.items():
        assert await books.ask(document.replace("NOUN", noun), id=key) == {f"delete{noun}": True}
    again = await added(books, sku="S", externalId="e")
    assert again["id"] > gone["id"]
    await require_sound(house, books)


async def test_a_dry_run_answers_the_same_and_keeps_nothing(house, books, named):
    key = (await added(books))["id"]
    before = await contents(house)
    made = await added(books, name="Dry", price="1.5", dry=True, **named)
    assert (made["price"], made["taxRateId"]) == ("1.50", named["taxRate"])
    moved = await changed(books, id=key, price="2", dry=True)
    assert (moved["price"], moved["version"]) == ("2.00", 2)
    assert await contents(house) == before


async def test_hostile_texts_are_kept_as_they_are_or_refused(house, books):
    document = """
    mutation Add($name: String!, $description: String, $sku: String, $unit: String) {
      createItem(
        name: $name, description: $description, sku: $sku, unit: $unit, itemType: OTHER,
        dryRun: true
      ) { name description sku unit }
    }"""
    fields = ("name", "description", "sku", "unit")
    await takes_texts(house, books, document, fields, name="Hour of work")


async def test_of_many_at_once_one_gets_the_sku_and_one_makes_the_change(house, books):
    outcomes = await at_once(books, CREATE, [{"sku": "same"}] * 16)
    assert sorted(outcomes) == ["done"] + ["duplicate"] * 15
    (same,) = (await books.ask("{ items { id } }"))["items"]
    changes = [{"id": same["id"], "version": 1, "price": price} for price in range(16)]
    outcomes = await at_once(books, UPDATE, changes)
    assert sorted(outcomes) == ["done"] + ["version_conflict"] * 15
    await require_sound(house, books)
