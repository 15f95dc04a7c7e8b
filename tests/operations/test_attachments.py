"""Attachments: files taken in for what they belong to, kept once, found again, taken away."""

from __future__ import annotations

import asyncio
import hashlib
from urllib.parse import quote

import pytest
from asking import enter, key_of, refused
from bucket import bucket_server
from entering import contents
from filing import PDF, attach, contact, invoice, kept, opened, refusal, send
from house import running
from paper_cases import picture

from ledger.errors import LedgerError, Reason
from ledger.keys import Scope
from store.files import FolderFiles

ATTACHED = """query Attached($of: ID!) {
  attachments(subjectId: $of) { id name contentType size sha256 url subjectId createdAt } }"""
DELETE = """mutation Delete($id: ID!, $dryRun: Boolean! = false, $idempotencyKey: String) {
  deleteAttachment(id: $id, dryRun: $dryRun, idempotencyKey: $idempotencyKey) }"""
LOGO = "mutation Logo($id: ID) { updateDocumentSettings(logoId: $id) { id } }"
SALE = "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


@pytest.fixture
async def house(engine, databases, folder):
    async with running(await databases.new(engine), files=str(folder)) as started:
        yield started


async def test_a_file_is_attached_found_and_downloaded(house, books, folder):
    jane = await contact(books)
    made = await attach(books, jane, PDF, name="receipt.pdf")
    sha256 = hashlib.sha256(PDF).hexdigest()
    (found,) = (await books.ask(ATTACHED, of=jane))["attachments"]
    assert found == {
        "id": made["id"],
        "name": "receipt.pdf",
        "contentType": "application/pdf",
        "size": len(PDF),
        "sha256": sha256,
        "url": made["url"],
        "subjectId": jane,
        "createdAt": made["created_at"],
    }
    assert kept(folder) == [folder / books.organization_id / sha256]
    assert (await opened(house, made["url"])).content == PDF
    alone = "query One($id: ID!) { attachment(id: $id) { id } }"
    assert await books.ask(alone, id=made["id"]) == {"attachment": {"id": made["id"]}}


async def test_files_belong_to_all_that_files_can_belong_to(books):
    (sale,) = await enter(books, SALE)
    drawn = await invoice(books, send=False)
    jane = await contact(books)
    for subject in (sale, drawn["id"], jane, jane.replace("con_", "CON_")):
        await attach(books, subject)
    logo = await attach(books, books.organization_id, picture(4, 2), name="logo.png")
    assert logo["content_type"] == "image/png"
    assert logo["subject_id"] == books.organization_id
    assert len((await books.ask(ATTACHED, of=jane))["attachments"]) == 2
    (found,) = (await books.ask(ATTACHED, of=drawn["id"]))["attachments"]
    nested = "query I($id: ID!) { invoice(id: $id) { attachments { id } } }"
    shown = (await books.ask(nested, id=drawn["id"]))["invoice"]["attachments"]
    assert shown == [{"id": found["id"]}]


async def test_what_is_not_there_or_anothers_takes_no_file_and_leaves_none(house, books, folder):
    other = await house.organization()
    theirs = await contact(other)
    before = await contents(house)
    missing = ["con_0VFxgIu1AbCdEfGhIjKl", theirs, other.organization_id, "txn_1", "inv_1", "pay_"]
    for subject in missing:
        content = picture(4, 2) if subject.startswith("org_") else PDF
        answer = await send(books, subject, content)
        assert refusal(answer) == (404, "not_found", "subject"), subject
    assert refusal(await send(books, "act_1")) == (400, "invalid_value", "subject")
    assert refusal(await send(books, books.organization_id)) == (400, "invalid_value", "body")
    assert await contents(house) == before
    assert kept(folder) == []
    assert (await books.ask(ATTACHED, of=theirs))["attachments"] == []


