from dataclasses import replace

import pytest
from books import STANDARD, account, refusal

from ledger.accounts import Account, AccountStatus, AccountType, Role, Subtype
from ledger.chart import DEEPEST, change_account, close_account, open_account
from ledger.errors import Reason

BANK = STANDARD.by_code["1010"]
RECEIVABLE = STANDARD.by_role[Role.RECEIVABLE]


def chart_with(*accounts: Account):
    return STANDARD.having(accounts)


def changed(before, chart=STANDARD, *, has_history=False, **what: object):
    return change_account(chart, before, replace(before, **what), has_history=has_history)


def line(levels, start=1):
    """Accounts N1, N2 ... each below the one before."""
    accounts = []
    for level in range(start, start + levels):
        parent = accounts[-1].id if accounts else None
        accounts.append(account(f"N{level}", parent_id=parent))
    return accounts


# Finding


def test_an_account_is_found_by_id_code_role_and_the_callers_own_id():
    till = account("1001", external_id="till-7")
    chart = chart_with(till)
    assert chart.find("act_1001", "accountId") is till
    assert chart.by_code["1001"] is till
    assert chart.by_role[Role.RECEIVABLE] is RECEIVABLE
    assert chart.by_external_id == {"till-7": till}


@pytest.mark.parametrize(
    ("in_path", "reason"), [(False, Reason.UNKNOWN_REFERENCE), (True, Reason.NOT_FOUND)]
)
def test_an_unknown_account_is_not_found_or_an_unknown_reference(in_path, reason):
    refused = refusal(reason, STANDARD.find, "act_x", "entries[0].accountId", in_path=in_path)
    assert refused.message == "There is no account act_x in this organization."
    assert refused.details == {"account_id": "act_x"}
    assert refused.field == "entries[0].accountId"


def test_what_cannot_be_an_id_is_not_repeated_as_the_prefix_that_is_left_of_it():
    refused = refusal(Reason.UNKNOWN_REFERENCE, STANDARD.find, "act_", "accountId")
    assert refused.message == "What was given cannot be the id of any account."
    assert (refused.details, refused.field) == ({}, "accountId")
    assert refused.suggestion == "List `accounts` for the ids that exist."


def test_a_chart_with_changes_is_another_chart():
    till, renamed = account("1001"), replace(BANK, name="Giro")
    chart = STANDARD.having([till, renamed], without=["act_1000", "act_never"])
    assert chart.by_code["1010"].name == "Giro"
    assert (till.id in chart.by_id, "act_1000" in chart.by_id) == (True, False)
    assert (till.id in STANDARD.by_id, "act_1000" in STANDARD.by_id) == (False, True)
    assert STANDARD.by_code["1010"].name == "Bank account"


def test_an_account_knows_its_direct_sub_accounts():
    top, middle, bottom = line(3)
    chart = chart_with(top, middle, bottom)
    assert chart.children(top.id) == [middle]
    assert chart.children(bottom.id) == []


# Joining


def test_an_account_joins_with_clean_texts_and_a_known_currency():
    given = account(
        "1001", name="Kaffebro\u0308d", currency="cur_eur", subtype=Subtype.CASH, metadata=None
    )
    opened = open_account(STANDARD, given)
    assert (opened.name, opened.currency, opened.metadata) == ("Kaffebr\u00f6d", "EUR", {})
    assert opened.id == given.id


