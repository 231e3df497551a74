"""The indicators a project was declared with, and what it reached of each (arts 15, 27, 40)."""

from __future__ import annotations

from typing import Any

from service.delivery.evaluation_schemas import ReachedIn
from service.kit.errors import FieldError, invalid
from service.measures.texts import visible
from service.projects.case import Case


def reached(case: Case, told: list[ReachedIn]) -> list[dict[str, Any]]:
    """Every declared indicator with its target and what is told of it, null where nothing is.

    422 for an indicator that was not declared, and for one told twice: targets are not made afterwards.
    """
    form = ((case.declared or {}).get("materials") or {}).get("form") or {}
    declared = {visible(row["name"]): row for row in form.get("indicators") or []}
    faults, found = [], {}
    for index, each in enumerate(told):
        name = visible(each.name)
        if name not in declared:
            said = "申报时没有这项绩效指标，请按申报的指标填写"
            faults.append(FieldError(f"/indicators/{index}/name", "unknown_indicator", said))
        elif name in found:
            faults.append(FieldError(f"/indicators/{index}", "duplicate", "同一指标重复填写"))
        found[name] = each
    if faults:
        raise invalid(faults)
    return [
        {
            "name": row["name"],
            "target": row["target"],
            "unit": row.get("unit", ""),
            "reached": found[name].reached if name in found else None,
            "note": found[name].note if name in found else "",
        }
        for name, row in declared.items()
    ]


def untold(rows: list[dict[str, Any]]) -> str:
    """What the message says of indicators that the owner left out; empty where all are told."""
    names = [row["name"] for row in rows if row["reached"] is None]
    return f"申报的绩效指标有 {len(names)} 项没有报告达成值：{'、'.join(names[:5])}。" if names else ""
