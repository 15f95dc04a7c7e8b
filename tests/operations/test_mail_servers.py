"""Mail that a server takes, or does not: over real connections, encrypted too."""

from __future__ import annotations

import smtplib
import socket
from email import policy
from email.parser import BytesParser

import pytest
from mailing import HEADERS, MAIL, mail_server

from ledger.errors import LedgerError, Reason
from resolvers import mail as mail_module
from resolvers.mail import MailError, SmtpMailer, mailer_of


@pytest.fixture
def server(tmp_path, monkeypatch):
    certificate = tmp_path / "localhost.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(certificate) as made:
        yield made


def refused_by(url):
    with pytest.raises(MailError) as refused:
        mailer_of(url).send(MAIL)
    assert "p@ss/word" not in str(refused.value)
    assert refused.value.__cause__ is None
    return str(refused.value)


def test_a_server_gets_the_mail_encrypted_and_after_the_password(server):
    where = mailer_of(f"smtp://anna:p%40ss%2Fword@{server.at}").send(MAIL)
    assert where == "smtp:localhost"
    assert server.heard == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]
    (content,) = server.mails
    message = BytesParser(policy=policy.default).parsebytes(content)
    assert message.keys() == [*HEADERS, "MIME-Version", "Content-Type"]
    assert message.get_body().get_content().replace("\r\n", "\n") == MAIL.text


def test_a_server_may_be_encrypted_from_the_first_byte(server):
    server.offers = ["implicit", "AUTH PLAIN"]
    assert mailer_of(f"smtps://anna:p%40ss%2Fword@{server.at}/").send(MAIL) == "smtp:localhost"
    assert server.heard == ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


def test_a_server_without_encryption_or_password_may_be_meant(server):
    server.offers = []
    mailer_of(f"smtp://{server.at}?starttls=never").send(MAIL)
    assert server.heard == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_no_password_is_sent_to_a_server_that_does_not_encrypt(server):
    server.offers = ["AUTH PLAIN"]
    said = refused_by(f"smtp://anna:p%40ss%2Fword@{server.at}")
    assert said == "localhost did not take the mail: STARTTLS extension not supported by server."
    assert "AUTH" not in server.heard


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_nothing_is_sent_to_a_server_with_another_certificate(server, scheme):
    server.offers = ["STARTTLS"] if scheme == "smtp" else ["implicit"]
    said = refused_by(
        f"{scheme}://anna:p%40ss%2Fword@{server.at.replace('localhost', '127.0.0.1')}"
    )
    assert "certificate verify failed" in said
    assert not {"AUTH", "MAIL"} & set(server.heard)


def test_a_wrong_password_is_not_repeated(server):
    said = refused_by(f"smtp://anna:secret@{server.at}")
    assert said == "localhost did not take the mail: it refuses the user and password (535)."


@pytest.mark.parametrize(
    ("command", "answer", "cause"),
    [
        ("HELLO", "554 go away", "it answers 554 go away"),
        ("MAIL", "550 not you", "it answers 550 not you"),
        ("RCPT", "550-no such\r\n550 user", "it refuses the recipient: 550 no such user"),
        ("WAIT", "451 later", "it answers 451 later"),
        ("DATA", "552 too \x1b[2J large", "it answers 552 too [2J large"),
        ("DATA", "554 " + "x" * 900, "it answers 554 " + "x" * 200),
        ("MAIL", None, "it did not answer within 0.1 seconds."),
        ("HELLO", None, "it did not answer within 0.1 seconds."),
    ],
)
def test_what_a_server_refuses_is_a_mail_error_that_says_why(
    server, monkeypatch, command, answer, cause
):
    monkeypatch.setattr(mail_module, "TIMEOUT_SECONDS", 0.1 if answer is None else 5)
    server.answers = {command: answer}
    said = refused_by(f"smtp://{server.at}?starttls=never")
    assert said == f"localhost did not take the mail: {cause}"


@pytest.mark.parametrize("answer", ["500 what?", None])
def test_a_mail_that_was_taken_stays_taken_whatever_the_farewell(server, monkeypatch, answer):
    monkeypatch.setattr(mail_module, "TIMEOUT_SECONDS", 0.2)
    server.answers = {"QUIT": answer}
    assert mailer_of(f"smtp://{server.at}?starttls=never").send(MAIL) == "smtp:localhost"
    assert len(server.mails) == 1


def test_a_server_that_is_gone_is_a_mail_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    said = refused_by(f"smtp://127.0.0.1:{port}")
    assert said.startswith("127.0.0.1 did not take the mail: ")


def test_a_server_that_has_no_address_is_a_mail_error(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    said = refused_by("smtp://nowhere")
    assert said == "nowhere did not take the mail: [Errno -2] Name or service not known"


def test_a_name_that_cannot_be_a_servers_is_a_mail_error():
    name = "a" * 64
    said = refused_by(f"smtp://{name}")
    assert said == f"{name} did not take the mail: its name cannot be looked up."


@pytest.mark.parametrize(
    ("url", "port", "is_encrypted"),
    [("smtp://host", 587, False), ("smtps://host", 465, True), ("smtp://host:25", 25, False)],
)
def test_a_server_has_the_usual_port(monkeypatch, url, port, is_encrypted):
    asked = []

    def connection(host, port, *_, **named):
        asked.append((host, port, named or None))
        raise TimeoutError

    name = "SMTP_SSL" if is_encrypted else "SMTP"
    monkeypatch.setattr(smtplib, name, connection)
    assert refused_by(url) == "host did not take the mail: it did not answer within 10 seconds."
    assert asked[0][:2] == ("host", port)


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "imap://host",
        "smtp://",
        "smtp://:25",
        "smtp://host:port",
        "smtp://host:99999",
        "smtp://[host",
        "smtp://host?starttls=maybe",
        "smtp://host?starttls",
        "smtp://host?tls=always",
        "smtp://host/path",
        "smtp://host#x",
        "smtp://anna:hid#den@host",
        "smtp://anna@host",
        "smtp://:hidden@host",
        "smtp://anna:hidd%C3%A9n@host",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_repeating_it(address):
    with pytest.raises(LedgerError) as refused:
        mailer_of(address)
    assert refused.value.reason is Reason.INVALID_VALUE
    assert refused.value.suggestion
    assert "hid" not in refused.value.message


def test_a_mailer_does_not_show_its_password():
    assert "hidden" not in repr(SmtpMailer("smtp://anna:hidden@host"))