async def test_another_organization_finds_and_deletes_nothing(house, books):
    made = await attach(books, await contact(books))
    other = await house.organization()
    refusal_ = await refused(house, other, DELETE, id=made["id"])
    assert (refusal_.code, refusal_.field) == ("NOT_FOUND", "id")
    hidden = await refused(
        house, other, "query O($id: ID!) { attachment(id: $id) { id } }", id=made["id"]
    )
    assert (hidden.code, hidden.field) == ("NOT_FOUND", "id")


async def test_one_content_is_kept_once_until_nobody_has_it(house, books, folder):
    jane, ann = await contact(books), await contact(books, name="Ann")
    first, second = await attach(books, jane), await attach(books, ann, name="copy.pdf")
    other = await house.organization()
    theirs = await attach(other, await contact(other))
    assert len(kept(folder)) == 2
    assert await books.ask(DELETE, id=first["id"]) == {"deleteAttachment": True}
    assert (await opened(house, first["url"])).status_code == 404
    assert (await opened(house, second["url"])).content == PDF
    assert await books.ask(DELETE, id=second["id"]) == {"deleteAttachment": True}
    assert kept(folder) == [folder / other.organization_id / theirs["sha256"]]
    assert (await opened(house, theirs["url"])).content == PDF


async def test_a_dry_run_deletes_neither_the_row_nor_the_content(house, books, folder):
    made = await attach(books, await contact(books))
    before = await contents(house)
    assert await books.ask(DELETE, id=made["id"], dryRun=True) == {"deleteAttachment": True}
    assert await contents(house) == before
    assert (await opened(house, made["url"])).content == PDF


async def test_a_key_sent_twice_attaches_once_and_gets_the_same_answer(house, books, folder):
    jane = await contact(books)
    first = await send(books, jane, Idempotency_Key="once")
    before = await contents(house)
    again = await send(books, jane, Idempotency_Key="once")
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert (again.status_code, again.json()) == (201, first.json())
    other_content = await send(books, jane, b"other", Idempotency_Key="once")
    other_name = await send(books, jane, name="b.pdf", Idempotency_Key="once")
    assert refusal(other_content) == (422, "idempotency_mismatch", "idempotencyKey")
    assert refusal(other_name) == (422, "idempotency_mismatch", "idempotencyKey")
    assert await contents(house) == before
    assert len(kept(folder)) == 1


async def test_a_replay_of_what_was_deleted_since_keeps_no_content(house, books, folder):
    jane = await contact(books)
    made = (await send(books, jane, Idempotency_Key="once")).json()
    await books.ask(DELETE, id=made["id"], idempotencyKey="gone")
    assert refusal(await send(books, jane, Idempotency_Key="once"))[:2] == (404, "not_found")
    assert kept(folder) == []
    assert await books.ask(DELETE, id=made["id"], idempotencyKey="gone") == {
        "deleteAttachment": True
    }


async def test_a_subject_has_fifty_files_at_most_however_fast_they_come(house, books, folder):
    jane = await contact(books)
    sent = await asyncio.gather(*(send(books, jane, b"%d" % n) for n in range(56)))
    refusals = [refusal(answer) for answer in sent if answer.status_code != 201]
    assert refusals == [(400, "too_many_items", "subject")] * 6
    assert len((await books.ask(ATTACHED, of=jane))["attachments"]) == 50
    assert len(kept(folder)) == 50
    await attach(books, await contact(books))


async def test_a_replay_is_answered_though_the_subject_is_full(books):
    jane = await contact(books)
    for n in range(49):
        await attach(books, jane, b"%d" % n)
    last = await send(books, jane, Idempotency_Key="last")
    again = await send(books, jane, Idempotency_Key="last")
    assert again.json() == last.json()


