"""Payments and credits: recorded, applied, taken back, voided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from ledger.categories import Category
from ledger.contacts import Contact
from ledger.currencies import CURRENCIES
from ledger.documents import Document, DocumentKind
from ledger.errors import LedgerError, Reason, at
from ledger.events import Change, Fact
from ledger.money import parse_amount
from ledger.open_items import Application, OpenItem
from ledger.paying import DraftPayment, Number, record, settling_direction, void
from ledger.payments import Direction, Payment
from ledger.settling import overpaid
from resolvers.applying import (
    Holder,
    ends_of,
    holder_of,
    in_force,
    item_of,
    latest,
    open_item_of,
    set_against,
    taken_back,
)
from resolvers.books import Books, Command, Decision, unknown_transaction
from resolvers.document_drafts import find, known_transaction, renamed
from resolvers.naming import external
from resolvers.wants import Wants, wants

MOST_APPLICATIONS = 200


@dataclass(frozen=True, slots=True)
class DraftApplication:
    """What a caller says of an application; without an amount as much as is due."""

    document_id: str
    amount: Number | None = None


def record_payment(
    document_id: str, kind: DocumentKind, draft: DraftPayment, *, allow_overpayment: bool
) -> Command:
    """The short form: a payment of one invoice or bill."""

    def decide(books: Books) -> Decision:
        document = find(books, document_id, kind)
        item = open_item_of(document, "id")
        full = replace(draft, contact_id=document.contact_id, currency=document.currency)
        payment, changes = _recorded(books, full)
        available = -payment.item.amount
        if available > item.open_amount and not allow_overpayment:
            raise overpaid(item, available)
        amount = min(available, item.open_amount)
        return Decision((*changes, *set_against(books, payment, document, amount)), payment.id)

    def refers(books: Books) -> Wants:
        document = books.all(Document).get(document_id)
        return Wants() if document is None else wants([document.contact_id])

    names = {"id": f"{kind.value}Id", "date": "paymentDate"}
    named = external("pay_", {"external_id": draft.external_id})
    asked = wants([document_id], external_ids=named)
    return Command(partial(renamed, names, decide), wants=asked, then=refers)


def create_payment(draft: DraftPayment, applied: Sequence[DraftApplication]) -> Command:
    """A payment against any number of documents; what is left is the contact's credit."""
    if len(applied) > MOST_APPLICATIONS:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS,
            f"At most {MOST_APPLICATIONS} documents can be paid at once, not {len(applied)}.",
            "Apply the rest of the payment with applyCredit.",
            {"limit": MOST_APPLICATIONS},
            "applications",
        )

    def decide(books: Books) -> Decision:
        if draft.category_id is not None:
            books.find(Category, draft.category_id, "categoryId")
        full = replace(draft, currency=draft.currency or _currency(books, draft, applied))
        payment, recorded = _recorded(books, full)
        changes = list(recorded)
        holder = payment
        for index, application in enumerate(applied):
            path = f"applications[{index}]"
            document = holder_of(books, application.document_id, f"{path}.documentId")
            known = latest(changes, document)
            step = at(path, _applied, books, holder, known, application)
            changes += step
            holder = latest(changes, holder)
        return Decision(tuple(changes), payment.id)

    ids = [draft.contact_id, draft.category_id]
    ids += [application.document_id for application in applied]
    named = external("pay_", {"external_id": draft.external_id})
    asked = partial(renamed, {"date": "paymentDate"}, decide)
    return Command(asked, wants=wants(ids, external_ids=named))


def apply(from_id: str, to_id: str, amount: Number | None, on: date | None) -> Command:
    """Set a credit (a payment, a credit note, a direct entry) against what is owed."""

    def decide(books: Books) -> Decision:
        source = holder_of(books, from_id, "creditId")
        target = holder_of(books, to_id, "documentId")
        step = _applied(books, source, target, DraftApplication(to_id, amount), on)
        (made,) = (c.after for c in step if isinstance(c.after, Application))
        return Decision(tuple(step), made.id)

    return Command(decide, wants=wants([from_id, to_id]))


