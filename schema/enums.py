"""The ledger's closed lists as the API's enums."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry

from ledger.accounts import AccountStatus, AccountType, EntryType, Subtype
from ledger.aging import AgingBy
from ledger.categories import CategoryType
from ledger.contact_statement import MovementKind
from ledger.contacts import ContactType
from ledger.document_settings import Paper, Rounding
from ledger.items import ItemType
from ledger.jobs import JobPriority as _Priority
from ledger.jobs import JobState, Queue
from ledger.lifecycle import DocumentStatus
from ledger.open_items import Side
from ledger.payments import Direction
from ledger.taxes import TaxType
from ledger.transactions import TransactionKind, TransactionStatus, TransactionType


def _statuses(name: str, text: str, *members: DocumentStatus) -> Any:
    """The statuses that a kind of document can be shown with."""
    make: Any = Enum
    made = make(name, {member.name: member.value for member in members})
    made.__doc__ = text
    return made


_S = DocumentStatus
InvoiceStatus: Any = _statuses(
    "InvoiceStatus",
    "The status of an invoice: the first that holds, from the last here to the first.",
    *(_S.DRAFT, _S.SENT, _S.VIEWED, _S.PARTIAL, _S.OVERDUE, _S.PAID, _S.CANCELLED),
)
BillStatus: Any = _statuses(
    "BillStatus",
    "The status of a bill: the first that holds, from the last here to the first.",
    *(_S.DRAFT, _S.RECEIVED, _S.PARTIAL, _S.OVERDUE, _S.PAID, _S.CANCELLED),
)
CreditNoteStatus: Any = _statuses(
    "CreditNoteStatus",
    "The status of a credit note: the first that holds, from the last here to the first.",
    *(_S.DRAFT, _S.ISSUED, _S.PARTIAL, _S.APPLIED, _S.CANCELLED),
)

_make: Any = Enum
JobPriority: Any = _make("JobPriority", {each.name: each.name.lower() for each in _Priority})
JobPriority.__doc__ = _Priority.__doc__

for _name, _kind in {
    "AccountType": AccountType,
    "AccountStatus": AccountStatus,
    "AccountSubtype": Subtype,
    "EntryType": EntryType,
    "TransactionStatus": TransactionStatus,
    "TransactionKind": TransactionKind,
    "TransactionType": TransactionType,
    "ContactType": ContactType,
    "CategoryType": CategoryType,
    "ItemType": ItemType,
    "TaxType": TaxType,
    "LedgerSide": Side,
    "PaymentDirection": Direction,
    "TaxRounding": Rounding,
    "PaperSize": Paper,
    "AgingBy": AgingBy,
    "MovementKind": MovementKind,
    "JobState": JobState,
    "JobPriority": JobPriority,
    "JobQueue": Queue,
    "InvoiceStatus": InvoiceStatus,
    "BillStatus": BillStatus,
    "CreditNoteStatus": CreditNoteStatus,
}.items():
    strawberry.enum(_kind, name=_name, description=_kind.__doc__)

__all__ = [
    "AccountStatus",
    "AccountType",
    "AgingBy",
    "BillStatus",
    "CategoryType",
    "ContactType",
    "CreditNoteStatus",
    "Direction",
    "EntryType",
    "InvoiceStatus",
    "ItemType",
    "JobPriority",
    "JobState",
    "MovementKind",
    "Paper",
    "Queue",
    "Rounding",
    "Side",
    "Subtype",
    "TaxType",
    "TransactionKind",
    "TransactionStatus",
    "TransactionType",
]
