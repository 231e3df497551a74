"""Publication and the later life of a shared app: every reader's tenant gets its copy by an event."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Uuid, bindparam, literal_column, select, update

from service.catalogue.actions import REFUSED, TAG, WORKING, app_audited, changed, load, save
from service.catalogue.kept import content_of
from service.catalogue.models import adoption_steps, adoption_usage, adoptions, provisions
from service.catalogue.published_copies import COPY, carried, carrying, entry_of
from service.catalogue.queries import ENTRY, OPEN_PROVISIONS, TENANTS
from service.catalogue.schemas import AppView, PublishIn, StatusIn
from service.kit.api import Call, Error
from service.kit.clock import legal_day
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import Ref, parse_ref
from service.kit.money import fen
from service.kit.outbox import Recipient, emitted
from service.kit.statements import OF_TENANT, Statement
from service.measures.adoption import OPEN_TO_REQUESTS, STATUS_NAMES, AppStatus, Refused, move

STILL_USED = Error(409, "still_adopted", "仍有单位在用或待开通")

NARROWED = Error(409, "reach_narrowed", "已全省公开的应用不能缩小可见范围")

_tenant, _app = OF_TENANT, bindparam("of_app", type_=Uuid(as_uuid=False))
_own = select(adoptions.c.id).where(
    adoptions.c.tenant_id == _tenant, adoptions.c.provider_tenant == _tenant, adoptions.c.app_id == _app
)


def _widen(target: Any, *of_app: Any) -> Statement:
    wide: Any = literal_column("'province'")
    return Statement(
        update(target)
        .where(target.c.tenant_id == _tenant, target.c.reach != wide, *of_app)
        .values(reach=wide)
    )


_WIDEN = (
    _widen(adoptions, adoptions.c.provider_tenant == _tenant, adoptions.c.app_id == _app),
    _widen(adoption_steps, adoption_steps.c.adoption_id.in_(_own)),
    _widen(adoption_usage, adoption_usage.c.adoption_id.in_(_own)),
    _widen(provisions, provisions.c.app_id == _app),
)


def faults_of(app: dict[str, Any], today: date) -> list[FieldError]:
    """What keeps a working copy from being published (arts 11, 25: what is shared, and assessments that stand)."""
    content, faults = content_of(app), []
    if app["reach"] == "offices" and not app["offices"]:
        faults.append(FieldError("/office_ids", "missing_field", "发布前请指明可见的单位"))
    if not content.description.strip():
        faults.append(FieldError("/description", "missing_field", "发布前请填写应用说明"))
    if not content.functions:
        faults.append(FieldError("/functions", "missing_field", "发布前请至少列出一项功能"))
    if content.security_level is None:
        faults.append(FieldError("/security_level", "missing_field", "发布前请填写等级保护级别"))
    if not content.support.name or not (content.support.phone or content.support.email):
        faults.append(FieldError("/support", "missing_field", "发布前请填写支持联系人及其电话或邮箱"))
    if fen(content.cost.amount_yuan) > 0 and not content.cost.basis:
        faults.append(FieldError("/cost/basis", "missing_field", "收费的应用须说明计费方式"))
    for index, certificate in enumerate(content.certificates):
        if certificate.valid_to < today:
            detail = "证书已过有效期，请更新后发布（本系统规定）"
            faults.append(FieldError(f"/certificates/{index}/valid_to", "certificate_expired", detail))
    return faults


@command(
    "POST",
    WORKING + "/{ref:str}/publish",
    resource="app",
    action="publish",
    summary="发布应用",
    tag=TAG,
    body=PublishIn,
    answer=AppView,
    if_match=True,
    errors=(REFUSED, NARROWED),
    at=ref_of,
    view=changed,
)
async def publish(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """首次发布为试点或可用；以后发布更新读者看到的内容，status 不再起作用。"""
    # The first publication opens the app, later ones renew what readers see.
    body: PublishIn = call.body
    app = await load(call, tx, ref, call.expected)
    if app["status"] == "retired":
        raise ServiceError(409, "action_not_allowed", "已停用的应用不再发布（本系统规定）")
    faults = faults_of(app, legal_day(call.now))
    if faults:
        raise invalid(faults, "应用内容不完整，不能发布")
    await _no_narrower(tx, app)
    if app["reach"] == "province":
        # Adopters were of this tenant as long as nobody else saw the app: their use is the province's to see now.
        for statement in _WIDEN:
            tx.batch.add(statement, expect=None, of_tenant=ref.tenant, of_app=ref.id)
    first = app["edition"] == 0
    app["edition"] += 1
    if first:
        app["status"], app["published_at"] = body.status, call.now
    save(call, tx, app)
    await _spread(call, tx, app, "app.published" if first else "app.updated", None)
    app_audited(call, tx, "publish", app, {"edition": app["edition"], "version": app["version"]})
    return app


async def _no_narrower(tx: Tx, app: dict[str, Any]) -> None:
    """Adopters in other tenants rely on what they see: it is deprecated and retired, never hidden."""
    shown = await tx.row(ENTRY, tenant_id=app["tenant_id"], provider=app["tenant_id"], id=app["id"])
    if shown is not None and shown["reach"] == "province" and app["reach"] != "province":
        raise ServiceError(
            409, "reach_narrowed", "已全省公开的应用不能缩小可见范围，请改为停用（本系统规定）"
        )


@command(
    "POST",
    WORKING + "/{ref:str}/status",
    resource="app",
    action="publish",
    summary="改变应用状态",
    tag=TAG,
    body=StatusIn,
    answer=AppView,
    if_match=True,
    errors=(REFUSED, STILL_USED),
    at=ref_of,
    view=changed,
)
async def status(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """即将停用须指明替代应用；仍有单位在用时不能停用（本系统规定）。"""
    # The next status by the table; readers keep seeing what was published last.
    body: StatusIn = call.body
    app = await load(call, tx, ref, call.expected)
    target = AppStatus(body.status)
    try:
        row = move(AppStatus(app["status"]), target)
    except Refused as refusal:
        raise ServiceError(409, "action_not_allowed", refusal.detail, article=refusal.article) from None
    if row.reason and body.reason is None:
        raise invalid([FieldError("/reason", "missing_field", "请说明理由")])
    app["successor"] = await _successor(tx, app, target, body.successor)
    if target is AppStatus.RETIRED and await tx.row(OPEN_PROVISIONS, tenant_id=ref.tenant, id=ref.id):
        raise ServiceError(409, "still_adopted", "仍有单位在用或待开通，请先逐一终止（本系统规定）")
    app["status"] = target.value
    save(call, tx, app)
    await _spread(call, tx, app, "app.status_changed", body.reason)
    app_audited(call, tx, "status", app, {"status": target.value, "version": app["version"]})
    return app


async def _successor(tx: Tx, app: dict[str, Any], target: AppStatus, given: str | None) -> str | None:
    """Deprecation names a usable app that this tenant can see; retirement keeps what deprecation named."""
    if target is not AppStatus.DEPRECATED:
        if given is not None:
            raise invalid([FieldError("/successor", "not_applicable", "改为“即将停用”时才指明替代应用")])
        kept: str | None = app["successor"]
        return kept if target is AppStatus.RETIRED else None
    if given is None:
        raise invalid([FieldError("/successor", "missing_field", "请指明替代的应用")])
    other, itself = parse_ref(given), Ref(app["tenant_id"], app["id"])
    entry = await tx.row(ENTRY, tenant_id=itself.tenant, provider=other.tenant, id=other.id)
    if entry is None or other == itself or entry["status"] not in OPEN_TO_REQUESTS:
        raise invalid([FieldError("/successor", "unknown_app", "没有这个可用的应用")])
    if not _as_wide(entry, app):
        raise invalid([FieldError("/successor", "successor_hidden", "替代应用的可见范围不能小于原应用")])
    return given


def _as_wide(entry: Row, app: dict[str, Any]) -> bool:
    """Whoever sees the app must see its successor, and nobody may learn of one that is hidden."""
    wide = ("offices", "tenant", "province")
    if entry["reach"] == app["reach"] == "offices":
        return set(app["offices"]) <= set(entry["offices"])
    return wide.index(entry["reach"]) >= wide.index(app["reach"])


async def _spread(call: Call, tx: Tx, app: dict[str, Any], kind: str, reason: str | None) -> None:
    """The provider's own entry at once, everybody else's by the event, which carries it whole."""
    entry = await _published(tx, app, kind == "app.status_changed")
    tx.batch.add(COPY, **carried(msgspec.to_builtins(entry), app["tenant_id"]))
    tenants = await tx.fetch(TENANTS)
    across = app["reach"] == "province"
    readers = [row["id"] for row in tenants] if across else [app["tenant_id"]]
    desks = [Recipient(tenant, "gatekeeper") for tenant in readers] if kind != "app.updated" else []
    emitted(
        call,
        tx,
        kind,
        desks,
        {
            "subject": {
                "id": str(Ref(app["tenant_id"], app["id"])),
                "name": entry["name"],
                "owner_name": entry["provider_name"],
            },
            "message": f"现为“{STATUS_NAMES[AppStatus(app['status'])]}”。",
            "reason": reason,
            "entry": carrying(entry),
            "tenants": readers,
            "actor": call.principal.actor,
        },
        tenant=app["tenant_id"],
    )


async def _published(tx: Tx, app: dict[str, Any], as_it_was: bool) -> dict[str, Any]:
    """What readers see: the working copy, or after a change of status the content published before."""
    tenant = next(row for row in await tx.fetch(TENANTS) if row["id"] == app["tenant_id"])
    provider = {"tier": tenant["tier"], "tenant_name": tenant["name"], "name": app["provider_name"]}
    entry = entry_of(app, content_of(app), provider)
    if as_it_was:
        row = await tx.row(ENTRY, tenant_id=app["tenant_id"], provider=app["tenant_id"], id=app["id"])
        if row is None:
            raise RuntimeError("a published app has an entry")
        kept = ("name", "category", "reach", "offices", "security_level", "cost_fen", "content")
        entry |= {name: row[name] for name in kept}
    return entry
