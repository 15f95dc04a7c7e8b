"""The page on which a customer sees a document, and its PDF: by signed links, and nothing else."""

from __future__ import annotations

import asyncio
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from asking import statements
from entering import contents
from filing import invoice, link, opened, refusal
from house import running
from paper_cases import BERLIN, HAMBURG, copies, document, german, line
from pypdf import PdfReader

from entrypoints.document_words import WORDS
from entrypoints.documents_page import rendered
from ledger.documents import DocumentKind, Phase
from ledger.errors import LedgerError, Reason
from ledger.open_items import Due, OpenItem, Side
from ledger.organizations import Organization
from resolvers.outside import PDF, VIEW
from resolvers.paper.languages import known_languages, language
from resolvers.printing import Printable
from resolvers.writer import Writer

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
READ = """query Read($id: ID!) { invoice(id: $id) {
  status viewedAt version updatedAt history { event actor } } }"""
LOGO = "mutation Logo($id: ID) { updateDocumentSettings(logoId: $id) { id } }"
CANCEL = "mutation Cancel($id: ID!) { cancelInvoice(id: $id) { status } }"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
HOSTILE = (
    "</title><script>alert(1)</script><img src=x onerror=alert(1)>\" ' & $seller {} %s #{x} \u202e"
)
BOUNDED = ("script", "img", "link", "iframe", "object", "embed", "form", "base", "svg", "a")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


@pytest.fixture
async def house(databases, folder):
    async with running(await databases.new("sqlite"), files=str(folder)) as started:
        yield started


class Seen(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


# The page


async def test_the_customer_sees_what_the_paper_says(house, books):
    drawn = await invoice(books, name="Jane & Sons")
    answer = await opened(house, link(house, VIEW, books, drawn["id"]))
    seen = Seen(answer.text)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for said in ("Acme", "Invoice INV-0001", "Jane & Sons", "5 Jan 2026", "4 Feb 2026", "Work"):
        assert said in seen.text
    assert re.search(r"Amount due\s*\$100\.00", seen.text)
    assert "Overdue" in seen.text


async def test_the_page_has_no_script_and_reaches_no_other_host(house, books):
    drawn = await invoice(books)
    answer = await opened(house, link(house, VIEW, books, drawn["id"]))
    elements = Seen(answer.text).elements
    (button,) = [given for tag, given in elements if tag in BOUNDED]
    assert button["href"].endswith("/pdf")
    assert not any(name.startswith("on") for _, given in elements for name in given)
    assert "//" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; "
        r"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        policy,
    )
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "noindex" in answer.headers["x-robots-tag"]


async def test_the_button_leads_to_the_pdf(house, books):
    drawn = await invoice(books)
    url = link(house, VIEW, books, drawn["id"])
    page = await opened(house, url)
    (button,) = [given for tag, given in Seen(page.text).elements if tag == "a"]
    answer = await house.http.get(page.url.join(button["href"]))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="INV-0001.pdf"'
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "INV-0001" in text_of(answer.content)


def page(document_, copies_, open_amount=None):
    """The page of a document as it is rendered on 25 November 2026."""
    amount = document_.total if open_amount is None else open_amount
    side, due = Side.RECEIVABLE, document_.dues[0].date if document_.dues else None
    day, code, total = document_.date, document_.currency, document_.total
    item = OpenItem(
        "org_1", "inv_1", side, "con_1", day, day, code, total, total, amount, amount, NOW
    )
    item = replace(item, dues=document_.dues, next_due=due if amount else None)
    organization = Organization("org_1", "Acme", "EUR", True, NOW, NOW)
    found = Printable(replace(document_, item=item), copies_, organization, None)
    return rendered(found, "x/pdf", NOW)


@pytest.mark.parametrize(
    ("change", "open_amount", "said", "due"),
    [
        ({}, None, "Offen", "4.246,83"),
        ({"viewed_at": NOW}, None, "Offen", "4.246,83"),
        ({}, 100, "Teilweise bezahlt", "1,00"),
        ({}, 0, "Bezahlt", "0,00"),
        ({"dues": (Due(date(2026, 11, 24), 424683),)}, 100, "Überfällig", "1,00"),
    ],
)
def test_the_state_of_an_invoice_is_told_in_its_language(change, open_amount, said, due):
    shown = Seen(page(replace(german(), **change), copies(), open_amount)).text
    assert said in shown
    assert re.search(rf"Offener Betrag\s*{re.escape(due)}\s€", shown)


def test_a_cancelled_invoice_says_so_and_asks_for_nothing():
    day = date(2026, 11, 24)
    shown = Seen(page(replace(german(), phase=Phase.CANCELLED, cancelled_on=day), copies(), 0)).text
    assert "Storniert am 24.11.2026" in shown
    assert "Offener Betrag" not in shown


def test_a_credit_note_asks_for_nothing():
    credit = document([line("Rabatt", "1", "10")], kind=DocumentKind.CREDIT_NOTE)
    shown = Seen(page(credit, copies())).text
    assert "Rechnungskorrektur" in shown
    assert "Offener Betrag" not in shown
    assert "Verrechnet" not in shown
    assert "Verrechnet" in Seen(page(credit, copies(), 0)).text


def test_the_page_speaks_every_language_of_the_paper():
    assert {language(tag).code for tag in known_languages()} == WORDS.keys()
    for tag in known_languages():
        shown = page(german(), copies(language=tag))
        assert f'<html lang="{language(tag).code}">' in shown
        assert WORDS[language(tag).code].download in unescape(shown)


