"""What the taxes of a document come to in base currency, exactly as they were posted.

Posting allots a document's base total over its entries, so a tax account may take a unit more or
less than its taxes converted one by one. The tax report must tell what the account took.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.currencies import CURRENCIES
from ledger.documents import Document
from ledger.money import convert
from ledger.pricing import tax_totals


def base_taxes(
    document: Document, base_currency: str, taken: Mapping[str, int], tax_account_id: str
) -> tuple[int, ...]:
    """The base amount of each tax of the document, in the order of `tax_totals`.

    `taken` is what each account took of the recoverable ones. What rounding leaves over goes to
    the largest tax of the account. Tax that is part of the cost is converted by itself.
    """
    totals = tax_totals(document.lines)
    amounts = [_converted(document, base_currency, total.amount) for total in totals]
    places: dict[str, list[int]] = {}
    for place, total in enumerate(totals):
        if total.is_recoverable:
            places.setdefault(total.account_id or tax_account_id, []).append(place)
    for account_id, ours in places.items():
        left = taken.get(account_id, 0) - sum(amounts[place] for place in ours)
        largest = max(ours, key=lambda place: abs(amounts[place]))
        amounts[largest] += left
    return tuple(amounts)


def _converted(document: Document, base_currency: str, amount: int) -> int:
    if document.exchange_rate is None:
        return amount
    source, target = CURRENCIES[document.currency], CURRENCIES[base_currency]
    return convert(amount, document.exchange_rate, source, target)
