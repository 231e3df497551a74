"""/operations/{operation_id}/form: what an operation asks, for whoever draws its form; the same for everybody."""

from __future__ import annotations

import asyncio

from litestar.handlers import HTTPRouteHandler

from service.docs.forms import Forms as Forms
from service.docs.schemas_forms import FormView
from service.kit.api import Answer, Call, operation
from service.kit.errors import or_404


@operation(
    "GET",
    "/operations/{operation_id:str}/form",
    resource="rulebook",
    action="read",
    summary="一项办理的表单",
    tag="operations",
    answer=FormView,
    cached=True,
)
async def form(call: Call) -> Answer:
    """办理事项要填什么：各项的名称、类型、必填、长度和取值范围、选项及其名称，嵌套的列表逐层给出。

    与接口文档同源，对所有人相同，只随版本变化，请以 If-None-Match 复查。operation_id 见案卷的 actions。
    """
    # Off the loop: the first form of a process reads the schemas of all of them.
    found = or_404(await asyncio.to_thread(call.service(Forms).of, call.path("operation_id")))
    return Answer(found)


ROUTES: list[HTTPRouteHandler] = [form]
