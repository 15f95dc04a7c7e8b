"""Setting credits against what is owed: what is posted, and what is open then."""

from dataclasses import replace

from books import USD_BOOKS, chart_of
from desk import Desk
from documented import (
    BILL,
    CREDIT_NOTE,
    CUSTOMER,
    INVOICE,
    VENDOR_CREDIT,
    P,
    R,
    day,
    opened,
    table,
)
from tying import tie_out

from ledger.balances import fold
from ledger.open_items import Application
from ledger.transactions import TransactionStatus

INR_BOOKS = replace(USD_BOOKS, base_currency="INR")
RUPEE_CHART = chart_of(currency="INR")


def rupees():
    return Desk(INR_BOOKS, RUPEE_CHART)


def dollars(rate):
    return {"currency": "USD", "exchange_rate": rate}


def settled(desk, kind, rate, paid_at, refund=False):
    """A document of 100 dollars at a rate, and what was posted when a payment at another came."""
    side = kind.side
    document = desk.issue(kind, "4100 100.00", **dollars(rate))
    payment = desk.pay("100.00", side=side, refund=refund, **dollars(paid_at))
    pair = (document, payment) if kind.is_credit else (payment, document)
    application = desk.apply(*pair)
    tie_out(desk)
    assert [opened(desk.items[each.id]) for each in pair] == [(0, 0), (0, 0)]
    return desk.posted(application)


# In one currency


def test_in_base_currency_nothing_is_posted_and_both_are_settled():
    desk = Desk()
    invoice = desk.issue(INVOICE, "4000 100.00", on="2025-03-01")
    payment = desk.pay("60.00", on="2025-03-05")
    application = desk.apply(payment, invoice)
    assert application == Application(
        "org_1",
        "app_0005",
        R,
        CUSTOMER.id,
        payment.id,
        invoice.id,
        day("2025-03-05"),
        "USD",
        60_00,
        60_00,
        60_00,
        desk.moment,
    )
    assert opened(desk.items[invoice.id]) == (40, 40)
    assert opened(desk.items[payment.id]) == (0, 0)
    assert desk.items[invoice.id].paid == 60_00
    assert len(desk.transactions) == 2
    tie_out(desk)


def test_at_one_rate_nothing_is_posted_either():
    desk = rupees()
    invoice = desk.issue(INVOICE, "4000 100.00", **dollars("80"))
    application = desk.apply(desk.pay("40.00", **dollars("80")), invoice)
    assert application.transaction_id is None
    assert opened(desk.items[invoice.id]) == (60, 4800)


# Gain and loss


def test_100_dollars_owed_to_us_at_80_and_paid_at_85_gain_500_rupees_once():
    desk = rupees()
    invoice = desk.issue(INVOICE, "4000 100.00", **dollars("80"), on="2025-03-01")
    payment = desk.pay("100.00", **dollars("85"), on="2025-03-20")
    application = desk.apply(payment, invoice)
    assert desk.posted(application) == table("""
        1100 | 500.00 |
        4900 |        | 500.00
    """)
    assert (application.from_base, application.to_base) == (8500_00, 8000_00)
    difference = desk.transactions[application.transaction_id]
    assert (difference.date, difference.description) == (
        day("2025-03-20"),
        "Realized exchange gain",
    )
    assert (difference.source_id, difference.contact_id) == (application.id, CUSTOMER.id)
    assert difference.status is TransactionStatus.POSTED
    totals = fold(desk.transactions.values())
    assert (totals["act_1100"].net, totals["act_4900"].net) == (0, -500_00)
    tie_out(desk)


def test_what_is_owed_to_us_and_paid_at_a_lower_rate_is_a_loss():
    assert settled(rupees(), INVOICE, "80", "75") == table("""
        7800 | 500.00 |
        1100 |        | 500.00
    """)


def test_what_we_owe_and_pay_at_a_lower_rate_is_a_gain():
    assert settled(rupees(), BILL, "80", "75") == table("""
        2000 | 500.00 |
        4900 |        | 500.00
    """)


def test_what_we_owe_and_pay_at_a_higher_rate_is_a_loss():
    desk = rupees()
    assert settled(desk, BILL, "80", "85") == table("""
        7800 | 500.00 |
        2000 |        | 500.00
    """)
    (loss,) = (each for each in desk.transactions.values() if each.source_id.startswith("app_"))
    assert loss.description == "Realized exchange loss"


def test_what_we_give_back_at_a_higher_rate_is_a_loss_and_what_we_get_back_is_a_gain():
    assert settled(rupees(), CREDIT_NOTE, "80", "85", refund=True) == table("""
        7800 | 500.00 |
        1100 |        | 500.00
    """)
    assert settled(rupees(), VENDOR_CREDIT, "80", "85", refund=True) == table("""
        2000 | 500.00 |
        4900 |        | 500.00
    """)


