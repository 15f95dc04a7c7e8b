"""How tests make out, pay and settle documents, and how they see that the sub-ledgers tie.

Mutations are called by their names: the document is made of the schema. A life is a table of
steps; after each it is looked at what was posted, what the document shows, and that at the end
of every day the control accounts come to what is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from entering import contents, unhealthy
from graphql import get_named_type
from house import Client, House

import schema.context
from ledger.aging import DEFAULT_LIMITS, AgingBy
from ledger.open_items import Side
from resolvers import subledgers
from schema import core
from store import organizations

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
    "CreditNoteNode": (
        f"{{ creditNoteNumber creditNoteDate side correctsId amountLeft {_SHARED} }}"
    ),
    "PaymentNode": """{
      id contactId direction side amount amountLeft paymentDate paymentMethod reference notes
      currency { code } exchangeRate baseAmount accountId deductions { accountId amount description }
      transactionId voidedOn voidReason externalId metadata version createdAt updatedAt
    }""",
    "ApplicationNode": """{
      id fromId toId date amount currency { code } exchangeDifference transactionId endedOn createdAt
    }""",
    "TransactionNode": "{ id status journalNumber sourceId contactId entries { id accountId } }",
    "Boolean": "",
}
"""What is asked of the result of a mutation, by its type."""

POSTED = """{
  transactions(orderBy: {field: CREATED_AT, direction: ASC}, limit: 1000) {
    id journalNumber fiscalYear date description sourceId
    entries { entryType amount baseAmount currency { code } account { code } }
  }
}"""
_BOTH = "a: trialBalance(asOf: $day) { isBalanced accounts { accountCode netBalance } }"
TRIAL = f"query Trial($day: Date!) {{ {_BOTH} }}"
_PREFIXES = {"inv_": "invoice", "bil_": "bill", "crn_": "creditNote", "pay_": "payment"}


def document_of(name: str, given: Iterable[str]) -> str:
    """The GraphQL document that calls a mutation with these arguments, as variables."""
    field_ = core.mutation_type.fields[name]
    declared = ", ".join(f"${key}: {field_.args[key].type}" for key in given)
    passed = ", ".join(f"{key}: ${key}" for key in given)
    asked = SELECTIONS[get_named_type(field_.type).name]
    return f"mutation Do({declared}) {{ {name}({passed}) {asked} }}"


async def do(client: Client, name: str, **given: Any) -> Any:
    """What a mutation answers."""
    return (await client.ask(document_of(name, given), **given))[name]


async def look(client: Client, key: str, asked: str | None = None) -> dict[str, Any]:
    """A document or payment as it is now."""
    name = _PREFIXES[key[:4]]
    kind = core.query_type.fields[name].type.name
    found: dict[str, Any] = (
        await client.ask(f"query L($id: ID!) {{ {name}(id: $id) {asked or SELECTIONS[kind]} }}", id=key)
    )[name]
    return found
