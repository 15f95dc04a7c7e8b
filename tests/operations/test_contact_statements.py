"""Contact statements: what moved, in which order, and that it leads to what is open."""

from __future__ import annotations

import pytest
from asking import refusal_of, statements
from trading import Trade, Word, aged, require_tied, statement

YEAR = {"from": "2026-01-01", "to": "2026-12-31"}


@pytest.fixture
def trade(books):
    """The dealings of an organization with the standard chart in USD."""
    return Trade(books)


def moves(found):
    """The movements of a statement as `day kind number amount currency base balance`."""
    return [
        " ".join(
            [
                movement["date"][5:10],
                movement["kind"] + ("*" if movement["isReversal"] else ""),
                movement["number"] or "-",
                movement["amount"],
                movement["currency"]["code"],
                movement["baseAmount"],
                movement["balance"],
            ]
        )
        for movement in found["movements"]
    ]


async def test_a_statement_tells_what_moved_and_what_was_taken_back(books, trade):
    jane = await trade.contact()
    invoice = await trade.invoice(
        jane, "2026-01-10", {"unitPrice": "100.00", "description": "A bench"}, "20.00"
    )
    payment = await trade.pay(
        invoice, "2026-01-20", "30.00", reference="TRF 1", notes="With thanks"
    )
    credit = await trade.credit(jane, "2026-02-15", "15.00")
    await trade.apply(credit, invoice, date="2026-02-20")
    await trade.void(payment, "2026-03-05")
    await trade.enter("2026-03-10", "1100", "4000", "12.00", jane)
    gone = await trade.invoice(jane, "2026-03-12", "40.00")
    await trade.cancel(gone, "2026-03-12")
    advance = await trade.payment(jane, "2026-03-20", "50.00")
    await trade.refund(advance, "2026-03-28", "10.00")
    found = await statement(books, jane, **YEAR)
    assert moves(found) == [
        "01-10 INVOICE INV-0001 120.00 USD 120.00 120.00",
        "01-20 PAYMENT TRF 1 -30.00 USD -30.00 90.00",
        "02-15 CREDIT_NOTE CN-0001 -15.00 USD -15.00 75.00",
        "03-05 PAYMENT* TRF 1 30.00 USD 30.00 105.00",
        "03-10 ENTRY - 12.00 USD 12.00 117.00",
        "03-12 INVOICE INV-0002 40.00 USD 40.00 157.00",
        "03-12 INVOICE* INV-0002 -40.00 USD -40.00 117.00",
        "03-20 PAYMENT - -50.00 USD -50.00 67.00",
        "03-28 REFUND - 10.00 USD 10.00 77.00",
    ]
    told = [movement["description"] for movement in found["movements"]]
    assert told[:5] == ["A bench", "With thanks", "Work", "With thanks", "Direct"]
    assert [movement["itemId"] for movement in found["movements"][:3]] == [invoice, payment, credit]
    assert (found["side"], found["opening"], found["closing"]) == ("RECEIVABLE", "0.00", "77.00")
    # Parts of a year follow on one another, and each ends with what was open on its last day.
    closing = "0.00"
    for begin, end in (
        ("01-01", "01-31"),
        ("02-01", "03-05"),
        ("03-06", "03-12"),
        ("03-13", "12-31"),
    ):
        part = await statement(books, jane, **{"from": f"2026-{begin}", "to": f"2026-{end}"})
        assert part["opening"] == closing
        closing = part["closing"]
        open_then = (await aged(books, f"2026-{end}", contact=jane))["receivable"]
        assert closing == open_then["total"], end
    assert closing == "77.00"
    await require_tied(books, ["2026-01-19", "2026-03-04", "2026-03-12", "2026-12-31"], {})


async def test_an_exchange_difference_is_a_movement_of_its_own(house):
    books = await house.organization(currency="INR")
    trade = Trade(books)
    jane = await trade.contact(currency="USD")
    foreign = {"currency": "USD", "exchangeRate": "80"}
    invoice = await trade.invoice(jane, "2026-01-05", "100.00", **foreign)
    payment = await trade.payment(jane, "2026-02-10", "150.00", currency="USD", exchangeRate="85")
    application = await trade.apply(payment, invoice, date="2026-02-11")
    await trade.unapply(application, "2026-03-01")
    await trade.invoice(jane, "2026-03-02", "1000.00", currency="INR")
    found = await statement(books, jane, **YEAR)
    assert moves(found) == [
        "01-05 INVOICE INV-0001 100.00 USD 8000.00 8000.00",
        "02-10 PAYMENT - -150.00 USD -12750.00 -4750.00",
        "02-11 EXCHANGE_DIFFERENCE INV-0001 0.00 USD 500.00 -4250.00",
        "03-01 EXCHANGE_DIFFERENCE* INV-0001 0.00 USD -500.00 -4750.00",
        "03-02 INVOICE INV-0002 1000.00 INR 1000.00 -3750.00",
    ]
    february = await statement(books, jane, **{"from": "2026-02-11", "to": "2026-02-28"})
    assert (february["opening"], february["closing"]) == ("-4750.00", "-4250.00")
    assert february["currency"] == {"code": "INR"}
    assert february["currencies"] == [
        {
            "currency": {"code": "USD"},
            "opening": "-50.00",
            "openingBase": "-4750.00",
            "closing": "-50.00",
            "closingBase": "-4250.00",
        }
    ]
    assert [each["currency"]["code"] for each in found["currencies"]] == ["INR", "USD"]
    await require_tied(books, ["2026-02-10", "2026-02-11", "2026-02-28", "2026-03-02"], {})


