"""The cases a demo plays, and what its people would write into forms. Composed for demonstration, and says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from service.kit.digest import sm3
from service.measures.amounts import parse_yuan, yuan_text
from service.measures.offices import Divisions

_TEXTS = ("external_ref", "name", "owner")
OURS = ("on", "declarant")  # facts that the system adds to a declaration: its day and the owner

_ANSWERS: Mapping[str, Any] = {
    "unifications": dict.fromkeys(
        ["architecture", "foundation", "standards", "applications", "operations"], True
    ),
    "sharing": {
        "exchange": True,
        "plan": "（演示）业务数据经共享交换平台提供",
        "catalogue": ["（演示）办件信息"],
    },
}


@dataclass(frozen=True)
class Case:
    """One case of the file. Only these four keys are ever read: what a person expects of it stays unread."""

    external_ref: str
    name: str
    owner: str
    facts: Mapping[str, Any]
    faults: list[dict[str, str]] = field(default_factory=list)

    @property
    def declarant(self) -> Mapping[str, Any]:
        given = self.facts.get("declarant")
        return given if isinstance(given, Mapping) else {}

    def tenant(self, divisions: Divisions) -> str | None:
        """The tenant whose desks it concerns: the city of its division, the province; None when unknown."""
        return divisions.tenant_of(str(self.declarant.get("division")))

    @property
    def declared_facts(self) -> dict[str, Any]:
        """The facts of a declaration, with what arts 3 and 11 ask where the file is silent."""
        return {**_ANSWERS, **{key: value for key, value in self.facts.items() if key not in OURS}}


def load_cases(path: Path) -> list[Case]:
    """The cases of a file {"rows": […]} or […]; ends the process when it is no such file."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise SystemExit(f"tongjian demo: {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise SystemExit(f"tongjian demo: {path}: not JSON ({error})") from None
    rows = data.get("rows") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SystemExit(
            f'tongjian demo: {path}: expected {{"rows": [{{external_ref, name, owner, facts}}]}}'
        )
    return [_case(row) for row in rows]


def _case(row: Mapping[str, Any]) -> Case:
    texts = {key: row.get(key) for key in _TEXTS}
    facts = row.get("facts")
    faults = [
        {"pointer": f"/{key}", "code": "required", "detail": "此项必须填写"}
        for key, value in texts.items()
        if not isinstance(value, str) or not value.strip()
    ]
    if not isinstance(facts, dict):
        faults.append({"pointer": "/facts", "code": "required", "detail": "此项必须填写"})
    given = {key: "" if value is None else str(value) for key, value in texts.items()}
    return Case(**given, facts=facts if isinstance(facts, dict) else {}, faults=faults)


# The parts that art. 15 names of a technical plan.
_PARTS = {
    "intensive": "使用全省统一的政务云和公共组件，没有另建",
    "sharing": "业务数据编入目录，经共享交换平台提供",
    "security": "由政务云提供边界防护，数据分级管理",
    "protection": "按第二级建设，上线前备案",
    "crypto": "身份鉴别和存储采用国产密码算法",
    "safe_products": "服务器、数据库和终端均在目录以内",
}


def materials(case: Case, today: date) -> dict[str, Any]:
    """Complete materials of art. 15 for any kind of project, the funding in two lines that sum."""
    total = parse_yuan(case.facts["investment_yuan"])
    first = total - total // 4
    lines = [("（演示）本级财政预算", first), ("（演示）上级补助资金", total - first)]
    plan = "maintenance_plan" if case.facts.get("kind") == "maintain" else "technical_plan"
    return {
        "resolution": {
            "body": f"（演示）{case.owner}领导班子会议"[:200],
            "date": today.isoformat(),
            "number": f"（演示）会议纪要〔{today.year}〕1号",
        },
        "basics": {
            "main_tasks": "（演示）按项目名称所述建设或运维",
            "location": "（演示）全省统一政务云",
            "basis": "（演示）年度工作要点和业务需要",
            "performance_goals": "（演示）办理时限和重复填报减半",
            "implementation": "（演示）政府采购",
        },
        plan: "（演示）依托全省统一政务云、网络和共享平台实施",
        "plan": {key: f"（演示）{text}" for key, text in _PARTS.items()},
        "funding": [{"source": name, "amount_yuan": yuan_text(fen)} for name, fen in lines if fen],
    }


def reason(code: str) -> dict[str, str]:
    """The declarer's reason for going on in spite of an in-principle finding."""
    return {"code": code, "reason": "（演示）已经集体研究，确有必要，措施见申报材料"}


def opinion(code: str) -> dict[str, Any]:
    """The gatekeeper accepts that reason by name."""
    return {"code": code, "accepted": True, "note": "（演示）理由成立"}


def approval(project: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The city's approval of what was declared; the digest is that of the text composed here."""
    number = f"（演示）批复〔{today.year}〕{int(str(project['id'])[-12:], 16) % 1_000_000}号"
    text = f"{number} {project['name']} {project['investment_yuan']}"
    return {
        "approved_amount_yuan": project["investment_yuan"],
        "document_number": number,
        "document_date": today.isoformat(),
        "document_digest": f"sm3:{sm3(text.encode())}",
    }
