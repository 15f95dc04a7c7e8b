"""Accounts in the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from ledger import ids
from ledger.accounts import Account
from ledger.balances import NOTHING, Total
from ledger.chart import unknown_account
from ledger.dates import require_business_date
from ledger.organizations import Organization
from schema.account_lists import LISTS, SOURCE, AccountWhere
from schema.connections import DEFAULT_PAGE, checked_limit, span_of
from schema.context import Reading
from schema.enums import AccountStatus, AccountType, Subtype
from schema.loading import batched
from schema.money import CurrencyNode, MoneyNode, currency_node, money, moneys, text
from schema.nodes import Loaded, Node, of_fact, shown
from schema.operation import query
from schema.scalars import DecimalText, Json
from store import accounts, journal, totals

if TYPE_CHECKING:
    from schema.general_ledger import LedgerEntryConnection
    from schema.transactions import TransactionNode

Transactions = Annotated["TransactionNode", strawberry.lazy("schema.transactions")]
LedgerEntries = Annotated["LedgerEntryConnection", strawberry.lazy("schema.general_ledger")]


@strawberry.type
class CurrencyBalance:
    """What an account holds in one currency, and what that is in the organization's."""

    balance: MoneyNode
    base_balance: MoneyNode


@strawberry.type
class TurnoverNode:
    """What was debited to an account and credited to it, and its balance, in base currency."""

    debit: DecimalText
    credit: DecimalText
    net: DecimalText = strawberry.field(description="Positive on the normal side of the account.")
    currency: CurrencyNode