def test_hostile_texts_of_any_length_stand_on_the_page_as_text():
    lines = [line(HOSTILE, "1", "1", unit=HOSTILE[:20]), line("x" * 1_000, "1", "1")]
    drawn = document(
        lines, notes=HOSTILE * 100, footer="W" * 10_000, order_number=HOSTILE, number=HOSTILE
    )
    made = copies(
        seller=replace(BERLIN, name=HOSTILE),
        buyer=replace(HAMBURG, name=HOSTILE, tax_number=HOSTILE),
        payment_details=HOSTILE,
    )
    seen = Seen(page(drawn, made))
    assert [tag for tag, _ in seen.elements if tag in BOUNDED] == ["a"]
    assert not any(name.startswith("on") for _, given in seen.elements for name in given)
    plain = HOSTILE.removesuffix("\u202e").strip()
    assert seen.text.count(plain) >= 107
    assert "\u202e" not in seen.text
    assert "W" * 10_000 in seen.text


async def test_hostile_texts_come_through_every_door(house, books):
    hostile = HOSTILE.removesuffix("\u202e").strip()
    lines = [{"description": hostile, "quantity": "1", "unitPrice": "1"}]
    drawn = await invoice(books, name=hostile, lines=lines, notes='#eval(read("/etc"))' * 400)
    shown = Seen((await opened(house, link(house, VIEW, books, drawn["id"]))).text)
    assert [tag for tag, _ in shown.elements if tag in BOUNDED] == ["a"]
    assert shown.text.count(hostile) == 2
    printed = text_of((await opened(house, drawn["pdfUrl"])).content)
    assert "alert(1)" in printed
    assert "#eval(read(" in printed


# Viewing


async def test_the_first_look_marks_the_invoice_as_viewed_and_the_next_ones_nothing(house, books):
    drawn = await invoice(books, due="2199-01-01")
    url = link(house, VIEW, books, drawn["id"])
    await opened(house, url, "HEAD")
    before = (await books.ask(READ, id=drawn["id"]))["invoice"]
    assert (before["status"], before["viewedAt"]) == ("SENT", None)
    await asyncio.gather(*(opened(house, url) for _ in range(8)))
    first = (await books.ask(READ, id=drawn["id"]))["invoice"]
    assert first["status"] == "VIEWED"
    assert first["viewedAt"] == first["updatedAt"]
    assert first["version"] == before["version"] + 1
    assert [(e["event"], e["actor"]) for e in first["history"]][-1] == ("invoice.viewed", "link")
    assert len(first["history"]) == len(before["history"]) + 1
    with statements(house) as seen:
        await opened(house, url)
    assert not any(text.startswith(("INSERT", "UPDATE")) for text in seen)
    assert (await books.ask(READ, id=drawn["id"]))["invoice"] == first


async def test_the_page_is_shown_though_it_cannot_be_noted(house, books, monkeypatch):
    drawn = await invoice(books)

    async def busy(*_):
        raise LedgerError(Reason.BUSY, "The database cannot take the write now.", "Try again.")

    monkeypatch.setattr(Writer, "submit", busy)
    answer = await opened(house, link(house, VIEW, books, drawn["id"]))
    assert (answer.status_code, "INV-0001" in answer.text) == (200, True)


async def test_a_cancelled_invoice_is_shown_and_not_marked(house, books):
    drawn = await invoice(books)
    await books.ask(CANCEL, id=drawn["id"])
    before = await contents(house)
    answer = await opened(house, link(house, VIEW, books, drawn["id"]))
    assert "Cancelled on" in answer.text
    assert await contents(house) == before


# Links that open nothing


async def test_a_link_opens_one_document_for_one_purpose_until_it_expires(house, books):
    drawn = await invoice(books)
    draft = await invoice(books, send=False)
    other = await house.organization()
    links = house.app.house.outside.links
    yesterday, tomorrow = (datetime.now(UTC) + timedelta(days=n) for n in (-1, 1))
    of = books.organization_id
    view, pdf = (links.make(purpose, of, drawn["id"], tomorrow) for purpose in (VIEW, PDF))
    expired = links.make(VIEW, of, drawn["id"], yesterday)
    foreign = links.make(VIEW, other.organization_id, drawn["id"], tomorrow)
    of_draft = links.make(VIEW, of, draft["id"], tomorrow)
    nothing = links.make(PDF, of, "inv_0VFxgIu1AbCdEfGhIjKl", tomorrow)
    before = await contents(house)
    for path in (
        f"documents/{pdf}",
        f"documents/{pdf}/pdf",
        f"pdf/{view}",
        f"files/{view}",
        f"documents/{expired}",
        f"documents/{expired}/pdf",
        f"documents/{foreign}",
        f"documents/{foreign}/pdf",
        f"documents/{of_draft}",
        f"documents/{of_draft}/pdf",
        f"documents/{view}x",
        f"pdf/{nothing}",
        "pdf/x",
    ):
        assert refusal(await house.http.get(f"/{path}")) == (404, "not_found", None), path
    assert await contents(house) == before


async def test_a_browser_is_told_on_a_page_why_a_link_opens_nothing(house, books):
    links = house.app.house.outside.links
    expired = links.make(VIEW, books.organization_id, "inv_1", datetime(2026, 1, 5, tzinfo=UTC))
    answer = await house.http.get(f"/documents/{expired}", headers={"Accept": BROWSER})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "This link expired on 2026-01-05." in answer.text
    assert "Ask the sender for a new one." in answer.text
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'none'"
    )
