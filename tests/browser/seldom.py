"""What is done now and then, each as a story: tables, files, rules, what an administrator and an office register."""

from __future__ import annotations

from service.kit import clock
from service.kit.ids import new_id
from service.vocabulary import names
from tests.browser.making import PROVINCE, Json
from tests.browser.making_more import Weeks
from tests.browser.telling import ANY, Deed, Go, Gone, Link, Row, Save, See, Story, Upload

CITY = "360100"
TODAY = clock.legal_day(clock.now()).isoformat()
QUEUE = names("task_queue")
OFFICE = "南昌市政府办公室"


async def _table(_: Weeks) -> Json:
    one, other = (f"值班{new_id()[-6:]}系统" for _ in range(2))
    row = {"系统名称": one, "单位": OFFICE, "等级保护级别": "2"}
    return {
        "name": one,
        "wrong": (row | {"等级保护级别": "九级"}, row | {"系统名称": other}),
        "right": (row, row | {"系统名称": other}),
    }


async def _named(_: Weeks) -> Json:
    mark = new_id()[-6:]
    return {"name": f"登记{mark}", "mark": mark, "url": f"https://{mark}.example.gov.cn/back"}


async def _far(desks: Weeks) -> Json:
    """A day so far ahead that nothing of the other stories is decided otherwise, another one each time."""
    return {"from": f"{2120 + desks.more()}-01-01", "number": f"赣府厅发〔2099〕{new_id()[-4:]}号"}


SELDOM = (
    Story("city unit, table", (CITY, "unit"), _table, lambda own: [
        Go("更多"), Link("导入的表格"), Link("用表格导入"), Save("下载空白表格"),
        Upload("systems", "现有系统.pdf", ()), See("表格没有上传"), See("请用表格软件另存为 xlsx"),
        Upload("systems", "现有系统.xlsx", own["wrong"]), See("1 行有误，没有导入"), See("等级保护级别"),
        Save("下载标出问题的表格"), Link("改好了，再上传"),
        Upload("systems", "现有系统.xlsx", own["right"]), See("2 项可以导入"), Deed("workbooks_commit"),
        See("已导入 2 项"), Link("看现有系统"), See(own["name"]),
    ]),
    Story("city unit, own system", (CITY, "unit"), _named, lambda own: [
        Go("更多"), Link("现有系统"), Deed("systems_create", {"/name": own["name"], "/purpose": "内部值班"}),
        See("已办好"), See(own["name"]), Deed("systems_edit", {"/purpose": "值班和应急"}), See("值班和应急"),
    ]),
    Story("city unit, papers", (CITY, "unit"), lambda desks: desks.returned(), lambda case: [
        Link(QUEUE["returned"]), Link(case["name"]), Link("清单和上传"), Upload("papers", "会议纪要.pdf", ()),
        See("会议纪要.pdf"), Deed("documents_remove"), See("已办好"), Gone("会议纪要.pdf"),
    ]),
    Story("city unit, calendar", (CITY, "unit"), _named, lambda _: [
        Go("更多"), Link("日历订阅"), Deed("obligations_make_feed"), See("feed"), Deed("obligations_revoke_feed"),
    ]),
    Story("administrator, office", (CITY, "administrator"), _named, lambda own: [
        Go("管理"), Link("单位"), Deed("offices_create", {
            "/name": f"{own['name']}局", "/tier": "county", "/division": "360111", "/office_kind": ANY,
            "/valid_from": TODAY}),
        See("已办好"), See(own["name"]), See("还没有登记人员"),
    ]),
    Story("administrator, receiver", (CITY, "administrator"), _named, lambda own: [
        Go("管理"), Link("回调"), Deed("webhooks_create", {"/url": own["url"], "/kinds": ("project.submitted",)}),
        See("密钥"), Go("管理"), Link("回调"), Row(own["url"]), Deed("webhooks_test"), See(own["url"]),
    ]),
    Story("administrator, client", (CITY, "administrator"), _named, lambda own: [
        Go("管理"), Link("客户端"), Deed("clients_create", {"/id": f"eyes-{own['mark']}", "/name": own["name"]}),
        See("密钥"), Go("管理"), Link("客户端"), Row(own["name"]), Deed("clients_rotate"), See("密钥"),
    ]),
    Story("provincial office, rule book", (PROVINCE, "office"), _far, lambda own: [
        Go("更多"), Link("规定修改"), Deed("rulebook_amendment_propose", {
            "/entries/0/key": "limit.other", "/entries/0/value": "8000000.00", "/effective_from": own["from"],
            "/transition/mode": ANY, "/document_number": own["number"], "/document_date": TODAY,
            "/issued_by": ("general_office",), "/reason": "提高其他类别限额"}),
        See("影响"), Deed("rulebook_amendment_propose"), See("已办好"), See(own["number"]),
    ]),
    Story("provincial office, expert pool", (PROVINCE, "office"), _named, lambda own: [
        Go("更多"), Link("专家库"), Deed("experts_create", {
            "/name": own["name"], "/title": "高级工程师", "/fields": ("data",), "/employer_name": "省工程院",
            "/told_apart": own["mark"], "/valid_from": TODAY}),
        See("已办好"), See("省工程院"), Deed("experts_suspend", {"/reason": "出国一年"}), See("暂停"),
    ]),
)  # fmt: skip
