"""The demo company: books that an accountant believes, on whatever day they are made."""

from __future__ import annotations

import functools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from entrypoints.demo import company
from entrypoints.demo.books import is_holiday, rounded
from entrypoints.demo.overheads import LOAN, LOAN_AGE, LOAN_MONTHS, LOAN_RATE, instalments
from entrypoints.demo.purchasing import HAMBURG
from ledger.currencies import CURRENCIES
from ledger.money import convert, parse_amount

Json = dict[str, Any]
USD, EUR = CURRENCIES["USD"], CURRENCIES["EUR"]
TODAYS = [
    date(2025, 1, 1),
    date(2025, 5, 17),
    date(2026, 11, 14),
    date(2027, 3, 31),
    date(2028, 2, 29),
    date(2029, 7, 5),
    date(2030, 12, 31),
]
CONTRA = {"1590", "3050"}
BANK_METHODS = {"bank_transfer", "direct_debit", "direct_deposit"}
MEMBERS = {"date", "description", "reference", "entries", "kind", "payment_method", "metadata"}
MARKS = {"post", "reverse", "reversal_reason", "reversal_date"}

made = functools.cache(company)


@pytest.fixture(params=TODAYS, ids=str)
def today(request):
    return request.param


@pytest.fixture
def story(today) -> list[Json]:
    return made(today)["transactions"]


def cents(entry: Json) -> int:
    """The entry in the base currency, debit-positive, by the ledger's own arithmetic."""
    currency = CURRENCIES[entry["currency"]]
    amount = parse_amount(entry["amount"], currency)
    amount = convert(amount, Decimal(entry.get("exchange_rate", 1)), currency, USD)
    return amount if entry["entry_type"] == "debit" else -amount


def signed_euros(entry: Json) -> int:
    amount = parse_amount(entry["amount"], EUR) if entry["currency"] == "EUR" else 0
    return amount if entry["entry_type"] == "debit" else -amount


def told(story: list[Json]) -> Iterator[tuple[str, Json, int]]:
    """Every date, entry and its cents in the order of the books, reversals in their place."""
    days = [(t["date"], i, t["entries"], 1) for i, t in enumerate(story)]
    days += [(t["reversal_date"], len(story), t["entries"], -1) for t in story if t.get("reverse")]
    for day, _, entries, sign in sorted(days, key=lambda told: told[:2]):
        for entry in entries:
            yield day, entry, sign * cents(entry)


def balances(story: list[Json], through: date | str = "9999") -> Counter[str]:
    found: Counter[str] = Counter()
    for day, entry, amount in told(story):
        if day <= str(through):
            found[entry["account_code"]] += amount
    return found


def total(found: Counter[str], *beginnings: str) -> int:
    return sum(amount for code, amount in found.items() if code.startswith(beginnings))


