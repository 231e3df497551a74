"""The case of the bare handler: as its tenant reads it, decided by the law, and every row its submission writes."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import msgspec

import service.app  # noqa: F401 - loads every act, whose operations the answers name
from service.kit.clock import legal_day
from service.kit.digest import sealed
from service.kit.ids import new_id
from service.measures.figures import Figures
from service.measures.findings import Finding
from service.measures.gates import GatedCase
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

ROLES = ("city.portal",)
BOOKS = RuleBooks(base_rulebook(), base_divisions())
ETAG = {"content-type": "application/json", "etag": '"2"'}


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@lru_cache
def actions(
    state: str, route: str | None, tier: str, holder: str, kind: str | None, dated: bytes, on: date
) -> list[ActionView]:
    gated = GatedCase(on, msgspec.json.decode(dated), Figures(BOOKS.book, on), kind=kind)
    found = offers(Place(State(state), route, Tier(tier)), Holder(holder), ROLES, gated)
    return told_of(found, suspected=False)


def document(row: dict[str, Any]) -> bytes:
    """The case as its tenant reads it."""
    text = row["content"] if row["state"] in ("draft", "returned") else row["declared"]
    return msgspec.json.encode(
        {
            "id": f"{row['tenant_id']}-{row['id']}",
            "tenant": row["tenant_id"],
            "tenant_name": BOOKS.divisions.name_of(row["tenant_id"]),
            "external_ref": row["external_ref"],
            "name": text["name"],
            "owner": _owner(row),
            "state": row["state"],
            "holder": row["holder"],
            "route": row["route"],
            "facts": text["facts"],
            "materials": text["materials"],
            "investment_yuan": yuan(row["investment_fen"]),
            "approved_amount_yuan": None if row["approved_fen"] is None else yuan(row["approved_fen"]),
            "decision": row["decision"],
            "findings": row["findings"],
            "actions": _offered(row),
            "dated": row["dated"],
            "origin": row["origin"],
            "filing_number": row["filing_number"],
            "submissions": row["submissions"],
            **_when(row),
            "version": row["version"],
        }
    )


def _owner(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "office_id": row["office_id"],
        "name": row["owner_name"],
        "tier": row["tier"],
        "division": row["division"],
        "division_name": BOOKS.divisions.name_of(row["division"]),
    }


def _offered(row: dict[str, Any]) -> list[ActionView]:
    dated, today = msgspec.json.encode(row["dated"]), legal_day(datetime.now(UTC))
    return actions(row["state"], row["route"], row["tier"], row["holder"], row["kind"], dated, today)


def _when(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "created_by": row["created_by"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "submitted_at": row["submitted_at"],
        "gatekept_at": row["gatekept_at"],
        "approved_at": row["approved_at"],
        "filed_at": row["filed_at"],
        "handed_over_at": row["handed_over_at"],
    }


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
        "findings": [_found(f, reasons) for f in sorted(found.values(), key=lambda f: (f.article, f.code))],
    }
    return list(found.values()), target


def _found(f: Finding, reasons: dict[str, str]) -> dict[str, Any]:
    return {
        "code": f.code,
        "severity": f.severity.value,
        "article": f.article,
        "reason": reasons.get(f.code),
        "opinion": None,
    }


def rows_of(
    row: Any, found: Any, target: Any, reasons: Any, key: str, raw: bytes, body: bytes, now: datetime
) -> list[Any]:
    """The arguments of bench_submit, in its order."""
    tenant, who, request = row["tenant_id"], f"client:{row['tenant_id']}:portal", new_id()
    digest = sealed({"content": row["declared"], "decision": row["decision"]})
    summary = _summary(row, digest)
    audit = _audit(row, who, request, summary, now)
    return [
        *_case(row, who, now),
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
        {"project": _snapshot(row), "reason": None, "actor": who},
        f"POST {row['id']}/submit",
        key,
        hashlib.sha256(raw).hexdigest(),
        ETAG,
        body,
        row["dated"],
    ]


def _case(row: Any, who: str, now: datetime) -> list[Any]:
    """Whose scope, which row, and what of it is written."""
    return [
        f"{row['tenant_id']}/*/~portal",
        row["tenant_id"],
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
    ]


def _summary(row: Any, digest: str) -> dict[str, Any]:
    return {
        "version": row["version"],
        "route": row["route"],
        "investment": yuan(row["investment_fen"]),
        "from": "draft",
        "to": row["state"],
        "submission": 1,
        "digest": digest,
    }


def _audit(row: Any, who: str, request: str, summary: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "tenant_id": row["tenant_id"],
        "id": new_id(),
        "at": now.isoformat(),
        "actor": who,
        "actor_tenant": row["tenant_id"],
        "client": "portal",
        "action": "project.submit",
        "object_kind": "project",
        "object_id": row["id"],
        "summary": summary,
        "request_id": request,
    }


def _snapshot(row: Any) -> dict[str, Any]:
    """The case as its event tells it."""
    return {
        "id": f"{row['tenant_id']}-{row['id']}",
        "tenant": row["tenant_id"],
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
