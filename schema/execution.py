"""Running documents: parsed, measured and validated once, then executed for each request."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged as overlapping

from ledger.errors import LedgerError, Reason
from resolvers.gate import Caller
from resolvers.moment import Restless
from resolvers.outside import Outside
from resolvers.standing import Standings
from resolvers.writer import Writer
from schema.answers import NEVER, Answers, Keeping, Key, keeping, key_of
from schema.calls import UNREAD, Called, called_by
from schema.compiled import Compiled, compile_operation
from schema.compiled.oddities import is_coroutine
from schema.context import Context
from schema.cost import Measured, measure
from schema.errors import render, unexpected
from schema.limits import Limits, parse_document
from schema.requests import GraphQLRequest
from schema.view import Answer, ExecuteOptions, Form, only_by_post
from store.engines import Database
from store.troubles import Trouble, trouble

# Validating that fields can be merged is quadratic; with this budget the worst document that
# the other limits let through takes a tenth of a second instead of one.
overlapping.MAX_COMPLEXITY_BUDGET = 50_000

_MOST_DOCUMENTS = 2_000
_LONGEST_KEPT = 20_000
_COMPILED_AT = 2


@dataclass(slots=True)
class Prepared:
    """A document that was read once: what to execute, its measure, or why it is refused.

    `called` is what requests for it are counted by. It is `compiled`, if it can be, at the second
    of its `uses`: what is asked only once is executed sooner than it is compiled. One that
    `is_brief` read so little when it last came that nothing written meanwhile could mix in.
    """

    document: DocumentNode
    operation: OperationDefinitionNode | None
    measured: Measured
    errors: tuple[GraphQLError, ...]
    called: Called
    keeping: Keeping
    uses: int = 0
    is_brief: bool = False
    compiled: Compiled | None = None

    @property
    def is_query(self) -> bool:
        """Whether it only reads."""
        return self.operation is None or self.operation.operation is OperationType.QUERY

    @property
    def is_single(self) -> bool:
        """Whether its operation has just one root field."""
        if self.operation is None:
            return False
        roots = self.operation.selection_set.selections
        return len(roots) == 1 and isinstance(roots[0], FieldNode)


class Executor:
    """Executes documents for callers; one for each process.

    Without an `outside` it serves documents that ask for no file, mail or link. One that
    `compiles` leaves to graphql-core what comes once or cannot be compiled, else everything. With
    `answers` it keeps those of queries.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        database: Database,
        writer: Writer,
        limits: Limits,
        outside: Outside | None = None,
        *,
        compiles: bool = True,
        answers: Answers | None = None,
    ) -> None:
        self._compiles = compiles
        self._answers = answers
        self._schema = schema
        self._database = database
        self._writer = writer
        self._limits = limits
        self._outside = outside
        self._standings = Standings()
        self._restless = Restless()
        self._prepared: OrderedDict[tuple[str, str | None], Prepared] = OrderedDict()

    async def __call__(
        self,
        caller: Caller,
        asked: GraphQLRequest,
        options: ExecuteOptions,
        noted: list[Called] | None = None,
    ) -> Answer:
        """The answer to one request; a `LedgerError` when it is refused as a whole.

        What it calls is put into `noted` as soon as that is known.
        """
        options.state["organization_id"] = caller.organization_id
        try:
            prepared = self._prepare(asked.query, asked.operation_name)
        except GraphQLSyntaxError as error:
            return self._refused([error], options.request_id)
        if noted is not None:
            noted.append(prepared.called)
        variables = asked.variables or {}
        prepared.measured.check(variables)
        if prepared.errors:
            return self._refused(prepared.errors, options.request_id)
        _require_sendable(prepared, options)
        answer, status = await self._kept_or_found(prepared, caller, asked, options)
        return answer.telling_cache(status) if asked.tells_cache else answer

    async def _kept_or_found(
        self, prepared: Prepared, caller: Caller, asked: GraphQLRequest, options: ExecuteOptions
    ) -> tuple[Answer, str]:
        """The answer, and how it was come by: `off` where none is kept."""
        kept, seen = self._answers, caller.seen
        if kept is not None and seen is not None and prepared.keeping.is_allowed:
            key = self._key(prepared, caller, asked, options.form)
            if key is not None:
                find = partial(self._found, prepared, caller, asked, options)
                return await kept.answer(key, seen, find)
        answer, _ = await self._found(prepared, caller, asked, options)
        return answer, "off"

    def _key(
        self, prepared: Prepared, caller: Caller, asked: GraphQLRequest, form: Form | None
    ) -> Key | None:
        """What the answer to a question depends on, where that can be told."""
        balance = caller.balance if self._shows_credits(prepared) else None
        key = key_of(caller, balance, asked.query, asked.operation_name, asked.variables)
        return key if key is None or form is None else (*key, form.key)

    def _shows_credits(self, prepared: Prepared) -> bool:
        """Whether credits are selected, which may move while the version row rests."""
        return prepared.keeping.has_credits and self._writer.billing.is_metered

    async def _found(
        self, prepared: Prepared, caller: Caller, asked: GraphQLRequest, options: ExecuteOptions
    ) -> tuple[Answer, datetime | None]:
        """The answer as it is found, and when it ends to be right by itself."""
        prepared.uses += 1
        if prepared.uses == _COMPILED_AT and self._compiles:
            name = asked.operation_name
            prepared.compiled = compile_operation(self._schema, prepared.document, name)
        presumes = self._may_presume(prepared, caller)
        result, context = await self._run(prepared, caller, asked, options, presumes=presumes)
        if context.is_void:
            if context.has_moved:
                self._restless.note(caller.organization_id)
            result, context = await self._run(prepared, caller, asked, options, presumes=False)
        prepared.is_brief = context.is_brief
        if context.accepted is not None:
            headers = {"Idempotent-Replay": "true"} if context.replayed else {}
            accepted = {"job": context.accepted, "cost": context.cost}
            return Answer(accepted, headers=headers), None
        answer = self._answer(result, context, options.request_id)
        if options.form is not None and not answer.has_errors:
            answer = options.form.show(answer)
        return answer, context.ends

    def _may_presume(self, prepared: Prepared, caller: Caller) -> bool:
        """Whether all that the document reads moves with the version row, which seems to rest."""
        if caller.seen is None or not prepared.keeping.is_allowed or self._shows_credits(prepared):
            return False
        return prepared.is_brief or caller.organization_id not in self._restless

    async def _run(
        self,
        prepared: Prepared,
        caller: Caller,
        asked: GraphQLRequest,
        options: ExecuteOptions,
        *,
        presumes: bool,
    ) -> tuple[ExecutionResult, Context]:
        """What comes of an execution, and all else that it says."""
        key = options.idempotency_key
        context = Context(caller, self._database, self._writer, self._outside, key)
        context.standings = self._standings
        context.enqueueing, context.reserved = options.enqueueing, options.reserved
        context.is_paid = options.is_paid
        context.presumes, context.is_short = presumes, prepared.is_brief
        try:
            result = self._execute(prepared, context, asked.variables or {}, asked.operation_name)
            if inspect.isawaitable(result):
                result = await result
            await context.prove()
        finally:
            await context.finish()
        return result, context

    def _execute(
        self,
        prepared: Prepared,
        context: Context,
        variables: dict[str, Any],
        operation_name: str | None,
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        if prepared.compiled is not None:
            return prepared.compiled(context, variables)
        return execute(
            self._schema,
            prepared.document,
            context_value=context,
            variable_values=variables,
            operation_name=operation_name,
            is_awaitable=is_coroutine,
        )

    def _prepare(self, text: str, operation_name: str | None) -> Prepared:
        key = (text, operation_name)
        found = self._prepared.get(key)
        if found is not None:
            self._prepared.move_to_end(key)
            return found
        document = parse_document(text, self._limits)
        measured = measure(self._schema, document, operation_name, self._limits)
        operation = get_operation_ast(document, operation_name)
        errors = tuple(validate(self._schema, document))
        called = UNREAD if errors else called_by(document, operation)
        kept = NEVER if errors else keeping(self._schema, document, operation)
        found = Prepared(document, operation, measured, errors, called, kept)
        if len(text) <= _LONGEST_KEPT:
            self._prepared[key] = found
            if len(self._prepared) > _MOST_DOCUMENTS:
                self._prepared.popitem(last=False)
        return found

    def _answer(self, result: ExecutionResult, context: Context, request_id: str) -> Answer:
        body: dict[str, Any] = {}
        if result.errors:
            body["errors"] = [rendered(error, request_id) for error in result.errors]
        executed = result.data is not None or any(e.path for e in result.errors or ())
        if executed:
            body["data"] = result.data
        extensions: dict[str, Any] = {}
        headers = {}
        if context.warnings:
            extensions["warnings"] = context.warnings
        if context.replayed:
            extensions["idempotentReplay"] = True
            headers["Idempotent-Replay"] = "true"
        if extensions:
            body["extensions"] = extensions
        return Answer(body, executed, headers)

    def _refused(self, errors: Any, request_id: str) -> Answer:
        return Answer({"errors": [rendered(error, request_id) for error in errors]}, executed=False)


def _require_sendable(prepared: Prepared, options: ExecuteOptions) -> None:
    """Refuse a mutation by GET, and an idempotency header that means more than one mutation."""
    if prepared.is_query:
        return
    if options.only_queries:
        raise only_by_post()
    if options.idempotency_key is not None and not prepared.is_single:
        raise LedgerError(
            Reason.INVALID_REQUEST,
            "An Idempotency-Key header cannot say which mutation of the document it is for.",
            "Give each mutation an `idempotencyKey` argument, and leave the header out.",
        )


def rendered(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """A GraphQL error with its class, its reason and its place."""
    cause = _cause(error, request_id)
    answer = render(cause, request_id)
    if error.path is not None:
        answer["path"] = list(error.path)
    if error.locations:
        answer["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    return answer


def _cause(error: GraphQLError, request_id: str) -> LedgerError:
    """The refusal behind a GraphQL error; what nobody foresaw becomes an internal one."""
    original: BaseException | None = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    if isinstance(original, LedgerError):
        if error.path is None:
            return LedgerError(
                original.reason, error.message, original.suggestion, original.details
            )
        return original
    if original is None or error.path is None:
        # Without a path it is the document or its variables, of which something cannot be read.
        return LedgerError(
            Reason.INVALID_REQUEST,
            error.message,
            "Compare the document and its variables with the schema.",
        )
    if trouble(original) in {Trouble.BUSY, Trouble.RETRY}:
        return LedgerError(Reason.BUSY, "The database cannot answer now.", "Try again in a moment.")
    return unexpected(original, request_id)
