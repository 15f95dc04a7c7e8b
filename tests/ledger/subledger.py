"""Little sub-ledgers to test with: open items, applications, and any that may come about.

The base currency is INR. Ids say what an item is, and days are text such as 2025-01-31.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from books import NOW
from hypothesis import strategies as st

from ledger.contact_statement import Label, MovementKind
from ledger.currencies import CURRENCIES
from ledger.money import convert
from ledger.open_items import Application, Due, OpenItem, Side

R, P = Side.RECEIVABLE, Side.PAYABLE


def day(text):
    return date.fromisoformat(text)


def dues(*parts):
    """Instalments of texts such as `2025-01-31 30.00`; all currencies here have two decimals."""
    split = (part.split() for part in parts)
    return tuple(Due(day(on), minor(amount)) for on, amount in split)


def minor(text):
    return int(text.replace(",", "").replace(".", ""))


def item(id, on, amount, base=None, *, contact="con_a", side=R, **more: object):
    """An open item as it was posted; what is open of it now does not matter to a report."""
    posted = minor(amount)
    base_amount = posted if base is None else minor(base)
    currency = "INR" if base is None else "USD"
    given = {"document_date": day(on), "currency": currency, "created_at": NOW}
    return OpenItem(
        "org_1",
        id,
        side,
        contact,
        day(on),
        amount=posted,
        base_amount=base_amount,
        open_amount=posted,
        open_base=base_amount,
        **(given | more),
    )


def ended(facts, on):
    """The same item or application, reversed or taken back on a day."""
    return replace(facts, ended_on=day(on))


def applied(payment, document, on, amount, from_base=None, to_base=None, *, id=None):
    """A part of one item against another, by default with the same amount in base."""
    part = minor(amount)
    return Application(
        "org_1",
        id or f"apl_{payment.id}_{document.id}_{on}",
        document.side,
        document.contact_id,
        payment.id,
        document.id,
        day(on),
        document.currency,
        part,
        part if from_base is None else minor(from_base),
        part if to_base is None else minor(to_base),
        NOW,
    )


KINDS = {
    "inv": MovementKind.INVOICE,
    "bil": MovementKind.BILL,
    "crn": MovementKind.CREDIT_NOTE,
    "pay": MovementKind.PAYMENT,
    "ref": MovementKind.REFUND,
    "jnl": MovementKind.ENTRY,
    "itm": MovementKind.ENTRY,
}


def labels(items):
    """A label of each item: its kind by its id, and its id in capitals as its number."""
    return {each.id: Label(KINDS[each.id[:3]], each.id.upper()) for each in items}


# Any sub-ledger


FIRST = date(2025, 1, 1)
LAST = date(2025, 3, 31)


@dataclass(frozen=True)
class SubLedger:
    """Items and applications as posting allows them, and direct entries that name no contact."""

    items: list[OpenItem]
    applications: list[Application]
    direct: list[tuple[date, int]]

    @property
    def days(self):
        """The day before anything, and every day on which something changed."""
        facts = [*self.items, *self.applications]
        found = {each.date for each in facts} | {each.ended_on for each in facts if each.ended_on}
        return sorted({FIRST - timedelta(1)} | found | {on for on, _ in self.direct})

    def unassigned(self, on):
        return sum(amount for posted_on, amount in self.direct if posted_on <= on)

    def control_balance(self, on, contact=None):
        """What the entries on the control account come to: all of them, or those of a contact."""
        ours = [each for each in self.items if contact in (None, each.contact_id)]
        posted = [(each.date, each.base_amount) for each in ours]
        posted += [(each.ended_on, -each.base_amount) for each in ours if each.ended_on]
        for each in self.applications:
            if contact in (None, each.contact_id):
                difference = each.from_base - each.to_base
                posted.append((each.date, difference))
                if each.ended_on:
                    posted.append((each.ended_on, -difference))
        posted += [] if contact else self.direct
        return sum(amount for posted_on, amount in posted if posted_on <= on)


days = st.dates(FIRST, LAST)
little = st.integers(0, 20).map(timedelta)


@st.composite
def items(draw, number, sign):
    """An item of some size; a positive one may be due in instalments."""
    currency, rate = draw(st.sampled_from([("INR", "1"), ("USD", "79.5"), ("USD", "83.3333")]))
    parts = draw(st.lists(st.integers(1, 500), min_size=1, max_size=4))
    on = draw(days)
    terms = zip(sorted(draw(st.lists(little, min_size=4, max_size=4))), parts, strict=False)
    base = convert(sum(parts), Decimal(rate), CURRENCIES[currency], CURRENCIES["INR"])
    return OpenItem(
        "org_1",
        f"itm_{number}",
        R,
        draw(st.sampled_from(["con_a", "con_b"])),
        on,
        on - draw(little),
        currency,
        sign * sum(parts),
        sign * base,
        sign * sum(parts),
        sign * base,
        NOW,
        dues=tuple(Due(on + term, part) for term, part in terms)
        if sign > 0 and draw(st.booleans())
        else (),
    )


@dataclass
class _Left:
    """What is left of an item, and from which day on nothing was done to it."""

    amount: int
    base: int
    free: date

    def part(self, amount):
        """The base amount that goes with a part: in proportion, the last takes the remainder."""
        return self.base * amount // self.amount


@st.composite
def sub_ledgers(draw):
    """A sub-ledger after some months of applying, taking back and reversing."""
    signs = draw(st.lists(st.sampled_from([1, -1]), min_size=1, max_size=8))
    made = [draw(items(number, sign)) for number, sign in enumerate(signs)]
    left = {each.id: _Left(abs(each.amount), abs(each.base_amount), each.date) for each in made}
    pairs = [
        (credit, owed)
        for credit in made
        for owed in made
        if credit.amount < 0 < owed.amount
        and (credit.contact_id, credit.currency) == (owed.contact_id, owed.currency)
    ]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=8)) if pairs else []
    applications = [
        draw(_application(f"apl_{number}", credit, owed, left))
        for number, (credit, owed) in enumerate(chosen)
        if left[credit.id].amount and left[owed.id].amount
    ]
    finished = [
        replace(each, ended_on=left[each.id].free + draw(little))
        if left[each.id].amount == abs(each.amount) and draw(st.booleans())
        else each
        for each in made
    ]
    direct = draw(st.lists(st.tuples(days, st.integers(-900, 900)), max_size=3))
    return SubLedger(finished, applications, direct)


@st.composite
def _application(draw, id, credit, owed, left):
    one, other = left[credit.id], left[owed.id]
    amount = draw(st.integers(1, min(one.amount, other.amount)))
    on = max(one.free, other.free) + draw(little)
    until = on + draw(little) if draw(st.booleans()) else None
    bases = one.part(amount), other.part(amount)
    for side, base in zip((one, other), bases, strict=True):
        side.free = until or on
        if until is None:
            side.amount -= amount
            side.base -= base
    return Application(
        "org_1",
        id,
        R,
        owed.contact_id,
        credit.id,
        owed.id,
        on,
        owed.currency,
        amount,
        *bases,
        NOW,
        ended_on=until,
    )
