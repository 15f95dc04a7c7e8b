"""Mail: what is written, how it becomes a message, and who takes it away.

A mailer is a folder that mails are written to, or an SMTP server. Both are given the same bytes.
All of this blocks: it is to be called in a thread. Whatever stands in a name, a subject or a
file's name, it stays one header of its message.
"""

from __future__ import annotations

import re
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, quote
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from ledger.errors import LedgerError, Reason
from ledger.file_types import UNKNOWN_TYPE
from store.files import write_durably

TIMEOUT_SECONDS = 10
"""How long any one answer of a mail server is waited for."""

_LINE_LENGTH = 200
_PLAIN_LINE_LENGTH = 900
_SHORT_LENGTH = 60
_ADDRESS_LENGTH = 254
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)*{_LABEL}", re.IGNORECASE | re.ASCII
)
_INVISIBLE = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_TEXT = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MEDIA_TYPE = re.compile(r"(?!message/|multipart/)([a-z]+)/([a-z0-9][a-z0-9.+-]*)", re.ASCII)
_CURE = (
    "Write smtp://user:password@host:587 (encrypted by STARTTLS; ?starttls=never for a server "
    "without it), smtps://user:password@host:465, or the path of a folder. Percent-encode signs "
    "such as @ and / in the password."
)


class MailError(Exception):
    """A mail that was not taken: its text is the cause, and holds no password."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whom a mail is from or to: an address, and the name shown with it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a mail."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of plain text to one address; answers go to `reply_to`, or to the sender."""

    sender: Mailbox
    to: Mailbox
    subject: str
    text: str
    reply_to: Mailbox | None = None
    attachments: tuple[Enclosure, ...] = ()


class Mailer(Protocol):
    """Takes mails away."""

    def send(self, mail: Mail) -> str:
        """Take a mail, and say where it went. Raises `MailError`."""


def checked_address(text: str, field_name: str = "email") -> str:
    """The mail address without blanks around it, or `invalid_value`.

    An address is a name, @ and a domain, in ASCII, of at most 254 characters.
    """
    address = text.strip(" ")
    if len(address) <= _ADDRESS_LENGTH and _ADDRESS.fullmatch(address):
        return address
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"{one_line(text)[:60]!r} is not a mail address.",
        "Write one address such as anna@example.com, in ASCII (a domain as xn--...).",
        field=field_name,
    )


def one_line(text: str) -> str:
    """The text on one line, without anything invisible, cut after 200 characters."""
    return " ".join(_INVISIBLE.sub(" ", text).split())[:_LINE_LENGTH]


def message_of(mail: Mail) -> EmailMessage:
    """The message that a mail is sent as, dated now; an address that is none is refused."""
    message = EmailMessage(policy=policy.SMTP.clone(refold_source="none"))
    for name, value in _headers(mail):
        # Folded by the library, a long name can lose its quotes and become other addresses.
        message.set_raw(name, value)
    text = _NOT_IN_A_TEXT.sub("", mail.text.replace("\r\n", "\n"))
    is_plain = text.isascii() and all(len(row) < _PLAIN_LINE_LENGTH for row in text.split("\n"))
    message.set_content(text, cte="7bit" if is_plain else "quoted-printable")
    for enclosed in mail.attachments:
        known = _MEDIA_TYPE.fullmatch(enclosed.content_type)
        main, sub = known.groups() if known else UNKNOWN_TYPE.split("/")
        name = one_line(enclosed.name).replace("=?", "=_") or "file"
        message.add_attachment(enclosed.content, maintype=main, subtype=sub, filename=name)
    return message


def _headers(mail: Mail) -> Iterator[tuple[str, str]]:
    """The headers of a mail as they are sent, in lines of at most 78 characters."""
    named = {"From": mail.sender, "To": mail.to, "Reply-To": mail.reply_to}
    for header, mailbox in named.items():
        if mailbox is not None:
            yield header, _mailbox(header, mailbox)
    subject = one_line(mail.subject)
    yield "Subject", subject if _is_short(subject) else _encoded("Subject", subject)
    yield "Date", format_datetime(datetime.now(UTC))
    yield "Message-ID", make_msgid(domain=_domain(mail.sender))
    yield "Auto-Submitted", "auto-generated"


