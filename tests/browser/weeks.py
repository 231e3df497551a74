"""What else an audience does in a week, beside its one story: each as a story, told in the three ways as well."""

from __future__ import annotations

from service.demo.client import Who
from service.kit import clock
from service.kit.ids import new_id
from service.vocabulary import names
from tests.browser.making import PROVINCE, Json, named
from tests.browser.making_more import DIGEST, PAPERS, PARTS, Weeks
from tests.browser.telling import ANY, Deed, Given, Go, Gone, Link, Press, Row, Search, See, Story

CITY = "360100"
TODAY = clock.legal_day(clock.now()).isoformat()
QUEUE = names("task_queue")
COUNTIES = ("360112", "360113", "360124")  # where nobody else of the stories is


async def _written(desks: Weeks) -> Json:
    """A message for a county's unit, another county each time: a code is sent to one person once a minute."""
    county = desks.turn(*COUNTIES)
    made = await desks.returned(Who(CITY, f"{county}.unit"))
    return {
        **made,
        "who": (CITY, f"{county}.unit"),
        "deputy": f"{county}.user",
        "day": desks.ahead(2 * desks.more()),
    }


async def _free(desks: Weeks) -> Json:
    return {**await desks.used(), "other": (await desks.app(Who(CITY, "360123.user")))["name"]}


async def _used(desks: Weeks) -> Json:
    return {**await desks.used(), "month": desks.ago(0)[:7]}


async def _year(desks: Weeks) -> Json:
    return {"year": str(desks.today.year + 1 + desks.more())}


async def _newcomer(desks: Weeks) -> Json:
    return {"name": named()[:4], "login": f"eyes-{new_id()[-6:]}"}


async def _filed(desks: Weeks) -> Json:
    return {**await desks.filed(), "soon": desks.ahead(20)}


async def _building(desks: Weeks) -> Json:
    return {**await desks.started(), "then": desks.ago(290)}


async def _built(desks: Weeks) -> Json:
    return {**await desks.common(), "next": str(desks.today.year + 1)}


def _applied() -> Given:
    papers = {f"/materials/{each}/digest": DIGEST for each in PAPERS}
    parts = {f"/materials/{each}/parts": tuple(of) for each, of in PARTS.items()}
    return {**papers, **parts, "/work_secrets": "false"}


