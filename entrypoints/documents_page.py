"""The page on which a customer sees a document, and the PDF behind its button.

    GET /documents/{token}        the page, by a link of purpose `view`; an invoice is then VIEWED
    GET /documents/{token}/pdf    its PDF, by the same link
    GET /pdf/{token}              a PDF for those who keep the books, by a link of purpose `pdf`
    GET /e-invoices/{token}       the same as Factur-X, by a link of purpose `einvoice`

The page has no script, asks nothing of any other host, and says what the paper says, in the
document's language. Whatever a caller wrote stands in it as text.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from entrypoints.document_words import WORDS, Words
from entrypoints.files import Rooms, claimed, coded, download
from entrypoints.refusals import as_json
from ledger.currencies import CURRENCIES
from ledger.documents import Phase
from ledger.errors import LedgerError
from ledger.lifecycle import DocumentStatus, status_of
from resolvers.outside import E_INVOICE, PDF, VIEW, nothing_there
from resolvers.paper.languages import language
from resolvers.printing import Printable, einvoice, printable, printed
from resolvers.viewing import is_unseen, view, viewing

logger = logging.getLogger("crane.documents")

_TEMPLATE = Path(__file__).with_name("document.html").read_text(encoding="utf-8")
_PAGE = Template(_TEMPLATE)
_REFUSAL = Template(
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>$cause</title>'
    "<body><main><h1>$cause</h1><p>$cure</p></main>"
)


def _policy(page: str) -> str:
    """What a page may do: show its own style, and nothing else."""
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    hashes = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in styles)
    allowed = " ".join(f"'sha256-{each}'" for each in hashes) or "'none'"
    return (
        f"default-src 'none'; style-src {allowed}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


PAGE_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": _policy(_TEMPLATE),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


class DocumentDoors:
    """The doors of documents; `rooms` are there once the house is open."""

    def __init__(self, rooms: Callable[[], Rooms]) -> None:
        self._rooms = rooms

    def routes(self) -> list[Route]:
        """Their addresses."""
        return [
            Route("/documents/{token}", coded(self._view, _refused)),
            Route("/documents/{token}/pdf", coded(self._viewed_pdf, _refused)),
            Route("/pdf/{token}", coded(self._pdf, _refused)),
            Route("/e-invoices/{token}", coded(self._einvoice, _refused)),
        ]

    async def _view(self, request: Request) -> Response:
        found = await self._found(request, VIEW)
        if request.method == "GET" and is_unseen(found.document):
            await self._note(request, found)
        token = request.path_params["token"]
        page = rendered(found, f"{token}/pdf", datetime.now(UTC))
        return HTMLResponse(page, headers=PAGE_HEADERS)

    async def _viewed_pdf(self, request: Request) -> Response:
        return await self._sent(await self._found(request, VIEW))

    async def _pdf(self, request: Request) -> Response:
        return await self._sent(await self._found(request, PDF))

    async def _einvoice(self, request: Request) -> Response:
        found = await self._found(request, E_INVOICE)
        return self._download(found, await einvoice(found, self._rooms().outside.files))

    async def _sent(self, found: Printable) -> Response:
        return self._download(found, await printed(found, self._rooms().outside.files))

    def _download(self, found: Printable, content: bytes) -> Response:
        name = f"{found.document.number or found.document.id}.pdf"
        return download(content, "application/pdf", name, "private, no-cache")

    async def _found(self, request: Request, purpose: str) -> Printable:
        """The document that the link opens; a draft was sent to nobody, and none may view it."""
        rooms = self._rooms()
        claim = claimed(request, rooms.outside, purpose)
        organization_id, document_id = claim.organization_id, claim.subject_id
        found = await rooms.database.read(printable, organization_id, document_id)
        if found is None or (purpose == VIEW and found.document.phase is Phase.DRAFT):
            raise nothing_there()
        return found

    async def _note(self, request: Request, found: Printable) -> None:
        """Mark the invoice as viewed; the customer sees it, whatever comes of that."""
        document = found.document
        call = viewing(document.organization_id, request.state.request_id)
        try:
            await self._rooms().writer.submit(call, view(document.id))
        except LedgerError as refusal:
            logger.warning("Not marked as viewed: %s", refusal.message)


def rendered(found: Printable, pdf: str, now: datetime) -> str:
    """The page as HTML; `pdf` is the address of the PDF, seen from the page."""
    page = found.page()
    words = WORDS[language(found.copies.language).code]
    heading = f"{page.title} {page.number}" if page.number else page.title
    return _PAGE.substitute(
        language=escape(page.language),
        title=escape(f"{heading} · {page.seller}"),
        heading=escape(heading),
        seller=escape(page.seller),
        seller_lines=_lines(page.seller_lines),
        buyer_lines=_lines(page.buyer_lines),
        status=_some('<p class="status">{}</p>', page.status or _status(found, words, now)),
        facts=_pairs(page.facts),
        amounts=_amounts(found, words, page.total),
        pdf=escape(pdf),
        download=escape(words.download),
        heads="".join(map(_head, page.columns, page.heads)),
        rows="\n".join(_row(page.columns, row) for row in page.rows),
        totals=_pairs(page.totals) + _pairs([page.total], ' class="total"'),
        remarks=_some('<p class="soft" dir="auto">{}</p>', "\n".join(page.remarks)),
        notes="".join(_some('<p class="long" dir="auto">{}</p>', note) for note in page.notes),
        schedule=_block(page.schedule_head, f"<dl>{_pairs(page.schedule)}</dl>", page.schedule),
        payment=_block(
            page.payment_head,
            _some('<p class="long" dir="auto">{}</p>', page.payment),
            page.payment,
        ),
        footer=_some('<footer class="soft long" dir="auto">{}</footer>', page.footer),
    )


def _status(found: Printable, words: Words, now: datetime) -> str | None:
    """What the customer is told of the state of a document; of a credit only that it is used."""
    status = status_of(found.document, found.organization.today(now))
    if found.document.kind.is_credit:
        return words.applied if status is DocumentStatus.APPLIED else None
    told = {
        DocumentStatus.PAID: words.paid,
        DocumentStatus.OVERDUE: words.overdue,
        DocumentStatus.PARTIAL: words.partial,
    }
    return told.get(status, words.open)


def _amounts(found: Printable, words: Words, total: tuple[str, str]) -> str:
    """The amount due, or the total of what nothing is due of: a credit, or a cancelled one."""
    document, item = found.document, found.document.item
    if item is None or document.kind.is_credit or document.phase is not Phase.ISSUED:
        label, figure = total
    else:
        written = language(found.copies.language)
        label = words.amount_due
        figure = written.money_of(item.open_amount, CURRENCIES[document.currency])
    return f'<span class="soft">{escape(label)}</span><strong>{escape(figure)}</strong>'


def _lines(lines: Iterable[str]) -> str:
    return "<br>".join(f"<bdi>{escape(line)}</bdi>" for line in lines)


def _pairs(pairs: Iterable[tuple[str, str]], marked: str = "") -> str:
    return "".join(
        f'<dt{marked}>{escape(name)}</dt><dd{marked} dir="auto">{escape(value)}</dd>'
        for name, value in pairs
    )


def _head(column: str, head: str) -> str:
    return f'<th scope="col"{_aligned(column)}>{escape(head)}</th>'


def _row(columns: Iterable[str], row: Iterable[str]) -> str:
    cells = zip(columns, row, strict=True)
    marked = (f'<td{_aligned(name)} dir="auto">{escape(cell)}</td>' for name, cell in cells)
    return f"<tr>{''.join(marked)}</tr>"


def _aligned(column: str) -> str:
    if column == "unit":
        return ' class="unit"'
    return "" if column == "description" else ' class="figure"'


def _some(form: str, text: str | None) -> str:
    """A text in its element, or nothing."""
    return form.format(escape(text)) if text else ""


def _block(head: str, body: str, content: object) -> str:
    return f"<section><h2>{escape(head)}</h2>{body}</section>" if content else ""


def _refused(request: Request, error: LedgerError, status: int) -> Response:
    """A refusal as a page for a browser, and for any other client as JSON."""
    if "text/html" not in request.headers.get("accept", ""):
        return as_json(request, error, status)
    said = {"cause": escape(error.message), "cure": escape(error.suggestion or "")}
    headers = PAGE_HEADERS | {"Content-Security-Policy": _policy("")}
    return HTMLResponse(_REFUSAL.substitute(said), status_code=status, headers=headers)
