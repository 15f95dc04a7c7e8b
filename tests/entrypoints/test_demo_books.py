"""The demo company as it stands in the books: asked as an accountant and a developer would."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from demo_story import balances, documents, made
from house import Client, running
from trading import require_tied

from entrypoints.demo import NAME
from entrypoints.demo.opening import open_demo
from entrypoints.demo.steps import Applied, Cancelled, Entered, Paid, Reversed, Viewed
from ledger.documents import DocumentKind
from resolvers.minting import Mint
from schema.playground import DOCUMENTS
from store.engines import open_database
from store.files import FolderFiles

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STORY = made(NOW.date()).steps
COUNTED = [step for step in STORY if not isinstance(step, Entered) or step.is_posted]
MOST_SECONDS = 6.0
"""Of a processor, to make the books; it takes about one where nothing else is done."""


@pytest.fixture(scope="module")
def made_once(databases, tmp_path_factory):
    """Where the demo was made, by which key it is asked, and how long that took."""
    files = FolderFiles(tmp_path_factory.mktemp("files"))

    async def make():
        url = await databases.new("sqlite")
        database = open_database(url)
        began = time.process_time()
        opened = await database.write(open_demo, NOW, Mint(), files)
        seconds = time.process_time() - began
        await database.close()
        return SimpleNamespace(url=url, key=opened.live_key, files=files, seconds=seconds)

    return asyncio.run(make())


@pytest.fixture
async def demo(made_once):
    async with running(made_once.url, files=str(made_once.files.folder)) as house:
        yield Client(house.http, made_once.key, "")


def month_ends():
    """The last day of each month of the story, and its last day."""
    first = [date(2025 + month // 12, month % 12 + 1, 1) for month in range(11, 23)]
    return [*(day - timedelta(days=1) for day in first), NOW.date()]


def test_it_is_made_in_the_time_of_a_breath(made_once):
    assert made_once.seconds < MOST_SECONDS


async def test_all_that_happened_is_there(demo):
    found = await demo.ask(
        """{
          transactionsConnection { totalCount }
          pending: transactions(where: {status: {eq: PENDING}}) { description }
          reversed: transactions(where: {kind: {eq: REVERSAL}}) { reversalReason }
          opening: transactions(where: {kind: {eq: OPENING}}) { date }
          paymentsConnection { totalCount }
          organization { name isLive timeZone taxNumber baseCurrency { code } }
          accounts { code }
        }"""
    )
    undone = [step for step in STORY if isinstance(step, Cancelled | Reversed)]
    assert len(found["pending"]) == 4
    assert len(found["opening"]) == 7
    assert {row["date"] for row in found["opening"]} == {"2025-11-01T00:00:00Z"}
    assert {row["reversalReason"] for row in found["reversed"]} == {s.reason for s in undone}
    assert found["paymentsConnection"]["totalCount"] == sum(isinstance(s, Paid) for s in STORY)
    settled_later = sum(isinstance(s, Applied | Viewed) for s in STORY)
    abroad = sum(isinstance(s, Paid) and s.currency != "USD" for s in STORY)
    expected = len(STORY) - 2 - settled_later + abroad
    assert found["transactionsConnection"] == {"totalCount": expected}
    assert found["organization"] == {
        "name": NAME,
        "isLive": True,
        "timeZone": "America/Chicago",
        "taxNumber": "47-5550142",
        "baseCurrency": {"code": "USD"},
    }
    codes = {row["code"] for row in found["accounts"]}
    assert {row["code"] for row in made(NOW.date()).accounts} <= codes


async def test_the_ledger_posts_to_the_cent_what_the_notebook_expects(demo):
    for day in month_ends():
        ask = "query At($day: Date) { trialBalance(asOf: $day) { isBalanced accounts {"
        ask += " accountCode debitBalance creditBalance } } }"
        report = (await demo.ask(ask, day=str(day)))["trialBalance"]
        posted = {
            row["accountCode"]: Decimal(row["debitBalance"]) - Decimal(row["creditBalance"])
            for row in report["accounts"]
        }
        expected = balances(step for step in COUNTED if step.date <= day)
        assert report["isBalanced"]
        assert {code: int(100 * net) for code, net in posted.items() if net} == {
            code: net for code, net in expected.items() if net
        }


async def test_sub_ledgers_and_statements_are_their_control_accounts_at_every_months_end(demo):
    days = month_ends()
    await require_tied(demo, map(str, [days[3], days[6], days[9], days[12]]))


async def test_documents_have_the_numbers_and_totals_of_the_story(demo):
    for noun, number, kind in (
        ("invoices", "invoiceNumber", DocumentKind.INVOICE),
        ("bills", "billNumber", DocumentKind.BILL),
        ("creditNotes", "creditNoteNumber", DocumentKind.CREDIT_NOTE),
    ):
        side = "side" if noun == "creditNotes" else ""
        wanted = f"{number} total isOpening {side} currency {{ code }} contact {{ externalId }}"
        found = await demo.ask(f"{{ {noun}(where: {{status: {{ne: DRAFT}}}}) {{ {wanted} }} }}")
        rows = [r for r in found[noun] if not r["isOpening"] and r.get("side") != "PAYABLE"]
        told = {
            (step.name, f"{Decimal(step.total) / 100:.2f}", step.currency, step.contact)
            for step in documents(STORY, kind)
        }
        assert {
            (r[number], r["total"], r["currency"]["code"], r["contact"]["externalId"]) for r in rows
        } == told


async def test_there_are_documents_of_every_status(demo):
    counted = {}
    for noun, words in (
        ("invoices", "DRAFT SENT VIEWED PARTIAL OVERDUE PAID CANCELLED"),
        ("bills", "DRAFT RECEIVED OVERDUE PAID CANCELLED"),
        ("creditNotes", "APPLIED"),
    ):
        for word in words.split():
            ask = f"{{ found: {noun}(where: {{status: {{eq: {word}}}}}) {{ id }} }}"
            counted[noun, word] = len((await demo.ask(ask))["found"])
    issued = len(documents(STORY, DocumentKind.INVOICE)) + 3
    billed = len(documents(STORY, DocumentKind.BILL)) + 3
    assert sum(n for (noun, _), n in counted.items() if noun == "invoices") == issued + 1
    assert sum(n for (noun, _), n in counted.items() if noun == "bills") == billed + 1
    assert [counted["invoices", word] for word in ("DRAFT", "CANCELLED")] == [1, 1]
    assert [counted["bills", word] for word in ("DRAFT", "OVERDUE", "CANCELLED")] == [1, 1, 1]
    assert counted["creditNotes", "APPLIED"] == 2
    assert counted["invoices", "PARTIAL"] == 1
    assert counted["invoices", "OVERDUE"] >= 2
    assert counted["invoices", "SENT"] >= 3
    assert counted["invoices", "VIEWED"] >= 1
    assert counted["bills", "RECEIVED"] >= 3


async def test_the_catalogue_and_the_contacts_are_to_be_found_by_their_keys(demo):
    found = await demo.ask(
        """{
          items(where: {sku: {eq: "PRB-1KG"}}) {
            name price unit taxRate { name } category { name parent { name } }
          }
          taxRates { externalId rate isReverseCharge }
          categories(where: {parentId: {isNull: true}}) { name subcategories { name } }
          contacts(where: {contactType: {eq: EMPLOYEE}}) { name transactions { amount } }
          wascana: contacts(where: {externalId: {eq: "wascana"}}) { currency { code } }
          cottonwood: contacts(where: {externalId: {eq: "cottonwood"}}) {
            paymentTerms { percent days }
          }
        }"""
    )
    assert found["items"] == [
        {
            "name": "Platte River Blend, 1 kg",
            "price": "27.50",
            "unit": "bag",
            "taxRate": {"name": "Exempt"},
            "category": {"name": "Coffee", "parent": {"name": "Wholesale"}},
        }
    ]
    rates = {r["externalId"]: (Decimal(r["rate"]), r["isReverseCharge"]) for r in found["taxRates"]}
    assert rates == {
        "sales-tax-lincoln": (Decimal("7.25"), False),
        "sales-tax-state": (Decimal("5.5"), False),
        "exempt": (0, False),
        "sales-tax-paid": (Decimal("7.25"), False),
        "use-tax": (Decimal("7.25"), True),
    }
    tree = {row["name"]: len(row["subcategories"]) for row in found["categories"]}
    assert tree == {"Café": 2, "Wholesale": 3, "Goods sold": 4, "Running the house": 4}
    assert found["contacts"] == [{"name": "Marta Kovář", "transactions": [{"amount": "614.80"}]}]
    assert found["wascana"] == [{"currency": {"code": "CAD"}}]
    terms = found["cottonwood"][0]["paymentTerms"]
    assert [(int(t["percent"]), t["days"]) for t in terms] == [(40, 30), (30, 60), (30, 90)]


async def test_an_invoice_tells_its_history_and_is_printed_with_the_logo(demo):
    found = await demo.ask(
        """{ invoices(where: {invoiceNumber: {eq: "INV-1199"}}) {
          contact { name } issuedAt viewedAt history { event at } pdfUrl
        } }"""
    )
    (invoice,) = found["invoices"]
    assert invoice["contact"]["name"] == "Meridian Software, Inc."
    issued = datetime.fromisoformat(invoice["issuedAt"])
    assert date(2026, 11, 2) <= issued.date() <= NOW.date()
    events = [entry["event"] for entry in invoice["history"]]
    assert events == ["invoice.created", "invoice.sent", "invoice.viewed", "invoice.paid"]
    times = [entry["at"] for entry in invoice["history"]]
    assert times == sorted(times)
    printed = await demo.http.get(invoice["pdfUrl"])
    assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
    assert b"/Subtype/Image" in printed.content


async def test_histories_tell_of_a_year(demo):
    ask = '{ invoices(where: {invoiceDate: {lt: "2026-10-20"}}) { invoiceDate issuedAt } }'
    taken = set()
    for invoice in (await demo.ask(ask))["invoices"]:
        began = date.fromisoformat(invoice["invoiceDate"][:10])
        issued = datetime.fromisoformat(invoice["issuedAt"]).date()
        assert max(began, date(2025, 11, 1)) <= issued
        taken.add(issued)
        if began >= date(2025, 11, 1):
            assert issued - began < timedelta(days=28)
    assert len(taken) >= 12


async def test_every_example_of_the_playground_that_reads_is_answered(demo):
    found = await demo.ask(
        """{
          invoices(limit: 1) { id } accounts(where: {code: {eq: "1010"}}) { id }
          contacts(where: {contactType: {eq: CUSTOMER}}, limit: 1) { id }
        }"""
    )
    ids = {
        "INVOICE": found["invoices"][0]["id"],
        "ASSET": found["accounts"][0]["id"],
        "CUSTOMER": found["contacts"][0]["id"],
        "TODAY": str(NOW.date()),
    }
    asked = 0
    for path in sorted(DOCUMENTS.glob("*.graphql")):
        document = path.read_text(encoding="utf-8")
        if "\nmutation" in f"\n{document}":
            continue
        beside = path.with_name(f"{path.stem}.variables.json")
        text = beside.read_text(encoding="utf-8") if beside.exists() else "{}"
        for name, value in ids.items():
            text = text.replace(f"{{{{{name}}}}}", value)
        assert "{{" not in text, path.name
        answer = await demo.post(document, json.loads(text))
        assert (answer.status_code, "errors" in answer.json()) == (200, False), answer.text
        asked += 1
    assert asked >= 5
