"""Attachments in the API: what is known of files. They are sent by `POST /attachments`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import strawberry

from ledger import ids
from ledger.attachments import Attachment
from resolvers import attachments as decisions
from resolvers.attachments import SUBJECTS, drop_content
from resolvers.books import Command, Written, unknown
from resolvers.outside import FILE
from schema.context import Reading
from schema.nodes import Node
from schema.operation import mutation, query
from store.attachments import ATTACHMENTS, of_subjects


@strawberry.type
class AttachmentNode(Node):
    """A file that belongs to a transaction, document, contact, item or payment, or as its logo to
    the organization. It is sent by `POST /attachments?subject=<id>&name=<file name>`, its bytes as
    the body, with Content-Type application/octet-stream.
    """

    id: strawberry.ID
    subject_id: strawberry.ID = strawberry.field(description="What it belongs to.")
    name: str
    content_type: str = strawberry.field(description="As its content tells.")
    size: int = strawberry.field(description="In bytes.")
    sha256: str = strawberry.field(description="Of the content, in hexadecimal.")
    url: str = strawberry.field(
        description="A signed link to download it, which opens without a key until it expires."
    )
    created_at: datetime


def attachment_node(reading: Reading, fact: Attachment) -> AttachmentNode:
    """An attachment as the API shows it."""
    return AttachmentNode(
        id=strawberry.ID(fact.id),
        subject_id=strawberry.ID(fact.subject_id),
        name=fact.name,
        content_type=fact.content_type,
        size=fact.size,
        sha256=fact.sha256,
        url=reading.outside.link(FILE, fact.organization_id, fact.id, reading.now),
        created_at=fact.created_at,
    )


async def attachments_of(
    reading: Reading, subject_ids: Sequence[str]
) -> list[list[AttachmentNode]]:
    """The attachments of each of some things, the oldest first."""
    found = await reading.read(of_subjects, reading.organization_id, subject_ids)
    return [[attachment_node(reading, fact) for fact in found[key]] for key in subject_ids]


async def attachments_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, AttachmentNode]:
    """The attachments of the organization that have these ids."""
    found = await reading.facts(ATTACHMENTS.existing, keys)
    return {key: attachment_node(reading, fact) for key, fact in found.items()}


@query(AttachmentNode | None)
async def attachment(reading: Reading, id: strawberry.ID) -> AttachmentNode:
    """An attachment by its id."""
    key = ids.normalise("att_", id)
    found = await attachments_by_id(reading, [key])
    if key not in found:
        raise unknown("attachment", str(id)[:40], "id", in_path=True)
    return found[key]


@query(list[AttachmentNode])
async def attachments(reading: Reading, subject_id: strawberry.ID) -> list[AttachmentNode]:
    """The files that belong to something, the oldest first: at most 50. None belong to what is
    not there.
    """
    prefix = subject_id[:4].lower()
    key = ids.normalise(prefix if prefix in SUBJECTS else "att_", subject_id)
    if reading.caller.is_own(key):
        key = reading.organization_id
    (found,) = await attachments_of(reading, [key])
    return found


async def _content_dropped(reading: Reading, written: Written) -> bool:
    """Delete the content too, now that the deletion is committed, unless others have it."""
    files, organization_id = reading.outside.files, reading.organization_id
    await drop_content(reading.database, files, organization_id, written.outcome)
    return True


async def deleted_with_files(reading: Reading, written: Written) -> bool:
    """The result of deleting what may have had files: their contents go too, unless used."""
    files, organization_id = reading.outside.files, reading.organization_id
    for sha256 in written.errand or ():
        await drop_content(reading.database, files, organization_id, sha256)
    return bool(written.outcome)


@mutation(bool, result=_content_dropped)
def delete_attachment(id: strawberry.ID) -> Command:
    """Delete a file from what it belongs to, for good."""
    return decisions.delete(ids.normalise("att_", id))
