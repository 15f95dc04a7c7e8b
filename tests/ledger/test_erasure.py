import hashlib
import hmac
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from books import LATER, NOW, STANDARD, refusal

from ledger.contacts import Address, Contact, ContactType, Term, change_contact
from ledger.erasure import PERSONAL, erased, sealed_personal
from ledger.errors import Reason

SALT = "5f0e9c1b"
BARE = Contact("org_1", "con_1", "Ann", (ContactType.CUSTOMER,), NOW, NOW, salt=SALT)
ANN = replace(
    BARE,
    email="ann@example.com",
    phone="+49 1",
    website="example.com",
    tax_number="DE1",
    reference="R-1",
    currency="EUR",
    language="de",
    billing_address=Address("Br\u00f6d 1", city="Ulm", country="DE"),
    shipping_address=Address("Kai 2"),
    terms=(Term(Decimal(100), 14),),
    revenue_account_id="act_4000",
    external_id="crm-1",
    metadata={"birthday": "1980-01-01", "age": 45},
    version=3,
)
NOT_PERSONAL = {
    "organization_id",
    "id",
    "types",
    "created_at",
    "updated_at",
    "currency",
    "language",
    "terms",
    "revenue_account_id",
    "expense_account_id",
    "tax_rate_id",
    "is_active",
    "erased_at",
    "external_id",
    "salt",
    "version",
}


def sealed(text, salt=SALT):
    """The seal of a field that is `text` as canonical JSON."""
    return "hmac-sha256:" + hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()


def test_of_every_field_is_known_whether_it_is_personal():
    assert {field.name for field in fields(Contact)} == NOT_PERSONAL | set(PERSONAL)
    assert not NOT_PERSONAL & set(PERSONAL)


# Erasing


def test_erasing_leaves_what_the_books_need():
    assert erased(ANN, LATER) == Contact(
        "org_1",
        "con_1",
        "Erased contact",
        (ContactType.CUSTOMER,),
        NOW,
        LATER,
        currency="EUR",
        language="de",
        terms=(Term(Decimal(100), 14),),
        revenue_account_id="act_4000",
        is_active=False,
        erased_at=LATER,
        external_id="crm-1",
        version=4,
    )


def test_what_was_erased_is_erased_once_and_frozen():
    gone = erased(ANN, NOW)
    assert erased(gone, LATER) == gone
    back = replace(gone, name="Ann")
    assert refusal(Reason.FROZEN, change_contact, STANDARD, gone, back, tax_rates=()).field == "id"


# Sealing


def test_every_personal_field_is_sealed_with_the_contacts_own_key():
    assert sealed_personal(ANN) == {
        "name": sealed('"Ann"'),
        "email": sealed('"ann@example.com"'),
        "phone": sealed('"+49 1"'),
        "website": sealed('"example.com"'),
        "tax_number": sealed('"DE1"'),
        "reference": sealed('"R-1"'),
        "billing_address": sealed('{"city":"Ulm","country":"DE","line1":"Br\u00f6d 1"}'),
        "shipping_address": sealed('{"line1":"Kai 2"}'),
        "metadata": sealed('{"age":45,"birthday":"1980-01-01"}'),
    }


def test_a_seal_is_the_same_ever_again():
    assert sealed_personal(BARE) == {
        "name": "hmac-sha256:3dd930efda3f6135a7f5081b5cbee6e39fed1d5bf6eca1844d72beb80797e08a",
    }


def test_what_is_not_set_is_not_sealed():
    assert sealed_personal(replace(BARE, email="")).keys() == {"name", "email"}


def test_the_order_of_metadata_does_not_matter_and_another_key_seals_otherwise():
    turned = replace(ANN, metadata=dict(reversed(ANN.metadata.items())))
    assert sealed_personal(turned) == sealed_personal(ANN)
    other = sealed_personal(replace(ANN, salt="another"))
    assert other["name"] == sealed('"Ann"', "another")
    assert all(other[name] != seal for name, seal in sealed_personal(ANN).items())


def test_an_erased_contact_has_nothing_left_to_seal():
    assert sealed_personal(erased(ANN, LATER)) == {"name": "Erased contact"}


def test_nothing_is_sealed_without_a_key():
    with pytest.raises(ValueError, match="Without a salt"):
        sealed_personal(replace(ANN, salt=""))
