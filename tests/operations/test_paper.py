import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from paper_cases import (
    AUSTIN,
    BANGALORE,
    BERLIN,
    HAMBURG,
    LYON,
    copies,
    document,
    foreign,
    german,
    hostile,
    line,
    long,
    picture,
)
from png import ink_right_of

from ledger.documents import DocumentKind, Phase
from ledger.errors import LedgerError, Reason
from resolvers.paper import press
from resolvers.paper.logos import LOGO_BYTES, require_logo
from resolvers.paper.page import page_of


def page(made, seen, base="EUR", **more):
    return page_of(made, seen, base_currency=base, **more)


def leaves_of(pdf):
    return [leaf.extract_text() for leaf in pypdf.PdfReader(io.BytesIO(pdf)).pages]


# What stands on it


def test_an_ordinary_invoice_says_who_what_when_and_how_much():
    made = page(german(), copies())
    assert (made.title, made.number, made.mark, made.status) == (
        "Rechnung",
        "RE-2026-0042",
        None,
        None,
    )
    assert made.seller == "Nordlicht Werkstätten GmbH"
    assert made.seller_lines == (
        "Lehrter Straße 57",
        "10557 Berlin",
        "USt-IdNr. DE123456789",
        "+49 30 1234567",
        "rechnung@nordlicht.example",
        "www.nordlicht.example",
    )
    assert made.return_address == "Nordlicht Werkstätten GmbH · Lehrter Straße 57 · 10557 Berlin"
    assert made.buyer_lines == (
        "Hafenkontor Petersen & Söhne KG",
        "Am Sandtorkai 12",
        "3. Obergeschoss",
        "20457 Hamburg",
    )
    assert made.facts == (
        ("Datum", "20.11.2026"),
        ("Fällig am", "20.12.2026"),
        ("Bestellnummer", "HK-77120"),
        ("USt-IdNr. Kunde", "DE987654321"),
    )
    assert made.heads == ("Bezeichnung", "Menge", "", "Einzelpreis", "USt.", "Betrag")
    assert made.rows == (
        ("Konzept und Entwurf", "12,5", "Std.", "96,00", "19\xa0%", "1.200,00"),
        ("Regal Eiche, geölt\n220 x 80 cm", "4", "Stück", "489,00", "19\xa0%", "1.956,00"),
        ("Fachbuch „Holz im Raum“", "2", "Stück", "34,90", "7\xa0%", "69,80"),
        ("Lieferung und Montage", "1", "", "350,00", "19\xa0%", "350,00"),
    )
    assert made.totals == (
        ("Nettobetrag", "3.575,80"),
        ("USt 19\xa0% auf 3.506,00", "666,14"),
        ("USt 7\xa0% auf 69,80", "4,89"),
    )
    assert made.total == ("Gesamtbetrag", "4.246,83\xa0€")
    assert made.payment == "Nordbank Berlin\nIBAN DE89 3704 0044 0532 0130 00\nBIC COBADEFFXXX"
    assert (made.schedule, made.remarks, made.delivery) == ((), (), ())


def test_a_foreign_invoice_has_its_instalments_and_what_it_comes_to_in_the_books():
    made = page(foreign(), copies(BANGALORE, AUSTIN, language="en", paper="letter"), base="INR")
    assert made.total == ("Total", "$125,522.50")
    assert made.remarks == (
        "Equals ₹10,073,180.63 at 1\xa0USD\xa0=\xa080.25\xa0INR",
        "Tax included: ₹1,536,586.88",
    )
    assert made.schedule == (
        ("Dec 20, 2026", "$37,656.75"),
        ("Jan 19, 2027", "$62,761.25"),
        ("Feb 18, 2027", "$25,104.50"),
    )
    assert made.facts == (("Date", "Nov 20, 2026"),)
    assert made.rows[1] == ("Workshop", "3", "days", "1,250.00", "10%", "18%", "3,375.00")
    assert made.buyer_lines[-2:] == ("Austin, TX 78701", "UNITED STATES")
    assert made.seller_lines[1:3] == ("Bengaluru, Karnataka 560025", "Tax no. 29ABCDE1234F1Z5")
    assert (made.paper, made.return_address) == ("letter", None)
    untaxed = document(
        [line("a", "1", "1")], currency="USD", exchange_rate=Decimal(2), base_total=2
    )
    assert page(untaxed, copies(language="en"), base="JPY").remarks == (
        "Equals ¥2 at 1\xa0USD\xa0=\xa02\xa0JPY",
    )


