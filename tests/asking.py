"""What tests of the API do again and again: enter a journal, be refused, count statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from books import drafts
from entering import contents
from house import Client, House, Refusal
from sqlalchemy import event

from ledger.errors import Reason
from ledger.keys import Key, Scope, fingerprint, preview
from resolvers.minting import Mint, new_key
from store import keys

ENTER = """
mutation Enter($transactions: [TransactionInput!]!, $post: Boolean! = true) {
  createTransactions(transactions: $transactions, post: $post) { results { transaction { id } } }
}"""

mint = Mint()


async def enter(client: Client, journal: str, *, post: bool = True) -> list[str]:
    """The ids of the transactions that a journal (see `books`) tells of, entered in its order."""
    accounts = await client.accounts()
    given = [
        {
            "description": draft.description,
            "date": draft.date.isoformat(),
            "kind": draft.kind.name,
            "entries": [
                {
                    "accountId": accounts[entry.account_id.removeprefix("act_")],
                    "entryType": entry.entry_type.name,
                    "amount": entry.amount,
                    "currency": entry.currency,
                    "exchangeRate": entry.exchange_rate,
                    "baseAmount": entry.base_amount,
                }
                for entry in draft.entries
            ],
        }
        for draft in drafts(journal)
    ]
    found = await client.ask(ENTER, transactions=given, post=post)
    return [result["transaction"]["id"] for result in found["createTransactions"]["results"]]


async def key_of(client: Client, house: House, scope: Scope, **more: Any) -> Client:
    """The same organization, asked with a new key of another scope."""
    secret = new_key(live=more.pop("live", True))
    now = datetime.now(UTC)
    organization_id = more.pop("organization_id", client.organization_id)
    given = {"expires_at": None, "revoked_at": None, "created_at": now, **more}
    made = Key(
        organization_id=organization_id,
        id=mint("key_"),
        name="Another",
        scope=scope,
        hash=fingerprint(secret),
        preview=preview(secret),
        **given,
    )
    await house.database.write(keys.insert_all, [made])
    return Client(house.http, secret, organization_id)


@dataclass
class Case:
    """A document that must be refused, for which reason, and which argument is at fault."""

    document: str
    reason: str
    field: str | None = None
    given: dict[str, Any] | None = None


async def refused(house: House, client: Client, document: str, **variables: Any) -> Refusal:
    """The refusal of a document, which must be whole and leave every row as it was."""
    before = await contents(house)
    refusal = await refusal_of(client, document, **variables)
    assert await contents(house) == before
    return refusal


async def refusal_of(client: Client, document: str, **variables: Any) -> Refusal:
    """The refusal of a document: a reason of the closed list, its class, a cause and a cure."""
    refusal = await client.refusal(document, **variables)
    assert refusal.code == Reason[refusal.reason.upper()].code.value
    assert refusal.code != "INTERNAL_ERROR", (document, variables, refusal)
    assert refusal.message.strip()
    assert refusal.suggestion
    return refusal


async def all_refused(house: House, client: Client, cases: Iterable[Case]) -> None:
    """Ask everything on a table; each is refused as it says, and nothing is written."""
    before = await contents(house)
    for case in cases:
        refusal = await refusal_of(client, case.document, **(case.given or {}))
        assert (refusal.reason, refusal.field) == (case.reason, case.field), (case, refusal)
    assert await contents(house) == before


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """The SQL statements that operations run meanwhile, in their order; not the housekeeping.

    Answers are not kept meanwhile: what is counted is what finding them takes.
    """
    seen: list[str] = []
    executor = house.app.house.worked
    kept, executor._answers = executor._answers, None
    database = house.database
    engines = [database.writer]
    if house.is_sqlite:  # on PostgreSQL readers are the same engine with other options
        engines.append(database.reader)

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("ANALYZE", "PRAGMA")) and "pg_class" not in statement:
            seen.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        executor._answers = kept
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
