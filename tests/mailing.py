"""A mail to send, and a tiny mail server to send it to."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from resolvers.mail import Enclosure, Mail, Mailbox

PDF = Enclosure("INV-0001.pdf", "application/pdf", b"%PDF-1.7\n\0\xff")
MAIL = Mail(
    sender=Mailbox("books@example.com", "Kaffebröd GmbH, Köln"),
    to=Mailbox("anna@example.org", "Anna"),
    reply_to=Mailbox("hello@example.com"),
    subject="Rechnung INV-0001 über 1.234,50 €",
    text="Guten Tag,\n\n.\nGrüße\n",
    attachments=(PDF,),
)
HEADERS = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted"]

CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNzYSWOtqmo/7af4E
PbVi/SGQpjtXEiVvzRu8DRlRrGWhRANCAAQRXq4zJo9IzYrqA9Y7bZp4TtUQINfk
KFBTABA5qhNLslZ8bGQo+mrWglEft8fU9NCe4LxIgWidJ4DN9jtSI4Sd
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBoTCCAUigAwIBAgIUN1HTeUKU6V6mu6KtcOJBArW5+o0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMDEwMjAxMloYDzIxMjYxMDI3
MTAyMDEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQRXq4zJo9IzYrqA9Y7bZp4TtUQINfkKFBTABA5qhNLslZ8bGQo+mrW
glEft8fU9NCe4LxIgWidJ4DN9jtSI4Sdo3YwdDAdBgNVHQ4EFgQUxai6omhS1mr9
67Dfs2dt+c/fK68wHwYDVR0jBBgwFoAUxai6omhS1mr967Dfs2dt+c/fK68wDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCwYDVR0PBAQDAgeA
MAoGCCqGSM49BAMCA0cAMEQCIHvXqDnEl7R+p1mCzLoOV4BY6RoriJkV0w2s4Jwn
qGzAAiAWe7r/KK/1VF0Rinw4vLAK0mP8JJBWfPgtzhsfJNX+JQ==
-----END CERTIFICATE-----
"""
"""A certificate of localhost, signed by itself for a hundred years, with a key for tests alone."""


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server; `answers` replaces what it says to a command, None being nothing at all."""

    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.answers = {}
        self.heard = []
        self.mails = []
        self.offers = ["STARTTLS", "AUTH PLAIN"]

    @property
    def at(self):
        return f"localhost:{self.server_address[1]}"

    def handle_error(self, *_):
        """A client that went away is no news."""


class Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self):
        if "implicit" in self.server.offers:
            self.encrypt()
        self.say("HELLO", "220 here")
        while row := self.rfile.readline():
            word, *rest = row.decode().split()
            self.server.heard.append(word.upper())
            answer = getattr(self, f"do_{word.lower()}", lambda *_: "250 ok")(*rest)
            if answer is not None:
                self.say(word.upper(), answer)
            if word.upper() == "STARTTLS":
                self.encrypt()

    def say(self, word, answer):
        answer = self.server.answers.get(word, answer)
        if answer is None:
            time.sleep(0.5)
        else:
            self.wfile.write(f"{answer}\r\n".encode())

    def encrypt(self):
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def do_ehlo(self, *_):
        return "\r\n".join(
            ["250-here", *(f"250-{offer}" for offer in self.server.offers), "250 SIZE"]
        )

    def do_starttls(self):
        return "220 go on"

    def do_auth(self, _, secret):
        right = base64.b64encode(b"\0anna\0p@ss/word").decode()
        return "235 welcome" if secret == right else f"535 you are not {secret}"

    def do_data(self):
        self.say("WAIT", "354 go on")
        content = b""
        while (row := self.rfile.readline()) not in (b".\r\n", b""):
            content += row.removeprefix(b".")
        self.server.mails.append(content)
        return "250 taken"

    def do_quit(self):
        return "221 bye"

    def finish(self):
        for each in (self.rfile, self.wfile, self.request):
            each.close()


@contextmanager
def mail_server(certificate) -> Iterator[MailServer]:
    """A server that runs in a thread, with the certificate in a file of that path."""
    certificate.write_text(CERTIFICATE)
    with MailServer() as made:
        made.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.tls.load_cert_chain(certificate)
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()