async def test_a_statement_is_told_though_its_credit_was_applied_long_ago(house):
    books = await house.organization(currency="INR")
    trade = Trade(books)
    jane = await trade.contact(currency="USD")
    old = await trade.invoice(
        jane, "2024-01-05", "100.00", currency="USD", exchangeRate="80", dueDate="2024-02-05"
    )
    await trade.pay(old, "2024-02-10", "150.00", exchangeRate="85", allowOverpayment=True)
    found = await statement(books, jane, **YEAR)
    assert (found["opening"], found["movements"], found["closing"]) == (
        *("-4250.00", [], "-4250.00"),
    )
    whole = await statement(books, jane, **{"from": "2024-01-01", "to": "2024-12-31"})
    assert moves(whole)[-1] == "02-10 EXCHANGE_DIFFERENCE INV-0001 0.00 USD 500.00 -4250.00"


async def test_the_side_is_that_of_the_part_which_a_contact_plays(books, trade):
    roles = {
        "CUSTOMER": "RECEIVABLE",
        "VENDOR": "PAYABLE",
        "EMPLOYEE": "RECEIVABLE",
        "OTHER": "RECEIVABLE",
    }
    for role, side in roles.items():
        found = await statement(books, await trade.contact("Kim", role))
        assert (found["side"], found["closing"]) == (side, "0.00")
    both = await trade.contact("Both", "VENDOR", contactTypes=[Word("VENDOR"), Word("CUSTOMER")])
    await trade.invoice(both, "2026-01-05", "10.00")
    bill = await trade.bill(both, "2026-01-06", "25.00", billNumber="R-1")
    await trade.pay(bill, "2026-01-07", "5.00")
    assert (await statement(books, both, **YEAR))["closing"] == "10.00"
    payable = await statement(books, both, side="PAYABLE", **YEAR)
    assert (payable["opening"], payable["closing"]) == ("0.00", "20.00")
    assert moves(payable) == [
        "01-06 BILL R-1 25.00 USD 25.00 25.00",
        "01-07 PAYMENT - -5.00 USD -5.00 20.00",
    ]


async def test_the_period_is_by_default_the_fiscal_year_to_date(books, trade):
    jane = await trade.contact()
    await books.ask("mutation { updateOrganization(fiscalYearStartMonth: 7) { id } }")
    found = await statement(books, jane, to="2026-03-05")
    assert (found["periodStart"][:10], found["periodEnd"][:10]) == ("2025-07-01", "2026-03-05")
    document = (
        "query S($contact: ID!, $from: Date) "
        "{ contactStatement(contactId: $contact, from: $from, to: $from) { closing } "
        '  late: contactStatement(contactId: $contact, from: $from, to: "2026-01-01") '
        "{ closing } }"
    )
    refusal = await refusal_of(books, document, contact=jane, **{"from": "2026-03-05"})
    assert (refusal.reason, refusal.field, refusal.path) == ("invalid_date", "from", ["late"])


async def test_a_contact_of_others_is_not_found(house, books):
    foreign = await Trade(await house.organization()).contact()
    for contact in (foreign, "con_0000000000000000zzzz"):
        document = f"""{{
          contactStatement(contactId: "{contact}") {{ closing }}
          organization {{ name }}
        }}"""
        answer = (await books.post(document)).json()
        assert answer["data"] == {"contactStatement": None, "organization": {"name": "Acme"}}
        (error,) = answer["errors"]
        assert error["extensions"]["reason"] == "not_found"


async def test_a_statement_takes_as_many_statements_of_sql_however_long_it_is(house, books, trade):
    jane = await trade.contact()
    document = """query S($contact: ID!) {
      contactStatement(contactId: $contact, from: "2026-01-01", to: "2026-12-31") {
        contact { name } movements { number } closing
      }
    }"""
    counts = []
    for more in (1, 12):
        for _ in range(more):
            invoice = await trade.invoice(jane, "2026-01-01", "100.00")
            await trade.pay(invoice, "2026-01-02", "40.00")
            await trade.enter("2026-01-04", "1100", "4000", "1.00", jane)
        await books.ask(document, contact=jane)
        with statements(house) as seen:
            await books.ask(document, contact=jane)
        counts.append(len(seen))
    assert counts[0] == counts[1]
