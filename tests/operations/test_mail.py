"""Mail: messages that nothing can be smuggled into, and mails that go to a folder."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mailing import HEADERS, MAIL, PDF

from ledger.errors import LedgerError, Reason
from resolvers.mail import (
    Enclosure,
    FolderMailer,
    Mail,
    Mailbox,
    MailError,
    checked_address,
    mailer_of,
    message_of,
    one_line,
)

PARTS = [
    "=?utf-8?q?=0D=0AX-Evil:_1?=",
    "=?",
    "?=",
    "\r\n",
    "\nBcc: eve@example.net",
    '"',
    "\\",
    ", <eve@example.net>",
    ":;",
    "(c)",
    "ä",
    "領" * 30,
    "🧾",
    "x" * 80,
    "\ud800",
    "\u202e",
    " ",
]
hostile = st.text() | st.lists(st.sampled_from(PARTS)).map("".join)


def parsed(mail):
    return BytesParser(policy=policy.default).parsebytes(message_of(mail).as_bytes())


def text_of(message):
    return message.get_body().get_content().replace("\r\n", "\n")


def refusal(call, *arguments):
    with pytest.raises(LedgerError) as refused:
        call(*arguments)
    assert refused.value.reason is Reason.INVALID_VALUE
    assert refused.value.suggestion
    return refused.value


# Messages


def test_a_message_has_all_that_a_mail_says():
    message = parsed(MAIL)
    assert message["From"].addresses[0].addr_spec == "books@example.com"
    assert message["From"].addresses[0].display_name == "Kaffebröd GmbH, Köln"
    assert str(message["To"]) == "Anna <anna@example.org>"
    assert message["Reply-To"] == "hello@example.com"
    assert message["Subject"] == "Rechnung INV-0001 über 1.234,50 €"
    assert message["Message-ID"].endswith("@example.com>")
    assert abs(parsedate_to_datetime(message["Date"]) - datetime.now(UTC)).total_seconds() < 60
    assert text_of(message) == "Guten Tag,\n\n.\nGrüße\n"
    (enclosed,) = message.iter_attachments()
    assert (enclosed.get_filename(), enclosed.get_content_type()) == (PDF.name, "application/pdf")
    assert enclosed.get_content() == PDF.content


def test_a_mail_may_be_no_more_than_a_text():
    mail = Mail(
        Mailbox("a@example.com"), Mailbox("b@example.com"), "Hello", "One\r\ntwo\0\x1b\ud800"
    )
    message = parsed(mail)
    assert message["Reply-To"] is None
    assert text_of(message) == "One\ntwo\n"


@given(hostile, hostile)
def test_no_name_subject_or_file_name_becomes_a_header_or_an_address(text, other):
    mail = Mail(
        sender=Mailbox("books@example.com", text),
        to=Mailbox("anna@example.org", other),
        subject=text,
        text=other,
        reply_to=Mailbox("hello@example.com", text),
        attachments=(Enclosure(other, "application/pdf", b"x"),),
    )
    content = message_of(mail).as_bytes()
    message = BytesParser(policy=policy.compat32).parsebytes(content)
    assert message.keys() == [*HEADERS, "MIME-Version", "Content-Type"]
    for header, given_ in (("From", mail.sender), ("To", mail.to), ("Reply-To", mail.reply_to)):
        ((name, address),) = getaddresses([message[header]])
        assert address == given_.address
        assert str(make_header(decode_header(name))) == one_line(given_.name)
    assert str(make_header(decode_header(message["Subject"]))) == one_line(text)
    text_part, file_part = message.get_payload()
    assert file_part.keys() == [
        "Content-Type",
        "Content-Transfer-Encoding",
        "Content-Disposition",
        "MIME-Version",
    ]
    assert text_part.get_content_type() == "text/plain"
    assert content.isascii()
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(len(row) for row in content.split(b"\r\n")) < 998


@pytest.mark.parametrize("text", ["x" * 10_000, "ä" * 10_000, "=" * 10_000, "From me\n.\n" * 1_000])
def test_a_long_text_arrives_whole_in_short_lines(text):
    message = message_of(Mail(MAIL.sender, MAIL.to, "S", text))
    assert max(len(row) for row in message.as_bytes().split(b"\r\n")) < 998
    arrived = text_of(parsed(Mail(MAIL.sender, MAIL.to, "S", text)))
    assert arrived.rstrip("\n") == text.rstrip("\n")


@pytest.mark.parametrize(
    ("given_", "sent"),
    [
        ("image/png", "image/png"),
        ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        ("text/plain", "text/plain"),
        ("message/rfc822", "application/octet-stream"),
        ("multipart/mixed", "application/octet-stream"),
        ("text/html\r\nX-Evil: 1", "application/octet-stream"),
        ("pdf", "application/octet-stream"),
    ],
)
def test_a_file_of_no_known_form_of_type_is_sent_as_bytes(given_, sent):
    mail = Mail(MAIL.sender, MAIL.to, "S", "T", attachments=(Enclosure("a", given_, b"\0\r\n"),))
    (enclosed,) = parsed(mail).iter_attachments()
    assert enclosed.get_content_type() == sent
    assert enclosed.get_payload(decode=True) == b"\0\r\n"


# Addresses


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("anna@example.com", "anna@example.com"),
        (" Anna.O'Neil+x@Mail.Example.com ", "Anna.O'Neil+x@Mail.Example.com"),
        ("a@localhost", "a@localhost"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_is_kept_without_blanks_around_it(text, address):
    assert checked_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "@example.com",
        "anna@",
        "anna@@example.com",
        "anna@example.com, eve@example.net",
        "Anna <anna@example.com>",
        "anna@example.com\r\nBcc: eve@example.net",
        "anna@example.com\n",
        "an na@example.com",
        ".anna@example.com",
        "an..na@example.com",
        "anna@-example.com",
        "anna@example..com",
        "anna@example.com.",
        "änna@example.com",
        "anna@bücher.example",
        '"anna"@example.com',
        "a" * 65 + "@example.com",
        "a@" + "b." * 130 + "com",
        "\ud800@example.com",
        "a@" + "b" * 1_000_000,
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_what_is_no_address_is_refused(text):
    refused = refusal(checked_address, text, "to")
    assert refused.field == "to"
    assert len(refused.message) < 200
    refusal(message_of, Mail(MAIL.sender, Mailbox(text), "S", "T"))


# A folder


def test_a_folder_gets_a_file_for_each_mail_and_says_where(tmp_path):
    mailer = mailer_of(str(tmp_path / "mails"))
    written = [Path(mailer.send(MAIL)) for _ in range(3)]
    assert sorted((tmp_path / "mails").iterdir()) == written
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    assert stat.S_IMODE((tmp_path / "mails").stat().st_mode) == 0o700
    message = BytesParser(policy=policy.default).parsebytes(written[0].read_bytes())
    assert message["Subject"] == MAIL.subject
    assert {path.suffix for path in written} == {".eml"}


def test_a_folder_that_cannot_be_written_is_a_mail_error(tmp_path):
    (tmp_path / "mails").write_bytes(b"")
    with pytest.raises(MailError, match=r"^The mail could not be written: "):
        FolderMailer(tmp_path / "mails").send(MAIL)