def test_a_credit_note_names_the_invoice_and_asks_for_no_payment():
    lines = [line("Retour", "1", "489.00", tax_rate_id="tax_rc")]
    made = page(
        document(lines, kind=DocumentKind.CREDIT_NOTE, number="AV-3", notes="Cassé."),
        copies(BERLIN, LYON, language="fr", corrects_number="RE-39"),
    )
    assert made.title == "Avoir"
    assert made.facts == (
        ("Date", "20/11/2026"),
        ("Sur facture", "RE-39"),
        ("N° TVA client", "FR40303265045"),
    )
    assert made.delivery == (
        "Adresse de livraison",
        "4 rue du Dépôt",
        "69100 Villeurbanne",
        "FRANCE",
    )
    assert made.payment is None
    # What the recipient accounts for is neither a column nor a total, but said.
    assert made.columns == ("description", "quantity", "unit_price", "amount")
    assert made.totals == ()
    assert made.notes == ("Autoliquidation\xa0: la taxe est due par le preneur.", "Cassé.")


def test_a_bill_is_sent_by_the_vendor_whose_logo_we_do_not_have():
    made = page(
        document([line("Coffee", "2", "10")], kind=DocumentKind.BILL, number="V-99"),
        copies(AUSTIN, BERLIN, language="en"),
        logo=picture(10, 10),
    )
    assert (made.title, made.seller, made.logo) == ("Bill", "Nordlicht Werkstätten GmbH", None)
    assert made.buyer_lines[0] == "Lone Star Analytics, Inc."
    assert made.payment is None
    assert made.totals == ()


def test_a_draft_and_a_cancelled_document_are_marked():
    draft = page(replace(german(), phase=Phase.DRAFT, number=None, issued_at=None), copies())
    assert (draft.mark, draft.status, draft.number) == ("Entwurf", "Entwurf", None)
    cancelled = replace(german(), phase=Phase.CANCELLED, cancelled_on=date(2026, 11, 25))
    assert page(cancelled, copies()).mark == "Storniert"
    assert page(cancelled, copies()).status == "Storniert am 25.11.2026"
    assert "ENTWURF" in leaves_of(press.pdf(draft))[0]


def test_inclusive_prices_a_discount_and_several_taxes_lead_to_the_total():
    lines = [
        line("Fahrrad", "1", "899", tax_rate_id="tax_19", discount_amount="10"),
        line("Pfand", "1", "-15", tax_rate_id="tax_19"),
    ]
    made = page(document(lines, is_inclusive=True, discount_percent="5"), copies(language="en"))
    assert made.heads[-1] == "Amount incl. tax"
    assert [row[-1] for row in made.rows] == ["889.00", "\u221215.00"]
    assert [row[3] for row in made.rows] == ["10.00", ""]
    assert made.totals == (
        ("Subtotal", "874.00"),
        ("Discount 5%", "\u221243.70"),
        ("Net amount", "697.73"),
        ("USt 19%", "132.57"),
    )
    two = page(document([line("a", "1", "100", tax_rate_id="tax_two")]), copies(language="en"))
    assert two.rows[0][-2] == "5% + 9.975%"
    assert two.totals[1:] == (("GST 5%", "5.00"), ("QST 9.975%", "9.98"))


def test_texts_are_made_fit_for_print():
    lines = [line("a\u202eb\u2066\n\n\n\tc\u2028d", "1", "1")]
    made = page(document(lines, notes=" \n\t", order_number="x\ny\tz"), copies())
    assert made.rows[0][0] == "ab\n\n    c\nd"
    assert made.notes == ()
    assert ("Bestellnummer", "x y z") in made.facts


# Logos


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "is neither a PNG nor a JPEG in grey or RGB"),
        (b"<svg/>", "is neither"),
        (b"GIF89a" + bytes(40), "is neither"),
        (b"\xff\xd8\xff\xc0\0\x14\x08\0\x0a\0\x0a\x04" + bytes(20), "is neither"),
        (b"\xff\xd8\xff\xe0\0\x10" + bytes(14), "is neither"),
        (
            b"\xff\xd8\xff\xc0\0\x11\x08\0\x0a\0\x0a\x03" + bytes(20),
            "is damaged and cannot be read",
        ),
        (
            picture(20, 20)[:16] + b"\0\0\xff\xff\0\0\xff\xff",
            "has 24 bytes and 65535 x 65535 pixels",
        ),
        (picture(20, 20)[:16] + bytes(8), "0 x 0"),
        (picture(20, 20) + bytes(LOGO_BYTES), "has 1000"),
        (picture(20, 20)[:-20], "is damaged and cannot be read"),
    ],
)
def test_a_picture_that_cannot_be_printed_is_refused(data, cause):
    with pytest.raises(LedgerError) as refused:
        require_logo(data, "logoId")
    assert (refused.value.reason, refused.value.field) == (Reason.INVALID_VALUE, "logoId")
    assert refused.value.message.startswith(f"The logo {cause}") or cause in refused.value.message


