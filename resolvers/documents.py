"""Invoices, bills and credit notes: drawn up, issued, viewed, delivered, cancelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from ledger import texts
from ledger.accounts import Role
from ledger.contacts import Contact
from ledger.currencies import currency as known_currency
from ledger.document_drafting import DocumentDraft, require_contact
from ledger.documents import Document, DocumentKind, Phase
from ledger.errors import LedgerError, Reason, at
from ledger.events import Change
from ledger.issuing import cancel as cancel_document
from ledger.issuing import copies_of, require_draft
from ledger.issuing import issue as issue_document
from ledger.line_drafting import LineDraft
from ledger.money import parse_amount
from ledger.pricing import Number
from resolvers.applying import set_against
from resolvers.books import Books, Command, Decision
from resolvers.document_drafts import (
    ARGUMENTS,
    drawn,
    find,
    known_transaction,
    named,
    referred,
    renamed,
    require_correctable,
    require_free_number,
)
from resolvers.mail import checked_address
from resolvers.numbering import ahead, former_place, next_place
from resolvers.transactions import require_version
from resolvers.wants import Wants, wants

ISSUED = {
    DocumentKind.INVOICE: "sent",
    DocumentKind.BILL: "received",
    DocumentKind.CREDIT_NOTE: "issued",
    DocumentKind.VENDOR_CREDIT: "issued",
}
"""What happens to each kind when it is issued, as its events say."""


def create(draft: DocumentDraft, *, issue: bool = False) -> Command:
    """Draw up a document, as a draft or issued at once."""

    def decide(books: Books) -> Decision:
        fact = drawn(books, draft, books.mint(draft.kind.prefix))
        require_free_number(books, fact)
        books.require_free(draft.kind.prefix, fact.external_id)
        if not issue:
            return Decision((Change("created", None, fact),), fact.id)
        changes = _issued(books, fact)
        return Decision((Change("created", None, fact), *changes), fact.id)

    def refers(books: Books) -> Wants:
        found = referred(books, draft.contact_id, draft.lines)
        if issue:
            found |= ahead(books, draft.kind, draft.date)
        return found

    asked = partial(renamed, ARGUMENTS[draft.kind], decide)
    return Command(asked, wants=named(draft), then=refers)


@dataclass(frozen=True, slots=True)
class Mailing:
    """That an issued document is to be mailed, `to` an address other than its contact's.

    As an `e_invoice` its PDF is Factur-X.
    """

    to: str | None = None
    e_invoice: bool = False

    def __post_init__(self) -> None:
        if self.to is not None:
            checked_address(self.to, "to")


def issue(
    document_id: str, kind: DocumentKind, *, version: int | None, mail: Mailing | None = None
) -> Command:
    """Give a draft its number, post it, and freeze it; mailing it comes after the commit."""

    def decide(books: Books) -> Decision:
        before = find(books, document_id, kind)
        require_version(before.version, version)
        require_draft(before, "issued")
        return Decision(_issued(books, before), before.id, errand=mail)

    def refers(books: Books) -> Wants:
        before = books.all(Document).get(document_id)
        if before is None:
            return Wants()
        named_by_it = wants([before.contact_id, before.corrects_id])
        return named_by_it | ahead(books, before.kind, before.date)

    asked = partial(renamed, ARGUMENTS[kind], decide)
    return Command(asked, wants=wants([document_id]), then=refers)


def deliver(document_id: str, kind: DocumentKind, *, mail: Mailing) -> Command:
    """Mail an issued document again; nothing changes but what is known of its delivery."""

    def decide(books: Books) -> Decision:
        before = find(books, document_id, kind)
        if before.phase is not Phase.ISSUED:
            raise LedgerError(
                Reason.WRONG_STATUS,
                f"{before.id} is {before.phase.value}: only an issued document is mailed.",
                "Send it first (sendInvoice).",
                {"id": before.id, "status": before.phase.value},
                "id",
            )
        return Decision((), before.id, errand=mail)

    return Command(decide, wants=wants([document_id]))


def note_delivery(document_id: str, *, to: str, note: str, delivered: bool) -> Command:
    """Put down where a document was mailed to, or why that failed."""

    def decide(books: Books) -> Decision:
        before = books.find(Document, document_id, "id", in_path=True)
        after = replace(
            before,
            delivered_at=books.now if delivered else before.delivered_at,
            delivered_to=to if delivered else before.delivered_to,
            delivery_note=note,
            updated_at=books.now,
            version=before.version + 1,
        )
        verb = "delivered" if delivered else "delivery_failed"
        return Decision((Change(verb, before, after),), after.id)

    return Command(decide, wants=wants([document_id]))


def opening_draft(
    kind: DocumentKind,
    contact_id: str,
    day: date,
    amount: Number,
    description: str,
    **given: Any,
) -> DocumentDraft:
    """A document of a former system, of which one amount is open."""
    line = LineDraft(description=description, unit_price=amount, tax_rate_id="")
    return DocumentDraft(kind=kind, contact_id=contact_id, date=day, lines=[line], **given)


def open_existing(draft: DocumentDraft, *, posted_on: date | None, number: str) -> Command:
    """Take over a document of a former system, issued there, against opening balances."""
    names = ARGUMENTS[draft.kind] | {"items[0].description": "description"}

    def decide(books: Books) -> Decision:
        _require_amount(books, draft)
        against = books.chart.by_role[Role.OPENING_BALANCES].id
        lines = [replace(line, account_id=against) for line in draft.lines]
        fact = drawn(books, replace(draft, lines=lines), books.mint(draft.kind.prefix))
        known = texts.clean(number, "number", texts.REFERENCE_LENGTH)
        fact = replace(fact, is_opening=True, number=known)
        require_free_number(books, fact)
        books.require_free(draft.kind.prefix, fact.external_id)
        given = {"date": "openingDate"} if posted_on else {}
        changes = renamed(given, _issued, books, fact, posted_on=posted_on)
        return Decision((Change("created", None, fact), *changes), fact.id)

    def refers(books: Books) -> Wants:
        found = referred(books, draft.contact_id, draft.lines)
        return found | ahead(books, draft.kind, draft.date)

    asked = partial(renamed, names, decide)
    return Command(asked, wants=named(draft) | wants(numbers=[number]), then=refers)


def _require_amount(books: Books, draft: DocumentDraft) -> None:
    """Raise `invalid_amount` unless what is open is an amount of the document's currency."""
    contact = books.find(Contact, draft.contact_id, "contactId")
    code = draft.currency or contact.currency or books.organization.base_currency
    currency = at("currency", known_currency, code)
    for line in draft.lines:
        at("amount", parse_amount, line.unit_price, currency)


