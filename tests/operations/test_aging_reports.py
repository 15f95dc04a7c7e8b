"""Aging: what is open of the sub-ledgers as of any day, by age, and that it is the books."""

from __future__ import annotations

import pytest
from asking import Case, all_refused, refusal_of, statements
from sqlalchemy import text
from trading import (
    CONTROL,
    Trade,
    Word,
    act,
    aged,
    require_tied,
    require_told,
    written,
)

INSTALMENTS = [
    {"percent": "30", "days": 30},
    {"percent": "50", "days": 60},
    {"percent": "20", "days": 90},
]
LIFE = (
    "invoice: invoice jane 2026-01-10 100.00 dueDate=2026-02-09",
    "payment: pay invoice 2026-01-20 30.00",
    "advance: payment jane 2026-02-01 50.00",
    "application: apply advance invoice amount=20.00 date=2026-02-10",
    "credit: credit jane 2026-02-15 15.00",
    "apply credit invoice amount=10.00 date=2026-02-20",
    "unapply application 2026-03-01",
    "void payment 2026-03-05",
    "entry: enter 2026-03-10 1100 4000 12.00 jane",
    "reverse entry 2026-03-20",
    "mistake: invoice jane 2026-03-12 40.00 dueDate=2026-03-12",
    "cancel mistake 2026-03-25",
    "refund advance 2026-03-28 10.00",
    "bill: bill acme 2026-01-15 200.00 dueDate=2026-02-14",
    "pay bill 2026-02-20 50.00",
    "given: credit acme 2026-03-01 30.00 side=PAYABLE",
    "apply given bill date=2026-03-03",
    "enter 2026-03-04 2000 1010 5.00 acme",
)
DAYS = [
    f"2026-{day}"
    for day in (
        *("01-05", "01-10", "01-20", "02-01", "02-10", "02-15", "02-20", "03-01", "03-03"),
        *("03-05", "03-10", "03-12", "03-20", "03-25", "03-28", "04-30"),
    )
]
ITEMS = """
query Items($asOf: Date) {
  accountsSIDEAging(asOf: $asOf) {
    contacts {
      contact { name amountReceivable { amount } }
      items {
        kind number amount
        document {
          __typename total contact { name } payments { amount }
          ... on InvoiceNode { invoiceNumber }
          ... on BillNode { billNumber }
        }
      }
    }
  }
}"""
RECEIVABLE, PAYABLE = (ITEMS.replace("SIDE", side) for side in ("Receivable", "Payable"))


@pytest.fixture
def trade(books):
    """The dealings of an organization with the standard chart in USD."""
    return Trade(books)


def row(report):
    """The figures of a report's only contact, in one line."""
    (contact,) = report["contacts"]
    assert report["totals"] == {name: contact[name] for name in ("buckets", "credits", "total")}
    return " ".join([*contact["buckets"], contact["credits"]])


async def test_instalments_age_each_by_its_own_date(books, trade):
    jane = await trade.contact()
    invoice = await trade.invoice(jane, "2026-01-01", "100.00", paymentTerms=INSTALMENTS)
    await trade.pay(invoice, "2026-01-10", "40.00")
    found = await books.ask(
        "query I($id: ID!) { invoice(id: $id) { instalments { date amount amountDue } } }",
        id=invoice,
    )
    assert [list(due.values()) for due in found["invoice"]["instalments"]] == [
        ["2026-01-31T00:00:00Z", "30.00", "0.00"],
        ["2026-03-02T00:00:00Z", "50.00", "40.00"],
        ["2026-04-01T00:00:00Z", "20.00", "20.00"],
    ]
    table = {
        "2026-01-01": ("100.00 0.00 0.00 0.00 0.00 0.00", "2026-01-31"),
        "2026-01-09": ("100.00 0.00 0.00 0.00 0.00 0.00", "2026-01-31"),
        "2026-01-10": ("60.00 0.00 0.00 0.00 0.00 0.00", "2026-03-02"),
        "2026-03-02": ("60.00 0.00 0.00 0.00 0.00 0.00", "2026-03-02"),
        "2026-03-03": ("20.00 40.00 0.00 0.00 0.00 0.00", "2026-03-02"),
        "2026-04-01": ("20.00 40.00 0.00 0.00 0.00 0.00", "2026-03-02"),
        "2026-04-02": ("0.00 20.00 40.00 0.00 0.00 0.00", "2026-03-02"),
        "2026-05-02": ("0.00 0.00 20.00 40.00 0.00 0.00", "2026-03-02"),
        "2026-05-31": ("0.00 0.00 20.00 40.00 0.00 0.00", "2026-03-02"),
        "2026-06-01": ("0.00 0.00 0.00 20.00 40.00 0.00", "2026-03-02"),
        "2026-07-02": ("0.00 0.00 0.00 0.00 60.00 0.00", "2026-03-02"),
    }
    for day, (figures, next_due) in table.items():
        report = (await aged(books, day))["receivable"]
        (item,) = report["contacts"][0]["items"]
        assert row(report) == figures, day
        assert item["nextDue"] == f"{next_due}T00:00:00Z", day
        assert (item["kind"], item["itemId"], item["number"]) == ("INVOICE", invoice, "INV-0001")
    assert [list(bucket.values()) for bucket in report["buckets"]] == [
        ["Current", None, None],
        ["1-30 days", 1, 30],
        ["31-60 days", 31, 60],
        ["61-90 days", 61, 90],
        ["Over 90 days", 91, None],
    ]
    assert (report["side"], report["by"], report["asOfDate"]) == (
        *("RECEIVABLE", "DUE_DATE", "2026-07-02T00:00:00Z"),
    )
    before = (await aged(books, "2025-12-31"))["receivable"]
    assert (before["contacts"], before["total"], before["isTied"]) == ([], "0.00", True)
    await require_tied(books, table, {})


