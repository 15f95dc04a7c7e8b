"""Tax rates in the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.taxes import PERCENT_DECIMALS, TaxComponent, TaxRate, percent_of
from resolvers.books import Written, unknown
from schema.connections import ListOf
from schema.context import Reading
from schema.enums import TaxType
from schema.filters import (
    BooleanFilter,
    DateTimeFilter,
    IDFilter,
    StringFilter,
    TaxTypeFilter,
)
from schema.lists import NounList
from schema.nodes import Loaded, Node, id_or_none
from schema.operation import query
from schema.scalars import DecimalText, Json
from store import taxes

TaxRates = Annotated["TaxRateNode", strawberry.lazy("schema.tax_rates")]


@strawberry.input(description="Which tax rates; conditions that stand side by side all hold.")
class TaxRateWhere:
    """A filter of tax rates."""

    id: IDFilter | None = UNSET
    name: StringFilter | None = UNSET
    tax_type: TaxTypeFilter | None = UNSET
    description: StringFilter | None = UNSET
    is_active: BooleanFilter | None = UNSET
    external_id: StringFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[TaxRateWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[TaxRateWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: TaxRateWhere | None = strawberry.field(default=UNSET, name="not")


LISTS = NounList("TaxRate", "taxRates", TaxRates, ("name", "created_at", "updated_at"))
TaxRateOrder: Any = LISTS.Order
TaxRateConnection: Any = LISTS.Connection
SOURCE = ListOf("taxRates", taxes.LISTING.listed, taxes.LISTING.counted)


@strawberry.type
class TaxComponentNode:
    """A part of a tax rate."""

    name: str = strawberry.field(description="As documents and tax reports show it.")
    percent: DecimalText = strawberry.field(description="Of the net amount: 8.2500.")
    is_compound: bool = strawberry.field(
        description="Charged on the net amount together with the components before it."
    )
    is_recoverable: bool = strawberry.field(description="Else it is part of the cost when we buy.")
    account_id: strawberry.ID | None = strawberry.field(
        description="Where it is posted; else to the rate's account, else to the tax account."
    )


@strawberry.type
class TaxRateNode(Node):
    """What is charged on a line that names it: one component or several."""

    id: strawberry.ID
    name: str
    tax_type: TaxType
    rate: DecimalText = strawberry.field(
        description="What all components come to in percent of the net amount: 8.2500."
    )
    components: list[TaxComponentNode]
    description: str | None
    is_inclusive: bool = strawberry.field(
        description="Whether prices contain the tax, unless the document says otherwise."
    )
    is_reverse_charge: bool = strawberry.field(description="Whether the buyer owes it.")
    account_id: strawberry.ID | None
    is_active: bool
    external_id: str | None = strawberry.field(description="The caller's own id; permanent.")
    metadata: Json
    version: int = strawberry.field(description="Counts changes; give it to updates.")
    created_at: datetime
    updated_at: datetime
    fact: strawberry.Private[TaxRate]
    loaded: Loaded = field(default_factory=dict)


def tax_rate_node(fact: TaxRate) -> TaxRateNode:
    """A tax rate as the API shows it."""
    return TaxRateNode(
        id=strawberry.ID(fact.id),
        name=fact.name,
        tax_type=fact.type,
        rate=_percent(percent_of(fact)),
        components=[_component_node(component) for component in fact.components],
        description=fact.description,
        is_inclusive=fact.is_inclusive,
        is_reverse_charge=fact.is_reverse_charge,
        account_id=id_or_none(fact.account_id),
        is_active=fact.is_active,
        external_id=fact.external_id,
        metadata=Json(fact.metadata),
        version=fact.version,
        created_at=fact.created_at,
        updated_at=fact.updated_at,
        fact=fact,
    )


def _component_node(component: TaxComponent) -> TaxComponentNode:
    return TaxComponentNode(
        name=component.name,
        percent=_percent(component.percent),
        is_compound=component.is_compound,
        is_recoverable=component.is_recoverable,
        account_id=id_or_none(component.account_id),
    )


def _percent(percent: Decimal) -> DecimalText:
    """A percentage with its four decimals; it never has more."""
    return DecimalText(format(percent, f".{PERCENT_DECIMALS}f"))


async def tax_rate_nodes(_reading: Reading, facts: Sequence[TaxRate]) -> list[TaxRateNode]:
    """Tax rates as the API shows them."""
    return [tax_rate_node(fact) for fact in facts]


async def tax_rates_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, TaxRateNode]:
    """The tax rates of the organization that have these ids."""
    found = await reading.facts(taxes.TAX_RATES.existing, keys)
    return {key: tax_rate_node(fact) for key, fact in found.items()}


async def written_tax_rate(reading: Reading, written: Written) -> TaxRateNode:
    """The tax rate that a mutation has written."""
    return tax_rate_node(await reading.written(written, taxes.TAX_RATES.existing, written.outcome))


@query(TaxRateNode | None)
async def tax_rate(reading: Reading, id: strawberry.ID) -> TaxRateNode:
    """A tax rate of the organization by its id."""
    key = ids.normalise("tax_", id)
    found = await tax_rates_by_id(reading, [key])
    if key not in found:
        raise unknown("tax rate", str(id)[:40], "id", in_path=True)
    return found[key]


all_tax_rates, tax_rates_connection = LISTS.queries(
    TaxRateWhere, SOURCE, tax_rate_nodes, "Tax rates, by name"
)
