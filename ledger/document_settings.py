"""How an organization's documents are made out: numbers, rounding, terms, paper."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ledger.contacts import Address, Term


class Rounding(StrEnum):
    """Whether tax is rounded on each line, or once per rate on the whole document."""

    LINE = "line"
    DOCUMENT = "document"


class Paper(StrEnum):
    """The size of a page."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class DocumentSettings:
    """The settings that documents are made out by; what they print is copied on issuing.

    A number is the prefix, the year when `numbers_by_year` (each year's then begin with 1), and
    at least `number_digits` digits. `payment_account_id` takes payments that name no account.
    """

    rounding: Rounding = Rounding.LINE
    invoice_prefix: str = "INV-"
    credit_note_prefix: str = "CN-"
    numbers_by_year: bool = False
    number_digits: int = 4
    terms: tuple[Term, ...] = (Term(Decimal(100), 30),)
    payment_account_id: str | None = None
    language: str = "en"
    paper: Paper = Paper.A4
    address: Address | None = None
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    payment_details: str | None = None
    footer: str | None = None
    logo_id: str | None = None
