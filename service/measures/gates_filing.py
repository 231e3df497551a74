"""Gates of the filing with the leading group's office (arts 23, 39): a fact beside the state, told by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from service.measures.gated_case import GatedCase, gate


@gate("not_filed", 23)
def _not_filed(s: GatedCase) -> str | None:
    """R26: an approval is filed once; what a city filed before it came to this system is told by its import."""
    if s.fact("filed"):
        return "本项目已经备案"
    return "项目由既有系统导入，备案以导入时的文件为准" if s.fact("imported") else None


def amendments(dated: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The documents that changed what was approved and that no filing has told yet (R27), the oldest first."""
    found: list[Mapping[str, Any]] = list((dated.get("amended") or {}).get("documents") or ())
    return found


@gate("supplement_owed", 23)
def _supplement_owed(s: GatedCase) -> str | None:
    if not s.fact("filed"):
        return "本项目尚未备案"
    return None if amendments(s.dated) else "备案以后没有经批准的变更"


@gate("query_waits", 39)
def _query_waits(s: GatedCase) -> str | None:
    return None if waiting(s.dated) else "没有等待答复的询问"


def waiting(dated: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The questions on an approval that nobody has answered yet, by the record that asked."""
    asked: Mapping[str, Mapping[str, Any]] = (dated.get("filing_queries") or {}).get("asked") or {}
    return {key: told for key, told in asked.items() if not told.get("answered")}


def unfiled_since(s: GatedCase) -> date | None:
    """The day since which something is to be filed: the approval's, or that of the first change not yet told."""
    if not s.fact("filed"):
        return None if s.fact("imported") else s.day("approved")
    told = amendments(s.dated)
    return date.fromisoformat(told[0]["on"]) if told else None


def filing_not_overdue(s: GatedCase) -> str | None:
    """R31: why no order may ask for the filing yet. The term is practice (art. 23 names none), and said to be so."""
    since = unfiled_since(s)
    if since is None:
        return "没有应当备案而没有备案的事项"
    until = since + timedelta(days=s.figure("filing.practice_days", 10))
    if s.on > until:
        return None
    return f"按管理惯例，备案时限到 {until.isoformat()} 为止，尚未届满；办法没有规定期限，可以先行询问"
