"""Files in a bucket: how it is asked, what it fails with, and how its address is read."""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from bucket import bucket_server

from ledger.errors import LedgerError, Reason
from ledger.file_types import content_key
from store import s3
from store.files import FolderFiles, files_of
from store.s3 import S3Files

PDF = b"%PDF-1.7\n"
KEY = content_key("org_1", hashlib.sha256(PDF).hexdigest())


def refusal(reason, call, *arguments):
    with pytest.raises(LedgerError) as refused:
        call(*arguments)
    assert refused.value.reason is reason
    assert refused.value.suggestion
    return refused.value


@pytest.fixture
def bucket(monkeypatch):
    with bucket_server(monkeypatch) as server:
        yield server


@pytest.fixture
def in_bucket(bucket):
    made = files_of(f"s3://books/files/?endpoint={quote(bucket.url)}")
    yield made
    made._client.close()


def test_an_object_is_named_by_prefix_and_key_and_the_request_is_signed(bucket, in_bucket):
    in_bucket.put(KEY, PDF)
    assert bucket.objects == {f"/books/files/{KEY}": PDF}
    (head,) = bucket.heads
    assert head["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=anna/")
    assert "/us-east-1/s3/aws4_request" in head["Authorization"]
    assert "secret" not in str(head)
    assert head.get("Content-Encoding") is None


def test_a_bucket_without_a_prefix_in_a_region(bucket):
    files = files_of(f"s3://books?endpoint={bucket.url}/&region=fsn1")
    files.put(KEY, PDF)
    assert list(bucket.objects) == [f"/books/{KEY}"]
    assert "/fsn1/s3/aws4_request" in bucket.heads[0]["Authorization"]
    files._client.close()


@pytest.mark.parametrize("does", ["fails", "denies", "is silent"])
def test_a_store_that_does_not_do_it_is_busy(bucket, monkeypatch, does):
    monkeypatch.setattr(s3, "READ_SECONDS", 0.1)
    files = files_of(f"s3://books?endpoint={bucket.url}")
    bucket.does = does
    begun = time.monotonic()
    for call in (files.get, files.delete):
        refusal(Reason.BUSY, call, KEY)
    refused = refusal(Reason.BUSY, files.put, KEY, PDF)
    assert (refused.reason.status, refused.details) == (503, {})
    assert "127.0.0.1" not in refused.message
    assert len(bucket.heads) == (3 if does == "denies" else 6)
    assert time.monotonic() - begun < 8
    files._client.close()


def test_an_answer_that_breaks_off_is_busy(bucket, in_bucket):
    bucket.does = "breaks off"
    refusal(Reason.BUSY, in_bucket.get, KEY)


def test_a_store_that_says_that_nothing_was_there_to_delete_has_done_it(bucket, in_bucket):
    bucket.does = "knows no key"
    in_bucket.delete(KEY)
    assert len(bucket.heads) == 1


def test_a_bucket_that_is_not_there_is_busy_and_not_an_absent_file(bucket):
    files = files_of(f"s3://other?endpoint={bucket.url}")
    refusal(Reason.BUSY, files.get, KEY)
    files._client.close()


def test_a_store_that_is_gone_is_busy(bucket, in_bucket, caplog):
    bucket.shutdown()
    bucket.server_close()
    refusal(Reason.BUSY, in_bucket.get, KEY)
    assert [record.name for record in caplog.records if record.name.startswith("crane")] == [
        "crane.files"
    ]


def test_no_log_has_credentials_in_it(bucket, monkeypatch, caplog):
    caplog.set_level("DEBUG")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-a-role")
    files = files_of(f"s3://books?endpoint={bucket.url}")
    files.put(KEY, PDF)
    assert bucket.heads[0]["X-Amz-Security-Token"] == "of-a-role"
    assert "of-a-role" not in caplog.text
    files._client.close()


def test_without_credentials_it_is_busy(bucket, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    files = files_of(f"s3://books?endpoint={bucket.url}")
    refusal(Reason.BUSY, files.put, KEY, PDF)
    assert bucket.heads == []
    files._client.close()


# Addresses


def test_an_address_names_a_folder_or_a_bucket(bucket):
    assert files_of("files") == FolderFiles(Path("files"))
    files = files_of("s3://books/a/b")
    assert isinstance(files, S3Files)
    assert files._named(KEY) == {"Bucket": "books", "Key": f"a/b/{KEY}"}
    assert files._client.meta.endpoint_url == "https://s3.amazonaws.com"
    files._client.close()


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "gs://books",
        "file:///files",
        "s3://",
        "s3:///files",
        "s3://b",
        "s3://key:hidden@books",
        "s3://books:9000",
        "s3://books#x",
        "s3://[books",
        "s3://books?endpiont=https://host",
        "s3://books?endpoint=host:9000",
        "s3://books?endpoint=ftp://host",
        "s3://books?endpoint=https://",
        "s3://books?endpoint=https://key:hidden@host",
        "s3://books?endpoint=https://[host",
        "s3://books?endpoint",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_repeating_it(address):
    refused = refusal(Reason.INVALID_VALUE, files_of, address)
    assert "hidden" not in refused.message


def test_without_boto3_a_bucket_is_refused_with_the_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    refused = refusal(Reason.INVALID_VALUE, files_of, "s3://books")
    assert "pip install 'crane-ledger[s3]'" in refused.suggestion
