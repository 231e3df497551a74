"""Attachments in a bucket of an S3-compatible store: what every node of a deployment with several reads and writes.

An object is named `<prefix>/<tenant>/<id>`. Ids begin with the time they were made at, so that what is new is found
without listing what is old.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from service.documents.storage import StorageAway
from service.settings import Settings

T = TypeVar("T")
CONNECT = timedelta(seconds=5)
REQUEST = timedelta(seconds=20)  # one request of 20 MB, on a slow line
ALL = timedelta(seconds=25)  # with its repeats
_MARGIN = 3600.0  # seconds that clocks of machines and an id's way into the store may differ


class ObjectStorage:
    """A bucket. What its store has acknowledged is durable, by the store's own promise."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    def put(self, tenant: str, key: str, content: bytes) -> None:
        """One signed request: the store refuses bytes that do not have the digest it was told.

        A bucket that keeps versions is refused: what is erased there goes on to exist (art. 14).
        """
        put = _asked("put", lambda: obstore.put(self._store, f"{tenant}/{key}", content, use_multipart=False))
        if put["version"] not in (None, "null"):
            self.delete(tenant, key)
            structlog.get_logger("tongjian").error("storage_keeps_versions")
            raise StorageAway

    def get(self, tenant: str, key: str) -> bytes | None:
        def read() -> bytes | None:
            try:
                return bytes(obstore.get(self._store, f"{tenant}/{key}").bytes())
            except FileNotFoundError:
                return None

        return _asked("get", read)

    def delete(self, tenant: str, key: str) -> None:
        """Gone with the answer; what the store keeps beneath it is the store's (docs/operations.md)."""

        def remove() -> None:
            try:
                obstore.delete(self._store, f"{tenant}/{key}")
            except FileNotFoundError:
                return

        _asked("delete", remove)

    def kept(self, since: float = 0.0) -> Iterator[tuple[str, str, float]]:
        """All objects, or those whose ids were made an hour before `since` at the earliest.

        What lies deeper is another deployment's, with a prefix in the same bucket: no orphan of ours.
        """
        tenants = _asked("list", lambda: obstore.list_with_delimiter(self._store))["common_prefixes"]
        for tenant in tenants:
            after = f"{tenant}/{_earliest(since - _MARGIN)}" if since > _MARGIN else None
            pages = obstore.list(self._store, prefix=tenant, offset=after)
            while page := _asked("list", lambda pages=pages: next(pages, None)):  # type: ignore[misc]
                for each in page:
                    owner, _, key = each["path"].partition("/")
                    if "/" not in key:
                        yield owner, key, each["last_modified"].timestamp()


def bucket_of(settings: Settings) -> ObjectStorage:
    """The bucket of the settings: `https://host[:port]/bucket[/prefix]`, with a certificate's issuer of one's own."""
    parts = urlsplit(settings.documents_url)
    bucket, _, prefix = parts.path.strip("/").partition("/")
    ident, secret = settings.documents_credentials()
    own = settings.documents_ca_file
    client: dict[str, object] = {
        "allow_http": parts.scheme == "http",
        "connect_timeout": CONNECT,
        "timeout": REQUEST,
    }
    if own is not None:
        ssl.create_default_context(
            cafile=str(own)
        )  # unreadable, it is told by its own name and not at the first file
        client["root_certificate"] = own.read_bytes()
    store = S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=f"{parts.scheme}://{parts.netloc}",
        region=settings.documents_region,
        access_key_id=ident,
        secret_access_key=secret,
        virtual_hosted_style_request=False,
        client_options=client,  # type: ignore[arg-type]
        retry_config={
            "max_retries": 3,
            "retry_timeout": ALL,
            "backoff": {
                "init_backoff": timedelta(milliseconds=100),
                "max_backoff": timedelta(seconds=2),
                "base": 2,
            },
        },
    )
    return ObjectStorage(store)


def _asked(what: str, ask: Callable[[], T]) -> T:
    """Its answer; StorageAway with a line in the log, which names the kind of the failure and never a key or secret."""
    try:
        return ask()
    except (BaseError, OSError, ValueError) as error:
        structlog.get_logger("tongjian").error("storage_away", what=what, error=type(error).__name__)
        raise StorageAway from error


def _earliest(at: float) -> str:
    """How ids begin that are made at `at` (RFC 9562: the first 48 bits are milliseconds)."""
    digits = f"{int(at * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}"
