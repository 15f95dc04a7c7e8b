"""Attachments: files that belong to a transaction, document, contact, payment or item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file: its name as given, its type as its content tells, its size in bytes, its SHA-256."""

    organization_id: str
    id: str
    subject_id: str
    name: str
    content_type: str
    size: int
    sha256: str
    created_at: datetime
