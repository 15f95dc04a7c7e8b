"""The one answer for what is another organization's or nobody's, whatever its noun."""

from __future__ import annotations

from ledger import ids
from ledger.errors import LedgerError, Reason


def absent(noun: str, id_: str, field: str, cure: str, *, in_path: bool = False) -> LedgerError:
    """`unknown_reference` for an id that names nothing, `not_found` when it was asked for itself.

    Of what cannot be an id of the noun no more is left than a bare prefix, which nobody has given:
    it is not repeated.
    """
    is_none = ids.is_nothing(id_)
    return LedgerError(
        Reason.NOT_FOUND if in_path else Reason.UNKNOWN_REFERENCE,
        f"What was given cannot be the id of any {noun}."
        if is_none
        else f"There is no {noun} {id_} in this organization.",
        cure,
        {} if is_none else {f"{noun.replace(' ', '_')}_id": id_},
        field,
    )
