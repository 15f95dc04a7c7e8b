"""The same books as text, for the programs that keep them so: hledger and beancount.

Both read a whole journal and then know its trial balance; the service keeps it as entries post.
So the time of theirs is that of reading, and grows with the entries. Their figures must be ours,
to the cent, on every account.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.books import ACCOUNTS, DAYS, TYPES, Books, day_of, picked
from bench.checking import check
from bench.filling import filled
from bench.load import Load, run
from bench.places import Places
from bench.reading import UNCACHED, report_requests
from bench.results import Results
from bench.serving import serving
from ledger.accounts import AccountType

QUICK = 20_000
_FAMILIES = {
    AccountType.ASSET: "Assets",
    AccountType.LIABILITY: "Liabilities",
    AccountType.EQUITY: "Equity",
    AccountType.REVENUE: "Income",
    AccountType.EXPENSE: "Expenses",
}
_MISSING = {
    "hledger": "hledger was left out: it is not installed. On Debian: apt-get install hledger",
    "beancount": "beancount was left out: it is not installed. pip install -e '.[test,bench]'",
}
_AMOUNT = re.compile(r"(-?)(\d+)(?:\.(\d\d?))?")

Nets = dict[str, int]
"""What each account has in cents, debits less credits, by code; those with nothing left out."""


def measure(engines: tuple[str, ...], places: Places, results: Results, entries: int) -> None:
    """Time each program on one journal, and the service on books of the same entries."""
    transactions = entries // 2
    theirs: dict[str, Nets] = {}
    for name, write, ask in (
        ("hledger", hledger_journal, _hledger),
        ("beancount", beancount_journal, _beancount),
    ):
        if not _is_there(name):
            results.notes.append(_MISSING[name])
            continue
        path = places.folder / f"books.{name}"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(write(transactions))
        began = time.perf_counter()
        theirs[name] = ask(path)
        spent = time.perf_counter() - began
        results.add(name, _figure(entries, name), spent * 1000)
        path.unlink()
    for engine in engines:
        books = filled(places.new(engine), transactions)
        places.settle(books.url)
        _compare(engine, books, results, entries, theirs)
        check(engine, "journals", books.url, results)


def _is_there(name: str) -> bool:
    if name == "hledger":
        return shutil.which(name) is not None
    return importlib.util.find_spec(name) is not None


def _compare(
    engine: str, books: Books, results: Results, entries: int, theirs: Mapping[str, Nets]
) -> None:
    own = _figure(entries, f"the service on {engine}")
    with serving(books.url, **UNCACHED) as server:
        request = report_requests(books)["now"]
        seen = run(Load(server.port, [request], 1, 2.0))
        results.add(engine, own, seen.median_ms)
        ours = _ours(server.port, books)
    for other, nets in theirs.items():
        same = len(ours.items() & nets.items())
        found = f"{same} of {len(ours.keys() | nets.keys())} accounts alike"
        results.tell(engine, f"same figures as {other}", found, holds=ours == nets)
        results.ratio(other, _figure(entries, other), own, under_engine=engine)


def _figure(entries: int, by: str) -> str:
    return f"trial balance of {entries:,} entries by {by} ms"


def hledger_journal(transactions: int) -> Iterator[str]:
    """The books of the bench as hledger reads them."""
    yield "commodity 1000.00 USD\n"
    for number in range(ACCOUNTS):
        yield f"account B{number:04d}\n"
    for day, debit, credit, amount in _written(transactions):
        yield (
            f"\n{day} Sale of goods\n    B{debit:04d}  {amount} USD\n"
            f"    B{credit:04d}  -{amount} USD\n"
        )


def beancount_journal(transactions: int) -> Iterator[str]:
    """The books of the bench as beancount reads them."""
    opened = day_of(0, transactions, DAYS)
    for number in range(ACCOUNTS):
        yield f"{opened} open {_name(number)} USD\n"
    for day, debit, credit, amount in _written(transactions):
        yield (
            f'\n{day} * "Sale of goods"\n  {_name(debit)}  {amount} USD\n'
            f"  {_name(credit)}  -{amount} USD\n"
        )


def _written(transactions: int) -> Iterator[tuple[str, int, int, str]]:
    """Date, account to debit, account to credit and amount of each transaction."""
    lots = random.Random(7)
    for place in range(transactions):
        debit, credit, cents = picked(lots)
        day = day_of(place, transactions, DAYS)
        yield day.isoformat(), debit, credit, f"{cents // 100}.{cents % 100:02d}"


def _name(number: int) -> str:
    return f"{_FAMILIES[TYPES[number % len(TYPES)]]}:B{number:04d}"


def _hledger(path: Path) -> Nets:
    """Its trial balance, read and added up, by its own program."""
    command = ["hledger", "--file", str(path), "balance", "--flat", "--no-total"]
    done = subprocess.run(  # noqa: S603 (the program of Debian's)
        [*command, "--output-format=csv"], capture_output=True, text=True, check=True
    )
    rows = csv.reader(io.StringIO(done.stdout))
    next(rows)
    return {name: cents_of(amount) for name, amount in rows}


def _beancount(path: Path) -> Nets:
    """Its balances, read and added up by its own library, in a process of its own."""
    done = subprocess.run(  # noqa: S603 (this module)
        [sys.executable, "-m", "bench.journals", str(path)],
        env={**os.environ, "BEANCOUNT_DISABLE_LOAD_CACHE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    nets: Nets = json.loads(done.stdout)
    return nets


def cents_of(amount: str) -> int:
    """An amount of hledger's in cents: `-1234.5 USD` is -123450."""
    found = _AMOUNT.match(amount)
    if found is None:
        raise ValueError(f"{amount!r} is no amount.")
    sign, whole, part = found.groups()
    cents = int(whole) * 100 + int((part or "").ljust(2, "0"))
    return -cents if sign else cents


def _ours(port: int, books: Books) -> Nets:
    """The trial balance as the service answers it."""
    query = "{ trialBalance { accounts { accountCode debitBalance creditBalance } } }"
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": query}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {books.key}"},
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 (this machine)
        lines = json.loads(answer.read())["data"]["trialBalance"]["accounts"]
    nets = {
        line["accountCode"]: cents_of(line["debitBalance"]) - cents_of(line["creditBalance"])
        for line in lines
    }
    return {code: net for code, net in nets.items() if net}


def main() -> None:
    """Print what each account of a journal of beancount's has: `python -m bench.journals FILE`."""
    from beancount import loader  # noqa: PLC0415 (not installed with the tests)
    from beancount.core import data, inventory  # noqa: PLC0415

    entries, errors, _ = loader.load_file(sys.argv[1])
    if errors:
        raise RuntimeError(str(errors[:3]))
    balances: dict[str, inventory.Inventory] = {}
    for entry in data.filter_txns(entries):
        for posting in entry.postings:
            balances.setdefault(posting.account, inventory.Inventory()).add_position(posting)
    nets = {
        name.rpartition(":")[2]: int(balance.get_currency_units("USD").number * 100)
        for name, balance in balances.items()
    }
    print(json.dumps({code: net for code, net in nets.items() if net}))


if __name__ == "__main__":
    main()
