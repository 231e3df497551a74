"""A person says where and when to be reminded, proves the address by a code, and stops it all."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any, cast

from msgspec import UNSET

from service.audit.actions import audited
from service.kit.api import Call, Error
from service.kit.clock import SHANGHAI, legal_day
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import stable_id
from service.reminders.codes import A_DAY, GOOD_FOR, PAUSE, TRIES, code_of, open_until
from service.reminders.queries import BEGIN, DROP, FORGET, MESSAGE, PUT, SETTINGS_HELD, TRY
from service.reminders.schemas import ReminderCodeIn, ReminderIn, ReminderView
from service.reminders.setting_up import channels_of
from service.settings import Settings

NOTHING = Error(409, "nothing_to_verify", "没有待核实的地址，或验证码已失效")

PATH, TAG = "/me/notifications", "me"

OFTEN = Error(409, "too_many_codes", "验证码发送过于频繁，或当天已达上限")

HOUR, KINDS = 9, ("tasks", "due")
_TOLD = ("channel", "address", "mode", "hour", "kinds", "verified_at")


def view(call: Call, row: Row | dict[str, Any] | None) -> ReminderView:
    """The settings, or what stands for whoever never made any."""
    given: dict[str, Any] = {
        "channel": None,
        "address": None,
        "mode": "none",
        "hour": HOUR,
        "kinds": list(KINDS),
        "verified_at": None,
    }
    until = None
    if row is not None and row["address"]:
        given = {name: row[name] for name in _TOLD}
        until = open_until(row) if row["verified_at"] is None else None
    return ReminderView(channels=channels_of(call.service(Settings)), code_until=until, **given)


@command(
    "PATCH",
    PATH,
    resource="me",
    action="remind",
    summary="修改本人的提醒设置",
    tag=TAG,
    body=ReminderIn,
    answer=ReminderView,
    errors=(OFTEN,),
)
async def change_notifications(call: Call, tx: Tx) -> ReminderView:
    """地址改变的，向新地址发送六位验证码，核实以前什么也不发送。代他人办理期间，所代岗位的事项一并提醒。"""
    # What is given is changed; a new address is sent a code, and nothing else until it was entered.
    body: ReminderIn = call.body
    held = await _begun(call, tx)
    before = held if held["address"] else None
    row = dict(held) if before is not None else {**held, "channel": None, "address": None}
    given = {name: getattr(body, name) for name in ("channel", "address", "mode", "hour", "kinds")}
    row |= {name: value for name, value in given.items() if value is not UNSET}
    row["kinds"] = sorted(set(row["kinds"]))
    _check(row)
    if before is None or (row["channel"], row["address"]) != (before["channel"], before["address"]):
        tx.batch.add(DROP, expect=None, **_who(call))
        row["verified_at"] = None
        _send_code(call, tx, row)
    late = call.now.astimezone(SHANGHAI).hour >= row["hour"]
    if row["mode"] == "digest" and late and (before is None or _newly(before, row)):
        row["digest_on"] = legal_day(call.now)  # the hour is over: from the next working day on
    row["changed_at"] = call.now
    tx.batch.add(PUT, expect=1, **row)
    told = {"mode": row["mode"], "channel": row["channel"]}
    audited(call, tx, "reminder.edit", row["user_id"], told)
    return view(call, row)


def _newly(before: Row, row: dict[str, Any]) -> bool:
    return bool(before["mode"] != "digest" or before["hour"] != row["hour"])


@command(
    "POST",
    f"{PATH}/code",
    resource="me",
    action="remind",
    summary="重新发送验证码",
    tag=TAG,
    answer=ReminderView,
    errors=(NOTHING, OFTEN),
)
async def send_code(call: Call, tx: Tx) -> ReminderView:
    """向待核实的地址再发送一次，原来的验证码随即失效；每天至多五次，两次之间至少一分钟。"""
    # Another code to the same address, a minute after the last at the earliest.
    before = await _held(call, tx)
    if before is None or not before["address"] or before["verified_at"] is not None:
        raise ServiceError(409, "nothing_to_verify", "没有待核实的提醒地址")
    row = dict(before)
    _check(row)
    _send_code(call, tx, row)
    tx.batch.add(PUT, expect=1, **row)
    return view(call, row)


async def count_try(call: Call) -> Row | None:
    """Before BEGIN: one try less, in a transaction of its own; None where no code is in use."""
    who = _who(call)
    async with call.door.transaction(call.scope) as tx:
        return await tx.row(TRY, **who, most=TRIES)


@command(
    "POST",
    f"{PATH}/verify",
    resource="me",
    action="remind",
    summary="核实提醒地址",
    tag=TAG,
    body=ReminderCodeIn,
    answer=ReminderView,
    errors=(NOTHING,),
    before=count_try,
)
async def verify_address(call: Call, tx: Tx) -> ReminderView:
    """填写收到的六位数字，三十分钟内有效；错五次以后须重新发送。"""
    # The code was entered; `call.found` is the row it is of.
    body: ReminderCodeIn = call.body
    before, now_held = call.found, await _held(call, tx)
    over = ServiceError(409, "nothing_to_verify", "没有待核实的提醒地址，或验证码已经失效，请重新发送")
    if before is None or now_held is None or now_held["code_at"] != before["code_at"]:
        raise over
    if call.now > before["code_at"] + GOOD_FOR:
        raise over
    if not hmac.compare_digest(body.code, code_of(call.service(Settings).secret_key, before)):
        raise invalid([FieldError("/code", "wrong_code", "验证码不对")])
    row = {**now_held, "verified_at": call.now, "code_at": None, "code_tries": 0}
    audited(call, tx, "reminder.confirm", row["user_id"], {"channel": row["channel"]})
    tx.batch.add(PUT, expect=1, **row)
    return view(call, row)


@command("DELETE", PATH, resource="me", action="remind", summary="停止提醒", tag=TAG, status=204)
async def stop_notifications(call: Call, tx: Tx) -> None:
    """删除本人的地址和设置；已经生成、尚未发出的提醒不再发送。"""
    # What was on its way does not go out any more; nothing is kept but, for the day, how many codes were asked for.
    #
    # Else whoever stops and begins again would have codes sent, and guess at them, without end.
    row = await _held(call, tx)
    if row is None or not row["address"]:
        return
    tx.batch.add(DROP, expect=None, **_who(call))
    if row["codes_on"] == legal_day(call.now):
        counted = {name: row[name] for name in ("code_at", "codes", "codes_on")}
        tx.batch.add(PUT, expect=1, **_empty(call) | counted | {"code_tries": TRIES})
    else:
        await tx.fetch(FORGET, **_who(call))
    audited(call, tx, "reminder.delete", row["user_id"], {})


def _who(call: Call) -> dict[str, Any]:
    return {"of_tenant": call.principal.tenant, "user": call.principal.user}


async def _held(call: Call, tx: Tx) -> Row | None:
    return await tx.row(SETTINGS_HELD, **_who(call))


async def _begun(call: Call, tx: Tx) -> Row:
    """The row, held; an empty one where there was none, so that requests at once are counted one after the other."""
    await tx.fetch(BEGIN, **_empty(call))
    return cast("Row", await _held(call, tx))


def _empty(call: Call) -> dict[str, Any]:
    """Of whoever has no address (an empty one; its channel says nothing): queries.py, ENDED."""
    return {
        "tenant_id": call.principal.tenant,
        "user_id": call.principal.user,
        "channel": "mail",
        "address": "",
        "mode": "none",
        "hour": HOUR,
        "kinds": list(KINDS),
        "verified_at": None,
        "code_at": None,
        "code_tries": 0,
        "codes": 0,
        "codes_on": None,
        "digest_on": None,
        "changed_at": call.now,
    }


def _check(row: dict[str, Any]) -> None:
    """A channel, and an address of its kind."""
    faults = [
        FieldError(f"/{name}", "missing_field", "须填写") for name in ("channel", "address") if not row[name]
    ]
    if faults:
        raise invalid(faults)
    if ("@" in row["address"]) != (row["channel"] == "mail"):
        what = "电子邮件地址" if row["channel"] == "mail" else "手机号码"
        raise invalid([FieldError("/address", "other_channel", f"这种提醒方式须填写{what}")])


def _send_code(call: Call, tx: Tx, row: dict[str, Any]) -> None:
    """A message without text: what it says is made when it is sent. Bounded, since the address may be another's."""
    now, today = call.now, legal_day(call.now)
    if row["channel"] not in channels_of(call.service(Settings)):
        raise invalid([FieldError("/channel", "channel_off", "本部署没有接入这种提醒方式")])
    sent: datetime | None = row["code_at"]
    if row["codes_on"] != today:
        row |= {"codes_on": today, "codes": 0}
    if row["codes"] >= A_DAY or (sent is not None and now - sent < PAUSE and row["codes"]):
        wait = (
            "今天发送的验证码已达上限，请明天再试"
            if row["codes"] >= A_DAY
            else "刚刚发送过验证码，请一分钟后再试"
        )
        raise ServiceError(409, "too_many_codes", wait)
    row |= {"code_at": now, "code_tries": 0, "codes": row["codes"] + 1}
    tx.batch.add(
        MESSAGE,
        expect=None,
        tenant_id=row["tenant_id"],
        id=code_message(row),
        user_id=row["user_id"],
        purpose="code",
        channel=row["channel"],
        address=row["address"],
        body="",
        good_for=GOOD_FOR,
    )


def code_message(row: Row | dict[str, Any]) -> str:
    """The id of the message that carries the code in use."""
    return stable_id("reminder", "code", str(row["user_id"]), row["code_at"].isoformat())
