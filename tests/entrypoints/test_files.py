"""Files over HTTP: what is taken in, by whom, how large; and what whoever has a link is given."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from entering import contents
from filing import BINARY, PDF, attach, contact, kept, link, opened, refusal, send
from house import running

from ledger.errors import LedgerError, Reason
from resolvers.links import Links
from resolvers.outside import FILE
from resolvers.secrets import link_secret
from store.files import FolderFiles

LIMIT = 2_048
DOWNLOADED = {
    "cache-control": "private, max-age=3600",
    "content-disposition": 'attachment; filename="receipt.pdf"',
    "content-security-policy": "sandbox; default-src 'none'",
    "content-type": "application/pdf",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


@pytest.fixture
async def house(databases, folder):
    settings = {"files": str(folder), "limit_upload": LIMIT, "public_url": "https://books.example"}
    async with running(await databases.new("sqlite"), **settings) as started:
        yield started


async def posted(client, **request):
    """The answer to a request that may be wrong in itself."""
    given = {"Authorization": f"Bearer {client.key}", **BINARY, **request.pop("headers", {})}
    headers = {name: value for name, value in given.items() if value is not None}
    url = request.pop("url", "/attachments")
    return await client.http.post(url, headers=headers, **request)


async def test_a_file_becomes_an_attachment_with_a_link_to_it(books):
    jane = await contact(books)
    answer = await send(books, jane)
    made = answer.json()
    assert answer.status_code == 201
    assert list(made) == [
        "id",
        "subject_id",
        "name",
        "content_type",
        "size",
        "sha256",
        "url",
        "created_at",
    ]
    assert made["subject_id"] == jane
    assert made["url"].startswith(f"https://books.example/files/{books.organization_id}.att_")
    assert answer.headers["cache-control"] == "no-store"


async def test_a_file_counts_as_a_request_of_the_minute_and_in_the_figures(databases, folder):
    settings = {"files": str(folder), "rate_live": 3}
    async with running(await databases.new("sqlite"), **settings) as house:
        books = await house.organization()
        jane = await contact(books)
        answers = [await send(books, jane, name=f"{number}.pdf") for number in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert answers[2].json()["error"]["code"] == "rate_limited"
        assert answers[1].headers["x-ratelimit-remaining"] == "0"
        await house.app.house.figures.flush()
        text = (await house.http.get("/metrics")).text
        counted = [line for line in text.splitlines() if "createAttachment" in line]
        assert 'crane_requests_total{code="OK",operation="createAttachment",' in counted[0]


async def test_whoever_has_the_link_downloads_the_file(house, books):
    made = await attach(books, await contact(books))
    answer = await opened(house, made["url"])
    assert (answer.status_code, answer.content) == (200, PDF)
    assert {name: answer.headers[name] for name in DOWNLOADED} == DOWNLOADED
    head = await opened(house, made["url"], "HEAD")
    assert head.headers["content-length"] == str(len(PDF))


async def test_what_a_browser_would_run_is_sent_as_text_to_be_saved(house, books):
    page = b"<!doctype html><script>alert(1)</script>"
    made = await attach(books, await contact(books), page, name='a"b;<c>.html')
    answer = await opened(house, made["url"])
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.content == page


async def test_a_name_of_any_letters_comes_back_as_it_was(house, books):
    made = await attach(books, await contact(books), name="Beleg für 領収書.pdf")
    assert made["name"] == "Beleg für 領収書.pdf"
    header = (await opened(house, made["url"])).headers["content-disposition"]
    assert header.endswith("filename*=UTF-8''Beleg%20f%C3%BCr%20%E9%A0%98%E5%8F%8E%E6%9B%B8.pdf")


@pytest.mark.parametrize(
    ("request_", "status", "reason", "field"),
    [
        ({"headers": {"Authorization": None}}, 401, "unauthenticated", None),
        ({"headers": {"Authorization": "Bearer cl_live_x"}}, 401, "unauthenticated", None),
        ({"headers": {"Content-Type": None}}, 415, "invalid_request", None),
        ({"headers": {"Content-Type": "multipart/form-data"}}, 415, "invalid_request", None),
        ({"headers": {"Content-Encoding": "gzip"}}, 415, "invalid_request", None),
        ({"headers": {"Idempotency-Key": "k" * 201}}, 400, "invalid_text", "idempotencyKey"),
        ({"params": {"name": "a.pdf"}}, 400, "invalid_request", "subject"),
        ({"params": {"subject": "con_1"}}, 400, "invalid_request", "name"),
        ({"params": [("name", "a"), ("name", "b")]}, 400, "invalid_request", "subject"),
        ({"url": "/attachments?name=%ff", "params": None}, 400, "invalid_request", None),
        ({"params": {"subject": "con_1", "name": "a/b.pdf"}}, 400, "invalid_value", "name"),
        ({"params": {"subject": "con_1", "name": "../b"}}, 400, "invalid_value", "name"),
        ({"params": {"subject": "con_1", "name": " "}}, 400, "invalid_text", "name"),
        ({"params": {"subject": "con_1", "name": "n" * 201}}, 400, "invalid_text", "name"),
        ({"params": {"subject": "", "name": "a"}}, 400, "invalid_value", "subject"),
        ({"params": {"subject": "x" * 5_000, "name": "a"}}, 400, "invalid_value", "subject"),
        ({"params": {"subject": "con_'<b>", "name": "a"}}, 404, "not_found", "subject"),
        ({"content": b""}, 400, "invalid_request", None),
    ],
)
async def test_what_is_wrong_is_refused_and_nothing_is_kept(
    house, books, folder, request_, status, reason, field
):
    before = await contents(house)
    asked = {"params": {"subject": "con_1", "name": "a.pdf"}, "content": PDF, **request_}
    answer = await posted(books, **asked)
    assert refusal(answer) == (status, reason, field)
    assert ("www-authenticate" in answer.headers) is (status == 401)
    assert await contents(house) == before
    assert kept(folder) == []


async def test_a_header_that_is_there_twice_is_refused(books):
    twice = [("Idempotency-Key", "a"), ("Idempotency-Key", "b"), *BINARY.items()]
    named = {"subject": "con_1", "name": "a.pdf"}
    answer = await books.http.post("/attachments", params=named, headers=twice, content=PDF)
    assert refusal(answer) == (400, "invalid_request", None)


async def test_a_file_may_be_as_large_as_the_limit_and_no_larger(house, books, folder):
    jane = await contact(books)
    await attach(books, jane, b"x" * LIMIT)
    answer = await send(books, jane, b"x" * (LIMIT + 1))
    assert refusal(answer) == (413, "request_too_large", None)
    assert answer.json()["error"]["details"] == {"allowed": LIMIT}
    assert len(kept(folder)) == 1


async def test_a_body_that_is_too_large_is_not_read_to_its_end(books):
    jane = await contact(books)
    parts = []

    async def endless():
        while True:
            parts.append(1)
            assert len(parts) < 10
            yield b"x" * 1_000

    named = {"subject": jane, "name": "a.pdf"}
    answer = await posted(books, params=named, content=endless())
    assert refusal(answer) == (413, "request_too_large", None)
    announced = await posted(
        books, params=named, content=endless(), headers={"Content-Length": "9" * 30}
    )
    assert refusal(announced) == (413, "request_too_large", None)


async def test_a_token_that_is_wrong_expired_or_for_another_purpose_opens_nothing(house, books):
    made = await attach(books, await contact(books))
    token = made["url"].rpartition("/")[2]
    links = house.app.house.outside.links
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for wrong in (
        "x",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.replace("att_", "inv_"),
        token + "x",
        "%00",
        "\N{SNOWMAN}" * 400,
        links.make("view", books.organization_id, made["id"], yesterday + timedelta(days=9)),
        links.make(FILE, books.organization_id, made["id"], yesterday),
    ):
        answer = await house.http.get(f"/files/{wrong}")
        assert refusal(answer) == (404, "not_found", None), wrong


async def test_a_link_of_one_organization_never_opens_anothers_file(house, books):
    made = await attach(books, await contact(books))
    other = await house.organization()
    answer = await opened(house, link(house, FILE, other, made["id"]))
    assert refusal(answer) == (404, "not_found", None)


async def test_files_that_cannot_be_reached_are_told_so(house, books, monkeypatch):
    made = await attach(books, await contact(books))

    def unreachable(*_):
        raise LedgerError(Reason.BUSY, "The file cannot be read now.", "Try again.")

    monkeypatch.setattr(FolderFiles, "get", unreachable)
    assert refusal(await opened(house, made["url"])) == (503, "busy", None)


async def test_a_content_that_is_gone_is_not_found(house, books, folder):
    made = await attach(books, await contact(books))
    kept(folder)[0].unlink()
    assert refusal(await opened(house, made["url"])) == (404, "not_found", None)


async def test_the_log_shows_no_token(house, books, caplog):
    made = await attach(books, await contact(books))
    caplog.set_level(logging.INFO, "crane.access")
    await opened(house, made["url"])
    await house.http.get(f"/files/{made['url'].rpartition('/')[2]}x")
    facts = [each.facts for each in caplog.records if each.name == "crane.access"]
    assert [fact["path"] for fact in facts] == ["/files/...", "/files/..."]
    assert facts[0]["organization_id"] == books.organization_id


async def test_other_methods_are_refused(house):
    for method, path in (("GET", "/attachments"), ("POST", "/files/x"), ("DELETE", "/files/x")):
        answer = await house.http.request(method, path)
        assert refusal(answer) == (405, "invalid_request", None)


async def test_processes_that_start_together_sign_with_one_secret(engine, databases):
    said = ("view", "org_1", "inv_1", datetime(2026, 1, 5, tzinfo=UTC))
    async with running(await databases.new(engine)) as started:
        found = await asyncio.gather(*(link_secret(started.database) for _ in range(8)))
        signed = started.app.house.outside.links.make(*said)
    (secret,) = set(found)
    assert len(secret) == 32
    assert Links(secret, "http://x").make(*said) == signed


async def test_links_outlive_the_process_and_end_with_the_secret(databases, tmp_path):
    url = await databases.new("sqlite")
    files = {"files": str(tmp_path)}
    async with running(url, **files) as first:
        books = await first.organization()
        made = await attach(books, await contact(books))
    async with running(url, **files) as second:
        assert (await opened(second, made["url"])).content == PDF
    async with running(url, link_secret="s" * 32, **files) as third:
        assert (await opened(third, made["url"])).status_code == 404


@pytest.mark.parametrize(
    "settings",
    [
        {"files": "ftp://x"},
        {"mailer": "ftp://x"},
        {"mail_from": "nobody"},
        {"link_secret": "short"},
        {"public_url": "books.example"},
    ],
)
async def test_a_setting_that_will_not_do_keeps_the_service_from_starting(databases, settings):
    url = await databases.new("sqlite")
    with pytest.raises(AssertionError, match=r"startup\.failed"):
        async with running(url, **settings):
            pass  # pragma: no cover
