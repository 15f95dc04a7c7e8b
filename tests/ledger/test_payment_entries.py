"""What recording a payment posts: account, debit and credit of each entry."""

from dataclasses import replace

import pytest
from books import refusal
from desk import Desk
from documented import CHART, P, R, day, table
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Reason
from ledger.transactions import TransactionStatus

EURO = {"currency": "EUR", "exchange_rate": "1.10"}
EURO_ACCOUNT, OWN_ACCOUNT = "act_1030", "act_1010"


def posted(amount, desk=None, **more: object):
    desk = desk or Desk()
    return desk.posted(desk.pay(amount, **more))


# Both ways on both sides


def test_what_a_customer_pays_comes_to_the_bank_and_is_owed_no_more():
    assert posted("100.00") == table("""
        1010 | 100.00 |
        1100 |        | 100.00
    """)


def test_what_we_pay_a_vendor_goes_from_the_bank_and_is_owed_no_more():
    assert posted("100.00", side=P) == table("""
        2000 | 100.00 |
        1010 |        | 100.00
    """)


def test_what_a_customer_gets_back_goes_from_the_bank():
    assert posted("100.00", refund=True) == table("""
        1100 | 100.00 |
        1010 |        | 100.00
    """)


def test_what_a_vendor_gives_back_comes_to_the_bank():
    assert posted("100.00", side=P, refund=True) == table("""
        1010 | 100.00 |
        2000 |        | 100.00
    """)


@pytest.mark.parametrize(
    ("side", "refund", "description"),
    [
        (R, False, "Payment from customer"),
        (P, False, "Payment to vendor"),
        (R, True, "Refund of a payment from customer"),
        (P, True, "Refund of a payment to vendor"),
    ],
)
def test_the_transaction_says_what_was_paid(side, refund, description):
    desk = Desk()
    said = {"reference": "17", "method": "card", "category_id": "shop", "on": "2025-02-03"}
    payment = desk.pay("5.00", side=side, refund=refund, **said)
    transaction = desk.transactions[payment.transaction_id]
    assert (transaction.description, transaction.date) == (description, day("2025-02-03"))
    assert (transaction.reference, transaction.payment_method) == ("17", "card")
    assert (transaction.source_id, transaction.contact_id) == (payment.id, payment.contact_id)
    assert (transaction.category_id, transaction.status) == ("shop", TransactionStatus.POSTED)


# Deductions


def test_deductions_settle_beside_the_money():
    deductions = ["4200 2.00", "5900 0.50"]
    assert posted("97.50", deductions=deductions) == table("""
        1010 |  97.50 |
        4200 |   2.00 |
        5900 |   0.50 |
        1100 |        | 100.00
    """)
    assert posted("97.50", side=P, deductions=deductions) == table("""
        2000 | 100.00 |
        1010 |        |  97.50
        4200 |        |   2.00
        5900 |        |   0.50
    """)


def test_what_is_kept_of_a_refund_is_a_deduction_too():
    assert posted("95.00", refund=True, deductions=["4800 5.00"]) == table("""
        1100 | 100.00 |
        1010 |        | 95.00
        4800 |        |  5.00
    """)
    assert posted("95.00", side=P, refund=True, deductions=["5900 5.00"]) == table("""
        1010 |  95.00 |
        5900 |   5.00 |
        2000 |        | 100.00
    """)


# Foreign currencies


def test_a_foreign_account_takes_foreign_money():
    assert posted("100.00", **EURO, account_id=EURO_ACCOUNT) == table("""
        1030 | 100.00 EUR = 110.00 |
        1100 |                     | 100.00 EUR = 110.00
    """)
    assert posted("100.00", **EURO, account_id=EURO_ACCOUNT, side=P) == table("""
        2000 | 100.00 EUR = 110.00 |
        1030 |                     | 100.00 EUR = 110.00
    """)


def test_an_account_in_base_currency_takes_what_the_money_is_worth():
    assert posted("100.00", **EURO, account_id=OWN_ACCOUNT) == table("""
        1010 | 110.00 |
        1100 |        | 100.00 EUR = 110.00
    """)
    assert posted("100.00", **EURO, account_id=OWN_ACCOUNT, side=P) == table("""
        2000 | 100.00 EUR = 110.00 |
        1010 |                     | 110.00
    """)
    assert posted("100.00", **EURO, account_id=OWN_ACCOUNT, refund=True) == table("""
        1100 | 100.00 EUR = 110.00 |
        1010 |                     | 110.00
    """)
    assert posted("100.00", **EURO, account_id=OWN_ACCOUNT, refund=True, side=P) == table("""
        1010 | 110.00 |
        2000 |        | 100.00 EUR = 110.00
    """)


