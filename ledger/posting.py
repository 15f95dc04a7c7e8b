"""Posting: the life of a transaction once it is drawn up.

    pending -> posted -> (reversed)
       |  ^
       v  |
      failed

Of a posted transaction date, currency, entries and amounts never change. A reversal is a
second posted transaction with the sides exchanged, linked to the first, made once, and never
of a reversal.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from ledger import texts
from ledger.chart import Chart
from ledger.dates import require_business_date
from ledger.errors import LedgerError, Reason
from ledger.facts import changed
from ledger.organizations import Organization
from ledger.transactions import Entry, Transaction, TransactionKind, TransactionStatus

_EDITABLE = (TransactionStatus.PENDING, TransactionStatus.FAILED)


def post(
    organization: Organization, chart: Chart, transaction: Transaction, now: datetime
) -> Transaction:
    """The transaction as posted, but for its journal number; or why it cannot be."""
    require_editable(transaction, "posted")
    organization.require_open(transaction.date)
    require_active_accounts(chart, transaction.entries)
    return changed(
        transaction,
        status=TransactionStatus.POSTED,
        posted_at=now,
        updated_at=now,
        fiscal_year=organization.fiscal_year(transaction.date),
        failure_reason=None,
        failure_message=None,
        version=transaction.version + (transaction.updated_at != now),
    )


def fail(transaction: Transaction, refusal: LedgerError, now: datetime) -> Transaction:
    """The transaction with the reason why it could not be posted; it may be edited and retried."""
    require_editable(transaction, "marked as failed")
    return replace(
        transaction,
        status=TransactionStatus.FAILED,
        failure_reason=refusal.reason.slug,
        failure_message=refusal.message,
        updated_at=now,
        version=transaction.version + 1,
    )


def amend(before: Transaction, after: Transaction, now: datetime) -> Transaction:
    """A pending or failed transaction with new contents; it is pending again."""
    require_editable(before, "changed")
    if before.external_id is not None and after.external_id != before.external_id:
        raise LedgerError(
            Reason.FROZEN,
            "An external id is permanent once given.",
            "Leave externalId out of the update.",
            {"external_id": before.external_id},
            "externalId",
        )
    return replace(
        after,
        created_at=before.created_at,
        created_by=before.created_by,
        updated_at=now,
        version=before.version + 1,
    )


def reverse(
    organization: Organization,
    chart: Chart,
    original: Transaction,
    *,
    reversal_id: str,
    now: datetime,
    on: date | None = None,
    reason: str | None = None,
) -> tuple[Transaction, Transaction]:
    """The original as reversed, and the posted transaction that offsets it.

    Its date is the one given, else the later of today and the original's.
    """
    _require_reversible(original)
    today = organization.today(now)
    day = require_business_date(on or max(today, original.date), "reversalDate")
    if day < original.date:
        raise LedgerError(
            Reason.REVERSAL_BEFORE_ORIGINAL,
            f"A transaction of {original.date} cannot be reversed on {day}, before it happened.",
            f"Use {original.date} or a later date.",
            {"date": str(original.date), "reversal_date": str(day)},
            "reversalDate",
        )
    organization.require_open(day, "reversalDate")
    require_active_accounts(chart, original.entries)
    reason = texts.clean_optional(reason, "reason", texts.DESCRIPTION_LENGTH)
    reversal = Transaction(
        organization_id=original.organization_id,
        id=reversal_id,
        date=day,
        description=f"Reversal of: {original.description}"[: texts.DESCRIPTION_LENGTH],
        entries=tuple(_offset(entry) for entry in original.entries),
        currency=original.currency,
        amount=original.amount,
        base_amount=original.base_amount,
        created_at=now,
        updated_at=now,
        status=TransactionStatus.POSTED,
        kind=TransactionKind.REVERSAL,
        closing=original.closing,
        reference=original.reference,
        fiscal_year=organization.fiscal_year(day),
        posted_at=now,
        reversal_of=original.id,
        reversal_reason=reason,
        contact_id=original.contact_id,
        category_id=original.category_id,
        source_id=original.source_id,
    )
    reversed_original = replace(
        original,
        status=TransactionStatus.REVERSED,
        reversed_by=reversal_id,
        reversal_reason=reason,
    )
    return reversed_original, reversal


def require_editable(transaction: Transaction, done: str) -> None:
    """Raise `wrong_status` unless the transaction is pending or failed."""
    if transaction.status in _EDITABLE:
        return
    raise LedgerError(
        Reason.WRONG_STATUS,
        f"Transaction {transaction.id} is {transaction.status.value} and cannot be {done}.",
        "Reverse it and enter a new one."
        if transaction.status is TransactionStatus.POSTED
        else "It is final; enter a new one.",
        {"transaction_id": transaction.id, "status": transaction.status.value},
        "id",
    )


def require_active_accounts(chart: Chart, entries: tuple[Entry, ...]) -> None:
    """Raise `account_inactive` when an entry's account takes none."""
    for index, entry in enumerate(entries):
        try:
            chart.find(entry.account_id, "accountId").require_active("accountId")
        except LedgerError as error:
            raise error.inside(f"entries[{index}]") from None


def _require_reversible(original: Transaction) -> None:
    if original.reversed_by is not None:
        raise LedgerError(
            Reason.ALREADY_REVERSED,
            f"Transaction {original.id} is already reversed, by {original.reversed_by}.",
            "Nothing is left to do; a reversal happens once.",
            {"transaction_id": original.id, "reversal_id": original.reversed_by},
            "id",
        )
    if original.kind is TransactionKind.REVERSAL:
        raise LedgerError(
            Reason.WRONG_STATUS,
            f"Transaction {original.id} is itself a reversal and cannot be reversed.",
            "Enter the original again as a new transaction.",
            {"transaction_id": original.id, "reversal_of": original.reversal_of},
            "id",
        )
    if original.status is not TransactionStatus.POSTED:
        raise LedgerError(
            Reason.WRONG_STATUS,
            f"Transaction {original.id} is {original.status.value}; only a posted one is reversed.",
            "Edit or delete it instead.",
            {"transaction_id": original.id, "status": original.status.value},
            "id",
        )


def _offset(entry: Entry) -> Entry:
    return replace(entry, entry_type=entry.entry_type.opposite)
