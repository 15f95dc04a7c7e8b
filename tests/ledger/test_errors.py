import json

import pytest
from books import refusal

from ledger.errors import Code, LedgerError, Reason, at

TEMPORARY = {"rate_limited", "idempotency_in_flight", "busy", "internal"}
STATUSES = {
    Code.VALIDATION_ERROR: {400, 413, 422},
    Code.NOT_FOUND: {404, 422},
    Code.CONFLICT: {409, 422},
    Code.FORBIDDEN: {403},
    Code.UNAUTHENTICATED: {401},
    Code.RATE_LIMIT_EXCEEDED: {429},
    Code.INSUFFICIENT_CREDITS: {402},
    Code.INTERNAL_ERROR: {500, 503},
}


def test_each_reason_has_a_slug_of_its_own_that_is_its_name():
    assert [reason.slug for reason in Reason] == [name.lower() for name in Reason.__members__]


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_a_class_and_a_status_that_fits_it(reason):
    assert reason.status in STATUSES[reason.code]


def test_every_class_has_a_reason():
    assert {reason.code for reason in Reason} == set(Code)


def test_trying_again_helps_only_where_the_cause_passes_by_itself():
    assert {reason.slug for reason in Reason if reason.retry} == TEMPORARY


def test_a_refusal_has_the_class_of_its_reason_and_reads_as_its_message():
    refused = LedgerError(Reason.UNBALANCED, "Debits differ from credits.")
    assert refused.code is Code.VALIDATION_ERROR
    assert str(refused) == "Debits differ from credits."
    assert (refused.suggestion, refused.details, refused.field) == (None, {}, None)


def test_two_refusals_share_no_details():
    first, second = LedgerError(Reason.BUSY, "Wait."), LedgerError(Reason.BUSY, "Wait.")
    first.details["seconds"] = 1
    assert second.details == {}


@pytest.mark.parametrize(("field", "path"), [(None, "entries[2]"), ("amount", "entries[2].amount")])
def test_a_refusal_seen_from_outside_has_a_longer_path(field, path):
    refused = LedgerError(Reason.INVALID_AMOUNT, "No.", "Yes.", {"a": 1}, field)
    outside = refused.inside("entries[2]")
    assert outside.field == path
    assert (outside.reason, outside.message, outside.suggestion, outside.details) == (
        refused.reason,
        refused.message,
        refused.suggestion,
        refused.details,
    )


def test_a_refusal_survives_being_kept_as_json_in_any_order_of_keys():
    refused = LedgerError(Reason.DUPLICATE, "No.", "Yes.", {"code": "1000"}, "code")
    for sort_keys in (False, True):
        kept = json.loads(json.dumps(refused.plain(), sort_keys=sort_keys))
        assert LedgerError.from_plain(kept).plain() == refused.plain()
    assert refused.plain() == {
        "reason": "duplicate",
        "message": "No.",
        "suggestion": "Yes.",
        "details": {"code": "1000"},
        "field": "code",
    }


def test_a_reader_gives_its_answer_or_its_refusal_with_the_field_named():
    def read(text, known):
        if text in known:
            return known[text]
        raise LedgerError(Reason.INVALID_VALUE, f"No {text}.", "Another.")

    assert at("currency", read, "a", {"a": 1}) == 1
    assert refusal(Reason.INVALID_VALUE, at, "currency", read, "b", {}).field == "currency"
