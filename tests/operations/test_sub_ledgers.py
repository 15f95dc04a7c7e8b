"""A year of anything, by lot: whatever is done and refused, the sub-ledgers tie on every day."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from documenting import customer, document_of, line, look
from entering import pair
from living import require_aged, require_ties

STEPS = 90
FIRST = date(2026, 1, 1)
RATES = {"INR": (), "USD": ("80", "82.5", "79.123456"), "JPY": ("0.61", "0.655")}
EXPECTED = {
    "done",
    "overpayment",
    "not_applicable",
    "wrong_status",
    "applied",
    "invalid_date",
    "already_reversed",
    "invalid_amount",
}


class Open(NamedTuple):
    """Something that is owed, or a credit: with whom, on which side, in which currency."""

    key: str
    contact: str
    side: str
    code: str


class Dealer:
    """Does this and that, as lots are drawn, and remembers what there is."""

    def __init__(self, books, seed, chart, contacts):
        self.books, self.chart, self.contacts = books, chart, contacts
        self.lot = random.Random(seed)  # noqa: S311 (lots for a test, no secrets)
        self.found = Counter()
        self.documents, self.owed, self.credits, self.payments = [], [], [], []
        self.applications, self.entries = [], []

    async def ask(self, name, **given):
        """What a mutation answers; None when it is refused, for a reason that is expected."""
        response = await self.books.post(document_of(name, given), given)
        body = response.json()
        reason = body["errors"][0]["extensions"]["reason"] if "errors" in body else "done"
        assert reason in EXPECTED, (name, given, body)
        self.found[reason] += 1
        return None if "errors" in body else body["data"][name]

    def day(self, first=0):
        return str(FIRST + timedelta(self.lot.randrange(first, 120)))

    def amount(self, code, most=300):
        whole = self.lot.randint(1, most)
        return str(whole) if code == "JPY" else f"{whole}.{self.lot.randrange(100):02}"

    def rate(self, code):
        return {"exchangeRate": self.lot.choice(RATES[code])} if RATES[code] else {}

    def money(self):
        """A currency with a rate for it."""
        code = self.lot.choice(list(RATES))
        return code, {"currency": code, **self.rate(code)}

    async def document(self):
        code, given = self.money()
        kind = self.lot.choice(["Invoice", "Bill", "CreditNote"])
        given |= {"Invoice": {"send": True}, "Bill": {"receive": True}}.get(kind, {"issue": True})
        side = "PAYABLE" if kind == "Bill" else "RECEIVABLE"
        if kind == "CreditNote":
            side = given["side"] = self.lot.choice(["RECEIVABLE", "PAYABLE"])
        items = [line(self.amount(code)) for _ in range(self.lot.randint(1, 3))]
        contact = self.lot.choice(self.contacts)
        given |= {f"{kind[0].lower()}{kind[1:]}Date": self.day()}
        made = await self.ask(f"create{kind}", contactId=contact, items=items, **given)
        self.documents.append(Open(made["id"], contact, side, code))
        (self.credits if kind == "CreditNote" else self.owed).append(self.documents[-1])

    async def pay(self):
        owed = self.lot.choice([each for each in self.documents if each in self.owed])
        noun = "Bill" if owed.key.startswith("bil_") else "Invoice"
        made = await self.ask(
            f"record{noun}Payment",
            amount=self.amount(owed.code, 200),
            paymentDate=self.day(),
            allowOverpayment=self.lot.random() < 0.8,
            **{f"{noun.lower()}Id": owed.key},
            **self.rate(owed.code),
        )
        await self.keep(made, owed)

    async def keep(self, made, like):
        """Remember a payment of that contact, side and currency, and its applications."""
        if made is None:
            return
        self.payments.append(made["id"])
        self.credits.append(like._replace(key=made["id"]))
        found = await look(self.books, made["id"], "{ applications { id } }")
        self.applications += [each["id"] for each in found["applications"]]

    async def advance(self):
        code, given = self.money()
        contact, side = self.lot.choice(self.contacts), self.lot.choice(["RECEIVABLE", "PAYABLE"])
        made = await self.ask(
            "createPayment",
            contactId=contact,
            direction=self.lot.choice(["RECEIVED", "PAID"]),
            side=side,
            amount=self.amount(code),
            paymentDate=self.day(),
            **given,
        )
        await self.keep(made, Open("", contact, side, code))
        self.owed.append(self.credits[-1])

    async def apply(self):
        credit = self.lot.choice(self.credits)
        owed = [each for each in self.owed if each[1:] == credit[1:]]
        if not owed or self.lot.random() < 0.1:
            owed = self.owed
        given = {"creditId": credit.key, "documentId": self.lot.choice(owed).key}
        if self.lot.random() < 0.3:
            given["amount"] = self.amount(credit.code, 100)
        if self.lot.random() < 0.3:
            given["date"] = self.day(60)
        made = await self.ask("applyCredit", **given)
        if made is not None:
            self.applications.append(made["id"])

    async def unapply(self):
        await self.ask("unapplyCredit", id=self.lot.choice(self.applications), date=self.day(60))

    async def void(self):
        await self.ask("voidPayment", id=self.lot.choice(self.payments), voidedOn=self.day(60))

    async def refund(self):
        credit = self.lot.choice(self.credits)
        given = {"amount": self.amount(credit.code, 20), "paymentDate": self.day()}
        made = await self.ask(
            "refundCredit", creditId=credit.key, **given, **self.rate(credit.code)
        )
        await self.keep(made, credit)

    async def cancel(self):
        key = self.lot.choice(self.documents).key
        noun = {"inv_": "Invoice", "bil_": "Bill", "crn_": "CreditNote"}[key[:4]]
        await self.ask(f"cancel{noun}", id=key, cancelledOn=self.day(60))

    async def enter(self):
        side, code = self.lot.choice([("RECEIVABLE", "1100"), ("PAYABLE", "2000")])
        sides = [self.chart[code], self.chart["4000"]]
        self.lot.shuffle(sides)
        currency, given = self.money()
        contact = self.lot.choice([*self.contacts, None])
        made = await self.ask(
            "createTransaction",
            description="Direct",
            date=self.day(),
            entries=pair(*sides, self.amount(currency), **given),
            post=True,
            contactId=contact,
        )
        self.entries.append(made["id"])
        if contact is not None:
            opened = made["entries"][sides.index(self.chart[code])]["id"]
            for some in (self.owed, self.credits):
                some.append(Open(opened, contact, side, currency))

    async def reverse(self):
        await self.ask("reverseTransaction", id=self.lot.choice(self.entries))


async def test_the_control_accounts_are_what_is_open_whatever_happens(house):
    books = await house.organization("INR")
    roles = ["CUSTOMER", "VENDOR"]
    contacts = [await customer(books, name=name, contactTypes=roles) for name in ("Ann", "Ben")]
    dealer = Dealer(books, 2026, await books.accounts(), contacts)
    for _ in range(6):
        for first in (dealer.document, dealer.document, dealer.advance, dealer.enter):
            await first()
    acts = [dealer.document, dealer.pay, dealer.pay, dealer.advance, dealer.void, dealer.cancel]
    acts += [dealer.apply] * 5 + [dealer.refund, dealer.enter, dealer.reverse]
    for step in range(STEPS):
        act = dealer.lot.choice(acts + ([dealer.unapply] * 2 if dealer.applications else []))
        await act()
        if step % 30 == 29:
            await require_ties(house, books)
    await require_ties(house, books)
    await require_aged(books, ["2025-12-31", "2026-01-31", "2026-02-28", "2026-04-15"])
    assert dealer.found["done"] > STEPS // 2, dealer.found