async def test_what_is_open_ages_by_its_document_date_and_in_own_buckets(books, trade):
    jane = await trade.contact()
    await trade.invoice(jane, "2026-01-01", "100.00", paymentTerms=INSTALMENTS)
    table = {
        "2026-01-01": "100.00 0.00 0.00 0.00",
        "2026-01-02": "0.00 100.00 0.00 0.00",
        "2026-01-08": "0.00 100.00 0.00 0.00",
        "2026-01-09": "0.00 0.00 100.00 0.00",
        "2026-01-10": "0.00 0.00 0.00 100.00",
    }
    for day, figures in table.items():
        found = await aged(books, day, by="DOCUMENT_DATE", buckets=[7, 8])
        assert row(found["receivable"]) == f"{figures} 0.00", day
    assert [b["label"] for b in found["receivable"]["buckets"]] == [
        *("Current", "1-7 days", "8 days", "Over 8 days"),
    ]
    assert found["receivable"]["by"] == "DOCUMENT_DATE"


async def test_a_foreign_invoice_is_open_in_its_own_currency_and_in_base(house):
    books = await house.organization(currency="INR")
    trade = Trade(books)
    jane = await trade.contact(currency="USD")
    invoice = await trade.invoice(jane, "2026-01-05", "100.00", currency="USD", exchangeRate="80")
    days = ("2026-01-04", "2026-01-05", "2026-02-09", "2026-02-10", "2026-03-01")
    await require_tied(books, days, {})
    await trade.pay(invoice, "2026-02-10", "25.00", exchangeRate="85")
    await require_tied(books, days, {})
    table = {"2026-02-09": ("100.00", "8000.00"), "2026-02-10": ("75.00", "6000.00")}
    for day, amounts in table.items():
        report = (await aged(books, day))["receivable"]
        (item,) = report["contacts"][0]["items"]
        assert item["currency"] == {"code": "USD"}
        assert (item["amount"], item["baseAmount"]) == amounts
        assert report["total"] == amounts[1]
    await trade.pay(invoice, "2026-02-20", "75.00", exchangeRate="85")
    await require_tied(books, days, {})
    found = await aged(books, "2026-03-01")
    assert (found["receivable"]["contacts"], found["receivable"]["total"]) == ([], "0.00")
    nets = {a["accountCode"]: a["netBalance"] for a in found["trialBalance"]["accounts"]}
    assert {code: net for code, net in nets.items() if net != "0.00"} == {
        "1010": "8500.00",
        "4000": "8000.00",
        "4900": "500.00",
    }


