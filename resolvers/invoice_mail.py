"""What the mail says that an invoice is sent with, in the customer's language."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.currencies import currency
from ledger.documents import Document
from resolvers.mail import one_line
from resolvers.paper.languages import language


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a language."""

    subject: str
    greeting: str
    sent: str
    due: str
    instalments: str
    look: str
    thanks: str


_WORDS = {
    "en": _Words(
        subject="Invoice {number} from {seller}",
        greeting="Hello,",
        sent="{seller} has sent you invoice {number} for {total}.",
        due="It is due on {day}.",
        instalments="It is due in instalments:",
        look="You can view it and download it as a PDF here:",
        thanks="Thank you.",
    ),
    "de": _Words(
        subject="Rechnung {number} von {seller}",
        greeting="Guten Tag,",
        sent="{seller} sendet Ihnen die Rechnung {number} über {total}.",
        due="Sie ist fällig am {day}.",
        instalments="Sie ist in Raten fällig:",
        look="Hier können Sie sie ansehen und als PDF herunterladen:",
        thanks="Vielen Dank und freundliche Grüße",
    ),
    "fr": _Words(
        subject="Facture {number} de {seller}",
        greeting="Bonjour,",
        sent="{seller} vous adresse la facture {number} d'un montant de {total}.",
        due="Elle est à régler au plus tard le {day}.",
        instalments="Elle est à régler en plusieurs échéances\N{NO-BREAK SPACE}:",
        look="Vous pouvez la consulter et la télécharger en PDF ici\N{NO-BREAK SPACE}:",
        thanks="Nous vous remercions de votre confiance.",
    ),
    "es": _Words(
        subject="Factura {number} de {seller}",
        greeting="Buenos días:",
        sent="{seller} le envía la factura {number} por un importe de {total}.",
        due="Vence el {day}.",
        instalments="Se paga en varios plazos:",
        look="Puede verla y descargarla en PDF aquí:",
        thanks="Muchas gracias.",
    ),
    "it": _Words(
        subject="Fattura {number} di {seller}",
        greeting="Buongiorno,",
        sent="{seller} Le invia la fattura {number} per un importo di {total}.",
        due="La scadenza è il {day}.",
        instalments="È pagabile a rate:",
        look="Può consultarla e scaricarla in PDF qui:",
        thanks="Grazie e cordiali saluti",
    ),
    "nl": _Words(
        subject="Factuur {number} van {seller}",
        greeting="Goedendag,",
        sent="{seller} stuurt u factuur {number} voor een bedrag van {total}.",
        due="De vervaldatum is {day}.",
        instalments="U kunt in termijnen betalen:",
        look="U kunt de factuur hier bekijken en als pdf downloaden:",
        thanks="Hartelijk dank en met vriendelijke groet,",
    ),
    "pt": _Words(
        subject="Fatura {number} de {seller}",
        greeting="Olá,",
        sent="{seller} envia-lhe a fatura {number} no valor de {total}.",
        due="A data de vencimento é {day}.",
        instalments="O pagamento é feito em prestações:",
        look="Pode consultá-la e obtê-la em PDF aqui:",
        thanks="Obrigado e melhores cumprimentos",
    ),
    "pl": _Words(
        subject="Faktura {number} od {seller}",
        greeting="Dzień dobry,",
        sent="{seller} przesyła fakturę {number} na kwotę {total}.",
        due="Termin płatności: {day}.",
        instalments="Płatność w ratach:",
        look="Fakturę można obejrzeć i pobrać w formacie PDF tutaj:",
        thanks="Dziękujemy i pozdrawiamy",
    ),
}


def invoice_mail(document: Document, seller: str, link: str, language_tag: str) -> tuple[str, str]:
    """The subject and the text that send an issued invoice: number, total, due dates, link.

    A language that is not known here reads as English. Figures and dates are as on paper.
    """
    known = language(language_tag)
    if known.code not in _WORDS:
        known = language("en")
    words, money = _WORDS[known.code], currency(document.currency)
    said = {
        "seller": one_line(seller),
        "number": one_line(document.number or document.id),
        "total": known.money_of(document.total, money),
    }
    rows = [words.sent.format(**said)]
    if len(document.dues) == 1:
        rows.append(words.due.format(day=known.written_day(document.dues[0].date)))
    elif document.dues:
        rows.append(words.instalments)
        rows += [
            f"- {known.written_day(due.date)}: {known.money_of(due.amount, money)}"
            for due in document.dues
        ]
    parts = (
        words.greeting,
        "\n".join(rows),
        f"{words.look}\n{link}",
        f"{words.thanks}\n{said['seller']}\n",
    )
    return words.subject.format(**said), "\n\n".join(parts)
