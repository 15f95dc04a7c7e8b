"""The chart of accounts: how accounts join it, change in it, and leave it.

Type and currency are frozen at the first posting; an account with history stays for good,
active or not. System accounts may be renamed and recoded, but not deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ledger import texts
from ledger.absent import absent
from ledger.accounts import Account, AccountStatus, Role, Subtype
from ledger.currencies import currency as known_currency
from ledger.errors import LedgerError, Reason, at

CODE_LENGTH = 32
DEEPEST = 10
_CODE = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?")


@dataclass(frozen=True)
class Chart:
    """All accounts of one organization, found by id, code, role or the caller's own id."""

    by_id: Mapping[str, Account]

    @cached_property
    def by_code(self) -> dict[str, Account]:
        """Accounts by their code."""
        return {account.code: account for account in self.by_id.values()}

    @cached_property
    def by_role(self) -> dict[Role, Account]:
        """The system accounts by what they are for."""
        return {account.role: account for account in self.by_id.values() if account.role}

    @cached_property
    def by_external_id(self) -> dict[str, Account]:
        """Accounts by the caller's own id."""
        return {a.external_id: a for a in self.by_id.values() if a.external_id is not None}

    def find(self, account_id: str, field_name: str, *, in_path: bool = False) -> Account:
        """The account with that id, or `unknown_reference` (`not_found` when it was asked for)."""
        account = self.by_id.get(account_id)
        if account is None:
            raise unknown_account(account_id, field_name, in_path=in_path)
        return account

    def children(self, account_id: str) -> list[Account]:
        """The accounts directly below one."""
        return self._by_parent.get(account_id, [])

    @cached_property
    def _by_parent(self) -> dict[str, list[Account]]:
        families: dict[str, list[Account]] = {}
        for account in self.by_id.values():
            if account.parent_id is not None:
                families.setdefault(account.parent_id, []).append(account)
        return families

    def having(self, changed: Iterable[Account], without: Iterable[str] = ()) -> Chart:
        """The chart with some accounts added or replaced, and others gone."""
        accounts = dict(self.by_id)
        accounts.update((account.id, account) for account in changed)
        for account_id in without:
            accounts.pop(account_id, None)
        return Chart(accounts)


def unknown_account(account_id: str, field_name: str, *, in_path: bool = False) -> LedgerError:
    """The one answer for an account that is another organization's or nobody's."""
    cure = "List `accounts` for the ids that exist."
    return absent("account", account_id, field_name, cure, in_path=in_path)


def open_account(chart: Chart, account: Account) -> Account:
    """The account as it joins the chart, or why it cannot."""
    account = replace(
        account,
        code=_valid_code(account.code),
        name=texts.clean(account.name, "name", texts.NAME_LENGTH),
        currency=at("currency", known_currency, account.currency).code,
        description=_description(account.description),
        metadata=texts.clean_metadata(account.metadata),
        external_id=texts.clean_optional(account.external_id, "externalId", texts.NAME_LENGTH),
    )
    _require_free_code(chart, account)
    _require_free_external_id(chart, account)
    _require_fitting_subtype(account)
    _require_fitting_parent(chart, account)
    return account


def change_account(chart: Chart, before: Account, after: Account, *, has_history: bool) -> Account:
    """The account as it is after an update, or why it cannot become so.

    `has_history` says whether anything was ever posted to it: then type and currency stay.
    """
    after = replace(
        after,
        code=_valid_code(after.code) if after.code != before.code else before.code,
        name=texts.clean(after.name, "name", texts.NAME_LENGTH),
        currency=at("currency", known_currency, after.currency).code,
        description=_description(after.description),
        metadata=texts.clean_metadata(after.metadata),
        external_id=texts.clean_optional(after.external_id, "externalId", texts.NAME_LENGTH),
    )
    _require_free_code(chart, after)
    _require_permanent_external_id(before, after)
    _require_free_external_id(chart, after)
    _require_unfrozen(before, after, has_history=has_history)
    _require_working_system(before, after)
    _require_fitting_subtype(after)
    _require_fitting_parent(chart, after)
    _require_fitting_children(chart, before, after)
    return after


def close_account(chart: Chart, account: Account, *, has_entries: bool, is_used: bool) -> None:
    """Raise the reason why an account cannot be deleted, if there is one.

    `is_used` says whether anything but an entry names it: a contact, an item, a tax rate, a line
    of a document, a payment, or the settings.
    """
    if account.is_system:
        raise LedgerError(
            Reason.SYSTEM_ACCOUNT,
            f"Account {account.code} {account.name} is a system account; the service posts to it.",
            "Rename or recode it instead.",
            {"account_id": account.id},
            "id",
        )
    if has_entries:
        raise LedgerError(
            Reason.IN_USE,
            f"Account {account.code} {account.name} has entries and stays in the books.",
            "Set its status to INACTIVE instead.",
            {"account_id": account.id},
            "id",
        )
    if is_used:
        raise LedgerError(
            Reason.IN_USE,
            f"Account {account.code} {account.name} is named by contacts, items, tax rates, "
            "documents or the settings.",
            "Name another account there first, or set its status to INACTIVE instead.",
            {"account_id": account.id},
            "id",
        )
    children = chart.children(account.id)
    if children:
        raise LedgerError(
            Reason.IN_USE,
            f"Account {account.code} {account.name} has {len(children)} sub-accounts.",
            "Move or delete the sub-accounts first.",
            {"account_id": account.id, "children": [child.id for child in children[:10]]},
            "id",
        )


