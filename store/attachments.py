"""Attachments: what is known of files; their contents are kept apart (see `files`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, func, select

from ledger.attachments import Attachment
from store.dialects import among
from store.document_tables import attachment
from store.nouns import Noun

ATTACHMENTS = Noun(Attachment, attachment)


def of_subjects(
    connection: Connection, organization_id: str, subject_ids: Collection[str]
) -> dict[str, list[Attachment]]:
    """The attachments of some things, by what they belong to, the oldest first."""
    columns = attachment.c
    statement = (
        select(attachment)
        .where(
            columns.organization_id == organization_id,
            among(columns.subject_id, sorted(subject_ids)),
        )
        .order_by(columns.id)
    )
    found: dict[str, list[Attachment]] = defaultdict(list)
    for row in connection.execute(statement).all():
        found[row.subject_id].append(ATTACHMENTS.fact(row))
    return found


def with_content(connection: Connection, organization_id: str, sha256: str) -> int:
    """How many attachments of an organization have this content."""
    columns = attachment.c
    statement = (
        select(func.count())
        .select_from(attachment)
        .where(columns.organization_id == organization_id, columns.sha256 == sha256)
    )
    return int(connection.scalar(statement) or 0)
