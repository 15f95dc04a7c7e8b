"""Printing: the PDF of a document, kept once it is issued.

What was issued is printed once, and that PDF served from then on, so that a later release of
typst, or another logo, changes no paper that somebody may have in hand. A cancelled document has
a PDF of its own, which says so. Drafts are printed anew each time.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.attachments import Attachment
from ledger.documents import Copies, Document, Phase
from ledger.errors import LedgerError
from ledger.file_types import content_key
from ledger.issuing import copies_of
from ledger.organizations import Organization
from resolvers.books import unknown
from resolvers.outside import Reader
from resolvers.paper.einvoice import facturx
from resolvers.paper.logos import require_logo
from resolvers.paper.page import Page, page_of
from resolvers.paper.press import pdf
from store import contacts, documents, organizations
from store.attachments import ATTACHMENTS
from store.files import Files


@dataclass(frozen=True, slots=True)
class Printable:
    """A document with all that its page is made of; `copies` are those that are frozen with it,
    of a draft those that issuing it now would freeze.
    """

    document: Document
    copies: Copies
    organization: Organization
    logo: Attachment | None

    def page(self, logo: bytes | None = None) -> Page:
        """What stands on its page."""
        base = self.document.base_currency or self.organization.base_currency
        return page_of(self.document, self.copies, base_currency=base, logo=logo)


def printable(connection: Connection, organization_id: str, document_id: str) -> Printable | None:
    """A document of an organization, ready to be printed, if there is one."""
    document = documents.existing(connection, organization_id, [document_id]).get(document_id)
    if document is None:
        return None
    organization = organizations.existing(connection, [organization_id])[organization_id]
    copies = document.copies or _copies(connection, organization, document)
    logo_id = copies.logo_id
    logos = ATTACHMENTS.existing(connection, organization_id, [logo_id]) if logo_id else {}
    return Printable(document, copies, organization, logos.get(logo_id or ""))


def _copies(connection: Connection, organization: Organization, document: Document) -> Copies:
    ask = contacts.CONTACTS.existing
    contact = ask(connection, organization.id, [document.contact_id])[document.contact_id]
    corrects_id = document.corrects_id or ""
    known = documents.existing(connection, organization.id, [corrects_id]) if corrects_id else {}
    return copies_of(organization, contact, known.get(corrects_id))


async def document_pdf(
    reader: Reader, files: Files, organization_id: str, document_id: str
) -> bytes:
    """The PDF of a document; of an issued one the same bytes each time.

    Raises `not_found` when the organization has no such document, and `busy` when the place of
    files cannot be reached.
    """
    return await printed(await _found(reader, organization_id, document_id), files)


async def document_einvoice(
    reader: Reader, files: Files, organization_id: str, document_id: str
) -> bytes:
    """The document as Factur-X; raises what `document_pdf` and `einvoice` raise."""
    return await einvoice(await _found(reader, organization_id, document_id), files)


async def _found(reader: Reader, organization_id: str, document_id: str) -> Printable:
    found = await reader.read(printable, organization_id, document_id)
    if found is None:
        raise unknown("document", document_id, "id", in_path=True)
    return found


async def printed(found: Printable, files: Files) -> bytes:
    """The PDF of a document that was read already."""
    if found.document.phase is Phase.DRAFT:
        return await asyncio.to_thread(_printed, found, files)
    return await asyncio.to_thread(_printed_once, found, files)


async def einvoice(found: Printable, files: Files) -> bytes:
    """The document as Factur-X: its PDF as PDF/A-3 with the invoice as XML inside.

    Raises `wrong_status` for a draft, and `invalid_value` for what such an invoice must say and
    this one does not, or when the extra `einvoice` is not installed.
    """
    return await asyncio.to_thread(_einvoice, found, files)


def _einvoice(found: Printable, files: Files) -> bytes:
    base = found.document.base_currency or found.organization.base_currency
    logo = _logo(found, files)
    return facturx(found.document, found.copies, base_currency=base, logo=logo)


def _printed_once(found: Printable, files: Files) -> bytes:
    key = _key(found.document)
    kept = files.get(key)
    if kept is None:
        kept = _printed(found, files)
        files.put(key, kept)
    return kept


def _printed(found: Printable, files: Files) -> bytes:
    return pdf(found.page(_logo(found, files)))


def _logo(found: Printable, files: Files) -> bytes | None:
    """The logo, if there is one that can be printed: for want of it no paper is withheld."""
    if found.logo is None:
        return None
    content = files.get(content_key(found.logo.organization_id, found.logo.sha256))
    if content is None:
        return None
    try:
        require_logo(content)
    except LedgerError:
        return None
    return content


def _key(document: Document) -> str:
    """Where the PDF is kept. It is hashed otherwise than contents are: no file that somebody
    attaches can take its place.
    """
    named = f"{document.id} {document.phase.value}".encode()
    return content_key(
        document.organization_id, hashlib.blake2s(named, person=b"crane-pd").hexdigest()
    )