async def test_the_sub_ledgers_are_the_control_accounts_after_every_step_and_on_every_day(
    books, trade
):
    names = {"jane": await trade.contact(), "acme": await trade.contact("Acme", "VENDOR")}
    await trade.enter("2026-01-05", "1100", "4000", "7.00")  # which is nobody's
    for step in LIFE:
        await act(trade, names, step)
        await require_tied(books, ["2026-01-04"], {})
        await require_tied(books, DAYS, {"receivable": "7.00"})
    await require_told(books, (names["jane"], names["acme"]), DAYS[::3])
    table = {
        "2026-01-10": ("100.00 0.00 0.00 0.00 0.00 0.00", None),
        "2026-01-20": ("70.00 0.00 0.00 0.00 0.00 0.00", "200.00 0.00 0.00 0.00 0.00 0.00"),
        "2026-02-01": ("70.00 0.00 0.00 0.00 0.00 -50.00", "200.00 0.00 0.00 0.00 0.00 0.00"),
        "2026-02-10": ("0.00 50.00 0.00 0.00 0.00 -30.00", "200.00 0.00 0.00 0.00 0.00 0.00"),
        "2026-02-15": ("0.00 50.00 0.00 0.00 0.00 -45.00", "0.00 200.00 0.00 0.00 0.00 0.00"),
        "2026-02-20": ("0.00 40.00 0.00 0.00 0.00 -35.00", "0.00 150.00 0.00 0.00 0.00 0.00"),
        "2026-03-01": ("0.00 60.00 0.00 0.00 0.00 -55.00", "0.00 150.00 0.00 0.00 0.00 -30.00"),
        "2026-03-05": ("0.00 90.00 0.00 0.00 0.00 -55.00", "0.00 120.00 0.00 0.00 0.00 -5.00"),
        "2026-03-10": ("12.00 90.00 0.00 0.00 0.00 -55.00", "0.00 120.00 0.00 0.00 0.00 -5.00"),
        "2026-03-12": ("40.00 12.00 90.00 0.00 0.00 -55.00", "0.00 120.00 0.00 0.00 0.00 -5.00"),
        "2026-03-20": ("0.00 40.00 90.00 0.00 0.00 -55.00", "0.00 0.00 120.00 0.00 0.00 -5.00"),
        "2026-03-25": ("0.00 0.00 90.00 0.00 0.00 -55.00", "0.00 0.00 120.00 0.00 0.00 -5.00"),
        "2026-04-30": ("0.00 0.00 0.00 90.00 0.00 -45.00", "0.00 0.00 0.00 120.00 0.00 -5.00"),
    }
    for day, (receivable, payable) in table.items():
        found = await aged(books, day)
        assert row(found["receivable"]) == receivable, day
        assert found["payable"]["contacts"] == [] or row(found["payable"]) == payable, day


async def test_items_are_told_by_their_names_and_lead_to_their_documents(books, trade):
    jane, acme = await trade.contact(), await trade.contact("Acme", "VENDOR")
    invoice = await trade.invoice(jane, "2026-01-01", "100.00", dueDate="2026-02-01")
    await trade.pay(invoice, "2026-01-02", "40.00")
    await trade.credit(jane, "2026-01-03", "5.00")
    advance = await trade.payment(jane, "2026-01-04", "20.00", reference="TRF 17")
    await trade.refund(advance, "2026-01-05", "8.00")
    await trade.enter("2026-01-06", "1100", "4000", "1.00", jane)
    await trade.bill(acme, "2026-01-07", "60.00", billNumber="R-9", dueDate="2026-02-01")
    await trade.bill(acme, "2026-01-08", "70.00", dueDate="2026-02-01")
    receivable, items = await told(books, RECEIVABLE)
    assert receivable == {"name": "Jane", "amountReceivable": {"amount": "44.00"}}
    assert items == [
        ("INVOICE", "INV-0001", "60.00"),
        ("CREDIT_NOTE", "CN-0001", "-5.00"),
        ("PAYMENT", "TRF 17", "-12.00"),
        ("ENTRY", None, "1.00"),
    ]
    payable, items = await told(books, PAYABLE)
    assert payable == {"name": "Acme", "amountReceivable": {"amount": "0.00"}}
    assert items == [("BILL", "R-9", "60.00"), ("BILL", None, "70.00")]
    # A refund by itself is owed until a credit is set against it.
    await trade.payment(jane, "2026-01-09", "3.00", "PAID", side=Word("RECEIVABLE"))
    assert ("REFUND", None, "3.00") in (await told(books, RECEIVABLE))[1]


async def told(books, document):
    """The only contact of a report, and what is open of it as kind, number and amount."""
    ((_, report),) = (await books.ask(document, asOf="2026-01-31")).items()
    (contact,) = report["contacts"]
    names = ("kind", "number", "amount")
    return contact["contact"], [tuple(item[name] for name in names) for item in contact["items"]]


async def test_items_lead_to_their_documents_and_on_from_there(books, trade):
    jane, acme = await trade.contact(), await trade.contact("Acme", "VENDOR")
    invoice = await trade.invoice(jane, "2026-01-01", "100.00", dueDate="2026-02-01")
    await trade.pay(invoice, "2026-01-02", "40.00")
    await trade.credit(jane, "2026-01-03", "5.00")
    await trade.payment(jane, "2026-01-04", "20.00")
    await trade.bill(acme, "2026-01-07", "60.00", billNumber="R-9")
    found = await books.ask(RECEIVABLE, asOf="2026-01-31")
    (contact,) = found["accountsReceivableAging"]["contacts"]
    assert [item["document"] for item in contact["items"]] == [
        {
            "__typename": "InvoiceNode",
            "total": "100.00",
            "contact": {"name": "Jane"},
            "payments": [{"amount": "40.00"}],
            "invoiceNumber": "INV-0001",
        },
        {
            "__typename": "CreditNoteNode",
            "total": "5.00",
            "contact": {"name": "Jane"},
            "payments": [],
        },
        None,
    ]
    found = await books.ask(PAYABLE, asOf="2026-01-31")
    (contact,) = found["accountsPayableAging"]["contacts"]
    assert [item["document"] for item in contact["items"]] == [
        {
            "__typename": "BillNode",
            "total": "60.00",
            "contact": {"name": "Acme"},
            "payments": [],
            "billNumber": "R-9",
        }
    ]


