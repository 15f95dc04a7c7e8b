"""Lists of documents and payments: found by what is shown of them, in pages, of a contact."""

from __future__ import annotations

import pytest
from documenting import NOUNS, credited, customer, do, issued, line, paid, received
from living import Clock

LIST = """
query List($where: {where}) {{
  {name}(where: $where) {{ id }}
  {name}Connection(where: $where, first: 50) {{ totalCount nodes {{ id }} }}
  organization {{ {name}(where: $where) {{ id }} }}
}}"""
OF_CONTACT = """
query Of($id: ID!) {
  contact(id: $id) {
    invoices(limit: 2) { id } bills { id } creditNotes { id } payments { id }
  }
}"""


@pytest.fixture
async def shelf(house, books, monkeypatch):
    """Documents in every status on 1 March 2026, by name."""
    Clock(house, monkeypatch).set("2026-03-01")
    ann = await customer(books, contactTypes=["CUSTOMER", "VENDOR"])
    ben = await customer(books, name="Ben")
    late, early = {"dueDate": "2026-02-28"}, {"dueDate": "2026-03-01"}
    thirds = [{"percent": "30", "days": 30}, {"percent": "70", "days": 60}]
    found = {
        "ann": ann,
        "ben": ben,
        "sent": await issued(books, ann, "10.00", **early, orderNumber="PO-1"),
        "partial": await issued(books, ann, "20.00", **early),
        "overdue": await issued(books, ben, "30.00", **late),
        "overdue part": await issued(books, ann, "40.00", paymentTerms=thirds),
        "not overdue": await issued(books, ann, "100.00", paymentTerms=thirds),
        "paid": await issued(books, ben, "50.00", **late),
        "free": await issued(books, ben, "0.00"),
        "cancelled": await issued(books, ann, "60.00"),
        "received": await received(books, ann, "10.00", **early, billNumber="7"),
        "overdue bill": await received(books, ann, "20.00", **late, billDate="2026-02-01"),
        "credit": await credited(books, ann, "5.00"),
        "vendor's": await credited(books, ann, "6.00", side="PAYABLE"),
    }
    given = {"contactId": ann, "items": [line("70.00")]}
    made = await do(books, "createInvoice", invoiceDate="2026-02-20", **given)
    found["draft"] = made["id"]
    for name, key, amount in (
        ("a", "partial", "5.00"),
        ("b", "overdue part", "11.00"),
        ("c", "not overdue", "30.00"),
        ("d", "paid", "50.00"),
    ):
        found[name] = (await paid(books, found[key], amount, paymentMethod="cash"))["id"]
    await do(books, "cancelInvoice", id=found["cancelled"])
    void = await do(
        books,
        "createPayment",
        contactId=ann,
        direction="PAID",
        amount="3.00",
        paymentDate="2026-02-01",
    )
    found["e"] = (await do(books, "voidPayment", id=void["id"]))["id"]
    return found


async def listed(books, shelf, name, where):
    """The names of what a list finds, which its connection and the organization find too."""
    kind = f"{name[0].upper()}{name[1:-1]}Where"
    found = await books.ask(LIST.format(name=name, where=kind), where=where)
    keys = [each["id"] for each in found[name]]
    assert [each["id"] for each in found["organization"][name]] == keys
    assert [each["id"] for each in found[f"{name}Connection"]["nodes"]] == keys
    assert found[f"{name}Connection"]["totalCount"] == len(keys)
    names = {key: name for name, key in shelf.items()}
    return sorted(names[key] for key in keys)


