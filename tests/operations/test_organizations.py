"""The organization of a key: what it shows, how its settings change, how its books are closed."""

from __future__ import annotations

from asking import Case, all_refused, enter, key_of, refused
from entering import contents, events

from ledger.keys import Scope

FIELDS = """
  id name baseCurrency { id code name symbol decimalPlaces } isRoot isLive parentOrganizationId
  creditsRemaining fiscalYearStartMonth fiscalYearStartDay timeZone booksClosedThrough domain
  taxNumber metadata version createdAt updatedAt
"""
READ = f"{{ organization {{ {FIELDS} }} }}"
UPDATE = f"""
mutation Settings(
  $name: String, $month: Int, $day: Int, $zone: String, $closed: Date, $domain: String,
  $tax: String, $metadata: Json, $version: Int, $dry: Boolean! = false
) {{
  updateOrganization(
    name: $name, fiscalYearStartMonth: $month, fiscalYearStartDay: $day, timeZone: $zone,
    booksClosedThrough: $closed, domain: $domain, taxNumber: $tax, metadata: $metadata,
    version: $version, dryRun: $dry
  ) {{ {FIELDS} }}
}}"""
SALE = "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n"


async def updated(client, **given):
    return (await client.ask(UPDATE, **given))["updateOrganization"]


async def test_a_key_opens_the_books_of_its_own_organization(house, books):
    shown = (await books.ask(READ))["organization"]
    assert shown["createdAt"] == shown["updatedAt"]
    assert {key: shown[key] for key in shown if key not in {"createdAt", "updatedAt"}} == {
        "id": books.organization_id,
        "name": "Acme",
        "baseCurrency": {
            "id": "CUR_USD",
            "code": "USD",
            "name": "US Dollar",
            "symbol": "$",
            "decimalPlaces": 2,
        },
        "isRoot": True,
        "isLive": True,
        "parentOrganizationId": None,
        "creditsRemaining": None,
        "fiscalYearStartMonth": 1,
        "fiscalYearStartDay": 1,
        "timeZone": "UTC",
        "booksClosedThrough": None,
        "domain": None,
        "taxNumber": None,
        "metadata": {},
        "version": 1,
    }
    same = "query Same($id: ID!) { organization(id: $id) { id } organizationById(id: $id) { id } }"
    own = {"id": books.organization_id}
    for written in (books.organization_id, "ORG_" + books.organization_id[4:]):
        assert await books.ask(same, id=written) == {"organization": own, "organizationById": own}
    yen = await house.organization("JPY")
    currency = (await yen.ask(READ))["organization"]["baseCurrency"]
    assert (currency["code"], currency["decimalPlaces"]) == ("JPY", 0)


async def test_settings_change_as_far_as_they_are_given(house, books):
    full = await updated(
        books,
        name="Acme Incorporated",
        month=4,
        day=6,
        zone="Europe/London",
        closed="2025-04-05",
        domain="acme.example",
        tax="GB 123",
        metadata={"plan": "free"},
        version=1,
    )
    expected = {
        "name": "Acme Incorporated",
        "fiscalYearStartMonth": 4,
        "fiscalYearStartDay": 6,
        "timeZone": "Europe/London",
        "booksClosedThrough": "2025-04-05",
        "domain": "acme.example",
        "taxNumber": "GB 123",
        "metadata": {"plan": "free"},
        "version": 2,
    }
    assert {key: full[key] for key in expected} == expected
    same = await updated(books)
    assert {key: same[key] for key in expected} == {**expected, "version": 3}
    # One half of the beginning of the fiscal year leaves the other as it is.
    moved = await updated(books, month=7)
    assert (moved["fiscalYearStartMonth"], moved["fiscalYearStartDay"]) == (7, 6)
    moved = await updated(books, day=1)
    assert (moved["fiscalYearStartMonth"], moved["fiscalYearStartDay"]) == (7, 1)
    cleared = await updated(books, closed=None, domain=None, tax=None, metadata=None)
    assert [cleared[key] for key in ("booksClosedThrough", "domain", "taxNumber", "metadata")] == [
        None,
        None,
        None,
        {},
    ]
    assert (await books.ask(READ))["organization"] == cleared
    *_, last = await events(books, house)
    assert (last["type"], last["entity_id"]) == ("organization.updated", books.organization_id)
    assert (last["before"]["domain"], last["after"].get("domain")) == ("acme.example", None)


