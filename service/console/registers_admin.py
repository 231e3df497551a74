"""The registers of administration: people, offices, providers, portals, callbacks, the trail, erasings, deputies.

What a page of administration adds to a row before it is drawn (`condition`, `told_roles` …) it says in words of its
own; those fields are named here as any other.
"""

from __future__ import annotations

from service.console.cells import Column
from service.console.listing import Empty, Filter
from service.console.records import Register
from service.vocabulary import names

AT = "/console/admin"
CITY = Filter("tenant", "市（区）", kind="city")
NAME = Filter("name", "名称", kind="text")
CONDITION = Column("现状", "condition", "stand", under="remark", tag=True)


def _values(vocabulary: str, *codes: str) -> tuple[tuple[str, str], ...]:
    known = names(vocabulary)
    return tuple((code, known[code]) for code in (codes or known))


PEOPLE = Register(
    f"{AT}/people", "人员", "谁在这里能办什么。", "users_list_page",
    (
        Column("姓名", "name", under="login", under_show="spelt", to=f"{AT}/people/{{id}}"),
        Column("单位", "office_name", under="division_name"), Column("岗位", "told_roles"),
        Column("账号", "condition", "stand", tag=True), Column("登记", "created_at", "ago", number=True, wide=True),
    ),
    "还没有登记人员。", (4, 39),
    (
        Filter("disabled", "账号", (("false", "在用"), ("true", "已停用")), every="全部账号"),
        Filter("name", "姓名", kind="text"), Filter("login", "登录名", kind="text"),
    ),
    ("users_create",), "users_read", "name",
    facts=(
        Column("登录名", "login", "spelt"), Column("单位", "office_name"), Column("所在地", "division_name"),
        Column("岗位", "told_roles"), Column("账号", "condition", "stand"), Column("登记", "created_at", "minute"),
        Column("停用", "disabled_at", "minute"), Column("锁定", "locked_at", "minute"),
    ),
    nothing=Empty(
        "登记的人列在这里，先登记人，再授予岗位，没有岗位不能登录；很多人时从表格粘贴，一次登记。",
        (("从表格粘贴", f"{AT}/people/paste", "users_create"), ("看单位", f"{AT}/offices", "offices_list_page")),
    ),
    links=(("从表格粘贴", f"{AT}/people/paste", "users_create"),), limit=100,
)  # fmt: skip
OFFICES = Register(
    f"{AT}/offices", "单位", "本地登记的单位；撤并时事项随之转走，记录不变。", "offices_list_page",
    (
        Column("单位", "name", to=f"{AT}/offices/{{id}}"), Column("所在地", "division_name"),
        Column("层级", "tier", "tier", wide=True), Column("性质", "office_kind", "office_kind"),
        Column("自", "valid_from", "ago", number=True), Column("至", "valid_to", "day", number=True),
    ),
    "还没有登记单位。", (),
    (NAME, Filter("valid_on", "这天存续", kind="day")),
    ("offices_create",), "offices_read", "name",
    facts=(
        Column("层级", "tier", "tier"), Column("所在地", "division_name"), Column("性质", "office_kind", "office_kind"),
        Column("存续", "valid_from", "day"), Column("撤并", "valid_to", "day"),
        Column("单位代码", "local_code", "spelt"),
    ),
    nothing=Empty("申报、把关、批复都记在单位名下；登记的单位列在这里，人员登记在单位之下。"), limit=100,
)  # fmt: skip
ISSUERS = Register(
    f"{AT}/issuers", "身份系统", "人员用本地的统一身份认证登录工作台；它只能收窄、不能授予岗位，设置由两人办理。",
    "issuers_list_page",
    (
        Column("身份系统", "name", under="issuer", under_show="spelt", to=f"{AT}/issuers/{{id}}"),
        Column("可用的岗位", "told_roles", under="told_managers"), CONDITION,
        Column("登记", "created_at", "ago", number=True, wide=True),
    ),
    "还没有接入统一身份认证。", (), (), ("issuers_create",), "issuers_read", "name",
    facts=(
        Column("签发者地址", "issuer", "spelt"), Column("可用的岗位", "told_roles"),
        Column("现状", "condition", "stand"), Column("待办", "remark"),
        Column("登录回调", "redirect_uri", "spelt"), Column("登记", "created_at", "minute"),
        Column("确认", "confirmed_by_person", "who", "confirmed_at", "minute"),
    ),
    nothing=Empty("登记后，把这里列出的回调地址报给身份系统的管理方；安全管理员确认后，登录页上就有它。"),
)  # fmt: skip
CLIENTS = Register(
    f"{AT}/clients", "客户端",
    "门户凭密钥调用接口，凭公钥代表人员办事；新密钥、新公钥、新增的岗位须由安全管理员确认。", "clients_list_page",
    (
        Column("客户端", "name", under="id", under_show="spelt", to=f"{AT}/clients/{{id}}"),
        Column("可以代表的岗位", "told_roles"), CONDITION,
        Column("登记", "created_at", "ago", number=True, wide=True),
    ),
    "还没有登记客户端。", (), (), ("clients_create",), "clients_read", "name",
    facts=(
        Column("编号", "id", "spelt"), Column("可以代表", "told_roles"), Column("现状", "condition", "stand"),
        Column("待办", "remark"), Column("登记", "created_at", "minute"),
        Column("确认", "confirmed_by_person", "who", "confirmed_at", "minute"), Column("停用", "disabled_at", "minute"),
    ),
    nothing=Empty("本地政务门户接入前，先在这里登记，再由安全管理员确认；确认以后才能换取令牌。"),
)  # fmt: skip
HOOKS = Register(
    f"{AT}/webhooks", "回调", "案件有变化时通知本地门户；每次投递都签名，没有送达的会再试。", "webhooks_list_all",
    (
        Column("地址", "url", "spelt", to=f"{AT}/webhooks/{{id}}"), Column("订阅", "told_kinds"),
        Column("现状", "state", "endpoint_state", tag=True), Column("没有答复", "failing_since", "ago", number=True),
        Column("登记", "created_at", "ago", number=True, wide=True),
    ),
    "还没有登记回调地址。", (), (), ("webhooks_create",), "webhooks_read", "",
    facts=(
        Column("地址", "url", "spelt"), Column("现状", "state", "endpoint_state"),
        Column("订阅", "kinds", "event_kind"),
        Column("没有答复", "failing_since", "minute"), Column("连续失败", "failures"),
        Column("再试", "paused_until", "minute"), Column("停用", "disabled_at", "minute"),
    ),
    paged=False, nothing=Empty(
        "登记以后，事件发生时送到门户，送到没有、送了几次都列在这里。没有回调的门户，可以按游标读取事件流，不会漏。"
    ),
)  # fmt: skip
DELIVERIES = Register(
    f"{AT}/webhooks/{{id}}", "投递记录", "", "webhooks_deliveries",
    (
        Column("事件", "kind", "event_kind"), Column("现状", "state", "delivery_state", tag=True),
        Column("次数", "attempts", number=True), Column("最近的答复", "told_answer"),
        Column("发生", "created_at", "ago", number=True, wide=True),
        Column("再试", "next_attempt_at", "minute", number=True, wide=True),
    ),
    "还没有投递过。", (), (Filter("state", "现状", _values("delivery_state")),),
    order="新的在前", nothing=Empty("登记以后发生的事件才会投递；送到没有、第几次送到、没有送到的为什么，都列在这里。"),
)  # fmt: skip
TRAIL = Register(
    f"{AT}/audit", "审计", "每件事由谁、何时办理；各条相扣成链，改动一条就对不上。", "audit_list_entries",
    (
        Column("时间", "at", "minute", under="told_seq"), Column("办理人", "actor_person", "who", "told_way"),
        Column("办了什么", "told_act", under="told_more"),
        Column("对象", "told_about", under="told_from", to="{about}"),
    ),
    "这段时间没有记录。", (39,),
    (
        CITY, Filter("actor", "办理人", kind="pick"), Filter("at_from", "自这天", kind="since"),
        Filter("at_to", "到这天", kind="upto"), Filter("object_id", "对象的编号", kind="text"),
    ),
    name="told_act", facts=(
        Column("时间", "at", "minute"), Column("办理人", "actor_person", "who"), Column("经由", "told_way"),
        Column("办了什么", "told_act"), Column("其中", "told_more"), Column("来自", "address", "spelt"),
        Column("对象", "told_about"), Column("编号", "object_id", "spelt"),
        Column("请求编号", "request_id", "spelt"), Column("链上", "told_seq"), Column("摘要", "digest", "spelt"),
    ),
    order="新的在前", opens=False, nothing=Empty("每件事办了就有一条，各条相扣成链。"),
)  # fmt: skip
SPILLS = Register(
    f"{AT}/spills", "清除", "误入的涉密内容由两人办理：一人申请，另一人确认后即刻清除，记录只留编号和摘要。",
    "spills_list_page",
    (
        Column("申请", "requested_by_person", "who", "project_id", "spelt", to=f"{AT}/spills/{{id}}"),
        Column("范围", "told_scope"), Column("缘由", "reason", "spill_reason"),
        Column("进度", "state", "spill_state", tag=True), Column("清除", "told_end", wide=True),
        Column("提出", "requested_at", "ago", number=True),
    ),
    "没有清除申请。", (14,), (Filter("state", "进度", _values("spill_state")), CITY), ("spills_request",),
    order="新的在前", nothing=Empty(
        "涉密内容不得进入本系统；误入的，一人申请清除、另一人确认，清除以后这里留下记录，内容不留。同时按保密规定报告。"
    ),
)  # fmt: skip
REGISTERS = (PEOPLE, OFFICES, ISSUERS, CLIENTS, HOOKS, TRAIL, SPILLS)
