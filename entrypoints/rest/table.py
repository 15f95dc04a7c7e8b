"""REST as a table: *method, path, document, status*, a row for each operation.

`~` stands for `/organizations/{organization_id}`, whose id must be that of the key's own books. The
document is a named one of `schema/documents/rest`; what a path, an address or a body gives are its
variables, and what it selects is the answer. Nothing else is said of an operation but for:

- `answer`: the answer is a field of the document's, by its path: `history`.
- `listed`: it is shown as a list though there is only one of it.
- `keyed`: its fields are shown one by one, each as a setting with a key and a value.
- `location`: where what was made is found; else below the path, by its id.
- `queue`: it is accepted as a job of that queue and answered with 202, unless the request prefers
  to wait; `queued` is what the answer then says.
- `direct`: it is never queued: its answer holds a secret, and a job would keep it.
- `deprecated`, `sunset`: since when it should not be used, and from when it may be gone.

Operations that are no documents are in `entrypoints/rest/own.py`, each with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.jobs import Queue

HOME = "/organizations/{organization_id}"


@dataclass(frozen=True, slots=True)
class Row:
    """One operation of REST."""

    method: str
    path: str
    document: str
    status: int = 200
    answer: str = ""
    listed: bool = False
    keyed: bool = False
    location: str = ""
    queue: Queue | None = None
    queued: str = ""
    direct: bool = False
    deprecated: date | None = None
    sunset: date | None = None

    @property
    def whole_path(self) -> str:
        """The path with the organization's part written out."""
        return self.path.replace("~", HOME, 1)


