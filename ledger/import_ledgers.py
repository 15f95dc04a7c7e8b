"""Ledgers of our own form, as `crane load` reads them: one object, or JSON lines.

One object has `accounts` (code, name, type) and `transactions` (date, description, entries of
`account_code`, `entry_type`, `amount`); of JSON lines each is such a transaction. A transaction is
known by its place in the file, and a fault is told by it too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

from ledger.accounts import AccountType, EntryType, Subtype
from ledger.errors import LedgerError
from ledger.import_tables import day_of
from ledger.importing import (
    Faults,
    ImportSource,
    Journal,
    Told,
    ToldAccount,
    ToldEntry,
    require_fitting,
    wrong,
)
from ledger.transactions import TransactionKind, TransactionType

Word = TypeVar("Word", bound=Enum)
Read = Callable[[str], object]
"""Reads JSON text exactly, or raises a `LedgerError`."""

_SHOWN = 40


def read_ledger(text: str, read: Read) -> Journal:
    """A ledger; raises what is wrong with it, by its lines or by the places in its list."""
    faults = Faults()
    accounts: list[ToldAccount] = []
    base = None
    plain = _lines(text, read, faults)
    if plain is None:
        whole = _object(read(text), "The file")
        base = _text(whole, "base_currency")
        accounts = [_account(i, each) for i, each in enumerate(_listed(whole, "accounts"))]
        plain = list(enumerate(_listed(whole, "transactions"), 1))
    found = []
    for number, content in plain:
        try:
            found.append(_told(number, _object(content, "A transaction")))
        except LedgerError as error:
            faults.note(number, error)
    faults.require_none()
    require_fitting(found)
    return Journal(ImportSource.LEDGER, found, accounts, base)


def _lines(text: str, read: Read, faults: Faults) -> list[tuple[int, object]] | None:
    """JSON lines with their numbers; None for what is one object."""
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line and not line.isspace()]
    try:
        first = read(lines[0][1]) if lines else None
    except LedgerError:
        return None
    if not isinstance(first, Mapping) or "transactions" in first:
        return None
    found: list[tuple[int, object]] = []
    for number, line in lines:
        try:
            found.append((number, read(line)))
        except LedgerError as error:
            faults.note(number, error)
    return found


def _told(number: int, content: Mapping[str, Any]) -> Told:
    day = _text(content, "date")
    if day is None:
        raise wrong("It has no `date`.", "Give each transaction its date.")
    metadata = content.get("metadata") or {}
    return Told(
        line=number,
        number=str(number),
        date=day_of(day),
        description=_text(content, "description") or "",
        entries=[_entry(number, each) for each in _listed(content, "entries")],
        reference=_text(content, "reference"),
        payment_method=_text(content, "payment_method"),
        metadata=_object(metadata, "`metadata`"),
        kind=_word(content, "kind", TransactionKind) or TransactionKind.STANDARD,
        type=_word(content, "type", TransactionType),
    )


def _entry(number: int, content: object) -> ToldEntry:
    entry = _object(content, "An entry")
    account, side = _text(entry, "account_code"), _word(entry, "entry_type", EntryType)
    if account is None or side is None or entry.get("amount") is None:
        cause = "An entry has no `account_code`, no `entry_type` or no `amount`."
        raise wrong(cause, "Give each entry all three.")
    return ToldEntry(
        number,
        account,
        side,
        entry["amount"],
        _text(entry, "currency"),
        entry.get("exchange_rate", entry.get("rate")),
        entry.get("base_amount"),
        _text(entry, "description"),
        _text(entry, "reference"),
    )


def _account(place: int, content: object) -> ToldAccount:
    account = _object(content, "An account")
    code, name = _text(account, "code"), _text(account, "name")
    kind = _word(account, "type", AccountType)
    if code is None or name is None or kind is None:
        cause = f"Account {place + 1} of the file has no `code`, no `name` or no `type`."
        raise wrong(cause, "Give each account all three.")
    return ToldAccount(
        f"data.accounts[{place}]",
        name,
        code,
        kind,
        _word(account, "subtype", Subtype),
        _text(account, "currency"),
        _text(account, "parent_code"),
        _text(account, "description"),
    )


def _object(value: object, noun: str) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    raise wrong(f"{noun} is no JSON object.", "Write it as an object: {...}.")


def _listed(content: Mapping[str, Any], name: str) -> list[Any]:
    found = content.get(name)
    if isinstance(found, list):
        return found
    if found is None and name == "accounts":
        return []
    raise wrong(f"There is no list of `{name}`.", f"Give `{name}` as a list.")


def _text(content: Mapping[str, Any], name: str) -> str | None:
    found = content.get(name)
    if found is None or isinstance(found, str):
        return found
    raise wrong(f"`{name}` is no text.", f"Write `{name}` as a text.")


def _word(content: Mapping[str, Any], name: str, kind: type[Word]) -> Word | None:
    """A member of a closed list, in whatever case it was written."""
    found = _text(content, name)
    if found is None:
        return None
    known = {each.value: each for each in kind}
    if found.lower() in known:
        return known[found.lower()]
    cure = f"Give one of: {', '.join(known)}."
    raise wrong(f"`{name}` cannot be {found[:_SHOWN]!r}.", cure)
