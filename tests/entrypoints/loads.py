"""Little ledgers in files, loaded into books in process."""

from __future__ import annotations

import json
from pathlib import Path

from entrypoints.asking import Remote
from entrypoints.ledger_files import open_ledger
from entrypoints.loading import Loading

LITTLE = Path(__file__).parents[1] / "ledger" / "little_ledger.json"
ACCOUNTS = [
    {"code": "1", "name": "Bank", "type": "asset", "currency": "USD"},
    {"code": "4", "name": "Sales", "type": "revenue", "currency": "USD"},
]
ALL = """{ transactions(orderBy: {field: CREATED_AT, direction: ASC}) {
  externalId journalNumber date description reference status baseAmount
} }"""


def sale(number, amount="10.00", **more):
    entries = [
        {"account_code": "1", "entry_type": "debit", "amount": amount},
        {"account_code": "4", "entry_type": "credit", "amount": amount},
    ]
    return {"date": "2026-01-05", "description": f"Sale {number}", "entries": entries, **more}


class Folder:
    """Writes ledgers of JSON lines."""

    def __init__(self, path):
        self.path = path

    def lines(self, transactions, name="sales", accounts=ACCOUNTS):
        (self.path / f"{name}.accounts.json").write_text(json.dumps(accounts))
        file = self.path / f"{name}.jsonl"
        file.write_text("".join(f"{json.dumps(each)}\n" for each in transactions))
        return file


async def load(client, file, ask=None, name=None):
    ledger = open_ledger(file, name)
    under_way = Loading(ask or Remote(client.http, client.key), ledger)
    await under_way.prepare()
    tally = await under_way.run()
    return tally.loaded, tally.skipped


async def listed(client):
    """What was loaded, by external id."""
    found = (await client.ask(ALL))["transactions"]
    by_id = {row["externalId"]: row for row in found}
    assert len(by_id) == len(found)
    return by_id
