"""Real servers for every test: one PostgreSQL and Valkey per worker, one seeded database that worlds are cloned of."""

from __future__ import annotations

import asyncio
import gc
import os
import ssl
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import uvloop
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from service.embedded.servers import Servers
from service.identity import revoking
from service.kit import authn, clock, crowd, pool
from service.kit.db import Door
from service.obligations import current
from service.settings import Settings
from tests import seeding
from tests.mutations import VARIABLE, switch_off
from tests.statements import EVERY  # noqa: F401 - before any test module is read
from tests.tenancy import noted, read_without_a_tenant
from tests.units import Hands
from tests.worlds import Caller, forget_tokens, running, world

__all__ = ["Caller", "running"]

os.environ["TZ"] = (
    "America/New_York"  # a place whose day differs from Shanghai's: legal days must not follow it
)
if VARIABLE in os.environ:  # before any test module is imported: tests/mutations
    switch_off(os.environ[VARIABLE])

# The loop that `serve` has, which also costs less than the other.
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

# What is drawn says nothing about the machine: an example may take its time, and so may drawing it.
hypothesis_settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("any machine")

settings, app, door, client, token, as_user = world()

# The service gives up on what takes long, and a machine that is busy with other work makes everything long. In tests
# that is no answer: its limits are far off, except for tests that are about one of them (`hurried`).
LIMITS = {
    (pool, "LOCK_SECONDS"): 20.0,
    (pool, "STATEMENT_SECONDS"): 120.0,
    (pool, "CONNECT_SECONDS"): 60.0,
    (pool, "COMMAND_SECONDS"): 180.0,
    (pool, "WAIT_SECONDS"): 120.0,
    (authn, "STALE_SECONDS"): 120.0,
    (revoking, "WHOLE"): 20.0,
    (revoking, "APART"): 20.0,
    (crowd, "PATIENCE"): 10.0,
    (crowd, "LONGEST"): 60.0,
}
PRODUCT = {(module, name): getattr(module, name) for module, name in LIMITS}
for (_module, _name), _seconds in LIMITS.items():
    setattr(_module, _name, _seconds)


def _one_context() -> None:
    """One TLS context for httpx's clients, who read the certificates anew each (0.25 s); the tests speak plain HTTP."""
    made = ssl.create_default_context
    of_file = cache(lambda cafile: made(cafile=cafile))

    def create(*args: Any, **more: Any) -> ssl.SSLContext:
        return of_file(more["cafile"]) if not args and set(more) == {"cafile"} else made(*args, **more)

    ssl.create_default_context = create


_one_context()


def pytest_configure(config: pytest.Config) -> None:
    Door.fetch = noted(Door.fetch)  # type: ignore[method-assign]
    config.pluginmanager.register(Hands())


def pytest_collection_finish() -> None:
    """Thousands of tests and all that was imported stay to the end: no collection need look at them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits the service really has, for doors and applications that the test opens itself."""
    for (module, name), seconds in PRODUCT.items():
        monkeypatch.setattr(module, name, seconds)


async def _by_nobody(*_: Any) -> None:
    """Each process looks at all of a tenant by itself (tests/obligations/test_several_processes.py: not so)."""


@pytest.fixture(autouse=True)
def on_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever lets time pass does so for its own test only."""
    clock.travel(None)
    forget_tokens()
    # Time goes back between tests: a look on a later day must not hide what comes now, nor what stands of it.
    current.LOOKS.clear()
    monkeypatch.setattr(current, "marked", _by_nobody)
    yield
    clock.travel(None)


@pytest.fixture(scope="session", autouse=True)
def of_one_tenant() -> Iterator[None]:
    """What was read in a tenant's scope named the tenant, also what is made when it is first used (decision 0277)."""
    yield
    found = read_without_a_tenant()
    assert not found, f"read in a tenant's scope without its name: {found}"


@pytest.fixture(scope="session")
def workdir(pytestconfig: pytest.Config) -> Iterator[Path]:
    """A directory that PostgreSQL's own user can reach too; beside other workers it begins as the first one's."""
    made = Path(tempfile.mkdtemp(prefix="tj-", dir="/tmp"))
    try:
        made.chmod(0o711)
        source = seeding.shared(pytestconfig)
        if source is not None:
            seeding.copied(source, made)
        yield made
    finally:
        seeding.removed(made)


@pytest.fixture(scope="session")
def servers(workdir: Path) -> Iterator[Servers]:
    """This worker's own servers."""
    own = seeding.servers_of(workdir)
    own.start()
    yield own
    own.drop()


@pytest.fixture(scope="session")
def clone(servers: Servers) -> Iterator[Callable[[str], str]]:
    """clone(name) → URL of a new database copied from the seeded one (or from `template`).

    On the server that TONGJIAN_DATABASE_URL names, when it is set; its login may create databases.
    """
    given, made = os.environ.get("TONGJIAN_DATABASE_URL"), []

    async def connected(statements: tuple[str, ...]) -> None:
        connection = await asyncpg.connect(given)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def execute(*statements: str) -> None:
        """In a thread of its own: fixtures call from inside the session's loop as well as from outside."""
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(connected(statements))).result()

    def copy(name: str, template: str = "seeded") -> str:
        if given is None:
            return servers.create_database(name, template=template)
        full, source = f"tj_{os.getpid()}_{name}", template
        if template == "seeded":
            source = f"tj_{os.getpid()}_seeded"
        execute(f'CREATE DATABASE "{full}" TEMPLATE "{source}"')
        made.append(full)
        return urlunsplit(urlsplit(given)._replace(path=f"/{full}"))

    yield copy
    if given is not None:
        execute(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in made))


@pytest.fixture(scope="session")
def seeded(servers: Servers, workdir: Path, clone: Callable[..., str]) -> Settings:
    """Settings of the migrated and seeded database; nobody connects to it again, so that it can be cloned."""
    made = seeding.settings_in(workdir, clone(seeding.DATABASE, "template1"), servers.valkey_url)
    if not (workdir / seeding.WHOLE).exists():
        seeding.fill(made)
    return made


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Called by pytest-xdist for each worker it starts."""
    node.config.stash[seeding.COPIED] = seeding.of_run(node.workerinput["testrunuid"])


def pytest_unconfigure(config: pytest.Config) -> None:
    """What the workers copied goes with the run."""
    source = config.stash.get(seeding.COPIED, None)
    if source is not None:
        seeding.removed(source)
