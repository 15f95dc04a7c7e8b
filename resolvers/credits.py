"""Credits: ordered, paid for, granted; and how an organization wants to be billed.

Who pays for an operation, and whether it can, is decided by the till as the operation is written.
Grants are put down by themselves, each in one commit with its event: first the account, which is
held, then the version row, in the order of all locks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ledger import texts
from ledger.checkouts import Checkout, Order, complete, draw_up
from ledger.credits import (
    Billing,
    BillingSettings,
    CreditAccount,
    CreditGrant,
    GrantSource,
    checked_billing,
    checked_grant,
    price_book,
    settings_id,
)
from ledger.errors import LedgerError, Reason
from ledger.events import Change, Origin
from resolvers.books import Books, Command, Decision
from resolvers.gate import Caller
from resolvers.gateways import Gateway, LocalGateway
from resolvers.outside import CHECKOUT, Outside, nothing_there
from resolvers.transactions import require_version
from resolvers.wants import wants
from store import credits, organizations
from store.changes import Decided, chronicle
from store.engines import Database

OTHER_WRITES = {"createAttachment": 1}
"""What writes by a door of its own and is no operation of the schema, and its price."""


def billing_of(*, is_metered: bool, prices: str, known: Collection[str]) -> Billing:
    """How operations are charged, by a file of prices where one is named.

    Raises `invalid_value` for a file that cannot be read, or has no good prices in it.
    """
    if not prices:
        return Billing(is_metered)
    try:
        plain: object = json.loads(Path(prices).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"The price book {prices} cannot be read: {error}.",
            'Name a JSON file by CRANE_PRICES, such as {"createTransaction": 3}.',
        ) from None
    return Billing(is_metered, price_book(plain, {*known, *OTHER_WRITES}))


@dataclass(frozen=True, slots=True)
class Balance:
    """What a payer has, and how it wants to be billed."""

    account: CreditAccount
    settings: BillingSettings | None


def balance(connection: Connection, payer: str) -> Balance:
    """What a payer has now."""
    account = credits.accounts(connection, [payer])[payer]
    key = settings_id(payer)
    return Balance(account, credits.BILLING_SETTINGS.existing(connection, payer, [key]).get(key))


def purchase(order: Order) -> Command:
    """Order credits; they are granted when they are paid for."""

    def decide(books: Books) -> Decision:
        made = draw_up(order, books.organization.id, books.mint("chk_"), books.now)
        return Decision((Change("opened", None, made),), made.id)

    return Command(decide)


async def payable(
    database: Database, outside: Outside, caller: Caller, checkout: Checkout, email: str | None
) -> str:
    """The address at which a checkout is paid: of the gateway, which is asked for it once.

    No connection may be held meanwhile. A sandbox pays with nothing, on our own page.
    """
    page = outside.links.url(CHECKOUT, _token(outside, checkout))
    if checkout.gateway is None:
        gateway: Gateway = outside.gateway if caller.is_live else LocalGateway()
        session = await gateway.open(checkout, page, email)
        url = None if session.url == page else session.url
        asked = replace(checkout, gateway=gateway.name, reference=session.reference, url=url)
        checkout = await database.write(credits.note_gateway, asked)
    return checkout.url or page


def _token(outside: Outside, checkout: Checkout) -> str:
    whose, which = checkout.organization_id, checkout.id
    return outside.links.make(CHECKOUT, whose, which, checkout.expires_at)


def found_checkout(connection: Connection, organization_id: str, checkout_id: str) -> Checkout:
    """A checkout that a link or a gateway names; `not_found` when there is none."""
    found = credits.CHECKOUTS.existing(connection, organization_id, [checkout_id])
    if checkout_id not in found:
        raise nothing_there()
    return found[checkout_id]


def complete_checkout(
    connection: Connection,
    organization_id: str,
    checkout_id: str,
    *,
    require: Callable[[Checkout], None],
    origin: Origin,
    now: datetime,
    mint: Callable[[str], str],
) -> Checkout:
    """Grant what was paid for, in one commit with its events; of any number of times, once.

    `require` raises why a checkout cannot be completed by who asks for it.
    """
    found_checkout(connection, organization_id, checkout_id)
    credits.hold(connection, organization_id)
    before = found_checkout(connection, organization_id, checkout_id)
    require(before)
    if before.is_completed:
        return before
    after, made = complete(before, mint("crg_"), now)
    changes = [Change("completed", before, after)]
    credits.note_payment(connection, after)
    if not credits.granted_by(connection, organization_id, made.reference or made.id):
        credits.grant(connection, made)
        changes.insert(0, Change("granted", None, made))
    chronicle(connection, [Decided(organization_id, origin, tuple(changes))], now, mint)
    return after


def grant(
    connection: Connection,
    organization_id: str,
    number: int,
    *,
    source: GrantSource,
    reference: str | None,
    origin: Origin,
    now: datetime,
    mint: Callable[[str], str],
) -> Balance:
    """Grant credits that nobody has bought; under one reference once, whatever it is asked again.

    Raises `not_found` for an organization that is not there.
    """
    if organization_id not in organizations.existing(connection, [organization_id]):
        raise LedgerError(
            Reason.NOT_FOUND,
            f"There is no organization {organization_id[:40]}.",
            "Give the id that `crane organization create` has printed.",
        )
    if reference is not None:
        reference = texts.clean(reference, "reference", texts.REFERENCE_LENGTH)
    credits.hold(connection, organization_id)
    if reference is None or not credits.granted_by(connection, organization_id, reference):
        made = CreditGrant(
            organization_id=organization_id,
            id=mint("crg_"),
            credits=checked_grant(number),
            source=source,
            created_at=now,
            reference=reference,
        )
        credits.grant(connection, made)
        change = Change("granted", None, made)
        chronicle(connection, [Decided(organization_id, origin, (change,))], now, mint)
    return balance(connection, organization_id)


def update_billing(caller: Caller, given: Mapping[str, Any], *, version: int | None) -> Command:
    """Change how the organization wants to be billed; `given` are the settings that change."""
    key = settings_id(caller.organization_id)

    def decide(books: Books) -> Decision:
        before = books.all(BillingSettings).get(key)
        was = before or BillingSettings(books.organization.id, key, books.now, books.now, version=0)
        require_version(was.version, version)
        after = replace(was, **given, updated_at=books.now, version=was.version + 1)
        return Decision((Change("updated", before, checked_billing(after)),), key)

    return Command(decide, wants=wants([key]), structural=True)
