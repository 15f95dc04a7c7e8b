"""From a step of the demo company's story to the command that a caller would give for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from entrypoints.demo.catalogue import CATEGORY_OF, GOODS
from entrypoints.demo.figures import Line, decimal_text
from entrypoints.demo.steps import (
    DISCOUNTS,
    Applied,
    Cancelled,
    Carried,
    Entered,
    Issued,
    Paid,
    Reversed,
    Row,
    Step,
    Viewed,
)
from ledger.accounts import EntryType
from ledger.document_drafting import DocumentDraft
from ledger.documents import DocumentKind
from ledger.line_drafting import LineDraft
from ledger.open_items import Side
from ledger.paying import DraftDeduction, DraftPayment
from ledger.payments import Direction
from ledger.transactions import Draft, DraftEntry, TransactionKind
from resolvers import documents, settlements, transactions, viewing
from resolvers.books import Command

Ids = Mapping[str, str]
"""The ids of all that a step names: accounts by code, the rest by keys, numbers, references."""

Named = tuple[str, Command]
"""An operation and its command."""

_NOUN = {
    DocumentKind.INVOICE: "invoice",
    DocumentKind.BILL: "bill",
    DocumentKind.CREDIT_NOTE: "credit_note",
    DocumentKind.VENDOR_CREDIT: "credit_note",
}


def command_of(step: Step, ids: Ids) -> Named:
    """The operation that a step is, and its command."""
    return _WAYS[type(step)](step, ids)


def _enter(step: Entered, ids: Ids) -> Named:
    draft = _entered(step, ids)
    return "create_transaction", transactions.create(draft, post=step.is_posted)


def _reverse(step: Reversed, ids: Ids) -> Named:
    key, reason = ids[step.reference], step.reason
    return "reverse_transaction", transactions.reverse(key, on=step.date, reason=reason)


def _issue(step: Issued, ids: Ids) -> Named:
    draft = _document(step, ids)
    return f"create_{_NOUN[step.kind]}", documents.create(draft, issue=not step.is_draft)


def _apply(step: Applied, ids: Ids) -> Named:
    pair = ids[step.credit], ids[step.document]
    return "apply_credit", settlements.apply(*pair, decimal_text(step.cents, 2), step.date)


def _cancel(step: Cancelled, ids: Ids) -> Named:
    key, reason = ids[step.name], step.reason
    command = documents.cancel(key, step.kind, on=step.date, reason=reason)
    return f"cancel_{_NOUN[step.kind]}", command


def _view(step: Viewed, ids: Ids) -> Named:
    return "view_document", viewing.view(ids[step.name])


def _entered(step: Entered, ids: Ids) -> Draft:
    return Draft(
        description=step.told,
        date=step.date,
        entries=[_entry(line, ids) for line in step.lines],
        reference=step.reference,
        payment_method=step.method,
        kind=TransactionKind(step.kind),
        contact_id=None if step.contact is None else ids[step.contact],
        type=step.type,
    )


def _entry(line: Line, ids: Ids) -> DraftEntry:
    category = CATEGORY_OF.get(line.code)
    return DraftEntry(
        account_id=ids[line.code],
        entry_type=EntryType(line.side),
        amount=decimal_text(line.amount, 2),
        currency=line.currency,
        description=line.note,
        category_id=None if category is None else ids[category],
    )


def _carry(step: Carried, ids: Ids) -> Named:
    draft = documents.opening_draft(
        step.kind,
        ids[step.contact],
        step.dated,
        decimal_text(step.total, 2),
        f"{step.kind.value.capitalize()} {step.name}",
        due_date=step.due,
        currency=step.currency,
        exchange_rate=_rate(step.rate),
    )
    operation = f"create_opening_{_NOUN[step.kind]}"
    return operation, documents.open_existing(draft, posted_on=step.date, number=step.name)


def _document(step: Issued, ids: Ids) -> DocumentDraft:
    is_ours = step.kind in {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE}
    return DocumentDraft(
        kind=step.kind,
        contact_id=ids[step.contact],
        date=step.date,
        lines=[_line(row, ids) for row in step.rows],
        due_date=step.due,
        currency=step.currency,
        exchange_rate=_rate(step.rate),
        number=None if is_ours else step.name,
        order_number=step.order,
        notes=step.notes,
        corrects_id=None if step.corrects is None else ids[step.corrects],
    )


def _line(row: Row, ids: Ids) -> LineDraft:
    """A line that leaves to its item what the item says."""
    is_said = row.item is not None and GOODS[row.item].account == row.account
    category = CATEGORY_OF.get(row.account)
    return LineDraft(
        description=row.told,
        quantity=row.quantity,
        unit_price=decimal_text(row.price, 2),
        account_id=None if is_said else ids[row.account],
        tax_rate_id="" if row.tax is None else ids[row.tax],
        item_id=None if row.item is None else ids[row.item],
        category_id=None if category is None else ids[category],
        discount_percent=row.discount or None,
    )


def _pay(step: Paid, ids: Ids) -> Named:
    """The short form for a single document, else a payment of several or of none yet."""
    is_sale = step.kind is DocumentKind.INVOICE
    draft = DraftPayment(
        side=Side.RECEIVABLE if is_sale else Side.PAYABLE,
        direction=Direction.RECEIVED if is_sale else Direction.PAID,
        contact_id=ids[step.contact],
        date=step.date,
        amount=decimal_text(step.cents, 2),
        currency=step.currency,
        exchange_rate=_rate(step.rate),
        deductions=_deductions(step, ids),
        method=step.method,
        reference=step.name,
        notes=step.notes,
    )
    if len(step.parts) == 1:
        key, too_much = ids[step.parts[0].document], step.cents > step.parts[0].cents
        command = settlements.record_payment(key, step.kind, draft, allow_overpayment=too_much)
        return f"record_{_NOUN[step.kind]}_payment", command
    applied = [
        settlements.DraftApplication(ids[part.document], decimal_text(part.cents, 2))
        for part in step.parts
    ]
    return "create_payment", settlements.create_payment(draft, applied)


def _deductions(step: Paid, ids: Ids) -> list[DraftDeduction]:
    if not step.deducted:
        return []
    amount = decimal_text(step.deducted, 2)
    return [DraftDeduction(ids[DISCOUNTS], amount, "2 % for payment within 10 days")]


def _rate(rate: int | None) -> str | None:
    return None if rate is None else decimal_text(rate, 4)


_WAYS: Mapping[type[Step], Callable[[Any, Ids], Named]] = {
    Entered: _enter,
    Reversed: _reverse,
    Carried: _carry,
    Issued: _issue,
    Paid: _pay,
    Applied: _apply,
    Cancelled: _cancel,
    Viewed: _view,
}
