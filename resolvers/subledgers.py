"""The reports of the sub-ledgers: read what they need, let the ledger make them.

What is open as of a date is found from what is open now and what has happened since: items that
were settled before it, and not touched after, are not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from ledger import aging as agings
from ledger import contact_statement as statements
from ledger import sales as sold
from ledger import tax_report as taxes
from ledger.accounts import EntryType
from ledger.balances import NOTHING
from ledger.contact_statement import ContactStatement
from ledger.dates import require_business_date
from ledger.open_items import Application, OpenItem, Side
from ledger.organizations import Organization
from ledger.reports import period
from store import open_items, subledgers, tax_entries, totals


@dataclass(frozen=True, slots=True)
class ReadAging:
    """Aging, and the balance of the control account: of all contacts, or of the one asked for.

    That of one contact has no balance to be held against, and nothing unassigned.
    """

    aging: agings.Aging
    control_balance: int | None
    contact_id: str | None


def aging(
    connection: Connection,
    organization: Organization,
    side: Side,
    day: date,
    *,
    by: agings.AgingBy,
    buckets: Sequence[int],
    contact_id: str | None,
) -> ReadAging:
    """What was open at the end of a day on one side, by age."""
    require_business_date(day, "asOf")
    contact_ids = None if contact_id is None else [contact_id]
    items = open_items.standing_on(connection, organization.id, side, day, contact_ids)
    keys = [item.id for item in items]
    applied = open_items.applications_of(connection, organization.id, keys).values()
    balance = None
    if contact_id is None:
        balance = _control_balance(connection, organization.id, side, day)
    found = agings.aging(side, items, applied, balance or 0, day, by=by, buckets=buckets)
    if balance is None:
        found = replace(found, unassigned=0)
    return ReadAging(found, balance, contact_id)


def is_tied(connection: Connection, organization_id: str, read: ReadAging) -> bool:
    """Whether the control account's entries with each contact come to what is open of it."""
    found = read.aging
    account_id = subledgers.control_account(connection, organization_id, found.side)
    contact_ids = None if read.contact_id is None else [read.contact_id]
    posted = subledgers.entries_by_contact(
        connection, organization_id, account_id, found.as_of, contact_ids
    )
    entered = {key: _natural(found.side, net) for key, net in posted.items() if net}
    opened = {each.contact_id: each.ages.total for each in found.contacts if each.ages.total}
    return entered == opened


def _control_balance(connection: Connection, organization_id: str, side: Side, day: date) -> int:
    account_id = subledgers.control_account(connection, organization_id, side)
    through = totals.between(connection, organization_id, None, day, [account_id])
    return _natural(side, through.get(account_id, NOTHING).net)


def _natural(side: Side, net: int) -> int:
    """A debit-positive balance as it counts on the control account of a side."""
    return net if side.grows_by is EntryType.DEBIT else -net


def contact_statements(
    connection: Connection,
    organization: Organization,
    today: date,
    sides: Mapping[str, Side],
    begin: date | None,
    end: date | None,
) -> dict[str, ContactStatement]:
    """The statements of contacts for a period, by id; `sides` says on which side each is asked."""
    first, last = period(organization, today, begin, end)
    items: dict[str, list[OpenItem]] = defaultdict(list)
    for item in subledgers.moving(connection, organization.id, list(sides), first, last):
        if item.side is sides[item.contact_id]:
            items[item.contact_id].append(item)
    keys = [item.id for some in items.values() for item in some]
    applied: dict[str, list[Application]] = defaultdict(list)
    for each in open_items.applications_of(connection, organization.id, keys).values():
        applied[each.contact_id].append(each)
    # What was settled long ago may be named by an application of what was not.
    named = {*keys, *(each.to_id for some in applied.values() for each in some)}
    labels = subledgers.labels(connection, organization.id, named)
    return {
        key: statements.contact_statement(side, key, items[key], applied[key], labels, first, last)
        for key, side in sides.items()
    }


def sales(
    connection: Connection,
    organization: Organization,
    today: date,
    begin: date | None,
    end: date | None,
) -> sold.Sales:
    """What was sold in a period, by customer."""
    first, last = period(organization, today, begin, end)
    documents = subledgers.sales_figures(connection, organization.id, first, last)
    return sold.sales(documents, first, last)


def tax_report(
    connection: Connection,
    organization: Organization,
    today: date,
    begin: date | None,
    end: date | None,
) -> taxes.TaxReport:
    """The tax of a period, by rate and component."""
    first, last = period(organization, today, begin, end)
    entries = tax_entries.between(connection, organization.id, first, last)
    return taxes.tax_report(entries, first, last)
