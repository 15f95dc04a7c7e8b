"""The figures of the demo company: whole cents, and rates in whole ten-thousandths.

Divisions round as the ledger does: conversions half to even, taxes half away from zero. So what
is written down here balances there too, to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.quantities import half_away

HOME = "USD"
RATE_UNITS = 10_000
_PERCENT_UNITS = 10_000


def rounded(numerator: int, denominator: int) -> int:
    """Return the quotient as a whole number, rounded half to even."""
    quotient, remainder = divmod(numerator, denominator)
    excess = 2 * remainder - denominator
    return quotient + (excess > 0 or (excess == 0 and quotient % 2 == 1))


def share(cents: int, hundredths: int) -> int:
    """A percentage of an amount, in hundredths of a per cent; rounded half away from zero."""
    return half_away(cents * hundredths, _PERCENT_UNITS)


def at_rate(cents: int, rate: int | None) -> int:
    """A foreign amount in cents of the home currency; one without a rate is in that already."""
    return cents if rate is None else rounded(cents * rate, RATE_UNITS)


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
        return at_rate(self.amount, self.rate)

    @property
    def signed(self) -> int:
        """The same, positive for a debit and negative for a credit."""
        return self.base if self.side == "debit" else -self.base

    def turned(self) -> Line:
        """The entry that offsets this one."""
        side = "credit" if self.side == "debit" else "debit"
        return Line(self.code, side, self.amount, self.note, self.currency, self.rate)


def debit(code: str, cents: int, note: str | None = None) -> Line:
    """A debit in the home currency."""
    return Line(code, "debit", cents, note)


def credit(code: str, cents: int, note: str | None = None) -> Line:
    """A credit in the home currency."""
    return Line(code, "credit", cents, note)


@dataclass
class Dice:
    """A linear congruential generator (Knuth's MMIX): the same throws for the same seed."""

    seed: int

    def between(self, low: int, high: int) -> int:
        """Throw a whole number from `low` to `high`, both included."""
        self.seed = (self.seed * 6364136223846793005 + 1442695040888963407) % 2**64
        return low + (self.seed >> 33) % (high - low + 1)


def rate_on(day: date, currency: str) -> int | None:
    """Dollars for one unit of a currency in ten-thousandths, by the week; none for dollars.

    The euro swings slowly from 1.10 to 1.18, the Canadian dollar from 0.71 to 0.75.
    """
    week = day.toordinal() // 7
    if currency == "EUR":
        return 11_050 + abs(week * 23 % 1_400 - 700) + Dice(week).between(-45, 45)
    if currency == "CAD":
        return 7_130 + abs(week * 11 % 640 - 320) + Dice(week).between(-25, 25)
    return None
