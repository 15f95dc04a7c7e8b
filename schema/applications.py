"""Applications in the API: what is set against what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

import strawberry

from ledger.open_items import Application
from ledger.payments import Payment
from resolvers.books import Written
from schema.context import Reading
from schema.money import CurrencyNode, currency_node, text
from schema.nodes import Loaded, Node
from schema.scalars import DecimalText, midnight
from store import open_items


@strawberry.type
class ApplicationNode(Node):
    """A part of a credit set against what is owed, on a date."""

    id: strawberry.ID
    from_id: strawberry.ID = strawberry.field(
        description="The payment, credit note or direct entry that settles."
    )
    to_id: strawberry.ID = strawberry.field(
        description="The invoice, bill, refund or direct entry that is settled."
    )
    date: datetime
    amount: DecimalText
    currency: CurrencyNode
    exchange_difference: DecimalText = strawberry.field(
        description="The realized gain (on payables: loss) in base currency; negative otherwise."
    )
    transaction_id: strawberry.ID | None = strawberry.field(
        description="By which the exchange difference is posted."
    )
    ended_on: datetime | None = strawberry.field(description="When it was taken back.")
    created_at: datetime
    loaded: Loaded = field(default_factory=dict)


@strawberry.type
class AppliedPaymentNode:
    """What of a payment is applied to one document."""

    id: strawberry.ID = strawberry.field(description="That of the payment.")
    amount: DecimalText = strawberry.field(description="What of it is applied to the document.")
    payment_date: datetime
    payment_method: str | None
    reference: str | None
    notes: str | None
    application_id: strawberry.ID
    created_at: datetime


def applied_payment(application: Application, fact: Payment) -> AppliedPaymentNode:
    """A payment as the document shows it that it is applied to."""
    return AppliedPaymentNode(
        id=strawberry.ID(fact.id),
        amount=text(application.amount, application.currency),
        payment_date=midnight(fact.date),
        payment_method=fact.method,
        reference=fact.reference,
        notes=fact.notes,
        application_id=strawberry.ID(application.id),
        created_at=fact.created_at,
    )


def application_node(fact: Application, base: str) -> ApplicationNode:
    """An application as the API shows it."""
    return ApplicationNode(
        id=strawberry.ID(fact.id),
        from_id=strawberry.ID(fact.from_id),
        to_id=strawberry.ID(fact.to_id),
        date=midnight(fact.date),
        amount=text(fact.amount, fact.currency),
        currency=currency_node(fact.currency),
        exchange_difference=text(fact.from_base - fact.to_base, base),
        transaction_id=None if fact.transaction_id is None else strawberry.ID(fact.transaction_id),
        ended_on=None if fact.ended_on is None else midnight(fact.ended_on),
        created_at=fact.created_at,
    )


async def applications_of(
    reading: Reading, nodes: Sequence[Any], *, ended: bool = False
) -> list[list[Application]]:
    """The applications of documents or payments, by node; those taken back only if `ended`."""
    keys = [node.fact.id for node in nodes]
    ask = open_items.applications_of
    found = await reading.read(ask, reading.organization_id, keys)
    kept = [a for a in found.values() if ended or a.ended_on is None]
    return [[a for a in kept if key in {a.from_id, a.to_id}] for key in keys]


async def application_nodes(reading: Reading, nodes: Sequence[Any]) -> list[list[ApplicationNode]]:
    """All applications of documents or payments as the API shows them, by node."""
    base = (await reading.organization()).base_currency
    found = await applications_of(reading, nodes, ended=True)
    return [[application_node(a, base) for a in some] for some in found]


async def written_application(reading: Reading, written: Written) -> ApplicationNode:
    """The application that a mutation has written."""
    ask = open_items.APPLICATIONS.existing
    fact = await reading.written(written, ask, written.outcome)
    return application_node(fact, (await reading.organization()).base_currency)


async def applications_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, ApplicationNode]:
    """The applications of the organization that have these ids."""
    found = await reading.facts(open_items.APPLICATIONS.existing, keys)
    base = (await reading.organization()).base_currency
    return {key: application_node(fact, base) for key, fact in found.items()}
