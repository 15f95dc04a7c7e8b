"""Delivery: mailing an issued invoice with its PDF and a link, after it is committed.

A mail that cannot be sent undoes nothing: what became of it is put down on the invoice, by a
commit of its own.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

from ledger.documents import Document
from ledger.errors import LedgerError
from resolvers.books import Call, Written
from resolvers.documents import Mailing, note_delivery
from resolvers.gate import Caller
from resolvers.invoice_mail import invoice_mail
from resolvers.mail import Enclosure, Mail, Mailbox, MailError, checked_address
from resolvers.outside import VIEW, Outside, Reader
from resolvers.printing import document_einvoice, document_pdf
from resolvers.writer import Writer
from store.engines import Database

PDF_TYPE = "application/pdf"
_UNSAFE = re.compile(r"[^\w.-]+")


async def deliver(
    outside: Outside,
    database: Database,
    writer: Writer,
    caller: Caller,
    document: Document,
    mailing: Mailing,
) -> Written:
    """Mail an issued document, and put down what became of that."""
    copies = document.copies
    address = mailing.to or (copies.contact.email if copies is not None else None) or ""
    try:
        where = await _sent(outside, database, document, address, e_invoice=mailing.e_invoice)
        delivered = True
    except (MailError, LedgerError) as trouble:
        where, delivered = str(trouble), False
    command = note_delivery(document.id, to=address, note=where[:1_000], delivered=delivered)
    call = Call(caller.organization_id, "note_delivery", caller.origin)
    return await writer.submit(call, command)


async def _sent(
    outside: Outside, reader: Reader, document: Document, address: str, *, e_invoice: bool
) -> str:
    if not address:
        raise MailError("The contact has no mail address: nothing was sent.")
    to = checked_address(address)
    asked = (reader, outside.files, document.organization_id, document.id)
    content = await (document_einvoice(*asked) if e_invoice else document_pdf(*asked))
    mail = _mail(outside, document, to, content, datetime.now(UTC))
    return await asyncio.to_thread(outside.mailer.send, mail)


def _mail(outside: Outside, document: Document, to: str, content: bytes, now: datetime) -> Mail:
    copies = document.copies
    if copies is None:
        raise MailError("Only an issued document is mailed.")
    link = outside.link(VIEW, document.organization_id, document.id, now)
    seller = copies.organization
    subject, text = invoice_mail(document, seller.name, link, copies.language)
    return Mail(
        sender=Mailbox(outside.mail_from, seller.name),
        to=Mailbox(to, copies.contact.name),
        subject=subject,
        text=text,
        reply_to=None if seller.email is None else Mailbox(seller.email, seller.name),
        attachments=(Enclosure(_file_name(document), PDF_TYPE, content),),
    )


def _file_name(document: Document) -> str:
    """The number as the name of a file: one of a former system may hold anything."""
    return f"{_UNSAFE.sub('_', document.number or document.id).strip('._') or document.id}.pdf"