def test_a_credit_note_at_another_rate_makes_a_difference_too():
    desk = rupees()
    invoice = desk.issue(INVOICE, "4000 100.00", **dollars("80"))
    credit = desk.issue(CREDIT_NOTE, "4000 100.00", **dollars("81"))
    assert desk.posted(desk.apply(credit, invoice)) == table("""
        1100 | 100.00 |
        4900 |        | 100.00
    """)
    assert (desk.items[invoice.id].paid, desk.items[invoice.id].credited) == (0, 100_00)
    tie_out(desk)


# In parts


def test_a_foreign_invoice_paid_in_three_parts_at_three_rates_comes_to_nothing_exactly():
    desk = rupees()
    invoice = desk.issue(INVOICE, "4000 100.00", **dollars("83.3333"), on="2025-03-01")
    assert opened(desk.items[invoice.id]) == (100, 8333.33)
    found = []
    for amount, rate in (("33.33", "84"), ("33.33", "83.3333"), ("33.34", "82.5")):
        application = desk.apply(desk.pay(amount, **dollars(rate)), invoice)
        found.append(application)
        tie_out(desk)
    assert [(each.from_base / 100, each.to_base / 100) for each in found] == [
        (2799.72, 2777.50),
        (2777.50, 2777.50),
        (2750.55, 2778.33),
    ]
    assert desk.posted(found[0]) == table("1100 | 22.22 |\n4900 | | 22.22")
    assert found[1].transaction_id is None
    assert desk.posted(found[2]) == table("7800 | 27.78 |\n1100 | | 27.78")
    assert opened(desk.items[invoice.id]) == (0, 0)
    assert fold(desk.transactions.values())["act_1100"].net == 0


def test_a_foreign_bill_paid_in_three_parts_at_three_rates_comes_to_nothing_exactly():
    desk = rupees()
    bill = desk.issue(BILL, "5100 100.00", **dollars("83.3333"), on="2025-03-01")
    bases = []
    for amount, rate in (("10.01", "84"), ("49.99", "80.1"), ("40.00", "85.0007")):
        bases.append(desk.apply(desk.pay(amount, side=P, **dollars(rate)), bill).to_base)
        tie_out(desk)
    assert bases == [834_17, 4165_83, 3333_33]
    assert fold(desk.transactions.values())["act_2000"].net == 0


def test_even_at_one_rate_what_was_rounded_otherwise_is_posted():
    desk = rupees()
    invoice = desk.issue(INVOICE, "4000 100.00", **dollars("1.0833"))
    bases = []
    for amount in ("33.33", "33.33", "33.34"):
        application = desk.apply(desk.pay(amount, **dollars("1.0833")), invoice)
        bases.append((application.from_base, application.to_base))
    assert bases == [(36_11, 36_11), (36_11, 36_10), (36_12, 36_12)]
    assert fold(desk.transactions.values())["act_1100"].net == 0
    tie_out(desk)


def test_a_payment_may_settle_several_documents_and_keep_a_rest():
    desk = Desk()
    payment = desk.pay("100.00", on="2025-03-10")
    for amount in ("30.00", "50.00"):
        desk.apply(payment, desk.issue(INVOICE, f"4000 {amount}", on="2025-03-01"))
    assert opened(desk.items[payment.id]) == (-20, -20)
    tie_out(desk)


def test_a_rest_may_be_paid_back():
    desk = rupees()
    payment = desk.pay("100.00", **dollars("80"), on="2025-03-01")
    refund = desk.pay("100.00", refund=True, **dollars("82"), on="2025-03-10")
    assert desk.posted(desk.apply(payment, refund)) == table("""
        7800 | 200.00 |
        1100 |        | 200.00
    """)
    tie_out(desk)


def test_an_entry_with_a_contact_is_settled_like_a_document():
    desk = Desk()
    desk.enter("2025-02-01: Old debt\n    debit 1100 80.00\n    credit 3900 80.00")
    (debt,) = desk.items.values()
    application = desk.apply(desk.pay("50.00", on="2025-03-01"), debt)
    assert application.to_id == debt.id
    assert opened(desk.items[debt.id]) == (30, 30)
    assert desk.items[debt.id].next_due == day("2025-02-01")
    tie_out(desk)


def test_what_was_worth_nothing_in_base_is_settled_all_the_same():
    desk = Desk()
    tiny = {"currency": "EUR", "exchange_rate": "0.0004"}
    invoice = desk.issue(INVOICE, "4000 1.00", **tiny)
    application = desk.apply(desk.pay("1.00", account_id="act_1030", **tiny), invoice)
    assert (application.from_base, application.to_base) == (0, 0)
    assert desk.items[invoice.id].open_amount == 0
    tie_out(desk)
