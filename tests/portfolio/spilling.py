"""Cases whose texts carry one sentence, its erasing asked for and agreed to, and where the sentence still stands."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from migrations.spread import leave_before
from service.kit import clock
from service.kit.db import metadata
from service.kit.ids import parse_ref
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.portfolio.erasing import purge_spills
from service.portfolio.erasure_plan import RULES
from service.worker import SUBSCRIBERS
from tests import factories
from tests.contract import recipes  # noqa: F401 - joins the recipes in their order
from tests.lives import Life, World, good

SECRET = "山洞里的第三座雷达站"
TENANTS = ("360000", "360100", "360200")


class Planted(World):
    """Builds cases whose texts carry the sentence."""

    def life(self, **said: Any) -> Life:
        materials = {"technical_plan": f"为{SECRET}建设机房", **said.pop("materials", {})}
        return super().life(name=f"{SECRET}配套系统", materials=materials, **said)


@pytest.fixture
async def asked_inside(superuser: Any) -> None:
    """The policies that only the version before needs are not there: the erasing does without (decision 0286)."""
    await leave_before(superuser)


async def places(connection: Any, sentence: str = SECRET) -> dict[str, int]:
    """Every table with rows that hold the sentence, in any column, as text or as bytes."""
    names = [
        row[0]
        for row in await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
    ]
    escaped = json.dumps(sentence)[1:-1]
    found = {}
    for name in names:
        count = await connection.fetchval(
            f'SELECT count(*) FROM "{name}" t WHERE strpos(t::text, $1) > 0 OR strpos(t::text, $2) > 0 '
            "OR strpos(t::text, $3) > 0",
            sentence,
            sentence.encode().hex(),
            escaped,
        )
        if count:
            found[name] = count
    return found


async def plant(connection: Any, ref: str) -> set[str]:
    """Writes the sentence into every erasable column of every row there is of the case; the tables written."""
    project, written = parse_ref(ref), set()
    for name, rules in RULES.items():
        if name in ("idempotency", "similarity_keys", "case_snippets", "apps", "app_entries"):
            continue
        table = metadata.tables[name]
        for rule in rules:
            sets = {}
            for column in rule.erase:
                kind = type(table.c[column].type).__name__
                # NULL for what is told together with a day
                empty = "NULL" if column in ("answer", "removal_reason") else "''"
                sets[column] = {
                    "Text": f"coalesce({name}.{column}, {empty}) || '{SECRET}' || z.project_id",
                    "JSONB": f"'{json.dumps({'x': SECRET}, ensure_ascii=False)}'::jsonb",
                    "ARRAY": f"ARRAY['{SECRET}' || z.project_id]",
                    "LargeBinary": f"convert_to('{SECRET}' || z.project_id, 'UTF8')",
                }[kind]
            # What is found by its words keeps them.
            sets = {k: v for k, v in sets.items() if k not in ("snapshot", "payload", "projects")}
            if sets:
                where = rule.where.format(t=name)
                done = await connection.execute(
                    f"UPDATE {name} SET {', '.join(f'{k} = {v}' for k, v in sets.items())} "
                    f"FROM (SELECT $1::text AS tenant_id, $2::uuid AS project_id) z WHERE {where}",
                    project.tenant,
                    project.id,
                )
                if done != "UPDATE 0":
                    written.add(name)
    return written


def on_disk(storage: Any) -> bool:
    return any(
        SECRET in (storage.get(t, k) or b"").decode("utf-8", "ignore") for t, k, _ in list(storage.kept())
    )


async def delivered(door: Any) -> None:
    for _ in range(3):
        for tenant in TENANTS:
            await drain(door, tenant, SUBSCRIBERS, Telemetry())


async def purged(door: Any, storage: Any) -> None:
    """Both passes, the second when everything under way has settled."""
    assert await purge_spills(door, storage) == 1
    assert await purge_spills(door, storage) == 0, "not before it has settled"
    await delivered(door)
    clock.travel(clock.now() + timedelta(minutes=2))
    try:
        assert await purge_spills(door, storage) == 1
        assert await purge_spills(door, storage) == 0
    finally:
        clock.travel(None)


async def ask(as_user: Any, who: tuple[str, str] = ("360100", "security_admin"), **named: Any) -> Any:
    return await as_user(*who)("POST", "/spills", {"reason": "text", **named})


async def agreed(as_user: Any, **named: Any) -> str:
    """Asked for and confirmed by two people."""
    spill = good(await ask(as_user, **named)).json()["id"]
    good(await as_user("360100", "secrecy")("POST", f"/spills/{spill}/confirm"))
    return str(spill)


async def upload(as_user: Any, ref: str, raw: bytes, name: str) -> str:
    answer = await as_user("360100")(
        "POST",
        f"/projects/{ref}/documents",
        content=raw,
        params={"slot": "technical_plan", "name": name},
        headers={"content-type": "application/octet-stream"},
    )
    return str(good(answer).json()["id"])


async def spilled_city_case(w: World, as_user: Any) -> str:
    """Filed, asked about, building, with an order, a contract, attachments and a linked system."""
    filing, _query = await w.asked()
    ref = str(filing.data["project"]["id"])
    await upload(as_user, ref, f"{SECRET}的图纸".encode(), f"{SECRET}.txt")
    good(
        await as_user("360100")(
            "POST",
            "/systems",
            {"name": f"{SECRET}系统", "office_id": factories.city_office("360100"), "project_id": ref},
        )
    )
    case = w.case(ref)
    await case.read()
    await case.name_responsible(implementing_body=SECRET)
    return ref


async def totals_sum(connection: Any) -> bool:
    """The folded summary equals a count over the projects, cell by cell."""
    counted = await connection.fetch(
        "SELECT tenant_id, route, state, month, count(*) AS n, sum(coalesce(approved_fen, investment_fen)) AS fen "
        "FROM projects WHERE route IS NOT NULL AND month IS NOT NULL GROUP BY 1, 2, 3, 4"
    )
    folded = await connection.fetch(
        "SELECT tenant_id, route, state, month, sum(count) AS n, sum(amount_fen) AS fen FROM "
        "(SELECT tenant_id, route, state, month, count, amount_fen FROM summary UNION ALL "
        "SELECT tenant_id, route, state, month, count, amount_fen FROM summary_deltas) x GROUP BY 1, 2, 3, 4"
    )
    told = {tuple(row)[:4]: (int(row["n"]), int(row["fen"])) for row in folded if row["n"] or row["fen"]}
    return told == {tuple(row)[:4]: (int(row["n"]), int(row["fen"])) for row in counted}
