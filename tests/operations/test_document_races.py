"""Many at once at the same documents: one winner in every race, and sub-ledgers that tie."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from itertools import count, cycle

import asyncpg
import pytest
from documenting import (
    credited,
    customer,
    do,
    document_of,
    figures,
    issued,
    line,
    look,
    paid,
)
from entering import contents, pair
from house import Client, House, running
from living import require_ties

SENDERS, INVOICES, PAYERS = 32, 200, 50
DAY = {"invoiceDate": "2026-01-10"}


class Crowd:
    """Clients of one organization, at one server or at two."""

    def __init__(self, house: House, clients: list[Client]) -> None:
        self.house, self.books = house, clients[0]
        self._turns = cycle(clients)

    async def ask(self, name, **given):
        """The result of a mutation, or the reason why it was refused: never a fault of ours."""
        response = await next(self._turns).post(document_of(name, given), given)
        body = response.json()
        assert response.status_code == 200, response.text
        if "errors" not in body:
            return body["data"][name]
        more = body["errors"][0]["extensions"]
        assert more["code"] != "INTERNAL_ERROR", body
        return more["reason"]

    async def tell(self, name, **given):
        """`done`, or the reason why it was refused."""
        found = await self.ask(name, **given)
        return found if isinstance(found, str) else "done"


@pytest.fixture(params=["sqlite", "postgresql", "two servers"])
async def crowd(request, databases) -> AsyncIterator[Crowd]:
    engine = "sqlite" if request.param == "sqlite" else "postgresql"
    url = await databases.new(engine)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(running(url))
        books = await house.organization()
        clients = [books]
        if request.param == "two servers":
            other = await stack.enter_async_context(running(url))
            clients.append(Client(other.http, books.key, books.organization_id))
        yield Crowd(house, clients)
        await require_ties(house, books)
    if engine == "postgresql":
        connection = await asyncpg.connect(url)
        counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert await connection.fetchval(counted) == 0
        await connection.close()


@pytest.fixture
async def ann(crowd):
    """A contact who is customer and vendor."""
    return await customer(crowd.books, contactTypes=["CUSTOMER", "VENDOR"])


async def at_once(*jobs: Awaitable[str]) -> Counter[str]:
    """How often each came of jobs that run together."""
    return Counter(await asyncio.gather(*jobs))


async def test_two_hundred_invoices_sent_at_once_have_consecutive_numbers(crowd, ann):
    given = {"contactId": ann, "items": [line("1.00")], **DAY}
    drafts = await asyncio.gather(*(crowd.ask("createInvoice", **given) for _ in range(INVOICES)))
    waiting = iter([each["id"] for each in drafts])

    async def send():
        return [await crowd.ask("sendInvoice", id=key, deliver=False) for key in waiting]

    sent = await asyncio.gather(*(send() for _ in range(SENDERS)))
    numbers = sorted(each["invoiceNumber"] for some in sent for each in some)
    assert numbers == [f"INV-{number:04}" for number in range(1, INVOICES + 1)]
    rows = (await contents(crowd.house))["document"]
    assert len([row for row in rows if "issued" in row]) == INVOICES


async def test_of_fifty_payments_of_one_invoice_one_succeeds(crowd, ann):
    invoice = await issued(crowd.books, ann)
    given = {"invoiceId": invoice, "amount": "100.00", "paymentDate": "2026-01-20"}
    found = await at_once(*(crowd.tell("recordInvoicePayment", **given) for _ in range(PAYERS)))
    assert found == {"done": 1, "overpayment": PAYERS - 1}
    assert await figures(crowd.books, invoice) == "PAID 0.00 100.00 0.00"
    rows = await contents(crowd.house)
    assert [len(rows[name]) for name in ("payment", "application", "transaction")] == [1, 1, 2]


async def test_of_fifty_sendings_of_one_draft_one_succeeds(crowd, ann):
    draft = await do(crowd.books, "createInvoice", contactId=ann, items=[line("1.00")], **DAY)
    given = {"id": draft["id"], "deliver": False}
    found = await at_once(*(crowd.tell("sendInvoice", **given) for _ in range(PAYERS)))
    assert found == {"done": 1, "wrong_status": PAYERS - 1}
    assert (await look(crowd.books, draft["id"]))["invoiceNumber"] == "INV-0001"
    assert len((await contents(crowd.house))["transaction"]) == 1


async def test_what_ends_a_document_and_what_needs_it_never_both_happen(crowd, ann):
    """Cancelled against paid, deleted against sent, taken back twice, voided against applied."""
    books, day = crowd.books, "2026-01-20"
    given = {"contactId": ann, "items": [line("1.00")], **DAY}
    races = []
    for _ in range(4):
        invoice = await issued(books, ann)
        pay = {"invoiceId": invoice, "amount": "100.00", "paymentDate": day}
        races.append(
            (
                {"done": 1, "applied": 1},
                {"done": 1, "wrong_status": 1},
                crowd.tell("cancelInvoice", id=invoice, cancelledOn=day),
                crowd.tell("recordInvoicePayment", **pay),
            )
        )
        draft = (await do(books, "createInvoice", **given))["id"]
        races.append(
            (
                {"done": 1, "not_found": 1},
                {"done": 1, "wrong_status": 1},
                crowd.tell("deleteInvoice", id=draft),
                crowd.tell("sendInvoice", id=draft, deliver=False),
            )
        )
        settled = await paid(books, await issued(books, ann))
        (made,) = (await look(books, settled["id"], "{ applications { id } }"))["applications"]
        races.append(
            (
                {"done": 1, "wrong_status": 1},
                {"done": 2},  # taken back first, then there is nothing left to take back
                crowd.tell("unapplyCredit", id=made["id"], date=day),
                crowd.tell("voidPayment", id=settled["id"], voidedOn=day),
            )
        )
        credit, owing = await credited(books, ann, "5.00"), await issued(books, ann, "5.00")
        races.append(
            (
                {"done": 1, "applied": 1},
                {"done": 1, "wrong_status": 1},
                crowd.tell("cancelCreditNote", id=credit, cancelledOn=day),
                crowd.tell("applyCredit", creditId=credit, documentId=owing),
            )
        )
    jobs = [job for *_, one, other in races for job in (one, other)]
    answers = await asyncio.gather(*jobs)
    for place, (one, other, *_) in enumerate(races):
        assert Counter(answers[2 * place : 2 * place + 2]) in (one, other), place


async def test_a_payment_is_voided_whole_whatever_is_applied_meanwhile(crowd, ann):
    books = crowd.books
    for rate in (None, "1.2"):
        more = {} if rate is None else {"currency": "EUR", "exchangeRate": rate}
        keys = [await issued(books, ann, "10.00", **more) for _ in range(8)]
        payment = await do(
            books,
            "createPayment",
            contactId=ann,
            direction="RECEIVED",
            amount="50.00",
            paymentDate="2026-01-20",
            **({} if rate is None else {"currency": "EUR", "exchangeRate": "1.3"}),
        )
        apply = [crowd.tell("applyCredit", creditId=payment["id"], documentId=key) for key in keys]
        void = crowd.tell("voidPayment", id=payment["id"], voidedOn="2026-02-01")
        found = await at_once(*apply[:4], void, *apply[4:])
        assert set(found) <= {"done", "wrong_status", "overpayment"}
        assert (await look(books, payment["id"]))["voidedOn"] == "2026-02-01T00:00:00Z"
        due = [(await figures(books, key)).split()[1] for key in keys]
        assert due == ["10.00"] * 8


async def test_no_more_of_a_credit_is_applied_than_there_is(crowd, ann):
    books = crowd.books
    credit = await credited(books, ann, "25.00")
    keys = [await issued(books, ann, "10.00") for _ in range(6)]
    found = await at_once(
        *(
            crowd.tell("applyCredit", creditId=credit, documentId=key, amount="10.00")
            for key in keys
        )
    )
    assert found == {"done": 2, "overpayment": 4}
    refunds = {"creditId": credit, "amount": "5.00", "paymentDate": "2026-01-20"}
    found = await at_once(*(crowd.tell("refundCredit", **refunds) for _ in range(4)))
    assert found == {"done": 1, "overpayment": 3}
    assert (await look(books, credit, "{ status amountLeft }")) == {
        "status": "APPLIED",
        "amountLeft": "0.00",
    }


async def test_what_an_invoice_names_is_not_deleted_under_it(crowd, ann):
    books, jobs = crowd.books, []

    async def race(noun, key, **given):
        both = await asyncio.gather(
            crowd.tell(f"delete{noun}", id=key), crowd.tell("createInvoice", **given, **DAY)
        )
        return "/".join(both)

    for _ in range(4):
        contact = await customer(books)
        item = (await do(books, "createItem", name="I", itemType="PRODUCT", price="1"))["id"]
        tax = (await do(books, "createTaxRate", name="T", taxType="VAT", rate="7"))["id"]
        jobs += [
            race("Contact", contact, contactId=contact, items=[line("1.00")]),
            race("Item", item, contactId=ann, items=[line("1.00", itemId=item)]),
            race("TaxRate", tax, contactId=ann, items=[line("1.00", taxRateId=tax)]),
        ]
    assert set(await at_once(*jobs)) <= {"done/unknown_reference", "in_use/done"}


async def test_a_number_or_a_name_is_taken_once(crowd, ann):
    bill = {"contactId": ann, "billDate": "2026-01-10", "items": [line("1.00")]}
    invoice = {"contactId": ann, "items": [line("1.00")], **DAY}
    money = {"contactId": ann, "direction": "RECEIVED", "paymentDate": "2026-01-10", "amount": "1"}
    found = await asyncio.gather(
        at_once(*(crowd.tell("createBill", billNumber="7", **bill) for _ in range(8))),
        at_once(*(crowd.tell("createInvoice", externalId="e", **invoice) for _ in range(8))),
        at_once(*(crowd.tell("createPayment", externalId="e", **money) for _ in range(8))),
    )
    assert found == [{"done": 1, "duplicate": 7}] * 3
    keyed = [crowd.tell("createInvoice", idempotencyKey="k", **invoice) for _ in range(8)]
    assert await at_once(*keyed) == {"done": 8}
    assert len((await contents(crowd.house))["document"]) == 3


async def test_an_entry_is_reversed_or_settled(crowd, ann):
    books = crowd.books
    chart = await books.accounts()
    serial = count()

    async def race():
        made = await do(
            books,
            "createTransaction",
            description=f"Direct {next(serial)}",
            date="2026-01-05",
            entries=pair(chart["1100"], chart["4000"], "5.00"),
            post=True,
            contactId=ann,
        )
        credit = await credited(books, ann, "5.00")
        owing = made["entries"][0]["id"]
        both = await asyncio.gather(
            crowd.tell("reverseTransaction", id=made["id"], reversalDate="2026-01-20"),
            crowd.tell("applyCredit", creditId=credit, documentId=owing),
        )
        return "/".join(both)

    found = await at_once(*(race() for _ in range(6)))
    assert set(found) <= {"done/overpayment", "applied/done"}