WEEKS = (
    Story("county user, in use", (CITY, "360123.user"), _free, lambda used: [
        Go("我的申请"), Link(used["name"]), See("使用中"), Deed("adoptions_rate", {"/score": "5"}), See("5"),
        Go("应用目录"), Search("#big", used["name"]), See("使用中"), Search("#big", used["other"]), Link(used["other"]),
        Deed("adoptions_request", {"/users": "12", "/scope": "县直单位日常使用"}),
        Deed("adoptions_withdraw", {"/reason": "改用已有系统"}), See("已撤回"),
    ]),
    Story("county unit, own matters", (CITY, "360124.unit"), _written, lambda own: [
        Link("有未读消息"), See(own["name"]), Press("全部标为已读"), Link("未读的"), See("没有未读的消息。"),
        Go("更多"), Link("代办安排"), Deed("deputies_name", {
            "/deputy_login": own["deputy"], "/from_day": own["day"], "/until_day": own["day"], "/note": "出差"}),
        See("尚未开始"), Deed("deputies_end"), See("提前结束"),
        Go("更多"), Link("通知设置"), Deed("me_change_notifications", {
            "/address": "yi@example.gov.cn", "/mode": "digest", "/hour": "8", "/kinds": ("due", "news")}),
        See("待核实"), Deed("me_stop_notifications"), See("没有设置提醒"),
    ]),
    Story("city unit, building", (CITY, "unit"), _building, lambda case: [
        Go("项目"), Search("#q", case["name"]), See(case["name"]),
        Deed("acceptance_begin_trial_run", {"/on": case["then"]}), See("试运行"),
        Deed("acceptance_final_inspect", {
            "/on": TODAY, "/conclusion": "达到合同要求", "/report/name": "终验报告.pdf", "/report/digest": DIGEST}),
        See("终验"),
    ]),
    Story("city unit, acceptance", (CITY, "unit"), lambda desks: desks.inspected(), lambda case: [
        Link(QUEUE["acceptance_application"]), Link(case["name"]), Deed("acceptance_apply_acceptance", _applied()),
        Go("待办"), Gone(case["name"]),
    ]),
    Story("city unit, order", (CITY, "unit"), lambda desks: desks.ordered(), lambda case: [
        Link(QUEUE["rectification"]), Link(case["name"]), See("请报送实施方案和责任人"),
        Deed("orders_answer_order", {"/order": ANY, "/answer": "已报送实施方案，责任人王工"}), See("已报送实施方案"),
    ]),
    Story("gatekeeper, several at once", (CITY, "gatekeeper"), lambda desks: desks.clean(), lambda case: [
        Link(QUEUE["gatekeeping"]), Press("所选一并通过", (case["name"],)), See("办结 1 件"), Gone(case["name"]),
    ]),
    Story("gatekeeper, suspicion", (CITY, "gatekeeper"), lambda desks: desks.pair(), lambda case: [
        Link(QUEUE["suspicion"]), Link(case["name"]), See("并排看"),
        Deed("suspicions_confirm", {"/reason": "同一系统分两期申报，合计超过限额"}), See("怎么认定的"),
        Link(case["name"]), See("疑似拆分申报"),
        Deed("projects_gatekeep_return", {"/reason": "请合并为一个项目申报"}), See("请合并为一个项目申报"),
    ]),
    Story("gatekeeper, need", (CITY, "gatekeeper"), lambda desks: desks.needed(), lambda need: [
        Link(QUEUE["need_gatekeeping"]), Link(need["name"]), Deed("needs_gatekeep"), See("需求已把关"),
    ]),
    Story("gatekeeper, adoption", (CITY, "gatekeeper"), lambda desks: desks.requested(), lambda asked: [
        Link(QUEUE["adoption"]), Link(asked["name"]), Deed("adoptions_confirm"), See("待开通"),
    ]),
    Story("gatekeeper, acceptance", (CITY, "gatekeeper"), lambda desks: desks.applied(), lambda case: [
        Link(QUEUE["acceptance_opinion"]), Link(case["name"]),
        Deed("acceptance_give_opinion", {"/agreed": "true", "/opinion": "同意"}), Go("待办"), Gone(case["name"]),
    ]),
    Story("approver, acceptance", (CITY, "approver"), lambda desks: desks.opined(), lambda case: [
        Link(QUEUE["acceptance_decision"]), Link(case["name"]),
        Deed("acceptance_accept", {"/on": TODAY, "/conclusion": "同意通过", "/document_digest": DIGEST,
                                   "/document_number": f"洪发改验〔2026〕{case['id'][-5:]}号"}),
        See("已竣工验收"), Go("待办"), Gone(case["name"]),
    ]),
    Story("city finance, upkeep", (CITY, "finance"), lambda desks: desks.proposed(), lambda case: [
        Go("更多"), Link("运维预算建议"), Row(case["name"]),
        Deed("evaluation_arrange", {"/arranged_yuan": "80000.00"}), See("80,000.00"),
    ]),
    Story("city information centre, upkeep", (CITY, "info_centre"), _built, lambda case: [
        Go("更多"), Link("运维实施方案"), Deed("evaluation_compile_plan", {
            "/network": "extranet", "/name": f"{case['name']}运维方案", "/year": case["next"],
            "/content": "驻场一人，季度巡检", "/cost_yuan": "120000.00", "/projects": case["id"]}),
        See(f"{case['name']}运维方案"), See("审核中"),
    ]),
    Story("gatekeeper, order", (CITY, "gatekeeper"), _filed, lambda case: [
        Go("项目"), Search("#q", case["name"]), See(case["name"]),
        Deed("orders_order_rectification", {
            "/area": "construction", "/text": "请说明资金使用情况", "/due": case["soon"]}), See("请说明资金使用情况"),
    ]),
    Story("gatekeeper, order answered", (CITY, "gatekeeper"), lambda desks: desks.ordered(answered=True), lambda case: [
        Link(QUEUE["order_answered"]), Link(case["name"]), See("已报送，见附件"),
        Deed("orders_close_order", {"/order": ANY, "/done": "true", "/opinion": "已整改到位"}), See("已整改到位"),
    ]),
    Story("provincial office, round", (PROVINCE, "office"), _year, lambda own: [
        Go("更多"), Link("三家联合发布"), Deed("rounds_announce", {
            "/year": own["year"], "/document_number": f"赣府厅字〔{own['year']}〕8号", "/document_date": TODAY,
            "/issued_by": ("general_office", "drc", "finance"), "/opens": f"{own['year']}-02-01", "/kinds": "new",
            "/requirements": "围绕三年规划提出需求"}),
        See(own["year"]),
    ]),
    Story("provincial office, review", (PROVINCE, "office"), lambda desks: desks.appraised(), lambda case: [
        Link(QUEUE["provincial_review"]), Link(case["name"]), Deed("reviews_open_review"), See("联合会审中"),
        Go("会审"), See(case["name"]),
    ]),
    Story("provincial office, summing up", (PROVINCE, "office"), lambda desks: desks.agreed(), lambda case: [
        Link(QUEUE["joint_review"]), Link(case["name"]),
        Deed("reviews_close_review", {"/agreed": "true", "/summary": "各家意见一致", "/plan": "两年内分两期建设",
                                      "/budget_yuan": "12000000.00"}), Link("评审会审"), See("各家意见一致"),
    ]),
    Story("provincial office, filing", (PROVINCE, "office"), lambda desks: desks.filed(), lambda case: [
        Go("更多"), Link("备案是登记"), Row(case["name"]),
        Deed("filings_ask", {"/question": "资金来源中的补助是哪一级的"}), See("资金来源中的补助是哪一级的"),
    ]),
    Story("leading group", (PROVINCE, "leading_group_secretary"), lambda desks: desks.for_the_meeting(), lambda case: [
        Go("上会"), See("会审意见一致"), Link(case["name"]),
        Deed("reviews_leading_group", {"/decision": "approve", "/meeting_date": TODAY,
                                       "/number": f"赣数领纪〔2026〕{case['id'][-5:]}号"}),
        Go("上会"), Gone(case["name"]),
    ]),
    Story("drc, approval", (PROVINCE, "drc"), lambda desks: desks.decided(), lambda case: [
        Link(QUEUE["province_approval"]), Link(case["name"]),
        Deed("reviews_province_approve", {
            "/approved_amount_yuan": case["investment_yuan"], "/document_digest": DIGEST, "/document_date": TODAY,
            "/document_number": f"赣发改〔2026〕{case['id'][-5:]}号"}), See("批复"), Go("待办"), Gone(case["name"]),
    ]),
    Story("finance, budget", (PROVINCE, "finance"), lambda desks: desks.approved_above(), lambda case: [
        Link(QUEUE["budget"]), Link(case["name"]), Deed("reviews_budget", {
            "/document/number": f"赣财预〔2026〕{case['id'][-5:]}号", "/document/date": TODAY,
            "/document/digest": DIGEST, "/lines/0/amount_yuan": case["investment_yuan"],
            "/lines/0/source": "provincial"}),
        Go("待办"), Gone(case["name"]),
    ]),
    Story("agency", (PROVINCE, "agency"), lambda desks: desks.commissioned(), lambda case: [
        Link(QUEUE["appraisal"]), Link(case["name"]), Deed("reviews_draw"), Link("评审会审"), See("随机抽取"),
    ]),
    Story("expert, standing aside", (PROVINCE, "expert"), lambda desks: desks.with_expert(), lambda case: [
        Go("评审"), Link(case["name"]), Deed("assignments_recuse", {"/reason": "曾为申报单位做过咨询"}),
        See("评审"), Gone(case["name"]),
    ]),
    Story("provider, reporting", (PROVINCE, "app_provider"), _used, lambda used: [
        Go("开通"), Link("使用中"), Row(used["name"]),
        Deed("adoptions_report", {"/month": used["month"], "/active_users": "20", "/calls": "500"}), See("500"),
    ]),
    Story("administrator, person", (CITY, "administrator"), _newcomer, lambda own: [
        Go("管理"), Deed("users_create", {"/login": own["login"], "/name": own["name"], "/office_id": ANY}),
        See(own["name"]), Deed("users_grant"), See("担任"),
        Go("管理"), Link("审计"), Link("现在核对"), See("核对无误"),
    ]),
)  # fmt: skip
