"""Names: as the schema spells them (`invoiceDate`), and as REST does (`invoice_date`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "account_type": ("type",),
    "currency_id": ("currency",),
    "date": ("transaction_date", "invoice_date", "bill_date", "credit_note_date", "payment_date"),
    "from": ("from_date",),
    "from_date": ("from",),
    "parent_account_id": ("parent_id",),
    "price": ("unit_price",),
    "reference_number": ("reference",),
    "tax_id": ("tax_rate_id", "tax_number"),
    "to": ("to_date",),
    "to_date": ("to",),
    "transaction_date": ("date",),
    "type": ("entry_type", "contact_type", "category_type", "item_type", "tax_type"),
}
"""Other names that documentation shows, and for which of ours each may stand."""


def snake(name: str) -> str:
    """A name of the schema as REST spells it."""
    return _HUMP.sub("_", name).lower()


def known_as(name: str, known: Collection[str]) -> str | None:
    """Which of the known names is meant: the same, or the one that it is a synonym of."""
    if name in known:
        return name
    return next((each for each in SYNONYMS.get(name, ()) if each in known), None)


def also_called(name: str, known: Collection[str]) -> list[str]:
    """The synonyms of a name where it stands beside the known ones."""
    return [each for each in SYNONYMS if each != name and known_as(each, known) == name]
