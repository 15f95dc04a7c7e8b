"""Balancing: the base amount of every entry, so that both sides are equal to the last unit.

* All entries in one currency: they must balance in it, exactly. Base amounts that are not
  given are allotted from the converted total by largest remainder, so no residue can arise.
* Mixed currencies: the base amounts must balance. Each conversion may be off by half a
  minor unit, so a residue of at most one per converted entry becomes an entry of its own on
  the Rounding account; more is `unbalanced`.
"""

from __future__ import annotations

from dataclasses import replace

from ledger.accounts import EntryType, Role
from ledger.chart import Chart
from ledger.currencies import CURRENCIES
from ledger.errors import LedgerError, Reason
from ledger.money import MAX_AMOUNT, allot, amount_text, convert
from ledger.organizations import Organization
from ledger.transactions import Entry

UNKNOWN = -1
"""The base amount of an entry that is still to be derived."""


def balanced(organization: Organization, chart: Chart, entries: list[Entry]) -> list[Entry]:
    """The entries with all their base amounts, which sum to zero; or `unbalanced`."""
    currencies = {entry.currency for entry in entries}
    if currencies == {organization.base_currency}:
        whole = entries
    elif len(currencies) == 1:
        whole = _in_one_currency(organization, entries)
    else:
        whole = _in_base(organization, chart, entries)
    _require_balance(whole, organization.base_currency)
    return whole


def _with_base(entry: Entry, base_amount: int) -> Entry:
    """The entry with another base amount."""
    return entry if entry.base_amount == base_amount else replace(entry, base_amount=base_amount)


def _converted(entry: Entry, index: int, base: str) -> int:
    """The base amount of an entry by its own rate."""
    if entry.exchange_rate is None:
        raise LedgerError(
            Reason.MISSING_RATE,
            f"The entry is in {entry.currency} and the books are in {base}: "
            "it needs an exchange rate or a base amount.",
            f"Give exchangeRate ({base} for one {entry.currency}) or baseAmount.",
            {"currency": entry.currency, "base_currency": base},
            f"entries[{index}].exchangeRate",
        )
    source, target = CURRENCIES[entry.currency], CURRENCIES[base]
    base_amount = convert(entry.amount, entry.exchange_rate, source, target)
    if base_amount > MAX_AMOUNT:
        raise LedgerError(
            Reason.INVALID_AMOUNT,
            f"The entry converts to more than {amount_text(MAX_AMOUNT, target)} {base}.",
            "Check the exchange rate, or split the entry.",
            field=f"entries[{index}].exchangeRate",
        )
    return base_amount


def _in_one_currency(organization: Organization, entries: list[Entry]) -> list[Entry]:
    """Base amounts for entries that all have the same foreign currency."""
    _require_balance(entries, entries[0].currency, by="amount")
    total = _base_total(organization, entries)
    derived: dict[int, int] = {}
    for side in EntryType:
        derived |= _shares(organization, entries, side, total)
    for place, share in derived.items():
        _require_near(organization, entries[place], place, share)
    return [_with_base(entry, derived.get(i, entry.base_amount)) for i, entry in enumerate(entries)]


def _base_total(organization: Organization, entries: list[Entry]) -> int:
    """The base total of each side: that of a side given whole, else converted at the rate."""
    for side in EntryType:
        ours = [entry.base_amount for entry in entries if entry.entry_type is side]
        if UNKNOWN not in ours:
            return sum(ours)
    rated = [i for i, entry in enumerate(entries) if entry.exchange_rate is not None]
    unrated = [i for i, entry in enumerate(entries) if entry.base_amount == UNKNOWN]
    first = (rated or unrated)[0]
    debits = sum(entry.amount for entry in entries if entry.entry_type is EntryType.DEBIT)
    return _converted(replace(entries[first], amount=debits), first, organization.base_currency)


def _shares(
    organization: Organization, entries: list[Entry], side: EntryType, total: int
) -> dict[int, int]:
    """What a side's total leaves for its entries without a base amount, by their places.

    It must leave something, but for entries that are worth less than one minor unit.
    """
    ours = {i: entry for i, entry in enumerate(entries) if entry.entry_type is side}
    unknown = {i: entry.amount for i, entry in ours.items() if entry.base_amount == UNKNOWN}
    if not unknown:
        return {}
    given = sum(entry.base_amount for i, entry in ours.items() if i not in unknown)
    whole = sum(entry.amount for entry in ours.values())
    are_tiny = max(unknown.values()) * total < whole
    if given < total or (given == total and are_tiny):
        return dict(zip(unknown, allot(total - given, [*unknown.values()]), strict=True))
    target = CURRENCIES[organization.base_currency]
    figures = {"total": amount_text(total, target), "given": amount_text(given, target)}
    raise LedgerError(
        Reason.UNBALANCED,
        f"The {side.value} entries come to {figures['total']} {target.code} in all, but the base "
        f"amounts given for some of them are already {figures['given']}.",
        "Correct a baseAmount or the exchange rate, or give each entry its baseAmount.",
        figures,
        "entries",
    )


def _require_near(organization: Organization, entry: Entry, index: int, share: int) -> None:
    """A share of the total may differ by rounding from what the entry's own rate says."""
    if entry.exchange_rate is None:
        return
    own = _converted(entry, index, organization.base_currency)
    if abs(own - share) <= 1:
        return
    target = CURRENCIES[organization.base_currency]
    raise LedgerError(
        Reason.UNBALANCED,
        f"At its own rate the entry is {amount_text(own, target)} {target.code}, but the other "
        f"entries leave {amount_text(share, target)} for it.",
        "Use one exchange rate throughout, or give each entry its baseAmount.",
        {"by_rate": amount_text(own, target), "left": amount_text(share, target)},
        f"entries[{index}].exchangeRate",
    )


def _in_base(organization: Organization, chart: Chart, entries: list[Entry]) -> list[Entry]:
    """Base amounts for entries in several currencies, with a rounding entry if needed."""
    base = organization.base_currency
    unknown = [i for i, entry in enumerate(entries) if entry.base_amount == UNKNOWN]
    whole = list(entries)
    for place in unknown:
        whole[place] = _with_base(entries[place], _converted(entries[place], place, base))
    residue = sum(entry.base_signed for entry in whole)
    if residue == 0 or abs(residue) > len(unknown):
        return whole
    rounding = chart.by_role[Role.ROUNDING]
    side = EntryType.CREDIT if residue > 0 else EntryType.DEBIT
    amount = abs(residue)
    return [*whole, Entry(rounding.id, side, amount, base, amount, description="Rounding")]


def _require_balance(entries: list[Entry], currency: str, by: str = "base_amount") -> None:
    """Raise `unbalanced` unless debits equal credits, to the last minor unit."""
    debits = sum([getattr(e, by) for e in entries if e.entry_type is EntryType.DEBIT])
    credits_ = sum([getattr(e, by) for e in entries]) - debits
    if debits == credits_:
        return
    unit = CURRENCIES[currency]
    figures = {
        "total_debits": amount_text(debits, unit),
        "total_credits": amount_text(credits_, unit),
        "difference": amount_text(abs(debits - credits_), unit),
    }
    lower = "debit" if debits < credits_ else "credit"
    raise LedgerError(
        Reason.UNBALANCED,
        f"Debits are {figures['total_debits']} and credits are {figures['total_credits']} "
        f"{currency}: they differ by {figures['difference']}.",
        f"Add a {lower} of {figures['difference']}, or correct an amount.",
        figures | {"currency": currency},
        "entries",
    )
