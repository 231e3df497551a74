"""Where the bytes of attachments lie: an interface, and a directory outside any web root behind it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class Storage(Protocol):
    """Bytes by tenant and id. What is put is durable before `put` returns; `get` of what is not there is None."""

    def put(self, tenant: str, key: str, content: bytes) -> None: ...
    def get(self, tenant: str, key: str) -> bytes | None: ...
    def delete(self, tenant: str, key: str) -> None: ...
    def keys(self) -> Iterator[tuple[str, str, float]]: ...


class LocalStorage:
    """Files named by id, two levels deep; readable by the service's user only. Names come from ids we made."""

    def __init__(self, root: Path | None) -> None:
        self._root = root

    def _path(self, tenant: str, key: str) -> Path:
        if self._root is None:
            raise RuntimeError("TONGJIAN_DOCUMENTS_DIR is missing")
        # UUIDv7 begins with the time: the last two characters spread evenly.
        return self._root / tenant / key[-2:] / key

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

    def keys(self) -> Iterator[tuple[str, str, float]]:
        """(tenant, id, seconds since the epoch of its last change) of all that lies there."""
        if self._root is None or not self._root.exists():
            return
        for path in self._root.glob("*/??/*"):
            yield path.parts[-3], path.name.removesuffix(".part"), path.stat().st_mtime
