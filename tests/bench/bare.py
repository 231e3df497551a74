"""L of the benches: a bare ASGI + asyncpg handler doing the same work on the same rows under the same login.

No framework, no authentication, no authorization, no strict decoding, no secrecy scan, no logs, no metrics. The law
(`measures`) and the digests are the product's: without them the rows could not be the same.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import asyncpg
import msgspec

import service.app  # noqa: F401 - loads every act, whose operations the answers name
from service.caselist.queries import PROJECTS
from service.kit.clock import legal_day
from service.kit.digest import sealed
from service.kit.ids import new_id
from service.measures.figures import Figures
from service.measures.findings import Finding
from service.measures.gates import Standing
from service.measures.lifecycle import Action, Holder, State, Transition, step
from service.measures.offers import offers
from service.measures.offices import Tier
from service.measures.routing import required_reasons
from service.measures.side_acts import Place
from service.projects.asking import asked_of, missing
from service.projects.dated_facts import substance
from service.projects.deciding import decide, read_facts
from service.projects.schemas_out import ActionView
from service.projects.views import told_of
from service.rulebook.book import RuleBooks
from service.rulebook.loader import base_divisions, base_rulebook
from service.settings import Settings
from tests.bench.bare_sql import READ, SUBMIT

ROLES = ("city.portal",)
BOOKS = RuleBooks(base_rulebook(), base_divisions())
JSON = [(b"content-type", b"application/json")]
ETAG = {"content-type": "application/json", "etag": '"2"'}


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@lru_cache
def actions(
    state: str, route: str | None, tier: str, holder: str, dated: bytes, on: date
) -> list[ActionView]:
    standing = Standing(on, msgspec.json.decode(dated), Figures(BOOKS.book, on))
    found = offers(Place(State(state), route, Tier(tier)), Holder(holder), ROLES, standing)
    return told_of(found, suspected=False)


def document(row: dict[str, Any]) -> bytes:
    """The case as its tenant reads it."""
    text = row["content"] if row["state"] in ("draft", "returned") else row["declared"]
    owner = {
        "office_id": row["office_id"],
        "name": row["owner_name"],
        "tier": row["tier"],
        "division": row["division"],
        "division_name": BOOKS.divisions.name_of(row["division"]),
    }
    return msgspec.json.encode(
        {
            "id": f"{row['tenant_id']}-{row['id']}",
            "tenant": row["tenant_id"],
            "tenant_name": BOOKS.divisions.name_of(row["tenant_id"]),
            "external_ref": row["external_ref"],
            "name": text["name"],
            "owner": owner,
            "state": row["state"],
            "holder": row["holder"],
            "route": row["route"],
            "facts": text["facts"],
            "materials": text["materials"],
            "investment_yuan": yuan(row["investment_fen"]),
            "approved_amount_yuan": None if row["approved_fen"] is None else yuan(row["approved_fen"]),
            "decision": row["decision"],
            "findings": row["findings"],
            "actions": actions(
                row["state"],
                row["route"],
                row["tier"],
                row["holder"],
                msgspec.json.encode(row["dated"]),
                legal_day(datetime.now(UTC)),
            ),
            "dated": row["dated"],
            "origin": row["origin"],
            "filing_number": row["filing_number"],
            "submissions": row["submissions"],
            "created_by": row["created_by"],
            "created_at": row["created_at"],
            "updated_at": row["updated_at"],
            "submitted_at": row["submitted_at"],
            "gatekept_at": row["gatekept_at"],
            "approved_at": row["approved_at"],
            "filed_at": row["filed_at"],
            "handed_over_at": row["handed_over_at"],
            "version": row["version"],
        }
    )


async def read(pool: Any, tenant: str, project: str) -> bytes:
    """A: one case."""
    async with pool.acquire() as connection:
        row = await connection.fetchrow(READ, f"{tenant}/*/~portal", tenant, project)
    return document(row)


# The list is rendered by PostgreSQL, as the product's is: the same statement, by a handler that does nothing else.
_PAGE = PROJECTS.statement(PROJECTS.wish({"tenant_id": ""}))
_MINE = {"sees_suspicions": False, "limit": 51}


async def page(pool: Any, tenant: str) -> bytes:
    """B: the newest fifty."""
    given = _PAGE.arguments({**_MINE, "tenant_id": tenant, "today": legal_day(datetime.now(UTC))})
    async with pool.acquire() as connection:
        rows = await connection.fetch(_PAGE.folded, *given, f"{tenant}/*/~portal")
    items = ",".join([row["item"] for row in rows[:50]])
    return f'{{"items":[{items}],"next_cursor":"{rows[49]["created_at"]}/{rows[49]["row_id"]}"}}'.encode()


async def submit(pool: Any, tenant: str, project: str, key: str, raw: bytes) -> bytes:
    """C: reads the draft, decides by the law, writes every row of the product's submission."""
    given, now = msgspec.json.decode(raw), datetime.now(UTC)
    reasons = {reason["code"]: reason["reason"] for reason in given["reasons"]}
    async with pool.acquire() as connection:
        row = dict(await connection.fetchrow(READ, f"{tenant}/*/~portal", tenant, project))
        found, target = decided(row, reasons, now)
        body = document(row)
        rows = _rows(row, found, target, reasons, key, raw, body, now)
        if not await connection.fetchval(SUBMIT, *rows):
            raise LookupError("changed meanwhile")
    return body


