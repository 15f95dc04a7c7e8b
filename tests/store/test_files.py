"""Where files are kept: one contract, tried on a folder and on a tiny S3-compatible store."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from ledger.errors import LedgerError, Reason
from ledger.file_types import content_key
from store import files as files_module
from store import s3
from store.files import FolderFiles, files_of, write_durably
from store.s3 import S3Files

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
NO_SUCH = '<?xml version="1.0"?><Error><Code>{}</Code><Message>None.</Message></Error>'


def key_of(content, organization_id="org_1"):
    return content_key(organization_id, hashlib.sha256(content).hexdigest())


def refusal(reason, call, *arguments):
    with pytest.raises(LedgerError) as refused:
        call(*arguments)
    assert refused.value.reason is reason
    assert refused.value.suggestion
    return refused.value


class Bucket(ThreadingHTTPServer):
    """A store with one bucket; `does` is how it treats every request: answers, fails ..."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Request)
        self.objects = {}
        self.heads = []
        self.does = "answers"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_):
        """A client that went away is no news."""


class Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Bucket

    def log_message(self, *_):
        """Nobody reads it."""

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["x-amz-content-sha256"] == hashlib.sha256(content).hexdigest()
        if self.may_answer():
            self.server.objects[self.path] = content
            self.answer(200)

    def do_GET(self):
        if not self.may_answer():
            return
        if self.path in self.server.objects:
            self.answer(200, self.server.objects[self.path])
        else:
            self.answer(404, NO_SUCH.format("NoSuchKey").encode())

    def do_DELETE(self):
        if self.may_answer():
            self.server.objects.pop(self.path, None)
            self.answer(204)

    def may_answer(self):
        self.server.heads.append(dict(self.headers))
        if self.server.does == "is silent":
            time.sleep(1)
        elif self.server.does == "fails":
            self.answer(500, NO_SUCH.format("InternalError").encode())
        elif self.server.does == "denies":
            self.answer(403, NO_SUCH.format("AccessDenied").encode())
        elif self.server.does == "knows no key":
            self.answer(404, NO_SUCH.format("NoSuchKey").encode())
        elif self.server.does == "breaks off":
            self.answer(200, b"half", length=8)
            self.close_connection = True
        elif not self.path.startswith("/books/"):
            self.answer(404, NO_SUCH.format("NoSuchBucket").encode())
        else:
            return True
        return False

    def answer(self, status, body=b"", length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def bucket(monkeypatch):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "anna")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("NO_PROXY", "*")
    with Bucket() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def in_bucket(bucket):
    made = files_of(f"s3://books/files/?endpoint={quote(bucket.url)}")
    yield made
    made._client.close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kept" / "files"


@pytest.fixture(params=["folder", "bucket"])
def files(request, folder):
    return (
        files_of(str(folder)) if request.param == "folder" else request.getfixturevalue("in_bucket")
    )


# One contract


@pytest.mark.parametrize("content", [PDF, b"", os.urandom(2_000_000)], ids=len)
def test_what_is_put_is_got(files, content):
    files.put(key_of(content), content)
    assert files.get(key_of(content)) == content


def test_what_was_never_put_is_none(files):
    assert files.get(key_of(PDF)) is None
    files.put(key_of(b"other"), b"other")
    assert files.get(key_of(PDF)) is None


def test_putting_again_changes_nothing_and_the_last_content_stays(files):
    files.put(key_of(PDF), PDF)
    files.put(key_of(PDF), PDF)
    assert files.get(key_of(PDF)) == PDF
    files.put(key_of(PDF), b"corrected")
    assert files.get(key_of(PDF)) == b"corrected"


def test_the_same_content_is_kept_for_each_organization(files):
    files.put(key_of(PDF), PDF)
    files.put(key_of(PDF, "org_2"), PDF)
    files.delete(key_of(PDF))
    assert files.get(key_of(PDF)) is None
    assert files.get(key_of(PDF, "org_2")) == PDF


def test_deleting_can_be_done_again(files):
    files.delete(key_of(PDF))
    files.put(key_of(PDF), PDF)
    files.delete(key_of(PDF))
    files.delete(key_of(PDF))
    assert files.get(key_of(PDF)) is None


@pytest.mark.parametrize(
    "key", ["", "../x", "/etc/passwd", "org_1/..", "a\0b", "\ud800", "x" * 999]
)
def test_a_hostile_key_is_refused_by_all(files, key):
    for call in (files.get, files.delete):
        refusal(Reason.INVALID_VALUE, call, key)
    refusal(Reason.INVALID_VALUE, files.put, key, b"x")


def test_many_threads_put_and_get_at_once(files):
    contents = [b"%d" % (number % 8) * 1_000 for number in range(64)]

    def turn(content):
        files.put(key_of(content), content)
        return files.get(key_of(content))

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(turn, contents)) == contents


# A folder


def test_nobody_else_may_read_a_file_in_the_folder(folder):
    FolderFiles(folder).put(key_of(PDF), PDF)
    modes = {
        path.relative_to(folder.parent).parts[-1][:8]: stat.S_IMODE(path.stat().st_mode)
        for path in [folder.parent, folder, *folder.rglob("*")]
        if path != folder.parent
    }
    assert modes == {"files": 0o700, "org_1": 0o700, key_of(PDF)[6:14]: 0o600}
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_reading_makes_no_folder(folder):
    assert FolderFiles(folder).get(key_of(PDF)) is None
    FolderFiles(folder).delete(key_of(PDF))
    assert not folder.exists()


