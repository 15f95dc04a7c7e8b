"""What stands on the paper of a document, in words and figures ready to be set.

A draft is shown with the copies that issuing it now would freeze, and marked as a draft. Every
text of the caller's is made fit for print here: one line where one is meant, no marks that turn
the direction of what stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.currencies import CURRENCIES, Currency
from ledger.document_settings import Paper
from ledger.documents import Copies, Document, DocumentKind, Line, Party, Phase
from ledger.pricing import TaxTotal, tax_totals
from resolvers.paper.addresses import address_lines
from resolvers.paper.languages import Language, language
from resolvers.paper.vat import vat_number

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BREAK = re.compile("[\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n(?: *\n)+")

Pair = tuple[str, str]
"""A label and what it labels."""


@dataclass(frozen=True, slots=True)
class Page:
    """A document as it is printed: texts only, each in the language of the paper.

    `moment` is the time that the PDF says it was made at: when the document was issued. `mark`
    is printed across a page that is no valid document, `status` says the same in a sentence.
    `rows` have as many cells as `columns` has heads; `columns` name what each is by the field
    of `Language`, `heads` by its word. `total` is the last of the totals. `schedule` has a row
    for each instalment where there is more than one. `folio` is a pattern with `{page}` and
    `{pages}`.
    """

    language: str
    paper: str
    moment: datetime
    title: str
    number: str | None
    mark: str | None
    status: str | None
    seller: str
    seller_lines: tuple[str, ...]
    return_address: str | None
    buyer_lines: tuple[str, ...]
    delivery: tuple[str, ...]
    facts: tuple[Pair, ...]
    columns: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[Pair, ...]
    total: Pair
    remarks: tuple[str, ...]
    notes: tuple[str, ...]
    schedule_head: str
    schedule: tuple[Pair, ...]
    payment_head: str
    payment: str | None
    footer: str | None
    folio: str
    logo: bytes | None = None


def page_of(
    document: Document, copies: Copies, *, base_currency: str, logo: bytes | None = None
) -> Page:
    """The page of a document and the copies frozen with it; the logo is that of its sender.

    On a bill and a vendor's credit the contact is the sender, whose logo we do not have.
    """
    is_ours = document.kind in {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE}
    seller, buyer = copies.organization, copies.contact
    if not is_ours:
        seller, buyer = buyer, seller
    is_american = copies.language == "en" and copies.paper == Paper.LETTER
    words = language("en-US" if is_american else copies.language)
    currency = CURRENCIES[document.currency]
    home = None if seller.address is None else seller.address.country
    is_invoice = document.kind is DocumentKind.INVOICE
    has_schedule = len(document.dues) > 1
    rows = [_cells(line, words, currency) for line in document.lines]
    heads = _heads(document, rows, words)
    return Page(
        language=words.code,
        paper=Paper(copies.paper).value,
        moment=document.issued_at or document.updated_at,
        title=str(getattr(words, document.kind.value)),
        number=_line(document.number),
        mark=_mark(document, words),
        status=_status(document, words),
        seller=_line(seller.name) or "",
        seller_lines=_seller_lines(seller, words),
        return_address=_return_address(seller, copies.paper),
        buyer_lines=_lines([buyer.name, *address_lines(buyer.address, home)]),
        delivery=_delivery(buyer, words, home),
        facts=_facts(document, copies.corrects_number, buyer, words),
        columns=tuple(heads),
        heads=tuple(heads.values()),
        rows=tuple(tuple(row[column] for column in heads) for row in rows),
        totals=_totals(document, words, currency),
        total=(words.total, words.money_of(document.total, currency)),
        remarks=_remarks(document, words, CURRENCIES[base_currency]),
        notes=_notes(document, words),
        schedule_head=words.schedule,
        schedule=tuple(
            (words.written_day(due.date), words.money_of(due.amount, currency))
            for due in document.dues
            if has_schedule
        ),
        payment_head=words.payment,
        payment=_text(copies.payment_details) if is_invoice else None,
        footer=_text(document.footer),
        folio=words.page,
        logo=logo if is_ours else None,
    )


def _text(value: str | None) -> str | None:
    """A text of several lines, with at most one blank line between two; None when it is blank."""
    if value is None:
        return None
    plain = _BREAK.sub("\n", _TURNING.sub("", value)).replace("\t", "    ")
    return _BLANK_LINES.sub("\n\n", plain).strip() or None


def _line(value: str | None) -> str | None:
    """A text in one line; None when it is blank."""
    return None if value is None else " ".join(_TURNING.sub("", value).split()) or None


def _lines(values: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(line for value in values if (line := _line(value)))


def _mark(document: Document, words: Language) -> str | None:
    marks = {Phase.DRAFT: words.draft, Phase.CANCELLED: words.cancelled}
    return marks.get(document.phase)


def _status(document: Document, words: Language) -> str | None:
    if document.phase is not Phase.CANCELLED or document.cancelled_on is None:
        return _mark(document, words)
    return words.cancelled_on.format(date=words.written_day(document.cancelled_on))


def _seller_lines(seller: Party, words: Language) -> tuple[str, ...]:
    home = None if seller.address is None else seller.address.country
    number = seller.tax_number
    label = words.vat_number if vat_number(number) else words.tax_number
    return _lines(
        [
            *address_lines(seller.address, home),
            f"{label} {number}" if number else None,
            seller.phone,
            seller.email,
            seller.website,
        ]
    )


def _return_address(seller: Party, paper: str) -> str | None:
    """The sender in one line above the address, as windows of German envelopes want it."""
    if paper != Paper.A4 or seller.address is None:
        return None
    return " · ".join(_lines([seller.name, *address_lines(seller.address, seller.address.country)]))


def _delivery(buyer: Party, words: Language, home: str | None) -> tuple[str, ...]:
    """Where to deliver, under its head, when that is not the address of the buyer."""
    if buyer.shipping_address in {None, buyer.address}:
        return ()
    lines = _lines(address_lines(buyer.shipping_address, home))
    return (words.delivery, *lines) if lines else ()


def _facts(
    document: Document, corrects_number: str | None, buyer: Party, words: Language
) -> tuple[Pair, ...]:
    is_ours = document.kind is DocumentKind.CREDIT_NOTE
    due = words.written_day(document.dues[0].date) if len(document.dues) == 1 else None
    facts = (
        (words.date, words.written_day(document.date)),
        (words.due, due),
        (words.against_invoice if is_ours else words.against_bill, _line(corrects_number)),
        (words.order, _line(document.order_number)),
        (words.buyer_tax_number, _line(buyer.tax_number)),
    )
    return tuple((label, value) for label, value in facts if value)


def _heads(
    document: Document, rows: Sequence[Mapping[str, str]], words: Language
) -> dict[str, str]:
    """The columns that any line has something in, with their heads."""
    heads = {
        "description": words.description,
        "quantity": words.quantity,
        "unit": "",
        "unit_price": words.unit_price,
        "line_discount": words.line_discount,
        "tax_rate": words.tax_rate,
        "amount": words.amount_with_tax if document.is_inclusive else words.amount,
    }
    return {name: head for name, head in heads.items() if any(row[name] for row in rows)}


def _cells(line: Line, words: Language, currency: Currency) -> dict[str, str]:
    """What stands in each column of a line; nothing where the line has nothing to say."""
    percent, amount = line.discount_percent, line.discount_amount
    taken_off = words.amount_of(amount, currency) if amount else ""
    return {
        "description": _text(line.description) or "",
        "quantity": words.number(line.quantity),
        "unit": _line(line.unit) or "",
        "unit_price": words.price(line.unit_price, currency),
        "line_discount": words.share(percent) if percent else taken_off,
        "tax_rate": _rate(line, words),
        "amount": words.amount_of(line.amount, currency),
    }


def _rate(line: Line, words: Language) -> str:
    """The percentages of a line's tax; what the recipient accounts for is no part of it."""
    charged = [tax for tax in line.taxes if not tax.is_reverse_charge]
    return " + ".join(words.share(tax.percent) for tax in charged)


