"""A suspicion as its desks see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.kit.api import Call
from service.kit.ids import Ref
from service.kit.money import yuan, yuan_or_none
from service.kit.rows import of_row
from service.measures.splitting import CODES
from service.suspicions.schemas import SuspicionView


def own_of(row: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """What a suspicion shows otherwise than its row has it."""
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
    }


def suspicion_view(row: Mapping[str, Any], call: Call) -> SuspicionView:
    return of_row(SuspicionView, row, **own_of(row, call))
