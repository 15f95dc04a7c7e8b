"""Every published operation on organizations, accounts, transactions and reports, executed."""

from __future__ import annotations

import re

import pytest
from asking import enter
from published import (
    ACCOUNT,
    ACCOUNTS,
    BALANCE_SHEET,
    BY_ID,
    CREATE_ACCOUNT,
    CREATE_TRANSACTION,
    CURRENT,
    CURRENT_OVERVIEW,
    DASHBOARD,
    DELETE_ACCOUNT,
    HEALTH,
    INCOME_STATEMENT,
    OVERVIEW,
    RECENT,
    TRANSACTION,
    TRIAL_BALANCE,
    UPDATE_ACCOUNT,
)

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z")


@pytest.fixture
async def year(books):
    """An organization with three postings, all of them today, so that every default shows them."""
    today = (await books.ask("{ trialBalance { asOfDate } }"))["trialBalance"]["asOfDate"][:10]
    ids = await enter(
        books,
        f"""
{today}: Opening deposit
    debit  1000 25000.00
    credit 3000 25000.00
{today}: Consulting
    debit  1100 1500.50
    credit 4100 1500.50
{today}: Office rent
    debit  5200 800.00
    credit 1000 800.00
""",
    )
    return books, f"{today}T00:00:00Z", ids


async def test_the_organization_is_shown_as_published(year):
    books, today, ids = year
    found = (await books.ask(OVERVIEW, orgId=books.organization_id))["organization"]
    assert found["name"] == "Acme"
    assert found["accounts"][0] == {
        "code": "1000",
        "name": "Cash",
        "balance": {"amount": "24200.00", "formatted": "$24,200.00"},
    }
    assert found["recentTransactions"] == [
        {"description": "Office rent", "amount": "800.00", "date": today},
        {"description": "Consulting", "amount": "1500.50", "date": today},
        {"description": "Opening deposit", "amount": "25000.00", "date": today},
    ]
    current = (await books.ask(CURRENT_OVERVIEW))["organization"]
    assert (current["id"], current["creditsRemaining"]) == (books.organization_id, None)
    assert current["baseCurrency"] == {"code": "USD", "name": "US Dollar", "symbol": "$"}
    assert current["trialBalance"] == {"totalDebits": "26500.50", "totalCredits": "26500.50"}
    assert [each["id"] for each in current["recentTransactions"]] == ids[::-1]
    assert current["accounts"][0]["balance"] == {"formatted": "$24,200.00"}
    shown = (await books.ask(CURRENT))["organization"]
    assert (shown["isRoot"], shown["baseCurrency"]["decimalPlaces"]) == (True, 2)
    assert INSTANT.fullmatch(shown["createdAt"])
    by_id = await books.ask(BY_ID, id=books.organization_id)
    assert by_id["organizationById"] == {
        "id": books.organization_id,
        "name": "Acme",
        "baseCurrency": {"code": "USD", "name": "US Dollar"},
        "creditsRemaining": None,
    }


async def test_accounts_and_transactions_are_shown_as_published(year):
    books, today, ids = year
    accounts = (await books.ask(ACCOUNTS))["organization"]["accounts"]
    assert len(accounts) == 40
    receivable = next(account for account in accounts if account["code"] == "1100")
    assert INSTANT.fullmatch(receivable.pop("createdAt"))
    assert receivable == {
        "id": receivable["id"],
        "code": "1100",
        "name": "Accounts receivable",
        "accountType": "ASSET",
        "status": "ACTIVE",
        "description": None,
        "isSystem": True,
    }
    recent = (await books.ask(RECENT))["organization"]["recentTransactions"]
    assert recent[0]["currency"] == {"code": "USD", "symbol": "$"}
    assert [each["status"] for each in recent] == ["POSTED"] * 3
    cash = (await books.accounts())["1000"]
    account = (await books.ask(ACCOUNT, id=cash))["account"]
    assert account["balance"] == {
        "amount": "24200.00",
        "formatted": "$24,200.00",
        "currency": {"code": "USD"},
    }
    assert [each["description"] for each in account["transactions"]] == [
        "Office rent",
        "Opening deposit",
    ]
    transaction = (await books.ask(TRANSACTION, id=ids[1]))["transaction"]
    assert transaction == {
        "id": ids[1],
        "description": "Consulting",
        "date": today,
        "status": "POSTED",
        "amount": "1500.50",
        "currency": {"code": "USD"},
        "entries": [
            {
                "accountId": (await books.accounts())[code],
                "entryType": side,
                "amount": "1500.50",
                "baseAmount": "1500.50",
                "description": None,
            }
            for code, side in (("1100", "DEBIT"), ("4100", "CREDIT"))
        ],
    }


