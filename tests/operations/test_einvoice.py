import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module

import facturx
import pypdf
import pytest
from lxml import etree
from paper_cases import (
    AUSTIN,
    BANGALORE,
    BERLIN,
    HAMBURG,
    LYON,
    copies,
    document,
    german,
    line,
    picture,
)

from ledger.documents import DocumentKind, Phase
from ledger.errors import LedgerError, Reason
from ledger.open_items import Due
from resolvers.paper import einvoice
from resolvers.paper.banking import bic_in, iban_in
from resolvers.paper.units import unit_code

SPACES = {
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
PLAIN = [line("Beratung", "1", "100", tax_rate_id="tax_19")]


class Written:
    """The XML of a document, asked by the end of a path; it is valid by the schema."""

    def __init__(self, made, seen, base="EUR"):
        xml = einvoice.xml(made, seen, base_currency=base)
        assert facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
        self.root = etree.fromstring(xml)

    def all(self, path):
        found = self.root.xpath(f"//{path}", namespaces=SPACES)
        return [each.text for each in found]

    def __getitem__(self, path):
        (found,) = self.all(path)
        return found

    def summation(self):
        (found,) = self.root.xpath(
            "//ram:SpecifiedTradeSettlementHeaderMonetarySummation", namespaces=SPACES
        )
        return [(etree.QName(each).localname.removesuffix("Amount"), each.text) for each in found]

    def taxes(self):
        """Category, rate, base and tax of each."""
        found = self.root.xpath(
            "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax", namespaces=SPACES
        )
        names = ("CategoryCode", "RateApplicablePercent", "BasisAmount", "CalculatedAmount")
        return [
            tuple(each.findtext(f"ram:{name}", None, SPACES) for name in names) for each in found
        ]

    def lines(self):
        """Quantity, unit, price, for how many that is the price, and amount of each."""
        return [
            tuple(each.xpath(f"string(.//{path})", namespaces=SPACES) for path in LINE)
            for each in self.root.xpath("//ram:IncludedSupplyChainTradeLineItem", namespaces=SPACES)
        ]


LINE = (
    "ram:BilledQuantity",
    "ram:BilledQuantity/@unitCode",
    "ram:ChargeAmount",
    "ram:BasisQuantity",
    "ram:LineTotalAmount",
)


def refusal(made, seen):
    with pytest.raises(LedgerError) as refused:
        einvoice.xml(made, seen, base_currency="EUR")
    return refused.value


# The XML


def test_an_invoice_says_to_machines_what_it_says_to_people():
    xml = Written(german(), copies())
    assert xml["ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"] == "urn:cen.eu:en16931:2017"
    assert xml["ram:TypeCode[../ram:IssueDateTime]"] == "380"
    assert xml["ram:IssueDateTime/udt:DateTimeString"] == "20261120"
    assert xml["ram:SellerTradeParty/ram:Name"] == "Nordlicht Werkstätten GmbH"
    assert xml["ram:SellerTradeParty//ram:SpecifiedTaxRegistration/ram:ID"] == "DE123456789"
    assert xml["ram:BuyerTradeParty//ram:CityName"] == "Hamburg"
    assert xml["ram:BuyerTradeParty//ram:CountryID"] == "DE"
    assert xml["ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"] == "HK-77120"
    assert xml["ram:IncludedNote/ram:Content"] == "Vielen Dank für Ihren Auftrag."
    assert xml["ram:DueDateDateTime/udt:DateTimeString"] == "20261220"
    assert xml["ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode"] == "58"
    assert xml["ram:IBANID"] == "DE89370400440532013000"
    assert xml["ram:BICID"] == "COBADEFFXXX"
    assert xml.lines() == [
        ("12.5", "HUR", "96", "", "1200.00"),
        ("4", "H87", "489", "", "1956.00"),
        ("2", "H87", "34.9", "", "69.80"),
        ("1", "C62", "350", "", "350.00"),
    ]
    assert xml.all("ram:SpecifiedTradeProduct/ram:Name")[1] == "Regal Eiche, geölt"
    assert xml.all("ram:SpecifiedTradeProduct/ram:Description") == [
        "Regal Eiche, geölt\n220 x 80 cm"
    ]
    assert xml.taxes() == [("S", "19", "3506.00", "666.14"), ("S", "7", "69.80", "4.89")]
    assert xml.summation() == [
        ("LineTotal", "3575.80"),
        ("TaxBasisTotal", "3575.80"),
        ("TaxTotal", "671.03"),
        ("GrandTotal", "4246.83"),
        ("DuePayable", "4246.83"),
    ]


def test_discounts_are_allowances_and_a_deduction_is_a_negative_quantity():
    lines = [
        line("a", "3", "33.33", tax_rate_id="tax_19", discount_percent="10"),
        line("b", "1", "50", tax_rate_id="tax_7"),
        line("Abzug", "2", "-5", tax_rate_id="tax_19", discount_percent="10"),
    ]
    xml = Written(document(lines, discount_percent="5"), copies())
    assert xml.lines() == [
        ("3", "C62", "33.33", "", "89.99"),
        ("1", "C62", "50", "", "50.00"),
        ("-2", "C62", "5", "", "-9.00"),
    ]
    of_lines = "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge"
    assert xml.all(f"{of_lines}//udt:Indicator") == ["false", "true"]
    assert xml.all(f"{of_lines}/ram:ActualAmount") == ["10.00", "1.00"]
    of_all = "ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge"
    assert xml.all(f"{of_all}/ram:ActualAmount") == ["4.21", "2.34"]
    assert xml.all(f"{of_all}//ram:RateApplicablePercent") == ["19", "7"]
    assert xml.taxes() == [("S", "19", "76.78", "14.59"), ("S", "7", "47.66", "3.34")]
    assert xml.summation()[:3] == [
        ("LineTotal", "130.99"),
        ("AllowanceTotal", "6.55"),
        ("TaxBasisTotal", "124.44"),
    ]


def test_inclusive_prices_are_told_as_the_net_amount_of_the_whole_quantity():
    lines = [
        line("a", "3", "11.90", tax_rate_id="tax_19"),
        line("b", "1", "-1.19", tax_rate_id="tax_19"),
    ]
    xml = Written(document(lines, is_inclusive=True, discount_percent="10"), copies())
    assert xml.lines() == [("3", "C62", "27.10", "3", "27.10"), ("-1", "C62", "1.00", "1", "-1.00")]
    assert xml.all("ram:SpecifiedTradeAllowanceCharge") == []
    assert xml.taxes() == [("S", "19", "26.10", "4.96")]


def test_a_credit_note_names_the_invoice_and_has_no_account_to_pay_to():
    lines = [line("Retour", "1", "489", tax_rate_id="tax_rc", unit="pièce")]
    made = document(lines, kind=DocumentKind.CREDIT_NOTE, number="AV-3")
    xml = Written(made, copies(BERLIN, LYON, language="fr", corrects_number="RE-39"))
    assert xml["ram:TypeCode[../ram:IssueDateTime]"] == "381"
    assert xml["ram:InvoiceReferencedDocument/ram:IssuerAssignedID"] == "RE-39"
    assert xml["ram:SpecifiedTradePaymentTerms/ram:Description"] == "Avoir"
    assert xml.all("ram:SpecifiedTradeSettlementPaymentMeans") == []
    assert xml["ram:ShipToTradeParty//ram:CityName"] == "Villeurbanne"
    assert xml.taxes() == [("AE", "0", "489.00", "0.00")]
    assert xml["ram:ExemptionReasonCode"] == "VATEX-EU-AE"
    nothing = document([line("a", "1", "0", tax_rate_id="tax_19")], kind=DocumentKind.CREDIT_NOTE)
    assert Written(nothing, copies()).all("ram:SpecifiedTradePaymentTerms") == []


def test_instalments_are_told_in_words_and_foreign_tax_in_both_currencies():
    made = document(
        PLAIN,
        currency="USD",
        exchange_rate=Decimal("0.9"),
        base_total=10_710,
        base_subtotal=9_000,
        dues=(Due(date(2026, 12, 1), 6_000), Due(date(2027, 1, 1), 5_900)),
    )
    xml = Written(made, copies(payment_details="IBAN DE89 3704 0044 0532 0130 00"))
    assert xml.all("ram:BICID") == []
    assert xml["ram:SpecifiedTradePaymentTerms/ram:Description"] == (
        "2026-12-01: 60.00 USD\n2027-01-01: 59.00 USD"
    )
    assert (xml["ram:InvoiceCurrencyCode"], xml["ram:TaxCurrencyCode"]) == ("USD", "EUR")
    assert xml.all("ram:TaxTotalAmount") == ["19.00", "17.10"]
    assert xml.all("ram:TaxTotalAmount/@currencyID[.='EUR']/..") == ["17.10"]
    assert xml["ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode"] == "30"
    # A currency of three decimals has no place there, be it that of the books.
    assert Written(made, copies(), base="KWD").all("ram:TaxCurrencyCode") == []


@pytest.mark.parametrize(
    ("rates", "seller", "taxes", "reasons"),
    [
        ([None], BANGALORE, [("O", None, "10.00", "0.00")], ["Not subject to VAT"]),
        ([None], BERLIN, [("E", "0", "10.00", "0.00")], ["Exempt from tax"]),
        (["tax_0", None], BERLIN, [("E", "0", "20.00", "0.00")], ["VAT"]),
        (
            ["tax_19", "tax_0"],
            BERLIN,
            [("S", "19", "10.00", "1.90"), ("E", "0", "10.00", "0.00")],
            ["VAT"],
        ),
    ],
)
def test_what_is_not_taxed_says_why(rates, seller, taxes, reasons):
    made = document([line("a", "1", "10", tax_rate_id=rate) for rate in rates])
    xml = Written(made, copies(seller, payment_details="By card"))
    assert xml.taxes() == taxes
    assert xml.all("ram:ExemptionReason") == reasons
    assert xml["ram:SpecifiedTradeSettlementPaymentMeans/ram:Information"] == "By card"
    is_outside = taxes[0][0] == "O"
    assert bool(xml.all("ram:BuyerTradeParty/ram:SpecifiedTaxRegistration")) is not is_outside


def test_a_seller_without_a_vat_number_is_identified_otherwise():
    xml = Written(document(PLAIN), copies(replace(BERLIN, tax_number="27/123/45678")))
    assert xml["ram:SellerTradeParty/ram:ID"] == "27/123/45678"
    assert xml.all("ram:SellerTradeParty//ram:ID[@schemeID='FC']") == ["27/123/45678"]
    bare = replace(BERLIN, tax_number=None, email=None, phone=None)
    nothing = Written(document([line("a", "1", "1")]), copies(bare))
    assert nothing.all("ram:SellerTradeParty/ram:DefinedTradeContact") == []
    assert nothing["ram:SellerTradeParty/ram:ID"] == "org_1"
    assert nothing.all("ram:SellerTradeParty/ram:SpecifiedTaxRegistration") == []


def test_markup_in_texts_is_text():
    text = "]]>&amp;<ram:ID>\"'"
    made = document([line(text, "1", "1", unit=text, tax_rate_id="tax_19")], notes=f"\n{text}")
    party = replace(HAMBURG, name=text, email=text, phone=None)
    xml = Written(replace(made, number=text, order_number=text), copies(buyer=party))
    assert xml["ram:BuyerTradeParty/ram:Name"] == text
    assert xml["ram:SpecifiedTradeProduct/ram:Name"] == text
    assert xml["ram:ID[../ram:IssueDateTime]"] == text
    assert Written(replace(made, notes=" \n"), copies()).all("ram:IncludedNote") == []


# What there is no e-invoice of


@pytest.mark.parametrize(
    ("made", "seen", "reason", "cause"),
    [
        (document(PLAIN, kind=DocumentKind.BILL), copies(), Reason.INVALID_VALUE, "A bill is no"),
        (
            document(PLAIN, phase=Phase.DRAFT, number=None),
            copies(),
            Reason.WRONG_STATUS,
            "The document is a draft",
        ),
        (document(PLAIN, currency="KWD"), copies(), Reason.INVALID_VALUE, "KWD has 3 decimals"),
        (
            document(PLAIN),
            copies(replace(BERLIN, address=None)),
            Reason.INVALID_VALUE,
            "The seller has no address with a country",
        ),
        (
            document(PLAIN),
            copies(buyer=replace(HAMBURG, address=replace(HAMBURG.address, country=None))),
            Reason.INVALID_VALUE,
            "The buyer has no address with a country",
        ),
        (document(PLAIN), copies(AUSTIN), Reason.INVALID_VALUE, "The seller has no tax number"),
        (
            document([line("a", "1", "1", tax_rate_id="tax_rc")]),
            copies(buyer=AUSTIN),
            Reason.INVALID_VALUE,
            "The buyer accounts for the tax, and has no VAT number",
        ),
        (
            document([*PLAIN, line("a", "1", "1", tax_rate_id="tax_two")]),
            copies(),
            Reason.INVALID_VALUE,
            "Line 2 has 2 taxes",
        ),
    ],
)
def test_what_does_not_fit_the_standard_is_refused(made, seen, reason, cause):
    refused = refusal(made, seen)
    assert refused.reason is reason
    assert refused.message.startswith(cause)
    assert refused.suggestion


def test_without_the_extra_the_refusal_says_how_to_get_it(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(einvoice, "import_module", missing)
    for make in (einvoice.xml, einvoice.facturx):
        with pytest.raises(LedgerError, match="not installed") as refused:
            make(german(), copies(), base_currency="EUR")
        assert refused.value.reason is Reason.INVALID_VALUE
        assert "pip install 'crane-ledger[einvoice]'" in refused.value.suggestion
    monkeypatch.setattr(einvoice, "import_module", import_module)
    assert einvoice.xml(german(), copies(), base_currency="EUR")


# The PDF


def test_the_pdf_is_an_archive_that_is_named_a_factur_x_and_has_the_xml_in_it():
    pdf = einvoice.facturx(german(), copies(), base_currency="EUR", logo=picture(60, 20))
    name, xml = facturx.get_facturx_xml_from_pdf(pdf)
    assert (name, xml) == ("factur-x.xml", einvoice.xml(german(), copies(), base_currency="EUR"))
    root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    (attached,) = root["/AF"]
    assert attached.get_object()["/AFRelationship"] == "/Alternative"
    described = etree.fromstring(root["/Metadata"].get_data())
    told = {etree.QName(each).localname: each.text for each in described.iter("{*}*")}
    assert (told["part"], told["conformance"]) == ("3", "B")
    assert told["DocumentType"] == "INVOICE"
    assert told["DocumentFileName"] == "factur-x.xml"
    assert told["ConformanceLevel"] == "EN 16931"
    prefixes = described.xpath("//*[local-name()='prefix']/text()")
    assert prefixes == ["xmpMM", "pdf", "fx"]
    assert pdf.startswith(b"%PDF-1.7\n")
    assert "Gesamtbetrag" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_the_same_document_gives_the_same_bytes():
    pdfs = {einvoice.facturx(german(), copies(), base_currency="EUR") for _ in range(3)}
    assert len(pdfs) == 1


def test_letters_that_no_font_has_are_replaced_on_paper_and_kept_in_the_xml():
    lines = [line("本 for Émile, 5 €\u0363 ☃", "1", "1", tax_rate_id="tax_19")]
    pdf = einvoice.facturx(document(lines), copies(), base_currency="EUR")
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "\ufffd for Émile, 5 €\ufffd \ufffd" in text
    assert "本 for Émile" in facturx.get_facturx_xml_from_pdf(pdf)[1].decode()


def test_a_damaged_logo_is_refused_here_too():
    with pytest.raises(LedgerError, match="damaged"):
        einvoice.facturx(german(), copies(), base_currency="EUR", logo=picture(60, 20)[:-20])


# Its parts


@pytest.mark.parametrize(
    ("text", "iban", "bic"),
    [
        (
            "IBAN: DE89 3704 0044 0532 0130 00, BIC: COBADEFFXXX",
            "DE89370400440532013000",
            "COBADEFFXXX",
        ),
        ("NL91ABNA0417164300 (SWIFT ABNANL2A)", "NL91ABNA0417164300", "ABNANL2A"),
        ("Account NO93 8601 1117 947", "NO9386011117947", None),
        ("DE89 3704 0044 0532 0130 01", None, None),
        ("HDFC Bank 50200012345678", None, None),
        ("", None, None),
    ],
)
def test_a_bank_account_is_found_in_payment_details(text, iban, bic):
    assert (iban_in(text), bic_in(text)) == (iban, bic)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Std.", "HUR"),
        (" Hours ", "HUR"),
        ("STÜCK", "H87"),
        ("m²", "MTK"),
        ("Palette", "C62"),
        (None, "C62"),
    ],
)
def test_a_unit_has_the_code_of_its_name(name, code):
    assert unit_code(name) == code
