"""Tax rates: by one percentage or by components, exact, and fixed once they are in use."""

from __future__ import annotations

import pytest
from asking import Case, all_refused, refused
from cataloguing import NEVER, at_once, require_sound, takes_texts
from entering import contents, events, without

FIELDS = """
  id name taxType rate components { name percent isCompound isRecoverable accountId } description
  isInclusive isReverseCharge accountId isActive externalId metadata version createdAt updatedAt
"""
CREATE = f"""
mutation Add(
  $name: String! = "VAT 19", $type: TaxType! = VAT, $rate: Decimal,
  $components: [TaxComponentInput!], $description: String, $inclusive: Boolean! = false,
  $reverse: Boolean! = false, $account: ID, $externalId: String, $metadata: Json,
  $dry: Boolean! = false
) {{
  createTaxRate(
    name: $name, taxType: $type, rate: $rate, components: $components, description: $description,
    isInclusive: $inclusive, isReverseCharge: $reverse, accountId: $account,
    externalId: $externalId, metadata: $metadata, dryRun: $dry
  ) {{ {FIELDS} }}
}}"""
UPDATE = f"""
mutation Change(
  $id: ID!, $name: String, $type: TaxType, $rate: Decimal, $components: [TaxComponentInput!],
  $description: String, $inclusive: Boolean, $reverse: Boolean, $account: ID, $isActive: Boolean,
  $externalId: String, $metadata: Json, $version: Int, $dry: Boolean! = false
) {{
  updateTaxRate(
    id: $id, name: $name, taxType: $type, rate: $rate, components: $components,
    description: $description, isInclusive: $inclusive, isReverseCharge: $reverse,
    accountId: $account, isActive: $isActive, externalId: $externalId, metadata: $metadata,
    version: $version, dryRun: $dry
  ) {{ {FIELDS} }}
}}"""
DELETE = "mutation Delete($id: ID!, $version: Int) { deleteTaxRate(id: $id, version: $version) }"
READ = f"query Read($id: ID!) {{ taxRate(id: $id) {{ {FIELDS} }} }}"
LIST = """
query Of($where: TaxRateWhere, $order: TaxRateOrder, $limit: Int) {
  taxRates(where: $where, orderBy: $order, limit: $limit) { name }
  taxRatesConnection(where: $where, orderBy: $order, first: $limit) { nodes { name } totalCount }
}"""
QUEBEC = [
    {"name": "GST", "percent": "5"},
    {"name": "QST", "percent": "9.975", "isCompound": True, "isRecoverable": False},
]
ITEM = """
mutation Item($rate: ID!) {
  createItem(name: "Work", itemType: SERVICE, taxRateId: $rate) { id }
}"""


def part(name, percent, **more):
    """A component as it is shown."""
    plain = {"isCompound": False, "isRecoverable": True, "accountId": None}
    return {"name": name, "percent": percent, **plain, **more}


async def added(client, **given):
    given = {"rate": "19", **given} if "components" not in given else given
    return (await client.ask(CREATE, **given))["createTaxRate"]


async def changed(client, **given):
    return (await client.ask(UPDATE, **given))["updateTaxRate"]


async def names(client, **given):
    """The names of a list, the same by position and by cursor."""
    found = await client.ask(LIST, **given)
    by_cursor = [node["name"] for node in found["taxRatesConnection"]["nodes"]]
    assert [node["name"] for node in found["taxRates"]] == by_cursor
    return ", ".join(by_cursor)


async def test_an_ordinary_rate_has_one_component_of_its_name(house, books):
    account = (await books.accounts())["2200"]
    given = {"description": "Standard", "externalId": "t-1", "metadata": {"a": 1}}
    made = await added(books, rate=8.25, inclusive=True, account=account, **given)
    assert without(made, "id", "createdAt", "updatedAt") == {
        "name": "VAT 19",
        "taxType": "VAT",
        "rate": "8.2500",
        "components": [part("VAT 19", "8.2500")],
        **given,
        "isInclusive": True,
        "isReverseCharge": False,
        "accountId": account,
        "isActive": True,
        "version": 1,
    }
    assert (await books.ask(READ, id="TAX_" + made["id"][4:]))["taxRate"] == made
    *_, last = await events(books, house)
    assert (last["type"], last["after"]["components"][0]["percent"]) == ("tax_rate.created", "8.25")
    await require_sound(house, books)


async def test_components_come_to_one_rate(books):
    account = (await books.accounts())["5200"]
    parts = [QUEBEC[0], {**QUEBEC[1], "accountId": "ACT_" + account[4:]}]
    made = await added(books, components=parts)
    assert made["rate"] == "15.4738"
    assert made["components"] == [
        part("GST", "5.0000"),
        part("QST", "9.9750", isCompound=True, isRecoverable=False, accountId=account),
    ]
    for rate, shown in (("0", "0.0000"), ("100", "100.0000"), ("0.0001", "0.0001"), (7, "7.0000")):
        assert (await added(books, rate=rate))["rate"] == shown


