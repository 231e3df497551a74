"""The registers of the daily round: cases, duties, suspicions, what experts were drawn for, requests for apps."""

from __future__ import annotations

from service.console.cells import Column
from service.console.listing import Empty, Filter
from service.console.records import Does, Register
from service.measures.citations import article_label
from service.vocabulary import VOCABULARIES, names

CASE = "/console/projects/{project_id}"
CITY = Filter("tenant", "市（区）", kind="city")
_STATES = (
    "draft",
    "submitted",
    "gatekept",
    "city_approved",
    "filed",
    "with_province",
    "in_joint_review",
    "approved",
    "started",
    "trial_run",
    "accepted",
    "returned",
)


def _values(vocabulary: str, *codes: str) -> tuple[tuple[str, str], ...]:
    known = names(vocabulary)
    return tuple((code, known[code]) for code in (codes or known))


_ROUTE = Filter(
    "route", "去向", (("city_filing", "市级批复备案"), ("provincial_review", "报省")), every="全部去向"
)
PROJECTS = Register(
    "/console/projects", "项目", "看得到的全部项目：到了哪一步，在谁手里，等了多久。", "projects_list_page",
    (
        Column("项目", "name", under="owner_name", to="/console/projects/{id}{carried}"),
        Column("金额（万元）", "amount_yuan", "wan", number=True, near="near_line",
               sort=(("amount_down", "descending"), ("amount_up", "ascending"))),
        Column("去向", "route", "way", tag=True), Column("状态", "state", "state", "holder", "holder", tag=True),
        Column("要表态", "reasons_to_judge", "some", number=True, wide=True),
        Column("疑点", "suspicion", "suspected", tag=True, wide=True),
        Column("已等", "days_waiting", "waited", number=True, sort=(("waiting", "descending"),)),
        Column("期限", "due", "until", number=True, sort=(("due", "ascending"),), only="due"),
        Column("提交", "submitted_at", "ago", number=True, wide=True),
    ),
    "还没有项目。", (),
    (
        _ROUTE,
        Filter("holder", "在谁手里", _values("holder"), every="不论在谁手里"), CITY,
        Filter("state", "状态", _values("state", *_STATES), every="全部状态"),
        Filter("project_class", "类别", _values("project_class"), "pick"),
        Filter("kind", "建设性质", _values("kind"), "pick"),
        Filter("finding", "核对发现", _values("finding"), "pick"),
        Filter("text", "名称、单位、文号、备案号", kind="text"),
        Filter("from_wan", "金额自（万元）", kind="wan", to="amount_from"),
        Filter("to_wan", "金额至（万元）", kind="wan", to="amount_to"),
        Filter("waiting_over", "已等多于", (("7", "7 天"), ("30", "30 天"), ("90", "90 天")), "pick", every="不限"),
    ),
    always={"count": "true"}, case="id", order="新的在前", file=("exports_projects_csv", "projects.csv"),
    nothing=Empty(
        "单位新建申报以后列在这里；提交以前只有本单位看得到自己的草稿。",
        (("新建申报", "/console/projects/new", "projects_create"),
         ("看有没有现成的应用", "/console/apps", "apps_browse")),
    ),
    queries=(("等得最久的", "order=waiting"), ("快到期的", "order=due"), ("金额最大的", "order=amount_down"),
             ("等了三十天以上的", "waiting_over=30&order=waiting")),
    links=(("新建申报", "/console/projects/new", "projects_create"),),
)  # fmt: skip
_WORDS = Filter("text", "名称、单位、文号", kind="text")
_LONGEST_FIRST = {"order": "waiting"}  # not counted beyond the page: that would be one read more
INTAKE = Register(
    "/console/intake", "收件", "", "projects_list_page",
    (
        Column("项目", "name", under="owner_name", to="/console/projects/{id}{carried}"),
        Column("地区", "tenant_name", wide=True),
        Column("金额（万元）", "amount_yuan", "wan", number=True, near="near_line"),
        Column("去向", "route", "way", tag=True), Column("要表态", "reasons_to_judge", "some", number=True),
        Column("已等", "days_waiting", "waited", number=True),
    ),
    "没有等收的项目。", (),
    (_ROUTE, CITY, Filter("project_class", "类别", _values("project_class"), "pick"), _WORDS),
    always=_LONGEST_FIRST, case="id", order="等得久的在前", nothing=Empty(
        "报来的项目列在这里，先看齐不齐，再受理或者退回。", (("看项目", "/console/projects", "projects_list_page"),)
    ),
)  # fmt: skip
REVIEWS = Register(
    "/console/reviews",
    "联合会审",
    "",
    "projects_list_page",
    (),
    "没有正在会审的项目。",
    (),
    (CITY, _WORDS),
    always=_LONGEST_FIRST,
    order="等得久的在前",
    limit=30,
    nothing=Empty(
        "论证评估通过以后，由组织单位发起会审，列在这里：哪几家答了、还等谁。",
        (("看报来的项目", "/console/projects?route=provincial_review", "projects_list_page"),),
    ),
)
BY_ARTICLE = tuple(
    (str(number), article_label(number))
    for number in sorted({number for each in VOCABULARIES["duty"].entries for number in each.articles})
)
DUTIES = Register(
    "/console/duties", "期限", "什么事、由谁办、哪天到期。依据写明条文的是法定期限，写明惯例的是管理惯例。",
    "obligations_list_page",
    (
        Column("项目", "project_name", under="owner_name", to=CASE), Column("事项", "title"),
        Column("由谁办", "duty.name", wide=True), Column("依据", "article", "art"),
        Column("状态", "state", "duty_state", tag=True, wide=True),
        Column("期限", "due", "until", "paused", "paused", number=True, unless="done_on"),
    ),
    "没有未了的期限。", (),
    (
        Filter("all", "谁的", (("1", "看得到的全部"),), kind="local", every="该我办的"),
        Filter("late", "是否逾期", (("true", "只看逾期的"),), every="逾期与否"),
        Filter("state", "办了没有", _values("duty_state"), every="未了的"),
        Filter("article", "哪一条", BY_ARTICLE, "pick"), CITY,
    ),
    case="project_id", order="先到期的在前", nothing=Empty(
        "批复、开工以后，开工、报告、验收、补充备案等期限会列在这里，到期以前提醒，办了就划去。",
        (("看全部期限", "/console/duties?all=1", ""), ("订到日历里", "/console/feeds", "obligations_make_feed")),
    ),
    links=(("日历文件", "/console/files/duties.ics", "obligations_calendar_file"),),
)  # fmt: skip
SUSPICIONS = Register(
    "/console/suspicions", "疑点",
    "像是一个项目拆成几个报的，或者类别像是照着限额选的。是与不是由您认定，都要写明理由。",
    "suspicions_list_page",
    (
        Column("项目", "project_name", under="owner_name", to="/console/suspicions/{id}"),
        Column("地区", "tenant_name", wide=True), Column("疑点", "kind", "suspicion_kind", "phrases"),
        Column("相近（个）", "size", number=True, wide=True), Column("合计（万元）", "sum_yuan", "wan", number=True),
        Column("限额（万元）", "line_yuan", "wan", number=True), Column("状态", "state", "suspicion_state", tag=True),
        Column("发现", "found_at", "ago", number=True),
    ),
    "没有疑点。", (9,),
    (
        Filter("state", "认定", _values("suspicion_state")),
        Filter("kind", "种类", _values("suspicion_kind"), every="两类"), CITY,
    ),
    case="project_id", order="新的在前", nothing=Empty(
        "新的项目提交以后，会与同一地区的其他项目比对名称、内容和金额；像是拆开报的列在这里，由人认定。",
        (("看疑点数字", "/console/suspicion-figures", "suspicions_read_monitors"),
         ("看项目", "/console/projects", "projects_list_page")),
    ),
    links=(("疑点数字", "/console/suspicion-figures", "suspicions_read_monitors"),),
)  # fmt: skip
ASSIGNMENTS = Register(
    "/console/assignments", "评审", "抽中您评审的项目。与申报单位有利害关系的，请申请回避；评分交出后不能更改。",
    "assignments_assignments",
    (
        Column("项目", "project_name", to="/console/assignments/{id}"), Column("评什么", "stage", "appraisal_stage"),
        Column("回避", "recused_at", "ago", number=True, wide=True), Column("评分", "scored_at", "ago", number=True),
        Column("应评", "due_on", "until", number=True, unless="scored_at"),
    ),
    "没有等您评审的项目。", (18,), (Filter("open", "评了没有", (("false", "评过的"),), every="等您评的"),),
    always={"open": "true"}, order="新的在前", nothing=Empty(
        "评估机构从专家库随机抽取，抽中后会列在这里，并且告知您。",
        (("看评过的", "/console/assignments?open=false", ""),),
    ),
)  # fmt: skip
ADOPTIONS = Register(
    "/console/adoptions", "应用申请", "申请后由设区市确认，再由提供单位开通。", "adoptions_list_page",
    (
        Column("应用", "app_name", under="provider_name", to="/console/adoptions/{id}"),
        Column("申请单位", "adopter_name"),
        Column("人数", "users", number=True), Column("状态", "state", "adoption_state", tag=True),
        Column("轮到谁", "holder", "adoption_holder", wide=True),
        Column("申请", "requested_at", "ago", number=True),
        Column("开通", "activated_at", "ago", number=True, wide=True),
    ),
    "还没有申请过应用。", (23,),
    (Filter("state", "状态", _values("adoption_state", "requested", "confirmed", "active", "ended")), CITY),
    facts=(
        Column("申请单位", "adopter_name"), Column("提供", "provider_name"), Column("人数", "users"),
        Column("用途", "scope"), Column("轮到", "holder", "adoption_holder"), Column("意见", "reason"),
        Column("申请", "requested_at", "minute"), Column("开通", "activated_at", "minute"),
    ),
    name="app_name", order="新的在前", nothing=Empty(
        "有现成的应用就不必新建：在应用目录里找到，填上用途和人数就能申请，多数当日开通。",
        (("到应用目录看看", "/console/apps", "apps_browse"),),
    ), does=(Does("adoptions_confirm", "state", ("requested",)),),
    links=(("应用目录", "/console/apps", "apps_browse"),),
)  # fmt: skip
PROVISIONS = Register(
    "/console/provisions", "收到的应用申请", "设区市确认了的等您开通；开通以后在这里报使用量，不能用了的在这里终止。",
    "adoptions_provisions",
    (
        Column("申请单位", "adopter_name", under="scope", under_show="short", to="/console/provisions/{id}"),
        Column("应用", "app_name"), Column("人数", "users", number=True),
        Column("状态", "state", "adoption_state", tag=True), Column("确认", "confirmed_at", "ago", number=True),
        Column("开通", "activated_at", "ago", number=True, wide=True),
    ),
    "没有等着开通的申请。", (23,),
    (
        Filter("state", "状态", (*_values("adoption_state", "active", "suspended", "ended"), ("all", "全部")), "local",
               every="等您开通的"),
    ),
    facts=(
        Column("应用", "app_name"), Column("人数", "users"), Column("用途", "scope"), Column("意见", "reason"),
        Column("确认", "confirmed_at", "minute"), Column("开通", "activated_at", "minute"),
    ),
    name="adopter_name", nothing=Empty(
        "各地在应用目录里申请，设区市确认以后列在这里；开通以后对方当日就能用。",
        (("看使用中的", "/console/provisions?state=active", ""), ("看我们的应用", "/console/my-apps", "apps_working")),
    ), does=(Does("adoptions_provision", "state", ("confirmed",)),),
)  # fmt: skip
REGISTERS = (PROJECTS, INTAKE, REVIEWS, DUTIES, SUSPICIONS, ASSIGNMENTS, ADOPTIONS, PROVISIONS)
