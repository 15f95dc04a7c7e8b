"""What the mail says that an invoice is sent with, in the customer's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.currencies import Currency, currency
from ledger.documents import Document
from ledger.money import amount_text
from resolvers.mail import one_line


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a language, and how it writes dates and figures (as CLDR does)."""

    subject: str
    greeting: str
    sent: str
    due: str
    instalments: str
    look: str
    thanks: str
    day: str
    thousands: str
    point: str


_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_BLANK = "\u00a0"

_ENGLISH = _Words(
    subject="Invoice {number} from {seller}",
    greeting="Hello,",
    sent="{seller} has sent you invoice {number} for {total}.",
    due="It is due on {day}.",
    instalments="It is due in instalments:",
    look="You can view it and download it as a PDF here:",
    thanks="Thank you.",
    day="{0.day} {month} {0.year}",
    thousands=",",
    point=".",
)
_WORDS = {
    "en": _ENGLISH,
    "de": _Words(
        subject="Rechnung {number} von {seller}",
        greeting="Guten Tag,",
        sent="{seller} sendet Ihnen die Rechnung {number} über {total}.",
        due="Sie ist fällig am {day}.",
        instalments="Sie ist in Raten fällig:",
        look="Hier können Sie sie ansehen und als PDF herunterladen:",
        thanks="Vielen Dank und freundliche Grüße",
        day="{0:%d.%m.%Y}",
        thousands=".",
        point=",",
    ),
    "fr": _Words(
        subject="Facture {number} de {seller}",
        greeting="Bonjour,",
        sent="{seller} vous adresse la facture {number} d’un montant de {total}.",
        due="Elle est à régler au plus tard le {day}.",
        instalments=f"Elle est à régler en plusieurs échéances{_BLANK}:",
        look=f"Vous pouvez la consulter et la télécharger en PDF ici{_BLANK}:",
        thanks="Nous vous remercions de votre confiance.",
        day="{0:%d/%m/%Y}",
        thousands=_BLANK,
        point=",",
    ),
    "es": _Words(
        subject="Factura {number} de {seller}",
        greeting="Buenos días:",
        sent="{seller} le envía la factura {number} por un importe de {total}.",
        due="Vence el {day}.",
        instalments="Se paga en varios plazos:",
        look="Puede verla y descargarla en PDF aquí:",
        thanks="Muchas gracias.",
        day="{0:%d/%m/%Y}",
        thousands=".",
        point=",",
    ),
    "it": _Words(
        subject="Fattura {number} di {seller}",
        greeting="Buongiorno,",
        sent="{seller} Le invia la fattura {number} per un importo di {total}.",
        due="La scadenza è il {day}.",
        instalments="È pagabile a rate:",
        look="Può consultarla e scaricarla in PDF qui:",
        thanks="Grazie e cordiali saluti",
        day="{0:%d/%m/%Y}",
        thousands=".",
        point=",",
    ),
    "nl": _Words(
        subject="Factuur {number} van {seller}",
        greeting="Goedendag,",
        sent="{seller} stuurt u factuur {number} voor een bedrag van {total}.",
        due="De vervaldatum is {day}.",
        instalments="U kunt in termijnen betalen:",
        look="U kunt de factuur hier bekijken en als pdf downloaden:",
        thanks="Hartelijk dank en met vriendelijke groet,",
        day="{0:%d-%m-%Y}",
        thousands=".",
        point=",",
    ),
    "pt": _Words(
        subject="Fatura {number} de {seller}",
        greeting="Olá,",
        sent="{seller} envia-lhe a fatura {number} no valor de {total}.",
        due="A data de vencimento é {day}.",
        instalments="O pagamento é feito em prestações:",
        look="Pode consultá-la e descarregá-la em PDF aqui:",
        thanks="Obrigado e melhores cumprimentos",
        day="{0:%d/%m/%Y}",
        thousands=".",
        point=",",
    ),
    "pl": _Words(
        subject="Faktura {number} od {seller}",
        greeting="Dzień dobry,",
        sent="{seller} przesyła fakturę {number} na kwotę {total}.",
        due="Termin płatności: {day}.",
        instalments="Płatność w ratach:",
        look="Fakturę można obejrzeć i pobrać w formacie PDF tutaj:",
        thanks="Dziękujemy i pozdrawiamy",
        day="{0:%d.%m.%Y}",
        thousands=_BLANK,
        point=",",
    ),
}


def invoice_mail(document: Document, seller: str, link: str, language: str) -> tuple[str, str]:
    """The subject and the text that send an issued invoice: number, total, due dates, link.

    `language` is a tag such as "de" or "de-AT"; one that is not known here gives English.
    """
    words = _WORDS.get(language.lower().replace("_", "-").partition("-")[0], _ENGLISH)
    money = currency(document.currency)
    said = {
        "seller": one_line(seller),
        "number": one_line(document.number or document.id),
        "total": _figure(document.total, money, words),
    }
    parts = [words.sent.format(**said)]
    if len(document.dues) == 1:
        parts.append(words.due.format(day=_day(document.dues[0].date, words)))
    elif document.dues:
        rows = (
            f"- {_day(due.date, words)}: {_figure(due.amount, money, words)}"
            for due in document.dues
        )
        parts.append("\n".join([words.instalments, *rows]))
    text = "\n\n".join(
        [
            words.greeting,
            "\n".join(parts),
            f"{words.look}\n{link}",
            f"{words.thanks}\n{said['seller']}",
        ]
    )
    return words.subject.format(**said), f"{text}\n"


def _figure(minor: int, money: Currency, words: _Words) -> str:
    """An amount with its currency's code, as the language writes figures: "1.234,50 EUR"."""
    whole, _, fraction = amount_text(minor, money).partition(".")
    grouped = f"{int(whole):,}".replace(",", words.thousands)
    return f"{grouped}{words.point if fraction else ''}{fraction} {money.code}"


def _day(day: date, words: _Words) -> str:
    return words.day.format(day, month=_MONTHS[day.month - 1])
