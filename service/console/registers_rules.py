"""The lists beside the rules and beside one's own desk: local settings, amendments, readings, requirements, deputies.

What a page adds to a row in its own words (`told_…`, `condition`, chips) is named here as any other field.
"""

from __future__ import annotations

from service.console.cells import Column
from service.console.listing import Empty, Filter
from service.console.records import Register
from service.measures.citations import article_label
from service.vocabulary import names

CITY = Filter("tenant", "市（区）", kind="city")
FROM = Column("自", "effective_from", "ago", number=True)


def _values(vocabulary: str, *codes: str) -> tuple[tuple[str, str], ...]:
    known = names(vocabulary)
    return tuple((code, known[code]) for code in (codes or known))


OVERLAYS = Register(
    "/console/overlays", "本市设置", "各市在办法允许的范围内自己定的：更严的提示、更短的时限、另加的材料和核对事项。",
    "rulebook_overlay_page",
    (
        Column("事项", "told_key", under="reason", under_show="short", to="/console/overlays/{id}"),
        Column("地区", "tenant_name", wide=True), Column("本市定为", "told_value"),
        Column("状态", "status", "standing", tag=True),
        Column("登记", "recorded_by_person", "who", "recorded_at", "ago", wide=True), FROM,
    ),
    "没有本市设置，一律按省里的规定。", (),
    (Filter("status", "状态", _values("standing", "standing", "coming", "ended", "superseded")), CITY),
    order="新的在前", nothing=Empty(
        "各市登记的列在这里：哪一项、定为多少、为什么、自哪一天起；只能比省里更严，登记以前先看会影响哪些项目。",
        (("看现行数值", "/console/figures", "rulebook_rulebook"),),
    ),
)  # fmt: skip
AMENDMENTS = Register(
    "/console/amendments", "规定修改", "哪份文件改了什么、从哪天起、在办的怎么过渡；一人登记，另一人确认才施行。",
    "rulebook_amendment_list",
    (
        Column("文件", "document_number", under="document_date", under_show="day", to="/console/amendments/{id}"),
        Column("改什么", "told_entries"), Column("状态", "status", "amendment_status", tag=True),
        Column("登记", "proposed_by_person", "who", "proposed_at", "ago", wide=True),
        Column("确认", "told_decided", wide=True), Column("施行", "effective_from", "ago", number=True),
    ),
    "没有登记过规定修改。", (), (Filter("status", "状态", _values("amendment_status"), "local"),),
    order="新的在前", paged=False, nothing=Empty(
        "办法或者配套文件改了数值、期限，由一人照文件登记，看过对在办项目的影响，再由另一人确认；改到哪天为止都查得到。",
        (("看现行数值", "/console/figures", "rulebook_rulebook"),),
    ),
)  # fmt: skip
READINGS = Register(
    "/console/readings", "解释", "条文没有说清的，怎么理解、谁说的、从哪天起。", "rulebook_interpretation_list",
    (
        Column("编号", "told_id", under="told_coming", to="/console/readings/{id}"),
        Column("问题和解释", "told_asked", under="told_text"),
        Column("文件", "document_number", wide=True), Column("条文", "articles", "arts"), FROM,
    ),
    "还没有解释。", (), (
        Filter("article", "条文", tuple((str(n), article_label(n)) for n in range(1, 46)), "pick"),
    ),
    order="按编号", paged=False, nothing=Empty(
        "条文没有说清的地方才有解释：怎么理解、谁说的、自哪天起，列在这里。",
        (("看各条", "/console/rules", "rulebook_articles"),),
    ),
)  # fmt: skip
REQUIREMENTS = Register(
    "/console/requirements", "申报要求", "第十五条定的，和三家机关联合发布的申报通知另行要求的。",
    "rounds_declaration_list",
    (
        Column("文号", "document_number", under="told_year", to="/console/requirements/{id}"),
        Column("另行要求", "told_asked"), Column("提出", "proposed_organ", under="proposed_at", under_show="ago"),
        Column("确认", "told_decided", wide=True), Column("状态", "status", "standing", tag=True), FROM,
    ),
    "还没有另外的申报要求。", (), (Filter("status", "状态", _values("standing"), "local"),),
    order="新的在前", paged=False, nothing=Empty(
        "现在只要交第十五条定的材料。年度另有要求的，一家提出、另一家确认以后列在这里。"
    ),
)  # fmt: skip
DEPUTIES = Register(
    "/console/deputies", "代办安排", "出差、休假时由谁代办、代到哪天；到期自行结束，互相制约的岗位不能代办。",
    "deputies_list_page",
    (
        Column("岗位", "role_name", under="note"), Column("缺席", "told_person"), Column("代办", "told_deputy"),
        Column("第一天", "from_day", "ago", number=True),
        Column("最后一天", "until_day", "until", number=True, unless="over"),
        Column("现状", "condition", "stand", under="told_why", tag=True),
    ),
    "没有代办安排。", (), order="新的在前", nothing=Empty(
        "指定以后，代办人的待办和消息里会有您岗位的事项，办理记录写明“李四（代张三）”。"
    ),
)  # fmt: skip
FEEDS = Register(
    "/console/feeds",
    "日历订阅",
    "把本岗位的期限订到日历软件里，每次读取都是最新的；地址等于钥匙，只自己用。",
    "obligations_feeds",
    (Column("岗位", "told_role"), Column("生成", "created_at", "ago", number=True)),
    "还没有订阅地址。",
    (),
    paged=False,
    nothing=Empty(
        "生成一个地址，放到日历软件里，期限就会出现在日历上。不订阅的，可以下载日历文件。",
        (("看期限", "/console/duties", "obligations_list_page"),),
    ),
)
COVERAGE = Register(
    "/console/coverage", "应用覆盖", "哪些县（市、区）用着哪个共享应用，哪些还没有用。", "apps_coverage",
    (
        Column("应用", "app_name", under="provider_name", to="/console/apps/{app_id}"),
        Column("用途", "category", "app_category"), Column("在用", "active", number=True),
        Column("在办", "told_asked", number=True), Column("还没有用", "told_lacking", number=True),
    ),
    "还没有共享应用。", (23,), (CITY, Filter("category", "用途", _values("app_category"), "pick")), (), "", "app_name",
    facts=(
        Column("提供", "provider_name"), Column("在用", "told_cells"), Column("还没有用", "told_gaps"),
    ),
    order="缺口多的在前", paged=False, opens=False, key="app_id", nothing=Empty(
        "应用发布以后，各县用没用会列在这里，一个应用一行。", (("看应用目录", "/console/apps", "apps_browse"),)
    ),
)  # fmt: skip
COUNTS = Register(
    "/console/systems-counts", "系统分布", "各单位在用多少系统，多少还不在政务云上。", "systems_counts",
    (
        Column("单位", "office_name"), Column("地区", "tenant_name"), Column("在用", "running", number=True),
        Column("不在政务云", "off_cloud", "some", number=True),
    ),
    "还没有登记现有系统。", (6,), order="多的在前", paged=False, key="office_id", nothing=Empty(
        "由各单位在现有系统里登记；登记以后按单位和地区计数。",
        (("看现有系统", "/console/systems", "systems_list_page"),),
    ), links=(("逐个看", "/console/systems", "systems_list_page"),),
)  # fmt: skip
REGISTERS = (OVERLAYS, AMENDMENTS, READINGS, REQUIREMENTS, DEPUTIES, FEEDS, COVERAGE, COUNTS)