async def test_settings_that_cannot_be_are_refused_and_nothing_is_written(house, books):
    def case(reason, field, **given):
        return Case(UPDATE, reason, field, given)

    await all_refused(
        house,
        books,
        [
            case("invalid_text", "name", name=""),
            case("invalid_text", "name", name="x" * 201),
            case("invalid_text", "name", name="\0"),
            case("invalid_text", "domain", domain="x" * 201),
            case("invalid_text", "taxNumber", tax="\x07"),
            case("invalid_value", "metadata", metadata="text"),
            case("invalid_value", "timeZone", zone=""),
            case("invalid_value", "timeZone", zone="Europe"),
            case("invalid_value", "timeZone", zone="Mars/Olympus"),
            case("invalid_value", "timeZone", zone="../../etc/passwd"),
            case("invalid_value", "timeZone", zone="/etc/passwd"),
            case("invalid_value", "timeZone", zone="UTC\0"),
            case("invalid_value", "timeZone", zone="x" * 100_000),
            case("invalid_date", "fiscalYearStartDay", month=0),
            case("invalid_date", "fiscalYearStartDay", month=13),
            case("invalid_date", "fiscalYearStartDay", day=0),
            case("invalid_date", "fiscalYearStartDay", month=-1, day=-1),
            case("invalid_date", "fiscalYearStartDay", month=2, day=29),
            case("invalid_date", "fiscalYearStartDay", month=2**31 - 1, day=2**31 - 1),
            case("invalid_date", "booksClosedThrough", closed="1899-12-31"),
            case("invalid_date", "booksClosedThrough", closed="2201-01-01"),
            case("invalid_date", None, closed="2026-02-29"),
            case("invalid_date", None, closed="2026-01-01T00:00:00Z"),
            case("invalid_date", None, closed=20260101),
            case("invalid_date", None, closed="yesterday"),
            case("version_conflict", "version", name="X", version=2),
            case("version_conflict", "version", name="X", version=0),
            case("invalid_value", "name", name=None),
            case("invalid_value", "timeZone", zone=None),
            case("invalid_value", "fiscalYearStartMonth", month=None),
            case("invalid_value", "fiscalYearStartDay", day=None),
            case("invalid_request", None, month="4"),
            case("invalid_request", None, month=4.5),
            case("invalid_request", None, month=10**400),
            case("invalid_request", None, name=["Acme"]),
        ],
    )


async def test_settings_are_for_administrators_and_a_dry_run_changes_nothing(house, books):
    writer = await key_of(books, house, Scope.WRITE)
    refusal = await refused(house, writer, UPDATE, name="Mine")
    assert (refusal.code, refusal.reason) == ("FORBIDDEN", "forbidden")
    assert refusal.details == {"scope": "write", "needed": "admin"}
    before = await contents(house)
    tried = await updated(books, name="Tried", month=4, dry=True)
    assert (tried["name"], tried["fiscalYearStartMonth"], tried["version"]) == ("Tried", 4, 2)
    assert await contents(house) == before


async def test_a_repeated_change_of_settings_is_made_once(house, books):
    document = """
    mutation Rename($name: String!, $key: String!) {
      updateOrganization(name: $name, idempotencyKey: $key) { name version }
    }"""
    given = {"name": "Once", "key": "rename-1"}
    first = await books.ask(document, **given)
    before = await contents(house)
    assert await books.ask(document, **given) == first
    assert await contents(house) == before
    refusal = await refused(house, books, document, name="Twice", key="rename-1")
    assert refusal.reason == "idempotency_mismatch"


async def test_closed_books_take_nothing_on_that_day_or_before(house, books):
    accounts = await books.accounts()
    await enter(books, SALE)
    (pending,) = await enter(books, SALE.replace("Sale", "Plan"), post=False)
    await updated(books, closed="2026-01-31")
    post = """
    mutation Sale($on: DateTime!, $debit: ID!, $credit: ID!) {
      createTransaction(description: "Sale", date: $on, post: true, entries: [
        {accountId: $debit, entryType: DEBIT, amount: 1},
        {accountId: $credit, entryType: CREDIT, amount: 1}
      ]) { status }
    }"""
    given = {"debit": accounts["1000"], "credit": accounts["4000"]}
    for day in ("2026-01-31", "2026-01-31T23:59:59-11:00", "1900-01-01"):
        refusal = await refused(house, books, post, on=day, **given)
        assert (refusal.reason, refusal.field) == ("period_locked", "date")
    assert await books.ask(post, on="2026-02-01T00:00:00+14:00", **given)
    late = await books.refusal(
        "mutation Post($id: ID!) { postTransaction(id: $id) { id } }", id=pending
    )
    assert late.reason == "period_locked"
    await updated(books, closed=None)
    assert await books.ask(post, on="2026-01-31", **given)


async def test_what_today_is_depends_on_the_organizations_time_zone(books):
    document = "{ trialBalance { asOfDate } incomeStatement { periodEnd } }"
    days = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart
        await updated(books, zone=zone)
        found = await books.ask(document)
        assert found["trialBalance"]["asOfDate"] == found["incomeStatement"]["periodEnd"]
        days.add(found["trialBalance"]["asOfDate"])
    assert len(days) == 2
    assert all(day.endswith("T00:00:00Z") for day in days)
