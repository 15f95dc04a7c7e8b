"""Drawing up: from what a caller says of a transaction to one that the books can hold."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ledger import texts
from ledger.accounts import EntryType
from ledger.balancing import UNKNOWN, balanced
from ledger.chart import Chart
from ledger.currencies import CURRENCIES
from ledger.currencies import currency as known_currency
from ledger.dates import require_business_date
from ledger.errors import LedgerError, Reason, at
from ledger.money import amount_text, parse_amount, parse_rate
from ledger.organizations import Organization
from ledger.transactions import Draft, DraftEntry, Entry, Transaction, TransactionKind

MOST_ENTRIES = 1_000
_FEWEST_ENTRIES = 2
_OF_THE_SERVICE = (TransactionKind.REVERSAL, TransactionKind.REVALUATION)


def draw_up(
    organization: Organization, chart: Chart, draft: Draft, transaction_id: str, now: datetime
) -> Transaction:
    """The transaction that a draft describes, balanced; or why it cannot be entered."""
    require_business_date(draft.date)
    entries = _entries(organization, chart, draft)
    organization.require_open(draft.date)
    currencies = {entry.currency for entry in entries}
    is_shared = len(currencies) == 1
    debits = [entry for entry in entries if entry.entry_type is EntryType.DEBIT]
    base_amount = sum([entry.base_amount for entry in debits])
    return Transaction(
        organization_id=organization.id,
        id=transaction_id,
        date=draft.date,
        description=texts.clean(draft.description, "description", texts.DESCRIPTION_LENGTH),
        entries=entries,
        currency=currencies.pop() if is_shared else organization.base_currency,
        amount=sum([entry.amount for entry in debits]) if is_shared else base_amount,
        base_amount=base_amount,
        created_at=now,
        updated_at=now,
        kind=_kind_of(draft),
        closing=draft.kind is TransactionKind.CLOSING,
        reference=_short(draft.reference, "reference"),
        payment_method=_short(draft.payment_method, "paymentMethod"),
        external_id=texts.clean_optional(draft.external_id, "externalId", texts.NAME_LENGTH),
        metadata=texts.clean_metadata(draft.metadata),
        contact_id=draft.contact_id,
        category_id=draft.category_id,
        type=draft.type,
    )


def _kind_of(draft: Draft) -> TransactionKind:
    if draft.kind in _OF_THE_SERVICE:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"A transaction of kind {draft.kind.name} is only made by the service itself.",
            "Use STANDARD, OPENING or CLOSING; to reverse, call reverseTransaction.",
            field="kind",
        )
    return draft.kind


def _short(value: str | None, field_name: str) -> str | None:
    return texts.clean_optional(value, field_name, texts.REFERENCE_LENGTH)


def _entries(organization: Organization, chart: Chart, draft: Draft) -> tuple[Entry, ...]:
    if not _FEWEST_ENTRIES <= len(draft.entries) <= MOST_ENTRIES:
        few = len(draft.entries) < _FEWEST_ENTRIES
        raise LedgerError(
            Reason.TOO_FEW_ENTRIES if few else Reason.TOO_MANY_ITEMS,
            f"A transaction has from 2 to {MOST_ENTRIES} entries; this has {len(draft.entries)}.",
            "Give at least one debit and one credit." if few else "Split it.",
            {"entries": len(draft.entries)},
            "entries",
        )
    read = [_read(organization, chart, draft, i) for i in range(len(draft.entries))]
    return tuple(balanced(organization, chart, read))


def _read(organization: Organization, chart: Chart, draft: Draft, index: int) -> Entry:
    """An entry as given, its base amount `UNKNOWN` where it is still to be derived."""
    given = draft.entries[index]
    try:
        account = chart.find(given.account_id, "accountId")
        account.require_active("accountId")
        base = organization.base_currency
        code = given.currency or draft.currency or account.currency
        currency = CURRENCIES.get(code) or at("currency", known_currency, code)
        amount = at("amount", parse_amount, given.amount, currency)
        base_amount, rate = UNKNOWN, None
        if given.base_amount is not None:
            base_amount = at("baseAmount", parse_amount, given.base_amount, CURRENCIES[base])
        if given.exchange_rate is not None:
            rate = at("exchangeRate", parse_rate, given.exchange_rate)
        if currency.code == base:
            _require_plain(amount, base_amount, rate, base)
            base_amount, rate = amount, None
        return Entry(
            account.id,
            given.entry_type,
            amount,
            currency.code,
            base_amount,
            rate,
            None if given.description is None else _text(given.description, "description"),
            None if given.reference is None else _text(given.reference, "reference"),
            given.category_id,
        )
    except LedgerError as error:
        raise error.inside(f"entries[{index}]") from None


def _text(value: str, field_name: str) -> str:
    limit = texts.DESCRIPTION_LENGTH if field_name == "description" else texts.REFERENCE_LENGTH
    return texts.clean(value, field_name, limit, blank=True)


def _require_plain(amount: int, base_amount: int, rate: Decimal | None, base: str) -> None:
    """An entry in the base currency has no rate, and its base amount is its amount."""
    is_plain_rate = rate is None or rate == 1
    if is_plain_rate and base_amount in {UNKNOWN, amount}:
        return
    raise LedgerError(
        Reason.INVALID_AMOUNT,
        f"The entry is in {base}, the organization's own currency: it has no rate, "
        "and its base amount is its amount.",
        "Leave out exchangeRate and baseAmount, or give the entry its foreign currency.",
        field="baseAmount" if is_plain_rate else "exchangeRate",
    )


def redraft(organization: Organization, transaction: Transaction) -> Draft:
    """The draft that would draw up this transaction again, to be changed in part."""
    return Draft(
        description=transaction.description,
        date=transaction.date,
        entries=[_redrafted(organization, entry) for entry in transaction.entries],
        reference=transaction.reference,
        payment_method=transaction.payment_method,
        external_id=transaction.external_id,
        metadata=transaction.metadata,
        kind=transaction.kind,
        contact_id=transaction.contact_id,
        category_id=transaction.category_id,
        type=transaction.type,
    )


def _redrafted(organization: Organization, entry: Entry) -> DraftEntry:
    base = CURRENCIES[organization.base_currency]
    foreign = entry.currency != base.code and entry.base_amount > 0
    return DraftEntry(
        account_id=entry.account_id,
        entry_type=entry.entry_type,
        amount=amount_text(entry.amount, CURRENCIES[entry.currency]),
        currency=entry.currency,
        exchange_rate=entry.exchange_rate,
        base_amount=amount_text(entry.base_amount, base) if foreign else None,
        description=entry.description,
        reference=entry.reference,
        category_id=entry.category_id,
    )
