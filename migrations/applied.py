"""Applied migrations are never edited: `applied.json` holds digests of each one's files and of the SQL it emits.

The emitted SQL also tells when something a migration uses was changed elsewhere. A test compares; new migrations are
appended by `python -m migrations.applied`, which refuses to record a changed one anew.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext

HERE = Path(__file__).parent
RECORD = HERE / "applied.json"


class Applied(NamedTuple):
    """SHA-256 of the SQL a migration emits, and of its files by their names below `migrations`."""

    emitted: str
    files: dict[str, str]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _modules(base: Path) -> list[Any]:
    """The migrations' modules in the order of the chain."""
    found = {}
    for file in sorted((base / "versions").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"applied_{file.stem}", file)
        if spec is None or spec.loader is None:
            raise ImportError(file.name)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found[module.down_revision] = module
    chain, last = [], None
    while last in found:
        chain.append(found[last])
        last = found[last].revision
    if len(chain) != len(found):
        raise SystemExit("the migrations are not one chain")
    return chain


def _emitted(module: Any) -> str:
    """What `upgrade --sql` would write for it."""
    out = io.StringIO()
    options = {"as_sql": True, "output_buffer": out, "transactional_ddl": False}
    migration = MigrationContext.configure(dialect_name="postgresql", opts=options)

    def rows_of(table: Any, rows: list[dict[str, Any]], **_: Any) -> None:
        """Rows as they are given: not every value of an untyped column can be written as SQL."""
        out.write(f"INSERT INTO {table.name}: {rows!r}\n")

    migration.impl.bulk_insert = rows_of  # type: ignore[method-assign]
    environment = EnvironmentContext(None, None)  # type: ignore[arg-type]  # only its context is asked for
    environment._migration_context = migration
    with environment, Operations.context(migration):
        module.upgrade()
    return out.getvalue()


def revisions() -> list[str]:
    """Every revision, the oldest first."""
    return [str(module.revision) for module in _modules(HERE)]


def current(base: Path = HERE) -> dict[str, Applied]:
    """The digests of the migrations as they are, by revision."""
    found = {}
    for module in _modules(base):
        files = sorted(
            [
                *(base / "versions").glob(f"{module.revision}_*.py"),
                *(base / "sql").glob(f"{module.revision}_*"),
            ]
        )
        digests = {file.relative_to(base).as_posix(): _sha256(file.read_bytes()) for file in files}
        found[str(module.revision)] = Applied(_sha256(_emitted(module).encode()), digests)
    return found


def recorded(file: Path = RECORD) -> dict[str, Applied]:
    """The digests as recorded."""
    given = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {revision: Applied(**each) for revision, each in given.items()}


def differences(before: Mapping[str, Applied], now: Mapping[str, Applied]) -> list[str]:
    """What was changed, removed or not recorded, in words."""
    found = []
    for revision, old in before.items():
        new = now.get(revision)
        if new is None:
            found.append(f"{revision}: was removed")
            continue
        names = sorted({name for name, _ in set(old.files.items()) ^ set(new.files.items())})
        found += [f"{revision}: {name} was changed" for name in names]
        if old.emitted != new.emitted:
            found.append(f"{revision}: what it emits was changed")
    return found + [f"{revision}: not recorded yet" for revision in now if revision not in before]


def record(before: Mapping[str, Applied], now: Mapping[str, Applied], file: Path = RECORD) -> list[str]:
    """Appends the new ones and returns them; ends the process when one that is recorded differs."""
    found = differences(before, now)
    if changed := [each for each in found if not each.endswith("not recorded yet")]:
        raise SystemExit("an applied migration is never edited; add a new one:\n  " + "\n  ".join(changed))
    lines = [f"{json.dumps(revision)}: {json.dumps(each._asdict())}" for revision, each in now.items()]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return [revision for revision in now if revision not in before]


if __name__ == "__main__":
    print(f"recorded: {', '.join(record(recorded(), current())) or 'nothing new'}")
