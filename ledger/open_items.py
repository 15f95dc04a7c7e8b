"""Open items: what makes up a control account, document by document.

Whatever is posted to accounts receivable or payable for somebody is an open item: an invoice, a
bill, a credit note, a payment, or a direct entry with a contact. Its `amount` is positive when it
makes the control account grow (an invoice, a bill, a refund), negative when it makes it shrink (a
payment, a credit note). An application sets a part of a negative one against a positive one.

So at the end of every day, for each contact:

    balance of the control account = open amounts of its items, in base currency
                                     + direct entries that name no contact
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ledger.accounts import AccountType, EntryType, Role

Day = date
"""A business date, by a name that no field of a fact has."""


class Side(StrEnum):
    """Which control account: what is owed to us, or what we owe."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"

    @property
    def role(self) -> Role:
        """The role of its control account."""
        return Role.RECEIVABLE if self is Side.RECEIVABLE else Role.PAYABLE

    @property
    def grows_by(self) -> EntryType:
        """The side of an entry by which the control account grows."""
        type_ = AccountType.ASSET if self is Side.RECEIVABLE else AccountType.LIABILITY
        return type_.normal_side


@dataclass(frozen=True, slots=True)
class Due:
    """A part of a document's total and the day on which it is due; in minor units, positive."""

    date: Day
    amount: int


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One item of a control account; `id` is that of the document, payment or entry behind it.

    `amount` and `base_amount` are as posted on `date`, signed as said above, in minor units of
    `currency` and of the base currency; `open_amount` and `open_base` are what is left of them
    now. `paid` and `credited` (positive) say by what the rest went. `document_date` is the date
    written on the document, which an opening document has before it is posted. `dues` are the
    instalments, the earliest first, of a positive item; a negative one has none. `next_due` is
    the due date of the oldest instalment not yet settled. From `ended_on` on (the date of the
    transaction that reversed it) the item counts no more. `touched_on` is the latest date on
    which its open amount was another than the day before, `freed_on` the latest on which an
    application was taken back: none is dated before that, or on some day too much was applied.
    """

    organization_id: str
    id: str
    side: Side
    contact_id: str
    date: Day
    document_date: Day
    currency: str
    amount: int
    base_amount: int
    open_amount: int
    open_base: int
    created_at: datetime
    paid: int = 0
    credited: int = 0
    dues: tuple[Due, ...] = ()
    next_due: Day | None = None
    ended_on: Day | None = None
    touched_on: Day | None = None
    freed_on: Day | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """A part of a negative item (`from_id`) set against a positive one (`to_id`) on a date.

    `amount` is in minor units of the currency that both items have. `from_base` and `to_base`
    are the parts of their base amounts that go with it (positive); their difference is the
    realized exchange gain or loss, posted by `transaction_id`. One that was taken back counts
    until the day before `ended_on`.
    """

    organization_id: str
    id: str
    side: Side
    contact_id: str
    from_id: str
    to_id: str
    date: Day
    currency: str
    amount: int
    from_base: int
    to_base: int
    created_at: datetime
    transaction_id: str | None = None
    ended_on: Day | None = None
    ending_transaction_id: str | None = None

    def counts_on(self, day: Day) -> bool:
        """Whether the application is in force at the end of a day."""
        return self.date <= day and (self.ended_on is None or day < self.ended_on)
