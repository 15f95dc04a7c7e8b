"""Imports: a file of another system entered whole, with the accounts it needs, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from ledger import texts
from ledger.accounts import AccountType
from ledger.errors import LedgerError, Reason
from ledger.events import Change
from ledger.import_accounts import accounts_meant, title
from ledger.importing import Faults, Journal, ToldAccount, checked_name
from resolvers import accounts, transactions
from resolvers.accounts import NewAccount
from resolvers.books import Books, Command, Decision

MOST_ACCOUNTS = accounts.MOST_AT_ONCE
_PLACE = re.compile(r"transactions\[\d+\]\.?")


def books(
    journal: Journal, told: Sequence[ToldAccount], *, name: str | None, post: bool
) -> Command:
    """Enter what a file tells; `told` says what its accounts are here, `name` begins the ids."""
    name = checked_name(name)
    if len(told) + len(journal.accounts) > MOST_ACCOUNTS:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS,
            f"At most {MOST_ACCOUNTS:,} accounts can come with an import.",
            "Open accounts before, by createAccounts.",
            {"limit": MOST_ACCOUNTS},
            "accounts",
        )

    def decide(books: Books) -> Decision:
        _require_currency(books, journal)
        chart = books.chart
        try:
            meant = accounts_meant(chart, journal, told)
            opened = [_opened(books, each, kind) for each, kind in meant.opened]
            ids = {name: books.chart.by_code[code].id for name, code in meant.codes.items()}
            entered = _entered(books, journal, ids, name=name, post=post)
        finally:
            books.chart = chart
        outcome = {
            "source": journal.source.value,
            "accounts": [change.fact.id for change in opened],
            "transactions": [item["id"] for item in entered.outcome],
            "ignored": journal.ignored,
        }
        return Decision((*opened, *entered.changes), outcome, items=entered.items)

    return Command(decide, external_ids=_external_ids(journal, name))


def _entered(
    books: Books, journal: Journal, ids: Mapping[str, str], *, name: str | None, post: bool
) -> Decision:
    """What entering all transactions comes to; all that the books refuse is told by its line."""
    drafts = journal.drafts(ids, name)
    command = transactions.create_many(drafts, post=post, continue_on_error=True)
    decision = command.decide(books)
    faults = Faults()
    for told, item in zip(journal.transactions, decision.outcome, strict=True):
        if "error" in item:
            error = LedgerError.from_plain(item["error"])
            faults.note(told.line_of(error), _placed(error))
    faults.require_none()
    return decision


def _placed(error: LedgerError) -> LedgerError:
    """A refusal without the place in a list that the caller has not sent."""
    field = _PLACE.sub("", error.field or "") or None
    return replace(error, field=field)


def _opened(books: Books, told: ToldAccount, kind: AccountType) -> Change:
    new = NewAccount(
        code=told.code,
        name=title(told),
        type=kind,
        subtype=told.subtype,
        currency=told.currency,
        parent_code=told.parent_code,
        description=told.description,
    )
    try:
        (change,) = accounts.create(new).decide(books).changes
    except LedgerError as error:
        raise error.inside(told.place) from None
    books.apply([change])
    return change


def _require_currency(books: Books, journal: Journal) -> None:
    base = books.organization.base_currency
    if journal.base_currency in {None, base}:
        return
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"The ledger is kept in {str(journal.base_currency)[:10]}, and these books in {base}.",
        "Import it into an organization of the same currency.",
        {"base_currency": base},
        "data",
    )


def _external_ids(journal: Journal, name: str | None) -> tuple[str, ...]:
    """The external ids to look for; one that cannot be stored is refused on deciding."""
    found = []
    for told in journal.transactions:
        with suppress(LedgerError):
            given = journal.external_id(name, told)
            found.append(texts.clean(given, "externalId", texts.NAME_LENGTH))
    return tuple(found)
