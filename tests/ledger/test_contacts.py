from dataclasses import replace
from decimal import Decimal

import pytest
from books import LATER, NOW, STANDARD, refusal

from ledger.accounts import Role
from ledger.contacts import (
    Address,
    Contact,
    ContactType,
    Term,
    change_contact,
    checked_email,
    checked_language,
    close_contact,
    open_contact,
)
from ledger.errors import Reason

CUSTOMER, VENDOR = ContactType.CUSTOMER, ContactType.VENDOR
ANN = Contact("org_1", "con_1", "Ann", (CUSTOMER,), NOW, NOW)
RECEIVABLE = STANDARD.by_role[Role.RECEIVABLE]
PAYABLE = STANDARD.by_role[Role.PAYABLE]
TAX_RATES = {"tax_1"}


def opened(**what: object):
    return open_contact(STANDARD, replace(ANN, **what), tax_rates=TAX_RATES)


def changed(before, **what: object):
    return change_contact(STANDARD, before, replace(before, **what), tax_rates=TAX_RATES)


# Joining


def test_a_contact_comes_in_with_clean_texts_and_usual_letter_case():
    contact = opened(
        name="Kaffebro\u0308d",
        types=[VENDOR, CUSTOMER],
        email="ann@example.com",
        currency="cur_eur",
        language="DE-ch",
        billing_address=Address(line1="Bro\u0308d 1", country="de"),
        shipping_address=Address(),
        terms=(Term(Decimal("100.0000"), 30),),
        revenue_account_id="act_4000",
        expense_account_id="act_5200",
        tax_rate_id="tax_1",
        metadata=None,
    )
    assert contact == replace(
        ANN,
        name="Kaffebr\u00f6d",
        types=(VENDOR, CUSTOMER),
        email="ann@example.com",
        currency="EUR",
        language="de-CH",
        billing_address=Address(line1="Br\u00f6d 1", country="DE"),
        terms=(Term(Decimal(100), 30),),
        revenue_account_id="act_4000",
        expense_account_id="act_5200",
        tax_rate_id="tax_1",
    )
    assert str(contact.terms[0].percent) == "100"


def test_a_contact_needs_no_more_than_a_name_and_a_type():
    assert opened() == ANN


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"name": " "}, Reason.INVALID_TEXT, "name"),
        ({"name": "x" * 201}, Reason.INVALID_TEXT, "name"),
        ({"types": ()}, Reason.INVALID_VALUE, "contactTypes"),
        ({"types": (VENDOR, VENDOR)}, Reason.INVALID_VALUE, "contactTypes"),
        ({"email": "ann"}, Reason.INVALID_VALUE, "email"),
        ({"phone": "1" * 51}, Reason.INVALID_TEXT, "phone"),
        ({"website": "x" * 501}, Reason.INVALID_TEXT, "website"),
        ({"tax_number": "1" * 51}, Reason.INVALID_TEXT, "taxId"),
        ({"tax_number": "1\0"}, Reason.INVALID_TEXT, "taxId"),
        ({"reference": "x" * 101}, Reason.INVALID_TEXT, "reference"),
        ({"currency": "XYZ"}, Reason.INVALID_VALUE, "currency"),
        ({"language": "german!"}, Reason.INVALID_VALUE, "language"),
        ({"billing_address": Address("x" * 201)}, Reason.INVALID_TEXT, "billingAddress.line1"),
        ({"billing_address": Address(country="D")}, Reason.INVALID_VALUE, "billingAddress.country"),
        (
            {"shipping_address": Address(postal_code="1" * 21)},
            Reason.INVALID_TEXT,
            "shippingAddress.postalCode",
        ),
        ({"terms": (Term(Decimal(99), 0),)}, Reason.INVALID_VALUE, "paymentTerms"),
        ({"external_id": "x" * 201}, Reason.INVALID_TEXT, "externalId"),
        ({"metadata": []}, Reason.INVALID_VALUE, "metadata"),
        ({"revenue_account_id": "act_x"}, Reason.UNKNOWN_REFERENCE, "defaultRevenueAccountId"),
        ({"expense_account_id": "act_x"}, Reason.UNKNOWN_REFERENCE, "defaultExpenseAccountId"),
        ({"revenue_account_id": RECEIVABLE.id}, Reason.INVALID_VALUE, "defaultRevenueAccountId"),
        ({"expense_account_id": PAYABLE.id}, Reason.INVALID_VALUE, "defaultExpenseAccountId"),
        ({"tax_rate_id": "tax_x"}, Reason.UNKNOWN_REFERENCE, "defaultTaxRateId"),
    ],
)
def test_a_contact_that_does_not_fit_is_refused_with_its_field(what, reason, field):
    assert refusal(reason, opened, **what).field == field
    assert refusal(reason, changed, ANN, **what).field == field


