"""The ledger's closed lists as the API's enums."""

from __future__ import annotations

import strawberry

from ledger.accounts import AccountStatus, AccountType, EntryType, Subtype
from ledger.transactions import TransactionKind, TransactionStatus

for _name, _kind in {
    "AccountType": AccountType,
    "AccountStatus": AccountStatus,
    "AccountSubtype": Subtype,
    "EntryType": EntryType,
    "TransactionStatus": TransactionStatus,
    "TransactionKind": TransactionKind,
}.items():
    strawberry.enum(_kind, name=_name, description=_kind.__doc__)

__all__ = [
    "AccountStatus",
    "AccountType",
    "EntryType",
    "Subtype",
    "TransactionKind",
    "TransactionStatus",
]
