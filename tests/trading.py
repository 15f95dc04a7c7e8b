"""What tests of the sub-ledgers do again and again: sell, buy, pay, and hold the books against it.

Days are text such as 2026-01-31, amounts text such as 100.00.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from house import Client

AGING = """
query Aging($asOf: Date, $by: AgingBy! = DUE_DATE, $buckets: [Int!], $contact: ID) {
  receivable: accountsReceivableAging(
    asOf: $asOf, by: $by, buckets: $buckets, contactId: $contact
  ) { ...Aging }
  payable: accountsPayableAging(asOf: $asOf, by: $by, buckets: $buckets, contactId: $contact) {
    ...Aging
  }
  trialBalance(asOf: $asOf) { isBalanced accounts { accountCode netBalance } }
}
fragment Aging on AgingReport {
  side by asOfDate currency { code } total unassigned controlBalance isTied
  buckets { label fromDay toDay }
  totals { buckets credits total }
  contacts {
    contactId total buckets credits
    items {
      itemId kind number documentDate nextDue currency { code } amount baseAmount buckets
    }
  }
}"""
STATEMENT = """
query Statement($contact: ID!, $side: LedgerSide, $from: Date, $to: Date) {
  contactStatement(contactId: $contact, side: $side, from: $from, to: $to) {
    contactId side periodStart periodEnd currency { code } opening closing
    movements {
      date kind itemId number description currency { code } amount baseAmount balance isReversal
    }
    currencies { currency { code } opening openingBase closing closingBase }
  }
}"""
CONTROL = {"receivable": "1100", "payable": "2000"}
"""The codes of the control accounts in the standard chart."""


@dataclass
class Trade:
    """The dealings of one organization with its contacts; each gives the id of what it makes."""

    client: Client
    accounts: dict[str, str] = field(default_factory=dict)

    async def _done(self, mutation: str, arguments: Mapping[str, Any], wanted: str = "id") -> Any:
        """What a mutation answers, given its arguments by name."""
        given = ", ".join(f"{name}: {written(value)}" for name, value in arguments.items())
        found = await self.client.ask(f"mutation {{ it: {mutation}({given}) {{ {wanted} }} }}")
        return found["it"][wanted]

    async def contact(self, name: str = "Jane", role: str = "CUSTOMER", **more: Any) -> str:
        return await self._done("createContact", {"name": name, "contactType": Word(role), **more})

    async def tax_rate(self, name: str, **given: Any) -> str:
        return await self._done("createTaxRate", {"name": name, "taxType": Word("VAT"), **given})

    async def invoice(self, contact: str, day: str, *lines: Any, **more: Any) -> str:
        """An invoice, sent; a line is its price, or its arguments by name."""
        given = {"contactId": contact, "invoiceDate": day, "items": _lines(lines), "send": True}
        return await self._done("createInvoice", given | more)

    async def opening(self, contact: str, day: str, amount: str) -> str:
        """An invoice of a former system."""
        given = {"contactId": contact, "invoiceDate": day, "amount": amount}
        return await self._done("createOpeningInvoice", {"invoiceNumber": "OLD-1", **given})

    async def bill(self, contact: str, day: str, *lines: Any, **more: Any) -> str:
        given = {"contactId": contact, "billDate": day, "items": _lines(lines), "receive": True}
        return await self._done("createBill", given | more)

    async def credit(self, contact: str, day: str, *lines: Any, **more: Any) -> str:
        """A credit note, issued; with `side` PAYABLE that of a vendor."""
        given = {"contactId": contact, "creditNoteDate": day, "items": _lines(lines), "issue": True}
        return await self._done("createCreditNote", given | more)

    async def pay(self, document: str, day: str, amount: str, **more: Any) -> str:
        """A payment of one invoice or bill."""
        noun = "Bill" if document.startswith("bil_") else "Invoice"
        given = {f"{noun.lower()}Id": document, "paymentDate": day, "amount": amount}
        return await self._done(f"record{noun}Payment", given | more)

    async def payment(
        self, contact: str, day: str, amount: str, direction: str = "RECEIVED", **more: Any
    ) -> str:
        given = {"contactId": contact, "paymentDate": day, "amount": amount}
        return await self._done("createPayment", given | {"direction": Word(direction)} | more)

    async def apply(self, credit: str, document: str, **more: Any) -> str:
        return await self._done("applyCredit", {"creditId": credit, "documentId": document, **more})

    async def unapply(self, application: str, day: str) -> None:
        await self._done("unapplyCredit", {"id": application, "date": day})

    async def refund(self, credit: str, day: str, amount: str, **more: Any) -> str:
        given = {"creditId": credit, "paymentDate": day, "amount": amount}
        return await self._done("refundCredit", given | more)

    async def void(self, payment: str, day: str) -> None:
        await self._done("voidPayment", {"id": payment, "voidedOn": day})

    async def cancel(self, document: str, day: str) -> None:
        noun = {"inv_": "Invoice", "bil_": "Bill", "crn_": "CreditNote"}[document[:4]]
        await self._done(f"cancel{noun}", {"id": document, "cancelledOn": day})

    async def enter(
        self, day: str, debit: str, credit: str, amount: str, contact: str | None = None
    ) -> str:
        """A direct entry between two accounts by code, posted; the id of the transaction."""
        self.accounts = self.accounts or await self.client.accounts()
        sides = ((debit, "DEBIT"), (credit, "CREDIT"))
        entries = [
            {"accountId": self.accounts[code], "entryType": Word(side), "amount": amount}
            for code, side in sides
        ]
        given = {"description": "Direct", "date": day, "entries": entries, "post": True}
        who = {} if contact is None else {"contactId": contact}
        return await self._done("createTransaction", given | who)

    async def reverse(self, transaction: str, day: str) -> None:
        await self._done("reverseTransaction", {"id": transaction, "reversalDate": day})

    async def entries(self, transaction: str) -> list[str]:
        """The ids of a transaction's entries."""
        document = "query E($id: ID!) { transaction(id: $id) { entries { id } } }"
        found = await self.client.ask(document, id=transaction)
        return [entry["id"] for entry in found["transaction"]["entries"]]


