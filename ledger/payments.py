"""Payments: money from a contact or to one, and against what it was set.

A payment is posted when it is recorded and is an open item at once; applications then set parts
of it against documents. What is not applied stays the contact's credit on the control account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ledger.open_items import Day, OpenItem, Side


class Direction(StrEnum):
    """Which way the money went."""

    RECEIVED = "received"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Deduction:
    """What settles a part without money: a discount, a fee, a withholding, a write-off."""

    account_id: str
    amount: int
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money from or to a contact, in minor units of `currency`; `account_id` took or gave it.

    Received on the receivable side or paid on the payable side it settles documents; the other
    way round it is a refund. With the deductions it settles `amount` + their sum.
    """

    organization_id: str
    id: str
    side: Side
    direction: Direction
    contact_id: str
    date: Day
    currency: str
    amount: int
    base_amount: int
    account_id: str
    transaction_id: str
    item: OpenItem
    created_at: datetime
    updated_at: datetime
    exchange_rate: Decimal | None = None
    deductions: tuple[Deduction, ...] = ()
    method: str | None = None
    reference: str | None = None
    notes: str | None = None
    voided_on: Day | None = None
    voiding_transaction_id: str | None = None
    void_reason: str | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
