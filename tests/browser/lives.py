"""One story per audience: who, what waits for them, and the steps from signing in until it is done."""

from __future__ import annotations

from collections.abc import Callable

from service.demo.client import Who
from service.kit import clock
from service.kit.ids import new_id
from service.vocabulary import names
from tests.browser.making import COUNTY, PROVINCE, Json, flat, named
from tests.browser.making_more import DIGEST, Weeks, agency
from tests.browser.telling import Deed, Draft, Go, Gone, Link, Row, Search, See, Send, Step, Story

CITY = "360100"
TODAY = clock.legal_day(clock.now()).isoformat()
QUEUE = names("task_queue")


def _organ(slot: str) -> Callable[[Json], list[Step]]:
    def steps(case: Json) -> list[Step]:
        word = {
            "/slot": slot,
            "/opinion": "agree",
            "/text": "同意，请按会审意见实施",
            "/funds_yuan": "12000000.00",
        }
        return [Go("会审"), Link(case["name"]), Deed("reviews_opine", word), See("同意，请按会审意见实施")]

    return steps


async def _draft(desks: Weeks) -> Json:
    name = named()
    return {"name": name, "fields": flat(desks.declaration(name, "900000.00"))}


async def _row(_: Weeks) -> Json:
    return {"row": [f"eyes-{new_id()[-6:]}", named()[:3], "南昌市政府办公室", "市级项目单位人员"]}


def _scores() -> dict[str, str]:
    rows = {f"/scores/{n}/score": "86" for n in range(7)} | {
        f"/scores/{n}/opinion": "符合要求" for n in range(7)
    }
    return {**dict(sorted(rows.items())), "/recommendation": "pass", "/opinion": "同意通过论证"}


def _approval(case: Json) -> dict[str, str]:
    return {
        "/approved_amount_yuan": case["investment_yuan"],
        "/document_number": f"洪发改〔2026〕{case['id'][-6:]}号",
        "/document_date": TODAY,
        "/document_digest": DIGEST,
    }


def _budget(case: Json) -> dict[str, str]:
    return {
        "/document/number": f"洪财预〔2026〕{case['id'][-6:]}号",
        "/document/date": TODAY,
        "/document/digest": DIGEST,
        "/lines/0/amount_yuan": case["investment_yuan"],
        "/lines/0/source": next(iter(names("budget_source"))),
    }


LIVES = (
    Story("county user", (CITY, "360121.user"), lambda desks: desks.app(Who(CITY, "360121.user")), lambda app: [
        Go("应用目录"), Search("#big", app["name"]), Link(app["name"]),
        Deed("adoptions_request", {"/users": "35", "/scope": "县直单位日常使用"}), See("申请内容"),
        Go("我的申请"), See(app["name"]),
    ]),
    Story("county unit", (CITY, "360121.unit"), _draft, lambda draft: [
        Go("项目"), Link("新建申报"), Draft(draft["fields"]), See("可以提交了"), Link("去提交"),
        Deed("projects_submit"), See("统筹把关"), Go("项目"), See(draft["name"]),
    ]),
    Story("county unit, returned", (CITY, "360121.unit"), lambda desks: desks.returned(COUNTY), lambda case: [
        See(case["name"]), Link(case["name"]), See("请写明与现有系统的衔接办法"), Link("修改草稿"),
        Draft({"/materials/basics/basis": "衔接办法见技术方案第三章"}), Link("去提交"), Deed("projects_submit"),
        Go("待办"), Gone(case["name"]),
    ]),
    Story("city unit", (CITY, "unit"), lambda desks: desks.returned(), lambda case: [
        Link(QUEUE["returned"]), Link(case["name"]), See("请写明与现有系统的衔接办法"), Link("修改草稿"),
        Draft({"/materials/basics/basis": "衔接办法见技术方案第三章"}), Link("去提交"), Deed("projects_submit"),
        See("统筹把关"), Go("待办"), Gone(case["name"]),
    ]),
    Story("city unit, need", (CITY, "unit"), _draft, lambda draft: [
        Go("更多"), Link("写需求"), Draft(draft["fields"]), Link("去提交"), Deed("needs_submit"), See("办理经过"),
    ]),
    Story("city unit, start", (CITY, "unit"), lambda desks: desks.filed(), lambda case: [
        Link(QUEUE["start"]), Link(case["name"]), Deed("delivery_start", {"/started_on": TODAY}),
        See("开工时未确定责任人"), Go("待办"),
    ]),
    Story("gatekeeper", (CITY, "gatekeeper"), lambda desks: desks.submitted(), lambda case: [
        Link(QUEUE["gatekeeping"]), Link(case["name"]), See("为什么走这条路"),
        Deed("projects_gatekeep_pass", judge=True), See("案卷在"),
        Go("待办"), Link(QUEUE["gatekeeping"]), Gone(case["name"]),
    ]),
    Story("gatekeeper, filing", (CITY, "gatekeeper"), lambda desks: desks.approved(), lambda case: [
        Link(QUEUE["filing"]), Link(case["name"]), Deed("filings_file"), See("备案号"), Go("待办"), Gone(case["name"]),
    ]),
    Story("approver", (CITY, "approver"), lambda desks: desks.passed(), lambda case: [
        Link(case["name"]), Deed("filings_approve", _approval(case)), See("批复"), Go("待办"), Gone(case["name"]),
    ]),
    Story("provincial office", (PROVINCE, "office"), lambda desks: desks.handed_over(), lambda case: [
        Go("收件"), Link(case["name"]),
        Deed("reviews_commission", {"/agency_office_id": agency(), "/fields": "data", "/task": "论证技术方案"}),
        Go("项目"), Search("#q", case["name"]), See("论证评估"),
    ]),
    Story("drc", (PROVINCE, "drc"), lambda desks: desks.in_review(), _organ("drc")),
    Story("finance", (PROVINCE, "finance"), lambda desks: desks.in_review(), _organ("finance")),
    Story("city finance", (CITY, "finance"), lambda desks: desks.filed(), lambda case: [
        Link(case["name"]),
        Deed("reviews_budget", _budget(case)),
        Go("待办"), Gone(case["name"]),
    ]),
    Story("supervisor", (PROVINCE, "supervisor"), lambda desks: desks.approved(), lambda case: [
        Go("全省监测"), See("批复未备案"), Go("项目"), Search("#q", case["name"]), See("办理经过"), See("证据材料"),
        Go("期限"), See("期限"),
    ]),
    Story("expert", (PROVINCE, "expert"), lambda desks: desks.with_expert(), lambda case: [
        Go("评审"), Link(case["name"]), Deed("assignments_score", _scores()), See("您的评分"),
        Go("待办"), Gone(case["name"]),
    ]),
    Story("provider", (PROVINCE, "app_provider"), lambda desks: desks.asked_for(), lambda asked: [
        Go("开通"), Row(asked["name"]), Deed("adoptions_provision"), See("使用中"),
    ]),
    Story("administrator", (CITY, "administrator"), _row, lambda one: [
        Go("管理"), Link("从表格粘贴"), Send("#pasted", "\t".join(one["row"])),
        See("可以导入"), Deed("workbooks_commit"), See("已导入"),
    ]),
    Story("information centre", (PROVINCE, "info_centre"), lambda desks: desks.in_review(), _organ("info_centre")),
)  # fmt: skip
