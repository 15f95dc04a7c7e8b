"""Ledgers in files: the neutral form that `crane load` reads, and what of it goes to the API.

A ledger is one JSON object with `accounts` and `transactions`, and perhaps `expected` figures;
or, when it is large, a file of JSON lines with one transaction each (`big.jsonl`), its accounts
beside it (`big.accounts.json`), and its expected figures likewise (`big.expected.json`). A file
of lines is read as it is loaded, so that its size does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]
_NAME_LENGTH = 150
_TRANSACTION_FIELDS = {
    "date": "date",
    "description": "description",
    "reference": "reference",
    "payment_method": "paymentMethod",
    "metadata": "metadata",
}
_ACCOUNT_FIELDS = {
    "code": "code",
    "name": "name",
    "currency": "currency",
    "parent_code": "parentCode",
    "description": "description",
}


class LoadError(Exception):
    """A ledger cannot be loaded; the message says where, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Told:
    """One transaction as the file tells it.

    `number` is its line, or its place in the list, from 1 on; `passed` how much of the file has
    been read with it, in the unit of `LedgerFile.size`.
    """

    number: int
    passed: int
    content: Json


@dataclass(frozen=True, slots=True)
class Holder:
    """An account of the organization, as far as loading needs to know it."""

    id: str
    type: str
    currency: str


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A ledger to be loaded.

    `name` begins the external id of each of its transactions, and so must stay the same when a
    load is resumed. `size` is what its transactions add up to: in bytes for JSON lines, else
    in transactions.
    """

    path: Path
    name: str
    base_currency: str | None
    accounts: list[Json]
    expected: Json | None
    size: int
    listed: list[Json] | None

    def transactions(self) -> Iterator[Told]:
        """The transactions in the order of the file; a broken line is a `LoadError`."""
        if self.listed is None:
            yield from _lines(self.path)
            return
        for number, content in enumerate(self.listed, 1):
            yield Told(number, number, _object(content, f"Transaction {number}"))

    def place(self, told: Told) -> str:
        """Where a transaction stands, in words."""
        unit = "transaction" if self.listed is not None else "line"
        return f"{self.path.name}, {unit} {told.number}"

    def external_id(self, told: Told) -> str:
        """The external id under which a transaction is loaded: once, however often it is tried."""
        return f"{self.name}:{told.number}"


def open_ledger(path: Path, name: str | None = None) -> LedgerFile:
    """The ledger in a file; `name` is else its own, or that of the file."""
    if path.suffix == ".jsonl":
        accounts = _beside(path, "accounts")
        if accounts is None:
            raise LoadError(f"There is no {path.stem}.accounts.json beside {path.name}.")
        expected = _object(_beside(path, "expected") or {}, f"{path.stem}.expected.json")
        name = _short(name or path.stem)
        size = path.stat().st_size
        return LedgerFile(
            path, name, None, _listed(accounts, "accounts"), expected.get("expected"), size, None
        )
    ledger = _object(_read(path), path.name)
    transactions = _listed(ledger.get("transactions"), "transactions")
    return LedgerFile(
        path,
        _short(name or str(ledger.get("name") or path.stem)),
        ledger.get("base_currency"),
        _listed(ledger.get("accounts"), "accounts"),
        ledger.get("expected"),
        len(transactions),
        transactions,
    )


def account_input(row: Mapping[str, Any]) -> Json:
    """An account as `createAccounts` takes it."""
    try:
        given = {ours: row[theirs] for theirs, ours in _ACCOUNT_FIELDS.items() if theirs in row}
        given["accountType"] = str(row["type"]).upper()
        if row.get("subtype") is not None:
            given["subtype"] = str(row["subtype"]).upper()
    except KeyError as missing:
        raise LoadError(f"Account {row.get('code')}: it has no {missing}.") from None
    return given


def transaction_input(
    content: Mapping[str, Any], external_id: str, holders: Mapping[str, Holder], base: str
) -> Json:
    """A transaction as `createTransactions` takes it; a `LoadError` says what it lacks.

    What the API would take for granted is left out, so that more transactions fit a request:
    the currency of an entry when it is the account's, its base amount when it is its amount.
    """
    given = {o: content[t] for t, o in _TRANSACTION_FIELDS.items() if content.get(t) is not None}
    for name in ("kind", "type"):
        if content.get(name) is not None:
            given[name] = str(content[name]).upper()
    given["externalId"] = external_id
    entries = content.get("entries")
    if not isinstance(entries, list):
        raise LoadError("It has no list of entries.")
    given["entries"] = [_entry_input(entry, holders, base) for entry in entries]
    return given


def _entry_input(entry: Json, holders: Mapping[str, Holder], base: str) -> Json:
    try:
        code, side, amount = entry["account_code"], entry["entry_type"], entry["amount"]
    except (KeyError, TypeError) as missing:
        raise LoadError(f"An entry has no {missing}.") from None
    holder = holders.get(code)
    if holder is None:
        raise LoadError(
            f"There is no account {code!r} among the ledger's accounts or the organization's. "
            "Add it to the accounts of the ledger."
        )
    given = {"accountId": holder.id, "entryType": str(side).upper(), "amount": _decimal(amount)}
    currency = entry.get("currency") or holder.currency
    if currency != holder.currency:
        given["currency"] = currency
    rate = entry.get("exchange_rate", entry.get("rate"))
    if rate is not None:
        given["exchangeRate"] = _decimal(rate)
    base_amount = entry.get("base_amount")
    if base_amount is not None and (currency != base or base_amount != amount):
        given["baseAmount"] = _decimal(base_amount)
    for name in ("description", "reference"):
        if entry.get(name) is not None:
            given[name] = entry[name]
    return given


def base_amount(
    content: Mapping[str, Any], holders: Mapping[str, Holder], base: str
) -> Decimal | None:
    """The total of the debits, if all entries are in the base currency."""
    entries = content["entries"]
    currencies = {e.get("currency") or holders[e["account_code"]].currency for e in entries}
    if currencies != {base}:
        return None
    debits = (e["amount"] for e in entries if str(e["entry_type"]).upper() == "DEBIT")
    return sum(map(Decimal, debits), Decimal(0))


def _decimal(value: object) -> str:
    """A figure as it was written; a number with a point has lost what was written."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise LoadError(f'The figure {value!r} is not written as a string, such as "100.00".')


def _lines(path: Path) -> Iterator[Told]:
    passed = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            passed += len(line)
            if line.isspace():
                continue
            place = f"{path.name}, line {number}"
            try:
                content = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise LoadError(f"{place} is not JSON: {error}.") from None
            yield Told(number, passed, _object(content, place))


def _beside(path: Path, kind: str) -> Any:
    companion = path.with_name(f"{path.stem}.{kind}.json")
    return _read(companion) if companion.exists() else None


def _read(path: Path) -> Any:
    try:
        return orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise LoadError(f"{path.name} is not JSON: {error}.") from None


def _object(value: Any, place: str) -> Json:
    if isinstance(value, dict):
        return value
    raise LoadError(f"{place} is not a JSON object.")


def _listed(value: Any, member: str) -> list[Json]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise LoadError(f"The ledger has no list of {member}.")


def _short(name: str) -> str:
    return " ".join(name.split())[:_NAME_LENGTH]
