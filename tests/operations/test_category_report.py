"""The category report: it divides the income statement, and ties to it at any time."""

from __future__ import annotations

from decimal import Decimal

from asking import Case, all_refused, enter
from cataloguing import linked
from entering import REVERSE

REPORT = """
query Report($from: Date, $to: Date) {
  categoryReport(from: $from, to: $to) {
    periodStart periodEnd currency { code } totalRevenue totalExpenses netIncome
    uncategorizedRevenue uncategorizedExpenses
    categories {
      categoryName categoryType level revenue expenses revenueWithChildren expensesWithChildren
      parentId categoryId
    }
  }
  incomeStatement(from: $from, to: $to) {
    periodStart periodEnd totalRevenue totalExpenses netIncome
  }
}"""
ADD = """
mutation Add($name: String!, $type: CategoryType! = EXPENSE, $parent: ID) {
  createCategory(name: $name, categoryType: $type, parentId: $parent) { id }
}"""
IN_2026 = {"from": "2026-01-01", "to": "2026-12-31"}


async def added(client, name, **more):
    return (await client.ask(ADD, name=name, **more))["createCategory"]["id"]


async def report(client, **given):
    """The report, which must tie to the income statement of its period."""
    found = await client.ask(REPORT, **given)
    whole, statement = found["categoryReport"], found["incomeStatement"]
    assert {key: whole[key] for key in statement} == statement
    for figure in ("Revenue", "Expenses"):
        own = [Decimal(line[figure.lower()]) for line in whole["categories"]]
        rest = Decimal(whole[f"uncategorized{figure}"])
        assert sum(own) + rest == Decimal(whole[f"total{figure}"])
    return whole


def shown(whole):
    return [
        f"{'  ' * (line['level'] - 1)}{line['categoryName']}"
        f" {line['revenue']} {line['expenses']}"
        f" | {line['revenueWithChildren']} {line['expensesWithChildren']}"
        for line in whole["categories"]
    ]


async def test_the_figures_of_a_tree(house, books):
    travel = await added(books, "Travel")
    rail = await added(books, "Rail", parent=travel)
    sales = await added(books, "Sales", type="INCOME")
    await linked(
        books,
        "2026-01-05: Sale\n    debit 1000 500.00\n    credit 4000 500.00\n"
        "2026-02-05: Discount\n    debit 4200 50.00\n    credit 1000 50.00\n",
        categoryId=sales,
    )
    await linked(
        books,
        "2026-01-07: Ticket\n    debit 5100 80.00\n    credit 1000 80.00\n"
        "2026-01-08: Part of it back\n    debit 1000 20.00\n    credit 4800 20.00\n",
        categoryId=rail,
    )
    fare = "2026-01-09: Taxi\n    debit 5100 15.00\n    credit 1000 15.00\n"
    await linked(books, fare, categoryId=travel)
    await enter(books, "2026-01-10: Sale\n    debit 1000 7.00\n    credit 4000 7.00\n")
    whole = await report(books, **IN_2026)
    assert shown(whole) == [
        "Sales 450.00 0.00 | 450.00 0.00",
        "Travel 0.00 15.00 | 20.00 95.00",
        "  Rail 20.00 80.00 | 20.00 80.00",
    ]
    assert (whole["uncategorizedRevenue"], whole["uncategorizedExpenses"]) == ("7.00", "0.00")
    assert (whole["totalRevenue"], whole["netIncome"]) == ("477.00", "382.00")
    assert whole["categories"][2]["parentId"] == whole["categories"][1]["categoryId"] == travel
    assert whole["currency"] == {"code": "USD"}
    january = await report(books, **{"from": "2026-01-01", "to": "2026-01-31"})
    assert shown(january)[0] == "Sales 500.00 0.00 | 500.00 0.00"


async def test_a_reversal_is_taken_out_of_its_category_and_closing_leaves_all(house, books):
    sales = await added(books, "Sales", type="INCOME")
    sale = "2026-01-05: Sale\n    debit 1000 500.00\n    credit 4000 500.00\n"
    await linked(books, sale * 2, categoryId=sales)
    ids = (await books.ask("{ transactions { id } }"))["transactions"]
    await books.ask(REVERSE, id=ids[0]["id"], reversalDate="2026-01-06")
    close = "2026-01-31 closing: Close\n    debit 4000 500.00\n    credit 3100 500.00\n"
    await linked(books, close, categoryId=sales)
    whole = await report(books, **IN_2026)
    assert shown(whole) == ["Sales 500.00 0.00 | 500.00 0.00"]
    assert (whole["uncategorizedRevenue"], whole["netIncome"]) == ("0.00", "500.00")


async def test_without_a_period_it_is_that_of_the_income_statement(books):
    whole = await report(books)
    assert whole["categories"] == []
    assert whole["periodStart"].endswith("-01-01T00:00:00Z")


async def test_a_period_that_cannot_be_is_refused(house, books):
    await all_refused(
        house,
        books,
        [
            Case(REPORT, "invalid_date", "from", {"from": "2026-02-01", "to": "2026-01-01"}),
            Case(REPORT, "invalid_date", "to", {"to": "2201-01-01"}),
        ],
    )
