"""审计: what was done by whom, and whether the chain still says what it said."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import page_of
from service.console.pages import page, see
from service.console.visiting import Visit
from service.console.wording import NOTHING
from service.kit.handler import Rendered
from service.vocabulary import names

# Acts that are no operation's of that name.
_ACTS = {
    "login.granted": "登录", "login.failed": "登录未成", "grant.add": "授予角色", "grant.remove": "撤销角色",
    "grant.withdraw": "撤销角色", "token.revoke": "吊销令牌", "client.refuse": "不予确认客户端",
    "issuer.refuse": "不予确认身份系统",
}  # fmt: skip
_VERBS = {
    "create": "登记", "edit": "修改", "confirm": "确认", "lock": "锁定", "unlock": "解除锁定", "rotate": "轮换密钥",
    "add": "增加", "remove": "去掉", "end": "终止", "delete": "删除", "import": "导入", "send": "上传",
    "commit": "确认导入", "withdraw": "撤回", "request": "申请", "record": "登记", "submit": "提交", "file": "报备案",
    "approve": "批复", "disable": "停用", "enable": "启用", "redeliver": "重新投递",
}  # fmt: skip


def act_of(action: str) -> str:
    """An audited act in words: by the permission it needs, else by its object and verb."""
    kind, _, verb = action.rpartition(".")
    known = _ACTS.get(action) or names("permission").get(f"{kind}/{verb}")
    if known:
        return known
    what = names("audit_object").get(kind.partition(".")[0], "")
    said = _VERBS.get(verb) or names("action").get(verb, "")
    return f"{said}{what}" if said else f"办理{what}事项" if what else NOTHING


def about_of(entry: dict[str, Any]) -> str:
    """What kind of thing it concerns."""
    return names("audit_object").get(entry["object_kind"], NOTHING)


@page("GET", "/console/admin/audit")
async def audit(visit: Visit) -> Rendered:
    """The newest first; `verify=1` recomputes the chain."""
    picked = visit.picked("object_id", "actor", "cursor")
    for name, ends in (("at_from", "T00:00:00+08:00"), ("at_to", "T23:59:59+08:00")):
        if visit.query.get(name):
            picked[name] = visit.query[name] + ends
    found = await visit.ask("audit_list_entries", picked | {"limit": "50"})
    checked = await visit.maybe("audit_verify") if visit.query.get("verify") == "1" else None
    return page_of(visit, "audit.html", found=found, checked=checked, act_of=act_of, about_of=about_of)


@page("GET", "/console/admin")
async def first(visit: Visit) -> Rendered:
    """Administration begins with the people."""
    return see("/console/admin/people" if visit.may("users_list_page") else "/console/admin/audit")


ROUTES: list[HTTPRouteHandler] = [first, audit]
