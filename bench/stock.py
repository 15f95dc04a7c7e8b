"""Strawberry as it comes: plain types, its own resolvers, its own executor.

Accounts are made of facts, with a resolver for each field that is worked out; or they are nodes
that are held ready, with attributes alone, which our own executor is given too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.tools import create_type

from ledger.accounts import Account as LedgerAccount
from ledger.currencies import CURRENCIES
from ledger.money import amount_text, formatted
from schema.context import Reading
from schema.operation import query
from schema.wiring import wire


@dataclass(frozen=True, slots=True)
class Fact:
    """An account, and what it has in minor units, positive on its normal side."""

    account: LedgerAccount
    minor: int


@strawberry.type
class Currency:
    """A currency."""

    code: str
    symbol: str


@strawberry.type
class Money:
    """An amount, worked out as it is asked for."""

    minor: strawberry.Private[int]
    unit: strawberry.Private[str]

    @strawberry.field
    def amount(self) -> str:
        """Exact."""
        return amount_text(self.minor, CURRENCIES[self.unit])

    @strawberry.field
    def formatted(self) -> str:
        """For people."""
        return formatted(self.minor, CURRENCIES[self.unit])

    @strawberry.field
    def currency(self) -> Currency:
        """What it is in."""
        return Currency(code=self.unit, symbol=CURRENCIES[self.unit].symbol)


@strawberry.type
class Account:
    """An account whose balance is worked out."""

    id: strawberry.ID
    code: str
    name: str
    minor: strawberry.Private[int]
    unit: strawberry.Private[str]

    @strawberry.field
    def balance(self) -> Money:
        """What it has."""
        return Money(minor=self.minor, unit=self.unit)


@strawberry.type
class HeldMoney:
    """An amount that is there."""

    amount: str
    formatted: str
    currency: Currency


@strawberry.type
class HeldAccount:
    """An account that is there."""

    id: strawberry.ID
    code: str
    name: str
    balance: HeldMoney


@strawberry.type
class Query:
    """What is asked of facts, and of nodes."""

    @strawberry.field
    def accounts(self, info: strawberry.Info, limit: int) -> list[Account]:
        """Accounts, made of facts."""
        facts: Sequence[Fact] = info.context["given"]
        return [
            Account(
                id=strawberry.ID(fact.account.id),
                code=fact.account.code,
                name=fact.account.name,
                minor=fact.minor,
                unit=fact.account.currency,
            )
            for fact in facts[:limit]
        ]

    @strawberry.field
    def held_accounts(self, info: strawberry.Info, limit: int) -> list[HeldAccount]:
        """Accounts as they are held."""
        nodes: list[HeldAccount] = info.context["given"]
        return nodes[:limit]


def execution(document: str, given: Sequence[Any]) -> Callable[[], Awaitable[Any]]:
    """What executes a document by Strawberry; raises `RuntimeError` when it answers with errors."""
    schema = strawberry.Schema(Query, extensions=[ParserCache, ValidationCache])

    async def execute() -> Any:
        answer = await schema.execute(document, context_value={"given": given})
        if answer.errors:
            raise RuntimeError(str(answer.errors))
        return answer.data

    return execute


def nodes_of(facts: Sequence[Fact]) -> list[HeldAccount]:
    """Accounts with all that can be asked of them, made beforehand."""
    return [
        HeldAccount(
            id=strawberry.ID(fact.account.id),
            code=fact.account.code,
            name=fact.account.name,
            balance=HeldMoney(
                amount=amount_text(fact.minor, CURRENCIES[fact.account.currency]),
                formatted=formatted(fact.minor, CURRENCIES[fact.account.currency]),
                currency=Currency(
                    code=fact.account.currency, symbol=CURRENCIES[fact.account.currency].symbol
                ),
            ),
        )
        for fact in facts
    ]


def held_schema(nodes: list[HeldAccount]) -> GraphQLSchema:
    """The same nodes behind an operation that is declared and wired as those of ours are."""

    @query(list[HeldAccount])
    async def held_accounts(reading: Reading, limit: int) -> list[HeldAccount]:
        """Accounts as they are held."""
        del reading
        return nodes[:limit]

    made = strawberry.Schema(create_type("Query", [held_accounts]))._schema  # noqa: SLF001
    wire(made)
    return made
