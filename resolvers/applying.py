"""Setting a credit against what is owed, and taking that back: which changes it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from ledger.documents import Document, Phase
from ledger.errors import LedgerError, Reason
from ledger.events import Change
from ledger.open_items import Application, OpenItem
from ledger.payments import Payment
from ledger.settling import Settled, apply_credit, earliest_day, take_back
from resolvers.books import Books, unknown
from resolvers.document_drafts import known_transaction
from resolvers.wants import Wants, wants

Holder = Document | Payment | OpenItem
"""What has an open item, or is one."""

H = TypeVar("H", Document, Payment, OpenItem, Document | Payment | OpenItem)


def holder_of(books: Books, key: str, field: str) -> Holder:
    """What was asked for by the id of its open item; `field` is the argument that names it."""
    fact = books.found.facts.get(key)
    if isinstance(fact, Document | Payment | OpenItem):
        return fact
    raise unknown("document, payment or open entry", key, field, in_path=False)


def item_of(holder: Holder, field: str) -> OpenItem:
    """The open item of what counts, or `wrong_status` for the argument that names it."""
    return holder if isinstance(holder, OpenItem) else open_item_of(holder, field)


def open_item_of(holder: Document | Payment, field: str) -> OpenItem:
    """The same of a document or payment."""
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


def set_against(
    books: Books, source: Holder, target: Holder, amount: int, on: date | None = None
) -> list[Change]:
    """The changes by which a part of a credit is set against what is owed."""
    from_item, to_item = item_of(source, "creditId"), item_of(target, "documentId")
    settled = apply_credit(
        books.occasion,
        from_item,
        to_item,
        amount=amount,
        day=on or earliest_day(from_item, to_item),
        ids=(books.mint("app_"), books.mint("txn_")),
    )
    posted = settled.difference
    return [
        *([] if posted is None else [Change("posted", None, posted)]),
        Change("applied", source, _with_item(source, settled.from_item)),
        Change(_happened(settled), target, _with_item(target, settled.to_item)),
        Change("created", None, settled.application),
    ]


def _happened(settled: Settled) -> str:
    """What a settlement means for what was owed, as events say it."""
    if settled.to_item.open_amount == 0:
        return "paid"
    is_credit = settled.application.from_id.startswith("crn_")
    return "credited" if is_credit else "partially_paid"


def _with_item(holder: Holder, item: OpenItem) -> Holder:
    return item if isinstance(holder, OpenItem) else replace(holder, item=item)


def in_force(books: Books, key: str) -> list[Application]:
    """The applications of an open item that were not taken back."""
    found = books.all(Application).values()
    return [a for a in found if a.ended_on is None and key in {a.from_id, a.to_id}]


def ends_of(application: Application) -> Wants:
    """What taking an application back needs: both its ends, and its exchange difference."""
    return wants([application.from_id, application.to_id, application.transaction_id])


def taken_back(
    books: Books, before: Sequence[Change], application: Application, on: date | None
) -> list[Change]:
    """The changes by which an application is taken back, after those of the same command."""
    source = latest(before, holder_of(books, application.from_id, "id"))
    target = latest(before, holder_of(books, application.to_id, "id"))
    difference = known_transaction(books, application.transaction_id)
    settled, reversal = take_back(
        books.occasion,
        application,
        item_of(source, "id"),
        item_of(target, "id"),
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


def latest(changes: Sequence[Change], holder: H) -> H:
    """A fact as the changes of the same command have left it."""
    for change in reversed(changes):
        after = change.after
        if isinstance(after, type(holder)) and after.id == holder.id:
            return after
    return holder
