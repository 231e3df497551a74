"""What the two sides of an adoption tell each other: events with a complete snapshot, never a read across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.kit.api import Call
from service.kit.db import Tx
from service.kit.ids import Ref
from service.kit.outbox import Recipient, emit, emitted
from service.kit.wire import spelt
from service.measures.adoption import ADOPTION_NAMES, Adoption

ADOPTER, PROVIDER = "adopter", "provider"
_MIRRORED = (
    "id",
    "app_id",
    "app_name",
    "reach",
    "adopter_name",
    "division",
    "users",
    "scope",
    "data_needs",
    "state",
    "reason",
    "version",
    "confirmed_at",
    "ended_at",
    "score",
    "feedback",
)
# What the desk is expected to do.
_STEPS = {
    "adoption.requested": {"gatekeeper": "请按第二十三条对应用申请予以确认或不予确认。"},
    "adoption.confirmed": {"app_provider": "请开通，或说明理由不予开通。"},
    "adoption.declined": {"user": "可向提供方了解后重新申请。", "unit": "可向提供方了解后重新申请。"},
    "adoption.provisioned": {"user": "可以开始使用。", "unit": "可以开始使用。"},
}


def desks_of(adoption: Mapping[str, Any]) -> list[Recipient]:
    """The desks of the adopting office."""
    roles = ("user", "unit") if adoption["adopter_tier"] == "county" else ("unit",)
    return [Recipient(adoption["tenant_id"], role, adoption["office_id"]) for role in roles]


def told_by_adopter(
    call: Call, tx: Tx, adoption: Mapping[str, Any], kind: str, desks: Sequence[Recipient], reason: str | None
) -> None:
    """An event of the adopter's side; where it is confirmed, the provider's mirror follows it."""
    mirrored = {name: adoption[name] for name in _MIRRORED}
    _tell(
        call,
        tx,
        adoption["tenant_id"],
        kind,
        desks,
        {
            **_said(kind, Ref(adoption["tenant_id"], adoption["id"]), adoption, reason),
            "side": ADOPTER,
            "adoption": {
                **mirrored,
                "tenant": adoption["tenant_id"],
                "office_id": adoption["office_id"],
                "adopter_tier": adoption["adopter_tier"],
                "provider_tenant": adoption["provider_tenant"],
            },
        },
    )


def told_by_provider(
    call: Call, tx: Tx, provision: Mapping[str, Any], kind: str, reason: str | None, **more: Any
) -> None:
    """An event of the provider's side, for the adopter's office and city; `seq` orders what it says."""
    adopter = provision["adopter_tenant"]
    about = {
        "id": provision["id"],
        "tenant": adopter,
        "provider_tenant": provision["tenant_id"],
        "app_id": provision["app_id"],
        "state": provision["state"],
        "seq": provision["version"],
        **more,
    }
    quiet = kind == "adoption.usage_reported"
    office = provision["adopter_office"]
    roles = ("unit",) if provision["division"] == adopter else ("user", "unit")
    desks = [Recipient(adopter, role, office) for role in roles]
    _tell(
        call,
        tx,
        provision["tenant_id"],
        kind,
        [] if quiet else [*desks, Recipient(adopter, "gatekeeper")],
        {
            **_said(kind, Ref(adopter, provision["id"]), provision, reason),
            "side": PROVIDER,
            "provision": about,
            "at": spelt(call.now),
            "actor_tenant": call.principal.tenant,
        },
    )


def _said(kind: str, ref: Ref, row: Mapping[str, Any], reason: str | None) -> dict[str, Any]:
    return {
        "subject": {"id": str(ref), "name": row["app_name"], "owner_name": row["adopter_name"]},
        "message": f"现为“{ADOPTION_NAMES[Adoption(row['state'])]}”。",
        "steps": _STEPS.get(kind, {}),
        "reason": reason,
    }


def _tell(
    call: Call, tx: Tx, tenant: str, kind: str, desks: Sequence[Recipient], snapshot: dict[str, Any]
) -> None:
    emitted(call, tx, kind, desks, {**snapshot, "actor": call.principal.actor}, tenant=tenant)


def use_changed(
    tx: Tx,
    provision: Mapping[str, Any],
    offices: int,
    seq: int,
    readers: Sequence[str],
    trace: str,
    now: datetime,
) -> None:
    """How many offices of a tenant use the app now, for every tenant that may see it."""
    emit(
        tx,
        tenant=provision["tenant_id"],
        kind="app.use_changed",
        recipients=[],
        snapshot={
            "subject": {
                "id": str(Ref(provision["tenant_id"], provision["app_id"])),
                "name": provision["app_name"],
            },
            "use": {
                "provider_tenant": provision["tenant_id"],
                "app_id": provision["app_id"],
                "adopter_tenant": provision["adopter_tenant"],
                "offices": offices,
                "seq": seq,
            },
            "tenants": list(readers),
        },
        trace_id=trace,
        now=now,
    )
