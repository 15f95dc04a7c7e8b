"""Payments and applications in the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.money import rate_text
from ledger.payments import Payment
from resolvers.books import Written, unknown
from schema.applications import ApplicationNode, application_nodes
from schema.attachments import AttachmentNode, attachments_of
from schema.connections import ListOf
from schema.contacts import ContactNode, contacts_by_id
from schema.context import Reading
from schema.enums import Direction, Side
from schema.filters import (
    BooleanFilter,
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    LedgerSideFilter,
    PaymentDirectionFilter,
    StringFilter,
    renamed,
)
from schema.lists import NounList
from schema.loading import batched
from schema.money import CurrencyNode, currency_node, text
from schema.nodes import Loaded, Node, id_or_none
from schema.operation import query
from schema.scalars import DecimalText, Json, midnight
from schema.transactions import TransactionNode, transactions_by_id
from store import payments

Payments = Annotated["PaymentNode", strawberry.lazy("schema.payments")]


@strawberry.input(description="Which payments; conditions that stand side by side all hold.")
class PaymentWhere:
    """A filter of payments."""

    id: IDFilter | None = UNSET
    contact_id: IDFilter | None = UNSET
    payment_date: DateFilter | None = UNSET
    direction: PaymentDirectionFilter | None = UNSET
    side: LedgerSideFilter | None = UNSET
    payment_method: StringFilter | None = UNSET
    reference: StringFilter | None = UNSET
    currency: StringFilter | None = UNSET
    amount: DecimalFilter | None = UNSET
    account_id: IDFilter | None = UNSET
    is_voided: BooleanFilter | None = UNSET
    external_id: StringFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[PaymentWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[PaymentWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: PaymentWhere | None = strawberry.field(default=UNSET, name="not")


_STORED = {"payment_date": "date", "payment_method": "method"}
LISTS = NounList(
    "Payment",
    "payments",
    Payments,
    {"PAYMENT_DATE": "date", "CREATED_AT": "created_at", "UPDATED_AT": "updated_at"},
    newest_first=True,
)
PaymentOrder: Any = LISTS.Order
PaymentConnection: Any = LISTS.Connection
SOURCE = ListOf("payments", payments.LISTING.listed, payments.LISTING.counted)


@strawberry.type
class DeductionNode:
    """What settles a part of a payment without money."""

    account_id: strawberry.ID
    amount: DecimalText
    description: str | None


@strawberry.type
class PaymentNode(Node):
    """Money from a contact or to one. What is not applied stays the contact's credit."""

    id: strawberry.ID
    contact_id: strawberry.ID
    direction: Direction
    side: Side
    amount: DecimalText = strawberry.field(description="The money, without deductions.")
    amount_left: DecimalText = strawberry.field(description="What of it is not applied yet.")
    payment_date: datetime
    payment_method: str | None
    reference: str | None
    notes: str | None
    currency: CurrencyNode
    exchange_rate: DecimalText | None
    base_amount: DecimalText
    account_id: strawberry.ID
    deductions: list[DeductionNode]
    transaction_id: strawberry.ID
    voided_on: datetime | None
    void_reason: str | None
    external_id: str | None = strawberry.field(description="The caller's own id; permanent.")
    metadata: Json
    version: int
    created_at: datetime
    updated_at: datetime
    fact: strawberry.Private[Payment]
    loaded: Loaded = field(default_factory=dict)

    @batched(ContactNode)
    async def contact(nodes: Sequence[PaymentNode], reading: Reading) -> list[ContactNode]:
        """From whom or to whom it is."""
        found = await contacts_by_id(reading, sorted({node.fact.contact_id for node in nodes}))
        return [found[node.fact.contact_id] for node in nodes]

    @batched(strawberry.ID | None)
    async def category_id(
        nodes: Sequence[PaymentNode], reading: Reading
    ) -> list[strawberry.ID | None]:
        """The category that its transaction counts in."""
        found = await transactions_by_id(reading, sorted({n.fact.transaction_id for n in nodes}))
        return [id_or_none(found[node.fact.transaction_id].fact.category_id) for node in nodes]

    @batched(TransactionNode)
    async def transaction(nodes: Sequence[PaymentNode], reading: Reading) -> list[TransactionNode]:
        """The transaction by which it is posted."""
        found = await transactions_by_id(reading, sorted({n.fact.transaction_id for n in nodes}))
        return [found[node.fact.transaction_id] for node in nodes]

    @batched(list[ApplicationNode])
    async def applications(
        nodes: Sequence[PaymentNode], reading: Reading
    ) -> list[list[ApplicationNode]]:
        """Against what it is set, and what was taken back."""
        return await application_nodes(reading, nodes)

    @batched(list[AttachmentNode])
    async def attachments(
        nodes: Sequence[PaymentNode], reading: Reading
    ) -> list[list[AttachmentNode]]:
        """Files that belong to it."""
        return await attachments_of(reading, [node.fact.id for node in nodes])


def payment_node(fact: Payment, base: str) -> PaymentNode:
    """A payment as the API shows it."""
    code, rate = fact.currency, fact.exchange_rate
    return PaymentNode(
        id=strawberry.ID(fact.id),
        contact_id=strawberry.ID(fact.contact_id),
        direction=fact.direction,
        side=fact.side,
        amount=text(fact.amount, code),
        amount_left=text(abs(fact.item.open_amount), code),
        payment_date=midnight(fact.date),
        payment_method=fact.method,
        reference=fact.reference,
        notes=fact.notes,
        currency=currency_node(code),
        exchange_rate=None if rate is None else DecimalText(rate_text(rate)),
        base_amount=text(fact.base_amount, base),
        account_id=strawberry.ID(fact.account_id),
        deductions=[
            DeductionNode(
                account_id=strawberry.ID(deduction.account_id),
                amount=text(deduction.amount, code),
                description=deduction.description,
            )
            for deduction in fact.deductions
        ],
        transaction_id=strawberry.ID(fact.transaction_id),
        voided_on=None if fact.voided_on is None else midnight(fact.voided_on),
        void_reason=fact.void_reason,
        external_id=fact.external_id,
        metadata=Json(fact.metadata),
        version=fact.version,
        created_at=fact.created_at,
        updated_at=fact.updated_at,
        fact=fact,
    )


async def payment_nodes(reading: Reading, facts: Sequence[Payment]) -> list[PaymentNode]:
    """Payments as the API shows them."""
    base = (await reading.organization()).base_currency
    return [payment_node(fact, base) for fact in facts]


async def payments_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, PaymentNode]:
    """The payments of the organization that have these ids."""
    found = await reading.facts(payments.existing, keys)
    nodes = await payment_nodes(reading, list(found.values()))
    return {node.fact.id: node for node in nodes}


async def written_payment(reading: Reading, written: Written) -> PaymentNode:
    """The payment that a mutation has written."""
    fact = await reading.written(written, payments.existing, written.outcome)
    return (await payment_nodes(reading, [fact]))[0]


@query(PaymentNode | None)
async def payment(reading: Reading, id: strawberry.ID) -> PaymentNode:
    """A payment of the organization by its id."""
    key = ids.normalise("pay_", id)
    found = await payments_by_id(reading, [key])
    if key not in found:
        raise unknown("payment", str(id)[:40], "id", in_path=True)
    return found[key]


all_payments, payments_connection = LISTS.queries(
    PaymentWhere,
    SOURCE,
    payment_nodes,
    "Payments, newest first",
    lambda where: renamed(where, _STORED),
)
