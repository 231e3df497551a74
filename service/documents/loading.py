"""The store as a whole: attachments brought in from a directory or a restored set, and shown to the scanner anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from service.documents.storage import LocalStorage, Storage, aside
from service.documents.viruses import Viruses


def load(directory: Path, storage: Storage) -> tuple[int, int]:
    """Puts every file that the store lacks; (how many were brought, how many it had). A file never changes by its name.

    Done again it brings the rest. OSError, StorageAway: it ended in the middle. Blocking.
    """
    if not directory.is_dir():
        raise NotADirectoryError(f"{directory} is no directory")
    known = {(tenant, key) for tenant, key, _ in storage.kept()}
    source, brought, had = LocalStorage(directory), 0, 0
    for tenant, key, _ in source.kept():
        if (tenant, key) in known:
            had += 1
        elif (content := source.get(tenant, key)) is not None:
            storage.put(tenant, key, content)
            brought += 1
    return brought, had


async def infected(storage: Storage, viruses: Viruses) -> AsyncIterator[tuple[str, str, str | None]]:
    """Every attachment of the store with the signature found in it, or None. ScannerAway: it ended in the middle."""
    for tenant, key in [(tenant, key) for tenant, key, _ in storage.kept()]:
        raw = await aside(storage.get, tenant, key)
        yield tenant, key, None if raw is None else await viruses.found(raw)
