"""The registers of what follows: filings, reports, maintenance, systems, the provider's apps, invitations."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.cells import Column
from service.console.listing import Empty, Filter
from service.console.records import Does, Register, Within, routes_of
from service.vocabulary import names

CASE = "/console/projects/{project_id}"
CITY, YEAR = Filter("tenant", "市（区）", kind="city"), Filter("year", "年度", kind="text")


def _values(vocabulary: str, *codes: str) -> tuple[tuple[str, str], ...]:
    known = names(vocabulary)
    return tuple((code, known[code]) for code in codes)


_BY_TABLE = ("用表格导入", "/console/workbooks/new", "workbooks_send")
FILINGS = Register(
    "/console/filings", "备案", "备案是登记，不是许可：回执只说收到了什么。", "filings_list_page",
    (
        Column("备案号", "number", to="/console/filings/{id}"),
        Column("项目", "project_name", under="owner_name", to=CASE), Column("地区", "tenant_name", wide=True),
        Column("批复（万元）", "approved_amount_yuan", "wan", number=True),
        Column("备案（万元）", "filed_amount_yuan", "wan", number=True), Column("欠补充备案", "supplement_owed"),
        Column("备案", "filed_at", "ago", number=True),
    ),
    "还没有备案。", (23,), (Filter("number", "备案号", kind="text"), YEAR, CITY),
    case="project_id", order="新的在前", nothing=Empty(
        "市级批复以后由统筹把关人员报备案，登记以后有备案号和回执。省级审批的项目不备案，在项目里找。",
        (("看项目", "/console/projects", "projects_list_page"),),
    ), file=("exports_filings_csv", "filings.csv"),
)  # fmt: skip
ACCEPTANCES = Register(
    "/console/acceptance-filings", "验收备案", "竣工验收以后的备案和回执。", "acceptance_list_filings",
    (
        Column("备案号", "number", to="/console/acceptance-filings/{id}"),
        Column("项目", "project_name", under="owner_name", to=CASE), Column("地区", "tenant_name", wide=True),
        Column("验收", "accepted_on", "ago", number=True), Column("备案", "filed_at", "ago", number=True),
    ),
    "还没有验收备案。", (32,), (YEAR, CITY), case="project_id", order="新的在前",
    nothing=Empty("竣工验收通过、验收结果备案以后，列在这里，附回执。"), read="acceptance_read_filing", name="number",
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
        Column("项目", "name", under="owner_name", to="/console/projects/{id}"),
        Column("地区", "tenant_name", wide=True),
        Column("年度", "year", number=True), Column("状态", "state", "state", tag=True),
        Column("应报", "due", "until", number=True, unless="reported_on"),
        Column("已报", "reported_on", "ago", number=True),
    ),
    "没有迟报的年度报告。", (27,), (YEAR,), case="id", order="不选年度即看上一年度", nothing=Empty(
        "开工以后每年报一次绩效评价，过了期限没有报的、报迟了的列在这里。没有，就是都按期报了。",
        (("看期限", "/console/duties", "obligations_list_page"),),
    ),
)  # fmt: skip
MAINTENANCE_PLANS = Register(
    "/console/maintenance-plans", "运维实施方案", "年度运维怎么做、花多少，由三家审核。", "evaluation_list_plans",
    (
        Column("方案", "name", to="/console/maintenance-plans/{id}"), Column("年度", "year", number=True),
        Column("费用（万元）", "cost_yuan", "wan", number=True),
        Column("状态", "state", "maintenance_plan_state", tag=True),
        Column("编制", "compiled_by_person", "who", "at", "ago", wide=True),
    ),
    "还没有编制运维实施方案。", (22, 36), (YEAR,), order="新的在前", nothing=Empty(
        "每年编制一次：哪些系统、怎么运维、花多少；各家审核以后据此安排运维经费。",
    ), makes=("evaluation_compile_plan",), read="evaluation_read_plan", name="name",
    facts=(
        Column("状态", "state", "maintenance_plan_state", tag=True), Column("年度", "year"),
        Column("费用", "cost_yuan", "yuan"), Column("内容", "content"),
        Column("编制", "compiled_by_person", "who", "at", "minute"),
    ),
    within=(
        Within("运维的项目", "projects", (Column("项目", "name", to="/console/projects/{id}"),)),
        Within("审核意见", "reviews", (
            Column("机构", "organ_name"), Column("是否同意", "agreed"), Column("意见", "opinion"),
            Column("审核", "by_person", "who", "at", "minute"),
        )),
        Within("资料", "papers", (Column("名称", "name"),)),
    ),
    does=(Does("evaluation_review_plan", "state", ("under_review",)),),
)  # fmt: skip
_WATCHED = (
    ("部署在政务云", "on_government_cloud"), ("使用电子政务网络", "on_government_network"),
    ("数据已共享", "data_shared"), ("密码和安全要求已落实", "crypto_and_security_met"),
    ("重复采集数据", "collects_twice"), ("有重大隐患", "serious_hazard"), ("监测说明", "note"),
)  # fmt: skip
PROPOSALS = Register(
    "/console/maintenance-proposals", "运维预算建议", "各单位提的运维经费，和安排了多少。",
    "evaluation_list_proposals",
    (
        Column("项目", "project_name", under="owner_name", to="/console/maintenance-proposals/{id}"),
        Column("年度", "year", number=True), Column("建议（万元）", "amount_yuan", "wan", number=True),
        Column("安排（万元）", "arranged_yuan", "wan", number=True), Column("绩效得分", "score", number=True),
        Column("提出", "on", "ago", number=True, wide=True), Column("迟提", "late", wide=True),
    ),
    "没有运维预算建议。", (36, 37), (Filter("undecided", "安排", (("true", "还没有安排的"),)), YEAR),
    name="project_name", case="project_id", nothing=Empty(
        "验收以后的系统，由单位提出下一年度的运维经费；上次评价的得分和列明的情形并排看，据此安排。",
        (("看运维实施方案", "/console/maintenance-plans", "evaluation_list_plans"),),
    ),
    facts=(
        Column("项目", "project_name", to=CASE), Column("年度", "year"), Column("建议金额", "amount_yuan", "yuan"),
        Column("安排金额", "arranged_yuan", "yuan"), Column("工作量", "workload"), Column("得分", "score"),
        Column("说明", "note"), Column("提出", "proposed_by_person", "who"), Column("安排", "decided_by_person", "who"),
        *(Column(words, f"watch.{field}") for words, field in _WATCHED),
    ),
    within=(
        Within("列明的情形", "findings", (
            Column("情形", "code", "finding", under="message"), Column("条文", "article", "article"),
            Column("提出单位的理由", "reason"),
        )),
        Within("财政部门的意见", "opinions", (
            Column("情形", "code", "finding"), Column("是否认可", "accepted"), Column("意见", "note"),
        )),
    ),
    does=(Does("evaluation_arrange", "decided_at", (None,)),),
    file=("evaluation_export_proposals", "maintenance-proposals.csv"),
)  # fmt: skip
SYSTEMS = Register(
    "/console/systems", "现有系统", "本单位在用的系统。申报时据此核对是否重复。", "systems_list_page",
    (
        Column("系统", "name", under="purpose", to="/console/systems/{id}"), Column("单位", "office_name"),
        Column("状态", "status", "system_status", tag=True), Column("政务云", "on_cloud"),
        Column("等级保护", "protection_level", "level_name", wide=True),
        Column("年运维（万元）", "yearly_maintenance_yuan", "wan", number=True),
        Column("上线", "launched_on", "ago", number=True, wide=True),
    ),
    "还没有登记现有系统。", (6,),
    (Filter("status", "状态", _values("system_status", "running", "merged", "retired")), CITY),
    ("systems_create",), "systems_read", "name", order="按单位和名称排列",
    nothing=Empty("先登记在用的系统：申报时据此核对是否重复建设，运维经费也以此为准。一次登记很多，可以用表格导入。",
                  (("用表格导入", "/console/workbooks/new", "workbooks_send"),)),
    links=(("分布", "/console/systems-counts", "systems_counts"), _BY_TABLE),
    facts=(
        Column("状态", "status", "system_status", tag=True), Column("单位", "office_name"), Column("用途", "purpose"),
        Column("网络", "network", "network"), Column("政务云", "on_cloud"),
        Column("等级保护", "protection_level", "level_name"),
        Column("年运维", "yearly_maintenance_yuan", "yuan"), Column("上线", "launched_on", "day"),
    ),
    does=(Does("systems_edit"),),
)  # fmt: skip
APPS = Register(
    "/console/my-apps", "我们的应用", "提供给别人用的应用：先写底稿，再发布；停用要说换成什么。", "apps_working",
    (
        Column("应用", "name", to="/console/my-apps/{id}"), Column("用途", "content.category", "app_category"),
        Column("状态", "status", "app_status", tag=True), Column("可见", "reach", "reach"),
        Column("版次", "edition", number=True), Column("更新", "updated_at", "ago", number=True, wide=True),
    ),
    "还没有提供应用。", (3, 23),
    (Filter("status", "状态", _values("app_status", "draft", "pilot", "available", "deprecated")),),
    ("apps_create", "apps_from_project", "apps_import_draft"), "apps_read_working", "name", order="最近修改的在前",
    nothing=Empty("从已建成的项目起一份底稿最快；发布以后各市县在应用目录里看得到，可以申请使用。",
                  (("看应用目录", "/console/apps", "apps_browse"),)),
    facts=(
        Column("状态", "status", "app_status", tag=True), Column("概要", "content.summary"),
        Column("用途", "content.category", "app_category"), Column("功能", "content.functions"),
        Column("可见", "reach", "reach"), Column("发布", "published_at", "minute"),
        Column("更新", "updated_at", "minute"),
    ),
    does=(
        Does("apps_edit"), Does("apps_publish"),
        Does("apps_status", "status", ("pilot", "available", "deprecated"), waits=False),
        Does("apps_delete", "status", ("draft",), waits=False),
    ),
)  # fmt: skip
INVITATIONS = Register(
    "/console/invitations", "协同邀请", "别的地方牵头、请我们参加的跨层级项目。", "links_invitations",
    (
        Column("牵头项目", "lead_name", under="lead_owner", to="/console/invitations/{id}"),
        Column("牵头", "lead_tenant_name"), Column("任务", "task"), Column("状态", "state", "link_state", tag=True),
        Column("邀请", "invited_at", "ago", number=True),
    ),
    "没有收到邀请。", (12,), order="新的在前", nothing=Empty(
        "跨层级的项目由牵头单位邀请各地参加；收到以后在这里答复，答应的在本地另立子项目。",
        (("看项目", "/console/projects", "projects_list_page"),),
    ), name="lead_name",
    facts=(
        Column("状态", "state", "link_state", tag=True), Column("牵头单位", "lead_owner"),
        Column("牵头", "lead_tenant_name"), Column("请我们做", "task"), Column("本地项目", "project_id", "our_case",
        to=CASE), Column("答复", "answered_at", "minute"), Column("理由", "reason"),
    ),
    within=(
        Within("应遵循的标准", "standards", (
            Column("标准", "text", under="document_number"), Column("编号", "number"), Column("发出", "on", "day"),
        )),
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
        Column("上传", "sent_at", "ago", "sent_by_person", "who", number=True),
    ),
    "还没有上传过表格。", order="新的在前", nothing=Empty(
        "人员、单位、系统、需求、申报等可以填在表格里一次导入：先逐行检查，没有错误的才能导入，有错的标出来。",
        (_BY_TABLE,),
    ), read="workbooks_read", name="title", links=(_BY_TABLE,), busy=("checking", "committing"),
    template="workbook.html",
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
    FILINGS,
    ACCEPTANCES,
    LATE,
    MAINTENANCE_PLANS,
    PROPOSALS,
    SYSTEMS,
    APPS,
    INVITATIONS,
    WORKBOOKS,
)
ROUTES: list[HTTPRouteHandler] = [route for each in REGISTERS for route in routes_of(each)]
