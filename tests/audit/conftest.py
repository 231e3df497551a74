"""A database of the test's own, entries like the commands write them, and a superuser who tampers."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from service.audit.actions import record
from service.audit.check import check_audit
from service.audit.jobs import seal
from service.audit.seal import Head
from service.audit.verify import Finding
from service.kit import clock
from service.kit.authn import Principal
from service.kit.db import Door, tenant_scope
from service.kit.ids import new_id
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.worlds import on_database

TENANT, OTHER = "360100", "360200"


@pytest.fixture(scope="session")
def audit_settings(
    seeded: Settings, clone: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Settings of a database whose trail is empty."""
    made = on_database(seeded, clone("audit_empty"))
    return dataclasses.replace(made, audit_anchor_dir=tmp_path_factory.mktemp("anchors"))


class Trail:
    """One database's audit trail under test."""

    def __init__(self, settings: Settings, door: Door, superuser: Any) -> None:
        self.settings = settings
        self.door = door
        self.superuser = superuser
        self.telemetry = Telemetry()
        self.behind: dict[str, Head] = {}

    async def write(
        self, count: int, tenant: str = TENANT, *, at: datetime | None = None, **more: Any
    ) -> None:
        """Entries as commands leave them, two seconds old unless told otherwise."""
        when = at or clock.now() - timedelta(seconds=2)
        principal = Principal(
            tenant, "city", new_id(), "zhang", None, None, ("gatekeeper",), when.timestamp() + 60, "t", 0.0
        )
        async with self.door.transaction(tenant_scope(tenant)) as tx:
            for number in range(count):
                record(
                    tx,
                    tenant=tenant,
                    principal=principal,
                    action=more.get("action", "project.submit"),
                    object_kind="office",
                    object_id=more.get("object_id", new_id()),
                    summary={"version": number, "investment": "4000000.00", "to": "submitted"},
                    request_id="r",
                    now=when + timedelta(microseconds=number),
                )

    async def seal(self) -> int:
        return await seal(self.door, self.settings, self.telemetry, self.behind)

    async def findings(self) -> list[Finding]:
        return await check_audit(self.door, self.settings)

    async def codes(self) -> set[str]:
        return {finding.code for finding in await self.findings()}

    async def sql(self, statement: str, *arguments: Any) -> list[Any]:
        return await self.superuser.fetch(statement, *arguments)

    @property
    def anchors(self) -> Path:
        assert self.settings.audit_anchor_dir is not None
        return self.settings.audit_anchor_dir / "anchors.jsonl"


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Trail]:
    door = Door(
        {"tenant": settings.tenant_url, "province": settings.province_url, "relay": settings.relay_url}
    )
    await door.open()
    superuser = await asyncpg.connect(settings.database_url)
    try:
        yield Trail(settings, door, superuser)
    finally:
        await superuser.close()
        await door.close()


@pytest.fixture
async def trail(audit_settings: Settings, tmp_path: Path) -> AsyncIterator[Trail]:
    """An empty trail with an anchor directory of its own."""
    async with opened(dataclasses.replace(audit_settings, audit_anchor_dir=tmp_path / "anchors")) as made:
        await made.sql("TRUNCATE audit_entries, audit_chain")
        yield made


@pytest.fixture
async def sealed(trail: Trail) -> Trail:
    """Ten sealed entries of one tenant, five of another, in order."""
    await trail.write(6)
    await trail.write(5, OTHER)
    assert await trail.seal() == 11
    await trail.write(4)
    assert await trail.seal() == 4
    assert await trail.findings() == []
    return trail