async def test_tax_rates_are_listed_by_name_whether_active_or_not(books):
    await added(books, name="VAT 7", rate="7", externalId="v-7")
    old = await added(books, name="VAT 16", rate="16", description="Until 2020")
    await added(books, name="Sales tax", type="SALES_TAX")
    await changed(books, id=old["id"], isActive=False)
    for where, expected in (
        (None, "Sales tax, VAT 16, VAT 7"),
        ({"isActive": {"eq": True}}, "Sales tax, VAT 7"),
        ({"taxType": {"in": ["VAT"]}}, "VAT 16, VAT 7"),
        ({"externalId": {"eq": "v-7"}}, "VAT 7"),
        ({"description": {"startsWith": "until"}}, "VAT 16"),
        ({"id": {"ne": "TAX_" + old["id"][4:]}, "name": {"contains": "vat"}}, "VAT 7"),
        ({"not": {"taxType": {"eq": "VAT"}}}, "Sales tax"),
    ):
        assert await names(books, where=where) == expected, where
    newest = {"field": "CREATED_AT", "direction": "DESC"}
    assert await names(books, order=newest, limit=1) == "Sales tax"


async def test_what_is_absent_stays_and_null_clears(house, books):
    account = (await books.accounts())["2200"]
    full = await added(books, description="D", account=account, metadata={"a": 1})
    same = await changed(books, id=full["id"], version=1)
    assert without(same, "version", "updatedAt") == without(full, "version", "updatedAt")
    cleared = await changed(books, id=full["id"], description=None, account=None, metadata=None)
    assert [cleared[key] for key in ("description", "accountId", "metadata")] == [None, None, {}]
    settings = {"type": "EXCISE", "inclusive": True, "reverse": True, "isActive": False}
    moved = await changed(books, id=full["id"], externalId="new", **settings)
    shown = ("taxType", "isInclusive", "isReverseCharge", "isActive", "externalId", "version")
    assert [moved[key] for key in shown] == ["EXCISE", True, True, False, "new", 4]
    assert (await books.ask(READ, id=full["id"]))["taxRate"] == moved
    await require_sound(house, books)


async def test_a_rate_changes_by_its_percentage_or_by_its_components(house, books):
    key = (await added(books))["id"]
    raised = await changed(books, id=key, rate="21", name="VAT 21")
    assert (raised["rate"], raised["components"]) == ("21.0000", [part("VAT 21", "21.0000")])
    renamed = await changed(books, id=key, name="VAT")
    assert renamed["components"] == [part("VAT", "21.0000")]
    split = await changed(books, id=key, components=QUEBEC)
    assert (split["rate"], split["name"]) == ("15.4738", "VAT")
    refusal = await refused(house, books, UPDATE, id=key, rate="20")
    assert (refusal.reason, refusal.field) == ("invalid_value", "rate")
    assert refusal.details == {"tax_rate_id": key, "components": 2}
    kept = await changed(books, id=key, name="GST and QST")
    assert kept["components"] == split["components"]
    own = await changed(books, id=key, components=[{**QUEBEC[1], "isCompound": False}])
    lowered = await changed(books, id=key, rate="9")
    assert own["components"] == [part("QST", "9.9750", isRecoverable=False)]
    assert lowered["components"] == [part("QST", "9.0000", isRecoverable=False)]


CHARGE = """
mutation Charge($rate: ID!, $contact: ID!) {
  createInvoice(send: true, contactId: $contact, invoiceDate: "2026-01-05", items: [
    {description: "Work", quantity: 1, unitPrice: "100.00", taxRateId: $rate}
  ]) { total }
}
"""
CONTACT = 'mutation { createContact(name: "Jane", contactType: CUSTOMER) { id } }'


async def test_what_decides_the_tax_may_change_until_a_document_is_issued_with_it(books):
    key = (await added(books))["id"]
    await books.ask(ITEM, rate=key)
    assert (await changed(books, id=key, rate="20"))["rate"] == "20.0000"


async def test_what_decides_the_tax_is_fixed_once_it_was_charged(house, books):
    key = (await added(books))["id"]
    contact = (await books.ask(CONTACT))["createContact"]["id"]
    charged = await books.ask(CHARGE, rate=key, contact=contact)
    assert charged["createInvoice"]["total"] == "119.00"

    def case(field, **given):
        return Case(UPDATE, "frozen", field, {"id": key, **given})

    await all_refused(
        house,
        books,
        [
            case("rate", rate="20"),
            case("components", components=[{"name": "VAT 19", "percent": 20}]),
            case("taxType", type="OTHER"),
            case("isInclusive", inclusive=True),
            case("isReverseCharge", reverse=True),
            Case(DELETE, "in_use", "id", {"id": key}),
        ],
    )
    renamed = await changed(books, id=key, name="VAT", rate="19.00", isActive=False)
    assert (renamed["name"], renamed["isActive"]) == ("VAT", False)
    assert renamed["components"] == [part("VAT 19", "19.0000")]


