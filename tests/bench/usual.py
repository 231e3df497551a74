"""The usual way: FastAPI, SQLAlchemy's ORM and pydantic, as their own tutorials write it; same rows, law and login.

No authentication, authorization, scan, logs or metrics here either: compared is how an answer comes about, a session
and a transaction for each request.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload

from service.kit.clock import legal_day
from service.kit.digest import sealed
from service.kit.ids import new_id
from service.projects import models
from service.settings import Settings
from tests.bench.bare_case import decided
from tests.bench.usual_rows import (
    Audit,
    CaseOut,
    Delta,
    Event,
    Finding,
    Kept,
    PageOut,
    Project,
    Step,
    SubmitIn,
    Version,
    case_out,
    item_out,
)

Sessions: Any = None


def application() -> FastAPI:
    """For uvicorn's --factory."""
    global Sessions
    url = Settings.from_env(os.environ).tenant_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    Sessions = async_sessionmaker(create_async_engine(url, pool_size=10), expire_on_commit=False)
    app = FastAPI()
    app.get("/{tenant}/list")(read_page)
    app.get("/{tenant}/{project}")(read_case)
    app.post("/{tenant}/{project}")(submit)
    return app


async def session(tenant: str) -> AsyncIterator[AsyncSession]:
    """A session in a transaction under the tenant's scope, committed before the answer."""
    async with Sessions() as made, made.begin():
        await made.execute(
            text("SELECT set_config('app.scope', :scope, true)"), {"scope": f"{tenant}/*/~portal"}
        )
        yield made


Db = Annotated[AsyncSession, Depends(session, scope="function")]


async def _load(db: AsyncSession, tenant: str, project: str) -> Any:
    whole = (selectinload(Project.draft), selectinload(Project.found))
    wanted = select(Project).where(Project.tenant_id == tenant, Project.id == project).options(*whole)
    return (await db.scalars(wanted)).one()


async def read_case(tenant: str, project: str, db: Db) -> CaseOut:
    """A: one case."""
    case = await _load(db, tenant, project)
    return case_out(case, case.found, legal_day(datetime.now(UTC)))


async def read_page(tenant: str, db: Db) -> PageOut:
    """B: the newest fifty."""
    newest = select(Project).where(Project.tenant_id == tenant).options(selectinload(Project.found))
    rows = (await db.scalars(newest.order_by(Project.created_at.desc(), Project.id.desc()).limit(51))).all()
    return PageOut(
        items=[item_out(each) for each in rows[:50]], next_cursor=f"{rows[49].created_at}/{rows[49].id}"
    )


async def submit(tenant: str, project: str, given: SubmitIn, request: Request, db: Db) -> CaseOut:
    """C: reads the draft, decides by the law, writes every row of the product's submission."""
    now = datetime.now(UTC)
    case = await _load(db, tenant, project)
    row = {each.key: getattr(case, each.key) for each in models.projects.columns} | {
        "content": case.draft.content
    }
    reasons = {each.code: each.reason for each in given.reasons}
    found, step = decided(row, reasons, now)
    for name in models.CHANGING:
        setattr(case, name, row[name])
    case.version = row["version"]
    out = case_out(case, row["findings"], legal_day(now))
    _write(db, case, row, found, step, now)
    key = request.headers["idempotency-key"]
    kept = {"tenant_id": tenant, "caller": "portal/", "route": f"POST {project}/submit", "key": key}
    db.add(
        Kept(
            **kept,
            fingerprint=sealed(given.model_dump()),
            status=200,
            headers={"etag": '"2"'},
            body=out.model_dump_json().encode(),
            created_at=now,
        )
    )
    return out


def _write(
    db: AsyncSession, case: Any, row: dict[str, Any], found: list[Any], step: Any, now: datetime
) -> None:
    """The rows beside the case itself."""
    own = {"tenant_id": case.tenant_id, "office_id": case.office_id, "project_id": case.id}
    tenant, who, client = case.tenant_id, f"client:{case.tenant_id}:portal", "portal"
    digest = sealed({"content": row["declared"], "decision": row["decision"]})
    summary = {"version": row["version"], "route": row["route"], "digest": digest, "to": row["state"]}
    db.add(
        Version(
            **own,
            number=1,
            content=row["declared"],
            decision=row["decision"],
            digest=digest,
            submitted_by=who,
            submitted_at=now,
        )
    )
    db.add_all([_finding(own, each, row["declared"]["reasons"], now) for each in found])
    case.draft.updated_at = now
    db.add(
        Step(
            **own,
            id=new_id(),
            action="submit",
            from_state="draft",
            to_state=row["state"],
            actor=who,
            at=now,
            actor_tenant=tenant,
            client=client,
            citation={"articles": list(step.articles)},
            details={"submission": 1, "digest": digest},
        )
    )
    db.add(_delta(tenant, row, now))
    _told(db, case, now, tenant, who, client, summary)


def _finding(own: dict[str, Any], each: Any, reasons: dict[str, str], now: datetime) -> Finding:
    return Finding(
        **own,
        code=each.code,
        severity=each.severity.value,
        article=each.article,
        submitted_at=now,
        reason=reasons.get(each.code),
    )


def _delta(tenant: str, row: dict[str, Any], now: datetime) -> Delta:
    return Delta(
        tenant_id=tenant,
        id=new_id(),
        route=row["route"],
        state=row["state"],
        month=row["month"],
        count=1,
        amount_fen=row["investment_fen"],
        at=now,
    )


def _told(
    db: AsyncSession, case: Any, now: datetime, tenant: Any, who: Any, client: Any, summary: Any
) -> None:
    """The trail and the event."""
    audit = {"tenant_id": tenant, "id": new_id(), "actor": who, "actor_tenant": tenant, "client": client}
    audit |= {"action": "project.submit", "object_kind": "project", "object_id": case.id, "summary": summary}
    db.add(Audit(**audit, at=now, request_id=new_id(), digest=sealed(audit)))
    db.add(
        Event(
            tenant_id=tenant,
            id=new_id(),
            kind="project.submitted",
            trace_id=new_id(),
            created_at=now,
            recipients=[{"tenant": tenant, "role": "gatekeeper", "office": None}],
            next_attempt_at=now,
            snapshot={"project": {"id": f"{tenant}-{case.id}", **summary}, "actor": who},
            attempts=0,
        )
    )