@pytest.mark.parametrize("code", ["1", "1001", "BANK-2", "a b", "é", "x" * 32])
def test_a_code_is_any_visible_text_of_up_to_32_characters(code):
    assert open_account(STANDARD, account(code)).code == code


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"code": ""}, Reason.INVALID_TEXT, "code"),
        ({"code": "x" * 33}, Reason.INVALID_TEXT, "code"),
        ({"code": "a\0b"}, Reason.INVALID_TEXT, "code"),
        ({"code": " 1"}, Reason.INVALID_VALUE, "code"),
        ({"code": "1 "}, Reason.INVALID_VALUE, "code"),
        ({"code": "1\n2"}, Reason.INVALID_VALUE, "code"),
        ({"code": "1\t2"}, Reason.INVALID_VALUE, "code"),
        ({"name": " "}, Reason.INVALID_TEXT, "name"),
        ({"name": "x" * 201}, Reason.INVALID_TEXT, "name"),
        ({"currency": "XYZ"}, Reason.INVALID_VALUE, "currency"),
        ({"description": "x" * 1001}, Reason.INVALID_TEXT, "description"),
        ({"metadata": []}, Reason.INVALID_VALUE, "metadata"),
        ({"external_id": "x" * 201}, Reason.INVALID_TEXT, "externalId"),
        ({"code": "1010"}, Reason.DUPLICATE, "code"),
        ({"external_id": "shop-bank"}, Reason.DUPLICATE, "externalId"),
        ({"subtype": Subtype.PAYABLE}, Reason.INVALID_VALUE, "subtype"),
        ({"parent_id": "act_never"}, Reason.UNKNOWN_REFERENCE, "parentAccountId"),
        ({"parent_id": "act_2000"}, Reason.INVALID_PARENT, "parentAccountId"),
    ],
)
def test_an_account_that_does_not_fit_is_refused_with_its_field(what, reason, field):
    chart = chart_with(replace(BANK, external_id="shop-bank"))
    refused = refusal(reason, open_account, chart, replace(account("1001"), **what))
    assert refused.field == field


def test_a_duplicate_names_the_account_that_is_there():
    refused = refusal(Reason.DUPLICATE, open_account, STANDARD, replace(BANK, id="act_other"))
    assert refused.message == "Account code 1010 is already that of Bank account."
    assert refused.details == {"code": "1010", "existing_id": "act_1010"}


def test_a_subtype_of_another_type_is_refused_with_those_that_fit():
    wrong = account("4500", AccountType.REVENUE, subtype=Subtype.BANK)
    refused = refusal(Reason.INVALID_VALUE, open_account, STANDARD, wrong)
    assert refused.suggestion == "Use one of: sales, other_income."


def test_a_tree_of_accounts_has_ten_levels():
    *upper, lowest = line(DEEPEST)
    assert open_account(chart_with(*upper), lowest) == lowest
    eleventh = account("N11", parent_id=lowest.id)
    refused = refusal(Reason.INVALID_PARENT, open_account, chart_with(*upper, lowest), eleventh)
    assert refused.message == (
        "Account N10 cannot be the parent: it lies on level 10, and a tree has at most 10 levels."
    )


# Changing


def test_everything_may_change_before_the_first_posting():
    till = account("1001", subtype=Subtype.CASH)
    after = changed(
        till,
        chart_with(till),
        code="5001",
        name="Repairs",
        type=AccountType.EXPENSE,
        subtype=Subtype.OPERATING_EXPENSE,
        currency="EUR",
        description="Of the till",
        status=AccountStatus.INACTIVE,
        parent_id="act_5100",
        external_id="r-1",
    )
    assert (after.code, after.type, after.currency) == ("5001", AccountType.EXPENSE, "EUR")
    assert (after.status, after.parent_id) == (AccountStatus.INACTIVE, "act_5100")


def test_an_account_with_history_may_be_renamed_recoded_and_closed():
    after = changed(BANK, code="1011", name="Old", status=AccountStatus.INACTIVE, has_history=True)
    assert (after.code, after.name, after.status) == ("1011", "Old", AccountStatus.INACTIVE)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"type": AccountType.EXPENSE, "subtype": None}, "accountType"),
        ({"currency": "EUR"}, "currency"),
    ],
)
def test_type_and_currency_are_frozen_at_the_first_posting(what, field):
    refused = refusal(Reason.FROZEN, changed, BANK, has_history=True, **what)
    assert refused.field == field
    assert changed(BANK, has_history=False, **what) == replace(BANK, **what)


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"type": AccountType.LIABILITY, "subtype": None}, Reason.FROZEN, "accountType"),
        ({"currency": "EUR"}, Reason.FROZEN, "currency"),
        ({"status": AccountStatus.SUSPENDED}, Reason.SYSTEM_ACCOUNT, "status"),
        ({"status": AccountStatus.INACTIVE}, Reason.SYSTEM_ACCOUNT, "status"),
    ],
)
def test_a_system_account_keeps_its_type_currency_and_status(what, reason, field):
    assert refusal(reason, changed, RECEIVABLE, **what).field == field


