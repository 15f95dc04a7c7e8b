"""How tests make out, pay and settle documents, and how they look at them.

Mutations are called by their names: the GraphQL document is made of the schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from asking import refused
from graphql import get_named_type
from house import Client, House, Refusal

from schema import core

_SHARED = """
  id contactId status total subtotal discount taxAmount amountPaid amountCredited amountDue
  isOverdue dueDate isTaxInclusive isOpening currency { code } exchangeRate baseTotal
  items {
    description quantity unit unitPrice discountPercent discountAmount lineTotal netAmount taxAmount
    accountId taxRateId itemId categoryId taxes { taxRateId name percent base amount }
  }
  taxes { name percent base amount } instalments { date amount amountDue }
  orderNumber notes footer categoryId transactionId postedOn issuedAt cancelledOn cancelReason
  externalId metadata version createdAt updatedAt contact { name }
"""
SELECTIONS = {
    "InvoiceNode": f"{{ invoiceNumber invoiceDate viewedAt deliveredAt deliveryNote {_SHARED} }}",
    "BillNode": f"{{ billNumber billDate {_SHARED} }}",
    "CreditNoteNode": f"{{ creditNoteNumber creditNoteDate side correctsId amountLeft {_SHARED} }}",
    "PaymentNode": """{
      id contactId direction side amount amountLeft paymentDate paymentMethod reference notes
      currency { code } exchangeRate baseAmount accountId
      deductions { accountId amount description }
      transactionId voidedOn voidReason externalId metadata version createdAt updatedAt
    }""",
    "ApplicationNode": """{
      id fromId toId date amount currency { code } exchangeDifference transactionId endedOn
      createdAt
    }""",
    "TransactionNode": "{ id status journalNumber sourceId contactId entries { id accountId } }",
    "ContactNode": "{ id name isActive }",
    "ItemNode": "{ id name isActive }",
    "TaxRateNode": "{ id name isActive }",
    "AccountNode": "{ id code status }",
    "OrganizationNode": "{ id booksClosedThrough }",
    "Boolean": "",
}
"""What is asked of the result of a mutation, by its type."""

NOUNS = {"inv_": "invoice", "bil_": "bill", "crn_": "creditNote", "pay_": "payment"}
"""The queries that find something by an id with such a prefix."""


def document_of(name: str, given: Iterable[str]) -> str:
    """The document that calls a mutation with these arguments, each a variable of its name."""
    called = core.mutation_type.fields[name]
    declared = ", ".join(f"${key}: {called.args[key].type}" for key in given)
    passed = ", ".join(f"{key}: ${key}" for key in given)
    asked = SELECTIONS[get_named_type(called.type).name]
    return f"mutation Do({declared}) {{ {name}({passed}) {asked} }}"


async def do(client: Client, name: str, /, **given: Any) -> Any:
    """What a mutation answers."""
    return (await client.ask(document_of(name, given), **given))[name]


async def refuse(house: House, client: Client, name: str, /, **given: Any) -> Refusal:
    """The refusal of a mutation, which must leave every row as it was."""
    return await refused(house, client, document_of(name, given), **given)


async def look(client: Client, key: str, asked: str | None = None) -> dict[str, Any]:
    """A document or payment as it is now."""
    name = NOUNS[key[:4]]
    asked = asked or SELECTIONS[core.query_type.fields[name].type.name]
    found = await client.ask(f"query Look($id: ID!) {{ {name}(id: $id) {asked} }}", id=key)
    shown: dict[str, Any] = found[name]
    return shown


def line(price: str, quantity: str = "1", **more: Any) -> dict[str, Any]:
    """A line of a document."""
    return {"description": "Work", "quantity": quantity, "unitPrice": price, **more}


async def customer(client: Client, **given: Any) -> str:
    """The id of a new customer."""
    made = await do(client, "createContact", **{"name": "Ann", "contactType": "CUSTOMER", **given})
    return str(made["id"])


async def issued(client: Client, contact: str, price: str = "100.00", **given: Any) -> str:
    """The id of an invoice that was sent: of one line, on 10 January 2026."""
    usual = {"invoiceDate": "2026-01-10", "items": [line(price)]}
    made = await do(client, "createInvoice", contactId=contact, send=True, **{**usual, **given})
    return str(made["id"])


async def received(client: Client, contact: str, price: str = "100.00", **given: Any) -> str:
    """The id of a bill that was received: of one line, on 10 January 2026."""
    usual = {"billDate": "2026-01-10", "items": [line(price)]}
    made = await do(client, "createBill", contactId=contact, receive=True, **{**usual, **given})
    return str(made["id"])


async def credited(client: Client, contact: str, price: str = "100.00", **given: Any) -> str:
    """The id of a credit note that was issued: of one line, on 10 January 2026."""
    usual = {"creditNoteDate": "2026-01-10", "items": [line(price)]}
    made = await do(client, "createCreditNote", contactId=contact, issue=True, **{**usual, **given})
    return str(made["id"])


async def paid(client: Client, key: str, amount: str = "100.00", **given: Any) -> dict[str, Any]:
    """A payment of an invoice or bill, on 20 January 2026."""
    noun = NOUNS[key[:4]]
    usual = {f"{noun}Id": key, "amount": amount, "paymentDate": "2026-01-20"}
    name = f"record{noun.title()}Payment"
    made: dict[str, Any] = await do(client, name, **{**usual, **given})
    return made


async def figures(client: Client, key: str) -> str:
    """What a document shows: its status, and what of it is due, paid and credited."""
    found = await look(client, key, "{ status amountDue amountPaid amountCredited }")
    return " ".join(found.values())
