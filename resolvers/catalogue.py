"""Categories, items and tax rates: what documents are made of, added, changed, taken out.

What is changed was read before, and what is written are whole rows: so changes are structural,
and of two at once the second sees what the first has left. A new category is one too, since all
of its tree decide about it; what else is new is kept apart by the constraints of its table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ledger import texts
from ledger.categories import Category, change_category, close_category, open_category
from ledger.errors import LedgerError, Reason
from ledger.events import Change
from ledger.items import SKU_LENGTH, Item, add_item, change_item, remove_item
from ledger.taxes import (
    TaxComponent,
    TaxRate,
    change_tax_rate,
    close_tax_rate,
    open_tax_rate,
)
from resolvers.books import Books, Command, Decision
from resolvers.naming import external, require_free_sku
from resolvers.transactions import require_version
from resolvers.wants import Wants, wants

Given = Mapping[str, Any]
"""The fields of a fact that a caller gives."""


def _made(books: Books, kind: Any, prefix: str, given: Given) -> Any:
    """A new fact of what a caller gives."""
    return kind(
        organization_id=books.organization.id,
        id=books.mint(prefix),
        created_at=books.now,
        updated_at=books.now,
        **given,
    )


def _changed(books: Books, before: Any, given: Given, version: int | None) -> Any:
    """The fact with what a caller gives, a version later."""
    require_version(before.version, version)
    return replace(before, **given, updated_at=books.now, version=before.version + 1)


def create_category(given: Given) -> Command:
    """Add a category."""

    def decide(books: Books) -> Decision:
        fact = open_category(books.all(Category), _made(books, Category, "cat_", given))
        return Decision((Change("created", None, fact),), fact.id)

    return Command(decide, wants=wants(whole=["cat_"]), structural=True)


def update_category(category_id: str, given: Given, *, version: int | None) -> Command:
    """Change a category."""

    def decide(books: Books) -> Decision:
        before = books.find(Category, category_id, "id", in_path=True)
        after = _changed(books, before, given, version)
        used = category_id in books.found.used
        after = change_category(books.all(Category), before, after, is_used=used)
        return Decision((Change("updated", before, after),), after.id)

    asked = wants(whole=["cat_"], used=[category_id])
    return Command(decide, wants=asked, structural=True)


def delete_category(category_id: str, *, version: int | None) -> Command:
    """Take out a category that nothing refers to."""

    def decide(books: Books) -> Decision:
        before = books.find(Category, category_id, "id", in_path=True)
        require_version(before.version, version)
        used = category_id in books.found.used
        close_category(books.all(Category), before, is_used=used)
        return Decision((Change("deleted", before, None),), outcome=True)

    asked = wants(whole=["cat_"], used=[category_id])
    return Command(decide, wants=asked, structural=True)


def create_tax_rate(given: Given) -> Command:
    """Add a tax rate."""

    def decide(books: Books) -> Decision:
        fact = open_tax_rate(books.chart, _made(books, TaxRate, "tax_", given))
        books.require_free("tax_", fact.external_id)
        return Decision((Change("created", None, fact),), fact.id)

    return Command(decide, wants=wants(external_ids=external("tax_", given)))


def update_tax_rate(
    tax_rate_id: str, given: Given, *, version: int | None, percent: Decimal | None = None
) -> Command:
    """Change a tax rate; what was charged by it keeps its rate.

    `percent` is that of a rate with a single component, where `given` has no components.
    """

    def decide(books: Books) -> Decision:
        before = books.find(TaxRate, tax_rate_id, "id", in_path=True)
        after = _changed(books, before, given, version)
        history = tax_rate_id in books.found.charged
        if "components" not in given:
            parts = _components(before, after.name, percent, keeps_name=history)
            after = replace(after, components=parts)
        after = _agreed(books, before, after, has_history=history, by_rate=percent is not None)
        books.require_free("tax_", after.external_id, after.id)
        return Decision((Change("updated", before, after),), after.id)

    named = external("tax_", given)
    asked = wants([tax_rate_id], charged=[tax_rate_id], external_ids=named)
    return Command(decide, wants=asked, structural=True)


def _agreed(
    books: Books, before: TaxRate, after: TaxRate, *, has_history: bool, by_rate: bool
) -> TaxRate:
    """The rate as it may become; whoever has given a percentage alone is refused for that."""
    try:
        return change_tax_rate(books.chart, before, after, has_history=has_history)
    except LedgerError as error:
        if by_rate and error.field == "components":
            raise replace(error, field="rate") from None
        raise


def _components(
    before: TaxRate, name: str, percent: Decimal | None, *, keeps_name: bool
) -> tuple[TaxComponent, ...]:
    """The components of a rate with a new percentage or name, where it has but one.

    That one bears the rate's name on documents, and follows it until something refers to it.
    """
    only, *others = before.components
    if others and percent is not None:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"Tax rate {before.name} has {len(before.components)} components, and no rate of "
            "its own.",
            "Give all of its components.",
            {"tax_rate_id": before.id, "components": len(before.components)},
            "rate",
        )
    if others:
        return before.components
    if only.name == before.name and not keeps_name:
        only = replace(only, name=name)
    return (only if percent is None else replace(only, percent=percent),)


def delete_tax_rate(tax_rate_id: str, *, version: int | None) -> Command:
    """Take out a tax rate that nothing refers to."""

    def decide(books: Books) -> Decision:
        before = books.find(TaxRate, tax_rate_id, "id", in_path=True)
        require_version(before.version, version)
        close_tax_rate(before, is_used=tax_rate_id in books.found.used)
        return Decision((Change("deleted", before, None),), outcome=True)

    asked = wants([tax_rate_id], used=[tax_rate_id])
    return Command(decide, wants=asked, structural=True)


def _named(given: Given) -> Wants:
    return wants(
        [given.get("tax_rate_id"), given.get("category_id")],
        external_ids=external("itm_", given),
        skus=_sku(given),
    )


def _sku(given: Given) -> Iterable[str]:
    """The stock number in `given` to look for among items; what cannot be one is none."""
    with suppress(LedgerError):
        if given.get("sku") is not None:
            yield texts.clean(given["sku"], "sku", SKU_LENGTH)


def create_item(given: Given) -> Command:
    """Add an item; without a currency its prices are in the organization's."""

    def decide(books: Books) -> Decision:
        own = books.organization.base_currency
        currency = own if given["currency"] is None else given["currency"]
        made = _made(books, Item, "itm_", {**given, "currency": currency})
        fact = add_item(
            books.chart, made, tax_rates=books.all(TaxRate), categories=books.all(Category)
        )
        books.require_free("itm_", fact.external_id)
        require_free_sku(books, fact)
        return Decision((Change("created", None, fact),), fact.id)

    return Command(decide, wants=_named(given))


