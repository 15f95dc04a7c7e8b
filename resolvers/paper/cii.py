"""An invoice for machines: UN/CEFACT Cross Industry Invoice in the profile EN 16931.

The elements stand in the order of the schema; the numbers of business terms (BT-1 and so on) are
those of EN 16931-1. All amounts are those of the document, none is worked out anew. What the
document's discount takes off is an allowance for each category of VAT. With inclusive prices the
net amount of a line is known, but its net price would be an endless fraction: so the price is
told as that amount for the whole quantity (BT-149), and the discount is in it already.
"""

from __future__ import annotations

from decimal import Decimal
from xml.etree.ElementTree import Element

from ledger.currencies import CURRENCIES, Currency
from ledger.documents import Copies, Document, DocumentKind, Line
from ledger.money import amount_text, rate_text
from ledger.quantities import half_away
from resolvers.paper.banking import bic_in, iban_in
from resolvers.paper.cii_parties import buyer_party, place_of_delivery, seller_party
from resolvers.paper.elements import date_element, element, serialized, some
from resolvers.paper.languages import language
from resolvers.paper.units import unit_code
from resolvers.paper.vat import OUTSIDE, Category, CategoryTotal, categories_of, totals_of

MOST_DECIMALS = 2
"""How many decimals an amount has at most (BR-DEC-01 and the like)."""

_GUIDELINE = "urn:cen.eu:en16931:2017"
_TYPES = {DocumentKind.INVOICE: "380", DocumentKind.CREDIT_NOTE: "381"}
_DISCOUNT, _SURCHARGE = "95", "ABL"
_SEPA_TRANSFER, _TRANSFER, _NOT_DEFINED = "58", "30", "1"


def written(document: Document, copies: Copies, base: Currency) -> bytes:
    """The XML of an issued invoice or credit note; the same bytes for the same document.

    What EN 16931 requires is to be there already: number, addresses with countries, tax numbers.
    Raises `invalid_value` for a line with several taxes.
    """
    categories = categories_of(document.lines, copies.organization)
    totals = totals_of(document.lines, categories)
    rows = enumerate(zip(document.lines, categories, strict=True), start=1)
    note = some("Content", document.notes)
    root = element(
        "rsm:CrossIndustryInvoice",
        element(
            "rsm:ExchangedDocumentContext",
            element("GuidelineSpecifiedDocumentContextParameter", element("ID", _GUIDELINE)),
        ),
        element(
            "rsm:ExchangedDocument",
            element("ID", document.number),
            element("TypeCode", _TYPES[document.kind]),
            element("IssueDateTime", date_element(document.date)),
            None if note is None else element("IncludedNote", note),
        ),
        element(
            "rsm:SupplyChainTradeTransaction",
            *(_line(document, number, line, category) for number, (line, category) in rows),
            _agreement(document, copies, is_outside=OUTSIDE in categories),
            place_of_delivery(copies.contact),
            _settlement(document, copies, base, totals),
        ),
    )
    return serialized(root)


def _amount(name: str, minor: int, document: Document) -> Element:
    return element(name, amount_text(minor, CURRENCIES[document.currency]))


def _line(document: Document, number: int, line: Line, category: Category) -> Element:
    """A line (BG-25). A deduction is a negative quantity, for no price is below zero (BR-27)."""
    unit, first = unit_code(line.unit), line.description.strip().splitlines()[0]
    if document.is_inclusive:
        net, price, allowance = line.net, _units(abs(line.net), document.currency), None
        basis = element("BasisQuantity", rate_text(line.quantity), unitCode=unit)
    else:
        net, price, basis = line.amount, rate_text(abs(line.unit_price)), None
        allowance = _line_allowance(document, line)
    is_deduction = net < 0 or line.unit_price < 0
    quantity = -line.quantity if is_deduction else line.quantity
    total = _amount("LineTotalAmount", net, document)
    return element(
        "IncludedSupplyChainTradeLineItem",
        element("AssociatedDocumentLineDocument", element("LineID", str(number))),
        element(
            "SpecifiedTradeProduct",
            element("Name", " ".join(first.split())),
            some("Description", line.description if line.description.strip() != first else None),
        ),
        element(
            "SpecifiedLineTradeAgreement",
            element("NetPriceProductTradePrice", element("ChargeAmount", price), basis),
        ),
        element(
            "SpecifiedLineTradeDelivery",
            element("BilledQuantity", rate_text(quantity), unitCode=unit),
        ),
        element(
            "SpecifiedLineTradeSettlement",
            element("ApplicableTradeTax", *_category(category)),
            allowance,
            element("SpecifiedTradeSettlementLineMonetarySummation", total),
        ),
    )


def _units(minor: int, code: str) -> str:
    return amount_text(minor, CURRENCIES[code])


def _line_allowance(document: Document, line: Line) -> Element | None:
    """What lies between quantity times price and the line's amount; of a deduction a charge."""
    pieces, piece_parts = line.quantity.as_integer_ratio()
    money, money_parts = line.unit_price.as_integer_ratio()
    decimals = CURRENCIES[document.currency].decimals
    gross = half_away(pieces * money * 10**decimals, piece_parts * money_parts)
    return _allowance(document, gross - line.amount) if gross != line.amount else None


