import dataclasses

import pytest
from books import account, refusal

from ledger.accounts import AccountStatus, AccountType, EntryType, Role, Subtype
from ledger.errors import Reason


def test_each_side_has_the_other():
    assert EntryType.DEBIT.opposite is EntryType.CREDIT
    assert EntryType.CREDIT.opposite is EntryType.DEBIT


@pytest.mark.parametrize(
    ("account_type", "side", "temporary", "natural"),
    [
        (AccountType.ASSET, EntryType.DEBIT, False, 5),
        (AccountType.LIABILITY, EntryType.CREDIT, False, -5),
        (AccountType.EQUITY, EntryType.CREDIT, False, -5),
        (AccountType.REVENUE, EntryType.CREDIT, True, -5),
        (AccountType.EXPENSE, EntryType.DEBIT, True, 5),
    ],
)
def test_the_type_decides_the_sign_of_every_figure(account_type, side, temporary, natural):
    assert account_type.normal_side is side
    assert account_type.is_temporary is temporary
    assert account_type.natural(5) == natural
    assert account_type.natural(-5) == -natural
    assert account_type.natural(0) == 0


@pytest.mark.parametrize(
    ("account_type", "first", "last", "count"),
    [
        (AccountType.ASSET, Subtype.BANK, Subtype.OTHER_ASSET, 9),
        (AccountType.LIABILITY, Subtype.PAYABLE, Subtype.LONG_TERM_LIABILITY, 8),
        (AccountType.EQUITY, Subtype.CAPITAL, Subtype.OTHER_EQUITY, 5),
        (AccountType.REVENUE, Subtype.SALES, Subtype.OTHER_INCOME, 2),
        (AccountType.EXPENSE, Subtype.COST_OF_SALES, Subtype.OTHER_EXPENSE, 6),
    ],
)
def test_every_subtype_belongs_to_one_type(account_type, first, last, count):
    ours = [subtype for subtype in Subtype if subtype.type is account_type]
    assert (ours[0], ours[-1], len(ours)) == (first, last, count)


def test_an_account_with_a_role_is_a_system_account():
    assert not account("1001").is_system
    assert account("7900", AccountType.EXPENSE, role=Role.ROUNDING).is_system


def test_an_account_never_changes():
    with pytest.raises(dataclasses.FrozenInstanceError):
        account("1001").name = "Else"  # type: ignore[misc]  # what must fail is the point


def test_an_active_account_takes_entries():
    account("1001").require_active("accountId")


@pytest.mark.parametrize("status", [AccountStatus.INACTIVE, AccountStatus.SUSPENDED])
def test_an_account_that_is_not_active_takes_none(status):
    closed = account("1001", name="Till", status=status)
    refused = refusal(Reason.ACCOUNT_INACTIVE, closed.require_active, "accountId")
    assert refused.message == f"Account 1001 Till is {status} and takes no entries."
    assert refused.field == "accountId"
    assert refused.details == {"account_id": "act_1001", "code": "1001", "status": status}
