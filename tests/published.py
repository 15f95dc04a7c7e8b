"""The operations that the API is known for, with their names, arguments and fields.

Each document asks what the published examples ask about organizations, accounts, transactions
and reports; contacts, invoices and bills are in `published_documents`, and credits come with
that noun.
"""

OVERVIEW = """
query GetOrganizationOverview($orgId: ID!) {
  organization(id: $orgId) {
    name accounts { code name balance { amount formatted } }
    recentTransactions(limit: 5) { description amount date }
  }
}"""
CURRENT_OVERVIEW = """
query {
  organization {
    id name baseCurrency { code name symbol } creditsRemaining
    accounts { id code name accountType balance { formatted } }
    recentTransactions(limit: 5) { id description amount date }
    trialBalance { totalDebits totalCredits }
  }
}"""
CURRENT = """
query {
  organization {
    id name baseCurrency { code name symbol decimalPlaces } isRoot creditsRemaining createdAt
    updatedAt
  }
}"""
BY_ID = """
query GetOrganization($id: ID!) {
  organizationById(id: $id) { id name baseCurrency { code name } creditsRemaining }
}"""
ACCOUNTS = """
query {
  organization {
    accounts { id code name accountType status description isSystem createdAt }
  }
}"""
RECENT = """
query {
  organization {
    recentTransactions(limit: 10) {
      id description date status amount currency { code symbol } createdAt
    }
  }
}"""
ACCOUNT = """
query GetAccount($id: ID!) {
  account(id: $id) {
    id code name accountType status balance { amount formatted currency { code } }
    transactions(limit: 10) { id description date amount status }
  }
}"""
TRANSACTION = """
query GetTransaction($id: ID!) {
  transaction(id: $id) {
    id description date status amount currency { code }
    entries { accountId entryType amount baseAmount description }
  }
}"""
TRIAL_BALANCE = """
query {
  organization {
    trialBalance {
      generatedAt
      accounts {
        accountId accountCode accountName accountType debitBalance creditBalance netBalance
      }
      totalDebits totalCredits
    }
  }
}"""
BALANCE_SHEET = """
query {
  organization {
    balanceSheet {
      generatedAt asOfDate
      assets { accountId accountCode accountName balance }
      liabilities { accountId accountCode accountName balance }
      equity { accountId accountCode accountName balance }
      totalAssets totalLiabilities totalEquity
    }
  }
}"""
INCOME_STATEMENT = """
query {
  organization {
    incomeStatement {
      generatedAt periodStart periodEnd
      revenue { accountId accountCode accountName amount }
      expenses { accountId accountCode accountName amount }
      totalRevenue totalExpenses netIncome
    }
  }
}"""
CREATE_ACCOUNT = """
mutation CreateAccount($code: String!, $name: String!, $type: AccountType!) {
  createAccount(
    code: $code, name: $name, accountType: $type, description: "Account description"
  ) { id code name accountType status createdAt }
}"""
UPDATE_ACCOUNT = """
mutation UpdateAccount($id: ID!, $name: String, $description: String) {
  updateAccount(id: $id, name: $name, description: $description) {
    id name description updatedAt
  }
}"""
DELETE_ACCOUNT = "mutation DeleteAccount($id: ID!) { deleteAccount(id: $id) }"
CREATE_TRANSACTION = """
mutation CreateTransaction(
  $description: String! $date: DateTime! $entries: [LedgerEntryInput!]!
) {
  createTransaction(description: $description date: $date entries: $entries) {
    id description date status amount entries { accountId entryType amount description }
  }
}"""
DASHBOARD = """
query GetOrganizationDashboard {
  organization {
    id name baseCurrency { code symbol } creditsRemaining
    recentTransactions(limit: 5) { id description amount date status }
    accounts { id code name accountType balance { formatted } }
    trialBalance { totalDebits totalCredits }
    invoices(where: { status: { eq: SENT } }) { id invoiceNumber total dueDate }
    bills(where: { status: { eq: RECEIVED } }) { id billNumber total dueDate }
  }
}"""
HEALTH = """
query GetFinancialHealth {
  organization {
    name
    balanceSheet { totalAssets totalLiabilities totalEquity }
    incomeStatement { totalRevenue totalExpenses netIncome }
    accounts(
      where: { accountType: { in: [ASSET, LIABILITY] } code: { startsWith: "1" } }
    ) { code name balance { amount } }
  }
}"""
