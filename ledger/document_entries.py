"""The entries of a document: what issuing it posts, and what of that counts for the document.

    invoice          Dr receivable      Cr revenue, tax
    bill             Dr expense, tax    Cr payable
    credit note      Dr revenue, tax    Cr receivable
    vendor credit    Dr payable         Cr expense, tax

Lines of one account and category share an entry. Tax that cannot be recovered is part of the
cost. Reverse charge stands on both sides of the tax account. An opening document moves the
control account against opening balances alone: what it earned or cost was counted elsewhere.
What comes to less than nothing stands on the other side, what comes to nothing nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from ledger import posting
from ledger.accounts import EntryType, Role
from ledger.base_taxes import base_taxes
from ledger.chart import Chart
from ledger.currencies import CURRENCIES
from ledger.documents import Document
from ledger.drafting import draw_up
from ledger.money import amount_text
from ledger.settling import Occasion
from ledger.transactions import Draft, DraftEntry, Transaction, TransactionKind


@dataclass(frozen=True, slots=True)
class DocumentPosting:
    """The posted transaction of a document, and what it comes to in base currency.

    `base_total` is what the control account took, `base_subtotal` what the accounts of the lines
    took (with the tax that cannot be recovered), both positive; `base_taxes` is what each tax
    came to. A document that comes to nothing throughout has no transaction; an opening document
    has no subtotal, for it is no turnover.
    """

    transaction: Transaction | None
    base_total: int
    base_subtotal: int
    base_taxes: tuple[int, ...] = ()


_Amounts = list[tuple[tuple[str, str | None], int]]
"""Amounts in minor units, each with its account and category."""

_Part = tuple[str, str | None, EntryType, int]
"""An entry to be: account, category, side, amount in minor units."""


def post_document(
    occasion: Occasion, document: Document, day: date, transaction_id: str
) -> DocumentPosting:
    """Post a document that has its number and, in a foreign currency, its exchange rate."""
    side = document.kind.side
    grows = side.grows_by
    by = grows if document.kind.is_credit else grows.opposite
    control_id = occasion.chart.by_role[side.role].id
    control = _parts(by.opposite, [((control_id, None), document.total)])
    lines, taxes, owed = _others(occasion.chart, document, by)
    # Debits are written first, as people read them.
    first = control if by is EntryType.CREDIT else []
    parts = [*first, *lines, *taxes, *owed, *([] if first else control)]
    own, tax_account = occasion.organization.base_currency, _tax_account(occasion.chart)
    if not parts:
        return DocumentPosting(None, 0, 0, base_taxes(document, own, {}, tax_account))
    posted = _posted(occasion, document, day, parts, transaction_id)
    place = len(first) + len(lines)
    taken = posted.entries[len(first) : place]
    subtotal = sum(e.base_amount if e.entry_type is by else -e.base_amount for e in taken)
    taxed = {
        e.account_id: e.base_amount if e.entry_type is by else -e.base_amount
        for e in posted.entries[place : place + len(taxes)]
    }
    return DocumentPosting(
        posted,
        base_total=sum(e.base_amount for e in posted.entries if e.account_id == control_id),
        base_subtotal=0 if document.is_opening else subtotal,
        base_taxes=base_taxes(document, own, taxed, tax_account),
    )


def title_of(document: Document) -> str:
    """What a document is called: "Vendor credit", "Invoice INV-0001"."""
    kind = document.kind.value.replace("_", " ").capitalize()
    return f"{kind} {document.number or ''}".rstrip()


def _tax_account(chart: Chart) -> str:
    return chart.by_role[Role.TAX].id


def _others(
    chart: Chart, document: Document, by: EntryType
) -> tuple[list[_Part], list[_Part], list[_Part]]:
    """What stands against the control account: that of the lines and of the taxes.

    And what stands beside it: tax that the buyer owes itself.
    """
    if document.is_opening:
        opening = chart.by_role[Role.OPENING_BALANCES].id
        return _parts(by, [((opening, None), document.total)]), [], []
    tax_account = _tax_account(chart)
    lines: _Amounts = []
    taxes: _Amounts = []
    owed: _Amounts = []
    for line in document.lines:
        lines.append(((line.account_id, line.category_id), line.net))
        for tax in line.taxes:
            account_id = tax.account_id or tax_account
            if tax.is_recoverable:
                taxes.append(((account_id, None), tax.amount))
            else:
                lines.append(((line.account_id, line.category_id), tax.amount))
            if tax.is_reverse_charge:
                owed.append(((account_id, None), tax.amount))
    return _parts(by, lines), _parts(by, taxes), _parts(by.opposite, owed)


def _parts(by: EntryType, amounts: Iterable[tuple[tuple[str, str | None], int]]) -> list[_Part]:
    """Amounts by account and category; what comes to less than nothing stands on the other side."""
    sums: dict[tuple[str, str | None], int] = {}
    for key, amount in amounts:
        sums[key] = sums.get(key, 0) + amount
    return [
        (account_id, category_id, by if total > 0 else by.opposite, abs(total))
        for (account_id, category_id), total in sums.items()
        if total
    ]


def _posted(
    occasion: Occasion, document: Document, day: date, parts: list[_Part], transaction_id: str
) -> Transaction:
    draft = Draft(
        description=title_of(document),
        date=day,
        entries=[_entry(document, *part) for part in parts],
        currency=document.currency,
        reference=document.number,
        kind=TransactionKind.OPENING if document.is_opening else TransactionKind.STANDARD,
        contact_id=document.contact_id,
        category_id=document.category_id,
    )
    drawn = draw_up(occasion.organization, occasion.chart, draft, transaction_id, occasion.moment)
    posted = posting.post(occasion.organization, occasion.chart, drawn, occasion.moment)
    return replace(posted, source_id=document.id)


def _entry(
    document: Document, account_id: str, category_id: str | None, side: EntryType, amount: int
) -> DraftEntry:
    return DraftEntry(
        account_id=account_id,
        entry_type=side,
        amount=amount_text(amount, CURRENCIES[document.currency]),
        currency=document.currency,
        exchange_rate=document.exchange_rate,
        category_id=category_id,
    )