@strawberry.type
class AccountNode(Node):
    """A line of the chart of accounts.

    Balances are positive on the normal side of the account's type.
    """

    fact: strawberry.Private[Account]
    organization: strawberry.Private[Organization]
    id: strawberry.ID = of_fact("id")
    code: str = of_fact("code", "Unique in the organization, 1 to 32 characters.")
    name: str = of_fact("name")
    account_type: AccountType = of_fact("type")
    subtype: Subtype | None = of_fact("subtype")
    status: AccountStatus = of_fact("status", "Only an ACTIVE one takes entries.")
    is_active: bool = shown(lambda node: node.fact.status is AccountStatus.ACTIVE)
    description: str | None = of_fact("description")
    currency: CurrencyNode = shown(
        lambda node: currency_node(node.fact.currency), "The default of its entries."
    )
    parent_account_id: strawberry.ID | None = of_fact("parent_id")
    is_system: bool = of_fact("is_system", "Whether the service itself posts to it.")
    external_id: str | None = of_fact("external_id", "The caller's own id; permanent.")
    metadata: Json = of_fact("metadata")
    version: int = of_fact("version", "Counts changes; give it to updates.")
    created_at: datetime = of_fact("created_at")
    updated_at: datetime = of_fact("updated_at")
    loaded: Loaded = field(default_factory=dict)

    @batched(MoneyNode)
    async def balance(
        nodes: Sequence[AccountNode], reading: Reading, as_of: date | None = None
    ) -> list[MoneyNode]:
        """The account's own posted entries in base currency; all of them, or through a date."""
        found = await _totals(reading, nodes, as_of)
        return _balances(nodes, found)

    @batched(TurnoverNode)
    async def turnover(
        nodes: Sequence[AccountNode], reading: Reading, as_of: date | None = None
    ) -> list[TurnoverNode]:
        """The debits and credits of all of the account's posted entries, or of those through a
        date.
        """
        found = await _totals(reading, nodes, as_of)
        return [_turnover(node, found.get(node.fact.id, NOTHING)) for node in nodes]

    @batched(MoneyNode)
    async def balance_with_children(
        nodes: Sequence[AccountNode], reading: Reading, as_of: date | None = None
    ) -> list[MoneyNode]:
        """The account's balance and those of all accounts below it."""
        found = await _totals(reading, None, as_of)
        below: dict[str | None, list[str]] = {}
        for account in await reading.chart():
            below.setdefault(account.parent_id, []).append(account.id)
        keys = {node.fact.id for node in nodes}
        return _balances(nodes, {key: _whole(key, found, below) for key in keys})

    @batched(list[CurrencyBalance])
    async def balances(
        nodes: Sequence[AccountNode], reading: Reading
    ) -> list[list[CurrencyBalance]]:
        """What the account holds in each currency that was ever posted to it."""
        keys = [node.fact.id for node in nodes]
        found = await reading.read(totals.by_currency, reading.organization_id, keys)
        return [
            [
                CurrencyBalance(
                    balance=money(node.fact.type.natural(total.net), code),
                    base_balance=money(
                        node.fact.type.natural(total.base_net), node.organization.base_currency
                    ),
                )
                for code, total in found.get(node.fact.id, {}).items()
            ]
            for node in nodes
        ]

    @batched(list[Transactions])
    async def transactions(
        nodes: Sequence[AccountNode], reading: Reading, limit: int = DEFAULT_PAGE
    ) -> list[list[Any]]:
        """The newest transactions with an entry on the account, whatever their status."""
        from schema.transactions import transaction_node  # noqa: PLC0415 (the two know each other)

        keys = [node.fact.id for node in nodes]
        found = await reading.read(
            journal.latest_of_accounts, reading.organization_id, keys, checked_limit(limit)
        )
        return [
            [transaction_node(fact, node.organization) for fact in found.get(node.fact.id, [])]
            for node in nodes
        ]

    @batched(LedgerEntries)
    async def entries_connection(
        nodes: Sequence[AccountNode],
        reading: Reading,
        from_: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> list[Any]:
        """The account's general ledger: posted entries by date, with the balance after each."""
        from schema.general_ledger import ledgers_of  # noqa: PLC0415 (the two know each other)

        return await ledgers_of(reading, nodes, (from_, to), span_of(first, last), after, before)

    @batched(Annotated["AccountNode", strawberry.lazy("schema.accounts")] | None)
    async def parent(nodes: Sequence[AccountNode], reading: Reading) -> list[AccountNode | None]:
        """The account above this one."""
        keys = {node.fact.parent_id for node in nodes if node.fact.parent_id is not None}
        found = await accounts_by_id(reading, sorted(keys))
        return [
            None if node.fact.parent_id is None else found[node.fact.parent_id] for node in nodes
        ]

    @batched(list[Annotated["AccountNode", strawberry.lazy("schema.accounts")]])
    async def children(
        nodes: Sequence[AccountNode], reading: Reading, limit: int | None = None
    ) -> list[list[AccountNode]]:
        """The accounts directly below this one, by code."""
        keys = [node.fact.id for node in nodes]
        found = await reading.read(accounts.children, reading.organization_id, keys)
        organization = await reading.organization()
        most = checked_limit(limit)
        return [
            [account_node(child, organization) for child in found[node.fact.id][:most]]
            for node in nodes
        ]


def account_node(fact: Account, organization: Organization) -> AccountNode:
    """An account as the API shows it."""
    return AccountNode(fact=fact, organization=organization)


async def _totals(
    reading: Reading, nodes: Sequence[AccountNode] | None, as_of: date | None
) -> dict[str, Total]:
    keys = None if nodes is None else [node.fact.id for node in nodes]
    if as_of is None:
        return await reading.totals(keys)
    day = require_business_date(as_of, "asOf")
    return await reading.read(totals.between, reading.organization_id, None, day, keys)


def _turnover(node: AccountNode, total: Total) -> TurnoverNode:
    code = node.organization.base_currency
    return TurnoverNode(
        debit=text(total.debit + total.closing_debit, code),
        credit=text(total.credit + total.closing_credit, code),
        net=text(node.fact.type.natural(total.net), code),
        currency=currency_node(code),
    )


def _balances(nodes: Sequence[AccountNode], found: Mapping[str, Total]) -> list[MoneyNode]:
    """What the totals of accounts of one organization come to."""
    nets = [node.fact.type.sign * found.get(node.fact.id, NOTHING).net for node in nodes]
    return moneys(nets, nodes[0].organization.base_currency)


def _whole(account_id: str, found: dict[str, Total], below: dict[str | None, list[str]]) -> Total:
    total = found.get(account_id, NOTHING)
    for child in below.get(account_id, ()):
        total += _whole(child, found, below)
    return total


async def accounts_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, AccountNode]:
    """The accounts of the organization that have these ids."""
    found = await reading.accounts(keys)
    for key in keys:
        if isinstance(decided := reading.unstored.get(key), Account):
            found[key] = decided
    organization = await reading.organization()
    return {key: account_node(fact, organization) for key, fact in found.items()}


async def account_nodes(reading: Reading, facts: Sequence[Account]) -> list[AccountNode]:
    """Accounts as the API shows them."""
    organization = await reading.organization()
    return [AccountNode(fact=fact, organization=organization) for fact in facts]


@query(AccountNode | None)
async def account(reading: Reading, id: strawberry.ID) -> AccountNode:
    """An account of the organization by its id."""
    key = ids.normalise("act_", id)
    found = await accounts_by_id(reading, [key])
    if key not in found:
        raise unknown_account(str(id)[:40], "id", in_path=True)
    return found[key]


all_accounts, accounts_connection = LISTS.queries(
    AccountWhere, SOURCE, account_nodes, "The chart of accounts, by code"
)
