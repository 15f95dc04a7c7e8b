"""Transactions: entered, changed, posted, reversed, deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from ledger import posting, texts
from ledger.drafting import draw_up, redraft
from ledger.errors import LedgerError, Reason
from ledger.events import Change
from ledger.transactions import Draft
from resolvers.books import Books, Command, Decision

MOST_AT_ONCE = 1_000


def create(draft: Draft, *, post: bool) -> Command:
    """Enter a transaction, pending or posted at once."""

    def decide(books: Books) -> Decision:
        change = _entered(books, draft, post=post)
        return Decision((change,), change.fact.id)

    return Command(decide, external_ids=_external_ids([draft.external_id]))


def create_many(drafts: Sequence[Draft], *, post: bool, continue_on_error: bool) -> Command:
    """Enter up to 1,000 transactions: all or none, or each for itself with its own result."""
    if not 1 <= len(drafts) <= MOST_AT_ONCE:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS,
            f"From 1 to {MOST_AT_ONCE} transactions can be created at once, not {len(drafts)}.",
            "Send them in several calls.",
            {"items": len(drafts), "limit": MOST_AT_ONCE},
            "transactions",
        )

    def decide(books: Books) -> Decision:
        changes: list[Change] = []
        outcome: list[dict[str, Any]] = []
        for index, draft in enumerate(drafts):
            try:
                change = _entered(books, draft, post=post)
            except LedgerError as error:
                placed = error.inside(f"transactions[{index}]")
                if not continue_on_error:
                    _forget(books, changes)
                    raise placed from None
                outcome.append({"error": placed.plain()})
                continue
            books.apply([change])
            changes.append(change)
            outcome.append({"id": change.fact.id})
        _forget(books, changes)
        return Decision(tuple(changes), outcome)

    return Command(decide, external_ids=_external_ids([draft.external_id for draft in drafts]))


def update(transaction_id: str, given: Mapping[str, Any], *, version: int | None) -> Command:
    """Change a pending or failed transaction; `given` are the fields of its draft that change."""

    def decide(books: Books) -> Decision:
        before = books.transaction(transaction_id)
        require_version(before.version, version)
        posting.require_editable(before, "changed")
        external = _external_id(given.get("external_id"))
        if external != before.external_id:
            books.require_free_external_id(external)
        draft = replace(redraft(books.organization, before), **given)
        drawn = draw_up(books.organization, books.chart, draft, before.id, books.now)
        after = posting.amend(before, drawn, books.now)
        return Decision((Change("updated", before, after),), after.id)

    external_ids = _external_ids([given.get("external_id")])
    return Command(decide, transactions=(transaction_id,), external_ids=external_ids)


def delete(transaction_id: str, *, version: int | None) -> Command:
    """Delete a transaction that was never posted."""

    def decide(books: Books) -> Decision:
        before = books.transaction(transaction_id)
        require_version(before.version, version)
        posting.require_editable(before, "deleted")
        return Decision((Change("deleted", before, None),), outcome=True)

    return Command(decide, transactions=(transaction_id,))


def post(transaction_id: str, *, version: int | None) -> Command:
    """Post a pending transaction; what the books refuse is recorded on it as FAILED."""

    def decide(books: Books) -> Decision:
        before = books.transaction(transaction_id)
        require_version(before.version, version)
        posting.require_editable(before, "posted")
        try:
            after = posting.post(books.organization, books.chart, before, books.now)
        except LedgerError as refusal:
            failed = posting.fail(before, refusal, books.now)
            return Decision((Change("failed", before, failed),), None, refusal)
        return Decision((Change("posted", before, after),), after.id)

    return Command(decide, transactions=(transaction_id,))


def reverse(transaction_id: str, *, on: date | None, reason: str | None) -> Command:
    """Offset a posted transaction by a second one; gives the reversal."""

    def decide(books: Books) -> Decision:
        original = books.transaction(transaction_id)
        after, reversal = posting.reverse(
            books.organization,
            books.chart,
            original,
            reversal_id=books.mint("txn_"),
            now=books.now,
            on=on,
            reason=reason,
        )
        changes = (Change("posted", None, reversal), Change("reversed", original, after))
        return Decision(changes, reversal.id)

    return Command(decide, transactions=(transaction_id,))


def require_version(current: int, expected: int | None) -> None:
    """Raise `version_conflict` when the caller has seen another version than the current one."""
    if expected is None or expected == current:
        return
    raise LedgerError(
        Reason.VERSION_CONFLICT,
        f"It was changed in the meantime: its version is {current}, not {expected}.",
        "Read it again, and repeat the change on what you find.",
        {"current_version": current, "given_version": expected},
        "version",
    )


def _entered(books: Books, draft: Draft, *, post: bool) -> Change:
    books.require_free_external_id(_external_id(draft.external_id))
    fact = draw_up(books.organization, books.chart, draft, books.mint("txn_"), books.now)
    if not post:
        return Change("created", None, fact)
    posted = posting.post(books.organization, books.chart, fact, books.now)
    return Change("posted", None, posted)


def _forget(books: Books, changes: Sequence[Change]) -> None:
    """Take back what a bulk call has shown of itself; if it is written, others see it then."""
    for change in changes:
        books.apply([Change("deleted", change.after, None)])


def _external_id(given: str | None) -> str | None:
    """A caller's own id as it is stored: two spellings of the same letters are one id."""
    return texts.clean_optional(given, "externalId", texts.NAME_LENGTH)


def _external_ids(given: Iterable[str | None]) -> tuple[str, ...]:
    """The callers' own ids to look for; those that cannot be stored are refused on deciding."""
    found = []
    for external in given:
        with suppress(LedgerError):
            found.append(_external_id(external))
    return tuple(external for external in found if external is not None)
