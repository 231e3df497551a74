"""A suspicion as its desks see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.kit.api import Call
from service.kit.ids import Ref
from service.kit.money import yuan, yuan_or_none
from service.measures.splitting import CODES
from service.suspicions.schemas import SuspicionView

_SAME = (
    "kind",
    "state",
    "project_name",
    "owner_name",
    "article",
    "size",
    "beyond",
    "phrases",
    "reason",
    "decided_by",
    "decided_at",
    "found_at",
    "version",
)


def fields_of(row: Mapping[str, Any], call: Call) -> dict[str, Any]:
    tenant, merged = row["tenant_id"], row["joint_project_id"]
    whole = call.principal.office is None  # whoever is bound to one office may not see every member
    return {
        "id": str(Ref(tenant, row["id"])),
        "tenant": tenant,
        "project_id": str(Ref(tenant, row["project_id"])),
        "finding": CODES[row["kind"]],
        "line_yuan": yuan_or_none(row["line_fen"]),
        "sum_yuan": yuan(row["sum_fen"]) if whole else None,
        "score": row["score"] / 1000,
        "joint_project": str(Ref(tenant, merged)) if merged and whole else None,
        **{name: row[name] for name in _SAME},
    }


def suspicion_view(row: Mapping[str, Any], call: Call) -> SuspicionView:
    return SuspicionView(**fields_of(row, call))
