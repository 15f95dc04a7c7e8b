"""The notebook in which the demo company's year is written down, transaction by transaction.

Amounts are whole cents and rates whole ten-thousandths, and every division rounds half to
even, as `ledger.money.convert` does; so what is written here balances there too.
"""

from __future__ import annotations

from calendar import SATURDAY
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

HOME = "USD"
_RATE_UNITS = 10_000


def rounded(numerator: int, denominator: int) -> int:
    """Return the quotient as a whole number, rounded half to even."""
    quotient, remainder = divmod(numerator, denominator)
    excess = 2 * remainder - denominator
    return quotient + (excess > 0 or (excess == 0 and quotient % 2 == 1))


def decimal_text(units: int, decimals: int) -> str:
    """Return whole units as a decimal: 123456 with two decimals is "1234.56"."""
    whole, fraction = divmod(units, 10**decimals)
    return f"{whole}.{fraction:0{decimals}d}"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: `amount` in cents of `currency`, `rate` in ten-thousandths of a dollar."""

    code: str
    side: str
    amount: int
    note: str | None = None
    currency: str = HOME
    rate: int | None = None

    @property
    def base(self) -> int:
        """The amount in cents of the home currency."""
        return self.amount if self.rate is None else rounded(self.amount * self.rate, _RATE_UNITS)

    @property
    def signed(self) -> int:
        """The same, positive for a debit and negative for a credit."""
        return self.base if self.side == "debit" else -self.base

    def as_json(self) -> dict[str, Any]:
        """The entry in the neutral form of a ledger."""
        entry = {
            "account_code": self.code,
            "entry_type": self.side,
            "amount": decimal_text(self.amount, 2),
            "currency": self.currency,
        }
        if self.rate is not None:
            entry["exchange_rate"] = decimal_text(self.rate, 4)
        if self.note is not None:
            entry["description"] = self.note
        return entry


def debit(code: str, cents: int, note: str | None = None) -> Line:
    """A debit in the home currency."""
    return Line(code, "debit", cents, note)


def credit(code: str, cents: int, note: str | None = None) -> Line:
    """A credit in the home currency."""
    return Line(code, "credit", cents, note)


@dataclass
class Books:
    """All that was written so far, and the balance of every account, debit-positive, in cents."""

    transactions: list[dict[str, Any]] = field(default_factory=list)
    balances: Counter[str] = field(default_factory=Counter)

    def write(
        self, day: date, description: str, reference: str, lines: list[Line], **more: Any
    ) -> None:
        """Write a transaction; lines of nothing are left out. Unbalanced ones are a `ValueError`.

        `more` are further members of the transaction, such as `kind` or `payment_method`; one
        with `reverse` will have no effect on balances in the end, and has none here.
        """
        lines = [line for line in lines if line.amount]
        if sum(line.signed for line in lines):
            raise ValueError(f"{description} on {day} does not balance.")
        for line in () if "reverse" in more else lines:
            self.balances[line.code] += line.signed
        entries = [line.as_json() for line in lines]
        told = {"date": str(day), "description": description, "reference": reference}
        self.transactions.append({**told, **more, "entries": entries})


class Habit(Protocol):
    """Something that the company does again and again, told day by day."""

    def opening(self) -> list[Line]:
        """What it brings into the year: its lines of the opening balance."""
        ...

    def on(self, day: date) -> None:
        """Write down what happens on that day, if anything does."""
        ...


@dataclass
class Dice:
    """A linear congruential generator (Knuth's MMIX): the same throws for the same seed."""

    seed: int

    def between(self, low: int, high: int) -> int:
        """Throw a whole number from `low` to `high`, both included."""
        self.seed = (self.seed * 6364136223846793005 + 1442695040888963407) % 2**64
        return low + (self.seed >> 33) % (high - low + 1)


def is_holiday(day: date) -> bool:
    """Whether the café is closed, and the banks: New Year, Independence Day and Christmas."""
    return (day.month, day.day) in {(1, 1), (7, 4), (12, 25)}


def working_day(day: date) -> date:
    """The day itself, or the first after it that is neither of a weekend nor a holiday."""
    while day.weekday() >= SATURDAY or is_holiday(day):
        day += timedelta(days=1)
    return day


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
