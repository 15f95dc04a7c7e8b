"""Files in a bucket of S3, or of any store that speaks its protocol, by boto3.

boto3 is imported when such a bucket is first named, and comes with the extra `s3`. It finds the
credentials where it always does: in the environment, a profile, or the machine's role.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ledger.errors import LedgerError, Reason
from ledger.file_types import checked_key

logger = logging.getLogger("crane.files")

CONNECT_SECONDS = 3
READ_SECONDS = 10
ATTEMPTS = 2

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}", re.ASCII)
_CURE = (
    "Write s3://bucket/prefix?endpoint=https://host&region=name (prefix, endpoint and region may "
    "be left out); give credentials as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
)


class S3Files:
    """Files as the objects of a bucket, each named by the prefix and its key.

    Requests wait for at most a few seconds and are made twice at most; the client that makes
    them may be used by many threads.
    """

    def __init__(
        self, bucket: str, prefix: str = "", endpoint: str | None = None, region: str | None = None
    ) -> None:
        boto3, config, failures, network = (
            _library(name)
            for name in ("boto3", "botocore.config", "botocore.exceptions", "urllib3.exceptions")
        )
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._failures = (failures.BotoCoreError, failures.ClientError, network.HTTPError)
        # Stores other than Amazon's know nothing of the checksums that boto3 would add.
        chosen = config.Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        # What it logs when it is debugged has the credentials of a role in it.
        logging.getLogger("botocore").setLevel(logging.INFO)
        session = boto3.session.Session()
        self._client = session.client(
            "s3", endpoint_url=endpoint, region_name=region, config=chosen
        )

    def put(self, key: str, content: bytes) -> None:
        """Keep a content under a key, in place of the one that may be there."""
        named = self._named(key)
        with self._reached("written"):
            self._client.put_object(**named, Body=content)

    def get(self, key: str) -> bytes | None:
        """The content under a key, or None."""
        named = self._named(key)
        with self._reached("read"):
            try:
                content: bytes = self._client.get_object(**named)["Body"].read()
            except self._client.exceptions.NoSuchKey:
                return None
        return content

    def delete(self, key: str) -> None:
        """Drop the content under a key, if there is one."""
        named = self._named(key)
        with self._reached("deleted"):
            try:
                self._client.delete_object(**named)
            except self._client.exceptions.NoSuchKey:
                return

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + checked_key(key)}

    @contextmanager
    def _reached(self, done: str) -> Iterator[None]:
        """Turn whatever goes wrong on the way into a refusal; the log has it whole."""
        try:
            yield
        except self._failures as error:
            logger.warning("A file could not be %s.", done, exc_info=error)
            raise LedgerError(
                Reason.BUSY,
                f"The file cannot be {done} now: the store of files does not do it.",
                "Try again; if it stays so, look after its address, credentials and bucket.",
            ) from error


def bucket_at(address: str) -> S3Files:
    """The bucket that `s3://bucket/prefix?endpoint=https://...&region=...` names.

    The endpoint is that of a store other than Amazon's. An address that cannot be read, or that
    holds credentials, is refused with `invalid_value`, without being repeated.
    """
    try:
        named = urlsplit(address)
        options = dict(parse_qsl(named.query, strict_parsing=bool(named.query)))
        endpoint = urlsplit(options.get("endpoint", "https://amazonaws.com"))
        is_web = endpoint.scheme in {"http", "https"} and bool(endpoint.hostname)
    except ValueError:
        raise _unreadable("It cannot be read.") from None
    if named.scheme != "s3" or not _BUCKET.fullmatch(named.netloc) or named.fragment:
        raise _unreadable("It does not name a bucket alone.")
    if not options.keys() <= {"endpoint", "region"}:
        raise _unreadable("It has an option that is neither endpoint nor region.")
    if not is_web or "@" in endpoint.netloc:
        raise _unreadable("Its endpoint is no web address, or has credentials in it.")
    prefix = named.path.strip("/")
    return S3Files(named.netloc, prefix, options.get("endpoint"), options.get("region"))


def _unreadable(cause: str) -> LedgerError:
    message = f"The address of the bucket of files will not do. {cause}"
    return LedgerError(Reason.INVALID_VALUE, message, _CURE)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise LedgerError(
            Reason.INVALID_VALUE,
            "Files are to be kept in a bucket, and boto3, which reaches it, is not installed.",
            "Install it with the extra s3 (pip install 'crane-ledger[s3]'), or name a folder.",
        ) from None
