"""/me/notifications: where and when the caller is reminded of what waits for him."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.reminders import actions
from service.reminders.actions import PATH, TAG
from service.reminders.queries import SETTINGS
from service.reminders.schemas import ReminderView


@operation(
    "GET", PATH, resource="me", action="remind", summary="本人的提醒设置", tag=TAG, answer=ReminderView
)
async def notifications(call: Call) -> Answer:
    """在系统之外提醒本人：电子邮件，或本部署接入的短信、政务消息。提醒只说有几件事、几件到期，不含项目名称等任何内容。"""
    who = call.principal
    row = await call.door.row(call.scope, SETTINGS, of_tenant=who.tenant, user=who.user)
    return Answer(actions.view(call, row))


ROUTES: list[HTTPRouteHandler] = [
    notifications,
    *routes_of(actions),
]
