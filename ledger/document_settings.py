"""How an organization's documents are made out: numbers, rounding, terms, paper."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from ledger import texts
from ledger.chart import Chart
from ledger.contacts import (
    PHONE_LENGTH,
    WEBSITE_LENGTH,
    Address,
    Term,
    checked_address,
    checked_email,
    checked_language,
    checked_terms,
)
from ledger.errors import LedgerError, Reason, at
from ledger.references import require_default_account

PREFIX_LENGTH = 20
MOST_DIGITS = 10
"""How many digits the sequence in a number can be padded to, and how many it can have."""

_PREFIX = re.compile(r"[\w/.#-]*")
_YEAR = "([0-9]{4})-"
_SEQUENCE = f"[0-9]{{1,{MOST_DIGITS}}}"


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


def checked_settings(chart: Chart, settings: DocumentSettings) -> DocumentSettings:
    """The settings as they are stored, or why documents cannot be made out by them.

    Whether the logo is there is not looked at here.
    """
    optional = texts.clean_optional
    checked = replace(
        settings,
        invoice_prefix=_prefix(settings.invoice_prefix, "invoicePrefix"),
        credit_note_prefix=_prefix(settings.credit_note_prefix, "creditNotePrefix"),
        number_digits=_digits(settings.number_digits),
        terms=checked_terms(settings.terms),
        language=checked_language(settings.language),
        address=at("address", checked_address, settings.address),
        email=checked_email(settings.email),
        phone=optional(settings.phone, "phone", PHONE_LENGTH),
        website=optional(settings.website, "website", WEBSITE_LENGTH),
        payment_details=optional(
            settings.payment_details, "paymentDetails", texts.DESCRIPTION_LENGTH
        ),
        footer=optional(settings.footer, "footer", texts.DESCRIPTION_LENGTH),
    )
    _require_two_series(checked)
    account_id = settings.payment_account_id
    if account_id is not None:
        require_default_account(chart, account_id, "paymentAccountId")
        chart.by_id[account_id].require_active("paymentAccountId")
    return checked


def number_text(settings: DocumentSettings, prefix: str, year: int | None, sequence: int) -> str:
    """A document's number: `INV-0007`, or with its year `INV-2026-0007`."""
    of_year = "" if year is None else f"{year}-"
    return f"{prefix}{of_year}{sequence:0{settings.number_digits}}"


def sequence_of(
    settings: DocumentSettings, prefix: str, text: str
) -> tuple[int | None, int] | None:
    """The year and the place in its series that a number names, if it is one of the series.

    It is when `number_text` would write it just so; a former system's numbers may look otherwise.
    """
    form = f"{re.escape(prefix)}{_YEAR if settings.numbers_by_year else '()'}({_SEQUENCE})"
    match = re.fullmatch(form, text)
    if match is None:
        return None
    year, sequence = int(match[1]) if match[1] else None, int(match[2])
    is_of_series = sequence > 0 and number_text(settings, prefix, year, sequence) == text
    return (year, sequence) if is_of_series else None


def _prefix(prefix: str, field_name: str) -> str:
    prefix = texts.clean(prefix, field_name, PREFIX_LENGTH, blank=True)
    if _PREFIX.fullmatch(prefix):
        return prefix
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"{field_name} {prefix!r} has a character that a number cannot begin with.",
        "Use letters, digits and the characters - / _ . # only.",
        field=field_name,
    )


def _digits(digits: int) -> int:
    if 1 <= digits <= MOST_DIGITS:
        return digits
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"A number cannot have at least {digits} digits.",
        f"Give from 1 to {MOST_DIGITS}; higher numbers have more by themselves.",
        field="numberDigits",
    )


def _require_two_series(settings: DocumentSettings) -> None:
    """Invoices and credit notes are numbered apart, and no number may be given twice."""
    if settings.invoice_prefix != settings.credit_note_prefix:
        return
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"Invoices and credit notes have the same prefix, {settings.invoice_prefix!r}.",
        "Give them different prefixes, such as INV- and CN-.",
        field="creditNotePrefix",
    )
