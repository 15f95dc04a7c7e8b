import json
import time
import unicodedata
from decimal import Decimal

import pytest
from books import answer, refusal
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError, Reason
from ledger.texts import METADATA_BYTES, clean, clean_metadata, clean_optional


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Rent for May", "Rent for May"),
        (" kept as it is ", " kept as it is "),
        ("Two\nlines,\ta tab", "Two\nlines,\ta tab"),
        ("Kaffebr\u00f6d", "Kaffebr\u00f6d"),
        ("Kaffebro\u0308d", "Kaffebr\u00f6d"),
        ("\u212b", "\u00c5"),
        ("領収書 🧾", "領収書 🧾"),
    ],
)
def test_text_is_stored_in_form_nfc(text, stored):
    assert clean(text, "description", 20) == stored


@pytest.mark.parametrize(
    ("text", "codepoint", "position"),
    [
        ("a\0b", "U+0000", 1),
        ("\x1b[2J", "U+001B", 0),
        ("one\r\ntwo", "U+000D", 3),
        ("\x7f", "U+007F", 0),
        ("\x85", "U+0085", 0),
        ("ok\ud800", "U+D800", 2),
        ("\udfff", "U+DFFF", 0),
        ("\uffff", "U+FFFF", 0),
    ],
)
def test_a_character_that_cannot_be_stored_is_refused_by_its_place(text, codepoint, position):
    refused = refusal(Reason.INVALID_TEXT, clean, text, "name", 100)
    assert refused.message == (
        f"name holds the character {codepoint} at position {position}, which cannot be stored."
    )
    assert refused.details == {"codepoint": codepoint, "position": position}
    assert refused.field == "name"


def test_text_may_be_as_long_as_its_field():
    assert clean("x" * 200, "name", 200) == "x" * 200
    assert clean("o\u0308" * 200, "name", 200) == "\u00f6" * 200


@pytest.mark.parametrize("text", ["x" * 201, "\u00f6" * 201])
def test_longer_text_is_refused_never_cut(text):
    refused = refusal(Reason.INVALID_TEXT, clean, text, "name", 200)
    assert refused.message == "name has 201 characters; at most 200 are kept."
    assert refused.details == {"length": 201, "limit": 200}


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
def test_a_text_that_must_be_there_is_not_blank(text):
    refused = refusal(Reason.INVALID_TEXT, clean, text, "name", 200)
    assert refused.message == "name is blank."


def test_a_text_that_may_be_absent_may_be_empty_too():
    assert clean_optional(None, "reference", 100) is None
    assert clean_optional("", "reference", 100) == ""
    assert clean_optional("INV-1", "reference", 100) == "INV-1"


@pytest.mark.parametrize("marks", ["\u0301\u0323" * 250_000, "\u0301" * 250_000 + "\u0323" * 9])
def test_a_letter_under_a_heap_of_combining_marks_is_refused_at_once(marks):
    began = time.perf_counter()
    refused = refusal(Reason.INVALID_TEXT, clean, f"a{marks}", "name", 200)
    assert time.perf_counter() - began < 1
    assert refused.message == "name has more than 30 combining marks on one letter."


def test_thirty_combining_marks_on_each_letter_are_readable_enough():
    text = ("x" + "\u0334" * 30) * 2
    assert clean(text, "name", 200) == text


@given(st.text())
def test_what_is_stored_can_be_sent_and_cleaned_again(text):
    stored = answer(clean, text, "name", 200)
    if isinstance(stored, LedgerError):
        assert stored.reason is Reason.INVALID_TEXT
        assert stored.message.encode()
    else:
        assert stored.encode()
        assert unicodedata.is_normalized("NFC", stored)
        assert clean(stored, "name", 200) == stored


# Metadata


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (None, {}),
        ({}, {}),
        (
            {"source": "api", "tags": ["a", "b"], "paid": True, "by": None},
            {"source": "api", "tags": ["a", "b"], "paid": True, "by": None},
        ),
        ({"o\u0308": "o\u0308"}, {"\u00f6": "\u00f6"}),
        ({"n": 2**63 - 1, "m": 1 - 2**63}, {"n": 2**63 - 1, "m": 1 - 2**63}),
        ({"n": 1.5, "m": Decimal("1.50")}, {"n": 1.5, "m": 1.5}),
        ({"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}, {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}),
        ({"a": [[[[[1]]]]]}, {"a": [[[[[1]]]]]}),
    ],
)
def test_metadata_is_an_object_of_the_callers_own(given, stored):
    assert clean_metadata(given) == stored


@pytest.mark.parametrize("given", [[], "text", 1, True])
def test_metadata_is_nothing_but_an_object(given):
    refused = refusal(Reason.INVALID_VALUE, clean_metadata, given)
    assert refused.message == "metadata must be a JSON object."


def test_metadata_is_at_most_six_levels_deep():
    refused = refusal(Reason.INVALID_VALUE, clean_metadata, {"a": [[[[[[1]]]]]]})
    assert refused.message == "metadata is nested more than 6 levels deep."


def test_metadata_takes_at_most_sixteen_kibibytes():
    brackets = len('{"a": ""}')
    fitting = {"a": "x" * (METADATA_BYTES - brackets)}
    assert clean_metadata(fitting) == fitting
    refused = refusal(Reason.INVALID_TEXT, clean_metadata, {"a": fitting["a"] + "x"})
    assert refused.message == "metadata takes 16385 bytes as JSON; at most 16384 are kept."
    assert refused.details == {"bytes": 16385, "limit": 16384}


@pytest.mark.parametrize(
    "number",
    [
        2**63,
        -(2**63),
        10**400,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("1E+400"),
        Decimal("1E-400"),
        Decimal("0.1234567890123456789"),
        Decimal("12345678901234567.89"),
    ],
)
def test_a_number_that_would_come_back_changed_is_refused(number):
    refused = refusal(Reason.INVALID_VALUE, clean_metadata, {"a": [number]})
    assert refused.message == (
        "metadata holds a number that a JSON reader would not give back unchanged."
    )


@pytest.mark.parametrize("given", [{"a": "\0"}, {"\0": 1}, {"": 1}, {"k" * 201: 1}])
def test_the_texts_and_keys_of_metadata_are_texts_like_any_other(given):
    assert refusal(Reason.INVALID_TEXT, clean_metadata, given).field == "metadata"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.text(), json_values))
def test_metadata_that_is_kept_survives_a_writer_and_a_reader_of_json(given):
    stored = answer(clean_metadata, given)
    if isinstance(stored, LedgerError):
        assert stored.reason in {Reason.INVALID_VALUE, Reason.INVALID_TEXT}
    else:
        assert json.loads(json.dumps(stored)) == stored
        assert clean_metadata(stored) == stored
