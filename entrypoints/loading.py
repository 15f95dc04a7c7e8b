"""Loading a ledger through the API: each transaction exactly once, however often it is tried.

Every transaction gets an external id made of the ledger's name and its place in the file. The
API takes no external id twice, so a load that was interrupted, at whatever moment, is simply
run again: what is there is compared with the file and skipped. An idempotency key for each
request besides lets an answer that was lost on the way be had again.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson

from entrypoints.asking import Ask, RefusedError
from entrypoints.ledger_files import (
    Holder,
    Json,
    LedgerFile,
    LoadError,
    Told,
    account_input,
    base_amount,
    transaction_input,
)

MOST_TRANSACTIONS = 500
MOST_BYTES = 800_000
_MOST_ACCOUNTS = 500
_INDEX = re.compile(r"(?:transactions|accounts|invalid value at )\[(\d+)\]")

ORGANIZATION = "{ organization { id name isLive baseCurrency { code } } }"
ACCOUNTS = """query Chart($after: String) {
  accountsConnection(first: 1000, after: $after) {
    nodes { id code accountType currency { code } }
    pageInfo { hasNextPage endCursor }
  }
}"""
OPEN = """mutation Open($accounts: [AccountInput!]!, $key: String!) {
  createAccounts(accounts: $accounts, idempotencyKey: $key) { id }
}"""
ENTER = """mutation Enter($transactions: [TransactionInput!]!, $post: Boolean!, $key: String!) {
  createTransactions(transactions: $transactions, post: $post, idempotencyKey: $key) { created }
}"""
LOADED = """query Loaded($ids: [String!]!) {
  transactions(where: {externalId: {in: $ids}}, limit: 1000) {
    externalId date description reference baseAmount
  }
}"""


@dataclass(slots=True)
class Tally:
    """How far a load has come: in transactions and entries, and in the file's own unit."""

    loaded: int = 0
    skipped: int = 0
    entries: int = 0
    passed: int = 0
    last_date: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A transaction of the file, and what is sent for it."""

    told: Told
    given: Json

    @property
    def external_id(self) -> str:
        """Under which it is loaded."""
        found: str = self.given["externalId"]
        return found


@dataclass
class Loading:
    """One ledger on its way into one organization."""

    ask: Ask
    ledger: LedgerFile
    moved: Callable[[Tally], object] = id
    tally: Tally = field(default_factory=Tally)
    holders: dict[str, Holder] = field(default_factory=dict)
    base: str = ""
    _looks: bool = True

    async def prepare(self) -> None:
        """See that the ledger fits the organization, and open the accounts that it lacks."""
        organization = (await self.ask(ORGANIZATION, {}))["organization"]
        self.base = organization["baseCurrency"]["code"]
        if self.ledger.base_currency not in {None, self.base}:
            raise LoadError(
                f"The ledger is kept in {self.ledger.base_currency}, and the organization "
                f"{organization['name']} in {self.base}. Load it into one that was made with "
                f"--currency {self.ledger.base_currency}."
            )
        await self._read_chart()
        self._require_same_types()
        missing = [row for row in self.ledger.accounts if row.get("code") not in self.holders]
        if missing:
            await self._open_accounts(missing)
            await self._read_chart()

    async def run(self) -> Tally:
        """Load all transactions in the order of the file, so that journals number them so."""
        parts = chunks(self._items())
        part = next(parts, None)
        while part is not None:
            under_way = asyncio.create_task(self._enter(part))
            try:
                part = await asyncio.to_thread(next, parts, None)
            finally:
                await under_way
        return self.tally

    def _items(self) -> Iterator[Item]:
        for told in self.ledger.transactions():
            try:
                external_id = self.ledger.external_id(told)
                given = transaction_input(told.content, external_id, self.holders, self.base)
            except LoadError as error:
                raise LoadError(f"{self.ledger.place(told)}: {error}") from None
            yield Item(told, given)

    async def _enter(self, chunk: list[Item]) -> None:
        """Load a chunk, or what of it is not there yet."""
        left = await self._missing(chunk) if self._looks else chunk
        while left:
            try:
                await self._create(left)
                break
            except RefusedError as refusal:
                before, left = left, await self._missing(left)
                if refusal.reason != "duplicate" or len(left) == len(before):
                    raise LoadError(self._located(refusal, before)) from None
        self._count(chunk, left)

    def _count(self, chunk: Sequence[Item], loaded: Sequence[Item]) -> None:
        tally = self.tally
        tally.loaded += len(loaded)
        tally.skipped += len(chunk) - len(loaded)
        tally.entries += sum(len(item.given["entries"]) for item in loaded)
        tally.passed = max(tally.passed, chunk[-1].told.passed)
        days = (str(item.given.get("date", ""))[:10] for item in chunk)
        tally.last_date = max(tally.last_date, *days)
        self.moved(tally)

    async def _create(self, items: Sequence[Item]) -> None:
        given = [item.given for item in items]
        await self.ask(ENTER, {"transactions": given, "post": True, "key": key_of(given)})

    async def _missing(self, chunk: list[Item]) -> list[Item]:
        """What of a chunk is not loaded yet; what is there must be what the file says.

        Once nothing of a chunk is there, the next ones are sent without looking.
        """
        data = await self.ask(LOADED, {"ids": [item.external_id for item in chunk]})
        found = {row["externalId"]: row for row in data["transactions"]}
        for item in chunk:
            if item.external_id in found:
                self._require_same(item, found[item.external_id])
        self._looks = bool(found)
        return [item for item in chunk if item.external_id not in found]

    def _require_same(self, item: Item, row: Json) -> None:
        """Raise a `LoadError` when what is loaded under an external id is something else."""
        given, theirs = item.given, (row["date"][:10], row["description"], row["reference"])
        ours = (
            str(given.get("date"))[:10],
            _normal(given.get("description")),
            _normal(given.get("reference")),
        )
        amount = base_amount(item.told.content, self.holders, self.base)
        if ours == theirs and amount in {None, Decimal(row["baseAmount"])}:
            return
        raise LoadError(
            f"{self.ledger.place(item.told)} was loaded before, and was another transaction: "
            f"{theirs[0]} {theirs[1]!r} over {row['baseAmount']}. Put the line back as it was, "
            f"or load another ledger under another name, by --name."
        )

    def _located(self, refusal: RefusedError, items: Sequence[Item]) -> str:
        found = _INDEX.search(refusal.field or "") or _INDEX.search(refusal.message)
        if found is None:
            return refusal.told
        item = items[int(found[1])]
        day, description = item.given.get("date"), item.given.get("description")
        return f"{self.ledger.place(item.told)} ({day} {description!r}): {refusal.told}"

    async def _read_chart(self) -> None:
        after = None
        while True:
            page = (await self.ask(ACCOUNTS, {"after": after}))["accountsConnection"]
            for node in page["nodes"]:
                holder = Holder(node["id"], node["accountType"], node["currency"]["code"])
                self.holders[node["code"]] = holder
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def _require_same_types(self) -> None:
        for row in self.ledger.accounts:
            holder = self.holders.get(row.get("code", ""))
            if holder is not None and holder.type != str(row.get("type")).upper():
                raise LoadError(
                    f"Account {row['code']} {row.get('name')!r} is of type {row.get('type')} in "
                    f"the ledger, and of type {holder.type.lower()} in the organization. Give it "
                    "another code, or load the ledger into an organization made with "
                    "--chart none."
                )

    async def _open_accounts(self, rows: Iterable[Json]) -> None:
        waiting = in_line([account_input(row) for row in rows])
        for begin in range(0, len(waiting), _MOST_ACCOUNTS):
            part = waiting[begin : begin + _MOST_ACCOUNTS]
            try:
                await self.ask(OPEN, {"accounts": part, "key": key_of(part)})
            except RefusedError as refusal:
                raise LoadError(_account_located(refusal, part)) from None


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Items in runs that each fit one request, by number and by size."""
    chunk: list[Item] = []
    size = 0
    for item in items:
        own = len(orjson.dumps(item.given)) + 1
        if chunk and size + own > MOST_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += own
        if len(chunk) == MOST_TRANSACTIONS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def in_line(accounts: Sequence[Json]) -> list[Json]:
    """Accounts in an order in which every parent among them comes before its sub-accounts."""
    by_code = {account["code"]: account for account in accounts}
    placed: dict[str, Json] = {}

    def place(account: Json) -> None:
        parent = by_code.pop(account.get("parentCode", ""), None)
        if parent is not None:
            place(parent)
        placed.setdefault(account["code"], account)

    for account in accounts:
        place(account)
    return list(placed.values())


def key_of(given: Sequence[Json]) -> str:
    """The idempotency key of a request: the same for the same content, and for no other."""
    return f"load-{hashlib.sha256(orjson.dumps(given)).hexdigest()[:40]}"


def _account_located(refusal: RefusedError, part: Sequence[Mapping[str, Any]]) -> str:
    found = _INDEX.search(refusal.field or "") or _INDEX.search(refusal.message)
    if found is None:
        return refusal.told
    return f"Account {part[int(found[1])]['code']}: {refusal.told}"


def _normal(text: object) -> str | None:
    return None if text is None else unicodedata.normalize("NFC", str(text))
