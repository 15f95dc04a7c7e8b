"""What tests of contacts, categories, items and tax rates do again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from asking import ENTER, refused
from books import drafts
from entering import contents
from house import Client, House

from resolvers import health

HARMLESS = (
    "<script>alert(1)</script> & <b>",
    '#import "x": *; $ sum $',
    "'; DROP TABLE contact; --",
    "\u202egnp.exe",
    "=HYPERLINK(1)",
    "{{ 7 * 7 }} %s {0}",
)
"""Texts that are kept as they are: nothing in them means anything to us."""

UNFIT = ("\0", "\x1b[2J", "\x85", "\uffff", "x" * 10_001, "e" + "\u0301" * 31)
"""Texts that no field takes: they cannot be stored, or are longer than any text may be."""

NEVER = "0000000000000000zzzz"


async def linked(client: Client, journal: str, **links: str) -> None:
    """Post a journal (see `books`) whose transactions have a `contactId` or a `categoryId`."""
    accounts = await client.accounts()
    given = [
        {
            "description": draft.description,
            "date": draft.date.isoformat(),
            "kind": draft.kind.name,
            "entries": [
                {
                    "accountId": accounts[entry.account_id.removeprefix("act_")],
                    "entryType": entry.entry_type.name,
                    "amount": entry.amount,
                }
                for entry in draft.entries
            ],
            **links,
        }
        for draft in drafts(journal)
    ]
    await client.ask(ENTER, transactions=given)


async def require_sound(house: House, client: Client) -> None:
    """Assert what `crane check` looks at: every figure, and the chain of events."""
    findings = await house.database.read(health.examine, client.organization_id)
    assert [each for each in findings if not each.holds] == []


async def texts_of(house: House) -> str:
    """All texts of all rows of all tables, one after the other."""
    rows = [row for table in (await contents(house)).values() for row in table]
    return "\n".join(cell for row in rows for cell in row if isinstance(cell, str))


async def takes_texts(
    house: House, client: Client, document: str, names: Iterable[str], **given: Any
) -> None:
    """Assert of a mutation's text arguments what they must make of hostile texts.

    The document gives back its variables under the same names. Harmless texts come back as they
    were, and unfit ones are refused for the argument that they stood in.
    """
    for name in names:
        for text in HARMLESS:
            ((found),) = (await client.ask(document, **{**given, name: text})).values()
            assert found[name] == text
        for text in UNFIT:
            refusal = await refused(house, client, document, **{**given, name: text})
            assert (refusal.reason, refusal.field) == ("invalid_text", name), (name, text[:9])


async def at_once(client: Client, document: str, given: Iterable[dict[str, Any]]) -> list[str]:
    """What each of many requests at once came to: its reason, or `done`."""
    answers = await asyncio.gather(*(client.post(document, each) for each in given))
    bodies = [answer.json() for answer in answers]
    return [
        body["errors"][0]["extensions"]["reason"] if "errors" in body else "done" for body in bodies
    ]
