"""The demo company: books that an accountant believes, on whatever day they are made."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from demo_story import (
    SALES,
    TODAYS,
    balances,
    documents,
    having,
    is_opening,
    lines_on,
    made,
    on,
    total,
    whole_months,
)

from entrypoints.demo import company
from entrypoints.demo.days import is_holiday
from entrypoints.demo.figures import rounded
from entrypoints.demo.overheads import LOAN, LOAN_AGE, LOAN_MONTHS, LOAN_RATE, instalments
from entrypoints.demo.steps import Entered, Paid, Reversed
from ledger.documents import DocumentKind

CONTRA = {"1590", "3050", "4200"}
BETWEEN = {"3900"}
"""What stands on the wrong side while open documents are carried forward, and is then nil."""


@pytest.fixture(params=TODAYS, ids=str)
def today(request):
    return request.param


@pytest.fixture
def story(today):
    return made(today).steps


def posted(story):
    """All but what is pending."""
    return [step for step in story if not isinstance(step, Entered) or step.is_posted]


def test_it_runs_from_the_first_of_this_month_a_year_ago_through_today(today, story):
    dates = [step.date for step in story]
    assert dates == sorted(dates)
    assert dates[0] == date(today.year - 1, today.month, 1)
    assert today - timedelta(days=5) <= dates[-3] <= dates[-1] == today
    assert 800 <= len(story) <= 950


def test_the_same_day_makes_the_same_books(today):
    assert repr(company(today)) == repr(made(today))


def test_the_books_of_a_later_day_of_the_month_begin_with_those_of_an_earlier_one():
    earlier, later = (made(date(2026, 11, day)).steps[:-2] for day in (3, 14))
    plain = [
        [replace(s, is_posted=True) if isinstance(s, Entered) else s for s in steps]
        for steps in (earlier, later)
    ]
    assert plain[1][: len(plain[0])] == plain[0]


@pytest.mark.parametrize("left_out", [False, True], ids=["all posted", "the last few pending"])
def test_no_account_is_ever_on_its_wrong_side(story, left_out):
    found: Counter[str] = Counter()
    for step in posted(story) if left_out else story:
        for line in step.lines:
            found[line.code] += line.signed
        for code in {line.code for line in step.lines} - BETWEEN:
            debit_side = (code[0] in "156789") is (code not in CONTRA)
            assert (found[code] if debit_side else -found[code]) >= 0, (step, code)
    assert found.total() == found["3900"] == 0


def test_there_is_always_money_in_the_bank_and_coffee_on_the_shelf(story):
    running = balances(filter(is_opening, story))
    least = Counter(running)
    for step in story:
        if not is_opening(step):
            running.update(balances([step]))
            least = Counter({code: min(least[code], running[code]) for code in least})
    assert least["1010"] > 10_000_00
    assert least["1210"] > 2_000_00
    assert least["1220"] > 500_00


def test_margins_are_those_of_a_roastery_with_a_cafe(today, story):
    months = whole_months(story, today)
    assert len(months) == 12
    year: Counter[str] = Counter()
    for month in months:
        year.update(month)
    for found in (*months, year):
        sales, costs = -total(found, *SALES), total(found, "50")
        assert Fraction(58, 100) < Fraction(sales - costs, sales) < Fraction(65, 100)
    assert 650_000_00 < -total(year, *SALES) < 700_000_00
    profit = Fraction(total(year, "4", "5", "6", "7"), total(year, *SALES))
    assert Fraction(5, 100) < profit < Fraction(10, 100)


def test_the_opening_balances_come_first_with_what_was_there_before(today, story):
    opening, *carried = [step for step in story if is_opening(step)]
    assert story[: 1 + len(carried)] == [opening, *carried]
    found = balances([opening])
    assert (found["1010"], found["3000"]) == (46_184_72, -80_000_00)
    assert found["1510"] + found["1520"] + found["1530"] + found["1540"] == 143_360_00
    assert found["1590"] == -18 * (500 + 290 + 250 + 300) * 100
    months = (today.month - 1) % 3 or 3
    assert found["2200"] == -months * 2_114_37
    open_then = balances(carried)
    assert open_then["1100"] == 12_926_00
    assert found["3900"] == open_then["1100"] + open_then["2000"] == -open_then["3900"]


def test_sales_tax_is_seven_and_a_quarter_per_cent_of_what_is_drunk_at_the_counter(story):
    rung_up = having(story, "Café takings")
    assert len(rung_up) > 50
    for transaction in rung_up:
        found = balances([transaction])
        assert -found["2200"] == rounded(-found["4010"] * 725, 10_000)


def test_each_quarter_hands_over_exactly_the_sales_tax_that_it_collected(story):
    returns = having(story, "Sales tax return")
    collected: Counter[tuple[int, int]] = Counter()
    for step in story:
        day = step.date - timedelta(days=is_opening(step))
        taken = -sum(amount for amount in on([step], "2200") if amount < 0)
        collected[day.year, (day.month - 1) // 3] += taken
    assert len(returns) in {4, 5}
    for transaction in returns:
        ended = transaction.date.replace(day=1) - timedelta(days=1)
        assert on([transaction], "2200") == [collected[ended.year, (ended.month - 1) // 3]]


def test_payroll_taxes_are_handed_over_in_the_month_after_they_were_withheld(story):
    withheld = {code: Counter[str]() for code in ("2310", "2320")}
    for step in story:
        paid_in = "before" if is_opening(step) else str(step.date)[:7]
        for code, of_month in withheld.items():
            of_month[paid_in] -= sum(amount for amount in on([step], code) if amount < 0)
    for code, of_month in withheld.items():
        handed_over = [sum(on([t], code)) for t in having(story, "Payroll taxes withheld")]
        assert handed_over == list(of_month.values())[: len(handed_over)]
        assert len(handed_over) >= 12


def test_a_loan_is_paid_back_by_level_instalments_to_the_last_cent():
    schedule = instalments(LOAN, LOAN_RATE, LOAN_MONTHS)
    left = LOAN
    for interest, principal in schedule:
        assert interest == rounded(left * 6, 1_000)
        left -= principal
    assert left == 0
    assert len({interest + principal for interest, principal in schedule[:-1]}) == 1
    assert abs(sum(schedule[-1]) - sum(schedule[0])) < LOAN_MONTHS
    assert schedule[0] == (570_00, 873_11)


def test_the_loan_in_the_books_follows_the_schedule(story):
    paid = having(story, "Prairie State Bank, instalment")
    schedule = instalments(LOAN, LOAN_RATE, LOAN_MONTHS)[: LOAN_AGE + len(paid)]
    assert len(paid) >= 12
    assert [(on([t], "7000")[0], on([t], "2700")[0]) for t in paid] == schedule[LOAN_AGE:]
    assert balances(story)["2700"] == sum(principal for _, principal in schedule) - LOAN


def test_machines_and_insurance_are_written_off_by_the_month(story):
    depreciation = on(having(story, "Depreciation of"), "6000")
    assert depreciation[:12] == [134_000] * 7 + [141_200] * 5
    insurance = on(having(story, "Insurance of"), "5800")
    assert insurance[:12] == [45_000] * 4 + [47_000] * 8
    assert balances(story)["1300"] == (16 - len(insurance)) * 47_000


def test_what_is_delivered_to_customers_is_taken_from_stock_in_its_month(today, story):
    delivered = having(story, "Goods delivered to customers")
    sold = documents(story, DocumentKind.INVOICE)
    for month in {str(step.date)[:7] for step in sold if str(step.date)[:7] < str(today)[:7]}:
        grinders = [
            row.quantity * 415_00
            for invoice in sold
            if str(invoice.date)[:7] == month
            for row in invoice.rows
            if row.item == "MCH-GRIND"
        ]
        cost = on([d for d in delivered if str(d.date)[:7] == month], "5040")
        assert sum(cost) == sum(grinders)
    assert -balances(delivered)["1230"] == balances(delivered)["5040"] >= 4 * 415_00


def test_a_charge_that_was_entered_twice_is_reversed(story):
    (back,) = [step for step in story if isinstance(step, Reversed)]
    first, second = having(
        [s for s in story if isinstance(s, Entered) and s.reference == back.reference], ""
    )
    assert first == second
    assert balances([second, back]).total() == 0
    assert back.date >= second.date


def test_the_last_four_that_move_money_are_left_pending(today, story):
    entered = [step for step in story if isinstance(step, Entered)]
    moved = [step for step in entered if step.method not in {None, "card"}]
    assert [step for step in entered if not step.is_posted] == moved[-4:]
    assert moved[-4].date > today - timedelta(days=18)


def test_the_bank_works_on_working_days_only(story):
    by_bank = {"bank_transfer", "direct_debit", "direct_deposit"}
    moved = [s for s in story if isinstance(s, Entered) and s.method in by_bank]
    moved += [step for step in story if isinstance(step, Paid)]
    assert len(moved) > 250
    for step in moved:
        assert step.date.weekday() < 5, step
        assert not is_holiday(step.date), step
        assert lines_on([step], "1010")
