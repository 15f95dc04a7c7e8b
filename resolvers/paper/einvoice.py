"""E-invoices: a PDF with the same invoice for machines in it (Factur-X, ZUGFeRD; EN 16931).

The PDF is an archive (PDF/A-3b), which typst makes with the XML attached; that it is a Factur-X is
added to its metadata here. The XML is held against the schema before it goes out. Both need the
packages of the extra `einvoice`.
"""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

from ledger.currencies import CURRENCIES
from ledger.documents import Copies, Document, DocumentKind, Party, Phase
from ledger.errors import LedgerError, Reason
from resolvers.paper import cii, press
from resolvers.paper.page import page_of
from resolvers.paper.vat import OUTSIDE, REVERSE_CHARGE, categories_of, vat_number

_OURS = {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE}
_PDF_VERSION = "%PDF-1.7"
_LEVEL = "en16931"

_SPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_PROPERTIES = {
    "DocumentType": ("INVOICE", "The type of the document"),
    "DocumentFileName": ("factur-x.xml", "The name of the embedded XML document"),
    "Version": ("1.0", "The version of the standard that the XML document applies"),
    "ConformanceLevel": ("EN 16931", "The profile of the embedded XML document"),
}


def facturx(
    document: Document, copies: Copies, *, base_currency: str, logo: bytes | None = None
) -> bytes:
    """The PDF of an issued invoice or credit note with its XML inside; the same bytes each time.

    Raises `invalid_value` where the extra `einvoice` is not installed, and as `xml` does.
    """
    _module_of_extra("pypdf")
    content = xml(document, copies, base_currency=base_currency)
    page = page_of(document, copies, base_currency=base_currency, logo=logo)
    return _named(press.archive(page, content))


def xml(document: Document, copies: Copies, *, base_currency: str) -> bytes:
    """The XML of an issued invoice or credit note, valid by the schema of EN 16931.

    Raises `wrong_status` for a draft, and `invalid_value` where EN 16931 asks for what is not
    there (a tax number, the country of an address), has no room for what is, or where the extra
    `einvoice` is not installed.
    """
    library = _module_of_extra("facturx")
    _require_ours(document)
    _require_parties(document, copies)
    content = cii.written(document, copies, CURRENCIES[base_currency])
    library.xml_check_xsd(content, flavor="factur-x", level=_LEVEL)
    return content


def _module_of_extra(name: str) -> Any:
    """A module that only the extra `einvoice` brings; without it an `invalid_value`."""
    try:
        return import_module(name)
    except ImportError:
        raise LedgerError(
            Reason.INVALID_VALUE,
            "This installation cannot make e-invoices: their packages are not installed.",
            "Install them with pip install 'crane-ledger[einvoice]', or ask for a plain PDF.",
        ) from None


def _require_ours(document: Document) -> None:
    if document.kind not in _OURS:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"A {document.kind.value.replace('_', ' ')} is no document of ours to send.",
            "Make e-invoices of invoices and credit notes.",
        )
    if document.phase is Phase.DRAFT or document.number is None:
        raise LedgerError(
            Reason.WRONG_STATUS,
            "The document is a draft, and has no number yet.",
            "Issue it first.",
        )
    decimals = CURRENCIES[document.currency].decimals
    if decimals > cii.MOST_DECIMALS:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"{document.currency} has {decimals} decimals; an e-invoice has room for two.",
            "Send this document as a plain PDF.",
            field="currency",
        )


def _require_parties(document: Document, copies: Copies) -> None:
    """What EN 16931 asks of seller and buyer (BR-9, BR-11, BR-S-2, BR-AE-2 and the like)."""
    seller, buyer = copies.organization, copies.contact
    _require_country(seller, "The seller", "Set the organization's address with its country.")
    _require_country(buyer, "The buyer", "Set the contact's billing address with its country.")
    categories = categories_of(document.lines, seller)
    if OUTSIDE not in categories and not seller.tax_number:
        raise _missing("The seller has no tax number", "Set the organization's taxNumber.")
    if REVERSE_CHARGE in categories and vat_number(buyer.tax_number) is None:
        cure = "Set the contact's taxNumber to its VAT number, such as FR40303265045."
        raise _missing("The buyer accounts for the tax, and has no VAT number", cure)


def _require_country(party: Party, role: str, cure: str) -> None:
    if party.address is None or not party.address.country:
        raise _missing(f"{role} has no address with a country", cure)


def _missing(cause: str, cure: str) -> LedgerError:
    return LedgerError(
        Reason.INVALID_VALUE,
        f"{cause}, which an e-invoice (EN 16931) must have.",
        f"{cure} What is issued keeps what it was issued with.",
    )


def _named(archive: bytes) -> bytes:
    """The archive with metadata that names it a Factur-X, in the way that PDF/A wants it."""
    pypdf = _module_of_extra("pypdf")
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(archive))
    writer.pdf_header = _PDF_VERSION
    metadata = writer.root_object["/Metadata"]
    before: bytes = metadata.get_data()
    described = before.replace(b"</rdf:Bag></pdfaExtension:schemas>", _schema(), 1)
    metadata.set_data(described.replace(b"</rdf:RDF>", _properties(), 1))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _schema() -> bytes:
    """The description of the properties below; without it they may not be in a PDF/A."""
    rows = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category>'
        f"<pdfaProperty:description>{description}</pdfaProperty:description>"
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        f"<pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name, (_, description) in _PROPERTIES.items()
    )
    return (
        '<rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_SPACE}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{rows}</rdf:Seq></pdfaSchema:property></rdf:li>"
        "</rdf:Bag></pdfaExtension:schemas>"
    ).encode()


def _properties() -> bytes:
    values = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, (value, _) in _PROPERTIES.items())
    about = f'<rdf:Description rdf:about="" xmlns:fx="{_SPACE}">'
    return f"{about}{values}</rdf:Description></rdf:RDF>".encode()
