"""Direct items: entries on a control account that no document or payment stands behind.

An entry of a transaction with a contact is an open item, like an invoice or a payment: it appears
in aging and statements, and can be set against others. Without a contact it is nobody's.
"""

from __future__ import annotations

from ledger import ids
from ledger.accounts import Role
from ledger.chart import Chart
from ledger.open_items import Due, OpenItem, Side
from ledger.transactions import Transaction, TransactionKind

_SIDES = {Role.RECEIVABLE: Side.RECEIVABLE, Role.PAYABLE: Side.PAYABLE}


def control_entries(chart: Chart, transaction: Transaction) -> dict[str, Side]:
    """The entries on control accounts, by the id of their open item, with the side of each."""
    found = {}
    for position, entry in enumerate(transaction.entries):
        role = chart.by_id[entry.account_id].role
        if role in _SIDES:
            found[ids.entry_id(transaction.id, position)] = _SIDES[role]
    return found


def items_of(chart: Chart, transaction: Transaction) -> list[OpenItem]:
    """The open items that a transaction makes when it is posted.

    A reversal makes none: it ends those of its original.
    """
    is_reversal = transaction.kind is TransactionKind.REVERSAL
    if transaction.contact_id is None or transaction.source_id is not None or is_reversal:
        return []
    sides = control_entries(chart, transaction)
    found = []
    for position, entry in enumerate(transaction.entries):
        key = ids.entry_id(transaction.id, position)
        if key not in sides:
            continue
        sign = 1 if entry.entry_type is sides[key].grows_by else -1
        is_owed = sign > 0
        found.append(
            OpenItem(
                organization_id=transaction.organization_id,
                id=key,
                side=sides[key],
                contact_id=transaction.contact_id,
                date=transaction.date,
                document_date=transaction.date,
                currency=entry.currency,
                amount=sign * entry.amount,
                base_amount=sign * entry.base_amount,
                open_amount=sign * entry.amount,
                open_base=sign * entry.base_amount,
                created_at=transaction.updated_at,
                dues=(Due(transaction.date, entry.amount),) if is_owed else (),
                next_due=transaction.date if is_owed else None,
                touched_on=transaction.date,
            )
        )
    return found
