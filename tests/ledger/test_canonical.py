"""The canonical JSON of facts: byte for byte what Python's own encoder makes of the same."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from books import USD_BOOKS
from hypothesis import given
from hypothesis import strategies as st

from ledger.accounts import AccountType
from ledger.canonical import array_of, text_of
from ledger.contacts import Contact, ContactType
from ledger.document_settings import DocumentSettings
from ledger.jobs import JobPriority

NOW = datetime(2025, 3, 4, 5, 6, 7, 89, tzinfo=UTC)


class Fraction(Decimal):
    """A decimal of a kind of its own, as numbers with a point are that a request has sent."""


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def by_the_encoder(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@given(_JSON)
def test_json_is_written_as_python_writes_it(value):
    assert text_of(value) == by_the_encoder(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2025, 3, 4), '"2025-03-04"'),
        (NOW, '"2025-03-04T05:06:07.000089+00:00"'),
        (Decimal("1E-7"), '"0.0000001"'),
        (Decimal("8.2500"), '"8.2500"'),
        (Fraction("250.0"), '"250.0"'),
        (AccountType.ASSET, json.dumps(AccountType.ASSET.value)),
        (JobPriority.NORMAL, str(int(JobPriority.NORMAL))),
        ((1, "a", None), '[1,"a",null]'),
        ({"b": (), "a": {}}, '{"a":{},"b":[]}'),
        ('"\\\n\u2028é', '"\\"\\\\\\n\u2028é"'),
    ],
)
def test_what_json_has_no_word_for_is_text(value, text):
    assert text_of(value) == text


def test_values_follow_each_other_in_an_array():
    assert array_of(("a", 1, None, NOW)) == '["a",1,null,"2025-03-04T05:06:07.000089+00:00"]'


def test_of_a_fact_what_is_absent_is_left_out_and_the_rest_is_sorted():
    told = json.loads(text_of(USD_BOOKS))
    expected = [
        field.name
        for field in fields(USD_BOOKS)
        if getattr(USD_BOOKS, field.name) not in (None, {}, (), DocumentSettings())
    ]
    assert list(told) == sorted(expected)


def test_settings_are_told_once_they_differ_from_the_usual_ones():
    other = replace(USD_BOOKS, documents=DocumentSettings(invoice_prefix="R-"))
    assert '"invoice_prefix":"R-"' in text_of(other)
    assert "documents" not in text_of(USD_BOOKS)


def test_false_zero_and_an_empty_text_are_not_absent():
    contact = Contact(
        organization_id="org_1",
        id="con_1",
        name="Ann",
        types=(ContactType.CUSTOMER,),
        created_at=NOW,
        updated_at=NOW,
        salt="00" * 16,
        is_active=False,
        reference="",
    )
    told = json.loads(text_of(contact))
    assert told["is_active"] is False
    assert told["reference"].startswith("hmac-sha256:")
    assert "salt" not in told
    assert "Ann" not in text_of(contact)


def test_what_is_no_value_of_a_fact_is_refused():
    with pytest.raises(TypeError):
        text_of(object())
