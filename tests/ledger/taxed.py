"""Little tax rates and documents to test with, and their figures as people read them.

A rate is written as its components, each with a percentage: `GST 5, QST 9.975 compound`. A line
is written as `quantity x unit price`, or the price alone, and the id of its rate:
`3 x 33.33 vat`.
"""

from decimal import Decimal

from books import NOW

from ledger.currencies import CURRENCIES
from ledger.document_settings import Rounding
from ledger.money import amount_text
from ledger.pricing import DraftLine, price
from ledger.taxes import TaxComponent, TaxRate, TaxType

LINE, DOCUMENT = Rounding


def component(text):
    """A component: its name, its percentage, and `compound` or `lost` (not recoverable)."""
    name, percent, *marks = text.split()
    return TaxComponent(
        name,
        Decimal(percent),
        is_compound="compound" in marks,
        is_recoverable="lost" not in marks,
    )


def rate(id, text, **more: object):
    """A tax rate by its components."""
    components = tuple(map(component, text.split(",")))
    given = {"type": TaxType.VAT, "created_at": NOW, "updated_at": NOW} | more
    return TaxRate("org_1", id, id.upper(), components=components, **given)


RATES = {
    each.id: each
    for each in [
        rate("sales", "Sales 8.25"),
        rate("vat", "VAT 19"),
        rate("low", "VAT 7"),
        rate("zero", "VAT 0"),
        rate("quebec", "GST 5, QST 9.975 compound"),
        rate("canada", "GST 5, PST 7 lost"),
        rate("ten", "Tax 10"),
        rate("five", "Tax 5"),
        rate("abroad", "VAT 19", is_reverse_charge=True),
        rate("abroad-compound", "A 10, B 10 compound lost", is_reverse_charge=True),
        rate("deep", "A 10, B 10 compound, C 10 compound"),
    ]
}


def line(text, **more: object):
    """A line as a caller says it."""
    words = text.split()
    quantity = words.pop(0) if "x" in words else "1"
    unit_price, *rates = [word for word in words if word != "x"]
    return DraftLine(
        "Something", quantity, unit_price, "act_4000", tax_rate_id=next(iter(rates), None), **more
    )


def priced(
    *lines,
    currency="USD",
    inclusive=False,
    rounding=LINE,
    sale=True,
    rates=RATES,
    **more: object,
):
    """A document of lines, each a text or a `DraftLine`."""
    return price(
        [line(each) if isinstance(each, str) else each for each in lines],
        rates,
        CURRENCIES[currency],
        is_sale=sale,
        is_inclusive=inclusive,
        rounding=rounding,
        **more,
    )


def figures(document, currency="USD"):
    """Each line as `net + tax`, and the whole as `subtotal + tax = total`."""
    unit = CURRENCIES[currency]
    lines = [f"{amount_text(e.net, unit)} + {amount_text(e.tax, unit)}" for e in document.lines]
    subtotal, tax, total = (
        amount_text(each, unit) for each in (document.subtotal, document.tax, document.total)
    )
    return [*lines, f"{subtotal} + {tax} = {total}"]


def taxes(line, currency="USD"):
    """The taxes of a line, each as `name amount on base`."""
    unit = CURRENCIES[currency]
    return [
        f"{each.name} {amount_text(each.amount, unit)} on {amount_text(each.base, unit)}"
        for each in line.taxes
    ]
