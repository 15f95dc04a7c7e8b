"""The calendar of the demo company: when it works, when it pays, how far its year has come."""

from __future__ import annotations

from calendar import SATURDAY
from datetime import date, timedelta


def is_holiday(day: date) -> bool:
    """Whether the café is closed, and the banks: New Year, Independence Day and Christmas."""
    return (day.month, day.day) in {(1, 1), (7, 4), (12, 25)}


def is_working_day(day: date) -> bool:
    """Whether the banks work: on no weekend and on no holiday."""
    return day.weekday() < SATURDAY and not is_holiday(day)


def working_day(day: date) -> date:
    """The day itself, or the first after it on which the banks work."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_day_before(day: date) -> date:
    """The day itself, or the last before it on which the banks work."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def in_days(day: date, days: int) -> date:
    """The working day so many days later, or the first after that."""
    return working_day(day + timedelta(days=days))


def next_month(day: date, number: int) -> date:
    """The working day on which the `number`-th of the month after is settled."""
    return working_day((day.replace(day=1) + timedelta(days=31)).replace(day=number))


def falls_due(day: date, number: int) -> bool:
    """Whether `day` is the working day on which the `number`-th of its month is settled."""
    return day == working_day(day.replace(day=number))


def is_fortnight(day: date, weekday: int) -> bool:
    """Whether `day` settles that weekday (0 is Monday) of every second week."""
    lately = (day - timedelta(days=back) for back in range(5))
    turns = (each for each in lately if each.weekday() == weekday)
    return any(each.toordinal() // 7 % 2 == 0 and working_day(each) == day for each in turns)


def is_market_day(day: date, weekday: int) -> bool:
    """Whether `day` is that weekday, and no holiday."""
    return day.weekday() == weekday and not is_holiday(day)


def is_month_end(day: date) -> bool:
    """Whether `day` is the last of its month."""
    return (day + timedelta(days=1)).day == 1


def month_of_story(start: date, day: date) -> int:
    """How many months have passed since that of `start`: 0 in the first."""
    return (day.year - start.year) * 12 + day.month - start.month
