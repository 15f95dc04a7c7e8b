"""Names that callers give: their own ids and stock numbers, as they are stored and looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from ledger import texts
from ledger.errors import LedgerError, Reason
from ledger.items import Item
from resolvers.books import Books


def external(prefix: str, given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The caller's own id in `given` to look for among a noun; what cannot be one is none."""
    with suppress(LedgerError):
        cleaned = texts.clean_optional(given.get("external_id"), "externalId", texts.NAME_LENGTH)
        if cleaned is not None:
            yield prefix, cleaned


def require_free_sku(books: Books, item: Item) -> None:
    """Raise `duplicate` when another item has the stock number already."""
    holder = books.found.skus.get(item.sku or "")
    if item.sku is None or holder in {None, item.id}:
        return
    raise LedgerError(
        Reason.DUPLICATE,
        f"The SKU {item.sku!r} is already that of item {holder}.",
        "Use the existing item, or another SKU.",
        {"sku": item.sku, "existing_id": holder},
        "sku",
    )
