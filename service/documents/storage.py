"""Where the bytes of attachments lie: an interface, and a directory outside any web root behind it.

Beside the directory stands a bucket (`objects`); which of them it is, the settings say (`storage_of`).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

import structlog

from service.kit.errors import ServiceError
from service.settings import Settings

T = TypeVar("T")
# Threads of their own: a store that hangs takes these and no others, and whoever waits for one longer is told so.
HANDS = 8
PATIENCE = 60.0  # seconds
_hands = ThreadPoolExecutor(HANDS, thread_name_prefix="storage")


class StorageAway(ServiceError):
    """The store does not answer, refuses us, or is full: 503, to be tried again."""

    def __init__(self) -> None:
        super().__init__(503, "file_unavailable", "文件存储暂时无法访问，请稍后重试")


class Storage(Protocol):
    """Bytes by tenant and id. What is put is durable before `put` returns; `get` of what is not there is None.

    All of it blocks: `aside` is how a coroutine calls it. OSError or StorageAway: it could not be done.
    """

    def put(self, tenant: str, key: str, content: bytes) -> None: ...
    def get(self, tenant: str, key: str) -> bytes | None: ...
    def delete(self, tenant: str, key: str) -> None: ...
    def kept(self, since: float = 0.0) -> Iterator[tuple[str, str, float]]:
        """(tenant, id, seconds since the epoch of its last change) of all; of older than `since` as suits the store."""
        ...


class LocalStorage:
    """Files named by id, two levels deep; readable by the service's user only. Names come from ids we made."""

    def __init__(self, root: Path | None) -> None:
        self._root = root

    def _path(self, tenant: str, key: str) -> Path:
        if self._root is None:
            raise RuntimeError("TONGJIAN_DOCUMENTS_DIR is missing")
        return self._root / inside(tenant, key)

    def put(self, tenant: str, key: str, content: bytes) -> None:
        """Written beside, flushed to disk, then renamed: nobody ever reads half a file."""
        path = self._path(tenant, key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_suffix(".part")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def get(self, tenant: str, key: str) -> bytes | None:
        try:
            return self._path(tenant, key).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, tenant: str, key: str) -> None:
        """Overwritten, then removed: used for what must not have been kept."""
        path = self._path(tenant, key)
        try:
            size = path.stat().st_size
            with path.open("r+b") as file:
                file.write(b"\0" * size)
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return

    def kept(self, since: float = 0.0) -> Iterator[tuple[str, str, float]]:
        """All that lies there, however old: to look is cheap."""
        if self._root is None or not self._root.exists():
            return
        for path in self._root.glob("*/??/*"):
            try:
                changed = path.stat().st_mtime
            except FileNotFoundError:  # removed, or renamed to its own name, since it was listed
                continue
            yield path.parts[-3], path.name.removesuffix(".part"), changed


def inside(tenant: str, key: str) -> Path:
    """Where a file lies in a directory of attachments, and in a backup's: ids begin with the time, and end evenly."""
    return Path(tenant) / key[-2:] / key


def storage_of(settings: Settings) -> Storage:
    """The bucket where one is named, else the directory."""
    if not settings.documents_url:
        return LocalStorage(settings.documents_dir)
    from service.documents.objects import bucket_of  # what most do without

    return bucket_of(settings)


async def aside(work: Callable[..., T], *args: object) -> T:
    """Runs a store's method beside the event loop; StorageAway where it cannot be done, or not within PATIENCE."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.get_running_loop().run_in_executor(_hands, work, *args)
    except (OSError, TimeoutError) as error:
        structlog.get_logger("tongjian").error("storage_away", error=type(error).__name__)
        raise StorageAway from error