def unapply(application_id: str, on: date | None) -> Command:
    """Take an application back."""

    def decide(books: Books) -> Decision:
        application = books.find(Application, application_id, "id", in_path=True)
        changes = taken_back(books, [], application, on)
        return Decision(tuple(changes), application.id)

    def refers(books: Books) -> Wants:
        found = books.all(Application).get(application_id)
        return Wants() if found is None else ends_of(found)

    return Command(decide, wants=wants([application_id]), then=refers)


def void_payment(payment_id: str, *, on: date | None, reason: str | None) -> Command:
    """Void a payment: take back its applications, and reverse its transaction."""

    def decide(books: Books) -> Decision:
        payment = books.find(Payment, payment_id, "id", in_path=True)
        changes: list[Change] = []
        for application in in_force(books, payment_id):
            changes += taken_back(books, changes, application, on)
        holder = latest(changes, payment)
        original = known_transaction(books, payment.transaction_id)
        if original is None:
            raise unknown_transaction(payment.transaction_id)
        reversal_id = books.mint("txn_")
        voided, reversed_, reversal = void(
            books.occasion, holder, original, day=on, reason=reason, reversal_id=reversal_id
        )
        changes += [
            Change("voided", holder, voided),
            Change("posted", None, reversal),
            Change("reversed", original, reversed_),
        ]
        return Decision(tuple(changes), payment.id)

    def refers(books: Books) -> Wants:
        payment = books.all(Payment).get(payment_id)
        found = Wants() if payment is None else wants([payment.transaction_id])
        for application in in_force(books, payment_id):
            found |= ends_of(application)
        return found

    asked = partial(renamed, {"date": "voidedOn"}, decide)
    return Command(asked, wants=wants([payment_id], applications=[payment_id]), then=refers)


def refund(credit_id: str, draft: DraftPayment) -> Command:
    """Pay a credit back: a payment the other way, against which the credit is set."""

    def decide(books: Books) -> Decision:
        source = holder_of(books, credit_id, "creditId")
        item = item_of(source, "creditId")
        way = settling_direction(item.side)
        other = Direction.PAID if way is Direction.RECEIVED else Direction.RECEIVED
        full = replace(
            draft,
            side=item.side,
            direction=other,
            contact_id=item.contact_id,
            currency=item.currency,
        )
        payment, changes = _recorded(books, full)
        step = set_against(books, source, payment, payment.item.amount)
        return Decision((*changes, *step), payment.id)

    def refers(books: Books) -> Wants:
        fact = books.found.facts.get(credit_id)
        has_item = isinstance(fact, Document | Payment | OpenItem)
        return wants([_contact_of(fact)]) if has_item else Wants()

    named = external("pay_", {"external_id": draft.external_id})
    asked = partial(renamed, {"date": "paymentDate"}, decide)
    return Command(asked, wants=wants([credit_id], external_ids=named), then=refers)


def _contact_of(fact: Fact | None) -> str | None:
    return fact.contact_id if isinstance(fact, Document | Payment | OpenItem) else None


def _currency(books: Books, draft: DraftPayment, applied: Sequence[DraftApplication]) -> str:
    """That of the first document which is paid, else the contact's, else the organization's."""
    first = books.found.facts.get(applied[0].document_id) if applied else None
    if isinstance(first, Document | Payment | OpenItem):
        return first.item.currency if isinstance(first, Payment) else first.currency
    contact = books.find(Contact, draft.contact_id, "contactId")
    return contact.currency or books.organization.base_currency


def _recorded(books: Books, draft: DraftPayment) -> tuple[Payment, tuple[Change, Change]]:
    contact = books.find(Contact, draft.contact_id, "contactId")
    ids = (books.mint("pay_"), books.mint("txn_"))
    payment, posted = record(books.occasion, contact, draft, ids=ids)
    books.require_free("pay_", payment.external_id)
    return payment, (Change("posted", None, posted), Change("created", None, payment))


def _applied(
    books: Books,
    source: Holder,
    target: Holder,
    application: DraftApplication,
    on: date | None = None,
) -> list[Change]:
    from_item, to_item = item_of(source, "creditId"), item_of(target, "documentId")
    if application.amount is None:
        amount = min(-from_item.open_amount, to_item.open_amount)
    else:
        unit = CURRENCIES[to_item.currency]
        amount = at("amount", parse_amount, application.amount, unit)
    return set_against(books, source, target, amount, on)
