"""/me/notifications: where and when the caller is reminded of what waits for him."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.reminders import actions
from service.reminders.queries import SETTINGS
from service.reminders.schemas import ReminderCodeIn, ReminderIn, ReminderView

PATH, TAG = "/me/notifications", "me"
NOTHING = Error(409, "nothing_to_verify", "没有待核实的地址，或验证码已失效")
OFTEN = Error(409, "too_many_codes", "验证码发送过于频繁，或当天已达上限")


@operation(
    "GET", PATH, resource="me", action="remind", summary="本人的提醒设置", tag=TAG, answer=ReminderView
)
async def notifications(call: Call) -> Answer:
    """在系统之外提醒本人：电子邮件，或本部署接入的短信、政务消息。提醒只说有几件事、几件到期，不含项目名称等任何内容。"""
    who = call.principal
    row = await call.door.row(call.scope, SETTINGS, of_tenant=who.tenant, user=who.user)
    return Answer(actions.view(call, row))


@operation(
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
async def change_notifications(call: Call, tx: Tx) -> Answer:
    """地址改变的，向新地址发送六位验证码，核实以前什么也不发送。代他人办理期间，所代岗位的事项一并提醒。"""
    return Answer(await actions.change(call, tx))


@operation(
    "POST",
    f"{PATH}/code",
    resource="me",
    action="remind",
    summary="重新发送验证码",
    tag=TAG,
    answer=ReminderView,
    errors=(NOTHING, OFTEN),
)
async def send_code(call: Call, tx: Tx) -> Answer:
    """向待核实的地址再发送一次，原来的验证码随即失效；每天至多五次，两次之间至少一分钟。"""
    return Answer(await actions.send_code(call, tx))


@operation(
    "POST",
    f"{PATH}/verify",
    resource="me",
    action="remind",
    summary="核实提醒地址",
    tag=TAG,
    body=ReminderCodeIn,
    answer=ReminderView,
    errors=(NOTHING,),
    before=actions.count_try,
)
async def verify_address(call: Call, tx: Tx) -> Answer:
    """填写收到的六位数字，三十分钟内有效；错五次以后须重新发送。"""
    return Answer(await actions.verify(call, tx))


@operation("DELETE", PATH, resource="me", action="remind", summary="停止提醒", tag=TAG, status=204)
async def stop_notifications(call: Call, tx: Tx) -> Answer:
    """删除本人的地址和设置；已经生成、尚未发出的提醒不再发送。"""
    await actions.stop(call, tx)
    return Answer(None)


ROUTES: list[HTTPRouteHandler] = [
    notifications,
    change_notifications,
    send_code,
    verify_address,
    stop_notifications,
]
