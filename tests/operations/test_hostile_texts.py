"""Texts that mean harm, in every text of a document: shown as texts, or refused with a code."""

from __future__ import annotations

import io
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from pypdf import PdfReader

CONTACT = """
mutation Contact($t: String!, $long: String!) {
  createContact(name: $t, contactType: CUSTOMER, email: "jane@example.com", phone: $t, website: $t,
    taxId: $t, reference: $t, billingAddress: {line1: $t, line2: $t, city: $t, state: $t,
    postalCode: "1"}, metadata: {text: $long}) { id name phone billingAddress { line1 city } }
}"""
SETTINGS = """
mutation Settings($t: String!) {
  updateOrganization(name: $t, taxNumber: $t) { name }
  updateDocumentSettings(invoicePrefix: "R-", paymentDetails: $t, footer: $t, phone: $t,
    website: $t, address: {line1: $t, city: $t}) { documentSettings { paymentDetails } }
}"""
MADE_OF = """
mutation MadeOf($t: String!) {
  createItem(name: $t, itemType: SERVICE, description: $t, unit: "h", price: "10.00") { id name }
  createTaxRate(name: $t, taxType: VAT, rate: "19") { id name }
  createCategory(name: $t, categoryType: INCOME, description: $t) { id name }
}"""
INVOICE = """
mutation Invoice(
  $contact: ID!, $item: ID!, $rate: ID!, $category: ID!, $t: String!, $long: String!
) {
  createInvoice(contactId: $contact, invoiceDate: "2026-01-05", orderNumber: $t, notes: $long,
    footer: $long, categoryId: $category, items: [
      {itemId: $item, quantity: 1, taxRateId: $rate},
      {description: $t, quantity: 1, unitPrice: "5.00", unit: "h"}
    ]) { id notes footer orderNumber items { description } }
}"""
SEND = """
mutation Send($id: ID!) {
  sendInvoice(id: $id) { pdfUrl deliveryNote deliveredTo total items { description } }
}"""
HARM = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "typst": '#read("/etc/passwd") $x^2$ *b* _i_ #import "x.typ": * @ref <label> \\ `raw`',
    "template": "${heading} {{seller}} %s {0} $(id)",
    "spoof": "\u202eevil\u202c \u2066x\u2069 A\u030a e\u0301",
    "quotes": "\"quoted\" 'single' &amp; \\n; DROP TABLE document; --",
    "lines": "Line one\nBcc: everyone@example.com\tTab",
}


def one_line(text):
    return " ".join(text.split())


def mail_at(place):
    return message_from_bytes(Path(place).read_bytes(), policy=policy.default)


@pytest.mark.parametrize("name", HARM)
async def test_a_hostile_text_is_shown_as_text_everywhere(house, books, name):
    text = HARM[name]
    long = (text + " ") * (10_000 // (len(text) + 1))
    contact = (await books.ask(CONTACT, t=text[:30], long=long))["createContact"]
    assert await books.ask(SETTINGS, t=text[:30])
    made = await books.ask(MADE_OF, t=text)
    drawn = await books.ask(
        INVOICE,
        contact=contact["id"],
        item=made["createItem"]["id"],
        rate=made["createTaxRate"]["id"],
        category=made["createCategory"]["id"],
        t=text[:90],
        long=long,
    )
    invoice = drawn["createInvoice"]
    assert len(invoice["notes"]) >= 8_000
    sent = (await books.ask(SEND, id=invoice["id"]))["sendInvoice"]
    assert sent["deliveredTo"] == "jane@example.com", sent["deliveryNote"]
    # The mail: whole, to one person, and its PDF a PDF.
    mail = mail_at(sent["deliveryNote"])
    assert mail["To"].addresses[0].addr_spec == "jane@example.com"
    assert len(mail["To"].addresses) == 1
    assert mail["Bcc"] is None
    (enclosed,) = mail.iter_attachments()
    pages = PdfReader(io.BytesIO(enclosed.get_content())).pages
    printed = one_line(" ".join(page.extract_text() for page in pages))
    assert "root:" not in printed
    # The link: a page without a tag or a script of the text's own.
    link = next(word for word in mail.get_body().get_content().split() if "/documents/org_" in word)
    page = await house.http.get("/documents/" + link.rpartition("/")[2])
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "onerror=alert(1)>" not in page.text
    pdf = await house.http.get("/pdf/" + sent["pdfUrl"].rpartition("/")[2])
    assert pdf.content == enclosed.get_content()


@pytest.mark.parametrize("bad", ["\0", "a\x1b[2J", "\x85", "\ufffe"])
async def test_what_no_paper_can_show_is_refused_before_it_is_kept(books, bad):
    assert (await books.refusal(CONTACT, t="x" + bad, long="y")).reason == "invalid_text"
    assert (await books.refusal(MADE_OF, t="x" + bad)).reason == "invalid_text"


async def test_ten_thousand_characters_are_refused_where_a_name_is_meant(books):
    refusal = await books.refusal(CONTACT, t="x" * 10_000, long="y")
    assert (refusal.reason, refusal.field) == ("invalid_text", "name")
    assert refusal.details == {"length": 10_000, "limit": 200}
