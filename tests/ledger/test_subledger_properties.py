"""What holds of any sub-ledger: its reports are the control account, on every day."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from subledger import FIRST, R, labels, sub_ledgers

from ledger.aging import AgingBy, aging, outstanding_dues, standings
from ledger.contact_statement import contact_statement

# A shared machine may be slow at any moment: no property has a deadline.
undisturbed = settings(deadline=None)


@undisturbed
@given(sub_ledgers(), st.sampled_from(AgingBy))
def test_on_any_day_aging_is_the_control_account_and_each_row_is_what_is_in_it(books, by):
    for on in books.days:
        balance = books.control_balance(on)
        found = aging(R, books.items, books.applications, balance, on, by=by)
        assert found.total == balance
        assert found.unassigned == books.unassigned(on)
        assert found.totals.total == sum(each.ages.total for each in found.contacts)
        for contact in found.contacts:
            assert contact.ages.total == books.control_balance(on, contact.contact_id)
            for row in contact.items:
                assert row.ages.total == row.base_amount
                assert row.ages.credits == min(row.base_amount, 0)


@undisturbed
@given(sub_ledgers())
def test_on_any_day_an_item_is_open_between_nothing_and_what_was_posted(books):
    for on in books.days:
        open_now = standings(books.items, books.applications, on)
        for each in books.items:
            left = open_now[each.id]
            sign = 1 if each.amount > 0 else -1
            assert 0 <= sign * left.amount <= sign * each.amount
            assert 0 <= sign * left.base_amount <= sign * each.base_amount
            if each.dues:
                assert sum(due.amount for due in outstanding_dues(each, left.amount)) == left.amount


@undisturbed
@given(sub_ledgers())
def test_what_was_recorded_later_with_a_later_date_changes_no_earlier_day(books):
    for on in books.days:
        known = [
            replace(each, ended_on=None) if each.ended_on and each.ended_on > on else each
            for each in books.applications
            if each.date <= on
        ]
        items = [
            replace(each, ended_on=None) if each.ended_on and each.ended_on > on else each
            for each in books.items
            if each.date <= on
        ]
        balance = books.control_balance(on)
        then = aging(R, items, known, balance, on)
        assert aging(R, books.items, books.applications, balance, on) == then


@undisturbed
@given(sub_ledgers(), st.data())
def test_a_statement_leads_from_what_was_open_before_to_what_is_open_at_the_end(books, data):
    begin = data.draw(st.sampled_from(books.days))
    end = data.draw(st.sampled_from([each for each in books.days if each >= begin]))
    contact = data.draw(st.sampled_from(["con_a", "con_b"]))
    facts = (books.items, books.applications)
    found = contact_statement(R, contact, *facts, labels(books.items), begin, end)
    assert found.opening == books.control_balance(begin - timedelta(1), contact)
    assert found.closing == books.control_balance(end, contact)
    assert found.closing == _open(books, contact, end)
    for each, following in zip(found.movements, found.movements[1:], strict=False):
        if each.date != following.date:
            assert each.balance == _open(books, contact, each.date)
    assert sum(each.opening_base for each in found.currencies) == found.opening
    assert sum(each.closing_base for each in found.currencies) == found.closing
    for each in found.currencies:
        moved = sum(m.amount for m in found.movements if m.currency == each.currency)
        assert each.opening + moved == each.closing


@undisturbed
@given(sub_ledgers(), st.data())
def test_two_statements_that_follow_each_other_are_one_that_is_longer(books, data):
    last = books.days[-1]
    cut = data.draw(st.sampled_from(books.days))
    named = (R, "con_a", books.items, books.applications, labels(books.items))
    whole = contact_statement(*named, FIRST, last + timedelta(1))
    early = contact_statement(*named, FIRST, cut)
    late = contact_statement(*named, cut + timedelta(1), last + timedelta(1))
    assert early.movements + late.movements == whole.movements
    assert (early.opening, early.closing, late.closing) == (0, late.opening, whole.closing)


def _open(books, contact, on):
    open_then = standings(books.items, books.applications, on)
    ours = [each.id for each in books.items if each.contact_id == contact]
    return sum(open_then[each].base_amount for each in ours)
