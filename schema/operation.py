"""The one place where an operation is declared: its function, its scope, its price.

    @query(AccountNode)
    async def account(reading: Reading, id: ID) -> AccountNode: ...

    @mutation(TransactionNode, credits=2, also={"post": "postTransaction"}, result=written)
    def create_transaction(description: str, ..., post: bool = False) -> Command: ...

A query is a function of the snapshot; a mutation gives the command that the writer runs, and
says how its result is made from what was written. Every mutation takes `idempotencyKey` and
`dryRun` besides; one that has a parameter `caller` is told who asks. Scope and price show in
the SDL as the directive `@operation`; a flag by which another operation is done at once, named
by `also`, costs what that one costs besides.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema_directive import Location
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from ledger.credits import FREE, Billing, Price
from ledger.errors import LedgerError, Reason
from ledger.keys import Scope
from resolvers.books import Call, Command, Written
from resolvers.gate import checked_idempotency_key, digest
from resolvers.jobs import Enqueueing, enqueue
from schema.arguments import converter
from schema.context import AcceptedError, Context, Reading
from schema.loading import Steps, batched, load
from store.jobs import JOBS


@strawberry.enum(name="OperationScope", description="What an API key must be allowed to do.")
class OperationScope(Enum):
    """The scopes as the SDL shows them."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="operation",
    description="The scope that an API key needs, and the price in credits.",
)
class OperationDirective:
    """What the SDL says of an operation."""

    scope: OperationScope
    credits: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as declared; `also` are those that it does besides, by the flags that ask it."""

    name: str
    kind: str
    scope: Scope
    credits: int
    also: tuple[tuple[str, str], ...] = ()


Run = Callable[..., Coroutine[Any, Any, Any]]
Find = Callable[..., Awaitable[Any]]
Raw = Mapping[str, Any]
"""Arguments as the executor coerced them: equal for equal requests."""


class OperationField(StrawberryField):
    """A root field, and what runs when it is asked: a function of the context, the steps below
    the field, and the arguments, first as they were coerced, then by name as our functions take
    them. `find` is the declared function of a query, and `answer` the type of what it gives. A
    `live` query may answer differently though the organization's version row has not moved; one
    with `credits_shown` does so when the payer's balance moves.
    """

    run: Run
    find: Find
    answer: Any
    live: bool = False
    credits_shown: bool = False

    @cached_property
    def converted(self) -> Callable[[Raw], dict[str, Any]]:
        """Makes keyword arguments of coerced values."""
        return converter(self)


OPERATIONS: dict[str, Operation] = {}
"""Every declared operation by its name in the schema."""

_KEY = inspect.Parameter(
    "idempotency_key", inspect.Parameter.KEYWORD_ONLY, default=None, annotation="str | None"
)
_DRY = inspect.Parameter(
    "dry_run", inspect.Parameter.KEYWORD_ONLY, default=False, annotation="bool"
)
_NOTHING: Mapping[str, str] = {}
Result = Callable[[Reading, Written], Awaitable[Any]]


def query(
    graphql_type: Any,
    *,
    scope: Scope = Scope.READ,
    name: str | None = None,
    live: bool = False,
    credits_shown: bool = False,
) -> Callable[[Find], OperationField]:
    """Declare a root field of Query; reads are free of charge."""

    def declare(find: Find) -> OperationField:
        async def run(context: Context, steps: Steps, _raw: Raw, /, **arguments: Any) -> Any:
            context.caller.require_scope(scope)
            reading = context.reading
            found = await find(reading, **arguments)
            await load(steps, found, reading)
            return found

        parameters = list(inspect.signature(find).parameters.values())[1:]
        field = _field(find, run, parameters, graphql_type, "query", scope, 0, name)
        field.find, field.answer = find, graphql_type
        field.live, field.credits_shown = live, credits_shown
        return field

    return declare


def mutation(
    graphql_type: Any,
    *,
    result: Result,
    credits: int = 1,
    also: Mapping[str, str] = _NOTHING,
    scope: Scope = Scope.WRITE,
) -> Callable[[Callable[..., Command]], StrawberryField]:
    """Declare a root field of Mutation, with its price in credits."""

    def declare(command: Callable[..., Command]) -> StrawberryField:
        async def run(
            context: Context,
            steps: Steps,
            raw: Raw,
            /,
            *,
            idempotency_key: str | None = None,
            dry_run: bool = False,
            **given: Any,
        ) -> Any:
            context.caller.require_scope(scope)
            header = context.idempotency_key
            key = checked_idempotency_key(header if idempotency_key is None else idempotency_key)
            call = Call(
                context.caller.organization_id,
                command.__name__,
                context.caller.origin,
                key,
                digest(raw) if key else "",
                dry_run,
                context.reserved,
                FREE if context.is_paid else price_of(public, given, context.writer.billing),
            )
            if knows_caller:
                given["caller"] = context.caller
            # Who waits for the writer, which needs a connection, must not hold one meanwhile.
            await context.close()
            if context.enqueueing is not None:
                await _accept(context, call, command(**given), context.enqueueing)
            written = await context.writer.submit(call, command(**given))
            context.replayed |= written.replayed
            reading = context.reading
            if written.organization is not None:
                reading.knows(written.organization)
            if dry_run:
                reading.unstored = written.facts
            node = await result(reading, written)
            await load(steps, node, reading)
            return node

        public = _camel(command.__name__)
        arguments = dict(inspect.signature(command).parameters)
        knows_caller = arguments.pop("caller", None) is not None
        parameters = [*arguments.values(), _KEY, _DRY]
        field = _field(command, run, parameters, graphql_type, "mutation", scope, credits)
        OPERATIONS[public] = replace(OPERATIONS[public], also=tuple(also.items()))
        return field

    return declare


def price_of(name: str, given: Raw, billing: Billing) -> Price:
    """What a mutation costs, by its name in the schema and the flags among its arguments."""
    operation = OPERATIONS[name]
    also = {more: OPERATIONS[more].credits for flag, more in operation.also if given[flag]}
    return billing.price(name, operation.credits, also)


async def _accept(context: Context, call: Call, command: Command, asked: Enqueueing) -> None:
    """Accept a mutation as a job, which ends the execution of its document. It is paid for now."""
    name = _camel(call.operation)
    queued = replace(call, operation=f"enqueue_{call.operation}")
    is_charged = context.writer.billing.is_metered and context.caller.is_live
    accepted = enqueue(command, context.caller, name, asked, call.price if is_charged else FREE)
    written = await context.writer.submit(queued, accepted)
    context.replayed |= written.replayed
    job = await context.reading.written(written, JOBS.existing, written.outcome)
    context.accepted = job
    context.cost = call.price.credits if job.charged is None else job.charged
    raise AcceptedError


def of_every(root: OperationField) -> Any:
    """The same field on a node: what a root query finds, found for the node's organization."""
    find = root.find

    async def load(nodes: Sequence[Any], reading: Reading, **given: Any) -> list[Any]:
        return [await find(reading, **given) for _ in nodes]

    signature = inspect.signature(load)
    arguments = list(inspect.signature(find).parameters.values())[1:]
    parameters = [*list(signature.parameters.values())[:2], *arguments]
    load.__name__, load.__doc__, load.__module__ = find.__name__, find.__doc__, find.__module__
    load.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return batched(root.answer, live=root.live, credits_shown=root.credits_shown)(load)