def test_an_unknown_tax_rate_is_named():
    refused = refusal(Reason.UNKNOWN_REFERENCE, opened, tax_rate_id="tax_x")
    assert refused.message == "There is no tax rate tax_x in this organization."
    assert refused.details == {"tax_rate_id": "tax_x"}


def test_a_control_account_stands_in_for_nothing():
    refused = refusal(Reason.INVALID_VALUE, opened, revenue_account_id=RECEIVABLE.id)
    assert refused.message == (
        "Account 1100 Accounts receivable is a control account: "
        "documents and payments are posted to it as open items."
    )
    assert refused.details == {"account_id": RECEIVABLE.id}


@pytest.mark.parametrize(
    "email",
    [
        "ann@example.com",
        "ann+tag@localhost",
        "o'neil_!#$%&*/=?^`{|}~-@a.co",
        "first..last@docomo.example",
        '"ann,b"@example.com',
        "ann@[192.0.2.1]",
        "ann@[IPv6:2001:db8::1]",
        "jos\u00e9@bu\u0308cher.example",
        "x" * 242 + "@example.com",
    ],
)
def test_a_mail_address_may_be_unusual(email):
    assert checked_email(email) == email.replace("u\u0308", "\u00fc")


@pytest.mark.parametrize(
    "email",
    [
        *["ann", "@example.com", "ann@", "ann@b@c", "a n@b", "ann @b", "ann@b ", "ann@b\n"],
        *["a\nBcc: eve@x", "Ann <ann@b>", "ann@b,eve", "a,b@c", "a;b@c", "a(b)@c", "ann@b:25"],
        *["ann@.b", "ann@b.", "ann@.", '"@b', '"a b"@c', "ann@[b", "ann@[]", "a\\b@c", "<a@b>"],
        *["ann\u00a0b@c", "ann\u200b@c", "ann\u202e@c", "mailto:ann@b"],
    ],
)
def test_what_is_no_mail_address_is_refused(email):
    refused = refusal(Reason.INVALID_VALUE, checked_email, email)
    assert refused.message == f"{email!r} is not a mail address."
    assert refused.field == "email"


@pytest.mark.parametrize("email", ["", " ", "ann\0@b", "\ud800@b", "x" * 243 + "@example.com"])
def test_a_text_that_cannot_be_stored_or_sent_to_is_refused_as_a_text(email):
    assert refusal(Reason.INVALID_TEXT, checked_email, email).field == "email"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("en", "en"),
        ("DE", "de"),
        ("de-ch", "de-CH"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("SR-LATN", "sr-Latn"),
        ("es-419", "es-419"),
        ("de-CH-1996", "de-CH-1996"),
        ("ca-VALENCIA", "ca-valencia"),
        ("gsw", "gsw"),
    ],
)
def test_a_language_is_a_tag_in_its_usual_letter_case(given, stored):
    assert checked_language(given) == stored


@pytest.mark.parametrize(
    "language",
    [
        "",
        "e",
        "english",
        "en_US",
        "en-",
        "-en",
        "en-U",
        "de-DE-x",
        "\u017fr",
        "e1",
        "en" + "-1996" * 9,
    ],
)
def test_what_is_no_language_tag_is_refused(language):
    refused = refusal(Reason.INVALID_VALUE, checked_language, language)
    assert refused.message == f"{language[:35]!r} is not a language tag."
    assert refused.field == "language"


@pytest.mark.parametrize("country", ["", "D", "DEU", "D1", "\u00d6\u00c4", "\u017fs", "DE\n"])
def test_a_country_has_two_letters(country):
    refused = refusal(Reason.INVALID_VALUE, opened, billing_address=Address(country=country))
    assert refused.message == f"{country!r} is not a country."


# Changing


def test_a_contact_changes_freely():
    assert changed(ANN, name="Ann B.", types=(VENDOR,), is_active=False) == replace(
        ANN, name="Ann B.", types=(VENDOR,), is_active=False
    )


def test_an_external_id_is_given_once():
    known = changed(ANN, external_id="crm-1")
    assert known.external_id == "crm-1"
    assert changed(known, name="Ann B.").external_id == "crm-1"
    for other in ("crm-2", None):
        refused = refusal(Reason.FROZEN, changed, known, external_id=other)
        assert (refused.field, refused.details) == ("externalId", {"external_id": "crm-1"})


def test_an_erased_contact_is_frozen():
    refused = refusal(Reason.FROZEN, changed, replace(ANN, erased_at=LATER), name="Ann")
    assert refused.details == {"contact_id": "con_1", "erased_at": "2025-07-02T12:00:00+00:00"}


# Leaving


def test_a_contact_without_history_may_be_deleted():
    close_contact(ANN, has_history=False)


def test_a_contact_with_history_stays():
    refused = refusal(Reason.IN_USE, close_contact, ANN, has_history=True)
    assert refused.message == "Contact Ann has documents, payments or other records and stays."
    assert refused.suggestion == (
        "Set its isActive to false instead; its personal data can also be erased."
    )
    assert refused.details == {"contact_id": "con_1"}
