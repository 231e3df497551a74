"""Moving attachments: from a directory, an earlier store or a restored set, into the store that the settings name."""

from __future__ import annotations

from pathlib import Path

from service.documents.storage import LocalStorage, Storage


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
