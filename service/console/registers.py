"""The registers of deciding: suspicions' neighbours, orders, needs and the library, rounds, plans, experts."""

from __future__ import annotations

from functools import partial

from litestar.handlers import HTTPRouteHandler

from service.console.cells import Column
from service.console.listing import Empty, Filter
from service.console.parts_of_case import OF_NEEDS
from service.console.records import Does, Register, Within, routes_of
from service.measures.lifecycle_states import values
from service.vocabulary import names

CASE = "/console/projects/{project_id}"
CITY = Filter("tenant", "市（区）", kind="city")


def _values(vocabulary: str, *codes: str) -> tuple[tuple[str, str], ...]:
    known = names(vocabulary)
    return tuple((code, known[code]) for code in codes)


def _all(vocabulary: str) -> tuple[tuple[str, str], ...]:
    return tuple(names(vocabulary).items())


ORDERS = Register(
    "/console/orders", "整改要求", "谁要求整改什么、何时到期、怎么答复的。答复和核查在项目页上办。", "orders_list_page",
    (
        Column("项目", "project_name", under="owner_name", to=CASE), Column("领域", "area", "order_area"),
        Column("要求", "text", under="organ_name"), Column("状态", "state", "order_state", tag=True),
        Column("答复", "answer", under="answered_on", under_show="ago", wide=True),
        Column("提出", "issued_on", "ago", number=True, wide=True),
        Column("期限", "due", "until", number=True, unless="closed_on"),
    ),
    "没有整改要求。", (39, 41),
    (
        Filter("status", "办结没有", (("open", "未办结"), ("lapsed", "已逾期"), ("closed", "已办结"))), CITY,
        Filter("area", "领域", _all("order_area")),
    ),
    case="project_id", order="新的在前", nothing=Empty(
        "监督检查或者有关部门提出整改要求以后，会列在这里：要求什么、何时到期、答复了没有。",
        (("看项目", "/console/projects", "projects_list_page"),),
    ), queries=(("已逾期的", "status=lapsed"), ("等着整改的", "status=open")),
)  # fmt: skip
NEEDS = Register(
    "/console/needs", "需求", "年度征集的需求：谁报了、到了哪一步。先报需求，入库后再申报。", "projects_list_page",
    (
        Column("需求", "name", under="owner_name", to="/console/projects/{id}"),
        Column("金额（万元）", "amount_yuan", "wan", number=True, near="near_line",
               sort=(("amount_down", "descending"), ("amount_up", "ascending"))),
        Column("类别", "project_class", "project_class", wide=True),
        Column("状态", "state", "state", tag=True), Column("轮到谁", "holder", "holder", wide=True),
        Column("已等", "days_waiting", "waited", number=True, sort=(("waiting", "descending"),)),
        Column("期限", "due", "until", number=True, sort=(("due", "ascending"),)),
    ),
    "还没有需求。", (8, 9),
    (
        Filter("state", "状态", _values("state", "need_draft", "need_submitted", "need_gatekept", "need_reported",
                                     "in_library")), CITY,
        Filter("project_class", "类别", _all("project_class")),
        Filter("text", "名称、单位、编号", kind="text"),
    ),
    always={"state": ",".join(values(OF_NEEDS)), "count": "true"}, case="id", order="新的在前", nothing=Empty(
        "征集期内由项目单位填报，逐级把关、报省；论证通过的进入重点项目库，以后据此申报。",
        (("写需求", "/console/projects/new?need=1", "needs_create"),
         ("看年度征集", "/console/rounds", "rounds_list_rounds")),
    ), queries=(("等得久的", "order=waiting"), ("快到期的", "order=due")),
    links=(("写需求", "/console/projects/new?need=1", "needs_create"),),
)  # fmt: skip
ROUNDS = Register(
    "/console/rounds", "年度征集", "三家联合发布的年度申报通知，和征集的起止。", "rounds_list_rounds",
    (
        Column("年度", "year", to="/console/rounds/{id}"), Column("文号", "document_number", under="document_date"),
        Column("征集", "opens", "day", number=True), Column("截止", "closes", "ago", number=True),
        Column("正在征集", "open_today"), Column("发布", "announced_at", "ago", number=True, wide=True),
    ),
    "还没有发布过年度申报通知。", (8, 9, 14), nothing=Empty(
        "省领导小组办公室会同发展改革、财政部门发布年度通知以后，各次征集的起止会列在这里。",
        (("看需求", "/console/needs", "projects_list_page"),),
    ), order="新的年度在前", makes=("rounds_announce",), name="document_number",
    facts=(
        Column("年度", "year"), Column("发文机构", "issued_by", "slot"), Column("征集起", "opens", "day"),
        Column("征集止", "closes", "day"), Column("项目类型", "kinds", "kind"), Column("要求", "requirements"),
        Column("重新开放", "reopened_from", "day", "reopened_until", "day"), Column("开放理由", "reopening_reason"),
    ),
    does=(Does("rounds_reopen"),), paged=False,
)  # fmt: skip
LIBRARY = Register(
    "/console/library", "重点项目库", "入库的项目，规划内的在前；过了有效期须重新入库。", "library_list_page",
    (
        Column("项目", "project_name", under="owner_name", to=CASE), Column("地区", "tenant_name", wide=True),
        Column("金额（万元）", "investment_yuan", "wan", number=True), Column("规划内", "in_plan"),
        Column("类别", "project_class", "project_class", wide=True),
        Column("入库", "entered_on", "ago", number=True, wide=True),
        Column("有效期", "valid_until", "until", number=True, unless="removed_on"),
    ),
    "库里还没有项目。", (9, 16),
    (Filter("in_plan", "规划", (("true", "规划内"), ("false", "规划外"))), CITY, Filter("year", "年度", kind="text"),
     Filter("valid_on", "这天有效", kind="day")),
    case="project_id", order="规划内的在前", nothing=Empty(
        "需求论证通过以后入库；系统启用以前已经入库的可以补录。入库的项目申报时不再逐项说明来由。",
        (("看需求", "/console/needs", "projects_list_page"),
         ("补录入库", "/console/library-imports", "library_import_entry")),
    ),
)  # fmt: skip
IMPORTS = Register(
    "/console/library-imports", "补录入库", "系统启用以前已经入库的，由一人登记、另一人复核。", "library_list_imports",
    (
        Column("项目", "project_name", under="owner_name", to="/console/library-imports/{id}"),
        Column("文号", "document.number", under="document.issuer"), Column("入库", "entered_on", "ago", number=True),
        Column("状态", "state", "proposal_state", tag=True),
        Column("登记", "proposed_by_person", "who", "proposed_at", "ago", wide=True),
    ),
    "没有补录的入库记录。", (8, 9),
    (Filter("state", "复核没有", _values("proposal_state", "proposed", "confirmed", "refused")),),
    ("library_import_entry",), name="project_name", nothing=Empty(
        "系统启用以前已经入库的项目，由一人照文件登记、另一人复核，复核以后进入重点项目库。",
        (("看重点项目库", "/console/library", "library_list_page"),),
    ),
    facts=(
        Column("状态", "state", "proposal_state", tag=True), Column("单位", "owner_name"),
        Column("依据", "document.number", under="document.issuer"), Column("文件日期", "document.date", "day"),
        Column("入库日", "entered_on", "day"), Column("有效至", "valid_until", "day"), Column("说明", "note"),
        Column("登记", "proposed_by_person", "who", "proposed_at", "minute"),
        Column("复核", "decided_by_person", "who", "decided_at", "minute"), Column("意见", "reason"),
    ),
    does=(Does("library_confirm_import", "state", ("proposed",)),), paged=False,
)  # fmt: skip
PLANS = Register(
    "/console/plans", "三年规划", "省和各市的规划，论证、审定、调整都留有版本。", "plans_list_plans",
    (
        Column("规划", "title", under="tenant_name", to="/console/plans/{id}"), Column("起", "first_year", number=True),
        Column("止", "last_year", number=True), Column("状态", "state", "plan_state", tag=True),
        Column("执行中", "in_force"), Column("更新", "updated_at", "ago", number=True, wide=True),
    ),
    "还没有编制规划。", (7, 10), (Filter("in_force", "执行", (("true", "执行中"), ("false", "其他"))),),
    nothing=Empty("编制的规划经论证、审定以后执行，每次调整都留有版本；入库时看项目是否在执行中的规划里。"),
    makes=("plans_create",), read="plans_read", name="title",
    facts=(
        Column("状态", "state", "plan_state", tag=True), Column("编制", "tenant_name"), Column("起始年", "first_year"),
        Column("截止年", "last_year"), Column("依据", "ground", "plan_ground"), Column("调整理由", "reason"),
        Column("论证", "appraisal.note", under="appraisal.on", under_show="day"),
        Column("审定文号", "decision.number", under="decision.on", under_show="day"),
        Column("退回理由", "decision.reason"), Column("执行中", "in_force"), Column("更新", "updated_at", "minute"),
    ),
    within=(
        Within("规划条目", "items", (
            Column("条目", "title", under="alignment"), Column("编号", "key"), Column("牵头", "owner"),
            Column("类别", "project_class", "project_class"), Column("年度", "years"),
            Column("估算（万元）", "estimated_yuan", "wan", number=True),
        )),
    ),
    does=(
        Does("plans_edit", "state", ("draft",)), Does("plans_assess", "state", ("draft",)),
        Does("plans_decide", "state", ("appraised",)), Does("plans_revise", "state", ("adopted",), waits=False),
    ), paged=False,
)  # fmt: skip
EXPERTS = Register(
    "/console/experts", "专家库", "谁能评什么，谁暂停了。抽取从在聘的里面随机产生。", "experts_list_page",
    (
        Column("专家", "name", under="title", to="/console/experts/{id}"), Column("单位", "employer_name"),
        Column("领域", "fields", "expert_field"), Column("暂停", "suspended_reason", wide=True),
        Column("聘期起", "valid_from", "day", number=True, wide=True),
        Column("聘期止", "valid_to", "until", number=True),
    ),
    "专家库里还没有人。", (18,),
    (Filter("standing", "聘任", _values("expert_standing", "valid", "suspended", "ended")),
     Filter("field", "领域", _all("expert_field"))),
    ("experts_create",), "experts_read", "name",
    nothing=Empty("入库的专家按领域列在这里；论证评估时从在聘的里面随机抽取，有利害关系的回避。"),
    facts=(
        Column("职称", "title"), Column("单位", "employer_name"), Column("领域", "fields", "expert_field"),
        Column("以何区分", "told_apart"), Column("聘期起", "valid_from", "day"), Column("止", "valid_to", "day"),
        Column("暂停理由", "suspended_reason"),
    ),
    does=(
        Does("experts_edit"), Does("experts_suspend", "suspended_reason", (None, ""), waits=False),
        Does("experts_reinstate"),
    ),
)  # fmt: skip
_FOUND = (
    Column("项目", "name", under="owner_name", to="/console/projects/{id}"), Column("地区", "tenant_name", wide=True),
    Column("投资（万元）", "investment_yuan", "wan", number=True),
    Column("类别", "project_class", "project_class", wide=True),
    Column("说的理由", "reason"), Column("把关意见", "opinion", "judged_or_none"),
    Column("状态", "state", "state", tag=True), Column("提交", "submitted_at", "ago", number=True),
)  # fmt: skip
_FILTERS = (CITY, Filter("include_withdrawn", "撤回的", (("true", "连撤回的"),), every="不含撤回的"))
_SEEN = Empty(
    "申报提交时按规则核对，有这种情形的列在这里，理由和把关意见并排看。没有，就是今天没有这种情形。",
    (("看监测", "/console/monitor", "monitoring_totals"),),
)
_watched = partial(Register, filters=_FILTERS, case="id", nothing=_SEEN, order="新提交的在前")
REASONS = _watched(
    "/console/reasons",
    "“原则上”的理由",
    "原则上不应做而做了的，各是怎么说的、怎么认的。",
    "monitoring_reasons",
    (*_FOUND[:3], Column("情形", "code", "finding"), *_FOUND[4:]),
    "没有这样的项目。",
    (19, 23),
    file=("monitoring_reasons_csv", "reasons.csv"),
)
LABELS = _watched(
    "/console/labels",
    "类别缺少依据",
    "说是特定类别、却没有附依据的。类别决定限额，值得看一眼。",
    "monitoring_labels",
    _FOUND,
    "没有这样的项目。",
    (9,),
    file=("monitoring_labels_csv", "labels.csv"),
)
MAINTENANCE = _watched(
    "/console/under-line",
    "扣除运维后低于限额",
    "总投资到了限额、扣掉运维就不到的。",
    "monitoring_maintenance",
    (*_FOUND[:3], Column("其中运维（万元）", "of_which_maintenance_yuan", "wan", number=True), *_FOUND[3:]),
    "没有这样的项目。",
    (9,),
    file=("monitoring_maintenance_csv", "under-line.csv"),
)
NEAR = _watched(
    "/console/near-line",
    "接近限额",
    "计入金额达到限额的九成而未到限额，是管理惯例的提示，不是违规。",
    "monitoring_near_line",
    _FOUND,
    "没有接近限额的项目。",
    (9,),
    file=("monitoring_near_line_csv", "near-line.csv"),
)

REGISTERS = (
    ORDERS,
    NEEDS,
    ROUNDS,
    LIBRARY,
    IMPORTS,
    PLANS,
    EXPERTS,
    REASONS,
    LABELS,
    MAINTENANCE,
    NEAR,
)
ROUTES: list[HTTPRouteHandler] = [route for each in REGISTERS for route in routes_of(each)]
