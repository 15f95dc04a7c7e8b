"""API keys in the API."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.keys import Key, Scope
from resolvers import keys as decisions
from resolvers.books import Command, Written, unknown
from resolvers.gate import Caller
from schema.context import Reading
from schema.operation import OperationScope, mutation, only_given, query
from store import keys


@strawberry.type
class ApiKeyNode:
    """An API key, without what it is: only its hash is kept."""

    id: strawberry.ID
    name: str
    scope: OperationScope
    key_preview: str = strawberry.field(description="Enough to recognise it: cl_live_a1b2…x9Yz.")
    expires_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


@strawberry.type
class NewApiKey:
    """A key that was just made."""

    key: ApiKeyNode
    secret: str | None = strawberry.field(
        description="The key itself, told this once; null in the replay of an idempotent request."
    )


def key_node(fact: Key) -> ApiKeyNode:
    """A key as the API shows it."""
    return ApiKeyNode(
        id=strawberry.ID(fact.id),
        name=fact.name,
        scope=OperationScope(fact.scope.value),
        key_preview=fact.preview,
        expires_at=fact.expires_at,
        revoked_at=fact.revoked_at,
        created_at=fact.created_at,
    )


@query(list[ApiKeyNode], scope=Scope.ADMIN)
async def api_keys(reading: Reading) -> list[ApiKeyNode]:
    """The organization's API keys, the newest first, revoked ones included."""
    found = await reading.read(keys.listed, reading.organization_id)
    return [key_node(fact) for fact in found]


@query(ApiKeyNode | None, scope=Scope.ADMIN)
async def api_key(reading: Reading, id: strawberry.ID) -> ApiKeyNode:
    """An API key of the organization by its id."""
    key = ids.normalise("key_", id)
    found = await reading.read(keys.existing, reading.organization_id, [key])
    if key not in found:
        raise unknown("key", str(id)[:40], "id", in_path=True)
    return key_node(found[key])


async def _written(reading: Reading, written: Written) -> ApiKeyNode:
    fact = written.facts.get(written.outcome)
    if not isinstance(fact, Key):
        found = await reading.read(keys.existing, reading.organization_id, [written.outcome])
        fact = found[written.outcome]
    return key_node(fact)


async def _made(reading: Reading, written: Written) -> NewApiKey:
    return NewApiKey(key=await _written(reading, written), secret=written.secret)


@mutation(NewApiKey, result=_made, scope=Scope.ADMIN)
def create_api_key(
    caller: Caller, name: str, scope: OperationScope, expires_at: datetime | None = None
) -> Command:
    """Make a key that can do no more, and no longer, than the key that makes it."""
    return decisions.create(caller, name=name, scope=Scope(scope.value), expires_at=expires_at)


@mutation(ApiKeyNode, result=_written, scope=Scope.ADMIN)
def change_api_key(
    caller: Caller,
    id: strawberry.ID,
    name: str | None = UNSET,
    expires_at: datetime | None = UNSET,
) -> Command:
    """Change the name of a key, or when it expires; null is never, unless the key that asks for it
    expires. What it may do stays as it was made.
    """
    given = only_given({"name": name, "expires_at": expires_at}, nullable=("expires_at",))
    return decisions.update(caller, ids.normalise("key_", id), given)


@mutation(NewApiKey, result=_made, scope=Scope.ADMIN)
def rotate_api_key(caller: Caller, id: strawberry.ID) -> Command:
    """Put a new key in the place of another, which stops at once. It must not outlive the key
    that asks for it.
    """
    return decisions.rotate(caller, ids.normalise("key_", id))


@mutation(ApiKeyNode, result=_written, scope=Scope.ADMIN)
def revoke_api_key(id: strawberry.ID) -> Command:
    """Stop a key at once."""
    return decisions.revoke_key(ids.normalise("key_", id))
