"""Accounts of an import: which account of the chart a file means, and which are to be opened.

What the caller says counts first, by the name or the code that the file uses; then a code of the
chart; of QuickBooks, which knows accounts by their names, then the name of an account with those
above it (`Office:Paper`), and its name alone where no other account has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.accounts import AccountType
from ledger.chart import Chart
from ledger.errors import LedgerError, Reason
from ledger.importing import MOST_TOLD, ImportSource, Journal, ToldAccount

_NUMBER_MARK = " \u00b7 "
"""What stands between number and name where QuickBooks shows both."""

_SHOWN, _NAMED = 60, 5


@dataclass(frozen=True, slots=True)
class Meant:
    """The code of each account that a file calls by some name, and those to open, with types."""

    codes: Mapping[str, str]
    opened: Sequence[tuple[ToldAccount, AccountType]]


def accounts_meant(chart: Chart, journal: Journal, told: Sequence[ToldAccount]) -> Meant:
    """What the accounts of a file are here; `told` is what its caller says of them besides.

    Raises `unknown_reference`, which names all that are missing, and `invalid_value` where two
    things are said of one account.
    """
    said = [*told, *journal.accounts]
    to_open = _opened(chart, said)
    known = {each.code: each.code for each in said} | {each.name: each.code for each in told}
    is_quickbooks = journal.source is ImportSource.QUICKBOOKS
    if is_quickbooks:
        known = _by_name(chart) | known
    codes: dict[str, str] = {}
    missing: dict[str, int] = {}
    for name, line in journal.account_names().items():
        code = known.get(name, _numbered(name) if is_quickbooks else name)
        if code in chart.by_code or code in to_open:
            codes[name] = code
        else:
            missing[name] = line
    if missing:
        raise _missing(missing)
    return Meant(codes, list(to_open.values()))


def _numbered(name: str) -> str:
    """The number in the name of an account, where QuickBooks shows it; else the name itself."""
    number, mark, _ = name.rpartition(":")[2].partition(_NUMBER_MARK)
    return number if mark else name


def title(told: ToldAccount) -> str:
    """The name of an account that is opened: the last part of what the file calls it."""
    return told.name.rpartition(":")[2].strip()


def _opened(
    chart: Chart, said: Sequence[ToldAccount]
) -> dict[str, tuple[ToldAccount, AccountType]]:
    """The accounts that are not there and have a type, by code; what is said must be so."""
    opened: dict[str, tuple[ToldAccount, AccountType]] = {}
    codes: dict[str, str] = {}
    for each in said:
        if codes.setdefault(each.name, each.code) != each.code and not _is_of_file(each):
            raise _said_twice(each, f"has the code {codes[each.name]} too")
        known = chart.by_code.get(each.code)
        kind = known.type if known is not None else opened.get(each.code, (each, None))[1]
        if kind is None:
            if each.type is not None:
                opened[each.code] = (each, each.type)
        elif each.type not in {None, kind}:
            raise _said_twice(each, f"is of type {kind.value}")
    return opened


def _is_of_file(told: ToldAccount) -> bool:
    """Whether the file itself lists the account: there a name may be that of several."""
    return told.place.startswith("data.")


def _by_name(chart: Chart) -> dict[str, str]:
    """The codes of accounts by their names, as far as these tell them apart."""
    found: dict[str, set[str]] = defaultdict(set)
    for account in chart.by_id.values():
        line, above = [account.name], account.parent_id
        while above is not None:
            parent = chart.by_id[above]
            line.insert(0, parent.name)
            above = parent.parent_id
        for name in {account.name, ":".join(line)}:
            found[name].add(account.code)
    return {name: min(codes) for name, codes in found.items() if len(codes) == 1}


def _missing(missing: Mapping[str, int]) -> LedgerError:
    shown = ", ".join(name[:_SHOWN] for name in list(missing)[:_NAMED])
    more = " and others" if len(missing) > _NAMED else ""
    noun = "account of the file is" if len(missing) == 1 else "accounts of the file are"
    told = [{"name": name[:_SHOWN], "line": line} for name, line in missing.items()]
    return LedgerError(
        Reason.UNKNOWN_REFERENCE,
        f"{len(missing):,} {noun} not in the chart: {shown}{more}.",
        "Say in `accounts` which code each has here, and its type if it is to be opened.",
        {"missing": len(missing), "accounts": told[:MOST_TOLD]},
        "accounts",
    )


def _said_twice(told: ToldAccount, other: str) -> LedgerError:
    return LedgerError(
        Reason.INVALID_VALUE,
        f"Account {told.code[:_SHOWN]} {told.name[:_SHOWN]} {other}.",
        "Say one thing of each account.",
        {"code": told.code[:_SHOWN], "name": told.name[:_SHOWN]},
        told.place,
    )
