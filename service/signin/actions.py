"""Identity providers: an administrator proposes, the security administrator confirms, refuses and locks.

Settings decide who comes in as whom, so all of them wait for the second person; off is at once. Sessions are judged by
the settings in force at each request (signin/narrowing.py): what is locked or narrowed counts at once.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET

from service.audit.actions import audited
from service.identity.schemas import LockIn
from service.identity.schemas_clients import ConfirmIn
from service.kit.api import Call, Error
from service.kit.command import command
from service.kit.db import Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.http import permitted
from service.kit.outbox import Recipient, emitted
from service.kit.own_servers import parse_address
from service.kit.providers import Providers
from service.kit.roles import Roles
from service.kit.second_person import SAME_PERSON, by_another
from service.settings import Settings
from service.signin.rows import BUSY, CREATE, read, ref_of, settings_of, view, write
from service.signin.schemas import IssuerEdit, IssuerIn, IssuerSettings, IssuerView

NOTHING = Error(409, "nothing_pending", "没有待确认的事项")

TAG = "issuers"

EXISTS = Error(409, "issuer_exists", "本地区内已有这个编号的身份系统")

_STEP = "请与身份系统的负责人核实地址、客户端编号、岗位和指名的管理人员后，确认或者不予确认。"


@command(
    "POST",
    "/issuers",
    resource="issuer",
    action="manage",
    summary="登记身份系统",
    tag=TAG,
    status=201,
    body=IssuerIn,
    answer=IssuerView,
    conflict=EXISTS,
    made="issuers",
)
async def create(call: Call, tx: Tx) -> IssuerView:
    """须经安全管理员确认后才能登录。身份系统只能收窄、不能授予岗位：本人须先由管理员登记并授予。"""
    # A new one, which lets nobody in yet.
    body: IssuerIn = call.body
    asked = _checked(call, body, "")
    row: dict[str, Any] = {
        "tenant_id": call.principal.tenant,
        "id": body.id,
        "current": None,
        "created_at": call.now,
        "disabled_at": None,
        "confirmed_at": None,
        "confirmed_by": None,
        "version": 1,
        "pending": _proposed(call, {"settings": asked}),
    }
    tx.batch.add(CREATE, **row)
    audited(call, tx, "issuer.create", body.id, _summary(row))
    _ask(call, tx, row)
    return view(call, row)


@command(
    "PATCH",
    "/issuers/{ref:str}",
    resource="issuer",
    action="manage",
    summary="修改身份系统",
    tag=TAG,
    body=IssuerEdit,
    answer=IssuerView,
    if_match=True,
)
async def edit(call: Call, tx: Tx) -> IssuerView:
    """停用即时生效，由它登录的会话随之结束；新的设置和重新启用须经安全管理员确认，此前列在 pending。"""
    # Off at once; everything else waits.
    body: IssuerEdit = call.body
    row = await read(call, tx)
    call.expected.check(row["version"])
    pending = dict(row["pending"] or {})
    if body.settings is not UNSET:
        pending["settings"] = _checked(call, body.settings, "/settings")
    if body.disabled is True:
        row["disabled_at"] = row["disabled_at"] or call.now
        pending.pop("enable", None)
    elif body.disabled is False and row["disabled_at"] is not None:
        pending["enable"] = True
    before = row["pending"]
    if "settings" in pending or "enable" in pending:
        row["pending"] = pending if pending == (before or {}) else _proposed(call, pending)
    else:
        row["pending"] = None
    write(tx, row, None)
    audited(call, tx, "issuer.edit", row["id"], _summary(row))
    if row["pending"] is not None and row["pending"] != before:
        _ask(call, tx, row)
    return view(call, row)


@command(
    "POST",
    "/issuers/{ref:str}/confirm",
    resource="issuer",
    action="confirm",
    summary="确认身份系统",
    tag=TAG,
    body=ConfirmIn,
    answer=IssuerView,
    if_match=True,
    errors=(NOTHING, SAME_PERSON),
)
async def confirm(call: Call, tx: Tx) -> IssuerView:
    """由安全管理员确认所读到的这一版，或者不予确认；提出人不能自己确认。"""
    # The security administrator puts in force what waits, exactly as read (If-Match), or refuses it.
    body: ConfirmIn = call.body
    row = await read(call, tx)
    call.expected.check(row["version"])
    pending = row["pending"]
    if pending is None:
        raise ServiceError(409, "nothing_pending", "该身份系统没有待确认的事项")
    if body.accepted:
        by_another(pending["proposed_user"], call.principal, pending["proposed_by"])
        if "settings" in pending:
            # What was right when it was proposed is judged again: roles and networks may have changed since.
            row["current"] = _checked(call, settings_of(pending["settings"]), "")
        if "enable" in pending:
            row["disabled_at"] = None
        row["confirmed_at"], row["confirmed_by"] = call.now, call.principal.actor
    row["pending"] = None
    write(tx, row, None)
    done, kind = ("confirm", "issuer.confirmed") if body.accepted else ("refuse", "issuer.refused")
    audited(call, tx, f"issuer.{done}", row["id"], {**_summary(row), "note": body.note})
    said = "已确认，即时生效。" if body.accepted else f"未获确认。{body.note or ''}"
    _tell(call, tx, row, kind, "administrator", said)
    return view(call, row)


@command(
    "POST",
    "/issuers/{ref:str}/lock",
    resource="issuer",
    action="lock",
    summary="紧急锁定身份系统",
    tag=TAG,
    body=LockIn,
    answer=IssuerView,
)
async def lock(call: Call, tx: Tx) -> IssuerView:
    """由安全管理员办理，由它登录的会话即时结束；重新启用须再经确认。"""
    # The security administrator ends it at once, and every session it began; back only with a confirmation.
    body: LockIn = call.body
    row = await read(call, tx)
    row["disabled_at"] = row["disabled_at"] or call.now
    if row["pending"] is not None and "enable" in row["pending"]:
        rest = {name: value for name, value in row["pending"].items() if name != "enable"}
        row["pending"] = rest if "settings" in rest else None
    write(tx, row, BUSY)
    audited(call, tx, "issuer.lock", row["id"], {"version": row["version"], "reason": body.reason})
    _tell(call, tx, row, "issuer.locked", "administrator", f"已由安全管理员锁定。理由：{body.reason}")
    return view(call, row)


def _proposed(call: Call, changes: dict[str, Any]) -> dict[str, Any]:
    who = call.principal
    return {
        **changes,
        "proposed_by": who.actor,
        "proposed_user": who.user,
        "proposed_at": call.now.isoformat(),
    }


def _summary(row: dict[str, Any]) -> dict[str, Any]:
    """For the trail: what is in force and what waits, by whom people are told apart; names of people do not stand."""
    said: dict[str, Any] = {"version": row["version"], "disabled": row["disabled_at"] is not None}
    for name, held in (("current", row["current"]), ("waiting", (row["pending"] or {}).get("settings"))):
        if held is not None:
            said[name] = {key: held[key] for key in ("issuer", "client_id", "login_claim", "roles")}
            said[name]["managers"] = [each["login"] for each in held["managers"]]
    return said


def _checked(call: Call, asked: IssuerSettings, at: str) -> dict[str, Any]:
    """The settings as kept; 422 for an address we would not go to and for roles no issuer may open."""
    faults = [*_address(call, asked.issuer, at), *_roles(call, asked, at), *_managers(asked, at)]
    if faults:
        raise invalid(faults)
    fields = {name: getattr(asked, name) for name in IssuerSettings.__struct_fields__}
    kept: dict[str, Any] = msgspec.to_builtins(IssuerSettings(**fields))
    return kept


def _address(call: Call, url: str, at: str) -> list[FieldError]:
    if "?" in url or not call.service(Providers).safe(url):
        return [FieldError(f"{at}/issuer", "invalid_url", "应为 https:// 开头的地址，不含用户名、参数和片段")]
    host = urlsplit(url).hostname or ""
    address = parse_address("127.0.0.1" if host == "localhost" else host)
    if address is not None and not permitted(address, call.service(Settings).sso_networks):
        return [FieldError(f"{at}/issuer", "address_not_allowed", "该地址不在允许的网络内")]
    return []


def _roles(call: Call, asked: IssuerSettings, at: str) -> list[FieldError]:
    rules: Roles = call.services.policy.roles
    tiers: Collection[Any] = ("province",) if call.principal.tier == "province" else ("city", "county")
    known = {role for each in tiers for role in rules.grantable(each)}
    faults = [
        FieldError(f"{at}/roles/{place}", "role_not_vouchable", _why(role, rules))
        for place, role in enumerate(asked.roles)
        if role not in known - rules.alone
    ]
    for place, line in enumerate(asked.role_map):
        if not set(line.roles) <= set(asked.roles):
            detail = "对应的岗位应在上面允许的岗位之内"
            faults.append(FieldError(f"{at}/role_map/{place}/roles", "role_not_vouchable", detail))
    if asked.role_map and asked.role_claim is None:
        faults.append(FieldError(f"{at}/role_claim", "required", "填写了对应关系，还应填写列出岗位的声明"))
    return faults


def _why(role: str, rules: Roles) -> str:
    if role in rules.alone:
        return "管理员和安全管理员不能在此列出，须在“可以由此登录的管理人员”中逐人指名"
    return "没有这个角色，或它不授予本地区的人员"


def _managers(asked: IssuerSettings, at: str) -> list[FieldError]:
    faults = []
    for name, detail in (("login", "同一登录名只能指名一次"), ("subject", "同一个 sub 只能代表一个人")):
        said = [getattr(each, name) for each in asked.managers]
        faults += [
            FieldError(f"{at}/managers/{place}/{name}", "duplicate", detail)
            for place, value in enumerate(said)
            if value in said[:place]
        ]
    return faults


def _ask(call: Call, tx: Tx, row: dict[str, Any]) -> None:
    """The security administrator is told what waits, and from whom."""
    said = f"由{call.principal.login or '管理员'}提出，待您确认。"
    _tell(call, tx, row, "issuer.proposed", "security_admin", said)


def _tell(call: Call, tx: Tx, row: dict[str, Any], kind: str, role: str, said: str) -> None:
    held = (row["pending"] or {}).get("settings") or row["current"] or {}
    subject = {
        "id": ref_of(row),
        "name": held.get("name", row["id"]),
        "owner_name": f"身份系统 {ref_of(row)} ",
    }
    emitted(
        call,
        tx,
        kind,
        [Recipient(row["tenant_id"], role)],
        {
            "subject": subject,
            "message": said,
            "steps": {"security_admin": _STEP},
            "actor": call.principal.actor,
        },
        tenant=row["tenant_id"],
    )
