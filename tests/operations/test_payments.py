"""Payments: what they post, against what they are set, and what of them is left as credit."""

from __future__ import annotations

from documenting import customer, do, figures, issued, line, look, paid, received
from living import Journal, filled, lines_of, require_ties

INSTALMENTS = [
    {"percent": "30", "days": 30},
    {"percent": "50", "days": 60},
    {"percent": "20", "days": 90},
]
ENTRIES = """
query Entries($id: ID!) {
  account(id: $id) {
    entriesConnection(first: 10) {
      edges { date node { entryType baseAmount } runningBalance { amount } }
    }
  }
}"""


async def entries_of(books, code):
    """All posted entries of an account, with its balance after each."""
    found = await books.ask(ENTRIES, id=(await books.accounts())[code])
    return [
        f"{edge['date'][:10]} {edge['node']['entryType']} {edge['node']['baseAmount']} "
        f"{edge['runningBalance']['amount']}"
        for edge in found["account"]["entriesConnection"]["edges"]
    ]


CREATE = """
mutation Pay($contact: ID!, $category: ID, $dry: Boolean! = false) {
  createPayment(
    contactId: $contact, direction: RECEIVED, amount: "10.00", paymentDate: "2026-01-20",
    categoryId: $category, dryRun: $dry
  ) { id categoryId }
}"""
CATEGORIES = "query P($id: ID!) { payment(id: $id) { categoryId } payments { categoryId } }"


async def test_a_payment_shows_the_category_that_it_was_given(books):
    contact = await customer(books)
    shop = 'mutation { createCategory(name: "Shop", categoryType: INCOME) { id } }'
    category = (await books.ask(shop))["createCategory"]["id"]
    for given in (category, None):
        ask = {"contact": contact, "category": given}
        assert (await books.ask(CREATE, **ask, dry=True))["createPayment"]["categoryId"] == given
        made = (await books.ask(CREATE, **ask))["createPayment"]
        found = await books.ask(CATEGORIES, id=made["id"])
        assert made["categoryId"] == found["payment"]["categoryId"] == given
    assert found["payments"] == [{"categoryId": None}, {"categoryId": category}]


async def test_instalments_are_paid_the_oldest_first(house, books):
    contact = await customer(books)
    invoice = await issued(books, contact, paymentTerms=INSTALMENTS)
    await paid(books, invoice, "40.00")
    found = await look(books, invoice, "{ dueDate instalments { date amount amountDue } }")
    assert found["dueDate"] == "2026-04-10T00:00:00Z"
    assert [list(each.values()) for each in found["instalments"]] == [
        ["2026-02-09T00:00:00Z", "30.00", "0.00"],
        ["2026-03-11T00:00:00Z", "50.00", "40.00"],
        ["2026-04-10T00:00:00Z", "20.00", "20.00"],
    ]
    await require_ties(house, books)


async def test_a_gain_by_the_exchange_rate_is_posted_once(house):
    books = await house.organization("INR")
    journal = Journal(books)
    contact = await customer(books, currency="USD")
    invoice = await issued(books, contact, exchangeRate="80")
    assert (await look(books, invoice, "{ baseTotal }")) == {"baseTotal": "8000.00"}
    payment = await paid(books, invoice, exchangeRate="85")
    assert (payment["baseAmount"], payment["currency"]["code"]) == ("8500.00", "USD")
    assert await journal.news() == lines_of("""
        2026-01-10 Invoice INV-0001
            Dr 1100  8000.00            (100.00 USD)
            Cr 4000           8000.00   (100.00 USD)
        2026-01-20 Payment from customer
            Dr 1010  8500.00
            Cr 1100           8500.00   (100.00 USD)
        2026-01-20 Realized exchange gain
            Dr 1100   500.00
            Cr 4900            500.00
    """)
    assert await entries_of(books, "4900") == ["2026-01-20 CREDIT 500.00 500.00"]
    assert await entries_of(books, "7800") == []
    assert (await entries_of(books, "1100"))[-1].endswith(" 0.00")
    (applied,) = (await look(books, payment["id"], "{ applications { exchangeDifference } }"))[
        "applications"
    ]
    assert applied == {"exchangeDifference": "500.00"}
    await require_ties(house, books)


