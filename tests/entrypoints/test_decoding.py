"""What a body means as JSON, and which bodies are refused before anything reads them."""

from __future__ import annotations

import gzip
import json
import time
from contextlib import suppress
from decimal import Decimal

import pytest
from graphql import GraphQLError, GraphQLInt
from graphql.pyutils import inspect

from ledger.errors import LedgerError, Reason
from schema.decoding import MOST_LEVELS, decode_json


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"null", None),
        (b' {"a": [true, false, "x"]}\n', {"a": [True, False, "x"]}),
        (b"12345678901234567890123", 12345678901234567890123),
        (b"-7", -7),
        (b"1.10", Decimal("1.10")),
        (b"12345678901234567.89", Decimal("12345678901234567.89")),
        (b"0.1000000000000000000000000000000000001", Decimal("0.1" + "0" * 35 + "1")),
        (b"-0.0", Decimal("-0.0")),
        (b"1e2", 100.0),
        (b"1.5E1", 15.0),
        (b"1e-400", 0.0),
        ('"Zürich \U0001f3c3"'.encode(), "Zürich \U0001f3c3"),
        (b'"\\ud83c\\udfc3"', "\U0001f3c3"),
        (b'"\\\\ud800"', "\\ud800"),
        (b'"\\u0000"', "\x00"),
        (b'{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}),
    ],
)
def test_a_value_keeps_every_digit_and_every_character(body, value):
    decoded = decode_json(body)
    assert decoded == value
    assert str(decoded) == str(value)
    assert isinstance(decoded, type(value))


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "The body is not JSON: Expecting value, line 1 column 1."),
        (b"{", "The body is not JSON: Expecting property name enclosed in double quotes, line 1"),
        (b'{"a": 1}}', "The body is not JSON: Extra data, line 1 column 9."),
        (b"01", "The body is not JSON: Extra data, line 1 column 2."),
        (b"'a'", "The body is not JSON: Expecting value, line 1 column 1."),
        (b'"a\tb"', "The body is not JSON: Invalid control character at, line 1 column 3."),
        (b'["a",]', "The body is not JSON: "),
        ("\ufeff{}".encode(), "The body begins with a byte order mark."),
        ("{}".encode("utf-16"), "The body is not UTF-8: byte 0xff at position 0."),
        (b'"\xff"', "The body is not UTF-8: byte 0xff at position 1."),
        (b'"\xed\xa0\x80"', "The body is not UTF-8: byte 0xed at position 1."),
        (gzip.compress(b"{}", mtime=0), "The body is not UTF-8: byte 0x8b at position 1."),
        (b'"\\ud800"', "The body escapes half of a character: a surrogate without its other half."),
        (b'{"\\udc00": 1}', "The body escapes half of a character"),
        (b'["\\udfc3\\ud83c"]', "The body escapes half of a character"),
        (b'{"a": 1, "b": 2, "a": 1}', "An object has the name 'a' more than once."),
        (b'{"\\ud800": 1, "\\ud800": 2}', "An object has the name '\\ud800' more than once."),
        (b"NaN", "NaN is not JSON."),
        (b'{"amount": -Infinity}', "-Infinity is not JSON."),
        (b"1e400", "The number 1e400 is too large."),
        (b"9" * 4301, "The body has a whole number of more than 4,300 digits."),
        (b"[" * 100_000, "The body nests arrays and objects more than 64 levels deep."),
        (
            b'{"a":' * 900 + b"1" + b"}" * 900,
            "The body nests arrays and objects more than 64 levels deep.",
        ),
    ],
)
def test_what_is_no_json_or_could_mean_two_things_is_refused(body, cause):
    with pytest.raises(LedgerError) as refused:
        decode_json(body)
    assert refused.value.reason is Reason.INVALID_REQUEST
    assert refused.value.message.startswith(cause)
    assert refused.value.suggestion
    refused.value.message.encode()


def test_a_fraction_is_shown_as_it_was_written_when_it_is_out_of_place():
    with pytest.raises(GraphQLError) as refused:
        GraphQLInt.coerce_input_value(decode_json(b"1.50"))
    assert str(refused.value) == "Int cannot represent non-integer value: 1.50"
    assert len(inspect(decode_json(b"0." + b"1" * 9999))) == 40


def test_the_refusal_names_the_text_that_it_is_about():
    with pytest.raises(LedgerError, match="The parameter variables is not JSON"):
        decode_json(b"{", "parameter variables")


def test_nesting_is_counted_by_level_and_not_by_bracket():
    allowed = b"[" * MOST_LEVELS + b"]" * MOST_LEVELS
    assert json.dumps(decode_json(allowed)).encode() == allowed
    wide = b"[" + b",".join([b"{}"] * 1000) + b',"[[[["]'
    assert decode_json(wide) == [{}] * 1000 + ["[[[["]
    with pytest.raises(LedgerError, match="64 levels"):
        decode_json(b"[" + allowed + b"]")


@pytest.mark.parametrize(
    "body",
    [
        b"0." + b"1" * 1_000_000,
        b'"' + b"\\u00e9" * 170_000 + b'"',
        b"[" + b"{}," * 330_000 + b"{}]",
        b"{" + b",".join(b'"%d":1' % n for n in range(100_000)) + b',"1":1}',
        b"1" * 1_000_000 + b"e1",
        b"1" * 1_000_000,
    ],
    ids=["long fraction", "escapes", "many objects", "many names", "long exponent", "long whole"],
)
def test_the_worst_megabyte_takes_less_than_a_second(body):
    began = time.process_time()
    with suppress(LedgerError):
        decode_json(body)
    assert time.process_time() - began < 1