def by_month(story: list[Json]) -> dict[str, Counter[str]]:
    """The movements of every month; the opening balances are none."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for day, entry, amount in told(story[1:]):
        found[day[:7]][entry["account_code"]] += amount
    return found


def having(story: list[Json], beginning: str) -> list[Json]:
    return [t for t in story if t["description"].startswith(beginning)]


def on(story: Iterable[Json], *codes: str) -> list[int]:
    entries = (entry for transaction in story for entry in transaction["entries"])
    return [cents(entry) for entry in entries if entry["account_code"] in codes]


def test_the_books_have_the_neutral_form_and_a_few_marks_of_their_own(today, story):
    assert set(made(today)) == {"name", "base_currency", "accounts", "transactions"}
    assert all(set(transaction) <= MEMBERS | MARKS for transaction in story)
    assert not any("base_amount" in entry for t in story for entry in t["entries"])


def test_they_run_from_the_first_of_this_month_a_year_ago_through_today(today, story):
    dates = [transaction["date"] for transaction in story]
    assert dates == sorted(dates)
    assert dates[0] == str(date(today.year - 1, today.month, 1))
    assert str(today - timedelta(days=5)) <= dates[-1] <= str(today)
    assert 500 <= len(story) <= 600


def test_the_same_day_makes_the_same_books(today):
    assert json.dumps(company(today)) == json.dumps(made(today))


def test_the_books_of_a_later_day_of_the_month_begin_with_those_of_an_earlier_one():
    earlier, later = (made(date(2026, 11, day))["transactions"] for day in (3, 14))
    plain = [{**t, "post": True} for t in earlier]
    assert [{**t, "post": True} for t in later][: len(plain)] == plain


@pytest.mark.parametrize("left_pending", [0, 4], ids=["all posted", "the last few pending"])
def test_no_account_is_ever_on_its_wrong_side(story, left_pending):
    found: Counter[str] = Counter()
    for day, entry, amount in told(story[: len(story) - left_pending]):
        code = entry["account_code"]
        found[code] += amount
        debit_side = (code[0] in "156789") is (code not in CONTRA)
        assert (found[code] if debit_side else -found[code]) >= 0, (day, code)
    assert found.total() == 0


def test_there_is_always_money_in_the_bank_and_coffee_on_the_shelf(story):
    running = balances(story[:1])
    least = Counter(running)
    for _, entry, amount in told(story[1:]):
        running[entry["account_code"]] += amount
        least = Counter({code: min(least[code], running[code]) for code in least})
    assert least["1010"] > 10_000_00
    assert least["1210"] > 2_000_00
    assert least["1220"] > 500_00


def test_margins_are_those_of_a_roastery_with_a_cafe(today, story):
    months = by_month(story)
    whole = [months[month] for month in sorted(months) if month < str(today)[:7]]
    assert len(whole) == 12
    year: Counter[str] = Counter()
    for month in whole:
        year.update(month)
    for found in (*whole, year):
        sales, costs = -total(found, "40"), total(found, "50")
        assert Fraction(55, 100) < Fraction(sales - costs, sales) < Fraction(65, 100)
    assert 600_000_00 < -total(year, "40") < 660_000_00
    profit = Fraction(total(year, "4", "5", "6", "7"), total(year, "40"))
    assert Fraction(3, 100) < profit < Fraction(8, 100)


def test_the_opening_balances_come_first_with_what_was_there_before(today, story):
    opening = story[0]
    assert [t for t in story if t.get("kind") == "opening"] == [opening]
    found = balances([opening])
    assert (found["1010"], found["3000"]) == (46_184_72, -80_000_00)
    assert found["1510"] + found["1520"] + found["1530"] + found["1540"] == 143_360_00
    assert found["1590"] == -18 * (500 + 290 + 250 + 300) * 100
    months = (today.month - 1) % 3 or 3
    assert found["2200"] == -months * 2_114_37
    assert signed_euros(next(e for e in opening["entries"] if e["currency"] == "EUR")) == -8_262_00


def test_sales_tax_is_seven_and_a_quarter_per_cent_of_what_is_taxed(story):
    for transaction in story[1:]:
        found = balances([{**transaction, "reverse": False}])
        if found["2200"] < 0:
            assert -found["2200"] == rounded(-(found["4010"] + found["4040"]) * 725, 10_000)


def test_each_quarter_hands_over_exactly_the_sales_tax_that_it_collected(story):
    returns = having(story, "Sales tax return")
    collected: Counter[tuple[int, int]] = Counter()
    for transaction in story:
        day = date.fromisoformat(transaction["date"])
        if transaction is story[0]:
            day -= timedelta(days=1)
        taken = -sum(amount for amount in on([transaction], "2200") if amount < 0)
        collected[day.year, (day.month - 1) // 3] += taken
    assert len(returns) in {4, 5}
    for transaction in returns:
        day = date.fromisoformat(transaction["date"])
        ended = day.replace(day=1) - timedelta(days=1)
        assert on([transaction], "2200") == [collected[ended.year, (ended.month - 1) // 3]]


def test_payroll_taxes_are_handed_over_in_the_month_after_they_were_withheld(story):
    withheld = {code: Counter[str]() for code in ("2310", "2320")}
    for transaction in story:
        paid_in = "before" if transaction is story[0] else transaction["date"][:7]
        for code, of_month in withheld.items():
            of_month[paid_in] -= sum(amount for amount in on([transaction], code) if amount < 0)
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


def test_euro_bills_are_paid_at_the_rate_of_the_bill_and_the_difference_is_realised(story):
    bought = [t for t in story if t["description"] == f"Green coffee from {HAMBURG}"]
    paid = having(story, f"Paid {HAMBURG}")
    assert len(bought) >= 5
    assert len(paid) >= 5
    for transaction in paid:
        settled, bank = transaction["entries"][:2]
        told_rate = Decimal(bank["description"].split(" at ")[1])
        assert -cents(bank) == convert(signed_euros(settled), told_rate, EUR, USD)
        assert on([transaction], "4900", "7800") == [-cents(bank) - cents(settled)]
    owed = sum(signed_euros(e) for t in story for e in t["entries"] if e["account_code"] == "2010")
    still_open = [t for t in story[:1] + bought if t not in paid][len(paid) :]
    assert owed == sum(signed_euros(e) for t in still_open for e in t["entries"])
    assert balances(story)["2010"] == sum(on(still_open, "2010"))


def test_what_goes_wrong_in_a_year_is_there(story):
    (lost,) = having(story, "Bad debt written off")
    assert len(on([lost], "1100")) == 2
    (refund,) = having(story, "Refund from")
    assert on([refund], "1010", "1210") == [626_24, -626_24]
    (mistake,) = [t for t in story if "reverse" in t]
    twin = next(t for t in story if t["reference"] == mistake["reference"])
    assert twin["entries"] == mistake["entries"]
    assert mistake["reversal_reason"] == f"The same bill as {twin['reference']} of {twin['date']}"
    assert twin["date"] < mistake["date"] < mistake["reversal_date"] <= story[-1]["date"]


def test_only_the_last_four_are_left_pending(story):
    assert [t.get("post", True) for t in story[-5:]] == [True, False, False, False, False]
    assert all("post" not in t for t in story[:-4])


def test_the_bank_works_on_working_days_only(story):
    for transaction in story:
        if transaction.get("payment_method") in BANK_METHODS:
            day = date.fromisoformat(transaction["date"])
            assert day.weekday() < 5
            assert not is_holiday(day)
