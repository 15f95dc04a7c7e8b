from dataclasses import replace
from decimal import Decimal

import pytest
from books import STANDARD, refusal
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.accounts import AccountStatus, Role
from ledger.contacts import Address, Term
from ledger.document_settings import (
    DocumentSettings,
    Paper,
    Rounding,
    checked_settings,
    number_text,
    sequence_of,
)
from ledger.errors import Reason

USUAL = DocumentSettings()
YEARLY = replace(USUAL, numbers_by_year=True)
BANK = STANDARD.by_code["1010"]
RECEIVABLE = STANDARD.by_role[Role.RECEIVABLE]


def checked(chart=STANDARD, **what: object):
    return checked_settings(chart, replace(USUAL, **what))


# What may be set


def test_what_is_preset_may_be_set():
    assert checked() == USUAL


def test_settings_are_stored_with_clean_texts_and_usual_letter_case():
    given = DocumentSettings(
        rounding=Rounding.DOCUMENT,
        invoice_prefix="RE_2/#.",
        credit_note_prefix="",
        numbers_by_year=True,
        number_digits=10,
        terms=(Term(Decimal("50.0"), 0), Term(Decimal("50.0"), 30)),
        payment_account_id="act_1010",
        language="DE-ch",
        paper=Paper.LETTER,
        address=Address("Bro\u0308d 1", country="ch"),
        email="us@example.com",
        phone="+41 44 000 00 00",
        website="example.com",
        payment_details="IBAN ...\nBIC ...",
        footer="Thank you",
        logo_id="att_1",
    )
    assert checked_settings(STANDARD, given) == replace(
        given,
        terms=(Term(Decimal(50), 0), Term(Decimal(50), 30)),
        language="de-CH",
        address=Address("Br\u00f6d 1", country="CH"),
    )
    assert checked(address=Address()).address is None


@pytest.mark.parametrize("prefix", ["", "INV-", "A/1_b.#", "x" * 20, "\u0394-", "\u8acb\u6c42"])
def test_a_prefix_is_made_of_letters_digits_and_a_few_signs(prefix):
    assert checked(invoice_prefix=prefix).invoice_prefix == prefix


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"invoice_prefix": "x" * 21}, Reason.INVALID_TEXT, "invoicePrefix"),
        ({"invoice_prefix": "a b"}, Reason.INVALID_VALUE, "invoicePrefix"),
        ({"invoice_prefix": "a\n"}, Reason.INVALID_VALUE, "invoicePrefix"),
        ({"credit_note_prefix": "<b>"}, Reason.INVALID_VALUE, "creditNotePrefix"),
        ({"credit_note_prefix": "\0"}, Reason.INVALID_TEXT, "creditNotePrefix"),
        ({"credit_note_prefix": "INV-"}, Reason.INVALID_VALUE, "creditNotePrefix"),
        ({"number_digits": 0}, Reason.INVALID_VALUE, "numberDigits"),
        ({"number_digits": 11}, Reason.INVALID_VALUE, "numberDigits"),
        ({"terms": ()}, Reason.INVALID_VALUE, "paymentTerms"),
        ({"language": ""}, Reason.INVALID_VALUE, "language"),
        ({"address": Address(country="D")}, Reason.INVALID_VALUE, "address.country"),
        ({"email": "us"}, Reason.INVALID_VALUE, "email"),
        ({"phone": "1" * 51}, Reason.INVALID_TEXT, "phone"),
        ({"website": "x" * 501}, Reason.INVALID_TEXT, "website"),
        ({"payment_details": "x" * 1001}, Reason.INVALID_TEXT, "paymentDetails"),
        ({"footer": "x" * 1001}, Reason.INVALID_TEXT, "footer"),
        ({"payment_account_id": "act_x"}, Reason.UNKNOWN_REFERENCE, "paymentAccountId"),
        ({"payment_account_id": RECEIVABLE.id}, Reason.INVALID_VALUE, "paymentAccountId"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_with_its_field(what, reason, field):
    assert refusal(reason, checked, **what).field == field


def test_payments_go_to_an_account_that_takes_entries():
    chart = STANDARD.having([replace(BANK, status=AccountStatus.INACTIVE)])
    refused = refusal(Reason.ACCOUNT_INACTIVE, checked, chart, payment_account_id=BANK.id)
    assert refused.field == "paymentAccountId"


def test_no_two_documents_are_numbered_the_same():
    refused = refusal(Reason.INVALID_VALUE, checked, invoice_prefix="", credit_note_prefix="")
    assert refused.message == "Invoices and credit notes have the same prefix, ''."


# Numbers


@pytest.mark.parametrize(
    ("made_out_by", "year", "sequence", "text"),
    [
        (USUAL, None, 7, "INV-0007"),
        (USUAL, None, 12_345, "INV-12345"),
        (YEARLY, 2026, 7, "INV-2026-0007"),
        (replace(USUAL, number_digits=1), None, 7, "INV-7"),
        (replace(USUAL, number_digits=10), None, 7, "INV-0000000007"),
        (replace(USUAL, number_digits=10), None, 9_999_999_999, "INV-9999999999"),
    ],
)
def test_a_number_is_a_prefix_a_year_and_a_sequence_and_is_read_back(
    made_out_by, year, sequence, text
):
    assert number_text(made_out_by, "INV-", year, sequence) == text
    assert sequence_of(made_out_by, "INV-", text) == (year, sequence)


@pytest.mark.parametrize(
    ("made_out_by", "text"),
    [
        (USUAL, ""),
        (USUAL, "INV-"),
        (USUAL, "0007"),
        (USUAL, "inv-0007"),
        (USUAL, "CN-0007"),
        (USUAL, "INV-7"),
        (USUAL, "INV-00007"),
        (USUAL, "INV-0000"),
        (USUAL, "INV-0007 "),
        (USUAL, "INV-0007\n"),
        (USUAL, "INV-\u0660\u0660\u0660\u0667"),
        (USUAL, "INV-2026-0007"),
        (USUAL, "INV-12345678901"),
        (YEARLY, "INV-0007"),
        (YEARLY, "INV-26-0007"),
        (YEARLY, "INV-0026-0007"),
        (YEARLY, "INV-2026-0000"),
    ],
)
def test_a_number_of_another_form_is_of_no_series(made_out_by, text):
    assert sequence_of(made_out_by, "INV-", text) is None


def test_the_signs_of_a_prefix_stand_for_themselves():
    assert sequence_of(USUAL, "A.#", "A.#0001") == (None, 1)
    assert sequence_of(USUAL, "A.#", "Ax#0001") is None
    assert sequence_of(USUAL, "", "0001") == (None, 1)


@given(
    prefix=st.text("ABC0129-/_.#", max_size=20),
    digits=st.integers(1, 10),
    year=st.none() | st.integers(1900, 2200),
    sequence=st.integers(1, 10**10 - 1),
)
@settings(deadline=None)
def test_every_number_is_read_back(prefix, digits, year, sequence):
    made_out_by = DocumentSettings(number_digits=digits, numbers_by_year=year is not None)
    text = number_text(made_out_by, prefix, year, sequence)
    assert sequence_of(made_out_by, prefix, text) == (year, sequence)
