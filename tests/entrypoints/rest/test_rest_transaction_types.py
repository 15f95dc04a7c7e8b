"""The type of a transaction in REST: in small letters, and beside the type of its entries."""

from __future__ import annotations

from entering import contents


def sale(accounts, side="type", **more):
    entries = [
        {"account_id": accounts["1000"], side: "debit", "amount": "100.00"},
        {"account_id": accounts["4000"], side: "credit", "amount": "100.00"},
    ]
    return {"description": "Sale", "transaction_date": "2026-01-05", "entries": entries, **more}


async def test_a_type_is_given_shown_and_changed_apart_from_that_of_its_entries(rest):
    accounts = await rest.accounts()
    for side in ("type", "entry_type"):
        for type_ in ("income", "expense", "transfer", "Income", None):
            made = await rest.post("~/transactions", sale(accounts, side, type=type_))
            assert made["type"] == (None if type_ is None else type_.lower())
            assert [entry["type"] for entry in made["entries"]] == ["debit", "credit"]
            assert await rest.get(f"~/transactions/{made['id']}") == made
    assert (await rest.post("~/transactions", sale(accounts)))["type"] is None
    path = f"~/transactions/{made['id']}"
    assert (await rest.put(path, {"type": "transfer"}))["type"] == "transfer"
    assert (await rest.put(path, {"description": "New"}))["type"] == "transfer"
    assert (await rest.put(path, {"type": None}))["type"] is None


async def test_a_list_is_filtered_by_type(rest):
    accounts = await rest.accounts()
    for type_ in ("income", "expense", "expense", None):
        await rest.post("~/transactions", sale(accounts, type=type_))
    for query, expected in {
        "type=income": ["income"],
        "type=expense": ["expense", "expense"],
        "type=transfer": [],
        "type[]=income&type[]=transfer": ["income"],
        "type=income,expense": ["expense", "expense", "income"],
        "": [None, "expense", "expense", "income"],
    }.items():
        found = await rest.get(f"~/transactions?{query}")
        assert [each["type"] for each in found["data"]] == expected, query
        assert found["total_count"] == len(expected)


async def test_another_word_is_refused_by_name_and_nothing_is_kept(house, rest):
    accounts = await rest.accounts()
    before = await contents(house)
    for other in ("sale", "", 1, ["income"]):
        error = await rest.refused(400, "POST", "~/transactions", sale(accounts, type=other))
        assert (error["code"], list(error["details"]["fields"])) == ("invalid_request", ["type"])
    error = await rest.refused(400, "GET", "~/transactions?type=income,sale")
    assert list(error["details"]["fields"]) == ["type[1]"]
    assert await contents(house) == before


async def test_a_payment_shows_the_category_that_it_was_given(rest):
    contact = await rest.post("~/contacts", {"name": "Ann", "type": "customer"})
    shop = await rest.post("~/categories", {"name": "Shop", "type": "income"})
    body = {"contact_id": contact["id"], "direction": "received", "amount": "10.00"}
    body |= {"payment_date": "2026-01-20", "category_id": shop["id"]}
    made = await rest.post("~/payments", body)
    assert made["category_id"] == shop["id"]
    assert (await rest.get(f"~/payments/{made['id']}"))["category_id"] == shop["id"]
