"""Tax rates: what is charged on a line, for whom, and where it is posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ledger import texts
from ledger.chart import Chart
from ledger.errors import LedgerError, Reason, at
from ledger.money import rate_text
from ledger.quantities import half_away, parse_decimal
from ledger.references import require_default_account, require_permanent_external_id

MOST_COMPONENTS = 10
PERCENT_DECIMALS = 4

_PERCENT_DIGITS = 3
_WHOLE = 100
_FROZEN_BY_USE = {
    "type": "taxType",
    "components": "components",
    "is_inclusive": "isInclusive",
    "is_reverse_charge": "isReverseCharge",
}


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


def open_tax_rate(chart: Chart, rate: TaxRate) -> TaxRate:
    """The tax rate as it comes into the books, or why it cannot."""
    checked = replace(
        rate,
        name=texts.clean(rate.name, "name", texts.NAME_LENGTH),
        description=texts.clean_optional(rate.description, "description", texts.DESCRIPTION_LENGTH),
        components=_checked_components(chart, rate.components),
        metadata=texts.clean_metadata(rate.metadata),
        external_id=texts.clean_optional(rate.external_id, "externalId", texts.NAME_LENGTH),
    )
    require_default_account(chart, rate.account_id, "accountId")
    return checked


def change_tax_rate(chart: Chart, before: TaxRate, after: TaxRate, *, has_history: bool) -> TaxRate:
    """The tax rate as it is after an update, or why it cannot become so.

    `has_history` says whether an issued document was charged at it: then all that decides what
    is charged, and how it is reported, stays.
    """
    after = open_tax_rate(chart, after)
    require_permanent_external_id(before.external_id, after.external_id)
    if has_history:
        _require_unfrozen(before, after)
    return after


def close_tax_rate(rate: TaxRate, *, is_used: bool) -> None:
    """Raise the reason why a tax rate cannot be deleted, if there is one.

    `is_used` says whether a document, an item or a contact names it.
    """
    if not is_used:
        return
    raise LedgerError(
        Reason.IN_USE,
        f"Tax rate {rate.name} is named by documents, items or contacts, and stays.",
        "Set its isActive to false instead.",
        {"tax_rate_id": rate.id},
        "id",
    )


def parse_percent(value: str | int | Decimal, decimals: int = PERCENT_DECIMALS) -> Decimal:
    """Return a percentage from 0 to 100 with at most so many decimals, without needless zeros.

    Anything else is refused with `INVALID_AMOUNT`; a percentage is never rounded.
    """
    cure = (
        f'Write a percentage from 0 to 100 of at most {decimals} decimals, such as "8.25": '
        "no sign, exponent or percent sign."
    )
    percent = parse_decimal(value, "a percentage", cure, digits=_PERCENT_DIGITS, decimals=decimals)
    if percent > _WHOLE:
        cause = f"The percentage {percent} is more than 100."
        raise LedgerError(Reason.INVALID_AMOUNT, cause, cure)
    return percent


def parts_of(rate: TaxRate) -> list[Fraction]:
    """What each component comes to as a part of the net amount, exactly.

    5 percent and 9.975 percent compound on it are 0.05 and 0.09975 * 1.05 = 0.1047375.
    """
    parts: list[Fraction] = []
    for component in rate.components:
        charged_on = 1 + sum(parts) if component.is_compound else 1
        parts.append(charged_on * Fraction(component.percent) / _WHOLE)
    return parts


def percent_of(rate: TaxRate) -> Decimal:
    """What the rate comes to in percent of the net amount, compound components considered.

    It is for people to read: exact where four decimals will do, else rounded half away from
    zero to as many (5 and 9.975 compound are 15.4738). Nothing is computed from it.
    """
    unit: int = 10**PERCENT_DECIMALS
    exact = sum(parts_of(rate)) * _WHOLE * unit
    whole, decimals = divmod(half_away(exact.numerator, exact.denominator), unit)
    return Decimal(rate_text(Decimal(f"{whole}.{decimals:0{PERCENT_DECIMALS}}")))


def _checked_components(
    chart: Chart, components: tuple[TaxComponent, ...]
) -> tuple[TaxComponent, ...]:
    if not 1 <= len(components) <= MOST_COMPONENTS:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS if components else Reason.INVALID_VALUE,
            f"A tax rate has from 1 to {MOST_COMPONENTS} components, not {len(components)}.",
            "Give one component, or one for each tax that is charged together.",
            {"components": len(components), "limit": MOST_COMPONENTS},
            "components",
        )
    checked = tuple(
        at(f"components[{index}]", _checked_component, chart, component)
        for index, component in enumerate(components)
    )
    if checked[0].is_compound:
        raise LedgerError(
            Reason.INVALID_VALUE,
            "The first component is compound, but there is none before it to be charged on.",
            "Leave isCompound out of it, or put the component that it is charged on first.",
            field="components[0].isCompound",
        )
    _require_different_names(checked)
    return checked


def _checked_component(chart: Chart, component: TaxComponent) -> TaxComponent:
    require_default_account(chart, component.account_id, "accountId")
    return replace(
        component,
        name=texts.clean(component.name, "name", texts.NAME_LENGTH),
        percent=at("percent", parse_percent, component.percent),
    )


def _require_different_names(components: tuple[TaxComponent, ...]) -> None:
    """Documents and reports tell the components of a rate by their names."""
    names = [component.name for component in components]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise LedgerError(
                Reason.INVALID_VALUE,
                f"Two components of the tax rate are called {name!r}.",
                "Give each component a name of its own: documents and reports show it.",
                field=f"components[{index}].name",
            )


def _require_unfrozen(before: TaxRate, after: TaxRate) -> None:
    for name, field_name in _FROZEN_BY_USE.items():
        if getattr(before, name) != getattr(after, name):
            raise LedgerError(
                Reason.FROZEN,
                f"{field_name} of the tax rate {before.name} is fixed: "
                "issued documents were charged at it.",
                "Create another tax rate, and set isActive of this one to false.",
                {"tax_rate_id": before.id, "field": field_name},
                field_name,
            )
