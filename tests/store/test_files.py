"""Where files are kept: one contract, tried on a folder and on a bucket; and the folder's own."""

from __future__ import annotations

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from bucket import bucket_server

from ledger.errors import LedgerError, Reason
from ledger.file_types import content_key
from store import files as files_module
from store.files import FolderFiles, files_of, write_durably

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4


def key_of(content, organization_id="org_1"):
    return content_key(organization_id, hashlib.sha256(content).hexdigest())


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