async def test_reports_are_shown_as_published(year):
    books, today, _ = year
    trial = (await books.ask(TRIAL_BALANCE))["organization"]["trialBalance"]
    assert INSTANT.fullmatch(trial["generatedAt"])
    assert (trial["totalDebits"], trial["totalCredits"]) == ("26500.50", "26500.50")
    services = next(line for line in trial["accounts"] if line["accountCode"] == "4100")
    assert services == {
        "accountId": (await books.accounts())["4100"],
        "accountCode": "4100",
        "accountName": "Services",
        "accountType": "REVENUE",
        "debitBalance": "0.00",
        "creditBalance": "1500.50",
        "netBalance": "1500.50",
    }
    sheet = (await books.ask(BALANCE_SHEET))["organization"]["balanceSheet"]
    assert sheet["asOfDate"] == today
    totals = [sheet[name] for name in ("totalAssets", "totalLiabilities", "totalEquity")]
    assert totals == ["25700.50", "0.00", "25700.50"]
    assert [line["balance"] for line in sheet["assets"]] == ["24200.00", "1500.50"]
    assert sheet["liabilities"] == []
    assert [line["accountName"] for line in sheet["equity"]] == [
        "Owner's capital",
        "Earnings of earlier years not closed",
        "Current year earnings",
    ]
    income = (await books.ask(INCOME_STATEMENT))["organization"]["incomeStatement"]
    assert (income["periodStart"], income["periodEnd"]) == (f"{today[:4]}-01-01T00:00:00Z", today)
    assert [line["amount"] for line in income["revenue"]] == ["1500.50"]
    assert [line["accountCode"] for line in income["expenses"]] == ["5200"]
    assert [income[name] for name in ("totalRevenue", "totalExpenses", "netIncome")] == [
        "1500.50",
        "800.00",
        "700.50",
    ]


async def test_accounts_and_transactions_are_written_as_published(books):
    made = await books.ask(CREATE_ACCOUNT, code="1050", name="Till", type="ASSET")
    account = made["createAccount"]
    assert INSTANT.fullmatch(account["createdAt"])
    assert {key: account[key] for key in ("code", "name", "accountType", "status")} == {
        "code": "1050",
        "name": "Till",
        "accountType": "ASSET",
        "status": "ACTIVE",
    }
    # A variable that is not sent leaves what is there.
    renamed = (await books.ask(UPDATE_ACCOUNT, id=account["id"], name="Front till"))[
        "updateAccount"
    ]
    assert (renamed["name"], renamed["description"]) == ("Front till", "Account description")
    assert renamed["updatedAt"] > account["createdAt"]
    sales = (await books.accounts())["4000"]
    found = await books.ask(
        CREATE_TRANSACTION,
        description="Cash sale",
        date="2024-01-15T10:30:00Z",
        entries=[
            {"accountId": account["id"], "entryType": "DEBIT", "amount": "100.00"},
            {"accountId": sales, "entryType": "CREDIT", "amount": 100, "description": "Sale"},
        ],
    )
    transaction = found["createTransaction"]
    assert transaction.pop("id").startswith("txn_")
    assert transaction == {
        "description": "Cash sale",
        "date": "2024-01-15T00:00:00Z",
        "status": "PENDING",
        "amount": "100.00",
        "entries": [
            {
                "accountId": account["id"],
                "entryType": "DEBIT",
                "amount": "100.00",
                "description": None,
            },
            {"accountId": sales, "entryType": "CREDIT", "amount": "100.00", "description": "Sale"},
        ],
    }
    other = await books.ask(CREATE_ACCOUNT, code="1060", name="Safe", type="ASSET")
    gone = await books.ask(DELETE_ACCOUNT, id=other["createAccount"]["id"])
    assert gone == {"deleteAccount": True}


async def test_the_dashboard_and_the_health_check_are_answered_as_published(year):
    books, today, ids = year
    found = (await books.ask(DASHBOARD))["organization"]
    assert found["recentTransactions"][0] == {
        "id": ids[2],
        "description": "Office rent",
        "amount": "800.00",
        "date": today,
        "status": "POSTED",
    }
    assert found["trialBalance"] == {"totalDebits": "26500.50", "totalCredits": "26500.50"}
    assert sum(account["balance"]["formatted"] != "$0.00" for account in found["accounts"]) == 5
    health = (await books.ask(HEALTH))["organization"]
    assert health["balanceSheet"] == {
        "totalAssets": "25700.50",
        "totalLiabilities": "0.00",
        "totalEquity": "25700.50",
    }
    assert health["incomeStatement"]["netIncome"] == "700.50"
    assert [account["code"] for account in health["accounts"]] == [
        *("1000", "1010", "1020", "1100", "1200", "1300", "1500", "1590")
    ]
    assert health["accounts"][3]["balance"] == {"amount": "1500.50"}