def test_a_logo_is_printed_and_a_damaged_one_refused_by_the_press_too():
    require_logo(picture(300, 100))
    shown = page(german(), copies(), logo=picture(300, 100))
    (leaf,) = pypdf.PdfReader(io.BytesIO(press.pdf(shown))).pages
    (image,) = [each.get_object() for each in leaf["/Resources"]["/XObject"].values()]
    assert (image["/Width"], image["/Height"]) == (300, 100)
    for width, height in ((4_000, 2), (2, 4_000)):
        assert len(press.leaves(page(german(), copies(), logo=picture(width, height)), 30)) == 1
    with pytest.raises(LedgerError, match="damaged"):
        press.pdf(replace(shown, logo=picture(300, 100)[:-20]))


# The press


def test_the_same_page_gives_the_same_bytes_from_any_thread():
    pages = [page(german(), copies()), page(*hostile(), base="USD"), page(long(), copies())]
    alone = [press.pdf(made) for made in pages]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(press.pdf, pages * 4)) == alone * 4
    assert press.pdf(replace(pages[0], number="RE-2026-0043")) != alone[0]


def test_a_document_says_when_it_was_issued_and_by_whom():
    facts = pypdf.PdfReader(io.BytesIO(press.pdf(page(german(), copies())))).metadata
    assert facts.title == "Rechnung RE-2026-0042"
    assert facts.author == "Nordlicht Werkstätten GmbH"
    assert facts.creation_date.isoformat() == "2026-11-20T09:30:00+00:00"


def test_a_long_document_numbers_its_leaves_and_repeats_its_head():
    first, second = leaves_of(press.pdf(page(long(), copies())))
    assert "Seite 1 von 2" in first
    assert "Seite 2 von 2" in second
    for leaf in (first, second):
        assert "Einzelpreis" in leaf
    assert "Rechnung RE-2026-0042" in second
    assert "Gesamtbetrag" in second


@pytest.mark.parametrize("count", range(14, 26))
def test_a_total_is_never_alone_on_a_leaf(count):
    leaves = leaves_of(press.pdf(page(long(count), copies())))
    (last,) = [leaf for leaf in leaves if "Gesamtbetrag" in leaf]
    assert f"Position {count} " in last


def test_hostile_texts_are_shown_as_texts():
    text = "".join(leaves_of(press.pdf(page(*hostile(), base="USD"))))
    plain = text.replace("\n", "").replace("\u200b", "").replace(" ", "")
    for shown in (
        '#import"@preview/x:1.0.0":*#read("/etc/passwd")*b*_i_$x^2$`c`@ref\\///*=h',
        "<b>bold</b><script>alert(1)</script>&amp;",
    ):
        assert shown in plain
    assert plain.count("#panic()") == 1_111
    assert plain.count("W") > 11_000
    assert "root:" not in text


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_nothing_stands_in_the_right_margin_however_long_the_words(paper):
    made, seen = hostile()
    leaves = press.leaves(page(made, replace(seen, paper=paper), base="USD"), ppi=20)
    assert len(leaves) > 5
    margin = 15 / 25.4 * 20
    assert [ink_right_of(leaf, margin) for leaf in leaves] == [0] * len(leaves)


def test_the_largest_figures_do_not_break():
    lines = [
        line("a", "999999999.123456", "-999.123456", unit="h", tax_rate_id="tax_19"),
        line("b", "1", "1999999999999.99", tax_rate_id="tax_two", discount_amount="99999999999.99"),
    ]
    text = leaves_of(press.pdf(page(document(lines), copies(language="en"))))[0]
    for figure in ("999,999,999.123456", "\u2212999.123456", "1,999,999,999,999.99"):
        assert figure in text
    assert "99,999,999,999.99" in text


def test_a_page_of_many_letters_is_not_remembered_and_reads_the_same(monkeypatch):
    made = page(german(), copies())
    once = press.pdf(made)
    monkeypatch.setattr(press, "_MUCH", 10)
    assert [press.pdf(made), press.pdf(made)] == [once, once]


def test_only_the_fonts_of_the_wheel_are_used():
    fonts = set()
    for leaf in pypdf.PdfReader(io.BytesIO(press.pdf(page(*hostile(), base="USD")))).pages:
        named = leaf["/Resources"].get("/Font", {}).values()
        fonts |= {font.get_object()["/BaseFont"].partition("+")[2] for font in named}
    known = ("LibertinusSerif", "NewCM", "DejaVuSansMono")
    assert fonts
    assert all(font.startswith(known) for font in fonts)


def test_the_press_leaves_no_files_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    press.pdf(page(german(), copies(), logo=picture(30, 30)))
    with pytest.raises(LedgerError):
        press.pdf(page(german(), copies(), logo=b"no picture"))
    assert list(tmp_path.iterdir()) == []


def test_a_buyer_without_an_address_and_a_seller_with_a_name_alone_have_a_page():
    bare = replace(HAMBURG, tax_number=None, address=None)
    made = page(german(), copies(replace(bare, email=None), bare))
    assert made.buyer_lines == ("Hafenkontor Petersen & Söhne KG",)
    assert (made.seller_lines, made.return_address) == ((), None)
    assert len(leaves_of(press.pdf(made))) == 1