async def test_documents_and_payments_are_found_by_what_is_shown_of_them(books, shelf):
    rest = ["free", "not overdue", "paid", "partial", "sent"]
    for name, where, expected in (
        ("invoices", {"status": {"eq": "DRAFT"}}, ["draft"]),
        ("invoices", {"status": {"eq": "SENT"}}, ["sent"]),
        ("invoices", {"status": {"eq": "PARTIAL"}}, ["not overdue", "partial"]),
        ("invoices", {"status": {"eq": "OVERDUE"}}, ["overdue", "overdue part"]),
        ("invoices", {"status": {"eq": "PAID"}}, ["free", "paid"]),
        ("invoices", {"status": {"eq": "CANCELLED"}}, ["cancelled"]),
        ("invoices", {"status": {"in": ["VIEWED"]}}, []),
        ("invoices", {"status": {"notIn": ["OVERDUE", "DRAFT", "CANCELLED"]}}, rest),
        ("invoices", {"contactId": {"eq": shelf["ben"]}}, ["free", "overdue", "paid"]),
        ("invoices", {"total": {"gte": "60.00"}}, ["cancelled", "draft", "not overdue"]),
        (
            "invoices",
            {"amountDue": {"gt": "0", "lt": "30.00"}},
            ["overdue part", "partial", "sent"],
        ),
        ("invoices", {"amountDue": {"eq": "70.00"}}, ["draft", "not overdue"]),
        ("invoices", {"invoiceDate": {"gt": "2026-01-10"}}, ["draft"]),
        ("invoices", {"dueDate": {"eq": "2026-03-01"}}, ["partial", "sent"]),
        ("invoices", {"nextDueDate": {"lt": "2026-03-01"}}, ["overdue", "overdue part"]),
        ("invoices", {"invoiceNumber": {"eq": "INV-0003"}}, ["overdue"]),
        ("invoices", {"orderNumber": {"startsWith": "PO"}}, ["sent"]),
        (
            "invoices",
            {"or": [{"status": {"eq": "SENT"}}, {"not": {"total": {"gt": "0"}}}]},
            ["free", "sent"],
        ),
        ("bills", {"status": {"eq": "RECEIVED"}}, ["received"]),
        ("bills", {"status": {"eq": "OVERDUE"}}, ["overdue bill"]),
        ("bills", {"billNumber": {"isNull": True}}, ["overdue bill"]),
        ("bills", {"billDate": {"in": ["2026-02-01"]}}, ["overdue bill"]),
        ("creditNotes", {"side": {"eq": "PAYABLE"}}, ["vendor's"]),
        ("creditNotes", {"status": {"eq": "ISSUED"}}, ["credit", "vendor's"]),
        ("creditNotes", {"amountLeft": {"lt": "6.00"}}, ["credit"]),
        ("payments", {"isVoided": {"eq": True}}, ["e"]),
        ("payments", {"direction": {"eq": "RECEIVED"}}, ["a", "b", "c", "d"]),
        ("payments", {"amount": {"gte": "30.00"}}, ["c", "d"]),
        ("payments", {"paymentMethod": {"isNull": True}}, ["e"]),
        ("payments", {"contactId": {"eq": shelf["ben"]}}, ["d"]),
    ):
        assert await listed(books, shelf, name, where) == expected, where


async def test_the_status_that_is_shown_is_the_one_that_is_filtered_by(books, shelf):
    found = await books.ask(
        "{ invoices { id status } bills { id status } creditNotes { id status } }"
    )
    for name, rows in found.items():
        for status in {each["status"] for each in rows}:
            keys = {each["id"] for each in rows if each["status"] == status}
            asked = await listed(books, shelf, name, {"status": {"eq": status}})
            assert {shelf[key] for key in asked} == keys, (name, status)
    assert set(NOUNS.values()) >= {name[:-1] for name in found}


async def test_a_contact_has_its_documents_and_payments_the_newest_first(books, shelf):
    found = (await books.ask(OF_CONTACT, id=shelf["ann"]))["contact"]
    names = {key: name for name, key in shelf.items()}
    told = {name: [names[each["id"]] for each in rows] for name, rows in found.items()}
    assert told["invoices"][0] == "draft"
    assert len(told["invoices"]) == 2
    assert told["bills"] == ["overdue bill", "received"]
    assert sorted(told["creditNotes"]) == ["credit", "vendor's"]
    assert told["payments"][0] == "e"
    assert sorted(told["payments"]) == ["a", "b", "c", "e"]


async def test_pages_of_invoices_follow_each_other_in_any_order(books, shelf):
    document = """
    query Pages($after: String, $order: InvoiceOrder) {
      invoicesConnection(first: 4, after: $after, orderBy: $order) {
        pageInfo { hasNextPage endCursor } nodes { id invoiceDate dueDate }
      }
    }"""
    for field, direction in (("INVOICE_DATE", "DESC"), ("CREATED_AT", "ASC")):
        seen, after = [], None
        while True:
            order = {"field": field, "direction": direction}
            page = (await books.ask(document, after=after, order=order))["invoicesConnection"]
            seen += [each["id"] for each in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert len(seen) == len(set(seen)) == 9
        assert (seen[0] == shelf["draft"]) is (field == "INVOICE_DATE")
