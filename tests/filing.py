"""What tests of files and links do again and again: send a file, open a link, see what is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from house import Client, House

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
BINARY = {"Content-Type": "application/octet-stream"}

CONTACT = """
mutation Take($name: String! = "Jane", $language: String) {
  createContact(name: $name, contactType: CUSTOMER, language: $language) { id }
}"""
INVOICE = """
mutation Draw($contact: ID!, $lines: [InvoiceItemInput!]!, $send: Boolean!, $due: DateTime!,
    $notes: String) {
  createInvoice(contactId: $contact, invoiceDate: "2026-01-05", dueDate: $due,
    items: $lines, send: $send, notes: $notes) { id invoiceNumber pdfUrl }
}"""


async def send(
    client: Client, subject: str, content: bytes = PDF, name: str = "receipt.pdf", **headers: str
) -> httpx2.Response:
    """The answer to a file that is sent to be attached."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.http.post(
        "/attachments",
        params={"subject": subject, "name": name},
        content=content,
        headers={"Authorization": f"Bearer {client.key}", **BINARY, **given},
    )


async def attach(client: Client, subject: str, content: bytes = PDF, **more: str) -> dict[str, Any]:
    """The attachment that a file has become."""
    answer = await send(client, subject, content, **more)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def contact(client: Client, **given: Any) -> str:
    """The id of a new customer."""
    made = await client.ask(CONTACT, **given)
    key: str = made["createContact"]["id"]
    return key


async def invoice(
    client: Client, *, send: bool = True, due: str = "2026-02-04", **given: Any
) -> dict[str, Any]:
    """A new invoice of 100.00 to a new customer, unless other lines are given."""
    account = (await client.accounts())["4000"]
    lines = given.pop("lines", [{"description": "Work", "quantity": "4", "unitPrice": "25"}])
    notes = given.pop("notes", None)
    to = await contact(client, **given)
    named = [{"accountId": account, **line} for line in lines]
    rest = {"send": send, "due": due, "notes": notes}
    made = await client.ask(INVOICE, contact=to, lines=named, **rest)
    drawn: dict[str, Any] = made["createInvoice"]
    return drawn


async def opened(house: House, url: str, method: str = "GET", **headers: str) -> httpx2.Response:
    """The answer to whoever has a link, and no key."""
    return await house.http.request(method, urlsplit(url).path, headers=headers)


def link(house: House, purpose: str, client: Client, subject: str) -> str:
    """A link of the service's own making."""
    outside = house.app.house.outside
    made: str = outside.link(purpose, client.organization_id, subject, datetime.now(UTC))
    return made


def kept(folder: Path) -> list[Path]:
    """The files that are kept in a folder and below."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def refusal(answer: httpx2.Response) -> tuple[int, str, str | None]:
    """The status, the reason and the field of a refusal in the house's form."""
    error = answer.json()["error"]
    assert error["message"]
    assert error["suggestion"]
    assert error["request_id"] == answer.headers["x-request-id"]
    assert error["status"] == answer.status_code
    return answer.status_code, error["code"], next(iter(error["details"].get("fields", ())), None)