def decided(row: dict[str, Any], reasons: dict[str, str], now: datetime) -> tuple[list[Finding], Transition]:
    """The case after its submission, in place; its findings and the step taken."""
    content, today = row["content"], legal_day(now)
    facts = read_facts(BOOKS, content["facts"], row, today)
    decision = decide(BOOKS, facts, today, row["owner_name"], book=BOOKS.book)
    assert not missing(content, asked_of(facts, today, BOOKS.book, ()), frozenset())
    assert set(required_reasons(decision)) == set(reasons)
    route = decision.route.value
    target = step(
        State.DRAFT, Action.SUBMIT, route=route, declarer_tier=Tier.CITY, holder=Holder.OWNER, roles=ROLES
    )
    found = {finding.code: finding for finding in decision.findings}
    row |= {
        "declared": {
            **content,
            "facts": facts.as_dict(),
            "reasons": reasons,
            "external_ref": row["external_ref"],
        },
        "decision": decision.as_dict(),
        "route": route,
        "state": target.target.value,
        "version": row["version"] + 1,
        "holder": target.holder_after.value,
        "submissions": 1,
        "month": today.strftime("%Y-%m"),
        "submitted_at": now,
        "updated_at": now,
        "dated": {"declared": {"on": today.isoformat(), "substance": substance(content), "joint": False}},
        "findings": [
            {
                "code": f.code,
                "severity": f.severity.value,
                "article": f.article,
                "reason": reasons.get(f.code),
                "opinion": None,
            }
            for f in sorted(found.values(), key=lambda f: (f.article, f.code))
        ],
    }
    return list(found.values()), target


def _rows(
    row: Any, found: Any, target: Any, reasons: Any, key: str, raw: bytes, body: bytes, now: datetime
) -> list[Any]:
    """The arguments of bench_submit, in its order."""
    tenant, who, request = row["tenant_id"], f"client:{row['tenant_id']}:portal", new_id()
    digest = sealed({"content": row["declared"], "decision": row["decision"]})
    summary = {
        "version": row["version"],
        "route": row["route"],
        "investment": yuan(row["investment_fen"]),
        "from": "draft",
        "to": row["state"],
        "submission": 1,
        "digest": digest,
    }
    audit = {
        "tenant_id": tenant,
        "id": new_id(),
        "at": now.isoformat(),
        "actor": who,
        "actor_tenant": tenant,
        "client": "portal",
        "action": "project.submit",
        "object_kind": "project",
        "object_id": row["id"],
        "summary": summary,
        "request_id": request,
    }
    snapshot = {
        "id": f"{tenant}-{row['id']}",
        "tenant": tenant,
        "external_ref": row["external_ref"],
        "name": row["name"],
        "owner_name": row["owner_name"],
        "owner_office_id": row["office_id"],
        "tier": row["tier"],
        "division": row["division"],
        "state": row["state"],
        "holder": row["holder"],
        "route": row["route"],
        "project_class": row["project_class"],
        "kind": row["kind"],
        "investment_yuan": yuan(row["investment_fen"]),
        "approved_amount_yuan": None,
        "filing_number": None,
        "articles": row["decision"]["articles"],
        "version": row["version"],
    }
    return [
        f"{tenant}/*/~portal",
        tenant,
        row["office_id"],
        row["id"],
        row["version"] - 1,
        now,
        who,
        "portal",
        row["name"],
        row["holder"],
        row["state"],
        row["route"],
        row["project_class"],
        row["kind"],
        row["investment_fen"],
        row["declared"],
        row["decision"],
        row["month"],
        row["content"],
        digest,
        [f.code for f in found],
        [f.severity.value for f in found],
        [f.article for f in found],
        [reasons.get(f.code) for f in found],
        new_id(),
        {"articles": list(target.articles)},
        {"submission": 1, "digest": digest},
        new_id(),
        audit["id"],
        summary,
        request,
        sealed(audit),
        new_id(),
        [{"tenant": tenant, "role": "gatekeeper", "office": None}],
        {"project": snapshot, "reason": None, "actor": who},
        f"POST {row['id']}/submit",
        key,
        hashlib.sha256(raw).hexdigest(),
        ETAG,
        body,
        row["dated"],
    ]


async def _codecs(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda data: msgspec.json.decode(data[1:]),
        format="binary",
    )
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


async def _no_reset(_connection: Any) -> None:
    return


class Bare:
    """The ASGI application: /<tenant>/list, /<tenant>/<id> (GET), /<tenant>/<id> (POST)."""

    pool: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        _, tenant, project = scope["path"].split("/")
        if scope["method"] == "POST":
            raw = (await receive())["body"]
            key = next(value.decode() for name, value in scope["headers"] if name == b"idempotency-key")
            body = await submit(self.pool, tenant, project, key, raw)
        elif project == "list":
            body = await page(self.pool, tenant)
        else:
            body = await read(self.pool, tenant, project)
        headers = [*JSON, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        settings = Settings.from_env(os.environ)
        self.pool = await asyncpg.create_pool(
            settings.tenant_url,
            min_size=settings.pool_min,
            max_size=settings.pool_max,
            init=_codecs,
            reset=_no_reset,
            statement_cache_size=1000,
            server_settings={"jit": "off", "plan_cache_mode": "force_generic_plan"},
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.close()
        await send({"type": "lifespan.shutdown.complete"})


def application() -> Bare:
    return Bare()