def update_item(item_id: str, given: Given, *, version: int | None) -> Command:
    """Change an item; lines that were made with it stay as they are."""

    def decide(books: Books) -> Decision:
        before = books.find(Item, item_id, "id", in_path=True)
        after = _changed(books, before, given, version)
        after = change_item(
            books.chart,
            before,
            after,
            tax_rates=books.all(TaxRate),
            categories=books.all(Category),
        )
        books.require_free("itm_", after.external_id, after.id)
        require_free_sku(books, after)
        return Decision((Change("updated", before, after),), after.id)

    def refers(books: Books) -> Wants:
        item = books.all(Item).get(item_id)
        return Wants() if item is None else wants([item.tax_rate_id, item.category_id])

    asked = _named(given) | wants([item_id])
    return Command(decide, wants=asked, then=refers, structural=True)


def delete_item(item_id: str, *, version: int | None) -> Command:
    """Take out an item that no line refers to."""

    def decide(books: Books) -> Decision:
        before = books.find(Item, item_id, "id", in_path=True)
        require_version(before.version, version)
        remove_item(before, is_used=item_id in books.found.used)
        return Decision((Change("deleted", before, None),), outcome=True)

    asked = wants([item_id], used=[item_id])
    return Command(decide, wants=asked, structural=True)
