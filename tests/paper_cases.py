"""Documents for tests and benches of paper: sellers, buyers, lines, as they were issued."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ledger.contacts import Address
from ledger.currencies import CURRENCIES
from ledger.document_settings import Rounding
from ledger.documents import Copies, Document, DocumentKind, Party, Phase
from ledger.open_items import Due
from ledger.pricing import DraftLine, price
from ledger.taxes import TaxComponent, TaxRate, TaxType

ISSUED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

BERLIN = Party(
    name="Nordlicht Werkstätten GmbH",
    tax_number="DE123456789",
    email="rechnung@nordlicht.example",
    phone="+49 30 1234567",
    website="www.nordlicht.example",
    address=Address("Lehrter Straße 57", None, "Berlin", None, "10557", "DE"),
)
HAMBURG = Party(
    name="Hafenkontor Petersen & Söhne KG",
    tax_number="DE987654321",
    email="einkauf@hafenkontor.example",
    address=Address("Am Sandtorkai 12", "3. Obergeschoss", "Hamburg", None, "20457", "DE"),
)
LYON = Party(
    name="Atelier Beaumont SARL",
    tax_number="FR40303265045",
    address=Address("18 quai Saint-Antoine", None, "Lyon", None, "69002", "FR"),
    shipping_address=Address("4 rue du Dépôt", None, "Villeurbanne", None, "69100", "FR"),
)
BANGALORE = Party(
    name="Indigo Systems Private Limited",
    tax_number="29ABCDE1234F1Z5",
    email="accounts@indigo.example",
    phone="+91 80 4000 1000",
    website="indigo.example",
    address=Address("42 Residency Road", None, "Bengaluru", "Karnataka", "560025", "IN"),
)
AUSTIN = Party(
    name="Lone Star Analytics, Inc.",
    address=Address("1100 Congress Avenue", "Suite 400", "Austin", "TX", "78701", "US"),
)
BANK = "Nordbank Berlin\nIBAN DE89 3704 0044 0532 0130 00\nBIC COBADEFFXXX"


def rate(
    key: str, name: str, percent: str, *more: TaxComponent, is_reverse_charge: bool = False
) -> TaxRate:
    """A tax rate of one component, or of several."""
    first = TaxComponent(name, Decimal(percent))
    return TaxRate(
        "org_1",
        key,
        name,
        TaxType.VAT,
        (first, *more),
        ISSUED,
        ISSUED,
        is_reverse_charge=is_reverse_charge,
    )


RATES = {
    rate_.id: rate_
    for rate_ in (
        rate("tax_19", "USt", "19"),
        rate("tax_7", "USt", "7"),
        rate("tax_0", "VAT", "0"),
        rate("tax_rc", "USt", "19", is_reverse_charge=True),
        rate("tax_gst", "IGST", "18"),
        rate("tax_two", "GST", "5", TaxComponent("QST", Decimal("9.975"))),
    )
}


def line(description: str, quantity: str, unit_price: str, **more: Any) -> DraftLine:
    """A line as a caller says it."""
    return DraftLine(description, quantity, unit_price, "act_1", **more)


def document(
    lines: Sequence[DraftLine],
    *,
    kind: DocumentKind = DocumentKind.INVOICE,
    currency: str = "EUR",
    is_inclusive: bool = False,
    rounding: Rounding = Rounding.LINE,
    discount_percent: str | None = None,
    **more: Any,
) -> Document:
    """An issued document with these lines, due in a month."""
    priced = price(
        lines,
        RATES,
        CURRENCIES[currency],
        is_sale=kind in {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE},
        is_inclusive=is_inclusive,
        rounding=rounding,
        discount_percent=discount_percent,
    )
    dues = () if kind.is_credit else (Due(date(2026, 12, 20), priced.total),)
    plain = Document(
        organization_id="org_1",
        id="inv_1",
        kind=kind,
        contact_id="con_1",
        date=date(2026, 11, 20),
        dues=dues,
        currency=currency,
        lines=priced.lines,
        subtotal=priced.subtotal,
        discount=priced.discount,
        tax=priced.tax,
        total=priced.total,
        created_at=ISSUED,
        updated_at=ISSUED,
        phase=Phase.ISSUED,
        is_inclusive=is_inclusive,
        number="RE-2026-0042",
        discount_percent=priced.discount_percent,
        discount_amount=priced.discount_amount,
        issued_at=ISSUED,
    )
    return replace(plain, **more)


def copies(seller: Party = BERLIN, buyer: Party = HAMBURG, **more: Any) -> Copies:
    """The copies that issuing has frozen: German on A4, with a bank account, unless said."""
    plain = Copies(seller, buyer, language="de", paper="a4", payment_details=BANK)
    return replace(plain, **more)


def picture(width: int, height: int) -> bytes:
    """A PNG of that size: a dark square with a lighter bar in it."""
    bar, ground = b"\x5b\x8d\xb8", b"\x1b\x3a\x57"
    rows = b"".join(
        b"\0" + (bar if height // 3 < y < 2 * height // 3 else ground) * width
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def german() -> Document:
    """An ordinary invoice: two rates, hours and pieces."""
    lines = (
        line("Konzept und Entwurf", "12.5", "96.00", unit="Std.", tax_rate_id="tax_19"),
        line("Regal Eiche, geölt\n220 x 80 cm", "4", "489", unit="Stück", tax_rate_id="tax_19"),
        line("Fachbuch „Holz im Raum“", "2", "34.90", unit="Stück", tax_rate_id="tax_7"),
        line("Lieferung und Montage", "1", "350.00", tax_rate_id="tax_19"),
    )
    return document(
        lines,
        order_number="HK-77120",
        notes="Vielen Dank für Ihren Auftrag.",
        footer="Nordlicht Werkstätten GmbH · Sitz Berlin · HRB 123456 B\n"
        "Geschäftsführerin: Johanna Brandt",
    )


def foreign() -> Document:
    """An invoice in dollars of a seller with books in rupees, to be paid in three parts."""
    lines = (
        line("Data platform: implementation, phase 2", "1", "85000", tax_rate_id="tax_gst"),
        line("Workshop", "3", "1250", unit="days", tax_rate_id="tax_gst", discount_percent="10"),
        line("Support retainer, Q1", "1", "18000", tax_rate_id="tax_gst"),
    )
    return document(
        lines,
        currency="USD",
        number="INV-0117",
        exchange_rate=Decimal("80.25"),
        base_total=1_007_318_063,
        base_subtotal=853_659_375,
        dues=(
            Due(date(2026, 12, 20), 3_765_675),
            Due(date(2027, 1, 19), 6_276_125),
            Due(date(2027, 2, 18), 2_510_450),
        ),
    )


def long(count: int = 40) -> Document:
    """An invoice of so many lines."""
    lines = [
        line(f"Position {place}", str(place), "12.345", unit="Stk", tax_rate_id="tax_19")
        for place in range(1, count + 1)
    ]
    return document(lines)


HOSTILE = (
    '#import "@preview/x:1.0.0": * #read("/etc/passwd") *b* _i_ $x^2$ `c` @ref \\ // /* = h\n'
    "<b>bold</b> <script>alert(1)</script> &amp; \u202eoverride\u202c שלום العربية 日本語 😀"
)


def hostile() -> tuple[Document, Copies]:
    """A document and copies with markup, long words and other scripts in every text."""
    word = "W" * 200
    place = Address(HOSTILE, "i" * 200, "עיר ירושלים", "العربية", "日本語", "ZZ")
    party = Party(
        word, "#sys.inputs" * 9, "m" * 200, HOSTILE, "http://" + word, place, BERLIN.address
    )
    lines = (
        line(HOSTILE, "99999999.123456", "9999.123456", unit="W" * 50, tax_rate_id="tax_two"),
        line(
            "W" * 1000, "1", "1", unit="日本語😀", tax_rate_id="tax_7", discount_percent="12.3456"
        ),
        line("a\n" * 400, "1", "999999999.99", tax_rate_id="tax_19"),
    )
    made = document(
        lines,
        number="N" * 100,
        order_number="O" * 100,
        notes=("#panic() " * 1200)[:10_000],
        footer="W" * 10_000,
        exchange_rate=Decimal("1234567890.1234567891"),
        base_total=10**15,
        base_subtotal=1,
    )
    seen = copies(
        party, party, language="xx", payment_details="漢" * 5_000, corrects_number="C" * 100
    )
    return made, seen
