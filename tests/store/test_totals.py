"""Maintained totals of any range of days are the fold of the entries of those days."""

from __future__ import annotations

import calendar
import random
from datetime import date, timedelta

from asking import enter
from books import STANDARD, posted

from ledger.balances import CurrencyTotal, Total, fold, fold_currencies
from store import totals

FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)


def journal(seed: int) -> str:
    """Three years of transactions in several currencies, some of them closing, most near the
    ends of months."""
    draw = random.Random(seed)  # noqa: S311 (a journal that is the same each time)
    codes = list(STANDARD.by_code)
    lines = []
    for number in range(250):
        day = FIRST + timedelta(days=draw.randrange((LAST - FIRST).days + 1))
        if draw.random() < 0.5:
            day = day.replace(day=draw.choice((1, 2, calendar.monthrange(day.year, day.month)[1])))
        debit, credit = draw.sample(codes, 2)
        kind = draw.choice(("", "", "", " closing", " opening"))
        money = draw.choice(("", "", " EUR @ 1.0825", " JPY @ 0.0067", " KWD @ 3.25"))
        amount = f"{draw.randint(100, 10**6)}{money}"
        lines.append(
            f"{day}{kind}: {number}\n    debit {debit} {amount}\n    credit {credit} {amount}\n"
        )
    return "".join(lines)


def ranges() -> list[tuple[date | None, date]]:
    """Every kind of range: days, months, years, and their edges; with and without a beginning."""
    edges = [
        day
        for year, month in ((2023, 1), (2023, 2), (2024, 2), (2025, 12))
        for last in [calendar.monthrange(year, month)[1]]
        for day in (
            date(year, month, 1) - timedelta(days=1),
            date(year, month, 1),
            date(year, month, 2),
            date(year, month, 15),
            date(year, month, last),
        )
    ]
    found: list[tuple[date | None, date]] = [(None, day) for day in edges]
    found += [(begin, end) for begin in edges for end in edges if begin <= end]
    draw = random.Random(5)  # noqa: S311 (the same each time)
    for _ in range(60):
        begin = FIRST + timedelta(days=draw.randrange(1_096))
        found.append((begin, begin + timedelta(days=draw.randrange(400))))
    return [*found, (date(1900, 1, 1), date(2200, 12, 31)), (None, date(2200, 12, 31))]


def known(by_account):
    """Totals without accounts that nothing was posted to."""
    return {key: total for key, total in by_account.items() if total != Total()}


async def test_totals_of_every_range_are_the_fold_of_its_entries(house, books):
    text = journal(9)
    facts = posted(text)
    await enter(books, text)
    codes = {account_id: f"act_{code}" for code, account_id in (await books.accounts()).items()}
    of = books.organization_id

    def read_all(connection):
        every = {span: totals.between(connection, of, *span) for span in ranges()}
        today = totals.now(connection, of)
        ahead = {day: totals.after(connection, of, day) for _, day in ranges()[:20]}
        for day, found in ahead.items():
            present = totals.Present(of, day)
            assert not present.is_known
            assert (present.now(connection), present.ahead(connection)) == (today, found), day
            assert present.is_known
        return every, today, ahead, totals.by_currency(connection, of, list(codes))

    every, now, ahead, currencies = await house.database.read(read_all)
    assert len(every) > 250
    for (since, through), found in every.items():
        expected = known(fold(facts, since=since, through=through))
        assert {codes[key]: total for key, total in known(found).items()} == expected, (
            since,
            through,
        )
    assert {codes[key]: total for key, total in known(now).items()} == known(fold(facts))
    for day, found in ahead.items():
        expected = known(fold(facts, since=day + timedelta(days=1)))
        assert {codes[key]: total for key, total in known(found).items()} == expected, day
    expected_currencies = {
        key: total for key, total in fold_currencies(facts).items() if total != CurrencyTotal()
    }
    assert {
        (codes[key], code): total
        for key, each in currencies.items()
        for code, total in each.items()
    } == expected_currencies


async def test_totals_can_be_asked_of_some_accounts_alone(house, books):
    await enter(books, "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n")
    ids = await books.accounts()
    of, day = books.organization_id, date(2026, 1, 5)
    ask = house.database.read
    one = {ids["1000"]: Total(debit=100)}
    assert await ask(totals.now, of, [ids["1000"], ids["1010"]]) == one
    assert await ask(totals.between, of, None, day, [ids["1000"]]) == one
    assert await ask(totals.between, of, day, day, [ids["1010"]]) == {}
    assert await ask(totals.between, of, None, day, []) == {}
    assert await ask(totals.by_currency, of, []) == {}
