"""How many SQL statements documents take: as many for a hundred lines or invoices as for one."""

from __future__ import annotations

import asyncio

from asking import statements
from documenting import customer, do, document_of, issued, line, paid

LISTS = [
    """{
      invoices(limit: 100) {
        status items { description } instalments { amountDue }
        contact { name amountReceivable { amount } }
      }
    }""",
    """{
      invoices(limit: 20) {
        transaction { entries { account { code } } } pdfUrl payments { amount }
        applications { date } history { event } attachments { name }
      }
    }""",
    "{ invoicesConnection(first: 99, where: {status: {ne: DRAFT}}) { totalCount nodes { id } } }",
    "{ payments(limit: 100) { contact { name } transaction { id } applications { amount } } }",
    """{
      contacts(limit: 2) {
        invoices(limit: 40) { items { id } } bills(limit: 9) { id }
        creditNotes(limit: 9) { id } payments(limit: 9) { amount }
      }
    }""",
]


async def counted(house, books, name, **given):
    """How many statements a mutation takes."""
    with statements(house) as seen:
        await do(books, name, **given)
    return len(seen)


async def test_sending_and_paying_take_as_many_statements_whatever_there_is(house, books):
    contact = await customer(books)
    tax = (await do(books, "createTaxRate", name="T", taxType="VAT", rate="7"))["id"]
    given = {"contactId": contact, "invoiceDate": "2026-01-10"}
    found = []
    for lines, others in ((1, 0), (100, 0), (1, 40)):
        await asyncio.gather(*(issued(books, contact) for _ in range(others)))
        items = [line("1.00", taxRateId=tax) for _ in range(lines)]
        await issued(books, contact, items=items)  # what is kept in mind is there by then
        created = await counted(house, books, "createInvoice", **given, items=items)
        drafts = [await do(books, "createInvoice", **given, items=items) for _ in range(2)]
        sent = await counted(house, books, "sendInvoice", id=drafts[0]["id"], deliver=False)
        pay = {"invoiceId": drafts[0]["id"], "amount": "0.50", "paymentDate": "2026-01-20"}
        first, second = [
            await counted(house, books, "recordInvoicePayment", **pay) for _ in range(2)
        ]
        deleted = await counted(house, books, "deleteInvoice", id=drafts[1]["id"])
        found.append((created, sent, first, second, deleted))
    assert len(set(found)) == 1, found
    assert first == second
    # BEGIN, the key, what is named and refers, totals, numbers, rows, events, the answer.
    assert max(found[0]) <= 45, found


async def test_a_payment_of_many_invoices_takes_as_many_statements_as_one_of_two(house, books):
    contact = await customer(books)
    keys = await asyncio.gather(*(issued(books, contact, "1.00") for _ in range(42)))
    given = {
        "contactId": contact,
        "direction": "RECEIVED",
        "amount": "40.00",
        "paymentDate": "2026-01-20",
    }
    found, voided = [], []
    for some in (keys[:2], keys[2:]):
        applications = [{"documentId": key} for key in some]
        document = document_of("createPayment", [*given, "applications"])
        with statements(house) as seen:
            made = await books.ask(document, **given, applications=applications)
        found.append(len(seen))
        voided.append(await counted(house, books, "voidPayment", id=made["createPayment"]["id"]))
    assert found[0] == found[1], found
    assert voided[0] == voided[1], voided


async def test_lists_of_documents_take_as_many_statements_for_a_hundred_as_for_one(house, books):
    taken = []
    for number in (1, 60):
        contacts = [await customer(books) for _ in range(min(number, 3))]
        keys = await asyncio.gather(
            *(issued(books, contacts[n % len(contacts)]) for n in range(number))
        )
        await asyncio.gather(*(paid(books, key, "10.00") for key in keys))
        for document in LISTS:
            await books.ask(document)
            with statements(house) as seen:
                await books.ask(document)
            taken.append(len(seen))
    assert taken[: len(LISTS)] == taken[len(LISTS) :]
    assert max(taken) <= 20, taken
