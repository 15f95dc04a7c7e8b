"""An organization with a document of every kind in every state, and how it refuses.

A refusal is told by a row: the mutation, its arguments (`$name` stands for an id), the reason, and
the argument at fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from asking import Case, all_refused
from documenting import credited, customer, do, document_of, issued, line, look, paid, received
from entering import SET_STATUS
from house import Client, House
from living import filled

Row = tuple[str, Mapping[str, Any], str, str | None]

NEVER = {
    f"never {noun}": f"{noun}_0000000000000000zzzz"
    for noun in ("con", "act", "itm", "tax", "cat", "inv", "bil", "crn", "pay", "app")
}
"""Ids that were never issued."""

INVOICE = {"contactId": "$ann", "invoiceDate": "2026-01-10", "items": [line("10.00")]}
BILL = {"contactId": "$ann", "billDate": "2026-01-10", "items": [line("10.00")]}
CREDIT = {"contactId": "$ann", "creditNoteDate": "2026-01-10", "items": [line("10.00")]}
PAYMENT = {
    "contactId": "$ann",
    "direction": "RECEIVED",
    "amount": "10.00",
    "paymentDate": "2026-01-20",
}
PAY = {"invoiceId": "$sent", "amount": "10.00", "paymentDate": "2026-01-20"}
PAY_BILL = {"billId": "$received", "amount": "10.00", "paymentDate": "2026-01-20"}


async def all_refused_by(house: House, client: Client, rows: Iterable[Row]) -> None:
    """Ask for everything on a table; each is refused as it says, and nothing is written."""
    ids = await full_desk(client)
    await refuse_rows(house, client, ids, rows)


async def refuse_rows(
    house: House, client: Client, ids: Mapping[str, str], rows: Iterable[Row]
) -> None:
    """The same, of a desk that is there."""
    cases = [
        Case(document_of(name, given), reason, field, filled(given, ids))
        for name, given, reason, field in rows
    ]
    await all_refused(house, client, cases)


async def full_desk(client: Client) -> dict[str, str]:
    """The ids of accounts by their codes, and of one thing in every state by its name."""
    ids = {**NEVER, **await client.accounts()}
    ids |= await _contacts(client)
    ids |= await _documents(client, ids)
    ids |= await _payments(client, ids)
    await _idle(client, ids)
    return ids


async def _contacts(client: Client) -> dict[str, str]:
    names = {"ann": "Ann", "ben": "Ben", "idle": "Ida"}
    roles = ["CUSTOMER", "VENDOR"]
    return {
        key: await customer(client, name=name, contactTypes=roles) for key, name in names.items()
    }


async def _documents(client: Client, ids: Mapping[str, str]) -> dict[str, str]:
    ann = ids["ann"]
    euro = {"currency": "EUR", "exchangeRate": "1.10"}
    found = {
        "sent": await issued(client, ann),
        "cancelled": await issued(client, ann),
        "part paid": await issued(client, ann),
        "paid": await issued(client, ann),
        "euro": await issued(client, ann, **euro),
        "ben's": await issued(client, ids["ben"]),
        "received": await received(client, ann, billNumber="7"),
        "credit": await credited(client, ann, "30.00"),
    }
    await do(client, "cancelInvoice", id=found["cancelled"], cancelledOn="2026-01-10")
    for name, kind, given in (
        ("draft", "createInvoice", INVOICE | {"externalId": "own"}),
        ("euro draft", "createInvoice", INVOICE | {"currency": "EUR"}),
        ("idle's draft", "createInvoice", INVOICE | {"contactId": "$idle"}),
        (
            "idle account's draft",
            "createInvoice",
            INVOICE | {"items": [line("1.00", accountId="$4800")]},
        ),
        ("draft bill", "createBill", BILL | {"externalId": "own"}),
        ("draft credit", "createCreditNote", CREDIT | {"externalId": "own"}),
    ):
        found[name] = (await do(client, kind, **filled(given, ids)))["id"]
    return found


async def _payments(client: Client, ids: Mapping[str, str]) -> dict[str, str]:
    found = {
        "payment": (await paid(client, ids["part paid"], "40.00", externalId="own"))["id"],
        "void": (await paid(client, ids["sent"], "5.00"))["id"],
    }
    await paid(client, ids["paid"])
    await do(client, "voidPayment", id=found["void"], voidedOn="2026-01-20")
    for name, key in (("in force", "payment"), ("ended", "void")):
        shown = await look(client, found[key], "{ applications { id } }")
        found[name] = shown["applications"][0]["id"]
    return found


async def _idle(client: Client, ids: dict[str, str]) -> None:
    """What is not in use any more."""
    item = await do(client, "createItem", name="Old", itemType="PRODUCT", price="1.00")
    tax = await do(client, "createTaxRate", name="Old", taxType="VAT", rate="5")
    ids |= {"idle item": item["id"], "idle tax": tax["id"]}
    for name, key in (("Contact", "idle"), ("Item", "idle item"), ("TaxRate", "idle tax")):
        await do(client, f"update{name}", id=ids[key], isActive=False)
    for code in ("4800", "6000"):
        await client.ask(SET_STATUS, id=ids[code], status="INACTIVE")