async def test_the_logo_in_use_is_not_deleted(house, books):
    logo = await attach(books, books.organization_id, picture(4, 2), name="logo.png")
    await books.ask(LOGO, id=logo["id"])
    refusal_ = await refused(house, books, DELETE, id=logo["id"])
    assert (refusal_.reason, refusal_.field) == ("in_use", "id")
    await books.ask(LOGO, id=None)
    await books.ask(DELETE, id=logo["id"])


async def test_a_key_of_scope_read_attaches_and_deletes_nothing(house, books, folder):
    jane = await contact(books)
    made = await attach(books, jane)
    reader = await key_of(books, house, Scope.READ)
    before = await contents(house)
    assert refusal(await send(reader, jane, b"other")) == (403, "forbidden", None)
    assert await contents(house) == before
    assert len(kept(folder)) == 1
    assert (await refused(house, reader, DELETE, id=made["id"])).reason == "forbidden"
    assert len((await reader.ask(ATTACHED, of=jane))["attachments"]) == 1


async def test_what_was_attached_and_deleted_stands_in_the_history(house, books):
    jane = await contact(books)
    made = await attach(books, jane)
    await books.ask(DELETE, id=made["id"])
    events = [e for e in (await contents(house))["event"] if made["id"] in e]
    assert len(events) == 2
    assert {"attachment.created", "rest"} <= set(events[0])
    assert {"attachment.deleted", "graphql"} <= set(events[1])


async def test_a_content_sent_again_while_it_is_deleted_is_there_afterwards(
    house, books, folder, monkeypatch
):
    jane = await contact(books)
    first = await attach(books, jane)
    sent = []
    loop = asyncio.get_running_loop()

    def delete(files, key):
        # The other's row is committed between the last look at the uses and this.
        once = asyncio.run_coroutine_threadsafe(attach(books, jane, name="again.pdf"), loop)
        sent.append(once.result(10))
        (files.folder / key).unlink()

    monkeypatch.setattr(FolderFiles, "delete", delete)
    await books.ask(DELETE, id=first["id"])
    assert (await opened(house, sent[0]["url"])).content == PDF


async def test_a_content_deleted_while_it_is_sent_again_is_put_back(house, books, monkeypatch):
    jane = await contact(books)
    first = await attach(books, jane)
    put = FolderFiles.put
    loop = asyncio.get_running_loop()

    def put_and_lose(files, key, content):
        monkeypatch.setattr(FolderFiles, "put", put)
        put(files, key, content)
        asyncio.run_coroutine_threadsafe(books.ask(DELETE, id=first["id"]), loop).result(10)

    monkeypatch.setattr(FolderFiles, "put", put_and_lose)
    second = await attach(books, jane, name="again.pdf")
    assert (await opened(house, second["url"])).content == PDF


async def test_files_that_cannot_be_reached_refuse_the_upload_and_undo_no_deletion(
    house, books, monkeypatch
):
    jane = await contact(books)
    made = await attach(books, jane)
    before = await contents(house)

    def unreachable(*_):
        raise LedgerError(Reason.BUSY, "The file cannot be reached now.", "Try again.")

    monkeypatch.setattr(FolderFiles, "put", unreachable)
    assert refusal(await send(books, jane)) == (503, "busy", None)
    assert await contents(house) == before
    monkeypatch.setattr(FolderFiles, "delete", unreachable)
    assert await books.ask(DELETE, id=made["id"]) == {"deleteAttachment": True}
    assert (await books.ask(ATTACHED, of=jane))["attachments"] == []


async def test_files_may_be_kept_in_a_bucket(databases, monkeypatch):
    with bucket_server(monkeypatch) as bucket:
        place = f"s3://books/files?endpoint={quote(bucket.url)}"
        async with running(await databases.new("sqlite"), files=place) as house:
            books = await house.organization()
            made = await attach(books, await contact(books))
            assert (await opened(house, made["url"])).content == PDF
            assert len(bucket.objects) == 1
            await books.ask(DELETE, id=made["id"])
            assert bucket.objects == {}
            house.app.house.outside.files._client.close()
