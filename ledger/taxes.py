"""Tax rates: what is charged on a line, for whom, and where it is posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class TaxType(StrEnum):
    """What kind of tax a rate is."""

    SALES_TAX = "sales_tax"
    VAT = "vat"
    EXCISE = "excise"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TaxComponent:
    """A part of a tax rate: `percent` of the net amount with up to four decimals.

    A compound part is charged on the net amount together with the parts before it. Without an
    account of its own it is posted to the rate's, without that to the tax account. A part that is
    not recoverable is part of the cost when we buy.
    """

    name: str
    percent: Decimal
    is_compound: bool = False
    is_recoverable: bool = True
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A rate as lines name it: one component or several.

    `is_inclusive` says that prices of lines with it contain the tax already, unless the document
    says otherwise. A reverse charge is owed by the buyer: on a bill it is posted on both sides and
    not part of the total, on an invoice nothing is charged.
    """

    organization_id: str
    id: str
    name: str
    type: TaxType
    components: tuple[TaxComponent, ...]
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    is_inclusive: bool = False
    is_reverse_charge: bool = False
    account_id: str | None = None
    is_active: bool = True
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
