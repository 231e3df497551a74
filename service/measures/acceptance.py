"""Trial run, the named materials of completion acceptance, and the evaluation window (arts 30, 32, 40)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from service.measures.periods import add_months, moved


@dataclass(frozen=True, slots=True)
class Part:
    """A part a material must cover; `work_secrets`: only where the project touches work secrets."""

    key: str
    name: str
    work_secrets: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """One of the materials that art. 30 names."""

    key: str
    name: str
    parts: tuple[Part, ...] = ()


MATERIALS: tuple[Material, ...] = (
    Material("summary", "项目建设总结"),
    Material("data_sharing_report", "数据资源共享报告", (
        Part("catalogue", "数据资源目录"), Part("access", "共享平台接入"), Part("sharing", "数据共享情况"),
    )),
    Material("data_confirmation", "数据共享情况确认书"),
    Material("safe_reliable", "软硬件产品安全可靠情况"),
    Material("financial_report", "财务报告"),
    Material("third_party_audit", "第三方审计报告"),
    Material("third_party_test", "第三方测评报告", (
        Part("function", "功能测评"), Part("performance", "性能测评"),
    )),
    Material("security_risk", "安全风险评估报告", (
        Part("protection_level", "网络安全等级保护测评"), Part("work_secrets", "工作秘密信息检测评估", True),
    )),
    Material("cryptography", "密码应用安全性评估报告"),
    Material("secrecy_risk", "保密风险评估"),
    Material("archives", "档案专项验收情况"),
)  # fmt: skip
KEYS = tuple(material.key for material in MATERIALS)
PART_KEYS = tuple(part.key for material in MATERIALS for part in material.parts)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist: what the material must cover here, what of it is given."""

    material: Material
    parts: tuple[Part, ...]
    given: bool
    lacking: tuple[Part, ...]

    @property
    def complete(self) -> bool:
        return self.given and not self.lacking


def checklist(
    given: Mapping[str, Collection[str]], *, work_secrets: bool, confirmed: Collection[str] = ()
) -> list[Line]:
    """Art. 30's materials against what is given ({material: parts}); one code before and at the application.

    `confirmed`: materials that stand as records of this system (the data office's confirmation).
    """
    lines = []
    for material in MATERIALS:
        parts = tuple(part for part in material.parts if work_secrets or not part.work_secrets)
        here = material.key in given or material.key in confirmed
        covered = given.get(material.key, ())
        lines.append(Line(material, parts, here, tuple(part for part in parts if part.key not in covered)))
    return lines


def misplaced(given: Mapping[str, Collection[str]]) -> list[tuple[str, str]]:
    """(material, part) pairs where the part belongs to another material."""
    known = {material.key: {part.key for part in material.parts} for material in MATERIALS}
    return [(key, part) for key, parts in given.items() for part in parts if part not in known[key]]


def trial_run_ends(begun: date, months: int, suspended: Mapping[str, Any], today: date) -> date:
    """Art. 30: the first day on which the final inspection may be held.

    Six calendar months from the day it began; days of suspension (from the day of suspension to the day before the
    resumption) are no trial and are added, so that a suspended system is tried as long as any other. `suspended`: the
    fact; its `earlier_days` are those of the trial run's spells before this one.
    """
    due = add_months(begun, months) + timedelta(days=int(suspended.get("earlier_days") or 0))
    if not suspended:
        return due
    until = suspended.get("until")
    stop = (date.fromisoformat(suspended["on"]), date.fromisoformat(until) if until else None)
    return moved(due, begun, [stop], today)


def spent_in_trial(suspended: Mapping[str, Any], begun: date | None) -> int:
    """Days of the trial run that a suspension, now over, and those before it took."""
    earlier = int(suspended.get("earlier_days") or 0)
    if begun is None or not suspended.get("until"):
        return earlier
    first = max(date.fromisoformat(suspended["on"]), begun)
    return earlier + max(0, (date.fromisoformat(suspended["until"]) - first).days)


def evaluation_window(
    accepted: date, operating: date, from_months: int, until_months: int
) -> tuple[date, date]:
    """Art. 40: first and last day of the self-evaluation, from the later of acceptance and operation."""
    later = max(accepted, operating)
    return add_months(later, from_months), add_months(later, until_months)