def _field(
    declared: Callable[..., Any],
    run: Run,
    parameters: list[inspect.Parameter],
    graphql_type: Any,
    kind: str,
    scope: Scope,
    price: int,
    name: str | None = None,
) -> OperationField:
    """The framework's field for a declared function: its arguments, its text, its directive."""

    def described(**_: Any) -> None:
        raise AssertionError(declared.__name__)  # pragma: no cover

    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
    described.__name__ = declared.__name__
    described.__module__ = declared.__module__
    described.__signature__ = inspect.Signature(keyword)  # type: ignore[attr-defined]
    operation = Operation(declared.__name__, kind, scope, price)
    OPERATIONS[name or _camel(declared.__name__)] = operation
    field = OperationField(
        python_name=None,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(graphql_type),
        description=inspect.cleandoc(declared.__doc__ or ""),
        directives=[OperationDirective(scope=OperationScope[scope.name], credits=price)],
    )
    field.run = run
    resolved: OperationField = field(StrawberryResolver(described))
    return resolved


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.title() for part in tail)


async def written_flag(_reading: Reading, written: Written) -> bool:
    """The result of a mutation that only says that it was done."""
    return bool(written.outcome)


def only_given(arguments: dict[str, Any], *, nullable: Collection[str]) -> dict[str, Any]:
    """The arguments of an update that were given: null clears what is nullable, no other."""
    given = {name: value for name, value in arguments.items() if value is not strawberry.UNSET}
    for name, value in given.items():
        if value is None and name not in nullable:
            raise LedgerError(
                Reason.INVALID_VALUE,
                f"{_camel(name)} cannot be null.",
                "Leave it out to keep what is there.",
                field=_camel(name),
            )
    return given