def _valid_code(code: str) -> str:
    code = texts.clean(code, "code", CODE_LENGTH)
    if _CODE.fullmatch(code):
        return code
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"The account code {code!r} begins or ends with a blank, or spans lines.",
        "Use 1 to 32 visible characters, such as 1000 or BANK-2.",
        field="code",
    )


def _description(value: str | None) -> str | None:
    return texts.clean_optional(value, "description", texts.DESCRIPTION_LENGTH)


def _require_free_code(chart: Chart, account: Account) -> None:
    holder = chart.by_code.get(account.code)
    if holder is None or holder.id == account.id:
        return
    raise LedgerError(
        Reason.DUPLICATE,
        f"Account code {account.code} is already that of {holder.name}.",
        "Choose another code, or use the existing account.",
        {"code": account.code, "existing_id": holder.id},
        "code",
    )


def _require_free_external_id(chart: Chart, account: Account) -> None:
    holder = None if account.external_id is None else chart.by_external_id.get(account.external_id)
    if holder is None or holder.id == account.id:
        return
    raise LedgerError(
        Reason.DUPLICATE,
        f"The external id {account.external_id!r} is already that of account {holder.code}.",
        "Use the existing account, or another external id.",
        {"external_id": account.external_id, "existing_id": holder.id},
        "externalId",
    )


def _require_permanent_external_id(before: Account, after: Account) -> None:
    if before.external_id is None or before.external_id == after.external_id:
        return
    raise LedgerError(
        Reason.FROZEN,
        "An external id is permanent once given.",
        "Leave externalId out of the update.",
        {"external_id": before.external_id},
        "externalId",
    )


def _require_unfrozen(before: Account, after: Account, *, has_history: bool) -> None:
    if not (has_history or before.is_system):
        return
    for name in ("type", "currency"):
        if getattr(before, name) != getattr(after, name):
            raise LedgerError(
                Reason.FROZEN,
                f"The {name} of account {before.code} is fixed: it is a system account "
                "or entries were posted to it.",
                "Open another account and move its balance there by a transaction.",
                {"account_id": before.id, "field": name},
                "accountType" if name == "type" else name,
            )


def _require_working_system(before: Account, after: Account) -> None:
    if not before.is_system or after.status is AccountStatus.ACTIVE:
        return
    raise LedgerError(
        Reason.SYSTEM_ACCOUNT,
        f"Account {before.code} {before.name} is a system account and stays active.",
        "Leave its status ACTIVE.",
        {"account_id": before.id},
        "status",
    )


def _require_fitting_subtype(account: Account) -> None:
    if account.subtype is None or account.subtype.type is account.type:
        return
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"The subtype {account.subtype.value} belongs to accounts of type "
        f"{account.subtype.type.value}, not {account.type.value}.",
        f"Use one of: {', '.join(s.value for s in Subtype if s.type is account.type)}.",
        field="subtype",
    )


def _require_fitting_parent(chart: Chart, account: Account) -> None:
    if account.parent_id is None:
        return
    parent = chart.find(account.parent_id, "parentAccountId")
    line = _line_of(chart, parent)
    problem = None
    if parent.type is not account.type:
        problem = f"is of type {parent.type.value}, not {account.type.value}"
    elif account.id in line:
        problem = "is the account itself or lies below it"
    elif len(line) + _height(chart, account.id) > DEEPEST:
        problem = f"lies on level {len(line)}, and a tree has at most {DEEPEST} levels"
    if problem:
        raise LedgerError(
            Reason.INVALID_PARENT,
            f"Account {parent.code} cannot be the parent: it {problem}.",
            "Choose a parent of the same type, above this account.",
            {"parent_account_id": parent.id},
            "parentAccountId",
        )


def _require_fitting_children(chart: Chart, before: Account, after: Account) -> None:
    if after.type is before.type or not chart.children(before.id):
        return
    raise LedgerError(
        Reason.INVALID_PARENT,
        f"Account {before.code} has sub-accounts of type {before.type.value} and stays of it.",
        "Move the sub-accounts elsewhere first.",
        {"account_id": before.id},
        "accountType",
    )


def _height(chart: Chart, account_id: str) -> int:
    """How many levels an account and those below it take."""
    return 1 + max((_height(chart, child.id) for child in chart.children(account_id)), default=0)


def _line_of(chart: Chart, account: Account) -> list[str]:
    """The ids from an account up to the top of its tree."""
    line = [account.id]
    while account.parent_id is not None and len(line) <= DEEPEST:
        account = chart.by_id[account.parent_id]
        line.append(account.id)
    return line
