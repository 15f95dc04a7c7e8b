"""Imports in the API: a file of another system, as text, entered by one mutation."""

from __future__ import annotations

import strawberry

from ledger.import_ledgers import read_ledger
from ledger.import_tables import read_csv, read_quickbooks
from ledger.importing import DateOrder, ImportSource, Journal, ToldAccount
from resolvers import imports as decisions
from resolvers.books import Command, Written
from schema.context import Reading
from schema.decoding import decode_json
from schema.enums import AccountType, Subtype
from schema.operation import mutation

strawberry.enum(ImportSource, description="Where a file comes from, which decides how it is read.")
strawberry.enum(
    DateOrder,
    description="How a file writes dates with slashes: 1/31/2026 or 31/1/2026.",
)


@strawberry.input(
    description="What the file calls an account by its name (`Office:Paper`) or its code, and the "
    "code that it has here. It is opened, under the last part of the name, if it is not there and "
    "has a type."
)
class ImportAccountInput:
    """What `importBooks` is told of an account."""

    name: str
    code: str
    account_type: AccountType | None = None
    subtype: Subtype | None = None
    currency: str | None = None
    parent_code: str | None = None


@strawberry.type
class ImportResult:
    """What an import has made."""

    source: ImportSource
    accounts_created: int
    transactions_created: int
    lines_ignored: int = strawberry.field(
        description="Lines that move nothing: totals, and figures of zero."
    )
    account_ids: list[strawberry.ID]
    transaction_ids: list[strawberry.ID] = strawberry.field(
        description="In the order in which the file tells of them."
    )


async def _result(_reading: Reading, written: Written) -> ImportResult:
    made = written.outcome
    return ImportResult(
        source=ImportSource(made["source"]),
        accounts_created=len(made["accounts"]),
        transactions_created=len(made["transactions"]),
        lines_ignored=made["ignored"],
        account_ids=[strawberry.ID(each) for each in made["accounts"]],
        transaction_ids=[strawberry.ID(each) for each in made["transactions"]],
    )


@mutation(ImportResult, credits=2, also={"post": "postTransaction"}, result=_result)
def import_books(
    source: ImportSource,
    data: str,
    accounts: list[ImportAccountInput] | None = None,
    post: bool = True,
    name: str | None = None,
    date_order: DateOrder = DateOrder.MDY,
) -> Command:
    """Enter up to 1,000 transactions from a file, in one commit: all or none. `data` is its text:
    a LEDGER as `crane load` takes it, a CSV with a line for each entry, or the journal report of
    QUICKBOOKS as it exports it. Accounts that are not there are opened if `accounts`, or the
    ledger, says their type. Each transaction's externalId is `name` (else the source) with its
    number in the file, so that none is entered twice. Priced per transaction.
    """
    told = [_told(place, given) for place, given in enumerate(accounts or [])]
    return decisions.books(_read(source, data, date_order), told, name=name, post=post)


def _read(source: ImportSource, data: str, order: DateOrder) -> Journal:
    if source is ImportSource.CSV:
        return read_csv(data)
    if source is ImportSource.QUICKBOOKS:
        return read_quickbooks(data, order)
    return read_ledger(data, lambda text: decode_json(text.encode(), "data"))


def _told(place: int, given: ImportAccountInput) -> ToldAccount:
    return ToldAccount(
        place=f"accounts[{place}]",
        name=given.name,
        code=given.code,
        type=given.account_type,
        subtype=given.subtype,
        currency=given.currency,
        parent_code=given.parent_code,
    )
