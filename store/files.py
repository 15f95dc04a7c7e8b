"""Where the contents of files are kept, by key: a folder, or a bucket of an S3-compatible store.

A key is that of `ledger.file_types.content_key`. Whatever `put` has come back from is kept, also
when the power fails. All of this blocks: it is to be called in a thread.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ledger.errors import LedgerError, Reason
from ledger.file_types import checked_key
from store.s3 import bucket_at

logger = logging.getLogger("crane.files")


class Files(Protocol):
    """A place for the contents of files; it raises `busy` when it cannot be reached or is full."""

    def put(self, key: str, content: bytes) -> None:
        """Keep a content under a key, in place of the one that may be there."""

    def get(self, key: str) -> bytes | None:
        """The content under a key, or None."""

    def delete(self, key: str) -> None:
        """Drop the content under a key, if there is one."""


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """Files in a folder, which is made when the first is put there; nobody else may read them.

    A writer that is killed may leave a file behind whose name begins with a full stop; no key
    leads to it.
    """

    folder: Path

    def put(self, key: str, content: bytes) -> None:
        """Keep a content under a key, in place of the one that may be there."""
        path = self.folder / checked_key(key)
        with _at_hand("written"):
            write_durably(path, content)

    def get(self, key: str) -> bytes | None:
        """The content under a key, or None."""
        path = self.folder / checked_key(key)
        with _at_hand("read"):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                return None

    def delete(self, key: str) -> None:
        """Drop the content under a key, if there is one."""
        path = self.folder / checked_key(key)
        with _at_hand("deleted"), suppress(FileNotFoundError):
            path.unlink()
            _sync(path.parent)


def files_of(address: str) -> Files:
    """The place that an address names: a folder, or `s3://bucket/prefix?endpoint=...&region=...`.

    Any other address is refused with `invalid_value`.
    """
    if address.startswith("s3://"):
        return bucket_at(address)
    if "://" in address or not address.strip():
        raise LedgerError(
            Reason.INVALID_VALUE,
            "The address of the files is neither a folder nor a bucket.",
            "Give the path of a folder, or s3://bucket/prefix.",
        )
    return FolderFiles(Path(address))


def write_durably(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, for its owner alone, and so that no power cut loses it.

    Folders that are missing are made. Raises `OSError`.
    """
    _make(path.parent)
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _make(folder: Path) -> None:
    """Make a folder and those above it; what another has just made is synced here too."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _at_hand(done: str) -> Iterator[None]:
    """Turn what the disk says into a refusal; the log has it whole."""
    try:
        yield
    except OSError as error:
        logger.warning("A file could not be %s.", done, exc_info=error)
        raise LedgerError(
            Reason.BUSY,
            f"The file cannot be {done} now.",
            "Try again; if it stays so, look after the disk that the files are kept on.",
        ) from error
