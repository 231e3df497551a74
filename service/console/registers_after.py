"""The registers of what follows: filings, reports, maintenance, systems, the provider's apps, invitations."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.records import Column, Does, Register, routes_of
from service.vocabulary import names

CASE = "/console/projects/{project_id}"


def _values(vocabulary: str, *codes: str) -> tuple[tuple[str, str], ...]:
    known = names(vocabulary)
    return tuple((code, known[code]) for code in codes)


FILINGS = Register(
    "/console/filings", "备案", "备案是登记，不是许可：回执只说收到了什么。", "filings_list_page",
    (
        Column("备案号", "number", to="/console/filings/{id}"),
        Column("项目", "project_name", under="owner_name", to=CASE), Column("地区", "tenant_name"),
        Column("批复（万元）", "approved_amount_yuan", "wan", number=True),
        Column("备案（万元）", "filed_amount_yuan", "wan", number=True), Column("欠补充备案", "supplement_owed"),
        Column("备案", "filed_at", "day", number=True),
    ),
    "还没有备案。", (23,), file=("exports_filings_csv", "filings.csv"),
)  # fmt: skip
ACCEPTANCES = Register(
    "/console/acceptance-filings", "验收备案", "竣工验收以后的备案和回执。", "acceptance_list_filings",
    (
        Column("备案号", "number", to="/console/acceptance-filings/{id}"),
        Column("项目", "project_name", under="owner_name", to=CASE), Column("地区", "tenant_name"),
        Column("验收", "accepted_on", "day", number=True), Column("备案", "filed_at", "day", number=True),
    ),
    "还没有验收备案。", (34,), read="acceptance_read_filing", name="number",
    facts=(
        Column("项目", "project_name", to=CASE), Column("单位", "owner_name"), Column("验收", "accepted_on", "day"),
        Column("文号", "receipt.document_number"), Column("收件机构", "receipt.filed_with"),
        Column("备案", "filed_by_person", "who", "filed_at", "minute"), Column("说明", "receipt.note"),
    ),
    paper=("papers_acceptance_receipt", "acceptance-receipt.pdf"),
)  # fmt: skip
LATE = Register(
    "/console/late-reports", "年度报告", "谁的年度绩效评价报告迟了。报告在项目页上交。", "delivery_late_reports",
    (
        Column("项目", "name", under="owner_name", to="/console/projects/{id}"), Column("地区", "tenant_name"),
        Column("年度", "year", number=True), Column("状态", "state", "state", tag=True),
        Column("应报", "due", "day", number=True), Column("已报", "reported_on", "day", number=True),
    ),
    "没有迟报的年度报告。", (29,),
)  # fmt: skip
MAINTENANCE_PLANS = Register(
    "/console/maintenance-plans", "运维实施方案", "年度运维怎么做、花多少，由三家审核。", "evaluation_list_plans",
    (
        Column("方案", "name", to="/console/maintenance-plans/{id}"), Column("年度", "year", number=True),
        Column("费用（万元）", "cost_yuan", "wan", number=True),
        Column("状态", "state", "maintenance_plan_state", tag=True), Column("编制", "compiled_by_person", "who"),
    ),
    "还没有编制运维实施方案。", (36,), makes=("evaluation_compile_plan",), read="evaluation_read_plan", name="name",
    facts=(
        Column("状态", "state", "maintenance_plan_state", tag=True), Column("年度", "year"),
        Column("费用", "cost_yuan", "yuan"), Column("内容", "content"),
        Column("编制", "compiled_by_person", "who", "at", "minute"),
    ),
    does=(Does("evaluation_review_plan", "state", ("under_review",)),),
)  # fmt: skip
PROPOSALS = Register(
    "/console/maintenance-proposals", "运维预算建议", "各单位提的运维经费，和安排了多少。",
    "evaluation_list_proposals",
    (
        Column("项目", "project_name", under="owner_name", to="/console/maintenance-proposals/{id}"),
        Column("年度", "year", number=True), Column("建议（万元）", "amount_yuan", "wan", number=True),
        Column("安排（万元）", "arranged_yuan", "wan", number=True), Column("绩效得分", "score", number=True),
        Column("迟提", "late"),
    ),
    "没有运维预算建议。", (36, 38), {"undecided": (("true", "还没有安排的"),)}, name="project_name",
    facts=(
        Column("项目", "project_name", to=CASE), Column("年度", "year"), Column("建议金额", "amount_yuan", "yuan"),
        Column("安排金额", "arranged_yuan", "yuan"), Column("工作量", "workload"), Column("得分", "score"),
        Column("说明", "note"), Column("提出", "proposed_by_person", "who"), Column("安排", "decided_by_person", "who"),
    ),
    does=(Does("evaluation_arrange", "decided_at", (None,)),),
    file=("evaluation_export_proposals", "maintenance-proposals.csv"),
)  # fmt: skip
SYSTEMS = Register(
    "/console/systems", "现有系统", "本单位在用的系统。申报时据此核对是否重复。", "systems_list_page",
    (
        Column("系统", "name", under="purpose", to="/console/systems/{id}"), Column("单位", "office_name"),
        Column("状态", "status", "system_status", tag=True), Column("政务云", "on_cloud"),
        Column("年运维（万元）", "yearly_maintenance_yuan", "wan", number=True),
        Column("上线", "launched_on", "day", number=True),
    ),
    "还没有登记现有系统。", (6,), {"status": _values("system_status", "running", "merged", "retired")},
    ("systems_create",), "systems_read", "name",
    (
        Column("状态", "status", "system_status", tag=True), Column("单位", "office_name"), Column("用途", "purpose"),
        Column("网络", "network", "network"), Column("政务云", "on_cloud"),
        Column("等级保护", "protection_level", "level_name"),
        Column("年运维", "yearly_maintenance_yuan", "yuan"), Column("上线", "launched_on", "day"),
    ),
    (Does("systems_edit"),),
)  # fmt: skip
APPS = Register(
    "/console/my-apps", "我们的应用", "提供给别人用的应用：先写底稿，再发布；停用要说换成什么。", "apps_working",
    (
        Column("应用", "name", to="/console/my-apps/{id}"), Column("用途", "content.category", "app_category"),
        Column("状态", "status", "app_status", tag=True), Column("可见", "reach", "reach"),
        Column("版次", "edition", number=True), Column("更新", "updated_at", "day", number=True),
    ),
    "还没有提供应用。", (3, 23), {"status": _values("app_status", "draft", "pilot", "available", "deprecated")},
    ("apps_create", "apps_from_project", "apps_import_draft"), "apps_read_working", "name",
    (
        Column("状态", "status", "app_status", tag=True), Column("概要", "content.summary"),
        Column("用途", "content.category", "app_category"), Column("功能", "content.functions"),
        Column("可见", "reach", "reach"), Column("发布", "published_at", "minute"),
        Column("更新", "updated_at", "minute"),
    ),
    (Does("apps_edit"), Does("apps_publish"), Does("apps_status", "status", ("pilot", "available", "deprecated")),
     Does("apps_delete", "status", ("draft",))),
)  # fmt: skip
INVITATIONS = Register(
    "/console/invitations", "协同邀请", "别的地方牵头、请我们参加的跨层级项目。", "links_invitations",
    (
        Column("牵头项目", "lead_name", under="lead_owner", to="/console/invitations/{id}"),
        Column("牵头", "lead_tenant_name"), Column("任务", "task"), Column("状态", "state", "link_state", tag=True),
        Column("邀请", "invited_at", "day", number=True),
    ),
    "没有收到邀请。", (12,), name="lead_name",
    facts=(
        Column("状态", "state", "link_state", tag=True), Column("牵头单位", "lead_owner"),
        Column("牵头", "lead_tenant_name"), Column("请我们做", "task"), Column("本地项目", "project_id", "our_case",
        to=CASE), Column("答复", "answered_at", "minute"), Column("理由", "reason"),
    ),
    does=(Does("links_answer", "state", ("invited",)),), paged=False,
)  # fmt: skip
WORKBOOKS = Register(
    "/console/workbooks", "导入的表格", "上传以后逐行检查，没有错误的才能导入；有的须另一人确认。",
    "workbooks_list_page",
    (
        Column("表格", "title", under="name", to="/console/workbooks/{id}"),
        Column("状态", "state", "workbook_state", tag=True), Column("行", "rows", number=True),
        Column("有误", "wrong", number=True), Column("已导入", "made", number=True),
        Column("上传", "sent_at", "minute", "sent_by_person", "who"),
    ),
    "还没有上传过表格。", (4,), read="workbooks_read", name="title",
    facts=(
        Column("状态", "state", "workbook_state", tag=True), Column("文件", "name"), Column("行", "rows"),
        Column("有误", "wrong"), Column("已有", "present"), Column("已导入", "made"), Column("说明", "notes"),
        Column("须另一人确认", "two_hands"), Column("上传", "sent_by_person", "who", "sent_at", "minute"),
        Column("导入", "committed_by_person", "who", "committed_at", "minute"),
    ),
    does=(
        Does("workbooks_commit", "state", ("checked", "interrupted")),
        Does("workbooks_withdraw", "state", ("checking", "faulty", "checked")),
    ),
)  # fmt: skip

REGISTERS = (
    FILINGS, ACCEPTANCES, LATE, MAINTENANCE_PLANS, PROPOSALS, SYSTEMS, APPS, INVITATIONS, WORKBOOKS,
)  # fmt: skip
ROUTES: list[HTTPRouteHandler] = [route for each in REGISTERS for route in routes_of(each)]