async def test_one_payment_settles_many_documents_and_the_rest_is_credit(house, books):
    contact = await customer(books)
    first, second, third = [await issued(books, contact, price) for price in ("10.00", "20", "30")]
    payment = await do(
        books,
        "createPayment",
        contactId=contact,
        direction="RECEIVED",
        amount="100.00",
        paymentDate="2026-01-20",
        paymentMethod="transfer",
        reference="R-1",
        applications=[
            {"documentId": first},
            {"documentId": second, "amount": "5.00"},
            {"documentId": third},
        ],
    )
    assert (payment["amount"], payment["amountLeft"], payment["side"]) == (
        "100.00",
        "55.00",
        "RECEIVABLE",
    )
    shown = [(await figures(books, key)).split()[1:3] for key in (first, second, third)]
    assert shown == [["0.00", "10.00"], ["15.00", "5.00"], ["0.00", "30.00"]]
    found = await look(books, second, "{ payments { id amount paymentMethod reference } }")
    assert found["payments"] == [
        {"id": payment["id"], "amount": "5.00", "paymentMethod": "transfer", "reference": "R-1"}
    ]
    # What is left goes to what is still open, and to what comes later.
    await do(books, "applyCredit", creditId=payment["id"], documentId=second)
    later = await issued(books, contact, "50.00", invoiceDate="2026-02-01")
    applied = await do(books, "applyCredit", creditId=payment["id"], documentId=later)
    assert (applied["amount"], applied["date"]) == ("40.00", "2026-02-01T00:00:00Z")
    assert (await look(books, payment["id"]))["amountLeft"] == "0.00"
    await require_ties(house, books)


async def test_an_advance_waits_for_its_invoice(house, books):
    contact = await customer(books)
    journal = Journal(books)
    payment = await do(
        books,
        "createPayment",
        contactId=contact,
        direction="RECEIVED",
        amount="80.00",
        paymentDate="2026-01-05",
    )
    invoice = await issued(books, contact)
    await do(books, "applyCredit", creditId=payment["id"], documentId=invoice)
    assert (await figures(books, invoice)).split()[1:] == ["20.00", "80.00", "0.00"]
    assert await journal.news() == lines_of("""
        2026-01-05 Payment from customer
            Dr 1010   80.00
            Cr 1100          80.00
        2026-01-10 Invoice INV-0001
            Dr 1100  100.00
            Cr 4000         100.00
    """)
    await require_ties(house, books)


async def test_a_payment_that_came_before_the_invoice_is_applied_on_the_day_of_the_later(
    house, books
):
    contact = await customer(books)
    invoice = await issued(books, contact)
    payment = await paid(books, invoice, paymentDate="2026-01-02")
    found = await look(books, payment["id"], "{ paymentDate applications { date } }")
    assert found == {
        "paymentDate": "2026-01-02T00:00:00Z",
        "applications": [{"date": "2026-01-10T00:00:00Z"}],
    }
    await require_ties(house, books)


async def test_what_is_taken_back_does_not_make_room_on_the_days_before(house, books):
    """As of 25 January the first payment counts, so the second can count from February only."""
    contact = await customer(books)
    invoice = await issued(books, contact)
    first = await paid(books, invoice)
    (applied,) = (await look(books, first["id"], "{ applications { id } }"))["applications"]
    await do(books, "unapplyCredit", id=applied["id"], date="2026-02-01")
    second = await paid(books, invoice, paymentDate="2026-01-25")
    found = await look(books, second["id"], "{ applications { date } }")
    assert found == {"applications": [{"date": "2026-02-01T00:00:00Z"}]}
    await require_ties(house, books)


