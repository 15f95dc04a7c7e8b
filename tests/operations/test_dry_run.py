"""A dry run gives the answer of the real run, and leaves nothing."""

from __future__ import annotations

from entering import contents, pair, sale, without

from schema.operation import OPERATIONS

ACCOUNT = """
  id code name accountType subtype status description currency { id } parentAccountId isSystem
  externalId metadata version createdAt updatedAt
  parent { code } children { code } balance { formatted } balanceWithChildren { formatted }
  balances { balance { formatted } } transactions(limit: 3) { id }
  entriesConnection { totalCount }
"""
TRANSACTION = """
  id description date status kind amount currency { id } baseAmount reference paymentMethod
  externalId metadata fiscalYear journalNumber postedAt failureReason reversalOfId reversedById
  reversalReason version createdAt updatedAt
  reversalOf { description } reversedBy { description }
  entries {
    id entryType amount baseAmount exchangeRate transactionId transaction { description }
    account { code }
  }
"""
CASES = {
    "createAccount": f"""
      createAccount(code: "1234", name: "Petty cash", accountType: ASSET, subtype: CASH,
        parentAccountId: "$cash", metadata: {{a: 1}}) {{ {ACCOUNT} }}""",
    "createAccounts": f"""
      createAccounts(accounts: [
        {{code: "5910", name: "A", accountType: EXPENSE}},
        {{code: "5911", name: "B", accountType: EXPENSE, parentCode: "5910"}}
      ]) {{ {ACCOUNT} }}""",
    "updateAccount": f"""
      updateAccount(id: "$cash", name: "Till", code: "1001", description: "D") {{ {ACCOUNT} }}""",
    "deleteAccount": 'deleteAccount(id: "$unused")',
    "createTransaction": f"""
      createTransaction(description: "Sale", date: "2026-01-06", entries: $entries, post: true,
        externalId: "own-1") {{ {TRANSACTION} }}""",
    "createTransactions": f"""
      createTransactions(post: true, continueOnError: true, transactions: [
        {{description: "A", date: "2026-01-06", entries: $entries, externalId: "own-2"}},
        {{description: "B", date: "2026-01-06", entries: []}}
      ]) {{
        created failed
        results {{ index transaction {{ {TRANSACTION} }} error {{ reason field message }} }}
      }}""",
    "updateTransaction": f"""
      updateTransaction(id: "$pending", description: "Other", date: "2026-01-07",
        entries: $entries) {{ {TRANSACTION} }}""",
    "deleteTransaction": 'deleteTransaction(id: "$spare")',
    "postTransaction": f'postTransaction(id: "$pending") {{ {TRANSACTION} }}',
    "reverseTransaction": f"""
      reverseTransaction(id: "$posted", reason: "Wrong", reversalDate: "2026-02-01")
      {{ {TRANSACTION} }}""",
    "updateOrganization": """
      updateOrganization(name: "New", booksClosedThrough: "2025-12-31", fiscalYearStartMonth: 4)
      { id name booksClosedThrough fiscalYearStartMonth metadata version }""",
    "createApiKey": """
      createApiKey(name: "Reader", scope: READ) { key { id name scope keyPreview expiresAt } }""",
    "rotateApiKey": 'rotateApiKey(id: "$old") { key { id name scope revokedAt } }',
    "revokeApiKey": 'revokeApiKey(id: "$key") { id name revokedAt }',
    "purchaseCredits": """
      purchaseCredits(packageType: BUILDER, successUrl: "https://app.example.com/paid")
      { checkoutUrl creditsToAdd priceCents expiresAt }""",
    "updateBilling": """
      updateBilling(autoRechargeEnabled: true, lowBalanceThreshold: 100)
      { organizationId creditsTotal autoRechargeEnabled lowBalanceThreshold version }""",
}
REFUSALS = {
    "createAccount": 'createAccount(code: "1000", name: "A", accountType: ASSET) { id }',
    "createAccounts": 'createAccounts(accounts: [{code: "", name: "A", accountType: ASSET}]) {id}',
    "updateAccount": 'updateAccount(id: "$posted_to", accountType: EXPENSE) { id }',
    "deleteAccount": 'deleteAccount(id: "$posted_to")',
    "createTransaction": """
      createTransaction(description: "A", date: "2026-01-06", entries: []) { id }""",
    "createTransactions": """
      createTransactions(transactions: [{description: "A", date: "2026-01-06", entries: []}])
      { created }""",
    "updateTransaction": 'updateTransaction(id: "$posted", description: "B") { id }',
    "deleteTransaction": 'deleteTransaction(id: "$posted")',
    "postTransaction": 'postTransaction(id: "$inactive") { id }',
    "reverseTransaction": 'reverseTransaction(id: "$pending") { id }',
    "updateOrganization": 'updateOrganization(timeZone: "Nowhere") { id }',
    "createApiKey": 'createApiKey(name: " ", scope: READ) { secret }',
    "rotateApiKey": 'rotateApiKey(id: "key_nobody") { secret }',
    "revokeApiKey": 'revokeApiKey(id: "key_nobody") { id }',
    "purchaseCredits": "purchaseCredits(creditAmount: 1) { creditsToAdd }",
    "updateBilling": 'updateBilling(billingEmail: "nobody") { version }',
}
CHANGING = (
    *("id", "transactionId", "parentAccountId", "keyPreview"),
    *("createdAt", "updatedAt", "postedAt", "revokedAt", "expiresAt"),
)
LATER = (
    *("journalNumber", "balance", "balanceWithChildren", "balances", "transactions", "children"),
    "checkoutUrl",
)
"""What a dry run cannot foretell: the commit gives the number, and figures and lists count it;
nobody is asked for an address at which something is paid that is not there."""