async def test_the_aging_of_one_contact_has_nothing_unassigned(books, trade):
    jane, john = await trade.contact(), await trade.contact("John")
    await trade.invoice(jane, "2026-01-01", "100.00")
    await trade.invoice(john, "2026-01-01", "50.00")
    await trade.enter("2026-01-05", "1100", "4000", "7.00")
    whole = (await aged(books, "2026-01-31"))["receivable"]
    assert (whole["total"], whole["unassigned"], whole["controlBalance"]) == (
        *("157.00", "7.00", "157.00"),
    )
    assert [contact["contactId"] for contact in whole["contacts"]] == [jane, john]
    found = await aged(books, "2026-01-31", contact=john)
    one = found["receivable"]
    assert one["contacts"] == whole["contacts"][1:]
    assert (one["total"], one["unassigned"], one["controlBalance"], one["isTied"]) == (
        *("50.00", None, None, True),
    )
    assert (found["payable"]["contacts"], found["payable"]["isTied"]) == ([], True)


async def test_what_cannot_be_asked_is_refused(house, books, trade):
    other = await house.organization()
    foreign = await Trade(other).contact()
    await all_refused(
        house,
        books,
        [
            Case(ask(asOf="1899-12-31"), "invalid_date", "asOf"),
            *(
                Case(ask(buckets=buckets), "invalid_value", "buckets")
                for buckets in ([], [0], [30, 30], [60, 30], [3651], list(range(1, 14)))
            ),
        ],
    )
    refusals = []
    for contact in (foreign, "con_0000000000000000zzzz", "nobody"):
        refusal = await refusal_of(books, ask(contactId=contact))
        assert (refusal.reason, refusal.field) == ("not_found", "contactId")
        refusals.append(refusal.message.replace(contact, "it"))
    assert len(set(refusals)) == 1


async def test_a_sub_ledger_that_is_not_the_books_is_not_tied(house, books, trade):
    jane, john = await trade.contact(), await trade.contact("John")
    invoice = await trade.invoice(jane, "2026-01-01", "100.00")
    await trade.invoice(john, "2026-01-01", "50.00")
    await require_tied(books, ["2026-01-31"], {})
    forgotten = text("UPDATE open_item SET ended_on = '2026-01-15' WHERE id = :id")
    await house.database.write(lambda connection: connection.execute(forgotten, {"id": invoice}))
    await require_tied(books, ["2026-01-14"], {})
    found = (await aged(books, "2026-01-15"))["receivable"]
    assert (found["total"], found["unassigned"], found["isTied"]) == ("150.00", "100.00", False)
    of_each = {c: (await aged(books, "2026-01-15", contact=c))["receivable"] for c in (jane, john)}
    assert [found["isTied"] for found in of_each.values()] == [False, True]


async def test_aging_takes_as_many_statements_however_much_is_open(house, books, trade):
    counts = []
    for more in (1, 12):
        for number in range(more):
            jane = await trade.contact(f"Jane {more} {number}")
            invoice = await trade.invoice(jane, "2026-01-01", "100.00")
            await trade.pay(invoice, "2026-01-02", "40.00")
            await trade.payment(jane, "2026-01-03", "5.00")
            await trade.enter("2026-01-04", "1100", "4000", "1.00", jane)
        for document in (ask(), RECEIVABLE):
            await books.ask(document)
            with statements(house) as seen:
                await books.ask(document)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
    # The key, the organization; items, their applications twice; the control account, its months
    # and days.
    assert counts[0] <= 8 + 2 * house.is_sqlite


async def test_before_anything_was_sold_nothing_is_owed(books):
    found = await aged(books)
    for side, report in found.items():
        if side in CONTROL:
            assert (report["contacts"], report["total"], report["isTied"]) == ([], "0.00", True)
            assert report["totals"]["buckets"] == ["0.00"] * 5
    day = (await books.ask("{ accountsPayableAging { asOfDate generatedAt } }"))[
        "accountsPayableAging"
    ]
    assert day["asOfDate"][:10] in day["generatedAt"]


def ask(**given):
    """A document that asks for the aging of receivables with these arguments."""
    told = ", ".join(f"{name}: {written(value)}" for name, value in given.items())
    return f"{{ accountsReceivableAging{f'({told})' if told else ''} {{ total }} }}"
