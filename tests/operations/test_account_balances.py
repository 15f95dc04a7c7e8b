"""What an account holds: its balances by date and currency, and its newest transactions."""

from __future__ import annotations

from asking import Case, all_refused, enter, refused
from charting import MANY, new

BRANCHES = """
2025-12-31: Before
    debit  1-1 10.00
    credit 4000 10.00
2026-01-01: In the year
    debit  1-1-1 20.00
    credit 4000 20.00
2026-06-30: Abroad
    debit  1-1-1 100.00 EUR @ 1.10
    credit 4000 100.00 EUR @ 1.10
2027-01-01: Ahead
    debit  1-1-2 40.00
    credit 4000 40.00
"""
HOLDINGS = """
query Holdings($id: ID!, $day: Date) {
  account(id: $id) {
    own: balance { amount formatted currency { code } }
    whole: balanceWithChildren { amount }
    ownThen: balance(asOf: $day) { amount }
    wholeThen: balanceWithChildren(asOf: $day) { amount }
    balances { balance { amount currency { code } } baseBalance { amount } }
  }
}"""


async def test_balances_are_the_accounts_own_or_with_all_below_now_or_at_a_date(books):
    tree = [new("1-1"), new("1-1-1", parentCode="1-1"), new("1-1-2", parentCode="1-1-1")]
    await books.ask(MANY, accounts=tree)
    ids = await books.accounts()
    await enter(books, BRANCHES)
    await enter(books, "2026-01-02: Plan\n    debit 1-1 5.00\n    credit 4000 5.00\n", post=False)
    expected = {
        # day: own, with children
        "2025-12-30": ("0.00", "0.00"),
        "2025-12-31": ("10.00", "10.00"),
        "2026-01-01": ("10.00", "30.00"),
        "2026-06-29": ("10.00", "30.00"),
        "2026-06-30": ("10.00", "140.00"),
        "2026-12-31": ("10.00", "140.00"),
        "2027-01-01": ("10.00", "180.00"),
    }
    for day, (own, whole) in expected.items():
        found = (await books.ask(HOLDINGS, id=ids["1-1"], day=day))["account"]
        assert (found["ownThen"]["amount"], found["wholeThen"]["amount"]) == (own, whole), day
        # Without a date all entries count, those ahead too.
        assert found["own"] == {
            "amount": "10.00",
            "formatted": "$10.00",
            "currency": {"code": "USD"},
        }
        assert found["whole"] == {"amount": "180.00"}
    assert found["balances"] == [
        {
            "balance": {"amount": "10.00", "currency": {"code": "USD"}},
            "baseBalance": {"amount": "10.00"},
        }
    ]
    branch = (await books.ask(HOLDINGS, id=ids["1-1-1"]))["account"]
    assert (branch["own"]["amount"], branch["whole"]["amount"]) == ("130.00", "170.00")
    assert branch["balances"] == [
        {
            "balance": {"amount": "100.00", "currency": {"code": "EUR"}},
            "baseBalance": {"amount": "110.00"},
        },
        {
            "balance": {"amount": "20.00", "currency": {"code": "USD"}},
            "baseBalance": {"amount": "20.00"},
        },
    ]
    sales = (await books.ask(HOLDINGS, id=ids["4000"]))["account"]
    assert sales["own"]["amount"] == "180.00"
    assert [each["balance"]["amount"] for each in sales["balances"]] == ["100.00", "70.00"]
    idle = (await books.ask(HOLDINGS, id=ids["8000"]))["account"]
    assert (idle["own"]["formatted"], idle["balances"]) == ("$0.00", [])


async def test_a_balance_is_asked_of_a_business_date(house, books):
    document = "query At($day: Date) { accounts(limit: 1) { balance(asOf: $day) { amount } } }"
    below = document.replace("balance(", "balanceWithChildren(")
    for day in ("0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"):
        for asked in (document, below):
            refusal = await refused(house, books, asked, day=day)
            assert (refusal.reason, refusal.field) == ("invalid_date", "asOf"), day
    for day in ("1900-01-01", "2200-12-31"):
        found = await books.ask(document, day=day)
        assert found == {"accounts": [{"balance": {"amount": "0.00"}}]}


async def test_an_account_shows_its_newest_transactions_of_every_status(house, books):
    ids = await books.accounts()
    journal = """
2026-01-05: Oldest
    debit  1000 1.00
    credit 4000 1.00
2026-01-07: Newest, with the account twice
    debit  1000 1.00
    debit  1000 2.00
    credit 4000 3.00
2026-01-06: Elsewhere
    debit  1010 1.00
    credit 4000 1.00
"""
    await enter(books, journal)
    await enter(books, "2026-01-06: Plan\n    debit 1000 1.00\n    credit 4100 1.00\n", post=False)
    document = """
    query Of($limit: Int! = 50) {
      accounts(where: {code: {in: ["1000", "1010", "4100", "8000"]}}) {
        transactions(limit: $limit) { description status }
      }
    }"""
    found = await books.ask(document)
    shown = [
        [each["description"][:6] for each in account["transactions"]]
        for account in found["accounts"]
    ]
    assert shown == [["Newest", "Plan", "Oldest"], ["Elsewh"], ["Plan"], []]
    assert found["accounts"][2]["transactions"] == [{"description": "Plan", "status": "PENDING"}]
    two = await books.ask(document, limit=2)
    assert [len(account["transactions"]) for account in two["accounts"]] == [2, 1, 1, 0]
    assert await books.ask(document, limit=0) == {"accounts": [{"transactions": []}] * 4}
    asked = f'{{ account(id: "{ids["1000"]}") {{ %s {{ id }} }} }}'
    await all_refused(
        house,
        books,
        [
            Case(asked % "transactions(limit: -1)", "invalid_value", "limit"),
            Case(asked % "transactions(limit: 1001)", "invalid_value", "limit"),
            Case(asked % "children(limit: -1)", "invalid_value", "limit"),
            Case(asked % "children(limit: 1001)", "invalid_value", "limit"),
            Case(asked % "transactions(limit: null)", "invalid_request"),
            Case(asked % "transactions(limit: 1.5)", "invalid_request"),
            Case(asked % f"transactions(limit: {'9' * 400})", "invalid_request"),
            Case(asked % f"transactions(limit: {'9' * 5_000})", "invalid_request"),
        ],
    )