def test_a_file_is_on_the_disk_before_it_has_its_name_and_the_name_before_it_is_told(
    folder, monkeypatch
):
    done = []
    sync, replace = os.fsync, Path.replace

    def synced(handle):
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        done.append("folder synced" if is_folder else "file synced")
        sync(handle)

    def replaced(path, target):
        done.append("renamed")
        return replace(path, target)

    FolderFiles(folder).put(key_of(b"other"), b"other")
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    FolderFiles(folder).put(key_of(PDF), PDF)
    assert done == ["folder synced", "file synced", "renamed", "folder synced"]


def test_new_folders_are_on_the_disk_too(folder, monkeypatch):
    synced = []
    monkeypatch.setattr(files_module, "_sync", synced.append)
    FolderFiles(folder).put(key_of(PDF), PDF)
    above = folder.parent.parent
    assert synced == [above.parent, above, folder.parent, folder, folder / "org_1"]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there_and_no_rest(folder, monkeypatch, failing):
    files = FolderFiles(folder)
    files.put(key_of(PDF), PDF)

    def full(*_):
        raise OSError(28, "No space left on device", "/secret/place")

    with monkeypatch.context() as patched:
        patched.setattr(*((os, "fsync") if failing == "fsync" else (Path, "replace")), full)
        refused = refusal(Reason.BUSY, files.put, key_of(PDF), b"corrected")
    assert refused.message == "The file cannot be written now."
    assert files.get(key_of(PDF)) == PDF
    assert [path.name for path in (folder / "org_1").iterdir()] == [key_of(PDF)[6:]]


def test_a_folder_that_is_a_file_is_busy(tmp_path):
    (tmp_path / "files").write_bytes(b"")
    files = FolderFiles(tmp_path / "files")
    refusal(Reason.BUSY, files.put, key_of(PDF), PDF)
    assert refusal(Reason.BUSY, files.get, key_of(PDF)).message == "The file cannot be read now."
    refusal(Reason.BUSY, files.delete, key_of(PDF))


def test_a_file_is_written_in_a_relative_folder_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_durably(Path("mail.eml"), b"x")
    assert (tmp_path / "mail.eml").read_bytes() == b"x"


# A bucket


def test_an_object_is_named_by_prefix_and_key_and_the_request_is_signed(bucket, in_bucket):
    in_bucket.put(key_of(PDF), PDF)
    assert bucket.objects == {f"/books/files/{key_of(PDF)}": PDF}
    (head,) = bucket.heads
    assert head["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=anna/")
    assert "/us-east-1/s3/aws4_request" in head["Authorization"]
    assert "secret" not in str(head)
    assert head.get("Content-Encoding") is None


def test_a_bucket_without_a_prefix_in_a_region(bucket):
    files = files_of(f"s3://books?endpoint={bucket.url}/&region=fsn1")
    files.put(key_of(PDF), PDF)
    assert list(bucket.objects) == [f"/books/{key_of(PDF)}"]
    assert "/fsn1/s3/aws4_request" in bucket.heads[0]["Authorization"]
    files._client.close()


@pytest.mark.parametrize("does", ["fails", "denies", "is silent"])
def test_a_store_that_does_not_do_it_is_busy(bucket, monkeypatch, does):
    monkeypatch.setattr(s3, "READ_SECONDS", 0.1)
    files = files_of(f"s3://books?endpoint={bucket.url}")
    bucket.does = does
    begun = time.monotonic()
    for call in (files.get, files.delete):
        refusal(Reason.BUSY, call, key_of(PDF))
    refused = refusal(Reason.BUSY, files.put, key_of(PDF), PDF)
    assert (refused.reason.status, refused.details) == (503, {})
    assert "127.0.0.1" not in refused.message
    assert len(bucket.heads) == (3 if does == "denies" else 6)
    assert time.monotonic() - begun < 8
    files._client.close()


def test_an_answer_that_breaks_off_is_busy(bucket, in_bucket):
    bucket.does = "breaks off"
    refusal(Reason.BUSY, in_bucket.get, key_of(PDF))


def test_a_store_that_says_that_nothing_was_there_to_delete_has_done_it(bucket, in_bucket):
    bucket.does = "knows no key"
    in_bucket.delete(key_of(PDF))
    assert len(bucket.heads) == 1


def test_a_bucket_that_is_not_there_is_busy_and_not_an_absent_file(bucket):
    files = files_of(f"s3://other?endpoint={bucket.url}")
    refusal(Reason.BUSY, files.get, key_of(PDF))
    files._client.close()


def test_a_store_that_is_gone_is_busy(bucket, in_bucket, caplog):
    bucket.shutdown()
    bucket.server_close()
    refusal(Reason.BUSY, in_bucket.get, key_of(PDF))
    assert [record.name for record in caplog.records if record.name.startswith("crane")] == [
        "crane.files"
    ]


def test_without_credentials_it_is_busy(bucket, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    files = files_of(f"s3://books?endpoint={bucket.url}")
    refusal(Reason.BUSY, files.put, key_of(PDF), PDF)
    assert bucket.heads == []
    files._client.close()


# Addresses


def test_an_address_names_a_folder_or_a_bucket(bucket):
    assert files_of("files") == FolderFiles(Path("files"))
    files = files_of("s3://books/a/b")
    assert isinstance(files, S3Files)
    assert files._named(key_of(PDF)) == {"Bucket": "books", "Key": f"a/b/{key_of(PDF)}"}
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