def _mailbox(header: str, mailbox: Mailbox) -> str:
    address, name = checked_address(mailbox.address), one_line(mailbox.name)
    if not name:
        return address
    shown = f'"{quote(name)}"' if _is_short(name) else _encoded(header, name)
    return f"{shown}\n <{address}>"


def _is_short(text: str) -> bool:
    """Whether a text can stand in a header as it is, and is not taken for an encoded one."""
    return text.isascii() and len(text) <= _SHORT_LENGTH and "=?" not in text


def _encoded(header: str, text: str) -> str:
    return Header(text, "utf-8", header_name=header).encode()


def _domain(mailbox: Mailbox) -> str:
    return mailbox.address.strip().rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Writes each mail to a file of its own, which mail programs open; names sort by time."""

    folder: Path

    def send(self, mail: Mail) -> str:
        """Write a mail, and return the path of its file."""
        content = message_of(mail).as_bytes()
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml"
        try:
            write_durably(self.folder / name, content)
        except OSError as error:
            raise MailError(f"The mail could not be written: {error.strerror}.") from error
        return str(self.folder / name)


class SmtpMailer:
    """Hands each mail to an SMTP server, over a connection of its own.

    The connection is encrypted, and the server's certificate checked, unless the address says
    `starttls=never`.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
            port = parts.port
        except ValueError:
            raise _unreadable("It cannot be read.") from None
        self._host = parts.hostname or ""
        self._is_encrypted = parts.scheme == "smtps"
        self._port = port or (465 if self._is_encrypted else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        starttls = options.pop("starttls", "always")
        self._starts_tls = starttls == "always" and not self._is_encrypted
        if parts.scheme not in {"smtp", "smtps"} or not self._host:
            raise _unreadable("It names no server.")
        if options or parts.path.strip("/") or parts.fragment:
            raise _unreadable("It has parts that mean nothing.")
        if starttls not in {"always", "never"}:
            raise _unreadable("starttls is always or never.")
        if bool(self._user) != bool(self._password):
            raise _unreadable("It has a user without a password, or the reverse.")
        if not (self._user + self._password).isascii():
            raise _unreadable("SMTP cannot carry a user or password that is not ASCII.")

    def send(self, mail: Mail) -> str:
        """Hand a mail to the server, and return `smtp:` and its name."""
        content = message_of(mail).as_bytes()
        try:
            self._hand_over(mail, content)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            # The chain is cut: an error of the codecs would show the password in the log.
            raise MailError(f"{self._host} did not take the mail: {_cause(error)}") from None
        return f"smtp:{self._host}"

    def _hand_over(self, mail: Mail, content: bytes) -> None:
        server = self._connection(_domain(mail.sender))
        try:
            if self._starts_tls:
                server.starttls(context=ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password)
            server.sendmail(mail.sender.address.strip(), [mail.to.address.strip()], content)
            # It is taken: what happens to the farewell is of no account.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _connection(self, client: str) -> smtplib.SMTP:
        """A connection whose client introduces itself, for which smtplib would ask the network."""
        if not self._is_encrypted:
            return smtplib.SMTP(self._host, self._port, client, TIMEOUT_SECONDS)
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(
            self._host, self._port, client, timeout=TIMEOUT_SECONDS, context=context
        )


def mailer_of(address: str) -> Mailer:
    """The mailer that an address names: a folder, `smtp://...` or `smtps://...`.

    Any other address is refused with `invalid_value`.
    """
    if address.startswith(("smtp://", "smtps://")):
        return SmtpMailer(address)
    if "://" in address or not address.strip():
        raise _unreadable("It is neither a folder nor a server.")
    return FolderMailer(Path(address))


def _unreadable(cause: str) -> LedgerError:
    message = f"The address of the mail server will not do. {cause}"
    return LedgerError(Reason.INVALID_VALUE, message, _CURE)


def _cause(error: Exception) -> str:
    """Why a server did not take a mail, in one line; what it says of a password is left out."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it refuses the user and password ({error.smtp_code})."
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"it refuses the recipient: {code} {_said(said)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answers {error.smtp_code} {_said(error.smtp_error)}"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return f"it did not answer within {TIMEOUT_SECONDS} seconds."
    if isinstance(error, UnicodeError):
        return "its name cannot be looked up."
    return one_line(str(error))


def _said(answer: bytes | str) -> str:
    return one_line(answer.decode(errors="replace") if isinstance(answer, bytes) else answer)
