"""Clients of one's own tenant: portals with rotating secrets and, to act for people, a public key.

An administrator registers and changes them; whatever gives power waits for the security administrator (powers.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from service.audit.actions import audited
from service.identity import powers, secrets
from service.identity.clients import (
    BUSY,
    KEPT_FOR_SIGN_IN,
    SIGN_IN,
    ask,
    client_of,
    current,
    end_tokens,
    read,
    view,
    write,
)
from service.identity.models import clients
from service.identity.schemas_clients import ClientEdit, ClientIn, ClientSecret, ClientView, RotateIn
from service.identity.succession import sign_in_stays
from service.kit.api import Answer, Call, Error
from service.kit.command import command
from service.kit.db import Tx
from service.kit.errors import FieldError, invalid
from service.kit.tables import insert_row

LAST = Error(409, "last_holder", "办理后没有管理员或者安全管理员能够登录，附 desks")

TAG = "clients"

EXISTS = Error(409, "client_exists", "本地区内已有这个编号的客户端")

_CREATE = insert_row(clients)


def _registered(_: Call, answer: Answer) -> Answer:
    answer.headers = {"location": f"/api/v1/clients/{answer.content.client.id}"}
    return answer


@command(
    "POST",
    "/clients",
    resource="client",
    action="manage",
    summary="登记客户端",
    tag=TAG,
    status=201,
    body=ClientIn,
    answer=ClientSecret,
    conflict=EXISTS,
    view=_registered,
)
async def create(call: Call, tx: Tx) -> Answer:
    """须经安全管理员确认后才能取得令牌。密钥只在首次答复中出现一次，系统只存摘要；重放时不再给出，请改为轮换。"""
    # A new client, which opens nothing yet; the answer holds its secret, the stored replay does not.
    body: ClientIn = call.body
    secret = secrets.new_secret()
    rules = call.services.policy.roles
    row: dict[str, Any] = {
        "tenant_id": call.principal.tenant,
        "id": body.id,
        "name": body.name,
        "secrets": [secrets.stored(secret, call.now)],
        "public_jwk": None if body.public_jwk is None else powers.checked_key(body.public_jwk),
        "vouch_roles": powers.checked_roles(body.vouch_roles, rules, call.principal.tier),
        "created_at": call.now,
        "disabled_at": None,
        "version": 1,
        **dict.fromkeys(("second_jwk", "sign_in", "pending", "confirmed_at", "confirmed_by")),
    }
    powers.propose(call, row, {})
    tx.batch.add(_CREATE, **row)
    summary = {"public_key": body.public_jwk is not None, "vouch_roles": row["vouch_roles"]}
    audited(call, tx, "client.create", body.id, summary)
    ask(call, tx, row)
    return _shown_once(row, secret, call)


@command(
    "POST",
    "/clients/{ref:str}/rotate",
    resource="client",
    action="manage",
    summary="轮换密钥",
    tag=TAG,
    body=RotateIn,
    answer=ClientSecret,
    tagged=True,
    errors=(SIGN_IN,),
    at=client_of,
)
async def rotate(call: Call, tx: Tx, client_id: str) -> Answer:
    """新密钥只出现一次，经安全管理员确认后生效；在用的旧密钥自确认时起再用 keep_old_hours 小时。

    keep_old_hours 为 0 时旧密钥和已发令牌即刻失效。
    答复丢失时再轮换一次即可：替换的只是无人用过的新密钥，在用的不受影响。
    """
    # A new secret, good once it is confirmed; those in use work on for the hours asked, with 0 not a moment longer.
    body: RotateIn = call.body
    client = dict(await read(call, tx, client_id))
    if client["sign_in"] is not None:
        raise KEPT_FOR_SIGN_IN
    secret = secrets.new_secret()
    fresh = secrets.stored(secret, call.now)
    if client["confirmed_at"] is None:
        client["secrets"] = [fresh]
        powers.propose(call, client, {})
    else:
        if body.keep_old_hours == 0:
            client["secrets"] = []
            end_tokens(call, tx, client_id)
        powers.propose(call, client, {"secret": fresh, "keep_old_hours": body.keep_old_hours})
    write(tx, client, BUSY)
    summary = {"keep_old_hours": body.keep_old_hours, "version": client["version"]}
    audited(call, tx, "client.rotate", client_id, summary)
    ask(call, tx, client)
    return _shown_once(client, secret, call)


@command(
    "PATCH",
    "/clients/{ref:str}",
    resource="client",
    action="manage",
    summary="修改客户端",
    tag=TAG,
    body=ClientEdit,
    answer=ClientView,
    if_match=True,
    errors=(SIGN_IN, LAST),
    at=client_of,
)
async def edit(call: Call, tx: Tx, client_id: str) -> ClientView:
    """停用、去掉公钥、减少角色即时生效；新公钥、增加的角色、重新启用须经安全管理员确认，此前列在 pending。"""
    # Renames, takes power away at once, or asks for more of it.
    body: ClientEdit = call.body
    old = await current(call, tx, client_id)
    if old["sign_in"] is not None and any(
        each is not UNSET for each in (body.public_jwk, body.second_jwk, body.vouch_roles, body.disabled)
    ):
        raise KEPT_FOR_SIGN_IN
    if old["sign_in"] is None and body.sign_in is not UNSET:
        fault = "指名的登录人只登记在开通本地区时建立的登录客户端上"
        raise invalid([FieldError("/sign_in", "not_sign_in_client", fault)])
    new = dict(old)
    if body.name is not UNSET:
        new["name"] = body.name
    wanted = _wanted(call, body, old)
    _change(call, new, wanted)
    if body.disabled is not UNSET:
        _switch(call, new, body.disabled)
    if "sign_in" in wanted:
        await sign_in_stays(call, tx, new["sign_in"])
    if any(_less(old, new)):
        end_tokens(call, tx, client_id)
    write(tx, new, None)
    summary = {
        "version": new["version"],
        "disabled": new["disabled_at"] is not None,
        "public_key": new["public_jwk"] is not None,
        "second_key": new["second_jwk"] is not None,
        "vouch_roles": new["vouch_roles"],
        "waiting": powers.waiting(new),
    }
    audited(call, tx, "client.edit", client_id, summary)
    if new["pending"] is not None and new["pending"] != old["pending"]:
        ask(call, tx, new)
    return view(new, call.now)


def _wanted(call: Call, body: ClientEdit, old: Mapping[str, Any]) -> dict[str, Any]:
    """The members asked for, checked."""
    wanted: dict[str, Any] = {}
    for name in powers.KEYS:
        given = getattr(body, name)
        if given is not UNSET:
            held = powers.own_keys(old)
            wanted[name] = None if given is None else powers.checked_key(given, f"/{name}", held)
    if body.vouch_roles is not UNSET:
        rules = call.services.policy.roles
        wanted["vouch_roles"] = powers.checked_roles(body.vouch_roles, rules, call.principal.tier)
    if body.sign_in is not UNSET:
        wanted["sign_in"] = powers.checked_sign_in(body.sign_in, old["sign_in"] or {})
    return wanted


def _change(call: Call, client: powers.Client, wanted: Mapping[str, Any]) -> None:
    """Less power at once; more waits. What a client never confirmed says of itself opens nothing and is just noted."""
    for name, value in wanted.items():
        powers.unpropose(client, name)
        if client["confirmed_at"] is None or not _more(name, client[name], value):
            client[name] = value
            continue
        if name == "sign_in":  # whoever is left out, or gets another key, loses the old one now
            client[name] = {who: key for who, key in client[name].items() if value.get(who) == key}
        powers.propose(call, client, {name: value})
    powers.two_keys(client)
    powers.moved_up(client)
    if wanted and client["confirmed_at"] is None:
        powers.propose(call, client, {})


def _more(name: str, old: Any, new: Any) -> bool:
    """Whether the new value lets somebody in whom the old one does not."""
    if name == "vouch_roles":
        return not set(new) <= set(old)
    if name == "sign_in":
        return any(old.get(login) != key for login, key in new.items())
    return new is not None and new != old


def _less(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[bool]:
    """What ends the tokens that are out: disabled, another key or none, fewer roles, fewer people."""
    return [
        new["disabled_at"] is not None and old["disabled_at"] is None,
        any(key not in powers.own_keys(new) for key in powers.own_keys(old)),
        not set(old["vouch_roles"]) <= set(new["vouch_roles"]),
        any((new["sign_in"] or {}).get(login) != key for login, key in (old["sign_in"] or {}).items()),
    ]


def _switch(call: Call, client: powers.Client, off: bool) -> None:
    """Off at once; on again only with the security administrator, who may have had it off."""
    powers.unpropose(client, "enable")
    if off:
        client["disabled_at"] = client["disabled_at"] or call.now
    elif client["disabled_at"] is not None:
        if client["confirmed_at"] is None:
            client["disabled_at"] = None
            powers.propose(call, client, {})
        else:
            powers.propose(call, client, {"enable": True})


def _shown_once(client: Mapping[str, Any], secret: str, call: Call) -> Answer:
    """The secret leaves once and is never stored: a replay says that it was shown."""
    seen = view(client, call.now)
    return Answer(
        ClientSecret(client=seen, secret=secret, secret_shown=True),
        version=seen.version,
        replayed=ClientSecret(client=seen, secret=None, secret_shown=False),
    )
