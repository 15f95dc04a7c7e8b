"""What the page of a document says in each language, beside what the paper says."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """What the page says and the paper does not."""

    amount_due: str
    open: str
    overdue: str
    partial: str
    paid: str
    applied: str
    download: str


WORDS = {
    "en": Words("Amount due", "Open", "Overdue", "Partly paid", "Paid", "Applied", "Download PDF"),
    "de": Words(
        "Offener Betrag",
        "Offen",
        "Überfällig",
        "Teilweise bezahlt",
        "Bezahlt",
        "Verrechnet",
        "PDF herunterladen",
    ),
    "fr": Words(
        "Reste à payer",
        "À payer",
        "En retard",
        "Partiellement payée",
        "Payée",
        "Imputé",
        "Télécharger le PDF",
    ),
    "es": Words(
        "Importe pendiente",
        "Pendiente",
        "Vencida",
        "Pagada en parte",
        "Pagada",
        "Aplicada",
        "Descargar PDF",
    ),
    "it": Words(
        "Importo da pagare",
        "Da pagare",
        "Scaduta",
        "Pagata in parte",
        "Pagata",
        "Utilizzata",
        "Scarica il PDF",
    ),
    "nl": Words(
        "Openstaand bedrag",
        "Open",
        "Vervallen",
        "Deels betaald",
        "Betaald",
        "Verrekend",
        "PDF downloaden",
    ),
    "pt": Words(
        "Valor em dívida",
        "Por pagar",
        "Vencida",
        "Parcialmente paga",
        "Paga",
        "Aplicada",
        "Descarregar PDF",
    ),
    "pl": Words(
        "Pozostało do zapłaty",
        "Nieopłacona",
        "Po terminie",
        "Częściowo opłacona",
        "Opłacona",
        "Rozliczona",
        "Pobierz PDF",
    ),
}
"""The words of each language that paper is printed in."""
