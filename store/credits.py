"""Credit accounts, and what was granted to them, taken from them and ordered for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, func, select, text, update
from sqlalchemy.exc import IntegrityError

from ledger.checkouts import Checkout
from ledger.credits import BillingSettings, CreditAccount, CreditGrant
from store.credit_tables import (
    billing_settings,
    checkout,
    credit_account,
    credit_grant,
    credit_usage,
)
from store.dialects import among, is_sqlite
from store.nouns import Noun
from store.rows import add_rows

GRANTS = Noun(CreditGrant, credit_grant)
CHECKOUTS = Noun(Checkout, checkout)
BILLING_SETTINGS = Noun(BillingSettings, billing_settings)

_OPEN = text(
    "INSERT INTO credit_account (organization_id, balance, granted) VALUES (:payer, 0, 0) "
    "ON CONFLICT (organization_id) DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Use:
    """Credits that an organization has used on a day, by one operation and with one key."""

    organization_id: str
    date: date
    operation: str
    key_id: str
    count: int
    credits: int


@dataclass(frozen=True, slots=True)
class Dues:
    """What a batch costs: how many credits each payer, and what they were used for."""

    charges: Mapping[str, int]
    uses: Sequence[Use]


@dataclass(frozen=True, slots=True)
class DailyUse:
    """How often an operation was charged on a day, and with how many credits in all."""

    date: date
    operation: str
    count: int
    credits: int


def accounts(
    connection: Connection, payers: Collection[str], *, lock: bool = False
) -> dict[str, CreditAccount]:
    """The credit accounts of payers, in the order of their ids, held until commit if `lock`.

    Who never got credits has an empty one.
    """
    table = credit_account
    statement = select(table).where(among(table.c.organization_id, sorted(payers)))
    statement = statement.order_by(table.c.organization_id)
    if lock and not is_sqlite(connection):
        statement = statement.with_for_update()
    found = {payer: CreditAccount(payer) for payer in payers}
    for row in connection.execute(statement).all():
        found[row.organization_id] = CreditAccount(row.organization_id, row.balance, row.granted)
    return found


def charge(connection: Connection, dues: Dues) -> bool:
    """Take credits from payers, and count what for; False when one has too few left by now."""
    columns = credit_account.c
    statement = (
        update(credit_account)
        .where(columns.organization_id == bindparam("payer"))
        .values(balance=columns.balance - bindparam("cost"))
    )
    rows = [{"payer": payer, "cost": cost} for payer, cost in sorted(dues.charges.items())]
    try:
        connection.execute(statement, rows)
    except IntegrityError:
        # The one thing that can be wrong: somebody else has spent what was there.
        return False
    used = sorted(dues.uses, key=lambda u: (u.organization_id, u.date, u.operation, u.key_id))
    names = credit_usage.c.keys()
    add_rows(connection, credit_usage, [{n: getattr(use, n) for n in names} for use in used])
    return True


def hold(connection: Connection, payer: str) -> None:
    """Hold a payer's account until commit, opened if it has none: nobody else grants meanwhile."""
    connection.execute(_OPEN, {"payer": payer})
    accounts(connection, [payer], lock=True)


def granted_by(connection: Connection, payer: str, reference: str) -> bool:
    """Whether credits were granted to a payer under a reference already."""
    found = GRANTS.with_values(connection, payer, "reference", [reference])
    return reference in found


def grant(connection: Connection, fact: CreditGrant) -> None:
    """Put down a grant, and its credits on the account, which the caller holds."""
    columns = credit_account.c
    statement = (
        update(credit_account)
        .where(columns.organization_id == fact.organization_id)
        .values(balance=columns.balance + fact.credits, granted=columns.granted + fact.credits)
    )
    connection.execute(statement)
    GRANTS.insert_all(connection, [fact])


def note_gateway(connection: Connection, fact: Checkout) -> Checkout:
    """Put down by whom a checkout is paid, unless that is known; gives it as it then is."""
    columns = checkout.c
    statement = (
        update(checkout)
        .where(
            columns.organization_id == fact.organization_id,
            columns.id == fact.id,
            columns.gateway.is_(None),
        )
        .values(gateway=fact.gateway, reference=fact.reference, url=fact.url)
    )
    connection.execute(statement)
    return CHECKOUTS.existing(connection, fact.organization_id, [fact.id])[fact.id]


def note_payment(connection: Connection, fact: Checkout) -> None:
    """Put down that a checkout was paid for."""
    CHECKOUTS.update_rows(connection, [CHECKOUTS.row(fact)], ("status", "completed_at"))


def daily_use(
    connection: Connection, organization_id: str, begin: date, end: date
) -> list[DailyUse]:
    """What an organization has used from a day to another, by day and operation."""
    columns = credit_usage.c
    key = (columns.date, columns.operation)
    statement = (
        select(*key, func.sum(columns.count), func.sum(columns.credits))
        .where(columns.organization_id == organization_id, columns.date.between(begin, end))
        .group_by(*key)
        .order_by(*key)
    )
    return [
        DailyUse(day, operation, int(count), int(credits))
        for day, operation, count, credits in connection.execute(statement).all()
    ]
