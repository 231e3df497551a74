"""The world of the bench: embedded servers, a migrated and seeded database, and declared projects by the thousand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import asyncpg
import msgspec

from service.embedded.servers import Servers
from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.db import Door
from service.measures.routing import required_reasons
from service.projects.deciding import decide, read_facts
from service.projects.drafts import stored_facts
from service.rulebook.book import RuleBooks
from service.rulebook.loader import base_divisions, base_rulebook
from service.settings import Settings
from service.setup.migrate import migrate
from service.setup.seed import seed
from tests.bench.rows import LOAD
from tests.factories import NEGATIVE, facts, materials

_OFFICE = {"tenant_id": "360100", "name": "项目单位", "tier": "city", "division": "360100"}
_ON = date(2026, 6, 1)
_PLAN = "依托全省统一的政务云和共享平台建设，数据按目录归集，不新建机房和专线。" * 16


class World(NamedTuple):
    """Where everything is. `environment` is what a product process is started with."""

    environment: Mapping[str, str]
    settings: Settings
    admin_url: str
    servers: Servers


@contextmanager
def world(projects: int, kept: Path | None = None, **settings: str) -> Iterator[World]:
    """Servers with `projects` declared projects. fsync is off: waiting for a disk would hide what is compared.

    `kept`: a directory where everything stays; what is there already is migrated only.
    `settings`: TONGJIAN_* by their names without the prefix.
    """
    with TemporaryDirectory(prefix="tj-bench-", dir="/tmp") as name:
        root = kept or Path(name)
        root.mkdir(parents=True, exist_ok=True)
        root.chmod(0o711)
        servers = Servers(root / "servers", durable=False)
        servers.start()
        try:
            yield _made(servers, root, projects, settings)
        finally:
            if kept:
                servers.stop()
            else:
                servers.remove()


def _made(servers: Servers, root: Path, projects: int, more: Mapping[str, str]) -> World:
    url = servers.create_database("bench")
    filled = root / "filled"  # written last
    if not filled.exists():
        keys.generate(root / "keys.json", clock.timestamp())
    environment = {
        "TONGJIAN_ENVIRONMENT": "development",
        # Counted as in earnest, so that it costs what it costs, but never reached.
        **{
            f"TONGJIAN_LIMIT_{name}": "1000000/1000000"
            for name in ("PERSON", "CLIENT", "TENANT", "ANONYMOUS")
        },
        "TONGJIAN_DATABASE_URL": url,
        "TONGJIAN_VALKEY_URL": servers.valkey_url,
        "TONGJIAN_SECRET_KEY": "bench-only-secret-0123456789-abcdefghij-KLMNOPQRST",
        "TONGJIAN_SIGNING_KEYS_FILE": str(root / "keys.json"),
        "TONGJIAN_AUDIT_ANCHOR_DIR": str(root / "anchors"),
        **{f"TONGJIAN_{name.upper()}": value for name, value in more.items()},
    }
    settings = Settings.from_env(environment)
    migrate(url, [settings.tenant_url, settings.province_url, settings.relay_url])
    if not filled.exists():
        asyncio.run(_fill(settings, url, projects))
        filled.touch()
    return World(environment, settings, url, servers)


async def _fill(settings: Settings, admin_url: str, projects: int) -> None:
    door = Door(
        {"tenant": settings.tenant_url, "province": settings.province_url, "relay": settings.relay_url}
    )
    await door.open()
    try:
        await seed(settings.database_url, door, demo=True, secret_key=settings.secret_key)
    finally:
        await door.close()
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("CREATE UNLOGGED TABLE bench_templates (id int PRIMARY KEY, given jsonb)")
        await connection.executemany("INSERT INTO bench_templates VALUES ($1, $2)", templates())
        for statement in LOAD:
            await connection.execute(statement.replace(":projects", str(projects)))
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def templates() -> list[tuple[int, str]]:
    """Declarations with their decisions, as the service itself makes them: classes, kinds, amounts, findings."""
    books = RuleBooks(base_rulebook(), base_divisions())
    office = {**_OFFICE, "office_kind": "administrative"}
    made = []
    for number in range(240):
        amount = f"{(number % 40 + 1) * 173_000 + number * 13}.{number % 100:02d}"
        given = facts(
            investment_yuan=amount,
            project_class=("other", "integration", "infrastructure")[number % 3],
            kind=("new", "rebuild", "expand", "migrate")[number % 4],
            in_library=False,  # what is claimed has to be on record, and these cases have no past
            cross_level=number % 7 == 0,
            previous_project_accepted=False,
            negative=NEGATIVE if number % 6 else {"off_cloud": False},
        )
        parsed = read_facts(books, given, office, _ON)
        decision = decide(books, parsed, _ON, "项目单位", book=books.book)
        content = {
            "name": f"业务系统{number}",
            "facts": stored_facts(parsed),
            "materials": materials(amount, technical_plan=_PLAN),
        }
        reasons = dict.fromkeys(required_reasons(decision), "上级临时部署，已按程序报告")
        row = {
            "fen": parsed.investment_fen,
            "content": content,
            "declared": {**content, "facts": parsed.as_dict(), "reasons": reasons, "external_ref": None},
            "decision": decision.as_dict(),
            "reasons": reasons,
        }
        made.append((number, msgspec.json.encode(row).decode()))
    return made


class Sample(NamedTuple):
    """A project to ask for, and what its submission would carry."""

    tenant: str
    id: str
    reasons: dict[str, str]


async def samples(admin_url: str, count: int, *, drafts: bool) -> list[Sample]:
    """Projects at random over all tenants."""
    connection = await asyncpg.connect(admin_url)
    try:
        rows = await connection.fetch(
            "SELECT p.tenant_id, p.id::text, t.given->'reasons' AS reasons FROM projects p "
            "JOIN bench_templates t ON t.id = right(p.external_ref, 3)::int "
            "WHERE (p.state = 'draft') = $1 ORDER BY md5(p.id::text) LIMIT $2",
            drafts,
            count,
        )
    finally:
        await connection.close()
    return [Sample(row[0], row[1], msgspec.json.decode(row[2])) for row in rows]


def portal_token(settings: Settings, tenant: str) -> str:
    """A token of the city's portal."""
    assert settings.signing_keys_file is not None
    more: dict[str, Any] = {"issuer": settings.issuer, "audience": settings.audience}
    return issue_token(
        keys.load(settings.signing_keys_file),
        tenant=tenant,
        tier="city",
        roles=("portal",),
        client="portal",
        now=datetime.now(UTC).timestamp(),
        **more,
    )
