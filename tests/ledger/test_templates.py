import itertools

import pytest
from books import NOW, STANDARD, chart_of

from ledger.accounts import AccountType, Role, Subtype
from ledger.chart import Chart, open_account
from ledger.templates import Template, accounts_for

EXPENSE_DIGITS = dict.fromkeys("56789", AccountType.EXPENSE)
TYPE_OF_FIRST_DIGIT = {
    "1": AccountType.ASSET,
    "2": AccountType.LIABILITY,
    "3": AccountType.EQUITY,
    "4": AccountType.REVENUE,
} | EXPENSE_DIGITS


@pytest.mark.parametrize("template", Template)
def test_each_chart_has_one_account_for_every_role(template):
    roles = [each.role for each in chart_of(template).by_id.values() if each.is_system]
    assert sorted(roles) == sorted(Role)


@pytest.mark.parametrize("template", Template)
def test_each_chart_could_be_opened_account_by_account(template):
    chart = Chart({})
    for account in chart_of(template).by_id.values():
        assert open_account(chart, account) == account
        chart = chart.having([account])


@pytest.mark.parametrize("template", Template)
def test_accounts_come_in_order_of_code_in_the_base_currency_with_an_id_each(template):
    number = itertools.count(1)
    accounts = accounts_for(template, "org_9", "SEK", NOW, lambda: f"act_{next(number)}")
    assert [each.code for each in accounts] == sorted(each.code for each in accounts)
    assert [each.id for each in accounts] == [f"act_{n}" for n in range(1, len(accounts) + 1)]
    assert {each.currency for each in accounts} == {"SEK"}
    assert {each.organization_id for each in accounts} == {"org_9"}
    assert {each.created_at for each in accounts} == {NOW}


def test_the_first_digit_of_a_standard_code_tells_the_type():
    for account in STANDARD.by_id.values():
        assert account.type is TYPE_OF_FIRST_DIGIT[account.code[0]]


@pytest.mark.parametrize(
    ("code", "name", "subtype", "role"),
    [
        ("1000", "Cash", Subtype.CASH, None),
        ("1010", "Bank account", Subtype.BANK, None),
        ("1100", "Accounts receivable", Subtype.RECEIVABLE, Role.RECEIVABLE),
        ("2000", "Accounts payable", Subtype.PAYABLE, Role.PAYABLE),
        ("2100", "Credit card", Subtype.CREDIT_CARD, None),
        ("2200", "Sales tax payable", Subtype.TAX, Role.TAX),
        ("2900", "Suspense", Subtype.CURRENT_LIABILITY, Role.SUSPENSE),
        ("3000", "Owner's capital", Subtype.CAPITAL, None),
        ("3100", "Retained earnings", Subtype.RETAINED_EARNINGS, Role.RETAINED_EARNINGS),
        ("3900", "Opening balances", Subtype.OPENING_BALANCES, Role.OPENING_BALANCES),
        ("4000", "Sales", Subtype.SALES, None),
        ("4200", "Sales discounts", Subtype.SALES, None),
        ("4900", "Exchange gains", Subtype.OTHER_INCOME, Role.EXCHANGE_GAIN),
        ("5000", "Cost of goods sold", Subtype.COST_OF_SALES, None),
        ("5100", "Office supplies", Subtype.OPERATING_EXPENSE, None),
        ("7800", "Exchange losses", Subtype.OTHER_EXPENSE, Role.EXCHANGE_LOSS),
        ("7900", "Rounding", Subtype.OTHER_EXPENSE, Role.ROUNDING),
    ],
)
def test_the_standard_chart_has_the_accounts_that_documentation_shows(code, name, subtype, role):
    account = STANDARD.by_code[code]
    assert (account.name, account.subtype, account.role) == (name, subtype, role)


def test_the_standard_chart_is_small_and_leaves_1001_to_the_examples():
    assert len(STANDARD.by_id) == 40
    assert "1001" not in STANDARD.by_code


def test_the_bare_chart_has_only_system_accounts_coded_by_their_roles():
    assert {each.code: each.role for each in chart_of(Template.NONE).by_id.values()} == {
        "SYS-EXCHANGE-GAIN": Role.EXCHANGE_GAIN,
        "SYS-EXCHANGE-LOSS": Role.EXCHANGE_LOSS,
        "SYS-OPENING-BALANCES": Role.OPENING_BALANCES,
        "SYS-PAYABLE": Role.PAYABLE,
        "SYS-RECEIVABLE": Role.RECEIVABLE,
        "SYS-RETAINED-EARNINGS": Role.RETAINED_EARNINGS,
        "SYS-ROUNDING": Role.ROUNDING,
        "SYS-SUSPENSE": Role.SUSPENSE,
        "SYS-TAX": Role.TAX,
    }


def test_both_charts_give_a_role_the_same_name_and_type():
    bare = chart_of(Template.NONE).by_role
    for role, account in STANDARD.by_role.items():
        assert (bare[role].name, bare[role].subtype) == (account.name, account.subtype)
