"""Taking an application back, and ending an item: what is open then, and on which days."""

from dataclasses import replace

import pytest
from books import LATER, USD_BOOKS, chart_of, refusal
from desk import Desk
from documented import INVOICE, day, opened, table
from tying import tie_out

from ledger.aging import standing
from ledger.errors import Reason
from ledger.settling import end, ending_day, take_back
from ledger.transactions import TransactionStatus

INR_BOOKS = replace(USD_BOOKS, base_currency="INR")


def settled_at_a_gain():
    """100 dollars owed at 80 since 1 March, of which 40 were paid at 85 on the 20th."""
    desk = Desk(INR_BOOKS, chart_of(currency="INR"))
    owed = {"currency": "USD", "exchange_rate": "80", "on": "2025-03-01"}
    paid = {"currency": "USD", "exchange_rate": "85", "on": "2025-03-20"}
    invoice, payment = desk.issue(INVOICE, "4000 100.00", **owed), desk.pay("40.00", **paid)
    return desk, invoice, payment, desk.apply(payment, invoice)


def test_what_was_realized_is_turned_round_and_both_are_open_again():
    desk, invoice, payment, application = settled_at_a_gain()
    ended = desk.take_back(application, "2025-04-02")
    assert desk.posted(application) == table("1100 | 200.00 |\n4900 | | 200.00")
    assert desk.undone(application) == table("1100 | | 200.00\n4900 | 200.00 |")
    assert ended.ended_on == day("2025-04-02")
    reversal = desk.transactions[ended.ending_transaction_id]
    assert (reversal.date, reversal.source_id) == (day("2025-04-02"), application.id)
    difference = desk.transactions[application.transaction_id]
    assert (difference.status, difference.reversed_by) == (TransactionStatus.REVERSED, reversal.id)
    assert opened(desk.items[invoice.id]) == (100, 8000)
    assert opened(desk.items[payment.id]) == (-40, -3400)
    assert desk.items[invoice.id].paid == 0
    tie_out(desk)


def test_it_counts_until_the_day_before():
    desk, invoice, _, application = settled_at_a_gain()
    ended = desk.take_back(application, "2025-04-02")
    item = desk.items[invoice.id]
    assert standing(item, [ended], day("2025-03-19")).amount == 100_00
    assert standing(item, [ended], day("2025-03-20")).amount == 60_00
    assert standing(item, [ended], day("2025-04-01")).amount == 60_00
    assert standing(item, [ended], day("2025-04-02")).amount == 100_00


def test_taken_back_on_its_own_day_it_never_counted():
    desk, invoice, _, application = settled_at_a_gain()
    ended = desk.take_back(application, "2025-03-20")
    assert standing(desk.items[invoice.id], [ended], day("2025-03-20")).amount == 100_00
    tie_out(desk)


def test_in_base_currency_nothing_is_posted_for_it():
    desk = Desk()
    application = desk.apply(desk.pay("30.00"), desk.issue(INVOICE, "4000 100.00"))
    ended = desk.take_back(application)
    assert (ended.ending_transaction_id, len(desk.transactions)) == (None, 2)
    tie_out(desk)


def test_what_was_taken_back_can_be_applied_again_with_the_same_bases():
    desk, invoice, payment, application = settled_at_a_gain()
    desk.take_back(application, "2025-04-02")
    again = desk.apply(payment, invoice)
    assert (again.from_base, again.to_base) == (application.from_base, application.to_base)
    assert again.date == day("2025-04-02")
    tie_out(desk)


@pytest.mark.parametrize(
    ("applied_on", "ended_on"), [("2025-03-20", "2025-07-02"), ("2025-09-01", "2025-09-01")]
)
def test_without_a_day_it_is_today_or_when_it_was_applied_if_that_is_later(applied_on, ended_on):
    desk = Desk(moment=LATER)
    invoice, payment = desk.issue(INVOICE, "4000 9.00"), desk.pay("9.00")
    ended = desk.take_back(desk.apply(payment, invoice, on=applied_on))
    assert ended.ended_on == day(ended_on)


def test_today_is_that_of_the_organizations_time_zone():
    early = LATER.replace(hour=2)
    new_york = replace(USD_BOOKS, time_zone="America/New_York")
    spring = day("2025-04-01")
    assert ending_day(Desk(moment=early).occasion, spring) == day("2025-07-02")
    assert ending_day(Desk(new_york, moment=early).occasion, spring) == day("2025-07-01")


def test_it_is_not_taken_back_before_it_was_applied():
    desk, _, _, application = settled_at_a_gain()
    refused = refusal(Reason.INVALID_DATE, desk.take_back, application, "2025-03-19")
    assert (refused.field, refused.details["earliest"]) == ("date", "2025-03-20")


def test_it_is_taken_back_once():
    desk, _, _, application = settled_at_a_gain()
    desk.take_back(application)
    assert refusal(Reason.WRONG_STATUS, desk.take_back, application).field == "id"


def test_the_difference_goes_with_its_application():
    desk, invoice, payment, application = settled_at_a_gain()
    items = desk.items[payment.id], desk.items[invoice.id]
    undone = {"day": None, "reversal_id": "txn_9"}
    with pytest.raises(ValueError, match="together with its exchange difference"):
        take_back(desk.occasion, application, *items, difference=None, **undone)
    alone = replace(application, transaction_id=None)
    difference = desk.transactions[application.transaction_id]
    with pytest.raises(ValueError, match="together with its exchange difference"):
        take_back(desk.occasion, alone, *items, difference=difference, **undone)


# Ending


def test_what_has_ended_has_nothing_open_and_keeps_what_it_was():
    desk = Desk()
    item = desk.issue(INVOICE, "4000 9.00", on="2025-03-01").item
    ended = end(item, day("2025-03-05"))
    assert ended == replace(
        item,
        open_amount=0,
        open_base=0,
        next_due=None,
        ended_on=day("2025-03-05"),
        touched_on=day("2025-03-05"),
    )
    assert end(replace(item, touched_on=None), item.date).ended_on == item.date


def test_what_is_settled_in_part_does_not_end():
    desk, invoice, *_ = settled_at_a_gain()
    refused = refusal(Reason.APPLIED, end, desk.items[invoice.id], day("2025-04-01"))
    assert refused.details == {"item_id": invoice.id, "applied": "40.00"}


def test_nothing_ends_before_it_began_nor_before_what_was_done_to_it():
    desk, invoice, _, application = settled_at_a_gain()
    desk.take_back(application, "2025-04-02")
    item = desk.items[invoice.id]
    refused = refusal(Reason.INVALID_DATE, end, item, day("2025-04-01"))
    assert refused.details["earliest"] == "2025-04-02"
    untouched = replace(item, touched_on=None)
    refused = refusal(Reason.INVALID_DATE, end, untouched, day("2025-02-28"))
    assert refused.details["earliest"] == "2025-03-01"
