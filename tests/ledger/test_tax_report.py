from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from books import NOW, refusal
from taxed import priced

from ledger.base_taxes import base_taxes
from ledger.currencies import CURRENCIES
from ledger.documents import Document, DocumentKind
from ledger.errors import Reason
from ledger.money import convert
from ledger.pricing import tax_totals
from ledger.tax_report import (
    TaxEntry,
    TaxFigures,
    TaxReport,
    TaxReportLine,
    cancelled,
    tax_entries,
    tax_report,
)

INVOICE, BILL, CREDIT_NOTE, VENDOR_CREDIT = DocumentKind
JANUARY = date(2025, 1, 1), date(2025, 1, 31)
FEBRUARY = date(2025, 2, 1), date(2025, 2, 28)
FIVE, SEVEN, NINETEEN = Decimal(5), Decimal(7), Decimal(19)


def document(kind, *lines, on="2025-01-15", currency="USD", inclusive=False, **more: object):
    """A document of these lines, issued on a day unless that is None."""
    made = priced(*lines, currency=currency, inclusive=inclusive, sale=kind.side == "receivable")
    return Document(
        "org_1",
        f"{kind.prefix}1",
        kind,
        "con_1",
        date(2025, 1, 10),
        (),
        currency,
        made.lines,
        made.subtotal,
        made.discount,
        made.tax,
        made.total,
        NOW,
        NOW,
        is_inclusive=inclusive,
        posted_on=None if on is None else date.fromisoformat(on),
        **more,
    )


def posted(made, base="USD"):
    """The document with its taxes in base currency, as accounts that round for themselves took."""
    return replace(made, base_taxes=base_taxes(made, base, taken(made, base), "act_tax"))


def taken(made, base):
    found = {}
    for total in (each for each in tax_totals(made.lines) if each.is_recoverable):
        key = total.account_id or "act_tax"
        rate = made.exchange_rate or Decimal(1)
        amount = convert(total.amount, rate, CURRENCIES[made.currency], CURRENCIES[base])
        found[key] = found.get(key, 0) + amount
    return found


def entries(*made, base="USD"):
    return [entry for each in made for entry in tax_entries(posted(each, base), base)]


def both(each):
    return each.base, each.tax


# Entries


def test_an_issued_document_leaves_an_entry_for_each_component_of_each_rate():
    made = document(BILL, "100 canada", "10 abroad", "5", "200 canada")
    gst, pst, vat = tax_entries(posted(made, "USD"), "USD")
    assert gst == TaxEntry(
        "org_1",
        "bil_1",
        0,
        is_cancellation=False,
        date=date(2025, 1, 15),
        tax_rate_id="canada",
        name="GST",
        percent=FIVE,
        is_sale=False,
        is_recoverable=True,
        is_reverse_charge=False,
        base=300_00,
        tax=15_00,
    )
    assert (pst.position, pst.name, pst.percent, both(pst)) == (1, "PST", SEVEN, (300_00, 21_00))
    assert (pst.is_recoverable, pst.is_reverse_charge) == (False, False)
    assert (vat.position, vat.tax_rate_id, both(vat)) == (2, "abroad", (10_00, 1_90))
    assert (vat.is_recoverable, vat.is_reverse_charge) == (True, True)


@pytest.mark.parametrize(
    ("kind", "is_sale", "sign"),
    [(INVOICE, True, 1), (BILL, False, 1), (CREDIT_NOTE, True, -1), (VENDOR_CREDIT, False, -1)],
)
def test_credit_notes_leave_negative_entries(kind, is_sale, sign):
    (entry,) = tax_entries(posted(document(kind, "100 vat")), "USD")
    assert (entry.is_sale, both(entry)) == (is_sale, (sign * 100_00, sign * 19_00))


@pytest.mark.parametrize(
    ("currency", "base_currency", "exchange_rate", "line", "figures"),
    [
        ("USD", "INR", "80", "100.00 vat", (8000_00, 1520_00)),
        ("EUR", "USD", "1.0825", "33.33 vat", (36_08, 6_85)),  # 36.079725 and 6.33 * 1.0825
        ("JPY", "USD", "0.0065", "1000 ten", (6_50, 65)),
        ("USD", "JPY", "150.5", "1.00 ten", (150, 15)),  # 150.5 goes to the even, 15.05
        ("USD", "USD", None, "100.00 vat", (100_00, 19_00)),
        ("USD", "USD", "1", "100.00 vat", (100_00, 19_00)),
    ],
)
def test_entries_are_in_base_currency(currency, base_currency, exchange_rate, line, figures):
    rate = None if exchange_rate is None else Decimal(exchange_rate)
    made = document(INVOICE, line, currency=currency, exchange_rate=rate)
    (entry,) = tax_entries(posted(made, base_currency), base_currency)
    assert both(entry) == figures


def test_a_credit_note_mirrors_its_invoice_in_base_currency():
    terms = {"currency": "EUR", "exchange_rate": Decimal("1.0825")}
    (invoice,) = tax_entries(posted(document(INVOICE, "33.33 vat", **terms)), "USD")
    (credit,) = tax_entries(posted(document(CREDIT_NOTE, "33.33 vat", **terms)), "USD")
    assert (invoice.base + credit.base, invoice.tax + credit.tax) == (0, 0)


