"""更多: every page that the caller's roles open, by what it is for; the bar shows the seven most used."""

from __future__ import annotations

from typing import NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console import registers, registers_after
from service.console.pages import page, render
from service.console.records import Register
from service.console.visiting import Visit
from service.kit.handler import Rendered


class Entry(NamedTuple):
    """A page: what it is called, what for, and the operations it wants."""

    address: str
    title: str
    lead: str
    operations: tuple[str, ...]


def _of(register: Register) -> Entry:
    return Entry(register.path, register.title, register.lead, (register.operation,))


R, A = registers, registers_after
GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("办理", (
        Entry("/console", "待办", "等着您办的，先到期的在前。", ("tasks_list_page",)),
        Entry("/console/intake", "收件", "新报来的，先看齐不齐，再受理或退回。", ("projects_gatekeep_pass",)),
        Entry("/console/intake", "收件", "各地报来的。", ("projects_province_return", "reviews_commission")),
        Entry("/console/projects", "项目", "看得到的全部项目。", ("projects_list_page",)),
        Entry("/console/duties", "期限", "什么时候到期，由谁办。", ("obligations_list_page",)),
        Entry("/console/feeds", "日历订阅", "把期限订到日历软件里。", ("obligations_make_feed",)),
        Entry("/console/messages", "消息", "告知本岗位的消息。", ("inbox_list_page",)),
        Entry("/console/notifications", "通知设置", "在系统之外提醒您：何处、何时、哪些事。", ("me_notifications",)),
        Entry("/console/sessions", "登录情况", "在哪里登录着，逐个结束或者全部退出。", ()),
        Entry("/console/deputies", "代办安排", "出差、休假时由谁代办，代到哪天。", ("deputies_list_page",)),
    )),
    ("评审和决定", (
        Entry("/console/assignments", "评审", "抽中您评审的项目。", ("assignments_assignments",)),
        Entry("/console/reviews", "联合会审", "各家意见，一件一行。", ("reviews_joint_review", "projects_list_page")),
        Entry("/console/leading-group", "上会清单", "提请领导小组审定的项目，可打印。", ("reviews_leading_group",)),
        Entry("/console/suspicion-figures", "疑点数字", "按地区和月份。", ("suspicions_read_monitors",)),
        Entry("/console/suspicions", "疑点", "像是拆分、像是照着限额选的类别。", ("suspicions_list_page",)),
        Entry("/console/draft-templates", "送审稿模板", "本单位起草文书所用的格式。", ("papers_list_templates",)),
        _of(R.EXPERTS),
    )),
    ("需求和规划", (
        Entry("/console/projects/new?need=1", "写需求", "征集期内先报需求，入库后再申报。", ("needs_create",)),
        *map(_of, (R.NEEDS, R.ROUNDS, R.LIBRARY, R.IMPORTS, R.PLANS, A.INVITATIONS)),
    )),
    ("监测", (
        Entry("/console/monitor", "监测", "申报、备案、逾期，一页看全。", ("monitoring_totals", "monitoring_unfiled")),
        *map(_of, (R.NEAR, R.REASONS, R.LABELS, R.MAINTENANCE, A.LATE)),
    )),
    ("备案和监督", tuple(map(_of, (A.FILINGS, A.ACCEPTANCES, R.ORDERS, A.MAINTENANCE_PLANS, A.PROPOSALS)))),
    ("应用和系统", (
        Entry("/console/apps", "应用目录", "先看看有没有现成的。", ("apps_browse",)),
        Entry("/console/adoptions", "应用申请", "申请到了哪一步。", ("adoptions_list_page",)),
        Entry("/console/provisions", "开通", "收到的应用申请。", ("adoptions_provisions",)),
        Entry("/console/coverage", "应用覆盖", "哪些县用着哪个应用。", ("apps_coverage",)),
        Entry("/console/systems-counts", "系统分布", "各单位有多少系统。", ("systems_counts",)),
        _of(A.APPS), _of(A.SYSTEMS), _of(A.WORKBOOKS),
    )),
    ("规则", (
        Entry("/console/rules", "规则", "各条说什么。", ("rulebook_articles",)),
        Entry("/console/figures", "现行数值", "限额、期限、定义各是多少，凭什么。", ("rulebook_rulebook",)),
        Entry("/console/readings", "解释", "条文没有说清的，怎么理解。", ("rulebook_interpretation_list",)),
        Entry("/console/overlays", "本市设置", "各市自己定得更严的。", ("rulebook_overlay_page",)),
        Entry("/console/amendments", "规定修改", "文件改了什么，一人登记，另一人确认。", ("rulebook_amendment_list",)),
        Entry("/console/requirements", "申报要求", "申报要交什么。", ("rounds_declaration_list",)),
        Entry("/console/what-if", "规则推演", "换个限额，历来的申报会怎么走。", ("rulebook_what_if",)),
        Entry("/console/admin/spills", "清除申请", "误入的涉密内容，两人办理清除。", ("spills_list_page",)),
    )),
)  # fmt: skip


@page("GET", "/console/more")
async def more(visit: Visit) -> Rendered:
    """The list of pages."""
    groups = []
    for name, entries in GROUPS:
        open_to = {each.address: each for each in entries if visit.may(*each.operations)}
        if open_to:
            groups.append((name, list(open_to.values())))
    return render(visit, "more.html", groups=groups)


ROUTES: list[HTTPRouteHandler] = [more]