def test_an_account_in_a_third_currency_takes_the_money_as_it_is():
    pounds = replace(CHART.by_id["act_1020"], currency="GBP")
    desk = Desk(chart=CHART.having([pounds]))
    assert posted("100.00", desk, **EURO, account_id="act_1020") == table("""
        1020 | 100.00 EUR = 110.00 |
        1100 |                     | 100.00 EUR = 110.00
    """)


def test_foreign_deductions_share_what_the_whole_is_worth():
    odd = {"currency": "EUR", "exchange_rate": "1.0833", "deductions": ["4200 33.33", "5900 33.34"]}
    assert posted("33.33", **odd, account_id=EURO_ACCOUNT) == table("""
        1030 |  33.33 EUR = 36.11 |
        4200 |  33.33 EUR = 36.10 |
        5900 |  33.34 EUR = 36.12 |
        1100 |                    | 100.00 EUR = 108.33
    """)
    assert posted("33.33", **odd, account_id=OWN_ACCOUNT) == table("""
        1010 |  36.11 |
        4200 |  33.33 EUR = 36.10 |
        5900 |  33.34 EUR = 36.12 |
        1100 |                    | 100.00 EUR = 108.33
    """)


def test_a_deduction_may_be_worth_nothing_in_base():
    tiny = {"currency": "EUR", "exchange_rate": "0.004", "deductions": ["5900 1.00"]}
    assert posted("100.00", **tiny, account_id=EURO_ACCOUNT) == table("""
        1030 | 100.00 EUR = 0.40 |
        5900 |   1.00 EUR = 0.00 |
        1100 |                   | 101.00 EUR = 0.40
    """)
    assert posted("100.00", **tiny, account_id=OWN_ACCOUNT) == table("""
        1010 |   0.40 |
        5900 |   1.00 EUR = 0.00 |
        1100 |                   | 101.00 EUR = 0.40
    """)


def test_what_such_a_deduction_is_worth_by_its_own_rate_is_rounded_away():
    tiny = {"currency": "EUR", "exchange_rate": "0.01", "deductions": ["5900 0.60"]}
    assert posted("0.70", **tiny, account_id=OWN_ACCOUNT) == table("""
        1010 |  0.01 |
        5900 |  0.60 EUR = 0.01 |
        1100 |                  | 1.30 EUR = 0.01
        7900 |                  | 0.01
    """)


def test_money_that_is_worth_nothing_can_go_to_a_foreign_account_alone():
    tiny = {"currency": "EUR", "exchange_rate": "0.0004"}
    assert posted("1.00", **tiny, account_id=EURO_ACCOUNT) == table("""
        1030 | 1.00 EUR = 0.00 |
        1100 |                 | 1.00 EUR = 0.00
    """)
    desk = Desk()
    refused = refusal(Reason.INVALID_AMOUNT, desk.pay, "1.00", **tiny, account_id=OWN_ACCOUNT)
    assert refused.field == "amount"
    assert "worth less than 0.01 USD, and account 1010 is kept in USD" in refused.message
    assert desk == Desk()


# Any payment


cents = st.integers(1, 100_000).map(lambda number: f"{number / 100:.2f}")


@settings(deadline=None, max_examples=300)
@given(
    st.integers(20, 100_000).map(lambda number: f"{number / 100:.2f}"),
    st.lists(cents, max_size=4),
    st.decimals("0.1", "200", places=4),
    st.sampled_from([EURO_ACCOUNT, OWN_ACCOUNT]),
    st.sampled_from([R, P]),
    st.booleans(),
)
def test_any_payment_is_posted_at_what_it_says_of_itself(
    amount, deducted, rate, account_id, side, refund
):
    desk = Desk()
    payment = desk.pay(
        amount,
        side=side,
        refund=refund,
        account_id=account_id,
        currency="EUR",
        exchange_rate=rate,
        deductions=[f"5900 {each}" for each in deducted],
    )
    entries = desk.transactions[payment.transaction_id].entries
    assert sum(each.base_signed for each in entries) == 0
    (control,) = (each for each in entries if each.account_id in {"act_1100", "act_2000"})
    (money,) = (each for each in entries if each.account_id == account_id)
    assert control.amount == abs(payment.item.amount)
    assert control.base_amount == abs(payment.item.base_amount)
    assert money.base_amount == payment.base_amount
    in_own = account_id == OWN_ACCOUNT
    assert money.amount == (payment.base_amount if in_own else payment.amount)
