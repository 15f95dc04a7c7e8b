"""What can be done to tax rates: added, changed, deleted."""

from __future__ import annotations

from decimal import Decimal

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.errors import LedgerError, Reason, at
from ledger.taxes import TaxComponent, parse_percent
from resolvers import catalogue as decisions
from resolvers.books import Command
from schema.enums import TaxType
from schema.nodes import normal
from schema.operation import mutation, only_given, written_flag
from schema.scalars import DecimalText, Json
from schema.tax_rates import TaxRateNode, written_tax_rate


@strawberry.input(description="A part of a tax rate; those that are compound come after others.")
class TaxComponentInput:
    """A component as a caller gives it."""

    name: str
    percent: DecimalText = strawberry.field(description="From 0 to 100, up to four decimals.")
    is_compound: bool = False
    is_recoverable: bool = True
    account_id: strawberry.ID | None = None


@mutation(TaxRateNode, result=written_tax_rate)
def create_tax_rate(
    name: str,
    tax_type: TaxType,
    rate: DecimalText | None = None,
    components: list[TaxComponentInput] | None = None,
    description: str | None = None,
    is_inclusive: bool = False,
    is_reverse_charge: bool = False,
    account_id: strawberry.ID | None = None,
    external_id: str | None = None,
    metadata: Json | None = None,
) -> Command:
    """Add a tax rate: by its `rate` in percent, or by `components` where it has several, or one
    that is not recoverable.
    """
    if (rate is None) == (components is None):
        cause = "neither a rate nor" if rate is None else "both a rate and"
        raise _one_of_them(f"The tax rate is given {cause} components.")
    return decisions.create_tax_rate(
        {
            "name": name,
            "type": tax_type,
            "components": (TaxComponent(name, _percent(rate)),)
            if rate is not None
            else _components(components or []),
            "description": description,
            "is_inclusive": is_inclusive,
            "is_reverse_charge": is_reverse_charge,
            "account_id": normal("act_", account_id),
            "external_id": external_id,
            "metadata": metadata,
        }
    )


@mutation(TaxRateNode, result=written_tax_rate)
def update_tax_rate(
    id: strawberry.ID,
    name: str | None = UNSET,
    tax_type: TaxType | None = UNSET,
    rate: DecimalText | None = UNSET,
    components: list[TaxComponentInput] | None = UNSET,
    description: str | None = UNSET,
    is_inclusive: bool | None = UNSET,
    is_reverse_charge: bool | None = UNSET,
    account_id: strawberry.ID | None = UNSET,
    is_active: bool | None = UNSET,
    external_id: str | None = UNSET,
    metadata: Json | None = UNSET,
    version: int | None = None,
) -> Command:
    """Change a tax rate. What is absent stays; null clears. What decides the tax is fixed once
    it is in use: then add another rate, and deactivate this one.
    """
    given = only_given(
        {
            "name": name,
            "tax_type": tax_type,
            "rate": rate,
            "components": components,
            "description": description,
            "is_inclusive": is_inclusive,
            "is_reverse_charge": is_reverse_charge,
            "account_id": normal("act_", account_id),
            "is_active": is_active,
            "external_id": external_id,
            "metadata": metadata,
        },
        nullable=("description", "account_id", "external_id", "metadata"),
    )
    if "rate" in given and "components" in given:
        raise _one_of_them("The tax rate is given both a rate and components.")
    percent = _percent(given.pop("rate")) if "rate" in given else None
    if "components" in given:
        given["components"] = _components(given["components"])
    changed = {"type" if key == "tax_type" else key: value for key, value in given.items()}
    key = ids.normalise("tax_", id)
    return decisions.update_tax_rate(key, changed, version=version, percent=percent)


@mutation(bool, result=written_flag)
def delete_tax_rate(id: strawberry.ID, version: int | None = None) -> Command:
    """Delete a tax rate that no line, item or contact names; others are deactivated."""
    return decisions.delete_tax_rate(ids.normalise("tax_", id), version=version)


def _percent(given: DecimalText) -> Decimal:
    return at("rate", parse_percent, given)


def _components(given: list[TaxComponentInput]) -> tuple[TaxComponent, ...]:
    """Components as the ledger takes them."""
    return tuple(
        TaxComponent(
            part.name,
            at(f"components[{index}].percent", parse_percent, part.percent),
            part.is_compound,
            part.is_recoverable,
            normal("act_", part.account_id),
        )
        for index, part in enumerate(given)
    )


def _one_of_them(cause: str) -> LedgerError:
    return LedgerError(
        Reason.INVALID_VALUE,
        cause,
        "Give the rate in percent, or all of its components.",
        field="rate",
    )
