"""References: what contacts, items, categories and settings may name, each other and accounts."""

from __future__ import annotations

from collections.abc import Collection

from ledger.absent import absent
from ledger.accounts import Role
from ledger.chart import Chart
from ledger.errors import LedgerError, Reason

_CONTROL = {Role.RECEIVABLE, Role.PAYABLE}


def require_default_account(chart: Chart, account_id: str | None, field_name: str) -> None:
    """Raise unless the account exists and can stand in on a line: no control account can.

    What is posted to accounts receivable and payable has to be an open item of its own.
    """
    if account_id is None:
        return
    account = chart.find(account_id, field_name)
    if account.role in _CONTROL:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"Account {account.code} {account.name} is a control account: "
            "documents and payments are posted to it as open items.",
            "Choose an account that says what the amount is for.",
            {"account_id": account_id},
            field_name,
        )


def require_known(noun: str, known: Collection[str], id_: str | None, field_name: str) -> None:
    """Raise `unknown_reference` unless the id, if there is one, is among those that are known."""
    if id_ is None or id_ in known:
        return
    cure = f"Create the {noun} first, or leave {field_name} out."
    raise absent(noun, id_, field_name, cure)


def require_permanent_external_id(before: str | None, after: str | None) -> None:
    """Raise `frozen` when the caller's own id of a fact would change."""
    if before is None or before == after:
        return
    raise LedgerError(
        Reason.FROZEN,
        "An external id is permanent once given.",
        "Leave externalId out of the update.",
        {"external_id": before},
        "externalId",
    )
