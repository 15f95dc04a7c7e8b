"""What the mail with an invoice says, in eight languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger.documents import Document, DocumentKind
from ledger.open_items import Due
from resolvers.invoice_mail import _WORDS, invoice_mail


def invoice(*dues, **more):
    now = datetime(2026, 1, 5, tzinfo=UTC)
    known = {"number": "INV-0001", "currency": "EUR"} | more
    return Document(
        organization_id="org_1",
        id="inv_1",
        kind=DocumentKind.INVOICE,
        contact_id="con_1",
        date=date(2026, 1, 5),
        dues=tuple(Due(day, amount) for day, amount in dues),
        lines=(),
        subtotal=123_450,
        discount=0,
        tax=0,
        total=123_450,
        created_at=now,
        updated_at=now,
        **known,
    )


LINK = "https://books.example.com/i/token"
ONCE = invoice((date(2026, 2, 4), 123_450))


def test_the_mail_says_number_total_due_date_and_where_to_look():
    subject, text = invoice_mail(ONCE, "Little Books", LINK, "en")
    assert subject == "Invoice INV-0001 from Little Books"
    assert text == (
        "Hello,\n\n"
        "Little Books has sent you invoice INV-0001 for €1,234.50.\n"
        "It is due on 4 Feb 2026.\n\n"
        "You can view it and download it as a PDF here:\n"
        "https://books.example.com/i/token\n\n"
        "Thank you.\nLittle Books\n"
    )


def test_instalments_are_listed():
    thirds = invoice((date(2026, 2, 4), 100_000), (date(2026, 3, 6), 23_450))
    _, text = invoice_mail(thirds, "Little Books", LINK, "de-DE")
    assert (
        "Little Books sendet Ihnen die Rechnung INV-0001 über 1.234,50\u00a0€.\n"
        "Sie ist in Raten fällig:\n"
        "- 04.02.2026: 1.000,00\u00a0€\n"
        "- 06.03.2026: 234,50\u00a0€\n\n"
    ) in text


@pytest.mark.parametrize(
    ("tag", "subject", "due"),
    [
        ("de", "Rechnung INV-0001 von B", "Sie ist fällig am 04.02.2026."),
        ("FR", "Facture INV-0001 de B", "Elle est à régler au plus tard le 04/02/2026."),
        ("es_MX", "Factura INV-0001 de B", "Vence el 04/02/2026."),
        ("it", "Fattura INV-0001 di B", "La scadenza è il 04/02/2026."),
        ("nl", "Factuur INV-0001 van B", "De vervaldatum is 04-02-2026."),
        ("pt-BR", "Fatura INV-0001 de B", "A data de vencimento é 04/02/2026."),
        ("pl", "Faktura INV-0001 od B", "Termin płatności: 04.02.2026."),
        ("sv", "Invoice INV-0001 from B", "It is due on 4 Feb 2026."),
        ("", "Invoice INV-0001 from B", "It is due on 4 Feb 2026."),
    ],
)
def test_the_mail_is_in_the_customers_language_or_in_english(tag, subject, due):
    said, text = invoice_mail(ONCE, "B", LINK, tag)
    assert said == subject
    assert f"\n{due}\n" in text
    assert f"\n{LINK}\n" in text


def test_a_language_that_only_paper_knows_reads_as_english_throughout(monkeypatch):
    monkeypatch.delitem(_WORDS, "de")
    assert invoice_mail(ONCE, "B", LINK, "de") == invoice_mail(ONCE, "B", LINK, "en")


def test_a_mail_about_an_invoice_that_is_due_on_no_day_names_none():
    _, text = invoice_mail(invoice(currency="JPY", number=None), "B", LINK, "en")
    assert "B has sent you invoice inv_1 for ¥123,450.\n\nYou can" in text


def test_no_name_is_read_as_a_pattern_or_adds_a_line():
    subject, text = invoice_mail(ONCE, "{total.__class__}\r\nBcc: x %s", LINK, "en")
    assert subject == "Invoice INV-0001 from {total.__class__} Bcc: x %s"
    assert text.endswith("Thank you.\n{total.__class__} Bcc: x %s\n")