async def test_what_a_payment_posts(house, books):
    chart, contact = await books.accounts(), await customer(books)
    journal = Journal(books)
    for given, posted in (
        ({}, "Dr 1010 100.00 / Cr 1100 100.00"),
        ({"accountId": "$1000"}, "Dr 1000 100.00 / Cr 1100 100.00"),
        (
            {
                "amount": "95.50",
                "deductions": [
                    {"accountId": "$4200", "amount": "3.00", "description": "Discount"},
                    {"accountId": "$5900", "amount": "1.50"},
                ],
            },
            "Dr 1010 95.50 / Dr 4200 3.00 / Dr 5900 1.50 / Cr 1100 100.00",
        ),
    ):
        invoice = await issued(books, contact)
        await journal.news()
        await paid(books, invoice, **filled(given, chart))
        assert await journal.news() == ["2026-01-20 Payment from customer", *posted.split(" / ")]
        assert await figures(books, invoice) == "PAID 0.00 100.00 0.00"
    await require_ties(house, books)


async def test_the_organization_says_where_payments_go(books):
    chart = await books.accounts()
    await books.ask(
        "mutation S($id: ID!) { updateDocumentSettings(paymentAccountId: $id) { id } }",
        id=chart["1020"],
    )
    contact = await customer(books)
    assert (await paid(books, await issued(books, contact)))["accountId"] == chart["1020"]
    assert (await paid(books, await received(books, contact)))["accountId"] == chart["1020"]


async def test_money_given_back_is_owed_until_it_is_set_against_a_credit(house, books):
    contact = await customer(books)
    invoice = await issued(books, contact)
    payment = await paid(books, invoice, "130.00", allowOverpayment=True)
    journal = Journal(books)
    await journal.news()
    refund = await do(
        books,
        "createPayment",
        contactId=contact,
        direction="PAID",
        side="RECEIVABLE",
        amount="30.00",
        paymentDate="2026-01-25",
    )
    assert await journal.news() == lines_of("""
        2026-01-25 Refund of a payment from customer
            Dr 1100  30.00
            Cr 1010         30.00
    """)
    await require_ties(house, books)
    await do(books, "applyCredit", creditId=payment["id"], documentId=refund["id"])
    left = [(await look(books, each["id"]))["amountLeft"] for each in (payment, refund)]
    assert left == ["0.00", "0.00"]
    await require_ties(house, books)


async def test_voiding_a_payment_opens_all_that_it_has_settled(house, books):
    contact = await customer(books)
    keys = [await issued(books, contact, "10.00") for _ in range(3)]
    payment = await do(
        books,
        "createPayment",
        contactId=contact,
        direction="RECEIVED",
        amount="25.00",
        paymentDate="2026-01-20",
        applications=[{"documentId": key} for key in keys],
    )
    void = await do(books, "voidPayment", id=payment["id"], reason="Bounced", voidedOn="2026-01-22")
    assert (void["voidedOn"], void["voidReason"], void["amountLeft"]) == (
        "2026-01-22T00:00:00Z",
        "Bounced",
        "0.00",
    )
    found = await look(books, payment["id"], "{ applications { amount date endedOn } }")
    assert [list(each.values()) for each in found["applications"]] == [
        [amount, "2026-01-20T00:00:00Z", "2026-01-22T00:00:00Z"]
        for amount in ("10.00", "10.00", "5.00")
    ]
    for key in keys:
        assert (await figures(books, key)).split()[1:] == ["10.00", "0.00", "0.00"]
    await require_ties(house, books)


async def test_a_customer_who_is_a_vendor_too_has_two_sides(house, books):
    """Each is settled by itself, never by the credit of the other."""
    both = await customer(books, contactTypes=["CUSTOMER", "VENDOR"])
    invoice, bill = await issued(books, both), await received(books, both, items=[line("40.00")])
    overpaid = await paid(books, invoice, "150.00", allowOverpayment=True)
    given = {"creditId": overpaid["id"], "documentId": bill}
    refusal = await books.refusal(
        "mutation A($creditId: ID!, $documentId: ID!) "
        "{ applyCredit(creditId: $creditId, documentId: $documentId) { id } }",
        **given,
    )
    assert refusal.reason == "not_applicable"
    owed = await books.ask(
        "query C($id: ID!) "
        "{ contact(id: $id) { amountReceivable { amount } amountPayable { amount } } }",
        id=both,
    )
    assert owed["contact"] == {
        "amountReceivable": {"amount": "-50.00"},
        "amountPayable": {"amount": "40.00"},
    }
    await require_ties(house, books)
