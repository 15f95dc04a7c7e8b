"""What a request may say in REST, and how: body, address, headers, method."""

from __future__ import annotations

import json

from asking import enter
from entering import contents

SALE = "2026-01-05: Sale\n    debit 1000 100.00\n    credit 4000 100.00\n"


def entries(accounts, **more):
    return [
        {"account_id": accounts["1000"], "entry_type": "debit", "amount": "100.00", **more},
        {"account_id": accounts["4000"], "entry_type": "credit", "amount": "100.00", **more},
    ]


async def raw(rest, path, content, method="POST", **headers):
    """The answer to a body as it is."""
    given = {"Authorization": f"Bearer {rest.client.key}", "Content-Type": "application/json"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    given = {name: value for name, value in given.items() if value}
    return await rest.client.http.request(method, rest.path(path), content=content, headers=given)


# Names and values


async def test_both_spellings_of_a_field_are_taken_and_mean_the_same(rest):
    accounts = await rest.accounts()
    sent = []
    for day, reference, currency, kind in (
        ("transaction_date", "reference_number", "currency_id", "entry_type"),
        ("date", "reference", "currency", "type"),
    ):
        lines = [
            {"account_id": accounts["1000"], kind: "debit", "amount": 100.00},
            {"account_id": accounts["4000"], kind: "Credit", "amount": 100},
        ]
        body = {"description": "Sale", day: "2026-01-05", reference: "INV-1", "entries": lines}
        body[currency] = "CUR_USD" if currency == "currency_id" else "usd"
        sent.append(await rest.post("~/transactions", body))
    one, other = sent
    hidden = {"id", "created_at", "updated_at", "entries"}
    assert {k: v for k, v in one.items() if k not in hidden} == {
        k: v for k, v in other.items() if k not in hidden
    }
    assert (one["date"], one["transaction_date"]) == ("2026-01-05", "2026-01-05")
    assert (one["reference"], one["reference_number"]) == ("INV-1", "INV-1")
    assert (one["currency"], one["currency_id"]) == ("USD", "CUR_USD")
    assert [(e["type"], e["entry_type"], e["amount"]) for e in one["entries"]] == [
        ("debit", "debit", "100.00"),
        ("credit", "credit", "100.00"),
    ]


async def test_all_that_is_wrong_is_named_at_once_by_its_path_as_it_was_written(house, rest):
    accounts = await rest.accounts()
    before = await contents(house)
    error = await rest.refused(
        400,
        "POST",
        "~/transactions",
        {
            "transaction_date": "2026-02-30",
            "date": "2026-01-05",
            "descripton": "Sale",
            "post": "yes",
            "kind": None,
            "entries": [
                {"account_id": accounts["1000"], "type": "debt", "amount": 1e300},
                {"account_id": 1.5, "entry_type": "credit", "amount": True, "baseAmount": "1"},
                "credit",
            ],
        },
    )
    assert (error["type"], error["code"]) == ("validation_error", "invalid_request")
    assert error["details"]["fields"].keys() == {
        *("date", "descripton", "description", "post", "kind"),
        *("transaction_date", "entries[0].type", "entries[0].amount"),
        *("entries[1].account_id", "entries[1].amount", "entries[1].baseAmount", "entries[2]"),
    }
    assert error["details"]["fields"]["description"] == "`description` is missing."
    assert error["details"]["fields"]["entries[0].type"] == "`entries[0].type` cannot be 'debt'."
    assert error["message"].startswith(f"{len(error['details']['fields'])} fields")
    assert await contents(house) == before


async def test_one_fault_is_told_with_its_own_reason_and_cure(rest):
    accounts = await rest.accounts()
    table = [
        ({"date": "yesterday"}, "invalid_date", "date"),
        ({"date": "2026-02-30"}, "invalid_date", "date"),
        ({"entries": entries(accounts, amount=1e300)}, "invalid_amount", "entries[0].amount"),
        ({"foo": 1}, "invalid_request", "foo"),
        ({"entries": None}, "invalid_request", "entries"),
        ({"entries": {}}, "invalid_request", "entries"),
        ({"kind": "sale"}, "invalid_request", "kind"),
        ({"type": "sale"}, "invalid_request", "type"),
        ({"post": 1}, "invalid_request", "post"),
        ({"description": 5}, "invalid_request", "description"),
    ]
    usual = {"description": "Sale", "date": "2026-01-05", "entries": entries(accounts)}
    for given, code, field in table:
        error = await rest.refused(400, "POST", "~/transactions", {**usual, **given})
        assert (error["code"], next(iter(error["details"]["fields"]))) == (code, field)
        assert error["suggestion"]


async def test_a_number_is_read_by_its_digits_and_never_through_a_float(rest):
    accounts = await rest.accounts()
    body = json.dumps(
        {"description": "Sale", "date": "2026-01-05", "entries": entries(accounts, amount=0)}
    )
    exact = await raw(rest, "~/transactions", body.replace(": 0}", ": 9007199254740.93}"))
    assert exact.json()["amount"] == "9007199254740.93"
    spoilt = await raw(rest, "~/transactions", body.replace(": 0}", ": 100.00000000000000001}"))
    assert (spoilt.status_code, spoilt.json()["error"]["code"]) == (400, "invalid_amount")


async def test_a_put_keeps_what_is_absent_and_clears_what_is_null(rest):
    made = await rest.post(
        "~/contacts", {"name": "Jane", "type": "customer", "email": "j@example.com", "phone": "1"}
    )
    changed = await rest.put(f"~/contacts/{made['id']}", {"email": None})
    assert (changed["name"], changed["email"], changed["phone"]) == ("Jane", None, "1")
    error = await rest.refused(400, "PUT", f"~/contacts/{made['id']}", {"name": None})
    assert error["details"]["fields"] == {"name": "name cannot be null."}


# The body


async def test_a_body_is_one_json_object_and_says_so(rest):
    table = [
        (b"{}", {"Content_Type": "text/plain"}, 415, "The body is not said to be JSON in UTF-8."),
        (b"{}", {"Content_Type": ""}, 415, "The body is not said to be JSON in UTF-8."),
        (b"{}", {"Content_Encoding": "gzip"}, 415, "The body is compressed"),
        (b"[]", {}, 400, "The body is JSON, but no object."),
        (b"null", {}, 400, "The body is JSON, but no object."),
        (b"{", {}, 400, "The body is not JSON"),
        (b"\xff", {}, 400, "The body is not UTF-8"),
        (b'{"a": 1, "a": 2}', {}, 400, "An object has the name 'a' more than once."),
        (b'{"a": NaN}', {}, 400, "NaN is not JSON."),
        (b"[" * 10_000, {}, 400, "The body"),
        (b" " * 1_048_577, {}, 413, "The body is larger than 1,048,576 bytes."),
    ]
    for content, headers, status, message in table:
        answer = await raw(rest, "~/accounts", content, **headers)
        assert answer.status_code == status, (content[:20], answer.text)
        assert answer.json()["error"]["message"].startswith(message)


async def test_where_nothing_is_required_no_body_is_needed(rest):
    (key,) = await enter(rest.client, SALE, post=False)
    answer = await raw(rest, f"~/transactions/{key}/post", b"", Content_Type="")
    assert (answer.status_code, answer.json()["status"]) == (200, "posted")
    error = await rest.refused(400, "POST", f"~/transactions/{key}/reverse", {"why": "x"})
    assert list(error["details"]["fields"]) == ["why"]
    answer = await raw(rest, f"~/transactions/{key}", b'{"version": 1}', "DELETE")
    assert (answer.status_code, list(answer.json()["error"]["details"]["fields"])) == (
        *(400, ["version"]),
    )


async def test_a_header_that_decides_something_is_there_once(rest):
    http, path = rest.client.http, rest.path("~/accounts")
    for name in ("Authorization", "Idempotency-Key", "Content-Type", "If-None-Match"):
        given = [("Authorization", f"Bearer {rest.client.key}"), (name, "a"), (name, "b")]
        answer = await http.get(path, headers=given)
        assert answer.status_code == 400, name
        assert "more than once" in answer.json()["error"]["message"]
    answer = await http.get(
        path, headers={"Authorization": f"Bearer {rest.client.key}", "Accept": "text/html"}
    )
    assert answer.status_code == 406


# The address


async def test_parameters_are_known_by_name_given_once_and_of_their_type(rest):
    table = {
        "foo=1": {"foo"},
        "limit=0": {"limit"},
        "limit=101": {"limit"},
        "limit=abc": {"limit"},
        "limit=99999999999": {"limit"},
        "limit=1&limit=2": {"limit"},
        "offset=-1": {"offset"},
        "offset=1.5": {"offset"},
        "status=active,gone": {"status[1]"},
        "type[]=asset&type[]=x&type[]=y": {"type[1]", "type[2]"},
        "is_system=maybe": {"is_system"},
        "updated_since=now": {"updated_since"},
        "sort=balance": {"sort"},
        "order=sideways": {"order"},
        "expand[]=parent": {"expand"},
        "dry_run=true": {"dry_run"},
        "account_type=asset&type=asset": {"type"},
    }
    for query, fields in table.items():
        error = await rest.refused(400, "GET", f"~/accounts?{query}")
        assert error["details"]["fields"].keys() == fields, query
    error = await rest.refused(400, "GET", "~/accounts?name=%ff")
    assert error["message"].startswith("The address is not URL-encoded UTF-8")
    error = await rest.refused(400, "GET", "~/accounts?cursor=nonsense")
    assert (error["code"], list(error["details"]["fields"])) == ("invalid_cursor", ["cursor"])
    error = await rest.refused(400, "POST", "~/accounts?limit=1", {"code": "1", "name": "x"})
    assert set(error["details"]["fields"]) == {"limit", "type"}


async def test_filters_and_orders_are_those_of_graphql(rest):
    async def codes(query):
        return [each["code"] for each in (await rest.get(f"~/accounts?{query}"))["data"]]

    assert await codes("limit=2") == ["1000", "1010"]
    assert await codes("limit=2&sort=-code") == ["8000", "7900"]
    assert await codes("limit=1&sort=code&order=desc") == ["8000"]
    assert await codes("code=4000") == ["4000"]
    assert await codes("type=revenue&limit=1") == ["4000"]
    assert await codes("type[]=equity&type[]=revenue&limit=1") == ["3000"]
    assert await codes("account_type=equity&subtype=capital") == ["3000"]
    assert await codes("name=CASH") == ["1000"]
    assert await codes("currency=CUR_EUR") == []
    assert len(await codes("currency_id=usd&limit=100")) == 40
    await enter(rest.client, SALE)
    for query, count in {
        "status=posted": 1,
        "status=pending,failed": 0,
        "from_date=2026-01-05&to_date=2026-01-05": 1,
        "from=2026-01-06": 0,
        "account_id=" + (await rest.accounts())["1000"]: 1,
        "account_id=act_x": 0,
        "kind=standard": 1,
        "type=income,transfer": 0,
        "updated_since=2100-01-01": 0,
    }.items():
        found = await rest.get(f"~/transactions?{query}")
        assert (len(found["data"]), found["total_count"]) == (count, count), query


async def test_pages_by_cursor_and_by_offset_show_the_same_list(rest):
    whole = [each["code"] for each in (await rest.get("~/accounts?limit=100"))["data"]]
    by_cursor, cursor, pages = [], "", 0
    while cursor is not None:
        page = await rest.get(
            f"~/accounts?limit=7&cursor={cursor}" if cursor else "~/accounts?limit=7"
        )
        by_cursor += [each["code"] for each in page["data"]]
        assert (page["has_more"], page["total_count"]) == (page["next_cursor"] is not None, 40)
        cursor, pages = page["next_cursor"], pages + 1
    by_offset = [
        each["code"]
        for at in range(0, 42, 7)
        for each in (await rest.get(f"~/accounts?limit=7&offset={at}"))["data"]
    ]
    assert (by_cursor, by_offset, pages) == (whole, whole, 6)
    first = await rest.get("~/accounts?limit=7")
    error = await rest.refused(
        400, "GET", f"~/accounts?limit=7&type=asset&cursor={first['next_cursor']}"
    )
    assert error["code"] == "invalid_cursor"
    for path in ("/currencies", "~/api-keys"):
        page = await rest.get(f"{path}?limit=1&offset=1")
        everything = await rest.get(f"{path}?limit=100")
        assert page["data"] == everything["data"][1:2]
        assert page["has_more"] is (page["total_count"] > 2)


async def test_what_is_expanded_is_shown_and_nothing_else(rest):
    (key,) = await enter(rest.client, SALE)
    plain = await rest.get(f"~/transactions/{key}")
    shown = await rest.get(f"~/transactions/{key}?expand[]=entries.account&expand=attachments")
    accounts = [entry.pop("account") for entry in shown["entries"]]
    assert [account["code"] for account in accounts] == ["1000", "4000"]
    assert shown.pop("attachments") == []
    assert shown == plain
    error = await rest.refused(400, "GET", f"~/transactions/{key}?expand[]=account")
    assert error["suggestion"].startswith("There can be expanded: entries_account, ")