async def test_what_cannot_be_a_tax_rate_is_refused(house, books):
    control = (await books.accounts())["2000"]
    theirs = (await (await house.organization()).accounts())["2200"]
    first = await added(books, externalId="e-1")
    second = await added(books)

    def new(reason, field, **given):
        return Case(CREATE, reason, field, {"rate": None, **given})

    def parts(reason, field, *components):
        return new(reason, field, components=list(components))

    def case(reason, field, **given):
        return Case(UPDATE, reason, field, {"id": second["id"], **given})

    gst, qst = QUEBEC
    percents = ("-1", "100.0001", "1e1", "NaN", "", "8.25%", "8,25", "8.12345", "9" * 400)
    await all_refused(
        house,
        books,
        [
            *(new("invalid_amount", "rate", rate=percent) for percent in percents),
            *(case("invalid_amount", "rate", rate=percent) for percent in percents),
            *(
                parts("invalid_amount", "components[1].percent", gst, {**qst, "percent": percent})
                for percent in percents
            ),
            new("invalid_value", "rate"),
            new("invalid_value", "rate", rate="1", components=QUEBEC),
            parts("invalid_value", "components"),
            parts("invalid_value", "components[0].isCompound", qst, gst),
            parts("invalid_value", "components[1].name", gst, gst),
            parts("invalid_text", "components[0].name", {**gst, "name": ""}),
            parts("invalid_value", "components[0].accountId", {**gst, "accountId": control}),
            parts("unknown_reference", "components[0].accountId", {**gst, "accountId": theirs}),
            parts("invalid_request", None, {**gst, "isCompound": None}),
            parts(
                "too_many_items", "components", *({"name": f"{n}", "percent": n} for n in range(11))
            ),
            new("invalid_text", "name", rate="1", name="\t"),
            new("invalid_value", "accountId", rate="1", account=control),
            new("unknown_reference", "accountId", rate="1", account="act_" + NEVER),
            new("duplicate", "externalId", rate="1", externalId="e-1"),
            new("invalid_value", "metadata", rate="1", metadata=[]),
            case("version_conflict", "version", name="X", version=2),
            case("duplicate", "externalId", externalId="e-1"),
            case("invalid_value", "rate", rate="1", components=QUEBEC),
            case("invalid_value", "components", components=[]),
            Case(UPDATE, "frozen", "externalId", {"id": first["id"], "externalId": None}),
            # Null clears what may be empty, and nothing else.
            *(
                case("invalid_value", name, **{key: None})
                for name, key in (
                    ("name", "name"),
                    ("taxType", "type"),
                    ("rate", "rate"),
                    ("components", "components"),
                    ("isInclusive", "inclusive"),
                    ("isReverseCharge", "reverse"),
                    ("isActive", "isActive"),
                )
            ),
            *(
                Case(document, "not_found", "id", {"id": key})
                for document in (READ, UPDATE, DELETE)
                for key in ("tax_" + NEVER, "act_" + first["id"][4:], "\0", "")
            ),
        ],
    )


async def test_a_rate_nothing_names_is_deleted(house, books):
    key = (await added(books, externalId="e"))["id"]
    assert (await refused(house, books, DELETE, id=key, version=2)).field == "version"
    assert await books.ask(DELETE, id=key, version=1) == {"deleteTaxRate": True}
    *_, last = await events(books, house)
    assert (last["type"], last["entity_id"], last["after"]) == ("tax_rate.deleted", key, None)
    assert (await added(books, externalId="e"))["version"] == 1


@pytest.mark.parametrize("given", [{"rate": "5"}, {"components": QUEBEC}])
async def test_a_dry_run_answers_the_same_and_keeps_nothing(house, books, given):
    key = (await added(books))["id"]
    before = await contents(house)
    made = await added(books, name="Dry", dry=True, **given)
    moved = await changed(books, id=key, dry=True, **given)
    assert moved["rate"] == made["rate"] == ("5.0000" if "rate" in given else "15.4738")
    assert await contents(house) == before


async def test_hostile_texts_are_kept_as_they_are_or_refused(house, books):
    document = """
    mutation Add($name: String!, $description: String) {
      createTaxRate(name: $name, description: $description, taxType: VAT, rate: 1, dryRun: true) {
        name description
      }
    }"""
    await takes_texts(house, books, document, ("name", "description"), name="VAT")


async def test_of_many_at_once_one_gets_the_external_id_and_one_makes_the_change(house, books):
    outcomes = await at_once(books, CREATE, [{"rate": "1", "externalId": "same"}] * 16)
    assert sorted(outcomes) == ["done"] + ["duplicate"] * 15
    (same,) = (await books.ask("{ taxRates { id } }"))["taxRates"]
    changes = [{"id": same["id"], "version": 1, "rate": percent} for percent in range(2, 18)]
    outcomes = await at_once(books, UPDATE, changes)
    assert sorted(outcomes) == ["done"] + ["version_conflict"] * 15
    await require_sound(house, books)
