"""Contact statements in the API: what moved between a contact and us, and what was open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import date as Date
from datetime import datetime

import strawberry

from ledger import contact_statement as statements
from ledger import ids
from ledger.contacts import Contact, ContactType
from resolvers import subledgers as gathered
from resolvers.books import unknown
from schema.contacts import ContactNode, contacts_by_id
from schema.context import Reading
from schema.enums import MovementKind, Side
from schema.loading import batched
from schema.money import CurrencyNode, currency_node, text
from schema.nodes import Loaded
from schema.operation import query
from schema.reports import From
from schema.scalars import DecimalText, midnight


@strawberry.type
class StatementMovement:
    """What changed on a day: positive for what is owed more, negative for what is owed less."""

    date: datetime
    kind: MovementKind
    item_id: strawberry.ID = strawberry.field(
        description="The document, payment or entry; of an exchange difference what was paid."
    )
    number: str | None = strawberry.field(description="Its number or reference.")
    description: str | None
    currency: CurrencyNode
    amount: DecimalText = strawberry.field(description="In that currency.")
    base_amount: DecimalText
    balance: DecimalText = strawberry.field(description="What was open then, in base currency.")
    is_reversal: bool = strawberry.field(description="Whether it takes an earlier one back.")


@strawberry.type
class StatementCurrency:
    """What was open in one currency, and that in base currency."""

    currency: CurrencyNode
    opening: DecimalText
    opening_base: DecimalText
    closing: DecimalText
    closing_base: DecimalText


@strawberry.type
class ContactStatement:
    """A contact's statement: what was open before a period, what moved in it, what was open then.

    In base currency, positive when the contact owes us (receivable) or we owe it (payable).
    """

    generated_at: datetime
    contact_id: strawberry.ID
    side: Side
    period_start: datetime
    period_end: datetime
    currency: CurrencyNode
    opening: DecimalText
    movements: list[StatementMovement]
    closing: DecimalText
    currencies: list[StatementCurrency] = strawberry.field(
        description="Opening and closing by currency, of those in which anything was open or moved."
    )
    loaded: Loaded = field(default_factory=dict)

    @batched(ContactNode)
    async def contact(nodes: Sequence[ContactStatement], reading: Reading) -> list[ContactNode]:
        """Whose it is."""
        found = await contacts_by_id(reading, sorted({str(node.contact_id) for node in nodes}))
        return [found[str(node.contact_id)] for node in nodes]


async def statements_of(
    reading: Reading,
    contacts: Sequence[Contact],
    side: Side | None,
    begin: Date | None,
    end: Date | None,
) -> list[ContactStatement]:
    """The statements of contacts for a period, else for the fiscal year to date.

    Without a side it is what customers owe, and what we owe to those that are vendors alone.
    """
    organization = await reading.organization()
    sides = {contact.id: side or _usual_side(contact) for contact in contacts}
    today = await reading.today()
    found = await reading.read(gathered.contact_statements, organization, today, sides, begin, end)
    code = organization.base_currency
    return [_statement(found[contact.id], code, reading.now) for contact in contacts]


def _usual_side(contact: Contact) -> Side:
    is_customer = ContactType.CUSTOMER in contact.types
    is_vendor = ContactType.VENDOR in contact.types
    return Side.PAYABLE if is_vendor and not is_customer else Side.RECEIVABLE


def _statement(found: statements.ContactStatement, code: str, now: datetime) -> ContactStatement:
    return ContactStatement(
        generated_at=now,
        contact_id=strawberry.ID(found.contact_id),
        side=found.side,
        period_start=midnight(found.begin),
        period_end=midnight(found.end),
        currency=currency_node(code),
        opening=text(found.opening, code),
        movements=[_movement(movement, code) for movement in found.movements],
        closing=text(found.closing, code),
        currencies=[_currency(each, code) for each in found.currencies],
    )


def _movement(movement: statements.Movement, code: str) -> StatementMovement:
    return StatementMovement(
        date=midnight(movement.date),
        kind=movement.kind,
        item_id=strawberry.ID(movement.item_id),
        number=movement.number,
        description=movement.description,
        currency=currency_node(movement.currency),
        amount=text(movement.amount, movement.currency),
        base_amount=text(movement.base_amount, code),
        balance=text(movement.balance, code),
        is_reversal=movement.is_reversal,
    )


def _currency(each: statements.CurrencyBalance, code: str) -> StatementCurrency:
    return StatementCurrency(
        currency=currency_node(each.currency),
        opening=text(each.opening, each.currency),
        opening_base=text(each.opening_base, code),
        closing=text(each.closing, each.currency),
        closing_base=text(each.closing_base, code),
    )


@query(ContactStatement | None)
async def contact_statement(
    reading: Reading,
    contact_id: strawberry.ID,
    side: Side | None = None,
    from_: From = None,
    to: Date | None = None,
) -> ContactStatement:
    """A contact's statement for a period, by default the fiscal year to date. `side` is by default
    RECEIVABLE for a customer, and PAYABLE for a contact that is a vendor only.
    """
    key = ids.normalise("con_", contact_id)
    found = await contacts_by_id(reading, [key])
    if key not in found:
        raise unknown("contact", str(contact_id)[:40], "contactId", in_path=True)
    (statement,) = await statements_of(reading, [found[key].fact], side, from_, to)
    return statement
