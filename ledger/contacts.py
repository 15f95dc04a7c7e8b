"""Contacts: whom we sell to, buy from and employ, and on which terms.

A contact may play several roles. What it was called when a document was issued stays on that
document; here stands what it is called now. Its personal data can be erased: so that history,
which never changes, does not keep them either, events hold only a keyed hash of them, whose
key (`salt`) is erased together with the data.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ledger import references, texts
from ledger.chart import Chart
from ledger.currencies import currency as known_currency
from ledger.dates import require_business_date
from ledger.errors import LedgerError, Reason, at
from ledger.money import allot, rate_text
from ledger.open_items import Due
from ledger.taxes import parse_percent

EMAIL_LENGTH = 254
PHONE_LENGTH = 50
WEBSITE_LENGTH = 500
TAX_NUMBER_LENGTH = 50
CITY_LENGTH = 100
POSTAL_CODE_LENGTH = 20
LANGUAGE_LENGTH = 35
MOST_TERMS = 12
MOST_DAYS = 3_650

_PART_OF_PERCENT = 10_000
_ATOM = r"""[^\s@()<>\[\]:;,\\"]"""
_EMAIL = re.compile(rf"""(?:{_ATOM}+|"[^\s@"\\]+")@(?:(?!\.){_ATOM}+(?<!\.)|\[[0-9A-Za-z.:]+\])""")
_LANGUAGE = re.compile(
    "[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9]{4}))*",
    re.ASCII | re.IGNORECASE,
)
_COUNTRY = re.compile("[A-Za-z]{2}")


class ContactType(StrEnum):
    """The part that a contact plays for us; it may play several."""

    CUSTOMER = "customer"
    VENDOR = "vendor"
    EMPLOYEE = "employee"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached by post; `country` is a code of ISO 3166-1 alpha-2."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an amount and when it is due: `percent` of it, `days` after the document's date."""

    percent: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer, vendor, employee or other; `types` in the order given, the first being the main.

    The default accounts stand in for those that a document's line does not name: revenue when
    we sell to it, expense when we buy from it.
    """

    organization_id: str
    id: str
    name: str
    types: tuple[ContactType, ...]
    created_at: datetime
    updated_at: datetime
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    tax_number: str | None = None
    reference: str | None = None
    currency: str | None = None
    language: str | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    terms: tuple[Term, ...] = ()
    revenue_account_id: str | None = None
    expense_account_id: str | None = None
    tax_rate_id: str | None = None
    is_active: bool = True
    erased_at: datetime | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    salt: str = ""
    version: int = 1


def open_contact(chart: Chart, contact: Contact, *, tax_rates: Collection[str]) -> Contact:
    """The contact as it comes into the books, or why it cannot.

    `tax_rates` are the ids of those that the organization has.
    """
    currency, language = contact.currency, contact.language
    optional = texts.clean_optional
    checked = replace(
        contact,
        name=texts.clean(contact.name, "name", texts.NAME_LENGTH),
        types=_distinct(contact.types),
        email=checked_email(contact.email),
        phone=optional(contact.phone, "phone", PHONE_LENGTH),
        website=optional(contact.website, "website", WEBSITE_LENGTH),
        tax_number=optional(contact.tax_number, "taxId", TAX_NUMBER_LENGTH),
        reference=optional(contact.reference, "reference", texts.REFERENCE_LENGTH),
        currency=None if currency is None else at("currency", known_currency, currency).code,
        language=None if language is None else checked_language(language),
        billing_address=at("billingAddress", checked_address, contact.billing_address),
        shipping_address=at("shippingAddress", checked_address, contact.shipping_address),
        terms=checked_terms(contact.terms) if contact.terms else (),
        external_id=optional(contact.external_id, "externalId", texts.NAME_LENGTH),
        metadata=texts.clean_metadata(contact.metadata),
    )
    references.require_default_account(chart, contact.revenue_account_id, "defaultRevenueAccountId")
    references.require_default_account(chart, contact.expense_account_id, "defaultExpenseAccountId")
    references.require_known("tax rate", tax_rates, contact.tax_rate_id, "defaultTaxRateId")
    return checked


def change_contact(
    chart: Chart, before: Contact, after: Contact, *, tax_rates: Collection[str]
) -> Contact:
    """The contact as it is after an update, or why it cannot be; an erased one is `frozen`."""
    if before.erased_at is not None:
        raise LedgerError(
            Reason.FROZEN,
            "The personal data of this contact was erased, and nothing of it changes any more.",
            "Create another contact.",
            {"contact_id": before.id, "erased_at": before.erased_at.isoformat()},
            "id",
        )
    after = open_contact(chart, after, tax_rates=tax_rates)
    references.require_permanent_external_id(before.external_id, after.external_id)
    return after


def close_contact(contact: Contact, *, has_history: bool) -> None:
    """Raise the reason why a contact cannot be deleted, if there is one.

    `has_history` says whether a document, payment, transaction or attachment is of it.
    """
    if not has_history:
        return
    raise LedgerError(
        Reason.IN_USE,
        f"Contact {contact.name} has documents, payments or other records and stays.",
        "Set its isActive to false instead; its personal data can also be erased.",
        {"contact_id": contact.id},
        "id",
    )


def checked_terms(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Payment terms as they are stored: 1 to 12 parts that make 100 percent, ever later due."""
    if not 1 <= len(terms) <= MOST_TERMS:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS if terms else Reason.INVALID_VALUE,
            f"Payment terms have from 1 to {MOST_TERMS} parts, not {len(terms)}.",
            "Give one part of 100 percent, or several that add up to it.",
            {"parts": len(terms), "limit": MOST_TERMS},
            "paymentTerms",
        )
    checked = tuple(_checked_term(terms, index) for index in range(len(terms)))
    whole = sum(_weight(term) for term in checked)
    if whole != 100 * _PART_OF_PERCENT:
        percent = rate_text(Decimal(whole) / _PART_OF_PERCENT)
        raise _bad_value(
            "paymentTerms",
            f"The parts of the payment terms make {percent} percent in all, not 100.",
            "Give percents that add up to exactly 100, such as 33.3333, 33.3333 and 33.3334.",
        )
    return checked


