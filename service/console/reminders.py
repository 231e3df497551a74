"""通知设置: where one is reminded outside the service, of what and when; the address is proved by a code."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.deeds import deed
from service.console.pages import render
from service.console.records import pair
from service.console.visiting import Visit
from service.kit.handler import Rendered
from service.vocabulary import names

REMINDERS = "/console/notifications"


async def reminders(visit: Visit) -> Rendered:
    """One's own settings; 保存, 核实, 重新发送, 停止提醒."""
    found = await visit.ask("me_notifications")
    channels = {code: label for code, label in names("reminder_channel").items() if code in found["channels"]}
    return render(
        visit,
        "notifications.html",
        found=found,
        channels=channels,
        modes=names("reminder_mode"),
        kinds=names("reminder_kind"),
    )


async def done(visit: Visit) -> Rendered:
    """Of one page: whoever comes back finds his address to be proved."""
    return await deed(visit, reminders)


ROUTES: list[HTTPRouteHandler] = pair(REMINDERS, reminders, done)
