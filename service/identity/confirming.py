"""What the security administrator does to clients: confirms or refuses what waits, and locks at once."""

from __future__ import annotations

from service.audit.actions import audited
from service.identity import powers
from service.identity.actions_clients import TAG
from service.identity.clients import (
    BUSY,
    KEPT_FOR_SIGN_IN,
    SIGN_IN,
    client_of,
    current,
    end_tokens,
    read,
    tell,
    view,
    write,
)
from service.identity.schemas import LockIn
from service.identity.schemas_clients import ClientView, ConfirmIn
from service.kit.api import Call, Error
from service.kit.command import command
from service.kit.db import Tx
from service.kit.second_person import SAME_PERSON

NOTHING = Error(409, "nothing_pending", "没有待确认的事项")


@command(
    "POST",
    "/clients/{ref:str}/confirm",
    resource="client",
    action="confirm",
    summary="确认客户端",
    tag=TAG,
    body=ConfirmIn,
    answer=ClientView,
    if_match=True,
    errors=(NOTHING, SAME_PERSON),
    at=client_of,
)
async def confirm(call: Call, tx: Tx, client_id: str) -> ClientView:
    """由安全管理员确认所读到的这一版，或者不予确认；提出人不能自己确认。"""
    # The security administrator puts in force what waits, exactly as read (If-Match), or refuses it.
    body: ConfirmIn = call.body
    client = dict(await current(call, tx, client_id))
    asked = powers.waiting(client)
    if body.accepted:
        if powers.agree(call, client):
            end_tokens(call, tx, client_id)
    elif client["pending"] is None:
        raise powers.nothing_pending()
    else:
        client["pending"] = None
        if client["confirmed_at"] is None:
            client["disabled_at"] = call.now
    write(tx, client, None)
    done, kind = ("confirm", "client.confirmed") if body.accepted else ("refuse", "client.refused")
    summary = {"version": client["version"], "changes": asked, "note": body.note}
    audited(call, tx, f"client.{done}", client_id, summary)
    said = "已确认，即时生效。" if body.accepted else f"未获确认。{body.note or ''}"
    tell(call, tx, client, kind, "administrator", said)
    return view(client, call.now)


@command(
    "POST",
    "/clients/{ref:str}/lock",
    resource="client",
    action="lock",
    summary="紧急锁定客户端",
    tag=TAG,
    body=LockIn,
    answer=ClientView,
    errors=(SIGN_IN,),
    at=client_of,
)
async def lock(call: Call, tx: Tx, client_id: str) -> ClientView:
    """由安全管理员办理，该客户端及其代表用户的令牌五秒内在各处失效；重新启用须再经确认。"""
    # The security administrator ends a client at once; it comes back only with a confirmation.
    body: LockIn = call.body
    client = dict(await read(call, tx, client_id))
    if client["sign_in"] is not None:
        raise KEPT_FOR_SIGN_IN
    client["disabled_at"] = client["disabled_at"] or call.now
    if client["confirmed_at"] is not None:
        powers.unpropose(client, "enable")
    end_tokens(call, tx, client_id)
    write(tx, client, BUSY)
    audited(call, tx, "client.lock", client_id, {"version": client["version"], "reason": body.reason})
    tell(call, tx, client, "client.locked", "administrator", f"已由安全管理员锁定。理由：{body.reason}")
    return view(client, call.now)
