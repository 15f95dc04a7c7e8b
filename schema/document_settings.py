"""How an organization's documents are made out, in the API."""

from __future__ import annotations

import strawberry
from strawberry import UNSET

from ledger.document_settings import DocumentSettings
from resolvers import organizations as decisions
from resolvers.books import Command
from schema.addresses import (
    AddressInput,
    AddressNode,
    PaymentTermInput,
    PaymentTermNode,
    address_node,
    address_of,
    term_nodes,
    terms_of,
)
from schema.enums import Paper, Rounding
from schema.nodes import id_or_none, normal
from schema.operation import only_given


@strawberry.type
class DocumentSettingsNode:
    """How documents are numbered, rounded, due and printed."""

    tax_rounding: Rounding
    invoice_prefix: str
    credit_note_prefix: str
    numbers_by_year: bool = strawberry.field(description="Each year's begin with 1: INV-2026-0001.")
    number_digits: int = strawberry.field(description="At least so many digits.")
    payment_terms: list[PaymentTermNode] = strawberry.field(
        description="Of documents whose contact has none."
    )
    payment_account_id: strawberry.ID | None = strawberry.field(
        description="Takes payments that name no account; else the first bank account does."
    )
    language: str
    paper_size: Paper
    address: AddressNode | None
    email: str | None
    phone: str | None
    website: str | None
    payment_details: str | None = strawberry.field(description="Printed: to which account to pay.")
    footer: str | None
    logo_id: strawberry.ID | None = strawberry.field(description="An attachment: PNG or JPEG.")


def settings_node(fact: DocumentSettings) -> DocumentSettingsNode:
    """Settings as the API shows them."""
    return DocumentSettingsNode(
        tax_rounding=fact.rounding,
        invoice_prefix=fact.invoice_prefix,
        credit_note_prefix=fact.credit_note_prefix,
        numbers_by_year=fact.numbers_by_year,
        number_digits=fact.number_digits,
        payment_terms=term_nodes(fact.terms),
        payment_account_id=id_or_none(fact.payment_account_id),
        language=fact.language,
        paper_size=fact.paper,
        address=address_node(fact.address),
        email=fact.email,
        phone=fact.phone,
        website=fact.website,
        payment_details=fact.payment_details,
        footer=fact.footer,
        logo_id=id_or_none(fact.logo_id),
    )


def update_document_settings(
    tax_rounding: Rounding | None = UNSET,
    invoice_prefix: str | None = UNSET,
    credit_note_prefix: str | None = UNSET,
    numbers_by_year: bool | None = UNSET,
    number_digits: int | None = UNSET,
    payment_terms: list[PaymentTermInput] | None = UNSET,
    payment_account_id: strawberry.ID | None = UNSET,
    language: str | None = UNSET,
    paper_size: Paper | None = UNSET,
    address: AddressInput | None = UNSET,
    email: str | None = UNSET,
    phone: str | None = UNSET,
    website: str | None = UNSET,
    payment_details: str | None = UNSET,
    footer: str | None = UNSET,
    logo_id: strawberry.ID | None = UNSET,
    version: int | None = None,
) -> Command:
    """Change how documents are made out. What is absent stays; null clears. What was issued
    before stays as it was.
    """
    given = {
        "rounding": tax_rounding,
        "invoice_prefix": invoice_prefix,
        "credit_note_prefix": credit_note_prefix,
        "numbers_by_year": numbers_by_year,
        "number_digits": number_digits,
        "terms": terms_of(payment_terms) if isinstance(payment_terms, list) else payment_terms,
        "payment_account_id": normal("act_", payment_account_id),
        "language": language,
        "paper": paper_size,
        "address": address if address is UNSET else address_of(address),
        "email": email,
        "phone": phone,
        "website": website,
        "payment_details": payment_details,
        "footer": footer,
        "logo_id": normal("att_", logo_id),
    }
    clears = {"payment_account_id", "address", "email", "phone", "website", "logo_id"}
    changed = only_given(given, nullable=clears | {"payment_details", "footer"})
    return decisions.update_documents(changed, version=version)
