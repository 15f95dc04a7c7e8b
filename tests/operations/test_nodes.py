"""Anything by its id alone: `node` and `nodes`."""

from __future__ import annotations

from asking import Case, all_refused, enter, refused
from filing import attach
from filling import filled

from schema import core

NODE = """
query Find($id: ID!) {
  node(id: $id) {
    kind: __typename id
    ... on OrganizationNode { name baseCurrency { code } accounts(limit: 1) { code } }
    ... on AccountNode { code balance { amount } parent { code } }
    ... on TransactionNode { description entries { account { code } } }
    ... on LedgerEntryNode { amount account { code balance { amount } } transaction { id } }
    ... on DocumentNode { total contact { name } payments { amount } attachments { name } }
    ... on InvoiceNode { invoiceNumber }
    ... on ContactNode { name invoices { total } }
    ... on ItemNode { name taxRate { rate } category { name } attachments { name } }
    ... on PaymentNode { amountLeft applications { id amount } }
  }
}"""
NODES = """
query Find($ids: [ID!]!) {
  nodes(ids: $ids) { kind: __typename id ... on AccountNode { balance { amount } } }
}"""
KINDS = {
    "organization": "OrganizationNode",
    "account spare_account": "AccountNode",
    "transaction plan": "TransactionNode",
    "entry": "LedgerEntryNode",
    "customer vendor stranger": "ContactNode",
    "category": "CategoryNode",
    "tax_rate": "TaxRateNode",
    "item": "ItemNode",
    "draft_invoice invoice opening_invoice": "InvoiceNode",
    "draft_bill bill": "BillNode",
    "draft_credit_note credit_note": "CreditNoteNode",
    "payment": "PaymentNode",
    "application": "ApplicationNode",
    "attachment logo": "AttachmentNode",
    "job": "JobNode",
}
"""Of what type everything is that `filled` tells of."""

ALSO = {"item": "ITEM_", "entry": "LED_"}
"""Other prefixes by which some things are known."""

SALE = """
2026-01-05: Sale
    debit  1000 1.00
    credit 4000 1.00
"""


async def test_every_kind_of_node_is_found_by_its_id_alone(house, books):
    made = await filled(house, books)
    assert set(KINDS.values()) == {
        kind.name for kind in core.get_possible_types(core.type_map["Node"])
    }
    words = [(word, kind) for words, kind in KINDS.items() for word in words.split()]
    for word, kind in words:
        key = made[word]
        for written in (key, key[:4].upper() + key[4:], ALSO.get(word, key[:4]) + key[4:]):
            found = (await books.ask(NODE, id=written))["node"]
            assert (found["kind"], found["id"]) == (kind, key), word
    found = (await books.ask(NODES, ids=[made[word] for word, _ in words]))["nodes"]
    assert [(node["kind"], node["id"]) for node in found] == [(k, made[w]) for w, k in words]


async def test_a_document_and_what_belongs_to_it_are_shown_by_the_ids_alone(house, books):
    made = await filled(house, books)

    await attach(books, made["item"], name="manual.pdf")

    async def node(word):
        return (await books.ask(NODE, id=made[word]))["node"]

    assert await node("invoice") == {
        "kind": "InvoiceNode",
        "id": made["invoice"],
        "total": "110.00",
        "contact": {"name": "Jane"},
        "payments": [{"amount": "40.00"}],
        "attachments": [{"name": "receipt.pdf"}],
        "invoiceNumber": "INV-0001",
    }
    assert await node("payment") == {
        "kind": "PaymentNode",
        "id": made["payment"],
        "amountLeft": "10.00",
        "applications": [{"id": made["application"], "amount": "40.00"}],
    }
    assert await node("item") == {
        "kind": "ItemNode",
        "id": made["item"],
        "name": "Workshop",
        "taxRate": {"rate": "10.0000"},
        "category": {"name": "Workshops"},
        "attachments": [{"name": "manual.pdf"}],
    }
    # The newest first: of one day, the one drawn up last.
    totals = [each["total"] for each in (await node("customer"))["invoices"]]
    assert totals == ["110.00", "110.00", "30.00"]


async def entries_of(client, transaction_id):
    document = "query E($id: ID!) { transaction(id: $id) { entries { id } } }"
    found = await client.ask(document, id=transaction_id)
    return [entry["id"] for entry in found["transaction"]["entries"]]


