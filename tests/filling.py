"""One organization with one of everything in it, for the tests that walk the whole schema."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from string import Template

from asking import enter, mint
from filing import attach
from house import Client, House
from paper_cases import picture

from ledger.jobs import Job, Queue
from store import jobs

SALE = "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n"
CATALOGUE = """
  customer: createContact(name: "Jane", contactType: CUSTOMER, email: "jane@example.com") { id }
  vendor: createContact(name: "Paper Mill", contactType: VENDOR) { id }
  stranger: createContact(name: "Stranger", contactType: OTHER) { id }
  category: createCategory(name: "Workshops", categoryType: INCOME) { id }
  spare_category: createCategory(name: "Events", categoryType: INCOME) { id }
  tax_rate: createTaxRate(name: "Sales tax", taxType: SALES_TAX, rate: "10") { id }
  spare_tax_rate: createTaxRate(name: "No tax", taxType: OTHER, rate: "0") { id }
  spare_item: createItem(name: "Travel", itemType: SERVICE) { id }
"""
PRODUCTS = """
  item: createItem(
    name: "Workshop", itemType: SERVICE, price: "100.00", taxRateId: "$tax_rate",
    categoryId: "$category"
  ) { id }
"""
DOCUMENTS = """
  draft_invoice: createInvoice(
    contactId: "$customer", invoiceDate: "2026-01-05", items: [{itemId: "$item", quantity: 1}]
  ) { id }
  invoice: createInvoice(
    contactId: "$customer", invoiceDate: "2026-01-05", dueDate: "2026-02-04",
    items: [{itemId: "$item", quantity: 1}], send: true
  ) { id }
  opening_invoice: createOpeningInvoice(
    contactId: "$customer", invoiceNumber: "OLD-7", invoiceDate: "2025-12-01", amount: "30.00"
  ) { id }
  draft_bill: createBill(
    contactId: "$vendor", billDate: "2026-01-05",
    items: [{description: "Paper", quantity: 1, unitPrice: "20.00"}]
  ) { id }
  bill: createBill(
    contactId: "$vendor", billDate: "2026-01-05", billNumber: "R-17",
    items: [{description: "Paper", quantity: 2, unitPrice: "20.00"}], receive: true
  ) { id }
  draft_credit_note: createCreditNote(
    contactId: "$customer", creditNoteDate: "2026-01-06",
    items: [{description: "Goodwill", quantity: 1, unitPrice: "5.00"}]
  ) { id }
  credit_note: createCreditNote(
    contactId: "$customer", creditNoteDate: "2026-01-06",
    items: [{description: "Goodwill", quantity: 1, unitPrice: "5.00"}], issue: true
  ) { id }
"""
PAYMENTS = """
  paid: createPayment(
    contactId: "$customer", direction: RECEIVED, amount: "50.00", paymentDate: "2026-01-07",
    applications: [{documentId: "$invoice", amount: "40.00"}]
  ) { id applications { id } }
"""
ENTRIES = "query Entries($id: ID!) { transaction(id: $id) { entries { id } } }"


async def filled(house: House, client: Client) -> dict[str, str]:
    """The ids of what was put into an organization with the standard chart, by what they are of.

    An invoice of 110.00 is sent and 40.00 of it paid, by a payment of 50.00; a bill of 40.00 and a
    credit note of 5.00 are open. What is called spare, and the stranger, nothing else names.
    """
    accounts = await client.accounts()
    (transaction,), (plan,) = await enter(client, SALE), await enter(client, SALE, post=False)
    entries = (await client.ask(ENTRIES, id=transaction))["transaction"]["entries"]
    made = {
        "organization": client.organization_id,
        "account": accounts["1000"],
        "spare_account": accounts["1500"],
        "revenue_account": accounts["4000"],
        "expense_account": accounts["5200"],
        "transaction": transaction,
        "plan": plan,
        "entry": entries[0]["id"],
        "api_key": (await client.ask("{ apiKeys { id } }"))["apiKeys"][0]["id"],
    }
    for step in (CATALOGUE, PRODUCTS, DOCUMENTS, PAYMENTS):
        found = await client.ask(f"mutation {{ {Template(step).substitute(made)} }}")
        paid = found.pop("paid", None)
        made |= {name: node["id"] for name, node in found.items()}
    return made | {
        "payment": paid["id"],
        "application": paid["applications"][0]["id"],
        "attachment": (await attach(client, made["invoice"]))["id"],
        "job": await _accepted(house, client, made["transaction"], made["api_key"]),
        "logo": (await attach(client, made["organization"], picture(4, 2), name="logo.png"))["id"],
    }


async def _accepted(house: House, client: Client, subject_id: str, key_id: str) -> str:
    """The id of a job that no worker begins before tomorrow."""
    now = datetime.now(UTC)
    job = Job(
        organization_id=client.organization_id,
        id=mint("job_"),
        queue=Queue.TRANSACTION,
        operation="postTransaction",
        document="post",
        variables={"id": subject_id},
        key_id=key_id,
        scope="write",
        request_id="req_test",
        run_after=now + timedelta(days=1),
        created_at=now,
        updated_at=now,
        subject_id=subject_id,
    )
    await house.database.write(jobs.insert_all, [job])
    return job.id
