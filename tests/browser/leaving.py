"""One of each thing that a list may hold and the desks' cases do not lead to, so that its page is looked at too."""

from __future__ import annotations

from collections.abc import Iterable

from service.demo.client import Who
from service.demo.queues import CITY, KEEPER, OFFICE, UNIT
from tests.browser.making import Json
from tests.browser.making_more import DIGEST, PAPER, Weeks

FAR = "2099-01-01"  # in force long after the pages were looked at: nothing is decided otherwise


async def leave_one_of_each(desks: Weeks) -> int:
    """Registers them as whoever registers them in life; how many there are now."""
    filed, built = await desks.filed(), await desks.common()
    await desks.proposed()
    sent = [
        *_of_rules(await _book(desks)),
        *_of_years(desks),
        *_of_administration(filed),
        *_of_cases(filed, built),
    ]
    for who, path, body in sent:
        await desks.client.send(who, "POST", path, body)
    return len(sent) + 1


Sent = tuple[Who, str, Json]


async def _book(desks: Weeks) -> str:
    return str((await desks.client.get(OFFICE, "/rulebook")).data["version"])


def _of_rules(version: str) -> Iterable[Sent]:
    yield (
        OFFICE,
        "/rulebook/amendments",
        {
            "document_date": "2026-01-05",
            "document_number": "赣府厅发〔2099〕31号",
            "effective_from": FAR,
            "entries": [{"key": "limit.other", "value": "8000000.00"}],
            "expected_version": version,
            "issued_by": ["general_office"],
            "reason": "提高其他类别限额",
            "transition": {"mode": "from_state", "state": "submitted"},
        },
    )
    yield (
        KEEPER,
        "/rulebook/overlays",
        {
            "effective_from": FAR,
            "expected_version": version,
            "key": "near_line.percent",
            "reason": "接近限额的项目较多，提前提示",
            "value": 80,
        },
    )


def _of_years(desks: Weeks) -> Iterable[Sent]:
    year = desks.today.year
    yield (
        OFFICE,
        "/intake-rounds",
        {
            "document_date": desks.ago(30),
            "document_number": f"赣府厅字〔{year}〕8号",
            "issued_by": ["general_office", "drc", "finance"],
            "kinds": ["new", "maintain"],
            "opens": f"{year}-02-01",
            "requirements": "围绕三年规划提出需求",
            "year": year,
        },
    )
    yield (
        OFFICE,
        "/declaration-rounds",
        {
            "document_date": desks.ago(30),
            "document_number": "赣府厅发〔2099〕1号",
            "effective_from": FAR,
            "extra": [{"name": "项目单位承诺书"}],
            "fields": [{"field": "form.period"}],
            "year": 2099,
        },
    )


def _of_plans(year: int) -> Iterable[Sent]:
    yield (
        KEEPER,
        "/plans",
        {
            "first_year": year,
            "title": "数字化项目建设三年规划",
            "items": [
                {
                    "alignment": "对应省总体方案第二章",
                    "estimated_yuan": "30000000.00",
                    "key": "A-1",
                    "owner": "市数据局",
                    "project_class": "infrastructure",
                    "title": "全市统一的业务中台",
                    "years": [year, year + 1],
                }
            ],
        },
    )


def _of_administration(filed: Json) -> Iterable[Sent]:
    administrator = Who(CITY, "administrator")
    yield (
        administrator,
        "/issuers",
        {
            "client_id": "tongjian",
            "id": "city-sso",
            "issuer": "https://sso.example.gov.cn",
            "name": "市统一身份认证",
            "roles": ["unit", "gatekeeper"],
        },
    )
    yield administrator, "/webhooks", {"kinds": ["filing.filed"], "url": "https://portal.example.gov.cn/hook"}
    yield Who(CITY, "security_admin"), "/spills", {"project_id": filed["id"], "reason": "text"}


def _of_cases(filed: Json, built: Json) -> Iterable[Sent]:
    yield UNIT, "/systems", {"name": "行政审批系统", "on_cloud": True, "protection_level": 3}
    yield UNIT, f"/projects/{filed['id']}/links", {"child_tenant": "360300", "task": "承担本市数据归集"}
    yield (
        OFFICE,
        "/library-imports",
        {
            "document": {"date": "2023-11-20", "issuer": "省领导小组办公室", "number": "赣数办〔2023〕12号"},
            "entered_on": "2023-11-20",
            "note": "系统启用前入库",
            "owner": f"{CITY}-{filed['owner']['office_id']}",
            "project_name": "市级应急指挥平台",
        },
    )
    yield (
        Who(CITY, "info_centre"),
        "/maintenance/plans",
        {
            "content": "驻场一人，季度巡检",
            "cost_yuan": "1200000.00",
            "name": "公共支撑平台运维方案",
            "network": "extranet",
            "papers": [PAPER | {"digest": DIGEST}],
            "projects": [built["id"]],
            "supersedes": None,
            "year": int(FAR[:4]),
        },
    )