async def test_everything_that_has_an_id_is_found_by_it(books):
    (sale,) = await enter(books, SALE)
    debit, credit = await entries_of(books, sale)
    cash = (await books.accounts())["1000"]
    expected = {
        books.organization_id: {
            "kind": "OrganizationNode",
            "name": "Acme",
            "baseCurrency": {"code": "USD"},
            "accounts": [{"code": "1000"}],
        },
        cash: {
            "kind": "AccountNode",
            "code": "1000",
            "balance": {"amount": "1.00"},
            "parent": None,
        },
        sale: {
            "kind": "TransactionNode",
            "description": "Sale",
            "entries": [{"account": {"code": "1000"}}, {"account": {"code": "4000"}}],
        },
        debit: {
            "kind": "LedgerEntryNode",
            "amount": "1.00",
            "account": {"code": "1000", "balance": {"amount": "1.00"}},
            "transaction": {"id": sale},
        },
        credit: {
            "kind": "LedgerEntryNode",
            "amount": "1.00",
            "account": {"code": "4000", "balance": {"amount": "1.00"}},
            "transaction": {"id": sale},
        },
    }
    for key, found in expected.items():
        for written in (key, key[:4].upper() + key[4:]):
            assert await books.ask(NODE, id=written) == {"node": {"id": key, **found}}
    assert (await books.ask(NODE, id="LED_" + debit[4:]))["node"]["id"] == debit


async def test_an_item_is_filtered_by_its_id_under_any_prefix(house, books):
    made = await filled(house, books)
    document = "query F($id: ID!) { items(where: {id: {eq: $id}}) { id } }"
    for prefix in ("itm_", "ITM_", "item_", "Item_"):
        assert await books.ask(document, id=prefix + made["item"][4:]) == {
            "items": [{"id": made["item"]}]
        }


async def test_nodes_answers_in_the_order_asked_with_null_for_what_is_not_there(books):
    (sale,) = await enter(books, SALE)
    debit, _ = await entries_of(books, sale)
    accounts = await books.accounts()
    cash, sales = accounts["1000"], accounts["4000"]
    asked = [
        *(
            sales,
            debit,
            "act_0000000000000000zzzz",
            books.organization_id,
            cash,
            sale,
            cash,
            "x",
            "",
        ),
        *("CUR_USD", "con_1", debit[:-2] + "zz", "act_", "\0", "é", "jnl_short", cash + "\n"),
    ]
    found = (await books.ask(NODES, ids=asked))["nodes"]
    assert [None if each is None else each["id"] for each in found] == [
        *(sales, debit, None, books.organization_id, cash, sale, cash, None, None),
        *[None] * 8,
    ]
    assert [found[place]["balance"]["amount"] for place in (0, 4, 6)] == ["1.00"] * 3
    assert await books.ask(NODES, ids=[]) == {"nodes": []}
    hundred = [*accounts.values()] * 3
    assert len((await books.ask(NODES, ids=hundred[:100]))["nodes"]) == 100


async def test_what_is_not_there_is_refused_with_the_id_as_it_was_asked(house, books):
    other = await house.organization()
    (sale,) = await enter(other, SALE)
    foreign = [other.organization_id, (await other.accounts())["1000"], sale]
    foreign += await entries_of(other, sale)
    absent = ["", "x", "act_", "\0", "CUR_USD", "x" * 100_000, "act_0000000000000000zzzz"]
    await all_refused(
        house, books, [Case(NODE, "not_found", "id", {"id": key}) for key in foreign + absent]
    )
    assert await books.ask(NODES, ids=foreign) == {"nodes": [None] * len(foreign)}
    refusal = await refused(house, books, NODE, id="x" * 100_000)
    assert refusal.message == f"There is nothing with the id {'x' * 40} in this organization."
    await all_refused(
        house,
        books,
        [
            Case(NODES, "too_many_items", "ids", {"ids": ["x"] * 101}),
            Case(NODES, "invalid_request", None, {"ids": None}),
            Case(NODES, "invalid_request", None, {"ids": [None]}),
            Case(NODES, "invalid_request", None, {"ids": [["x"]]}),
            Case(NODES, "invalid_request", None, {"ids": {"id": "x"}}),
            Case(NODE, "invalid_request", None, {"id": None}),
            Case(NODE, "invalid_request", None, {"id": True}),
            Case(NODE, "invalid_request", None, {"id": 1.5}),
        ],
    )
