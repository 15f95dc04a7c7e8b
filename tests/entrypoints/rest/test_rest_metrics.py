"""Metrics over REST: of the key's own organization, with what was refused before it ran."""

from __future__ import annotations


async def metrics(rest, house, more=""):
    await house.app.house.figures.flush()
    return await rest.get(f"/system/metrics{more}")


async def test_they_are_what_graphql_tells(house, books, rest):
    await rest.get("~/accounts")
    found = await metrics(rest, house)
    assert found["object"] == "system_metrics"
    assert found["organization_id"] == books.organization_id
    assert (found["period"], found["requests"], found["errors"]) == ("24h", 1, 0)
    assert found["error_rate"] == "0.0000"
    assert found["period_starts_at"].endswith(":00Z")
    (accounts,) = found["operations"]
    assert (accounts["operation"], accounts["type"]) == ("accountsConnection", "query")
    assert accounts["latency"].keys() == {"mean", "p50", "p95", "p99"}
    assert found["codes"] == [{"code": "OK", "requests": 1}]
    depths = {each["name"]: each["depth"] for each in found["queues"]}
    assert depths["transaction"] == 0


async def test_the_organization_may_be_named_if_it_is_the_keys_own(house, books, rest):
    own = books.organization_id
    asked = f"?period=15m&organization_id={own}"
    assert (await metrics(rest, house, asked))["period"] == "15m"
    other = await house.organization()
    for key in (other.organization_id, "org_0000000000000000zzzz"):
        error = await rest.refused(422, "GET", f"/system/metrics?organization_id={key}")
        assert error["code"] == "unknown_reference"
    error = await rest.refused(400, "GET", "/system/metrics?period=1y")
    assert "period" in error["details"]["fields"]


async def test_what_is_refused_before_it_runs_counts_for_its_operation(house, rest):
    await rest.refused(400, "POST", "~/contacts", {"nonsense": 1})
    await rest.refused(400, "GET", "~/accounts?nonsense=1")
    await rest.refused(404, "GET", "~/invoices/inv_0000000000000000zzzz/pdf")
    await rest.refused(400, "GET", "~/invoices/inv_0000000000000000zzzz/pdf?nonsense=1")
    found = await metrics(rest, house)
    counts = {
        (each["operation"], each["type"]): (each["requests"], each["errors"])
        for each in found["operations"]
    }
    assert counts == {
        ("createContact", "mutation"): (1, 1),
        ("accountsConnection", "query"): (1, 1),
        ("getInvoicePdf", "query"): (2, 2),
    }
    assert found["codes"] == [
        {"code": "NOT_FOUND", "requests": 1},
        {"code": "VALIDATION_ERROR", "requests": 3},
    ]