def dues_of(terms: Sequence[Term], day: date, total: int) -> tuple[Due, ...]:
    """What of a total is due when, by terms that were checked, from the document's date on.

    `total` is in minor units, not negative. Parts that come to nothing are left out, so that a
    total of zero has no dues. A due date after the year 2200 is `invalid_date`.
    """
    shares = allot(total, [_weight(term) for term in terms])
    return tuple(
        Due(require_business_date(day + timedelta(days=term.days), "dueDate"), share)
        for term, share in zip(terms, shares, strict=True)
        if share
    )


def _checked_term(terms: Sequence[Term], index: int) -> Term:
    path, days = f"paymentTerms[{index}]", terms[index].days
    percent = at(f"{path}.percent", parse_percent, terms[index].percent)
    if percent == 0:
        raise _bad_value(
            f"{path}.percent",
            f"Part {index + 1} is zero percent.",
            "Leave it out, or give it more than zero.",
        )
    earliest = terms[index - 1].days + 1 if index else 0
    if not earliest <= days <= MOST_DAYS:
        raise _bad_value(
            f"{path}.days",
            f"Part {index + 1} is due after {days} days, not after {earliest} to {MOST_DAYS}.",
            "Count days from the document's date, and give the parts in the order they are due.",
        )
    return Term(percent, days)


def _weight(term: Term) -> int:
    """The percentage of a part in ten-thousandths."""
    numerator, denominator = term.percent.as_integer_ratio()
    return numerator * _PART_OF_PERCENT // denominator


def checked_address(address: Address | None) -> Address | None:
    """An address with clean lines and its country in capitals; None when nothing is in it."""
    if address is None:
        return None
    cleaned = Address(
        texts.clean_optional(address.line1, "line1", texts.NAME_LENGTH),
        texts.clean_optional(address.line2, "line2", texts.NAME_LENGTH),
        texts.clean_optional(address.city, "city", CITY_LENGTH),
        texts.clean_optional(address.state, "state", CITY_LENGTH),
        texts.clean_optional(address.postal_code, "postalCode", POSTAL_CODE_LENGTH),
        None if address.country is None else _country(address.country),
    )
    return None if cleaned == Address() else cleaned


def checked_email(email: str | None) -> str | None:
    """A mail address as RFC 5322 would have it, by and large: whether it works, mail will tell."""
    if email is None:
        return None
    cleaned = texts.clean(email, "email", EMAIL_LENGTH)
    if cleaned.isprintable() and _EMAIL.fullmatch(cleaned):
        return cleaned
    raise _bad_value(
        "email",
        f"{cleaned!r} is not a mail address.",
        "Give one address alone, such as ann@example.com, without a name and without blanks.",
    )


def checked_language(language: str) -> str:
    """A language tag (BCP 47) in the usual letter case: `de`, `de-CH`, `zh-Hant-TW`."""
    if len(language) > LANGUAGE_LENGTH or not _LANGUAGE.fullmatch(language):
        raise _bad_value(
            "language",
            f"{language[:LANGUAGE_LENGTH]!r} is not a language tag.",
            'Give one of BCP 47, such as "en" or "de-CH".',
        )
    first, *rest = language.lower().split("-")
    cased = {2: str.upper, 4: str.title}
    return "-".join([first, *(cased.get(len(part), str)(part) for part in rest)])


def _distinct(types: Sequence[ContactType]) -> tuple[ContactType, ...]:
    if types and len(set(types)) == len(types):
        return tuple(types)
    raise _bad_value(
        "contactTypes",
        "contactTypes names a type twice." if types else "contactTypes is empty.",
        "Give from one to four different types, the main one first.",
    )


def _country(code: str) -> str:
    if _COUNTRY.fullmatch(code):
        return code.upper()
    raise _bad_value(
        "country", f"{code[:20]!r} is not a country.", 'Give the two letters of ISO 3166, "DE".'
    )


def _bad_value(field_name: str, cause: str, cure: str) -> LedgerError:
    return LedgerError(Reason.INVALID_VALUE, cause, cure, field=field_name)
