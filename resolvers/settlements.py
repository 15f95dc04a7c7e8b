"""Payments and credits: recorded, applied, taken back, voided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TypeVar

from ledger.categories import Category
from ledger.contacts import Contact
from ledger.currencies import CURRENCIES
from ledger.documents import Document, DocumentKind, Phase
from ledger.errors import LedgerError, Reason, at
from ledger.events import Change, Fact
from ledger.money import parse_amount
from ledger.open_items import Application, OpenItem
from ledger.paying import DraftPayment, Number, record, settling_direction, void
from ledger.payments import Direction, Payment
from ledger.settling import Settled, apply_credit, earliest_day, overpaid, take_back
from ledger.transactions import Transaction
from resolvers.books import Books, Command, Decision, unknown
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
        item = _open_item(document, "id")
        full = replace(draft, contact_id=document.contact_id, currency=document.currency)
        payment, changes = _recorded(books, full)
        available = -payment.item.amount
        if available > item.open_amount and not allow_overpayment:
            raise overpaid(item, available)
        amount = min(available, item.open_amount)
        return Decision((*changes, *_set_against(books, payment, document, amount)), payment.id)

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
            document = _holder(books, application.document_id, f"{path}.documentId")
            known = _latest(changes, document)
            step = at(path, _applied, books, holder, known, application)
            changes += step
            holder = _latest(changes, holder)
        return Decision(tuple(changes), payment.id)

    ids = [draft.contact_id, draft.category_id]
    ids += [application.document_id for application in applied]
    named = external("pay_", {"external_id": draft.external_id})
    asked = partial(renamed, {"date": "paymentDate"}, decide)
    return Command(asked, wants=wants(ids, external_ids=named))


def apply(from_id: str, to_id: str, amount: Number | None, on: date | None) -> Command:
    """Set a credit (a payment, a credit note, a direct entry) against what is owed."""

    def decide(books: Books) -> Decision:
        source = _holder(books, from_id, "creditId")
        target = _holder(books, to_id, "documentId")
        step = _applied(books, source, target, DraftApplication(to_id, amount), on)
        (made,) = (c.after for c in step if isinstance(c.after, Application))
        return Decision(tuple(step), made.id)

    return Command(decide, wants=wants([from_id, to_id]))


def unapply(application_id: str, on: date | None) -> Command:
    """Take an application back."""

    def decide(books: Books) -> Decision:
        application = books.find(Application, application_id, "id", in_path=True)
        changes = _taken_back(books, [], application, on)
        return Decision(tuple(changes), application.id)

    def refers(books: Books) -> Wants:
        found = books.all(Application).get(application_id)
        return Wants() if found is None else _ends(found)

    return Command(decide, wants=wants([application_id]), then=refers)


def void_payment(payment_id: str, *, on: date | None, reason: str | None) -> Command:
    """Void a payment: take back its applications, and reverse its transaction."""

    def decide(books: Books) -> Decision:
        payment = books.find(Payment, payment_id, "id", in_path=True)
        changes: list[Change] = []
        for application in _in_force(books, payment_id):
            changes += _taken_back(books, changes, application, on)
        holder = _latest(changes, payment)
        original = books.all(Transaction)[payment.transaction_id]
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
        for application in _in_force(books, payment_id):
            found |= _ends(application)
        return found

    asked = partial(renamed, {"date": "voidedOn"}, decide)
    return Command(asked, wants=wants([payment_id], applications=[payment_id]), then=refers)


def refund(credit_id: str, draft: DraftPayment) -> Command:
    """Pay a credit back: a payment the other way, against which the credit is set."""

    def decide(books: Books) -> Decision:
        source = _holder(books, credit_id, "creditId")
        item = _item(source, "creditId")
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
        step = _set_against(books, source, payment, payment.item.amount)
        return Decision((*changes, *step), payment.id)

    def refers(books: Books) -> Wants:
        fact = books.found.facts.get(credit_id)
        has_item = isinstance(fact, Document | Payment | OpenItem)
        return wants([_contact_of(fact)]) if has_item else Wants()

    named = external("pay_", {"external_id": draft.external_id})
    asked = partial(renamed, {"date": "paymentDate"}, decide)
    return Command(asked, wants=wants([credit_id], external_ids=named), then=refers)


Holder = Document | Payment | OpenItem
"""What has an open item, or is one."""

H = TypeVar("H", Document, Payment, OpenItem, Document | Payment | OpenItem)


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


def _holder(books: Books, key: str, field: str) -> Holder:
    fact = books.found.facts.get(key)
    if isinstance(fact, Document | Payment | OpenItem):
        return fact
    raise unknown("document, payment or open entry", key, field, in_path=False)


def _item(holder: Holder, field: str) -> OpenItem:
    return holder if isinstance(holder, OpenItem) else _open_item(holder, field)


def _open_item(holder: Document | Payment, field: str) -> OpenItem:
    """What is open of a document or payment that counts; `field` is the argument that names it."""
    item = holder.item
    if item is not None and item.ended_on is None:
        return item
    is_draft = isinstance(holder, Document) and holder.phase is Phase.DRAFT
    raise LedgerError(
        Reason.WRONG_STATUS,
        f"{holder.id} is {'a draft' if is_draft else 'cancelled or voided'}: nothing can be "
        "settled with it.",
        "Issue it first." if is_draft else "Use another one.",
        {"id": holder.id},
        field,
    )


def _applied(
    books: Books,
    source: Holder,
    target: Holder,
    application: DraftApplication,
    on: date | None = None,
) -> list[Change]:
    from_item, to_item = _item(source, "creditId"), _item(target, "documentId")
    if application.amount is None:
        amount = min(-from_item.open_amount, to_item.open_amount)
    else:
        unit = CURRENCIES[to_item.currency]
        amount = at("amount", parse_amount, application.amount, unit)
    return _set_against(books, source, target, amount, on)


def _set_against(
    books: Books, source: Holder, target: Holder, amount: int, on: date | None = None
) -> list[Change]:
    """The changes by which a part of a credit is set against what is owed."""
    from_item, to_item = _item(source, "creditId"), _item(target, "documentId")
    settled = apply_credit(
        books.occasion,
        from_item,
        to_item,
        amount=amount,
        day=on or earliest_day(from_item, to_item),
        ids=(books.mint("app_"), books.mint("txn_")),
    )
    return _changes(source, target, settled, "created", settled.difference)


def _changes(
    source: Holder, target: Holder, settled: Settled, verb: str, posted: Transaction | None
) -> list[Change]:
    after = _with_item(target, settled.to_item)
    found = [] if posted is None else [Change("posted", None, posted)]
    return [
        *found,
        Change("applied", source, _with_item(source, settled.from_item)),
        Change(_happened(settled), target, after),
        Change(verb, None, settled.application),
    ]


def _happened(settled: Settled) -> str:
    """What a settlement means for what was owed, as events say it."""
    if settled.to_item.open_amount == 0:
        return "paid"
    is_credit = settled.application.from_id.startswith("crn_")
    return "credited" if is_credit else "partially_paid"


def _with_item(holder: Holder, item: OpenItem) -> Holder:
    return item if isinstance(holder, OpenItem) else replace(holder, item=item)


def _in_force(books: Books, key: str) -> list[Application]:
    """The applications of an open item that were not taken back."""
    found = books.all(Application).values()
    return [a for a in found if a.ended_on is None and key in {a.from_id, a.to_id}]


def _ends(application: Application) -> Wants:
    return wants([application.from_id, application.to_id, application.transaction_id])


def _taken_back(
    books: Books, before: Sequence[Change], application: Application, on: date | None
) -> list[Change]:
    """The changes by which an application is taken back, after those of the same command."""
    source = _latest(before, _holder(books, application.from_id, "id"))
    target = _latest(before, _holder(books, application.to_id, "id"))
    difference = known_transaction(books, application.transaction_id)
    settled, reversal = take_back(
        books.occasion,
        application,
        _item(source, "id"),
        _item(target, "id"),
        difference=difference,
        day=on,
        reversal_id=books.mint("txn_"),
    )
    changes = [
        Change("unapplied", source, _with_item(source, settled.from_item)),
        Change("unapplied", target, _with_item(target, settled.to_item)),
        Change("ended", application, settled.application),
    ]
    if reversal is not None:
        changes.insert(0, Change("posted", None, reversal))
        changes.insert(1, Change("reversed", difference, settled.difference))
    return changes


def _latest(changes: Sequence[Change], holder: H) -> H:
    """A fact as the changes of the same command have left it."""
    for change in reversed(changes):
        after = change.after
        if isinstance(after, type(holder)) and after.id == holder.id:
            return after
    return holder