def _allowance(document: Document, minor: int, *category: Element) -> Element:
    is_charge = minor < 0
    return element(
        "SpecifiedTradeAllowanceCharge",
        element("ChargeIndicator", element("udt:Indicator", str(is_charge).lower())),
        _amount("ActualAmount", abs(minor), document),
        element("ReasonCode", _SURCHARGE if is_charge else _DISCOUNT),
        element("Reason", "Deduction" if is_charge else "Discount"),
        element("CategoryTradeTax", *category) if category else None,
    )


def _category(category: Category) -> tuple[Element, ...]:
    """The category and rate of VAT; what is outside of VAT has no rate (BR-O-05)."""
    rate = () if category.code == "O" else (_percent(category.percent),)
    return (element("TypeCode", "VAT"), element("CategoryCode", category.code), *rate)


def _percent(percent: Decimal) -> Element:
    return element("RateApplicablePercent", rate_text(percent))


def _agreement(document: Document, copies: Copies, *, is_outside: bool) -> Element:
    """Who sells what to whom; outside of VAT no buyer has a VAT number (BR-O-02)."""
    order = some("IssuerAssignedID", document.order_number)
    return element(
        "ApplicableHeaderTradeAgreement",
        seller_party(copies.organization, document.organization_id),
        buyer_party(copies.contact, is_taxed=not is_outside),
        None if order is None else element("BuyerOrderReferencedDocument", order),
    )


def _settlement(
    document: Document, copies: Copies, base: Currency, totals: tuple[CategoryTotal, ...]
) -> Element:
    corrects = some("IssuerAssignedID", copies.corrects_number)
    is_foreign = _tax_in_base(document, base) is not None
    discounts = [
        _allowance(document, total.discount, *_category(total.category))
        for total in totals
        if total.discount and not document.is_inclusive
    ]
    return element(
        "ApplicableHeaderTradeSettlement",
        element("PaymentReference", document.number),
        element("TaxCurrencyCode", base.code) if is_foreign else None,
        element("InvoiceCurrencyCode", document.currency),
        _payment_means(document, copies),
        *(_tax(document, total) for total in totals),
        *discounts,
        _terms(document, copies),
        _summation(document, base, totals),
        None if corrects is None else element("InvoiceReferencedDocument", corrects),
    )


def _tax_in_base(document: Document, base: Currency) -> int | None:
    """The tax in the currency of the books, which is to be told where it is another (BT-111)."""
    total, net = document.base_total, document.base_subtotal
    if document.currency == base.code or base.decimals > MOST_DECIMALS:
        return None
    return None if total is None or net is None else total - net


def _payment_means(document: Document, copies: Copies) -> Element | None:
    """How to pay: to the account in the payment details, if there is one, else as they say."""
    details = copies.payment_details
    if details is None or document.kind.is_credit:
        return None
    iban, bic = iban_in(details), bic_in(details)
    if iban is None:
        information = some("Information", details)
        code = element("TypeCode", _NOT_DEFINED)
        return element("SpecifiedTradeSettlementPaymentMeans", code, information)
    transfer = _SEPA_TRANSFER if document.currency == "EUR" else _TRANSFER
    bank = None
    if bic is not None:
        bank = element("PayeeSpecifiedCreditorFinancialInstitution", element("BICID", bic))
    return element(
        "SpecifiedTradeSettlementPaymentMeans",
        element("TypeCode", transfer),
        element("PayeePartyCreditorFinancialAccount", element("IBANID", iban)),
        bank,
    )


def _tax(document: Document, total: CategoryTotal) -> Element:
    category = total.category
    type_, code, *rate = _category(category)
    return element(
        "ApplicableTradeTax",
        _amount("CalculatedAmount", total.tax, document),
        type_,
        some("ExemptionReason", category.reason),
        _amount("BasisAmount", total.base, document),
        code,
        some("ExemptionReasonCode", category.reason_code),
        *rate,
    )


def _terms(document: Document, copies: Copies) -> Element | None:
    """When to pay: a date where there is one; instalments, and what a credit is, in words."""
    if len(document.dues) == 1:
        due = element("DueDateDateTime", date_element(document.dues[0].date))
        return element("SpecifiedTradePaymentTerms", due)
    words = language(copies.language)
    text = "\n".join(
        f"{due.date}: {_units(due.amount, document.currency)} {document.currency}"
        for due in document.dues
    )
    if not text and not document.total:
        return None
    description = element("Description", text or words.credit_note)
    return element("SpecifiedTradePaymentTerms", description)


def _summation(document: Document, base: Currency, totals: tuple[CategoryTotal, ...]) -> Element:
    discount = 0 if document.is_inclusive else sum(total.discount for total in totals)
    in_base = _tax_in_base(document, base)
    tax = _amount("TaxTotalAmount", document.tax, document)
    tax.set("currencyID", document.currency)
    foreign = None
    if in_base is not None:
        text = amount_text(in_base, base)
        foreign = element("TaxTotalAmount", text, currencyID=base.code)
    return element(
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        _amount("LineTotalAmount", document.subtotal + discount, document),
        _amount("AllowanceTotalAmount", discount, document) if discount else None,
        _amount("TaxBasisTotalAmount", document.subtotal, document),
        tax,
        foreign,
        _amount("GrandTotalAmount", document.total, document),
        _amount("DuePayableAmount", document.total, document),
    )
