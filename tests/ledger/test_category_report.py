from datetime import date

from books import NOW, STANDARD, posted

from ledger.accounts import EntryType
from ledger.balances import fold
from ledger.categories import Category, CategoryType
from ledger.category_report import Result, category_report
from ledger.income_statement import income_statement

ACCOUNTS = list(STANDARD.by_id.values())
YEAR = (date(2025, 1, 1), date(2025, 12, 31))
JOURNAL = """
2025-02-01: Sale of bread
    debit  1010   100.00
    credit 4000   100.00
2025-02-02: Fuel, part of it paid back
    debit  5200    40.00
    debit  1010    10.00
    credit 4000    10.00
    credit 1010    40.00
2025-02-03: Rent of the car
    debit  5200    25.00
    credit 1010    25.00
2025-02-04: Sale of something else
    debit  1010     7.00
    credit 4000     7.00
2025-02-05: Bread taken back
    debit  4000    30.00
    credit 1010    30.00
"""


def category(name, parent=None, type_=CategoryType.EXPENSE):
    parent_id = None if parent is None else f"cat_{parent}"
    return Category("org_1", f"cat_{name}", name, type_, NOW, NOW, parent_id=parent_id)


TREE = {
    each.id: each
    for each in (
        category("Car"),
        category("Fuel", "Car"),
        category("Diesel", "Fuel"),
        category("Rent", "Car"),
        category("Art"),
        category("Bread", type_=CategoryType.INCOME),
        category("Attic", type_=CategoryType.OTHER),
    )
}
OF = ("cat_Bread", "cat_Diesel", "cat_Car", None, "cat_Bread")
"""The category of each transaction of the journal."""


def report(tree=TREE, categories=OF, journal=JOURNAL):
    """The report of a journal whose transactions have these categories."""
    transactions = posted(journal)
    turnovers = {}
    for transaction, category_id in zip(transactions, categories, strict=True):
        for entry in transaction.entries if category_id else ():
            key = (category_id, entry.account_id)
            debit, credit = turnovers.get(key, (0, 0))
            if entry.entry_type is EntryType.DEBIT:
                debit += entry.base_amount
            else:
                credit += entry.base_amount
            turnovers[key] = (debit, credit)
    statement = income_statement(ACCOUNTS, fold(transactions), *YEAR)
    return category_report(tree, ACCOUNTS, turnovers, statement)


def shown(lines):
    return [
        (
            "  " * (line.level - 1) + line.category.name,
            (line.own.revenue, line.own.expenses),
            (line.with_children.revenue, line.with_children.expenses),
        )
        for line in lines
    ]


def test_parents_come_before_children_and_beside_others_by_type_and_name():
    assert shown(report().lines) == [
        ("Bread", (70_00, 0), (70_00, 0)),
        ("Art", (0, 0), (0, 0)),
        ("Car", (0, 25_00), (10_00, 65_00)),
        ("  Fuel", (0, 0), (10_00, 40_00)),
        ("    Diesel", (10_00, 40_00), (10_00, 40_00)),
        ("  Rent", (0, 0), (0, 0)),
        ("Attic", (0, 0), (0, 0)),
    ]


def test_what_has_no_category_completes_the_income_statement():
    found = report()
    assert found.uncategorized == Result(revenue=7_00, expenses=0)
    assert found.total == Result(revenue=87_00, expenses=65_00)
    own = sum((line.own for line in found.lines), Result())
    assert own + found.uncategorized == found.total


def test_the_branches_of_a_tree_come_to_what_all_its_categories_do():
    found = report()
    branches = sum((line.with_children for line in found.lines if line.level == 1), Result())
    assert branches == found.total - found.uncategorized


def test_without_categories_all_is_uncategorized():
    found = report({}, [None] * len(OF))
    assert found.lines == ()
    assert found.uncategorized == found.total == Result(87_00, 65_00)


def test_more_in_categories_than_there_is_in_all_leaves_a_negative_rest():
    found = report(categories=("cat_Bread", None, None, None, None))
    assert found.uncategorized == Result(revenue=-13_00, expenses=65_00)


def test_what_is_moved_between_other_accounts_is_no_result():
    journal = "2025-02-01: To the bank\n    debit 1010 5.00\n    credit 1000 5.00\n"
    found = report(categories=("cat_Attic",), journal=journal)
    assert found.total == found.uncategorized == Result()
    assert {line.own for line in found.lines} == {Result()}
