"""Transactions: entered, changed, posted, reversed, deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from ledger import posting, settling, texts
from ledger.attachments import Attachment
from ledger.categories import Category
from ledger.contacts import Contact
from ledger.direct_items import control_entries, items_of
from ledger.documents import Document
from ledger.drafting import draw_up, redraft
from ledger.errors import LedgerError, Reason
from ledger.events import Change
from ledger.open_items import OpenItem
from ledger.transactions import Draft, Transaction
from resolvers.books import Books, Command, Decision
from resolvers.wants import Wants, wants

MOST_AT_ONCE = 1_000


def create(draft: Draft, *, post: bool) -> Command:
    """Enter a transaction, pending or posted at once."""

    def decide(books: Books) -> Decision:
        change = _entered(books, draft, post=post)
        return Decision((change, *_opened(books, change.after)), change.fact.id)

    named = wants([draft.contact_id, draft.category_id])
    return Command(decide, external_ids=_external_ids([draft.external_id]), wants=named)


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
            changes += (change, *_opened(books, change.after))
            outcome.append({"id": change.fact.id})
        _forget(books, changes)
        return Decision(tuple(changes), outcome, items=sum("id" in item for item in outcome))

    named = wants(key for draft in drafts for key in (draft.contact_id, draft.category_id))
    external_ids = _external_ids([draft.external_id for draft in drafts])
    return Command(decide, external_ids=external_ids, wants=named)


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
        _require_references(books, draft)
        drawn = draw_up(books.organization, books.chart, draft, before.id, books.now)
        after = posting.amend(before, drawn, books.now)
        return Decision((Change("updated", before, after),), after.id)

    def refers(books: Books) -> Wants:
        before = books.transactions.get(transaction_id)
        return Wants() if before is None else wants([before.contact_id, before.category_id])

    return Command(
        decide,
        transactions=(transaction_id,),
        external_ids=_external_ids([given.get("external_id")]),
        wants=wants([given.get("contact_id"), given.get("category_id")]),
        then=refers,
    )


def delete(transaction_id: str, *, version: int | None) -> Command:
    """Delete a transaction that was never posted."""

    def decide(books: Books) -> Decision:
        before = books.transaction(transaction_id)
        require_version(before.version, version)
        posting.require_editable(before, "deleted")
        return deleted(books, before)

    files = wants(attachments=[transaction_id])
    return Command(decide, transactions=(transaction_id,), wants=files)


def deleted(books: Books, before: Document | Transaction) -> Decision:
    """What is deleted, and its files with it; their contents are an errand."""
    files = [f for f in books.all(Attachment).values() if f.subject_id == before.id]
    changes = [Change("deleted", fact, None) for fact in (*files, before)]
    return Decision(tuple(changes), True, errand=tuple(f.sha256 for f in files))


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
        return Decision((Change("posted", before, after), *_opened(books, after)), after.id)

    return Command(decide, transactions=(transaction_id,))


def reverse(transaction_id: str, *, on: date | None, reason: str | None) -> Command:
    """Offset a posted transaction by a second one; gives the reversal."""

    def decide(books: Books) -> Decision:
        original = books.transaction(transaction_id)
        _require_own(original)
        after, reversal = posting.reverse(
            books.organization,
            books.chart,
            original,
            reversal_id=books.mint("txn_"),
            now=books.now,
            on=on,
            reason=reason,
        )
        ended = [
            Change("ended", item, settling.end(item, reversal.date))
            for item in _items(books, original)
        ]
        changes = (Change("posted", None, reversal), Change("reversed", original, after), *ended)
        return Decision(changes, reversal.id)

    def opened(books: Books) -> Wants:
        original = books.transactions.get(transaction_id)
        if original is None or original.contact_id is None or original.source_id is not None:
            return Wants()
        return wants(control_entries(books.chart, original))

    return Command(decide, transactions=(transaction_id,), then=opened)


def _items(books: Books, original: Transaction) -> list[OpenItem]:
    """The open items that a transaction has made, which were asked for."""
    keys = control_entries(books.chart, original)
    return [item for key, item in books.all(OpenItem).items() if key in keys]


def _require_own(original: Transaction) -> None:
    """Raise `belongs_to_document` for what the service itself has posted."""
    source = original.source_id
    if source is None:
        return
    cure = _UNDONE_BY.get(source[:4], "cancelInvoice")
    raise LedgerError(
        Reason.BELONGS_TO_DOCUMENT,
        f"Transaction {original.id} was posted for {source}: reversed by itself, the two would "
        "not agree any more.",
        f"Use {cure}, which reverses it too.",
        {"transaction_id": original.id, "source_id": source},
        "id",
    )


_UNDONE_BY = {
    "bil_": "cancelBill",
    "crn_": "cancelCreditNote",
    "pay_": "voidPayment",
    "app_": "unapplyCredit",
}


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


def _opened(books: Books, posted: Any) -> Iterable[Change]:
    """The open items that a transaction makes by being posted."""
    if isinstance(posted, Transaction) and posted.is_posted:
        for item in items_of(books.chart, posted):
            yield Change("opened", None, item)


def _require_references(books: Books, draft: Draft) -> None:
    if draft.contact_id is not None:
        books.find(Contact, draft.contact_id, "contactId")
    if draft.category_id is not None:
        books.find(Category, draft.category_id, "categoryId")


def _entered(books: Books, draft: Draft, *, post: bool) -> Change:
    _require_references(books, draft)
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
        if external is not None:
            with suppress(LedgerError):
                found.append(texts.clean(external, "externalId", texts.NAME_LENGTH, blank=True))
    return tuple(found)