def test_a_document_in_another_currency_needs_its_rate():
    made = document(INVOICE, "1 vat", currency="EUR")
    refused = refusal(Reason.MISSING_RATE, tax_entries, made, "USD")
    assert refused.field == "exchangeRate"
    assert refused.details == {"currency": "EUR", "base_currency": "USD"}


@pytest.mark.parametrize("what", [{"on": None}, {"is_opening": True}])
def test_drafts_and_opening_documents_leave_no_entries(what):
    assert tax_entries(document(INVOICE, "100 vat", **what), "USD") == []


def test_a_cancellation_leaves_the_same_with_the_signs_turned():
    first = entries(document(INVOICE, "100 canada"))
    taken_back = cancelled(first, date(2025, 2, 3))
    for before, after in zip(first, taken_back, strict=True):
        assert after == replace(
            before,
            is_cancellation=True,
            date=date(2025, 2, 3),
            base=-before.base,
            tax=-before.tax,
        )


# The report


def test_tax_collected_and_paid_is_shown_by_rate_and_component():
    report = tax_report(
        entries(
            document(INVOICE, "1000 vat", "100 low", "50 zero"),
            document(INVOICE, "119 vat", inclusive=True),
            document(CREDIT_NOTE, "200 vat"),
            document(BILL, "400 vat", "500 canada"),
            document(VENDOR_CREDIT, "100 canada"),
        ),
        *JANUARY,
    )
    assert report.lines == (
        TaxReportLine("canada", "GST", FIVE, False, purchases=TaxFigures(400_00, 20_00)),
        TaxReportLine("canada", "PST", SEVEN, False, non_recoverable=TaxFigures(400_00, 28_00)),
        TaxReportLine("low", "VAT", SEVEN, False, sales=TaxFigures(100_00, 7_00)),
        TaxReportLine(
            "vat",
            "VAT",
            NINETEEN,
            False,
            sales=TaxFigures(900_00, 171_00),
            purchases=TaxFigures(400_00, 76_00),
        ),
        TaxReportLine("zero", "VAT", Decimal(0), False, sales=TaxFigures(50_00, 0)),
    )
    assert (report.collected, report.paid, report.due) == (178_00, 96_00, 82_00)
    assert report.non_recoverable == 28_00
    assert (report.begin, report.end) == JANUARY


def test_reverse_charge_stands_on_both_sides_and_leaves_nothing_due():
    report = tax_report(
        entries(document(BILL, "1000 abroad"), document(INVOICE, "300 abroad")), *JANUARY
    )
    (line,) = report.lines
    assert line == TaxReportLine(
        "abroad",
        "VAT",
        NINETEEN,
        True,
        sales=TaxFigures(300_00, 0),
        self_charged=TaxFigures(1000_00, 190_00),
        purchases=TaxFigures(1000_00, 190_00),
    )
    assert (line.collected, line.paid) == (190_00, 190_00)
    assert (report.collected, report.paid, report.due) == (190_00, 190_00, 0)


def test_reverse_charge_that_is_not_recoverable_is_due():
    report = tax_report(entries(document(BILL, "100 abroad-compound")), *JANUARY)
    first, second = report.lines
    assert (first.self_charged, first.purchases) == (TaxFigures(100_00, 10_00),) * 2
    assert (second.self_charged, second.non_recoverable) == (TaxFigures(110_00, 11_00),) * 2
    assert (report.collected, report.paid, report.due) == (21_00, 10_00, 11_00)
    assert report.non_recoverable == 11_00


def test_what_is_paid_above_what_is_collected_comes_back():
    report = tax_report(entries(document(BILL, "100 vat")), *JANUARY)
    assert (report.collected, report.paid, report.due) == (0, 19_00, -19_00)


def test_a_cancellation_counts_in_its_own_period():
    issued = entries(document(INVOICE, "100 vat", on="2025-01-31"))
    all_of_it = [*issued, *cancelled(issued, date(2025, 2, 1))]
    january, february = tax_report(all_of_it, *JANUARY), tax_report(all_of_it, *FEBRUARY)
    assert (january.due, january.lines[0].sales) == (19_00, TaxFigures(100_00, 19_00))
    assert (february.due, february.lines[0].sales) == (-19_00, TaxFigures(-100_00, -19_00))
    both_months = tax_report(all_of_it, JANUARY[0], FEBRUARY[1])
    assert (both_months.due, both_months.lines[0].sales) == (0, TaxFigures())


@pytest.mark.parametrize(
    ("on", "counts"),
    [("2024-12-31", 0), ("2025-01-01", 1), ("2025-01-31", 1), ("2025-02-01", 0)],
)
def test_a_period_has_its_first_and_its_last_day(on, counts):
    report = tax_report(entries(document(INVOICE, "100 vat", on=on)), *JANUARY)
    assert len(report.lines) == counts


def test_a_rate_whose_percentage_changed_has_a_line_for_each():
    old = entries(document(INVOICE, "100 vat"))
    new = [replace(entry, percent=Decimal(20), tax=20_00) for entry in old]
    report = tax_report([*new, *old], *JANUARY)
    assert [(line.percent, line.collected) for line in report.lines] == [(19, 19_00), (20, 20_00)]


def test_without_documents_a_report_has_no_lines():
    assert tax_report([], *JANUARY) == TaxReport(*JANUARY, (), 0, 0, 0)