async def act(trade: Trade, names: dict[str, str], line: str) -> None:
    """Do what a line says: `name: verb argument ... other=argument`, the name left out if unused.

    Arguments may be names that were given before. Words in capitals are GraphQL's own.
    """
    name, _, rest = line.rpartition(": ")
    verb, *words = rest.split()

    def read(word: str) -> str:
        return Word(word) if word.isupper() else names.get(word, word)

    more = dict(word.split("=") for word in words if "=" in word)
    plain = [read(word) for word in words if "=" not in word]
    made = await getattr(trade, verb)(*plain, **{key: read(word) for key, word in more.items()})
    if name:
        names[name] = made


class Word(str):
    """A word of GraphQL's own: the value of an enum."""

    __slots__ = ()


def written(value: Any) -> str:
    """A value as a document has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Word):
        return value
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {written(item)}' for name, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _lines(given: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"quantity": 1, "description": "Work", "unitPrice": each}
        if isinstance(each, str)
        else {"quantity": 1, "description": "Work"} | each
        for each in given
    ]


async def aged(client: Client, as_of: str | None = None, **given: Any) -> dict[str, Any]:
    """The aging of both sides and the trial balance, from one snapshot."""
    return await client.ask(AGING, asOf=as_of, **given)


async def statement(client: Client, contact: str, **given: Any) -> dict[str, Any]:
    """The statement of a contact."""
    found: dict[str, Any] = (await client.ask(STATEMENT, contact=contact, **given))[
        "contactStatement"
    ]
    return found


async def require_tied(
    client: Client, days: Iterable[str], unassigned: Mapping[str, str] | None = None
) -> None:
    """Assert that on each day the sub-ledgers are their control accounts in the trial balance.

    `unassigned` is what entries without a contact make of each side, where they make something.
    """
    for day in days:
        found = await aged(client, day)
        assert found["trialBalance"]["isBalanced"], day
        nets = {a["accountCode"]: a["netBalance"] for a in found["trialBalance"]["accounts"]}
        for side, code in CONTROL.items():
            report = found[side]
            assert report["total"] == report["controlBalance"] == nets[code], (day, report)
            assert report["unassigned"] == (unassigned or {}).get(side, "0.00"), (day, report)
            assert report["isTied"] is True, (day, report)


async def require_told(client: Client, contacts: Iterable[str], days: Iterable[str]) -> None:
    """Assert that contacts' statements through each day end with what aging has open of them."""
    for contact in contacts:
        for day in days:
            found = await aged(client, day, contact=contact)
            for side in CONTROL:
                ask = {"side": side.upper(), "from": day[:5] + "01-01", "to": day}
                told = await statement(client, contact, **ask)
                assert told["closing"] == found[side]["total"], (day, contact, side)