TABLE = (
    # Organizations
    Row("GET", "/organizations", "ListOrganizations", listed=True),
    Row("GET", "~", "GetOrganization"),
    Row("PUT", "~", "UpdateOrganization"),
    Row("GET", "~/settings", "GetSettings", answer="documentSettings", keyed=True),
    Row("PUT", "~/settings", "UpdateSettings", answer="documentSettings", keyed=True),
    Row("GET", "~/settings/{key}", "GetSettings", answer="documentSettings", keyed=True),
    Row("PUT", "~/settings/{key}", "UpdateSettings", answer="documentSettings", keyed=True),
    # Accounts
    Row("POST", "~/accounts", "CreateAccount", 201),
    Row("POST", "~/accounts/bulk", "CreateAccounts"),
    Row("GET", "~/accounts", "ListAccounts"),
    Row("GET", "~/accounts/{id}", "GetAccount"),
    Row("PUT", "~/accounts/{id}", "UpdateAccount"),
    Row("DELETE", "~/accounts/{id}", "DeleteAccount", 204),
    Row("GET", "~/accounts/{id}/balance", "GetAccountBalance"),
    Row("GET", "~/accounts/{id}/transactions", "ListAccountTransactions"),
    # Transactions
    Row(
        "POST",
        "~/transactions",
        "CreateTransaction",
        201,
        queue=Queue.TRANSACTION,
        queued="Transaction creation queued",
    ),
    Row("POST", "~/transactions/bulk", "CreateTransactions"),
    Row("GET", "~/transactions", "ListTransactions"),
    Row("GET", "~/transactions/{id}", "GetTransaction"),
    Row("PUT", "~/transactions/{id}", "UpdateTransaction"),
    Row("DELETE", "~/transactions/{id}", "DeleteTransaction", 204),
    Row(
        "POST",
        "~/transactions/{id}/post",
        "PostTransaction",
        queue=Queue.TRANSACTION,
        queued="Transaction posting queued",
    ),
    Row(
        "POST",
        "~/transactions/{id}/reverse",
        "ReverseTransaction",
        201,
        location="~/transactions/{id}",
        queue=Queue.TRANSACTION,
        queued="Transaction reversal queued",
    ),
    # Imports
    Row("POST", "~/imports", "ImportBooks", queue=Queue.IMPORT, queued="Import queued"),
    # Reports
    Row("GET", "~/reports/trial-balance", "GetTrialBalance"),
    Row("GET", "~/reports/balance-sheet", "GetBalanceSheet"),
    Row("GET", "~/reports/income-statement", "GetIncomeStatement"),
    Row("GET", "~/reports/categories", "GetCategoryReport"),
    Row("GET", "~/reports/receivables-aging", "GetReceivablesAging"),
    Row("GET", "~/reports/payables-aging", "GetPayablesAging"),
    Row("GET", "~/reports/sales-by-customer", "GetSalesByCustomer"),
    Row("GET", "~/reports/tax", "GetTaxReport"),
    # Contacts
    Row(
        "POST",
        "~/contacts",
        "CreateContact",
        201,
        queue=Queue.CONTACT,
        queued="Contact creation queued",
    ),
    Row("GET", "~/contacts", "ListContacts"),
    Row("GET", "~/contacts/{id}", "GetContact"),
    Row("PUT", "~/contacts/{id}", "UpdateContact"),
    Row("DELETE", "~/contacts/{id}", "DeleteContact", 204),
    Row("POST", "~/contacts/{id}/erase", "EraseContact"),
    Row("GET", "~/contacts/{id}/statement", "GetContactStatement"),
    # Invoices
    Row(
        "POST",
        "~/invoices",
        "CreateInvoice",
        201,
        queue=Queue.INVOICE,
        queued="Invoice creation queued",
    ),
    Row("POST", "~/invoices/opening", "CreateOpeningInvoice", 201, location="~/invoices/{id}"),
    Row("GET", "~/invoices", "ListInvoices"),
    Row("GET", "~/invoices/{id}", "GetInvoice"),
    Row("PUT", "~/invoices/{id}", "UpdateInvoice"),
    Row("DELETE", "~/invoices/{id}", "DeleteInvoice", 204),
    Row(
        "POST",
        "~/invoices/{id}/send",
        "SendInvoice",
        queue=Queue.INVOICE,
        queued="Invoice sending queued",
    ),
    Row("POST", "~/invoices/{id}/deliver", "DeliverInvoice"),
    Row("POST", "~/invoices/{id}/cancel", "CancelInvoice"),
    Row(
        "POST",
        "~/invoices/{id}/payments",
        "RecordInvoicePayment",
        201,
        location="~/payments/{id}",
        queue=Queue.INVOICE,
        queued="Payment queued",
    ),
    Row("GET", "~/invoices/{id}/payments", "ListInvoicePayments", answer="payments"),
    Row("GET", "~/invoices/{id}/history", "GetInvoiceHistory", answer="history"),
    # Bills
    Row("POST", "~/bills", "CreateBill", 201, queue=Queue.INVOICE, queued="Bill creation queued"),
    Row("POST", "~/bills/opening", "CreateOpeningBill", 201, location="~/bills/{id}"),
    Row("GET", "~/bills", "ListBills"),
    Row("GET", "~/bills/{id}", "GetBill"),
    Row("PUT", "~/bills/{id}", "UpdateBill"),
    Row("DELETE", "~/bills/{id}", "DeleteBill", 204),
    Row(
        "POST",
        "~/bills/{id}/receive",
        "ReceiveBill",
        queue=Queue.INVOICE,
        queued="Bill receipt queued",
    ),
    Row("POST", "~/bills/{id}/cancel", "CancelBill"),
    Row(
        "POST",
        "~/bills/{id}/payments",
        "RecordBillPayment",
        201,
        location="~/payments/{id}",
        queue=Queue.INVOICE,
        queued="Payment queued",
    ),
    Row("GET", "~/bills/{id}/payments", "ListBillPayments", answer="payments"),
    Row("GET", "~/bills/{id}/history", "GetBillHistory", answer="history"),
    # Credit notes
    Row("POST", "~/credit-notes", "CreateCreditNote", 201),
    Row("GET", "~/credit-notes", "ListCreditNotes"),
    Row("GET", "~/credit-notes/{id}", "GetCreditNote"),
    Row("PUT", "~/credit-notes/{id}", "UpdateCreditNote"),
    Row("DELETE", "~/credit-notes/{id}", "DeleteCreditNote", 204),
    Row("POST", "~/credit-notes/{id}/issue", "IssueCreditNote"),
    Row("POST", "~/credit-notes/{id}/cancel", "CancelCreditNote"),
    Row("GET", "~/credit-notes/{id}/history", "GetCreditNoteHistory", answer="history"),
    # Payments, and what they settle
    Row("POST", "~/payments", "CreatePayment", 201),
    Row("GET", "~/payments", "ListPayments"),
    Row("GET", "~/payments/{id}", "GetPayment"),
    Row("POST", "~/payments/{id}/void", "VoidPayment"),
    Row("POST", "~/refunds", "RefundCredit", 201, location="~/payments/{id}"),
    Row("POST", "~/applications", "ApplyCredit"),
    Row("POST", "~/applications/{id}/unapply", "UnapplyCredit"),
    # Categories, items, taxes
    Row("POST", "~/categories", "CreateCategory", 201),
    Row("GET", "~/categories", "ListCategories"),
    Row("GET", "~/categories/{id}", "GetCategory"),
    Row("PUT", "~/categories/{id}", "UpdateCategory"),
    Row("DELETE", "~/categories/{id}", "DeleteCategory", 204),
    Row("POST", "~/items", "CreateItem", 201),
    Row("GET", "~/items", "ListItems"),
    Row("GET", "~/items/{id}", "GetItem"),
    Row("PUT", "~/items/{id}", "UpdateItem"),
    Row("DELETE", "~/items/{id}", "DeleteItem", 204),
    Row("POST", "~/taxes", "CreateTaxRate", 201),
    Row("GET", "~/taxes", "ListTaxRates"),
    Row("GET", "~/taxes/{id}", "GetTaxRate"),
    Row("PUT", "~/taxes/{id}", "UpdateTaxRate"),
    Row("DELETE", "~/taxes/{id}", "DeleteTaxRate", 204),
    # Attachments, which are sent as bytes to /attachments
    Row("GET", "~/attachments", "ListAttachments"),
    Row("GET", "~/attachments/{id}", "GetAttachment"),
    Row("DELETE", "~/attachments/{id}", "DeleteAttachment", 204),
    # Jobs
    Row("GET", "~/jobs", "ListJobs"),
    Row("GET", "~/jobs/{id}", "GetJob"),
    Row("POST", "~/jobs/{id}/cancel", "CancelJob"),
    Row("POST", "~/jobs/{id}/prioritize", "PrioritizeJob"),
    Row("GET", "/system/queues", "ListQueues"),
    Row("GET", "/system/metrics", "GetSystemMetrics"),
    # API keys
    Row("POST", "~/api-keys", "CreateApiKey", 201, location="~/api-keys/{key[id]}", direct=True),
    Row("GET", "~/api-keys", "ListApiKeys"),
    Row("GET", "~/api-keys/{id}", "GetApiKey"),
    Row("PUT", "~/api-keys/{id}", "ChangeApiKey"),
    Row(
        "POST",
        "~/api-keys/{id}/rotate",
        "RotateApiKey",
        201,
        location="~/api-keys/{key[id]}",
        direct=True,
    ),
    Row("POST", "~/api-keys/{id}/revoke", "RevokeApiKey"),
    # Credits
    Row("GET", "~/credits/balance", "GetCreditBalance"),
    Row("PUT", "~/credits/balance", "UpdateBilling"),
    Row("GET", "~/credits/usage", "GetCreditUsage"),
    Row("POST", "~/credits/purchase", "PurchaseCredits"),
    Row("GET", "/credits/packages", "ListCreditPackages"),
    # Currencies and events
    Row("GET", "/currencies", "ListCurrencies"),
    Row("GET", "/currencies/{id}", "GetCurrency"),
    Row("GET", "~/events", "ListEvents"),
    Row("POST", "~/events/export", "ExportEvents", queue=Queue.REPORT, queued="Export queued"),
    Row("GET", "/events/{entity_type}/{entity_id}", "ListEntityEvents"),
)
