"""What documents are made of, as the API shows it: lines, taxes, instalments, history."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ledger.currencies import CURRENCIES
from ledger.documents import Document, Line
from ledger.events import Event
from ledger.money import price_text, rate_text
from ledger.pricing import tax_totals
from schema.money import text
from schema.nodes import id_or_none
from schema.scalars import DecimalText, midnight


@strawberry.type
class LineTaxNode:
    """What one component of a tax rate comes to."""

    tax_rate_id: strawberry.ID
    name: str
    percent: DecimalText
    base: DecimalText = strawberry.field(description="What it is charged on.")
    amount: DecimalText
    is_reverse_charge: bool = strawberry.field(description="Owed by the buyer; not in the total.")
    is_recoverable: bool


@strawberry.type
class LineItemNode:
    """A line of a document."""

    id: strawberry.ID = strawberry.field(description="The document's id and the line's place.")
    description: str
    quantity: DecimalText
    unit: str | None
    unit_price: DecimalText
    discount_percent: DecimalText | None
    discount_amount: DecimalText | None
    line_total: DecimalText = strawberry.field(
        description="Quantity times unit price less the line's discount, as entered."
    )
    net_amount: DecimalText = strawberry.field(
        description="What is left of it after the document's discount, without tax."
    )
    tax_amount: DecimalText
    taxes: list[LineTaxNode]
    account_id: strawberry.ID
    tax_rate_id: strawberry.ID | None
    item_id: strawberry.ID | None
    category_id: strawberry.ID | None


@strawberry.type
class DueNode:
    """An instalment: what is due on a day, and what of it is still open."""

    date: datetime
    amount: DecimalText
    amount_due: DecimalText


@strawberry.type
class HistoryEntry:
    """Something that happened to a document: by whom and when."""

    event: str = strawberry.field(description="Such as invoice.sent.")
    actor: str
    at: datetime
    request_id: str


def line_nodes(fact: Document) -> list[LineItemNode]:
    """The lines of a document."""
    return [_line_node(fact, place, line) for place, line in enumerate(fact.lines)]


def _line_node(fact: Document, place: int, line: Line) -> LineItemNode:
    code, percent = fact.currency, line.discount_percent
    return LineItemNode(
        id=strawberry.ID(f"{fact.id}:{place + 1}"),
        description=line.description,
        quantity=DecimalText(rate_text(line.quantity)),
        unit=line.unit,
        unit_price=DecimalText(price_text(line.unit_price, CURRENCIES[code])),
        discount_percent=None if percent is None else DecimalText(rate_text(percent)),
        discount_amount=None if line.discount_amount is None else text(line.discount_amount, code),
        line_total=text(line.amount, code),
        net_amount=text(line.net, code),
        tax_amount=text(line.tax, code),
        taxes=[
            LineTaxNode(
                tax_rate_id=strawberry.ID(tax.tax_rate_id),
                name=tax.name,
                percent=DecimalText(rate_text(tax.percent)),
                base=text(tax.base, code),
                amount=text(tax.amount, code),
                is_reverse_charge=tax.is_reverse_charge,
                is_recoverable=tax.is_recoverable,
            )
            for tax in line.taxes
        ],
        account_id=strawberry.ID(line.account_id),
        tax_rate_id=id_or_none(line.tax_rate_id),
        item_id=id_or_none(line.item_id),
        category_id=id_or_none(line.category_id),
    )


def tax_nodes(fact: Document) -> list[LineTaxNode]:
    """The tax of a document, per rate and component."""
    return [
        LineTaxNode(
            tax_rate_id=strawberry.ID(total.tax_rate_id),
            name=total.name,
            percent=DecimalText(rate_text(total.percent)),
            base=text(total.base, fact.currency),
            amount=text(total.amount, fact.currency),
            is_reverse_charge=total.is_reverse_charge,
            is_recoverable=total.is_recoverable,
        )
        for total in tax_totals(fact.lines)
    ]


def due_nodes(fact: Document) -> list[DueNode]:
    """The instalments of a document, the earliest first; they are settled in their order."""
    item, found = fact.item, []
    settled = 0 if item is None else item.amount - item.open_amount
    for due in fact.dues:
        open_part = min(max(due.amount - settled, 0), due.amount)
        settled = max(settled - due.amount, 0)
        found.append(
            DueNode(
                date=midnight(due.date),
                amount=text(due.amount, fact.currency),
                amount_due=text(open_part, fact.currency),
            )
        )
    return found


def history_entry(event: Event) -> HistoryEntry:
    """An event as a document's history shows it."""
    return HistoryEntry(
        event=event.type, actor=event.actor, at=event.created_at, request_id=event.request_id
    )
