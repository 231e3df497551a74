"""/sandbox: the clock, the desks, and one call that plays any of them; joined in the sandbox only."""

from __future__ import annotations

import asyncio

from litestar.handlers import HTTPRouteHandler

from service.audit.actions import audited
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import or_404
from service.sandbox import playing, travelling
from service.sandbox.desks import everybody
from service.sandbox.schemas import ClockIn, ClockView, DeskView, PlayIn, PlayView, SandboxView
from service.settings import Settings

TAG = "sandbox"
BACKWARDS = Error(409, "clock_backwards", "沙箱时钟只能向后拨")
UNKNOWN = Error(422, playing.UNKNOWN, "没有这项操作")


@operation(
    "GET",
    "/sandbox",
    resource="sandbox",
    action="read",
    summary="沙箱的时钟和各岗位",
    tag=TAG,
    answer=SandboxView,
)
async def read(call: Call) -> Answer:
    """现在是哪一天，可以扮演哪些人。"""
    desks = [
        DeskView(
            by=f"{who.tenant}/{who.login}",
            name=row["name"],
            office_name=row["office_name"],
            roles=list(who.roles),
        )
        async for who, row in everybody(call)
    ]
    return Answer(SandboxView(clock=travelling.shown(), desks=desks))


@operation(
    "POST",
    "/sandbox/clock",
    resource="sandbox",
    action="travel",
    summary="拨动沙箱的时钟",
    tag=TAG,
    body=ClockIn,
    answer=ClockView,
    errors=(BACKWARDS,),
)
async def travel(call: Call, tx: Tx) -> Answer:
    """向后拨到某一时刻；期限、有效期和工作日随之计算，对沙箱里的所有人生效。令牌的有效期仍按实际时间。"""
    body: ClockIn = call.body
    file = or_404(call.service(Settings).clock_file)
    view = await asyncio.to_thread(travelling.move, file, body.to)
    audited(call, tx, "sandbox.clock", "clock", {"moved_seconds": view.moved_seconds})
    return Answer(view)


@operation(
    "POST",
    "/sandbox/play",
    resource="sandbox",
    action="play",
    summary="扮演其他岗位",
    tag=TAG,
    body=PlayIn,
    answer=PlayView,
    errors=(UNKNOWN,),
    before=playing.play,
)
async def play(call: Call, tx: Tx) -> Answer:
    """以本市或省级任何岗位的身份办理任何一项操作，与该岗位自己办理完全相同，包括权限、条款和各种拒绝。

    只需写 act（如 gatekeep_pass、approve、query_approval、order_rectification）和 ref：
    由谁办理、版本和内容不写的由沙箱补上。
    """
    view: PlayView = call.found
    return Answer(view)


ROUTES: list[HTTPRouteHandler] = [read, travel, play]