async def prepared(books):
    """Documents with the ids that they need filled in."""
    chart = await books.accounts()
    lines = [
        f'{{accountId: "{chart[code]}", entryType: {side}, amount: 12.34}}'
        for code, side in (("1000", "DEBIT"), ("4000", "CREDIT"))
    ]
    make = 'mutation { createApiKey(name: "K", scope: READ) { key { id } } }'
    keys = [(await books.ask(make))["createApiKey"]["key"]["id"] for _ in range(2)]
    places = {
        "entries": f"[{', '.join(lines)}]",
        "cash": chart["1010"],
        "unused": chart["1020"],
        "posted_to": chart["1000"],
        "pending": (await sale(books))["id"],
        "spare": (await sale(books))["id"],
        "posted": (await sale(books, post=True))["id"],
        "inactive": (await sale(books, entries=pair(chart["5200"], chart["4000"])))["id"],
        "key": keys[0],
        "old": keys[1],
    }
    await books.ask(
        "mutation S($id: ID!) { updateAccount(id: $id, status: INACTIVE) { id } }",
        id=chart["5200"],
    )

    def fill(text):
        for name in sorted(places, key=len, reverse=True):
            text = text.replace(f"${name}", places[name])
        return text

    return fill


def dry(text, name):
    return "mutation { " + text.replace(f"{name}(", f"{name}(dryRun: true, ", 1) + " }"


def real(text):
    return "mutation { " + text + " }"


def test_every_mutation_of_the_books_is_tried_here():
    """Those of documents have tests of their own, and every one is asked dry by a walk."""
    mutations = {name for name, each in OPERATIONS.items() if each.kind == "mutation"}
    assert CASES.keys() == REFUSALS.keys()
    assert CASES.keys() <= mutations
    of_books = {name for name in mutations if name.endswith(("Account", "Accounts", "Transaction"))}
    assert of_books <= CASES.keys()


async def test_a_dry_run_answers_like_the_real_run_and_leaves_nothing(house, books):
    fill = await prepared(books)
    for name, case in CASES.items():
        text = fill(case)
        before = await contents(house)
        foretold = await books.ask(dry(text, name))
        assert await contents(house) == before, name
        found = await books.ask(real(text))
        assert await contents(house) != before, name
        assert without(foretold, *CHANGING, *LATER) == without(found, *CHANGING, *LATER), name


async def test_a_dry_run_is_refused_like_the_real_run_and_records_no_failure(house, books):
    fill = await prepared(books)
    for name, case in REFUSALS.items():
        text = fill(case)
        before = await contents(house)
        foretold = await books.refusal(dry(text, name))
        assert await contents(house) == before, name
        assert foretold == await books.refusal(real(text)), name
        assert (await contents(house) != before) is (name == "postTransaction"), name


async def test_a_dry_run_takes_no_journal_number(books):
    fill = await prepared(books)
    text = fill(CASES["postTransaction"])
    tried = (await books.ask(dry(text, "postTransaction")))["postTransaction"]
    assert (tried["status"], tried["journalNumber"]) == ("POSTED", None)
    posted = (await books.ask(real(text)))["postTransaction"]
    assert posted["journalNumber"] == 2
