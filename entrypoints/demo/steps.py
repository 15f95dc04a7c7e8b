"""What happens in the demo company, step by step: what is done, and the entries it comes to.

A step names accounts by code, contacts, items and tax rates by their keys in `contacts` and
`catalogue`, and what earlier steps made by number or reference. Its `lines` are what the notebook
expects to be posted for it; whether the ledger agrees is for a test to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from entrypoints.demo.catalogue import TAXES
from entrypoints.demo.figures import HOME, Line, at_rate, credit, debit, share
from ledger.documents import DocumentKind
from ledger.transactions import TransactionType

Day = date
Lines = tuple[Line, ...]

RECEIVABLE, PAYABLE, TAX, OPENING, BANK = "1100", "2000", "2200", "3900", "1010"
DISCOUNTS, GAIN, LOSS = "4200", "4900", "7800"


def control_of(kind: DocumentKind) -> str:
    """The code of the control account of a kind of document."""
    return RECEIVABLE if kind in {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE} else PAYABLE


def sides_of(kind: DocumentKind) -> tuple[str, str]:
    """On which side a kind of document stands on its control account, and its rows stand."""
    is_debit = kind in {DocumentKind.INVOICE, DocumentKind.VENDOR_CREDIT}
    return ("debit", "credit") if is_debit else ("credit", "debit")


@dataclass(frozen=True, slots=True)
class Entered:
    """A transaction, posted unless it is left pending; later steps know it by its reference."""

    date: Day
    told: str
    reference: str
    lines: Lines
    kind: str = "standard"
    method: str | None = None
    contact: str | None = None
    is_posted: bool = True
    type: TransactionType | None = None


@dataclass(frozen=True, slots=True)
class Reversed:
    """A transaction entered by mistake, offset."""

    date: Day
    reference: str
    reason: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a document: so many at a price in cents, taxed at a rate of the catalogue.

    What an item says (its text, unit, account) the row need not; `discount` is in per cent.
    """

    quantity: int
    price: int
    account: str
    tax: str | None = None
    item: str | None = None
    told: str | None = None
    discount: int = 0

    @property
    def net(self) -> int:
        """What it comes to without tax, in cents."""
        gross = self.quantity * self.price
        return gross - share(gross, 100 * self.discount)

    @property
    def taxes(self) -> int:
        """The tax on it, each part of the rate rounded by itself."""
        return 0 if self.tax is None else sum(share(self.net, p) for _, p in TAXES[self.tax].parts)


@dataclass(frozen=True, slots=True)
class Issued:
    """A document drawn up and issued, or left as a draft; its number is what it is known by.

    Without `due` the terms of the contact decide. `corrects` is the document that a credit note
    is against; `order` the number of the customer's own order.
    """

    date: Day
    kind: DocumentKind
    name: str
    contact: str
    rows: tuple[Row, ...]
    due: Day | None = None
    currency: str = HOME
    rate: int | None = None
    order: str | None = None
    notes: str | None = None
    corrects: str | None = None
    is_draft: bool = False

    @property
    def total(self) -> int:
        """What it comes to in cents of its currency; a reverse charge is no part of that."""
        return sum(row.net + (0 if _is_owed(row) else row.taxes) for row in self.rows)

    @property
    def lines(self) -> Lines:
        """The control account against the accounts of the rows and the tax; of a draft nothing."""
        if self.is_draft:
            return ()
        control, other = sides_of(self.kind)
        found: dict[str, int] = {}
        owed = 0
        for row in self.rows:
            is_cost = row.tax is not None and TAXES[row.tax].is_cost
            found[row.account] = found.get(row.account, 0) + row.net + is_cost * row.taxes
            found[TAX] = found.get(TAX, 0) + (not is_cost) * row.taxes
            owed += row.taxes if _is_owed(row) else 0
        lines = [self._line(control_of(self.kind), control, self.total)]
        lines += [self._line(code, other, cents) for code, cents in found.items() if cents]
        return tuple(lines + [self._line(TAX, control, owed)] * bool(owed))

    def _line(self, code: str, side: str, cents: int) -> Line:
        return Line(code, side, cents, self.name, self.currency, self.rate)


def _is_owed(row: Row) -> bool:
    """Whether the tax on a row is owed by the buyer, as under reverse charge."""
    return row.tax is not None and TAXES[row.tax].is_reverse_charge


@dataclass(frozen=True, slots=True)
class Carried:
    """An invoice or bill of the year before that was open when the books began, on `date`."""

    date: Day
    kind: DocumentKind
    name: str
    contact: str
    total: int
    dated: Day
    due: Day
    currency: str = HOME
    rate: int | None = None

    @property
    def lines(self) -> Lines:
        """The control account against the opening balances."""
        control, other = sides_of(self.kind)
        rest = (self.total, self.name, self.currency, self.rate)
        return Line(control_of(self.kind), control, *rest), Line(OPENING, other, *rest)


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a payment goes to which document, which was posted at `rate`."""

    document: str
    cents: int
    rate: int | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """Money for invoices or bills of one contact; what is applied to none stays its credit.

    `deducted` settles without money: a discount for early payment.
    """

    date: Day
    kind: DocumentKind
    name: str
    contact: str
    cents: int
    parts: tuple[Part, ...]
    method: str
    currency: str = HOME
    rate: int | None = None
    deducted: int = 0
    notes: str | None = None

    @property
    def lines(self) -> Lines:
        """Money and deductions against the control account; an exchange difference beside."""
        bank = at_rate(self.cents, self.rate)
        control = sum(at_rate(part.cents, part.rate) for part in self.parts)
        control += at_rate(self._left, self.rate)
        gain = bank + self.deducted - control
        if control_of(self.kind) == RECEIVABLE:
            first = [debit(BANK, bank, self.name), debit(DISCOUNTS, self.deducted)]
            last = [credit(RECEIVABLE, control, self.name)]
        else:
            gain = -gain
            first, last = [debit(PAYABLE, control, self.name)], [credit(BANK, bank, self.name)]
        return (*first, debit(LOSS, max(-gain, 0)), *last, credit(GAIN, max(gain, 0)))

    @property
    def _left(self) -> int:
        return self.cents + self.deducted - sum(part.cents for part in self.parts)


@dataclass(frozen=True, slots=True)
class Applied:
    """A credit set against a document: a payment, a vendor's credit, an entry `reference/line`."""

    date: Day
    credit: str
    document: str
    cents: int
    lines: Lines = ()


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A document taken back."""

    date: Day
    kind: DocumentKind
    name: str
    reason: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Viewed:
    """An invoice whose link the customer has opened."""

    date: Day
    name: str
    lines: Lines = field(default=())


Step = Entered | Reversed | Issued | Carried | Paid | Applied | Cancelled | Viewed
