"""The ledger's closed lists as the API's enums."""

from __future__ import annotations

import strawberry

from ledger.accounts import AccountStatus, AccountType, EntryType, Subtype
from ledger.aging import AgingBy
from ledger.categories import CategoryType
from ledger.contact_statement import MovementKind
from ledger.contacts import ContactType
from ledger.document_settings import Paper, Rounding
from ledger.items import ItemType
from ledger.open_items import Side
from ledger.payments import Direction
from ledger.taxes import TaxType
from ledger.transactions import TransactionKind, TransactionStatus

for _name, _kind in {
    "AccountType": AccountType,
    "AccountStatus": AccountStatus,
    "AccountSubtype": Subtype,
    "EntryType": EntryType,
    "TransactionStatus": TransactionStatus,
    "TransactionKind": TransactionKind,
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
}.items():
    strawberry.enum(_kind, name=_name, description=_kind.__doc__)

__all__ = [
    "AccountStatus",
    "AccountType",
    "AgingBy",
    "CategoryType",
    "ContactType",
    "Direction",
    "EntryType",
    "ItemType",
    "MovementKind",
    "Paper",
    "Rounding",
    "Side",
    "Subtype",
    "TaxType",
    "TransactionKind",
    "TransactionStatus",
]