def cancel(document_id: str, kind: DocumentKind, *, on: date | None, reason: str | None) -> Command:
    """Cancel an issued document of which nothing is settled; it keeps its number."""

    def decide(books: Books) -> Decision:
        before = find(books, document_id, kind)
        original = known_transaction(books, before.transaction_id)
        reversal_id = books.mint("txn_")
        after, reversed_, reversal = cancel_document(
            books.occasion, before, original, day=on, reason=reason, reversal_id=reversal_id
        )
        changes = [Change("cancelled", before, after)]
        if reversal is not None:
            changes.append(Change("posted", None, reversal))
            changes.append(Change("reversed", original, reversed_))
        return Decision(tuple(changes), after.id)

    def refers(books: Books) -> Wants:
        before = books.all(Document).get(document_id)
        return Wants() if before is None else wants([before.transaction_id])

    asked = partial(renamed, {"date": "cancelledOn"}, decide)
    return Command(asked, wants=wants([document_id]), then=refers)


def _issued(books: Books, before: Document, *, posted_on: date | None = None) -> tuple[Change, ...]:
    """The changes by which a document is issued; a credit note is applied to what it corrects."""
    occasion = books.occasion
    contact = books.find(Contact, before.contact_id, "contactId")
    require_contact(contact, before.kind)
    corrects = books.all(Document).get(before.corrects_id or "")
    if corrects is not None:
        require_correctable(before, corrects)
    copies = copies_of(occasion.organization, contact, corrects)
    numbering = (former_place if before.is_opening else next_place)(books, before)
    after, transaction = issue_document(
        occasion,
        before,
        copies,
        transaction_id=books.mint("txn_"),
        numbering=numbering,
        posted_on=posted_on,
    )
    changes = [Change(ISSUED[after.kind], before, after)]
    if transaction is not None:
        changes.insert(0, Change("posted", None, transaction))
    if corrects is not None:
        changes += _corrected(books, after, corrects)
    return tuple(changes)


def _corrected(books: Books, credit: Document, corrects: Document) -> list[Change]:
    """Set a credit note against the document that it corrects, as far as that is open."""
    if corrects.item is None or credit.item is None:
        return []
    amount = min(corrects.item.open_amount, -credit.item.open_amount)
    return set_against(books, credit, corrects, amount) if amount > 0 else []
