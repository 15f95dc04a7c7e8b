"""Addresses and payment terms, as contacts and organizations have them."""

from __future__ import annotations

import strawberry

from ledger.contacts import Address, Term
from ledger.money import rate_text
from ledger.taxes import parse_percent
from schema.scalars import DecimalText


@strawberry.type
class AddressNode:
    """A postal address."""

    line1: str | None
    line2: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country: str | None = strawberry.field(description="ISO 3166-1 alpha-2: DE.")


@strawberry.input(description="A postal address; the country as ISO 3166-1 alpha-2.")
class AddressInput:
    """An address as a caller gives it."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


@strawberry.type
class PaymentTermNode:
    """A part of a total and when it is due."""

    percent: DecimalText
    days: int = strawberry.field(description="Days after the document's date.")


@strawberry.input(description="A part of a total and when it is due; all parts make 100 %.")
class PaymentTermInput:
    """A term as a caller gives it."""

    percent: DecimalText
    days: int


def address_node(fact: Address | None) -> AddressNode | None:
    """An address as the API shows it."""
    if fact is None:
        return None
    return AddressNode(
        line1=fact.line1,
        line2=fact.line2,
        city=fact.city,
        state=fact.state,
        postal_code=fact.postal_code,
        country=fact.country,
    )


def address_of(given: AddressInput | None) -> Address | None:
    """An address as a caller gives it, as the ledger takes it."""
    if given is None:
        return None
    return Address(
        given.line1, given.line2, given.city, given.state, given.postal_code, given.country
    )


def term_nodes(terms: tuple[Term, ...]) -> list[PaymentTermNode]:
    """Terms as the API shows them."""
    return [
        PaymentTermNode(percent=DecimalText(rate_text(term.percent)), days=term.days)
        for term in terms
    ]


def terms_of(given: list[PaymentTermInput] | None) -> tuple[Term, ...]:
    """Terms as a caller gives them, as the ledger takes them."""
    return tuple(Term(parse_percent(term.percent), term.days) for term in given or ())
