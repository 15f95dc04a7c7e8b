"""From what a caller says of a document's line to one that can be priced.

A line takes what it does not say from its item, then from the contact, then from the document:
its text, price, account, tax rate and category.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ledger.accounts import AccountStatus, Subtype
from ledger.categories import Category
from ledger.chart import Chart
from ledger.contacts import Contact
from ledger.errors import LedgerError, Reason
from ledger.items import Item, ItemType
from ledger.pricing import DraftLine, Number
from ledger.references import require_default_account, require_known
from ledger.taxes import TaxRate


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What a caller says of a line; `tax_rate_id` "" says that there is no tax."""

    description: str | None = None
    quantity: Number = 1
    unit_price: Number | None = None
    account_id: str | None = None
    tax_rate_id: str | None = None
    item_id: str | None = None
    category_id: str | None = None
    discount_percent: Number | None = None
    discount_amount: Number | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What lines may name, by id: everything that the draft and its items refer to."""

    items: Mapping[str, Item] = field(default_factory=dict)
    tax_rates: Mapping[str, TaxRate] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NO_ITEM = Item("", "", "", ItemType.OTHER, "", _NEVER, _NEVER)


def filled(
    chart: Chart,
    contact: Contact,
    catalogue: Catalogue,
    line: LineDraft,
    *,
    is_sale: bool,
    currency: str,
    category_id: str | None,
) -> DraftLine:
    """A line with what it does not say itself."""
    require_known("item", catalogue.items, line.item_id, "itemId")
    item = None if line.item_id is None else catalogue.items[line.item_id]
    of_item = item or _NO_ITEM
    tax_rate = _first(line.tax_rate_id, of_item.tax_rate_id, contact.tax_rate_id)
    category = _first(line.category_id, of_item.category_id, category_id)
    require_known("tax rate", catalogue.tax_rates, tax_rate or None, "taxRateId")
    require_known("category", catalogue.categories, category, "categoryId")
    require_active("item", item, "itemId")
    require_active("tax rate", catalogue.tax_rates.get(tax_rate or ""), "taxRateId")
    require_active("category", catalogue.categories.get(category or ""), "categoryId")
    return DraftLine(
        description=_first(line.description, of_item.description, of_item.name) or "",
        quantity=line.quantity,
        unit_price=_price(line, item, currency, is_sale=is_sale),
        account_id=_account(chart, contact, item, line, is_sale=is_sale),
        discount_percent=line.discount_percent,
        discount_amount=line.discount_amount,
        unit=_first(line.unit, of_item.unit),
        tax_rate_id=tax_rate or None,
        item_id=line.item_id,
        category_id=category,
    )


def _first(*choices: str | None) -> str | None:
    return next((choice for choice in choices if choice is not None), None)


def _price(line: LineDraft, item: Item | None, currency: str, *, is_sale: bool) -> Number:
    if line.unit_price is not None:
        return line.unit_price
    found = None
    if item is not None and item.currency == currency:
        found = item.price if is_sale or item.purchase_price is None else item.purchase_price
    if found is not None:
        return found
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"The line has no unit price, and no item with a price in {currency}.",
        "Give unitPrice, or an itemId whose item has a price in the document's currency.",
        field="unitPrice",
    )


def _account(
    chart: Chart, contact: Contact, item: Item | None, line: LineDraft, *, is_sale: bool
) -> str:
    """The account of a line; by default the first active one by code that such lines fit."""
    chosen = line.account_id
    for source in (item, contact):
        if chosen is None and source is not None:
            chosen = source.revenue_account_id if is_sale else source.expense_account_id
    if chosen is not None:
        require_default_account(chart, chosen, "accountId")
        chart.by_id[chosen].require_active("accountId")
        return chosen
    wanted = Subtype.SALES if is_sale else Subtype.OPERATING_EXPENSE
    for account in sorted(chart.by_id.values(), key=lambda account: account.code):
        if account.subtype is wanted and account.status is AccountStatus.ACTIVE:
            return account.id
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"It is not said to which account the line goes, and none is of subtype {wanted.name}.",
        "Give accountId, or an item or contact that has a default account.",
        field="accountId",
    )


def require_active(noun: str, fact: Item | TaxRate | Category | None, field_name: str) -> None:
    """Raise `inactive` when what a draft names is not in use any more."""
    if fact is None or fact.is_active:
        return
    raise LedgerError(
        Reason.INACTIVE,
        f"The {noun} {fact.id} {fact.name} is not active.",
        f"Set its isActive to true first, or choose another {noun}.",
        {f"{noun.replace(' ', '_')}_id": fact.id},
        field_name,
    )