def _totals(document: Document, words: Language, currency: Currency) -> tuple[Pair, ...]:
    """What leads from the lines to the total: none of it where the lines make the total up."""
    charged = [tax for tax in tax_totals(document.lines) if not tax.is_reverse_charge]
    rows: list[Pair] = []
    if document.discount:
        entered = sum(line.amount for line in document.lines)
        share = document.discount_percent
        label = f"{words.discount} {words.share(share)}" if share else words.discount
        rows.append((words.subtotal, words.amount_of(entered, currency)))
        rows.append((label, words.amount_of(-document.discount, currency)))
    if charged:
        rows.append((words.net, words.amount_of(document.subtotal, currency)))
    for tax in charged:
        label = _tax_label(tax, words)
        if tax.base != document.subtotal:
            base = words.amount_of(tax.base, currency)
            label = words.tax_on.format(tax=label, base=base)
        rows.append((label, words.amount_of(tax.amount, currency)))
    return tuple(rows)


def _tax_label(tax: TaxTotal, words: Language) -> str:
    """The name of a tax with its percentage, unless that is part of the name."""
    name = _line(tax.name) or words.tax_rate
    is_said = re.search(rf"(?<![\d.,]){re.escape(words.number(tax.percent))}(?![\d.,])", name)
    return name if is_said else f"{name} {words.share(tax.percent)}"


def _remarks(document: Document, words: Language, base: Currency) -> tuple[str, ...]:
    """What a document in a foreign currency comes to in the books of its seller."""
    rate, total, net = document.exchange_rate, document.base_total, document.base_subtotal
    if document.currency == base.code or rate is None or total is None:
        return ()
    at_rate = f"1 {document.currency} = {words.number(rate)} {base.code}".replace(" ", "\xa0")
    remarks = [words.in_base.format(total=words.money_of(total, base), rate=at_rate)]
    if document.tax and net is not None:
        remarks.append(words.tax_in_base.format(tax=words.money_of(total - net, base)))
    return tuple(remarks)


def _notes(document: Document, words: Language) -> tuple[str, ...]:
    reversed_ = any(tax.is_reverse_charge for line in document.lines for tax in line.taxes)
    notes = (words.reverse_charge if reversed_ else None, _text(document.notes))
    return tuple(note for note in notes if note)
