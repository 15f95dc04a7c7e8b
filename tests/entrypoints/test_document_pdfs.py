"""The PDF of a document: printed once it is issued, kept, and served again byte for byte."""

from __future__ import annotations

import io

import pytest
from entering import contents
from filing import attach, contact, invoice, kept, link, opened, refusal
from house import running
from paper_cases import picture
from pypdf import PdfReader

from ledger.errors import LedgerError, Reason
from resolvers import printing
from resolvers.outside import VIEW
from resolvers.printing import document_pdf
from store.files import FolderFiles

LOGO = "mutation Logo($id: ID) { updateDocumentSettings(logoId: $id) { id } }"
CANCEL = "mutation Cancel($id: ID!) { cancelInvoice(id: $id) { status } }"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


@pytest.fixture
async def house(databases, folder):
    async with running(await databases.new("sqlite"), files=str(folder)) as started:
        yield started


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


async def test_the_pdf_of_those_who_keep_the_books_marks_nothing(house, books):
    drawn = await invoice(books)
    before = await contents(house)
    await opened(house, drawn["pdfUrl"])
    await opened(house, link(house, VIEW, books, drawn["id"]) + "/pdf")
    assert await contents(house) == before


async def test_an_issued_document_is_printed_once_and_served_byte_for_byte(
    house, books, folder, monkeypatch
):
    drawn = await invoice(books)
    first = await opened(house, drawn["pdfUrl"])
    assert len(kept(folder)) == 1
    assert kept(folder)[0].read_bytes() == first.content
    logo = await attach(books, books.organization_id, picture(40, 20), name="logo.png")
    await books.ask(LOGO, id=logo["id"])
    monkeypatch.setattr(printing, "pdf", None)
    again = await opened(house, link(house, VIEW, books, drawn["id"]) + "/pdf")
    assert again.content == first.content
    found = await document_pdf(
        house.database, house.app.house.outside.files, books.organization_id, drawn["id"]
    )
    assert found == first.content


async def test_a_document_that_is_cancelled_is_printed_as_such(house, books):
    drawn = await invoice(books)
    issued = (await opened(house, drawn["pdfUrl"])).content
    await books.ask(CANCEL, id=drawn["id"])
    cancelled = (await opened(house, drawn["pdfUrl"])).content
    assert "Cancelled" not in text_of(issued)
    assert "Cancelled" in text_of(cancelled)


async def test_a_draft_is_printed_anew_each_time_and_kept_nowhere(house, books, folder):
    drawn = await invoice(books, send=False)
    assert "Draft" in text_of((await opened(house, drawn["pdfUrl"])).content)
    change = 'mutation C($id: ID!) { updateInvoice(id: $id, notes: "Mind the gap") { id } }'
    await books.ask(change, id=drawn["id"])
    assert "Mind the gap" in text_of((await opened(house, drawn["pdfUrl"])).content)
    assert kept(folder) == []


async def test_the_logo_is_printed_that_there_was_when_it_was_issued(house, books):
    before = await invoice(books)
    logo = await attach(books, books.organization_id, picture(40, 20), name="logo.png")
    await books.ask(LOGO, id=logo["id"])
    for drawn, count in ((before, 0), (await invoice(books), 1)):
        found = PdfReader(io.BytesIO((await opened(house, drawn["pdfUrl"])).content))
        assert len(found.pages[0].images) == count


E_INVOICE = "query Url($id: ID!) { invoice(id: $id) { eInvoiceUrl } }"
SELLER = """mutation {
  updateOrganization(taxNumber: "DE123456789") { id }
  updateDocumentSettings(
    address: {line1: "Hauptstr. 1", city: "Berlin", postalCode: "10115", country: "DE"}
  ) { id }
}"""


async def test_an_issued_invoice_opens_as_an_electronic_one_and_says_what_it_lacks(house, books):
    draft = await invoice(books, send=False)
    assert (await books.ask(E_INVOICE, id=draft["id"]))["invoice"]["eInvoiceUrl"] is None
    plain = (await books.ask(E_INVOICE, id=(await invoice(books))["id"]))["invoice"]
    lacking = await opened(house, plain["eInvoiceUrl"])
    assert lacking.status_code == 400
    assert lacking.json()["error"]["code"] == "invalid_value"
    await books.ask(SELLER)
    contact = await books.ask(
        """mutation { createContact(name: "K", contactType: CUSTOMER, billingAddress:
          {line1: "Weg 2", city: "Bonn", postalCode: "53111", country: "DE"}) { id } }"""
    )
    made = await books.ask(
        """mutation Make($c: ID!) { createInvoice(send: true, contactId: $c, currency: "USD",
          invoiceDate: "2026-01-05", items: [{description: "A", quantity: 1, unitPrice: "10.00"}]
        ) { eInvoiceUrl } }""",
        c=contact["createContact"]["id"],
    )
    answer = await opened(house, made["createInvoice"]["eInvoiceUrl"])
    assert answer.status_code == 200, answer.text[:400]
    attached = PdfReader(io.BytesIO(answer.content)).attachments
    assert list(attached) == ["factur-x.xml"]


@pytest.mark.parametrize("is_gone", [True, False])
async def test_a_logo_that_cannot_be_printed_keeps_no_paper_back(house, books, folder, is_gone):
    logo = await attach(books, books.organization_id, picture(40, 20), name="logo.png")
    await books.ask(LOGO, id=logo["id"])
    (path,) = kept(folder)
    if is_gone:
        path.unlink()
    else:
        path.write_bytes(b"damaged")
    answer = await opened(house, (await invoice(books))["pdfUrl"])
    assert "INV-0001" in text_of(answer.content)


async def test_no_file_that_is_attached_can_take_the_place_of_a_pdf(house, books):
    drawn = await invoice(books)
    printed = (await opened(house, drawn["pdfUrl"])).content
    jane = await contact(books)
    for text in (drawn["id"], f"{drawn['id']} issued"):
        await attach(books, jane, text.encode())
    assert (await opened(house, drawn["pdfUrl"])).content == printed


async def test_files_that_cannot_be_reached_are_told_so(house, books, monkeypatch):
    drawn = await invoice(books)

    def unreachable(*_):
        raise LedgerError(Reason.BUSY, "The file cannot be read now.", "Try again.")

    monkeypatch.setattr(FolderFiles, "get", unreachable)
    assert refusal(await opened(house, drawn["pdfUrl"])) == (503, "busy", None)


async def test_a_document_that_is_not_there_is_not_printed(house, books):
    files = house.app.house.outside.files
    with pytest.raises(LedgerError) as refused:
        await document_pdf(house.database, files, books.organization_id, "inv_1")
    assert refused.value.reason is Reason.NOT_FOUND
    assert refused.value.details == {"document_id": "inv_1"}