def test_a_system_account_may_be_renamed_and_recoded():
    after = changed(RECEIVABLE, code="1190", name="Debtors")
    assert (after.code, after.name, after.role) == ("1190", "Debtors", Role.RECEIVABLE)


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"code": " 1"}, Reason.INVALID_VALUE, "code"),
        ({"code": "1000"}, Reason.DUPLICATE, "code"),
        ({"currency": "XYZ"}, Reason.INVALID_VALUE, "currency"),
        ({"subtype": Subtype.SALES}, Reason.INVALID_VALUE, "subtype"),
        ({"external_id": "other"}, Reason.FROZEN, "externalId"),
        ({"external_id": None}, Reason.FROZEN, "externalId"),
        ({"parent_id": "act_4000"}, Reason.INVALID_PARENT, "parentAccountId"),
        ({"parent_id": "act_1010"}, Reason.INVALID_PARENT, "parentAccountId"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_with_its_field(what, reason, field):
    mine = replace(BANK, external_id="mine")
    assert refusal(reason, changed, mine, chart_with(mine), **what).field == field


def test_an_account_cannot_lie_below_itself():
    top, middle, bottom = line(3)
    chart = chart_with(top, middle, bottom)
    refused = refusal(Reason.INVALID_PARENT, changed, top, chart, parent_id=bottom.id)
    assert refused.message == (
        "Account N3 cannot be the parent: it is the account itself or lies below it."
    )


def test_an_account_moves_with_its_sub_accounts_only_where_all_fit():
    upper, lower = line(6), line(4, start=7)
    chart = chart_with(*upper, *lower)
    assert changed(lower[0], chart, parent_id="act_N6").parent_id == "act_N6"
    deeper = account("N11", parent_id="act_N10")
    refused = refusal(
        Reason.INVALID_PARENT, changed, lower[0], chart.having([deeper]), parent_id="act_N6"
    )
    assert refused.message == (
        "Account N6 cannot be the parent: it lies on level 6, and a tree has at most 10 levels."
    )


def test_the_type_of_an_account_stays_that_of_its_sub_accounts():
    top, below = line(2)
    refused = refusal(
        Reason.INVALID_PARENT, changed, top, chart_with(top, below), type=AccountType.EXPENSE
    )
    assert refused.message == "Account N1 has sub-accounts of type asset and stays of it."
    assert refused.field == "accountType"


# Leaving


def test_an_account_without_entries_may_be_deleted():
    close_account(STANDARD, BANK, has_entries=False, is_used=False)


@pytest.mark.parametrize("has_entries", [False, True])
def test_a_system_account_is_never_deleted(has_entries):
    refused = refusal(
        Reason.SYSTEM_ACCOUNT,
        close_account,
        STANDARD,
        RECEIVABLE,
        has_entries=has_entries,
        is_used=has_entries,
    )
    assert refused.details == {"account_id": "act_1100"}


def test_an_account_with_entries_stays_in_the_books():
    refused = refusal(Reason.IN_USE, close_account, STANDARD, BANK, has_entries=True, is_used=False)
    assert refused.message == "Account 1010 Bank account has entries and stays in the books."
    assert refused.suggestion == "Set its status to INACTIVE instead."


def test_an_account_that_something_else_names_is_not_deleted():
    refused = refusal(Reason.IN_USE, close_account, STANDARD, BANK, has_entries=False, is_used=True)
    assert refused.message == (
        "Account 1010 Bank account is named by contacts, items, tax rates, documents or the "
        "settings."
    )
    assert refused.details == {"account_id": BANK.id}


def test_an_account_with_sub_accounts_is_not_deleted():
    below = [account(f"1010-{n}", parent_id=BANK.id) for n in range(12)]
    refused = refusal(
        Reason.IN_USE, close_account, chart_with(*below), BANK, has_entries=False, is_used=False
    )
    assert refused.message == "Account 1010 Bank account has 12 sub-accounts."
    assert refused.details["children"] == [each.id for each in below[:10]]
