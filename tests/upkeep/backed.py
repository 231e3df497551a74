"""A PostgreSQL that is backed up, for tests that lose something of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from time import sleep

from service.backup import restoring
from service.backup.following import Ended, follow
from service.backup.gaps import Gap
from service.backup.taking import run, tool
from service.embedded.daemon import ENV
from service.embedded.programs import ADMIN, Postgres
from service.settings import Settings


class Server:
    """A PostgreSQL of the test's own that can be backed up, and the settings of a backup of it."""

    def __init__(self, home: Path) -> None:
        self.postgres = Postgres(home / "servers")
        self.postgres.data.parent.mkdir(mode=0o755)
        self.postgres.initialise("pw", durable=False)
        self.port = self.postgres.start(0, durable=False, replicated=True)
        self("CREATE ROLE tj_backup LOGIN REPLICATION PASSWORD 'pw'")
        self("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'")
        for name in ("documents", "anchors"):
            (home / name).mkdir()
        self.settings = Settings(
            secret_key="一个很长的密钥" * 4,
            documents_dir=home / "documents",
            audit_anchor_dir=home / "anchors",
            backup_dir=home / "backup",
            # Of two machines the one that takes writes, as under Patroni; nobody is at the first.
            backup_url=f"postgresql://tj_backup:pw@127.0.0.1:1,127.0.0.1:{self.port}/postgres"
            "?target_session_attrs=read-write",
        )

    def __call__(self, *statements: str) -> None:
        for each in statements:
            self.postgres.psql(self.port, "pw", each)

    def followed(self, until: Callable[[], bool]) -> Gap | None:
        """`follow` until something is so; then its stream is cut off, which no backup ends by itself."""
        return self.ended(
            until, lambda: self("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
        ).gap

    def ended(self, until: Callable[[], bool], cut: Callable[[], None]) -> Ended:
        """The same, cut off in a way of its own."""
        with ThreadPoolExecutor(1) as pool:
            running: Future[Ended] = pool.submit(follow, self.settings, 0.1)
            while not running.done() and not until():
                sleep(0.05)
            cut()
            return running.result(60)

    def asked(self, statement: str) -> str:
        """The one value of a statement."""
        login = {"PGPASSWORD": "pw", "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": ADMIN}
        argv: list[str | Path] = [tool("psql"), "-X", "-q", "-A", "-t", "-d", "postgres", "-c", statement]
        return run(argv, {**ENV, **login}).strip()

    def loses_the_log(self) -> None:
        """More than it is to keep, while nobody receives it."""
        for _ in range(4):
            self(
                "CREATE TABLE IF NOT EXISTS filler (x int)",
                "INSERT INTO filler VALUES (1)",
                "SELECT pg_switch_wal()",
            )
        self("CHECKPOINT")

    def restored(self, home: Path, statement: str, until: datetime | None = None) -> str:
        """The one value of a statement in a new PostgreSQL, made of the backup alone."""
        root, new = self.settings.backup_dir, Server.__new__(Server)
        assert root is not None
        home.mkdir(mode=0o711)
        new.postgres = Postgres(home)
        restoring.restore(
            root, None, restoring.Target(new.postgres.data, home / "d", home / "a", home / "k"), until
        )
        root.chmod(0o711)
        for top in (new.postgres.data, root / "wal"):
            for path in (top, *top.rglob("*")):
                os.chown(path, *(new.postgres.user.ids or (-1, -1)))
        try:
            new.port = new.postgres.start(0, durable=False, replicated=True)
            return new.asked(statement)
        finally:
            new.postgres.drop()
