"""Sales by customer in the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import date as Date
from datetime import datetime
from typing import Any

import strawberry

from ledger import sales as sold
from resolvers import subledgers as gathered
from schema.contacts import ContactNode, contacts_by_id
from schema.context import Reading
from schema.loading import batched
from schema.money import CurrencyNode, currency_node, text
from schema.nodes import Loaded
from schema.operation import query
from schema.reports import From
from schema.scalars import DecimalText, midnight


@strawberry.type
class SalesFigures:
    """What was sold, in base currency and without tax."""

    invoice_count: int = strawberry.field(
        description="Invoices issued in the period, less those cancelled in it."
    )
    invoiced: DecimalText
    credited: DecimalText = strawberry.field(description="By credit notes; negative.")
    total: DecimalText


@strawberry.type
class CustomerSales(SalesFigures):
    """What was sold to one customer."""

    contact_id: strawberry.ID
    loaded: Loaded = field(default_factory=dict)

    @batched(ContactNode)
    async def contact(nodes: Sequence[CustomerSales], reading: Reading) -> list[ContactNode]:
        """The customer, as it is now."""
        found = await contacts_by_id(reading, sorted({str(node.contact_id) for node in nodes}))
        return [found[str(node.contact_id)] for node in nodes]


@strawberry.type
class SalesReport:
    """What was sold in a period, by customer.

    An invoice or credit note counts on the day of its transaction; a cancelled one is counted back
    on the day of its cancellation. Documents taken over from a former system do not count.
    """

    generated_at: datetime
    period_start: datetime
    period_end: datetime
    currency: CurrencyNode
    customers: list[CustomerSales]
    totals: SalesFigures


async def sales_of(reading: Reading, begin: Date | None, end: Date | None) -> SalesReport:
    """What was sold in a period, else in the fiscal year to date."""
    organization, today = await reading.organization(), await reading.today()
    found = await reading.read(gathered.sales, organization, today, begin, end)
    code = organization.base_currency
    return SalesReport(
        generated_at=reading.now,
        period_start=midnight(found.begin),
        period_end=midnight(found.end),
        currency=currency_node(code),
        customers=[
            CustomerSales(
                contact_id=strawberry.ID(customer.contact_id), **_figures(customer.figures, code)
            )
            for customer in found.customers
        ],
        totals=SalesFigures(**_figures(found.totals, code)),
    )


def _figures(figures: sold.SalesFigures, code: str) -> dict[str, Any]:
    return {
        "invoice_count": figures.invoice_count,
        "invoiced": text(figures.invoiced, code),
        "credited": text(figures.credited, code),
        "total": text(figures.total, code),
    }


@query(SalesReport)
async def sales_by_customer(
    reading: Reading, from_: From = None, to: Date | None = None
) -> SalesReport:
    """What was sold to each customer in a period, by default the fiscal year to date."""
    return await sales_of(reading, from_, to)
