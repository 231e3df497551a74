"""用表格导入: an empty table to fill, and the filled one sent; what was found in its rows is on its own page."""

from __future__ import annotations

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.console.deeds import PART
from service.console.pages import done, page, render
from service.console.visiting import FILE, KEY, Visit
from service.kit.errors import ServiceError
from service.kit.handler import Rendered
from service.kit.xlsxout import MEDIA_TYPE

NEW = "/console/workbooks/new"


async def _shown(visit: Visit) -> Rendered:
    found = await visit.ask("workbooks_sheets")
    return render(visit, "workbooks_new.html", sheets=found["items"], sent=visit.field(f"{PART}sheet"))


@page("GET", NEW)
async def new(visit: Visit) -> Rendered:
    """What this desk may import, each with its columns."""
    return await _shown(visit)


@page("POST", NEW)
async def sent(visit: Visit) -> Rendered:
    """Looked at row by row; nothing is registered before it is confirmed there."""
    file = visit.files.get(FILE)
    try:
        if file is None or not file.name:
            raise ServiceError(422, "invalid_body", "请先选择文件")
        reply = await visit.reply(
            "workbooks_send",
            {},
            query={"sheet": visit.field(f"{PART}sheet"), "name": file.name},
            body=file.body,
            media="text/csv" if file.name.lower().endswith(".csv") else MEDIA_TYPE,
            key=visit.field(KEY),
        )
    except ServiceError as error:
        if error.code == "classified_material":
            raise
        found = "；".join(each.detail for each in error.extensions.get("errors", ()))
        visit.problem = ServiceError(error.status, error.code, f"表格没有上传：{found or error.detail}")
        return await _shown(visit)
    return done(f"/console/workbooks/{msgspec.json.decode(reply.body)['id']}")


ROUTES: list[HTTPRouteHandler] = [new, sent]
